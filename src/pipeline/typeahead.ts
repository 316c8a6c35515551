/** What fits while somebody types: case and accents do not count, every word typed begins a word that stands there. */
import { oneLine } from './text.ts';

/** Longer than any name; what is typed behind it changes nothing. */
const MOST_TYPED = 200;

/**
 * Those whose `textOf` has for each typed word one that begins with it; first those that begin with all of what was typed,
 * else in the order given. Nothing typed: the first `most`.
 */
export function fitting<It>(
  all: readonly It[],
  { typed, textOf, most }: { typed: string; textOf(it: It): string; most: number },
): It[] {
  const said = wordsOf(typed.slice(0, MOST_TYPED));
  if (said.length === 0) return all.slice(0, most);
  const whole = said.join(' ');
  const [first, other]: [It[], It[]] = [[], []];
  for (const it of all) {
    const words = wordsOf(textOf(it));
    if (!said.every((word) => words.some((one) => one.startsWith(word)))) continue;
    (words.join(' ').startsWith(whole) ? first : other).push(it);
  }
  return [...first, ...other].slice(0, most);
}

/** Lower case, without accents; whatever is neither letter nor digit parts two words. Letters that only look composed, too. */
const wordsOf = (text: string): string[] =>
  oneLine(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßøłđðıæœþ]/g, (letter) => LETTERS[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

const LETTERS: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};
