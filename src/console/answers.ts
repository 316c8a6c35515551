/** Which of its options an answer to a choice means. */
import { oneLine } from '../pipeline/text.ts';
import type { Option } from '../views/view.ts';

/** More than a screen holds are not listed: they are typed. */
const MOST_LISTED = 30;
/** Of several that could be meant, those that are named. */
const MOST_NAMED = 5;

export const isListed = (options: readonly Option[]): boolean => options.length <= MOST_LISTED;

/** What is printed before each: its place in the list; of what is a number itself, such as an hour, that number. */
export const numbersOf = (options: readonly Option[]): string[] =>
  options.every(({ value }) => /^\d{1,3}$/.test(value))
    ? options.map(({ value }) => value)
    : options.map((_, at) => String(at + 1));

/**
 * Those that are meant: by the number that is printed, the value or the label; else all of that name: "Tom Keller" of "Tom
 * Keller, ACE user"; else all whose first words it is: "Tom"; else all whose name begins with it.
 */
export function meant(options: readonly Option[], typed: string): readonly Option[] {
  const said = plain(typed);
  const nth = isListed(options) && /^\d+$/.test(said) ? numbersOf(options).indexOf(`${Number(said)}`) : -1;
  const exact =
    options[nth] ?? options.find(({ value, label }) => plain(value) === said || plain(label) === said);
  if (exact) return [exact];
  const named = options.filter(({ label }) => namesIn(plain(label)).includes(said));
  return named.length > 0 ? named : begunBy(options, said);
}

/** Accents are forgiven here. A number means what it stands beside, and no beginning. */
function begunBy(options: readonly Option[], said: string): readonly Option[] {
  const start = unaccented(said);
  if (/^\d*$/.test(start)) return [];
  const nameOf = ({ label }: Option) => unaccented(namesIn(plain(label))[0]);
  const begun = options.filter((it) => nameOf(it).startsWith(start));
  const inWords = begun.filter((it) => /^(?:[\s,]|$)/.test(nameOf(it).slice(start.length)));
  return inWords.length > 0 ? inWords : begun;
}

/** Separated by commas, which a label may hold as well: as much as fits one is one. @returns what each part means. */
export function meantByEach(
  options: readonly Option[],
  typed: string,
): { said: string; found: readonly Option[] }[] {
  const parts = typed.split(',').map((part) => part.trim());
  const widest = Math.max(1, ...options.map(({ label }) => label.split(',').length));
  const all: { said: string; found: readonly Option[] }[] = [];
  for (let at = 0; at < parts.length; ) {
    let size = Math.min(widest, parts.length - at);
    const read = () => parts.slice(at, at + size).join(', ');
    while (size > 1 && meant(options, read()).length === 0) size--;
    all.push({ said: read(), found: meant(options, read()) });
    at += size;
  }
  return all;
}

/** What to type instead of what means none of them, or more than one. */
export function misread(options: readonly Option[], said: string, found: readonly Option[]): string {
  if (found.length > 1) {
    const named = found.slice(0, MOST_NAMED).map(({ label }) => oneLine(label));
    const more = found.length > MOST_NAMED ? `; and ${found.length - MOST_NAMED} more` : '';
    return `“${oneLine(said)}” could be ${named.join('; ')}${more}. Type all of one.`;
  }
  const numbers = numbersOf(options);
  return isListed(options)
    ? `A number from ${numbers[0]} to ${numbers.at(-1)}, or its name.`
    : `One of ${options.length}, by its name or its code.`;
}

const plain = (text: string): string =>
  oneLine(text)
    .replace(/\s*,\s*/g, ', ')
    .toLowerCase();

const unaccented = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '');

/** "Kim Lee (kim@partner.example), ACE user": without what follows the name, and without the address as well. */
const namesIn = (label: string): [string, string] => {
  const name = label.replace(/, [^,]*$/, '');
  return [name, name.replace(/ \([^()]*\)$/, '')];
};
