/** Replies as Adaptive Cards. Pure: the same reply, place and key give the same card. */
import type { Card, Form, Item, List, Note, Picture, Reply, Section } from '../views/view.ts';
import { actionsOf, NO_ACTIONS } from './actions.ts';
import {
  closing,
  type Drawing,
  isWeb,
  keysOf,
  type Place,
  type Press,
  refreshOf,
  submits,
  titled,
  toAction,
} from './button.ts';
import type { AdaptiveCard } from './card.ts';
import type { CardPlace } from './door.ts';
import type { Json } from './fill.ts';
import { formCard } from './form.ts';
import { bytesOf, MAX } from './limits.ts';
import { fromTemplate } from './templates.ts';
import { escaped, line, paragraphs } from './text.ts';

/** `key`: random for each drawing; every button's operation key starts with it. */
export function toCard(reply: Reply, place: CardPlace, key: string): AdaptiveCard {
  const at: Drawing = { keys: keysOf(key), place };
  return refreshing(drawn(reply, at), reply, at);
}

function drawn(reply: Reply, at: Drawing): AdaptiveCard {
  switch (reply.kind) {
    case 'card':
      return cardOf(reply, at);
    case 'list':
      return listOf(reply, at);
    case 'note':
      return noteOf(reply, at);
    case 'form':
      return at.place.in === 'room' ? opener(reply, at) : formCard(reply, at);
    default:
      return unknownKind(reply);
  }
}

/** What a phone shows of it: the title and what matters most, without markup. At most 250 characters. */
export function toSummary(reply: Reply): string {
  const short = (parts: (string | undefined)[]) => line(parts.filter(Boolean).join(' · '), 250);
  switch (reply.kind) {
    case 'card': {
      const rows = reply.facts.map((fact) => `${fact.label}: ${fact.value}`);
      return short([reply.title, reply.status ?? reply.subtitle, ...rows]);
    }
    case 'list': {
      const lines = reply.sections.flatMap((it) =>
        it.items.map((item) => `${titleOf(item)} – ${item.detail}`),
      );
      return short([reply.title, reply.intro, ...(lines.length > 0 ? lines.slice(0, 3) : [reply.empty])]);
    }
    case 'note':
      return short([reply.text, ...(reply.lines ?? [])]);
    case 'form':
      return short([reply.title, ...Object.values(reply.errors ?? {}), ...(reply.intro ?? [])]);
    default:
      return unknownKind(reply);
  }
}

const unknownKind = (reply: never): never => {
  throw new Error(`No way to draw ${JSON.stringify(Object.keys(reply))}`);
};

/** The question before an act that cannot be taken back, in a dialog; undefined where that button asks none. Its yes is the same act. */
export function confirmCard({ c: question, ...press }: Press): AdaptiveCard | undefined {
  if (!question) return undefined;
  const yes = submits({ ace: press }, { ...titled(question.y), associatedInputs: 'none' });
  return fromTemplate('note', {
    ...{ hasTitle: true, title: escaped(line(question.t, 100)) },
    ...{ text: signed('', question.x, 300), lines: [] },
    ...{ ...NO_ACTIONS, hasActions: true, actions: [yes, closing(question.n)] },
  });
}

/** In a room: for those who may see more of the deal than all, Teams asks for their own view of it. */
function refreshing(card: AdaptiveCard, reply: Reply, at: Drawing): AdaptiveCard {
  if (at.place.in !== 'room' || reply.kind !== 'card' || !at.place.viewers?.length) return card;
  const id = reply.copyOf?.id ?? reply.buttons.find(({ verb }) => verb === 'show')?.input.id;
  const action = id && refreshOf(id, at);
  return action ? { ...card, refresh: { action, userIds: at.place.viewers.slice(0, 60) } } : card;
}

// The words say it already; sign and colour only help the eye.
const SIGNS = { idle: '', info: '', working: '⏳ ', done: '✅ ', problem: '⚠️ ' } as const;
const TONES = { idle: 'default', working: 'accent', done: 'good', problem: 'warning' } as const;

const signed = (sign: string, text: string, max: number) =>
  paragraphs(text, max).map((it, nth) => ({ sign: nth === 0 ? sign : '', text: it }));

/** Whole while Teams takes it; else its texts are cut shorter. */
function cardOf(card: Card, at: Drawing): AdaptiveCard {
  const actions = actionsOf(card.buttons, card.more ?? [], at, 'card', { about: card.title });
  const drawnWith = (share: number) =>
    fromTemplate('card', {
      title: escaped(line(card.title, 150)),
      ...{ hasSubtitle: card.subtitle !== undefined, subtitle: line(card.subtitle ?? '', 300) },
      ...{ hasStatus: card.status !== undefined, tone: TONES[card.progress] },
      status: signed(SIGNS[card.progress], card.status ?? '', 500 * share),
      hasFacts: card.facts.length > 0,
      facts: card.facts.slice(0, 10).map(({ label, value }) => ({
        ...{ label: escaped(line(label, 75)), value: escaped(line(value, 500 * share)) },
      })),
      body: card.body ? texts(paragraphs(card.body, 2900 * share)) : [],
      ...actions,
    });
  const whole = drawnWith(1);
  return bytesOf(whole) <= TEXT_BYTES ? whole : drawnWith(0.25);
}

// Below what Teams takes: a room's viewers stand in the card as well.
const TEXT_BYTES = 23_000;

const texts = (lines: readonly string[]) => lines.map((text) => ({ text }));

