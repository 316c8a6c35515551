/** How many columns a text takes, and where a line may break. */

/** Columns on a terminal: East Asian wide letters and emoji take two, combining marks none. For cleaned text. */
export function cells(text: string): number {
  let sum = 0;
  for (const { segment } of graphemes.segment(text)) sum += cellsOf(segment);
  return sum;
}

/**
 * Lines of at most `width` columns, broken between words, and inside a word only where it is longer than a line.
 * `hanging` is put before every line but the first and counts towards its width. Line ends in the text stay.
 */
export function wrap(text: string, width: number, hanging = ''): string[] {
  const room = Math.max(MIN_ROOM, width - cells(hanging));
  const lines = text
    .split('\n')
    .flatMap((paragraph, index) => wrapParagraph(paragraph, room, index === 0 ? width : room));
  return lines.map((line, index) => (index === 0 ? line : `${hanging}${line}`.trimEnd()));
}

/** The text filled with spaces up to `width` columns. */
export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - cells(text)));

const MIN_ROOM = 8;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

// Unicode East Asian Width, classes W and F, in blocks.
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator}|.\ufe0f)/u;
const NO_WIDTH = /^(?:\p{M}|\p{Cf})+$/u;

function cellsOf(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
}

/** Spaces at its beginning set all its lines in. The first line has a room of its own. */
function wrapParagraph(paragraph: string, width: number, firstWidth: number): string[] {
  const indent = /^ {0,8}/.exec(paragraph)?.[0] ?? '';
  const within = (columns: number) => Math.max(MIN_ROOM, columns - indent.length);
  const lines = wrapWords(paragraph.slice(indent.length), within(width), within(firstWidth));
  return lines.map((line) => `${indent}${line}`.trimEnd());
}

function wrapWords(paragraph: string, room: number, firstRoom: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of paragraph.split(' ').flatMap((long) => pieces(long, room))) {
    const size = cells(word);
    if (line !== '' && used + 1 + size > (lines.length === 0 ? firstRoom : room)) {
      lines.push(line);
      [line, used] = [word, size];
    } else {
      used += size + (line === '' ? 0 : 1);
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function pieces(word: string, room: number): string[] {
  if (cells(word) <= room) return [word];
  const parts: string[] = [];
  let [part, used] = ['', 0];
  for (const { segment } of graphemes.segment(word)) {
    const size = cellsOf(segment);
    if (used + size > room) {
      parts.push(part);
      [part, used] = ['', 0];
    }
    part += segment;
    used += size;
  }
  return [...parts, part];
}
