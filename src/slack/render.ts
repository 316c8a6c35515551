/** Replies as Slack messages. Pure: the same reply and key give the same message. */
import type { Button, Card, Field, Form, Item, List, Note, Picture, Reply, Section } from '../views/view.ts';
import { MAX } from './block-kit.ts';
import {
  actions,
  type Block,
  bold,
  context,
  facts,
  header,
  image,
  type Keys,
  keysOf,
  row,
  rowsFor,
  section,
  toButton,
} from './blocks.ts';
import type { Place } from './button.ts';
import { MOST_BARS } from './picture.ts';
import { escaped, line, prose } from './text.ts';

/** `text` is the notification on a phone, the screen reader's version and the fallback. */
export interface Message {
  text: string;
  blocks: Block[];
}

/** `where` it stands, to one person alone. `file`: of its picture, in this workspace; absent: its numbers stand as text. */
export interface Standing {
  where?: Button['where'] | undefined;
  file?: string | undefined;
}

/** `key`: random for each drawing; every button's operation key starts with it. */
export function toMessage(reply: Reply, key: string, how: Standing = {}): Message {
  return { text: toText(reply), blocks: toBlocks(reply, keysOf(key), MAX.messageBlocks, how) };
}

/** At most `most` blocks; a form becomes a button that opens it (a message cannot ask for text). */
export function toBlocks(reply: Reply, keys: Keys, most: number, { where, file }: Standing = {}): Block[] {
  switch (reply.kind) {
    case 'card':
      return cardBlocks(reply, keys, where);
    case 'list':
      return listBlocks(reply, keys, most, file);
    case 'note':
      return noteBlocks(reply, keys);
    case 'form':
      return formBlocks(reply, keys);
    default:
      return unknownKind(reply);
  }
}