function noteOf(note: Note, at: Drawing): AdaptiveCard {
  const links = note.links ?? [];
  const apart = links.filter((it) => !isWeb(it)).map(({ label, url }) => `${label}: ${url}`);
  return fromTemplate('note', {
    ...{ hasTitle: false, title: '' },
    text: signed(SIGNS[note.tone], note.text, 1500),
    lines: texts(fold([...(note.lines ?? []), ...apart])),
    ...actionsOf(note.buttons ?? [], [], at, 'note', { links: links.filter(isWeb) }),
  });
}

const LINES_BYTES = 10_000;

/** One line each, as many as fit whole, then "and 12 more". */
function fold(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let left = LINES_BYTES;
  for (const it of lines) {
    const text = line(it, 500);
    left -= bytesOf(text) + ROUND_A_TEXT;
    if (left < 0) return [...kept, `and ${lines.length - kept.length} more`];
    kept.push(text);
  }
  return kept;
}

// The block around a line of a note.
const ROUND_A_TEXT = 90;

/** A room cannot be asked: a button opens the form for whoever presses. */
function opener(form: Form, at: Drawing): AdaptiveCard {
  const open = { verb: form.verb, label: `${form.title}…`, input: form.input, opens: 'form' as const };
  return fromTemplate('note', {
    ...{ hasTitle: true, title: escaped(line(form.title, 150)) },
    ...{ text: texts(fold(form.intro ?? [])).map((it) => ({ ...it, sign: '' })), lines: [] },
    ...actionsOf([open], [], at, 'form'),
  });
}

/** Numbers run across the sections and count hidden lines too, as "accept 12" does. */
function listOf(list: List, at: Drawing): AdaptiveCard {
  const place = list.lasting ? 'lasting' : 'list';
  const frame = {
    ...{ title: escaped(line(list.title, 150)), empty: line(list.empty, 500) },
    ...{ hasIntro: list.intro !== undefined, intro: line(list.intro ?? '', 500) },
    ...pictureOf(list.picture),
    ...{ hasFooter: list.footer !== undefined, footer: line(list.footer ?? '', 500) },
    ...actionsOf(list.buttons ?? [], [], at, place),
  };
  const room = { bytes: MAX.bytes - ROUND_A_LIST - bytesOf(frame) - ROUND_A_BAR * frame.bars.length };
  const parts = list.sections.filter((it) => it.items.length > 0 || it.total > 0);
  const heads = headsOf(parts, at, place, room);
  let number = 1;
  const sections = heads.map(({ part, ...head }) => {
    const first = number;
    number += part.items.length;
    return { ...head, ...rowsOf(part, first, at, place, room) };
  });
  const hidden = parts.slice(heads.length).reduce((sum, { total }) => sum + total, 0);
  return fromTemplate('list', {
    ...{ ...frame, sections, isEmpty: parts.length === 0 },
    ...{ hasHidden: hidden > 0, hidden: `and ${hidden} more` },
  });
}

const ROUND_A_LIST = 1500;
// What the template puts around a bar, which is in it twice.
const ROUND_A_BAR = 60;
const MOST_BARS = 12;

/** A chart where the client knows one; else its bars are rows of a table. All numbers are words in both. */
function pictureOf(picture: Picture | undefined) {
  const bars = (picture?.bars ?? []).slice(0, MOST_BARS).map(({ label, value, note }) => ({
    ...{ x: line(`${label}: ${note}`, 90), y: Number.isFinite(value) ? Math.max(0, value) : 0 },
    ...{ label: escaped(line(label, 40)), note: escaped(line(note, 80)) },
  }));
  return { hasPicture: bars.length > 0, pictureTitle: line(picture?.title ?? '', 100), bars };
}

/** What somebody has seen to is ticked off, in a word as well; there is nothing left to press. */
const titleOf = ({ title, done }: Item): string => (done ? `✓ Done: ${title}` : title);

// What the template puts around a heading, and around a line.
const ROUND_A_SECTION = 500;
const ROUND_A_ROW = 420;

/**
 * What stays of each section whatever becomes of its lines: how many there are, and the way to all of them. Takes it from
 * `room` for all before the first line does; only of more than any desk has the last are left out.
 */
function headsOf(parts: readonly Section[], at: Drawing, place: Place, room: { bytes: number }) {
  const heads = [];
  for (const part of parts) {
    const actions = part.more ? [toAction(part.more, at, place, part.title)] : [];
    const title = `${line(part.title, 150)} (${part.open ?? part.total}${part.capped ? '+' : ''})`;
    room.bytes -= ROUND_A_SECTION + bytesOf([title, actions]);
    if (room.bytes < 0) break;
    heads.push({ part, title, hasActions: actions.length > 0, actions });
  }
  return heads;
}

/** Takes what it draws from `room`; leaves out lines from the end when there is none. */
function rowsOf(part: Section, first: number, at: Drawing, place: Place, room: { bytes: number }) {
  const rows: Json[] = [];
  for (const [index, item] of part.items.entries()) {
    const actions = item.button && !item.done ? [toAction(item.button, at, place, item.title)] : [];
    const texts = {
      title: line(titleOf(item), 150),
      hasDetail: item.detail !== '',
      detail: line(item.detail, 250),
    };
    const row = { number: first + index, ...texts, hasActions: actions.length > 0, actions };
    const bytes = ROUND_A_ROW + bytesOf(row);
    if (room.bytes < bytes) break;
    room.bytes -= bytes;
    rows.push(row);
  }
  const hidden = part.total - rows.length;
  return { rows, hasTail: hidden > 0, tail: `and ${hidden}${part.capped ? '+' : ''} more` };
}
