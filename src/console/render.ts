/** Replies as lines of plain text. Pure; nothing that somebody wrote can become a terminal sequence. */
import { clean, oneLine } from '../pipeline/text.ts';
import type {
  Button,
  Card,
  Field,
  Form,
  List,
  Note,
  Picture,
  Progress,
  Reply,
  Section,
} from '../views/view.ts';
import { isListed, numbersOf } from './answers.ts';
import { barLines } from './bars.ts';
import { choices, ownButtons } from './choices.ts';
import { cells, pad, wrap } from './width.ts';

export interface Look {
  /** Columns. */
  width: number;
  colour: boolean;
  /** Whether to number what can be pressed. Default true; a script and a late message have nothing to press. */
  numbered?: boolean;
}

/** The reply as text without a line end at its end: lines of at most `width` columns, colours only where asked for. */
export function toText(reply: Reply, look: Look): string {
  return linesOf(reply, look).join('\n');
}

function linesOf(reply: Reply, look: Look): string[] {
  switch (reply.kind) {
    case 'card':
      return cardLines(reply, look);
    case 'list':
      return listLines(reply, look);
    case 'note':
      return noteLines(reply, look);
    case 'form':
      return formLines(reply, look);
  }
}

/** One line for what is under way, the name last: "Accepting… (Ana Silva) · Acme". So it may be cut. */
export function progressLine(reply: Reply): string {
  const doing = reply.kind === 'card' ? reply.status : undefined;
  const what = reply.kind === 'note' ? reply.text : reply.title;
  return oneLine(doing ? `${doing} · ${what}` : what);
}

/** How a day may be written. */
export const DAYS = 'Friday, 31 Dec or 2026-01-31';

/** A field's question: its label, what helps to answer it, what it is now, and what was wrong with the last answer. */
export function fieldLines(field: Field, look: Look, error?: string): string[] {
  const label = `${field.label}${field.optional ? ' (may stay empty: “none”)' : ''}`;
  const limit = field.kind === 'text' ? `At most ${field.maxLength} characters.` : '';
  const how = { date: `Such as ${DAYS}.`, choices: 'Any of them, separated by commas.' };
  const hint = [field.hint, limit, field.kind === 'date' || field.kind === 'choices' ? how[field.kind] : '']
    .filter(Boolean)
    .join(' ');
  const options = optionLines(field);
  return [
    ...paragraph(oneLine(label), look, 'bold'),
    ...(error ? paragraph(oneLine(error), look, 'red', '  ') : []),
    ...(hint ? paragraph(hint, look, 'dim', '  ') : []),
    ...options.flatMap((option) => paragraph(option, look, undefined, '  ')),
    ...(field.value ? paragraph(`Now: ${shownValue(field)}`, look, undefined, '  ') : []),
  ];
}

function optionLines(field: Field): string[] {
  if (field.kind !== 'choice' && field.kind !== 'choices') return [];
  const { options } = field;
  if (!isListed(options)) return [`One of ${options.length}: type its name or its code.`];
  const numbers = numbersOf(options);
  return options.map(({ label }, at) => `[${numbers[at]}] ${oneLine(label)}`);
}

/** Title and introduction of a form. */
export const formHead = ({ title, intro = [] }: Form, look: Look): string[] => [
  ...paragraph(oneLine(title), look, 'bold'),
  ...intro.flatMap((line) => paragraph(line, look)),
];

function cardLines(card: Card, look: Look): string[] {
  const labels = Math.min(
    Math.floor(look.width / 3),
    Math.max(0, ...card.facts.map(({ label }) => cells(label))),
  );
  return [
    ...paragraph(oneLine(card.title), look, 'bold'),
    ...(card.subtitle ? paragraph(oneLine(card.subtitle), look, 'dim') : []),
    ...card.facts.flatMap(({ label, value }) => factLines(label, value, labels, look)),
    ...(card.body ? ['', ...paragraph(card.body, look)] : []),
    ...(card.status ? ['', ...paragraph(oneLine(card.status), look, PROGRESS_COLOURS[card.progress])] : []),
    ...buttonLines(card, look),
  ];
}

function factLines(label: string, value: string, labels: number, look: Look): string[] {
  const name = oneLine(label);
  if (cells(name) > labels) return paragraph(`${name}: ${value}`, look, undefined, '  ');
  const [first = '', ...rest] = wrap(clean(value), look.width - labels - 2);
  return [
    `${pad(name, labels)}  ${first}`.trimEnd(),
    ...rest.map((line) => `${' '.repeat(labels + 2)}${line}`),
  ];
}