/** What a phone shows of it: the title and what matters most, without markup. At most 750 characters, then escaped. */
function toText(reply: Reply): string {
  const short = (parts: (string | undefined)[]) => escaped(prose(parts.filter(Boolean).join('\n'), 750));
  switch (reply.kind) {
    case 'card': {
      const rows = reply.facts.map((fact) => `${fact.label}: ${fact.value}`);
      return short([reply.title, reply.status ?? reply.subtitle, ...rows]);
    }
    case 'list': {
      const lines = reply.sections.flatMap((it) =>
        it.items.map((item) => [titleOf(item), item.detail].filter(Boolean).join(' – ')),
      );
      if (lines.length === 0) return short([reply.title, reply.intro, reply.empty]);
      return short([
        reply.title,
        reply.intro,
        ...lines.slice(0, 5).map((it, index) => `${index + 1}. ${line(it, 150)}`),
        reply.footer,
      ]);
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

// The words say it already; the sign only helps the eye.
const SIGNS = { idle: '', working: '⏳ ', done: '✅ ', problem: '⚠️ ' } as const;

function cardBlocks(card: Card, keys: Keys, where: Button['where']): Block[] {
  const more = (card.more ?? []).filter((it) => !it.where || it.where === where);
  return [
    header(card.title),
    ...(card.subtitle ? [context(card.subtitle)] : []),
    ...(card.status ? [section(SIGNS[card.progress] + card.status)] : []),
    ...(card.facts.length > 0 ? [facts(card.facts.slice(0, 10))] : []),
    ...(card.body ? [section(card.body)] : []),
    ...actions(card.buttons, more, keys, 'card', { about: card.title }),
  ];
}

function noteBlocks(note: Note, keys: Keys): Block[] {
  const sign = note.tone === 'info' ? '' : SIGNS[note.tone];
  return [
    section(sign + note.text),
    ...folded(note.lines ?? [], 2800).map((it) => section(it)),
    ...actions(note.buttons ?? [], [], keys, 'note', { links: note.links ?? [] }),
  ];
}

const MOST_PARTS = 3;

/** One line each, as many in a part as fit whole; after the last part "and 12 more". */
function folded(lines: readonly string[], most: number): string[] {
  const parts: string[] = [];
  const part: string[] = [];
  for (const [nth, it] of lines.entries()) {
    const text = line(it, 500);
    const isFull = part.join('\n').length + text.length + 1 > most;
    if (isFull && parts.length === MOST_PARTS - 1)
      return [...parts, [...part, `and ${lines.length - nth} more`].join('\n')];
    if (isFull) parts.push(part.splice(0).join('\n'));
    part.push(text);
  }
  return part.length > 0 ? [...parts, part.join('\n')] : parts;
}

/** A message may be years old: its button asks anew, and is never itself the yes to what was asked then. */
function formBlocks(form: Form, keys: Keys): Block[] {
  const { sure: _, told: __, ...input } = form.input;
  const open = { verb: form.verb, label: `${form.title}…`, input, opens: 'form' as const };
  const said = [...Object.values(form.errors ?? {}).map((it) => SIGNS.problem + it), ...(form.intro ?? [])];
  return [
    header(form.title),
    ...folded(said, 2800).map((it) => section(it)),
    ...form.fields.flatMap(writtenIn),
    ...actions([open], [], keys, 'form'),
  ];
}

/** The button opens the form as it is by then: what was written into this one is given back here. */
const writtenIn = (field: Field): Block[] =>
  field.kind === 'text' && field.value ? [section(`${field.label}: ${field.value}`)] : [];

// Room for header, footer and the last "and 12 more", beside the rows of buttons; and for all their texts.
const FRAME = 3;
const LIST_TEXT = 9000;

/** Numbers run across the sections and count hidden lines too, as "accept 12" does. */
function listBlocks(list: List, keys: Keys, most: number, file?: string): Block[] {
  const picture = list.picture ? pictureBlocks(list.picture, file) : [];
  const room = {
    blocks: most - FRAME - (list.intro ? 1 : 0) - rowsFor(list.buttons?.length ?? 0) - picture.length,
    text: LIST_TEXT - (picture.length > 1 ? PICTURE_TEXT : 0),
  };
  const blocks: Block[] = [];
  let number = 1;
  let hidden = 0;
  for (const part of list.sections.filter((it) => it.items.length > 0 || it.total > 0)) {
    if (room.blocks < 3 || room.text < 1000) hidden += part.total;
    else blocks.push(...sectionBlocks(part, number, keys, { room, place: placeOf(list) }));
    number += part.items.length;
  }
  return [
    header(list.title),
    ...(list.intro ? [section(list.intro)] : []),
    ...(blocks.length > 0 ? blocks : [section(list.empty)]),
    ...(hidden > 0 ? [context(`and ${hidden} more`)] : []),
    ...picture,
    ...actions(list.buttons ?? [], [], keys, placeOf(list)),
    ...(list.footer ? [context(list.footer)] : []),
  ];
}

const placeOf = ({ lasting }: List): Place => (lasting ? 'lasting' : 'list');

const PICTURE_TEXT = 2000;

/** Where there is no file the numbers stand as text. */
function pictureBlocks({ title, bars, alt }: Picture, file?: string): Block[] {
  if (bars.length === 0) return [];
  if (file) return [image(title, alt, file)];
  const rows = bars.slice(0, MOST_BARS).map((bar) => ({ label: bar.label, value: line(bar.note, 80) }));
  return [bold(title), facts(rows)];
}

/** What somebody has seen to is ticked off, and there is nothing left to press. */
const titleOf = ({ title, done }: Item): string => `${done ? '✓ ' : ''}${title}`;

/** Takes what it draws from `room`; leaves out lines from the end when there is none. */
function sectionBlocks(
  part: Section,
  first: number,
  keys: Keys,
  { room, place }: { room: { blocks: number; text: number }; place: Place },
): Block[] {
  const blocks: Block[] = [bold(`${part.title} (${part.open ?? part.total}${part.capped ? '+' : ''})`)];
  room.blocks -= 2;
  for (const [index, item] of part.items.entries()) {
    const title = `${first + index}. ${line(titleOf(item), 150)}`;
    const text = item.detail ? `${title}\n${line(item.detail, 250)}` : title;
    if (room.blocks < 1 || room.text < text.length) break;
    room.blocks -= 1;
    room.text -= text.length + MAX.button;
    const button = item.done ? undefined : item.button;
    blocks.push(row(text, button && toButton(button, keys, place, item.title)));
  }
  const hidden = part.total - (blocks.length - 1);
  const tail = hidden > 0 ? `and ${hidden}${part.capped ? '+' : ''} more` : 'That is all.';
  const more = part.more && toButton(part.more, keys, place, part.title);
  return hidden > 0 || more ? [...blocks, row(tail, more)] : blocks;
}
