/**
 * Words and how they are made safe for Teams. Most go into text runs, which know no Markdown; titles and facts do, and are
 * escaped.
 */
import { clean, cut, oneLine } from '../pipeline/text.ts';

/** One line of cleaned text, at most `max` code points, ending with … where something was left out; never empty. */
export const line = (text: string, max: number): string =>
  cut(defused(oneLine(start(text, max))), max) || '–';

/** The same over several lines, those without words left out. At least one. */
export function paragraphs(text: string, max: number): string[] {
  const said = cut(clean(start(text, max)).trim(), max).split('\n');
  const lines = said.map((it) => defused(oneLine(it))).filter(Boolean);
  return lines.length > 0 ? lines : ['–'];
}

/** What stands in a field to be edited: line ends kept, whole up to `max` UTF-16 units, as inputs count. */
export function editable(text: string, max: number): string {
  const whole = defused(clean(start(text, max)));
  return whole.length <= max ? whole : cut(whole, Math.floor(max / 2));
}

/** JSON that no client or tool takes for its own, and that reads back the same. */
export const safeJson = (it: unknown): string =>
  JSON.stringify(it).replace(/[$<]|\{(?=\{)/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);

// Cleaning a text of any length would let its author keep us busy.
const start = (text: string, max: number): string => text.slice(0, 4 * max + 100);

/**
 * Nothing a client or a tool would take for its own: `<at>` (a mention), `${…}` (a template), `{{DATE(…)}}` (Adaptive Cards,
 * Text features; in text runs as well). A word joiner between the two signs is not seen, and `clean` takes it out of what
 * comes back.
 */
const defused = (text: string): string => text.replace(/\$(?=\{)|\{(?=\{)|<(?=\/?at\b)/gi, '$&\u2060');

/**
 * For Markdown (a TextBlock, a fact), which shows exactly this line then. Takes one line, as `line` gives it. Covers more
 * than the subset Teams is said to read (bold, italic, lists, links): code, struck-out words, headings, tables and HTML cost
 * nothing to cover, and clients differ.
 */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]~|]/g, '\\$&')
    .replace(/^\s*(?:[-+#=]|\d{1,9}(?=[.)]))/, (sign) =>
      /\d$/.test(sign) ? `${sign}\\` : `${sign.slice(0, -1)}\\${sign.slice(-1)}`,
    );

/** Said where something is more than Teams takes. */
export const TOO_LONG = 'This is too long to show here. Type “list” or “find” to see it another way.';