function listLines(list: List, look: Look): string[] {
  const count = list.sections.reduce((sum, { items }) => sum + items.length, 0);
  let from = 1;
  const sections = list.sections.flatMap((section) => {
    const lines = sectionLines(section, from, String(count).length, look);
    from += section.items.length;
    return lines;
  });
  return [
    ...paragraph(oneLine(list.title), look, 'bold'),
    ...(list.intro ? paragraph(list.intro, look) : []),
    ...(count === 0 ? paragraph(list.empty, look) : sections),
    ...(list.picture ? pictureLines(list.picture, look) : []),
    ...(list.footer ? ['', ...paragraph(list.footer, look, 'dim')] : []),
    ...buttonLines(list, look),
  ];
}

function pictureLines(picture: Picture, look: Look): string[] {
  if (picture.bars.length === 0) return [];
  return ['', ...paragraph(oneLine(picture.title), look, 'bold'), ...barLines(picture, look.width)];
}

function sectionLines(
  { title, items, total, capped }: Section,
  from: number,
  digits: number,
  look: Look,
): string[] {
  const all = `${total}${capped ? '+' : ''}`;
  const many = items.length < total || capped ? `${items.length} of ${all}` : all;
  const lines = items.flatMap((item, index) => {
    const number = `${from + index}.`.padStart(digits + 1, '\u00a0');
    const press = look.numbered !== false && !item.done && item.button && item.button.verb !== 'show';
    const button = press ? `  ${pressable(item.button, from + index)}` : '';
    const said = [oneLine(item.title), oneLine(item.detail)].filter(Boolean).join(' — ');
    const text = item.done ? `[done]\u00a0${said}` : said;
    return together(wrap(`${number}\u00a0${text}${button}`, look.width, ' '.repeat(digits + 2)));
  });
  return ['', ...paragraph(`${oneLine(title)} (${many})`, look, 'bold'), ...lines];
}

function noteLines(note: Note, look: Look): string[] {
  const colour = { info: undefined, done: 'green', problem: 'red' } as const;
  return [
    ...paragraph(note.text, look, colour[note.tone]),
    ...(note.lines ?? []).flatMap((line) => paragraph(line, look, undefined, '  ')),
    ...(note.links ?? []).flatMap(({ label, url }) => paragraph(`${label}: ${url}`, look, undefined, '  ')),
    ...buttonLines(note, look),
  ];
}

function formLines(form: Form, look: Look): string[] {
  const fields = form.fields.flatMap((field) => ['', ...fieldLines(field, look, form.errors?.[field.id])]);
  const others = (form.others ?? []).map(({ label }) => oneLine(label)).join(' · ');
  return [...formHead(form, look), ...fields, ...(others ? ['', ...paragraph(others, look, 'cyan')] : [])];
}

function buttonLines(reply: Card | List | Note, look: Look): string[] {
  const buttons = ownButtons(reply);
  if (look.numbered === false || buttons.length === 0) return [];
  const from = choices(reply).length - buttons.length + 1;
  const all = buttons.map((button, index) => pressable(button, from + index)).join('  ');
  return ['', ...together(wrap(all, look.width)).map((line) => painted(line, look, 'cyan'))];
}

/** Its parts stay on one line: `together` undoes the hard spaces after wrapping. */
function pressable(button: Button | undefined, number: number): string {
  if (!button) return '';
  const label = oneLine(button.label);
  const more = button.opens && !label.endsWith('…') ? '…' : '';
  return `[${number}] ${label}${more}`.replaceAll(' ', '\u00a0');
}

const together = (lines: string[]): string[] => lines.map((line) => line.replaceAll('\u00a0', ' '));

/** The labels of what is chosen; of any other field what stands there. */
export function shownValue(field: Field): string {
  if (field.kind !== 'choice' && field.kind !== 'choices') return field.value ?? '';
  const labelOf = (one: string) => field.options.find(({ value }) => value === one)?.label ?? one;
  const chosen = field.kind === 'choice' ? [field.value ?? ''] : (field.value ?? '').split(',');
  return chosen.map(labelOf).join(', ');
}

function paragraph(text: string, look: Look, colour?: Colour, indent = ''): string[] {
  const [first = '', ...rest] = wrap(clean(text).trimEnd(), look.width - indent.length);
  return [first, ...rest].map((line) => (line === '' ? '' : indent + painted(line, look, colour)));
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 };
type Colour = keyof typeof CODES;

const PROGRESS_COLOURS: Record<Progress, Colour | undefined> = {
  idle: undefined,
  working: 'cyan',
  done: 'green',
  problem: 'red',
};

const painted = (line: string, { colour }: Look, name?: Colour): string =>
  colour && name && line !== '' ? `\u001b[${CODES[name]}m${line}\u001b[0m` : line;
