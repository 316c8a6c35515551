/** Replies as Slack messages. Pure: the same reply and key give the same message. */
import type { Button, Card, Field, Form, List, Note, Reply, Section } from '../views/view.ts';
import { MAX } from './block-kit.ts';
import {
  actions,
  type Block,
  bold,
  context,
  facts,
  header,
  type Keys,
  keysOf,
  row,
  rowsFor,
  section,
  toButton,
} from './blocks.ts';
import { escaped, line, prose } from './text.ts';

/** `text` is the notification on a phone, the screen reader's version and the fallback. */
export interface Message {
  text: string;
  blocks: Block[];
}

/** `key`: random for each drawing; every button's operation key starts with it. `where` it stands, to one person alone. */
export function toMessage(reply: Reply, key: string, where?: Button['where']): Message {
  return { text: toText(reply), blocks: toBlocks(reply, keysOf(key), MAX.messageBlocks, where) };
}

/** At most `most` blocks; a form becomes a button that opens it (a message cannot ask for text). */
export function toBlocks(reply: Reply, keys: Keys, most: number, where?: Button['where']): Block[] {
  switch (reply.kind) {
    case 'card':
      return cardBlocks(reply, keys, where);
    case 'list':
      return listBlocks(reply, keys, most);
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
      const lines = reply.sections.flatMap((it) => it.items.map((item) => `${item.title} – ${item.detail}`));
      if (lines.length === 0) return short([reply.title, reply.empty]);
      return short([
        reply.title,
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
    ...(note.lines && note.lines.length > 0 ? [section(fold(note.lines, 2800))] : []),
    ...actions(note.buttons ?? [], [], keys, 'note', { links: note.links ?? [] }),
  ];
}

/** One line each, as many as fit whole, then "and 12 more". */
function fold(lines: readonly string[], most: number): string {
  const kept: string[] = [];
  let left = most;
  for (const it of lines) {
    const text = line(it, 500);
    left -= text.length + 1;
    if (left < 0) return [...kept, `and ${lines.length - kept.length} more`].join('\n');
    kept.push(text);
  }
  return kept.join('\n');
}

/** A message may be years old: its button asks anew, and is never itself the yes to what was asked then. */
function formBlocks(form: Form, keys: Keys): Block[] {
  const { sure: _, told: __, ...input } = form.input;
  const open = { verb: form.verb, label: `${form.title}…`, input, opens: 'form' as const };
  const said = [...Object.values(form.errors ?? {}).map((it) => SIGNS.problem + it), ...(form.intro ?? [])];
  return [
    header(form.title),
    ...(said.length > 0 ? [section(fold(said, 2800))] : []),
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
function listBlocks(list: List, keys: Keys, most: number): Block[] {
  const room = { blocks: most - FRAME - rowsFor(list.buttons?.length ?? 0), text: LIST_TEXT };
  const blocks: Block[] = [];
  let number = 1;
  let hidden = 0;
  for (const part of list.sections.filter((it) => it.items.length > 0 || it.total > 0)) {
    if (room.blocks < 3 || room.text < 1000) hidden += part.total;
    else blocks.push(...sectionBlocks(part, number, keys, room));
    number += part.items.length;
  }
  return [
    header(list.title),
    ...(blocks.length > 0 ? blocks : [section(list.empty)]),
    ...(hidden > 0 ? [context(`and ${hidden} more`)] : []),
    ...actions(list.buttons ?? [], [], keys, 'list'),
    ...(list.footer ? [context(list.footer)] : []),
  ];
}

/** Takes what it draws from `room`; leaves out lines from the end when there is none. */
function sectionBlocks(
  part: Section,
  first: number,
  keys: Keys,
  room: { blocks: number; text: number },
): Block[] {
  const blocks: Block[] = [bold(`${part.title} (${part.total}${part.capped ? '+' : ''})`)];
  room.blocks -= 2;
  for (const [index, item] of part.items.entries()) {
    const text = `${first + index}. ${line(item.title, 150)}\n${line(item.detail, 250)}`;
    if (room.blocks < 1 || room.text < text.length) break;
    room.blocks -= 1;
    room.text -= text.length + MAX.button;
    blocks.push(row(text, item.button && toButton(item.button, keys, 'list', item.title)));
  }
  const hidden = part.total - (blocks.length - 1);
  const tail = hidden > 0 ? `and ${hidden}${part.capped ? '+' : ''} more` : 'That is all.';
  const more = part.more && toButton(part.more, keys, 'list', part.title);
  return hidden > 0 || more ? [...blocks, row(tail, more)] : blocks;
}
