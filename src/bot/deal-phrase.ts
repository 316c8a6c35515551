/** Where a deal ends in a typed line, and what it is called. */

/** A line number, or one of Partner Central's ids: nothing else can be meant by it. */
export const isExact = (phrase: string): boolean => /^#?\d{1,3}$/.test(phrase) || isId(phrase);

const isId = (phrase: string): boolean => /^(?:O\d{1,19}|engi?-[0-9a-z]{1,20})$/i.test(phrase);

/** "#2" → "2", "referral 2" → "2", "for Acme" → "Acme", quotes off. Lower case only: On, To and Me are companies. */
export function toDeal(phrase: string): string {
  const bare = phrase
    .trim()
    .replace(/^(?:me|for|of|to|on)\s+/, '')
    .replace(/[?!\s]+$/, '')
    .replace(/^["“„](.*)["”“]$/, '$1')
    .trim();
  const exact = bare.replace(/^(?:deal|referral|lead|opportunity|number|no\.?)\s+/i, '').replace(/[.,]$/, '');
  return isExact(exact) ? exact.replace(/^#/, '') : bare;
}

export interface Split {
  deal: string;
  /** What follows the mark; undefined where there is no mark. */
  rest?: string;
}

/** At a mark: an exact name ends at the first one, others at a colon first. Text may go on in further lines. */
export function splitAtMark(tail: string): Split {
  const [first = '', ...more] = tail.split('\n');
  const [deal, said] = splitLine(first);
  if (said === undefined && more.length === 0) return { deal };
  return { deal, rest: [said ?? '', ...more].join('\n').trim() };
}

/** The deal, and the text after the mark where there is one. */
function splitLine(line: string): [deal: string, text?: string] {
  for (const shape of [QUOTED, NUMBERED, WITH_ID, COLON, DASH]) {
    const [, deal, text] = shape.exec(line) ?? [];
    if (deal !== undefined) return [deal, text ?? ''];
  }
  return [line];
}

/**
 * At a word: "2 to Priya", "Acme to Priya". After an exact name the first such word counts, else the last, in small letters:
 * "Road To Riches to Priya". "to Priya" has no deal; a mark does as well: "2: Priya".
 */
export function splitAtWord(tail: string, word: string): Split {
  const [, onlyRest] = new RegExp(`^${word}(?::\\s*|\\s+)(\\S.*)$`, 's').exec(tail) ?? [];
  if (onlyRest !== undefined) return { deal: '', rest: onlyRest };
  // "7 to": what follows is still to be asked.
  const [, alone = ''] = new RegExp(`^(.{1,40}?)\\s+${word}:?$`, 'is').exec(tail) ?? [];
  if (isExact(toDeal(alone))) return { deal: alone };
  for (const shape of [
    new RegExp(`^(["“„].{1,300}?["”“])\\s+${word}:?\\s+(\\S.*)$`, 'is'),
    new RegExp(
      `^((?:[a-z]+\\s+)?(?:#?\\d{1,3}|O\\d{1,19}|engi?-[0-9a-z]{1,20}))\\s+${word}:?\\s+(\\S.*)$`,
      'is',
    ),
    new RegExp(`^([^\\s"“„].*)\\s${word}:?\\s+(\\S.*)$`, 's'),
  ]) {
    const [, deal, rest] = shape.exec(tail) ?? [];
    if (deal !== undefined && rest !== undefined) return { deal, rest: rest.trim() };
  }
  const [deal, rest] = splitLine(tail);
  return rest ? { deal, rest } : { deal: tail };
}

const QUOTED = /^["“„](.{1,300}?)["”“](?:\s*:|\s+[-–—]+(?=\s)|$)\s*(.*)$/;
const NUMBERED = /^(#?\d{1,3})\s*(?::(?!\d)|[-–—]+(?=\s))\s*(.*)$/;
const WITH_ID = /^(O\d{1,19}|engi?-[0-9a-z]{1,20})(?:\s*:|\s+[-–—]+(?=\s)|\s)\s*(.*)$/i;
const COLON = /^(.{1,400}?):(?!\/\/|\d)\s*(.*)$/;
const DASH = /^(.{1,400}?)\s[-–—]+\s+(.*)$/;
