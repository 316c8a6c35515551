/**
 * The smallest honest reader of what a TextBlock may read: Teams' subset (bold, italic, lists, links), and what other
 * Markdown has besides. Backslashes and entities are taken off last, from what is left as text.
 */
import { decode } from 'html-entities';

// Each group of signs that means something where it is not escaped.
const MARKUP: [name: string, sign: RegExp][] = [
  ['a list', /^\s*(?:[-+*]|\d{1,9}[.)])(?:\s|$)/],
  ['a heading, or a line', /^\s*(?:#{1,6}(?:\s|$)|[-=_*]{2,}\s*$|=)/],
  ['a quotation, or HTML', /^\s*>|<[!?/a-z]/i],
  ['emphasis, code, a table', /[*_`~|]/],
  ['a link', /[[\]]/],
];

/** @throws where it would show anything but text, e.g. a link. */
export function markdownShown(text: string): string {
  // An escaped sign is no sign: its place is held by one that means nothing.
  const bare = text.replace(/\\[!-/:-@[-`{-~]/g, 'x');
  for (const [name, sign] of MARKUP) if (sign.test(bare)) throw new Error(`It would show ${name}: ${text}`);
  if (/\{\{(DATE|TIME)\(/.test(text)) throw new Error(`It would show a date: ${text}`);
  return decode(text.replace(/\\([!-/:-@[-`{-~])/g, '$1'));
}
