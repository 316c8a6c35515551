/** The few Block Kit parts we draw with. Nothing here is markup: plain text with emoji off, or rich text. */
import type { types } from '@slack/bolt';
import type { Button, Confirm, Fact, Link } from '../views/view.ts';
import { MAX } from './block-kit.ts';
import { type Place, toOption, toValue } from './button.ts';
import { line, prose } from './text.ts';

export type Block = types.KnownBlock;

/** Hands out the operation keys of one drawing: two buttons of one message are two acts, a double click is one. */
export type Keys = () => string;

/** `key` is random for each drawing; the keys are `key.0`, `key.1`, … */
export function keysOf(key: string): Keys {
  let count = 0;
  return () => `${key}.${count++}`;
}

export const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text, emoji: false });

export const header = (text: string): Block => ({ type: 'header', text: plain(line(text, MAX.header)) });

/** UTF-16 units; Slack takes 3000. */
export const MAX_SECTION = 2900;

export const section = (text: string): Block => ({ type: 'section', text: plain(prose(text, MAX_SECTION)) });

export const context = (text: string): Block => ({ type: 'context', elements: [plain(line(text, 500))] });

export const bold = (text: string): Block => ({
  type: 'rich_text',
  elements: [
    { type: 'rich_text_section', elements: [{ type: 'text', text: line(text, 200), style: { bold: true } }] },
  ],
});

/** "Label: value" a line, the label bold. */
export const facts = (list: readonly Fact[]): Block => ({
  type: 'rich_text',
  elements: list.map((fact) => ({
    type: 'rich_text_section',
    elements: [
      { type: 'text', text: `${line(fact.label, 75)}: `, style: { bold: true } },
      { type: 'text', text: line(fact.value, 500) },
    ],
  })),
});

/** `file`: the id of a file of this workspace. `alt` says in words all that it shows. */
export const image = (title: string, alt: string, file: string): Block => ({
  type: 'image',
  title: plain(line(title, 200)),
  alt_text: line(alt, 1900),
  slack_file: { id: file },
});

/** A line with its one button. */
export const row = (text: string, button?: types.Button): Block => ({
  type: 'section',
  text: plain(text),
  ...(button ? { accessory: button } : {}),
});

/** `about` names the thing for a screen reader: "Accept: Acme". */
export function toButton(button: Button, keys: Keys, place: Place, about = ''): types.Button {
  const key = keys();
  return {
    type: 'button',
    action_id: `${button.verb}#${key}`,
    text: plain(line(button.label, MAX.button)),
    value: toValue(button, key, place),
    accessibility_label: line(about ? `${button.label}: ${about}` : button.label, MAX.button),
    ...(button.style ? { style: button.style } : {}),
    ...(button.confirm ? { confirm: toConfirm(button.confirm) } : {}),
  };
}

// No verb's name: those of other buttons begin with theirs.
const LINK = 'url#';

/** Slack tells us of a press all the same; there is nothing to do then. */
export const isLink = (actionId: string | undefined): boolean => actionId?.startsWith(LINK) ?? false;

const toLink = ({ label, url }: Link, keys: Keys): types.Button => ({
  type: 'button',
  action_id: `${LINK}${keys()}`,
  text: plain(line(label, MAX.button)),
  url,
});

/**
 * The buttons of a reply, three in a row, `more` behind an overflow menu in the first. A menu takes five lines, each of at
 * most 75 characters and without a question of its own; what does not fit there is an ordinary button, in rows below.
 */
export function actions(
  buttons: readonly Button[],
  more: readonly Button[],
  keys: Keys,
  place: Place,
  { about, links = [] }: { about?: string; links?: readonly Link[] } = {},
): Block[] {
  const lines = more.flatMap((button) => toLine(button, keys, place) ?? []).slice(0, MAX.overflowOptions);
  // Two at least, or the menu is a riddle.
  const folded = lines.length > 1 ? lines : [];
  const apart = more.filter((button) => !folded.some((it) => it.button === button));
  const drawn = onePrimary(
    [...buttons, ...apart].slice(0, MOST_BUTTONS).map((it) => toButton(it, keys, place, about)),
  );
  const linked = links.slice(0, MOST_LINKS).map((it) => toLink(it, keys));
  const [first = [], ...others] = [
    ...inRows([...drawn.slice(0, buttons.length), ...linked]),
    ...inRows(drawn.slice(buttons.length)),
  ];
  return [[...first, ...(folded.length > 0 ? [menu(folded, keys)] : [])], ...others]
    .filter((row) => row.length > 0)
    .map((elements) => ({ type: 'actions', block_id: keys(), elements }));
}

const MOST_BUTTONS = 22;
const MOST_LINKS = 2;

/** On a narrow screen Slack cuts the labels of more. */
const IN_A_ROW = 3;

/** How many rows so many buttons take. */
export const rowsFor = (buttons: number): number => Math.ceil(Math.min(buttons, MOST_BUTTONS) / IN_A_ROW);

const inRows = <Element>(elements: readonly Element[]): Element[][] =>
  Array.from({ length: Math.ceil(elements.length / IN_A_ROW) }, (_, row) =>
    elements.slice(row * IN_A_ROW, (row + 1) * IN_A_ROW),
  );

interface Line {
  button: Button;
  option: types.PlainTextOption;
}

function toLine(button: Button, keys: Keys, place: Place): Line | undefined {
  const value = button.confirm ? undefined : toOption(button, keys(), place);
  if (!value || value.length > MAX.optionValue) return undefined;
  return { button, option: { text: plain(line(button.label, 75)), value } };
}

const menu = (lines: readonly Line[], keys: Keys): types.Overflow => ({
  type: 'overflow',
  action_id: `more#${keys()}`,
  options: lines.map(({ option }) => option),
});

/** Slack's guidelines: one primary button at most. */
function onePrimary<Element extends { type: string; style?: string }>(elements: Element[]): Element[] {
  const first = elements.findIndex((it) => it.style === 'primary');
  return elements.map((it, index) => {
    if (it.style !== 'primary' || index === first) return it;
    const { style: _, ...rest } = it;
    return rest as Element;
  });
}

const toConfirm = (confirm: Confirm): types.ConfirmationDialog => ({
  title: plain(line(confirm.title, 100)),
  text: plain(prose(confirm.text, 300)),
  confirm: plain(line(confirm.yes, 30)),
  deny: plain(line(confirm.no, 30)),
});
