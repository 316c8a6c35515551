/** What may follow "cover" and "hand-over": whose desk, to whom, which days. What they name is for the command to judge. */
import { DATE, DAY, MONTH } from './moments.ts';
import { shapeOf, takeParts } from './usage.ts';

type Suggestions = { suggestions: string[] };
type Read = { input: Record<string, string> } | undefined;

const MINE = /^(?:my\s+desk|me|mine)$/i;
/** "Priya’s desk", "the desk of Priya". */
const THEIRS = [/^(?:the\s+)?desk\s+of\s+(\S.*)$/is, /^(\S.*?)(?:['’]s|(?<=s)['’])\s+desk$/is];
const DESK =
  "(?:(my\\s+desk|me|(?:the\\s+)?desk\\s+of\\s+\\S.*?|\\S.*?(?:['’]s|(?<=s)['’])\\s+desk)(?=$|\\s)\\s*)?";

/** "until month end" names a day. */
const OFF =
  /^(?:(?:off|end|stop)(?:\s+(?:for\s+)?(\S.*))?|(?!(?:from|to|by)\s|.*\b(?:until|till)\s)(\S.*)\s+(?:off|end|stop))$/is;
const DAYS = '(?:from\\s+(\\S.*?)\\s+)?(?:until|till|to)\\s+';
const BY = '(?:by|with|through)';
/** The comma of "Friday, 27 November" and of "Friday, November 27" belongs to the day. */
const UNTIL_FIRST = new RegExp(
  `^${DESK}${DAYS}(\\S.*?)(?:\\s*(?::|,(?!\\s*(?:\\d|${MONTH}\\s*\\d)))\\s*|\\s+${BY}\\s+)(\\S.*)$`,
  'is',
);
/** A name alone after the day: "until Friday Tom". */
const DAY_AND_NAME = new RegExp(
  `^${DESK}${DAYS}(?!${DAY}$)(${DAY})\\s+(?!(?:next|this)\\s+week$|${DATE})(\\p{L}.*)$`,
  'isu',
);
const BY_FIRST = new RegExp(`^${DESK}${BY}\\s+(\\S.*?)\\s+${DAYS}(\\S.*)$`, 'is');
/** "Tom until Friday": by Tom, or Tom's desk. */
const EITHER = new RegExp(`^(?:for\\s+)?(\\S.*?)\\s+${DAYS}([^:]*)$`, 'is');
const DAYS_ALONE = new RegExp(`^${DESK}${DAYS}([^:]*)$`, 'is');
const DESK_ALONE = new RegExp(`^${DESK}$`, 'is');

/**
 * "my desk until 5 Dec: Tom", "until Friday Tom", "by Tom from Monday until Friday", "Priya’s desk until 2026-12-05: Tom",
 * "off", "who". What writes is not done because somebody asked whether it was: who covers, and the form, may be asked for.
 */
export function covered(tail: string, command: { usage: string }): Read | Suggestions {
  const said = tail.replace(/[?!.\s]+$/, '');
  const read = readCover(said, command);
  const { do: what, person } = read?.input ?? {};
  const writes = (what !== undefined && what !== 'who') || person !== undefined;
  return writes && tail.endsWith('?') ? { suggestions: [`cover ${said}`, 'cover'] } : read;
}

function readCover(tail: string, { usage }: { usage: string }): Read {
  const { text, input } = takeParts(tail, shapeOf(usage));
  const said = text.replace(/[?!.\s]+$/, '').trim();
  const read = (more: Record<string, string | undefined>, desk?: string): Read => ({
    input: { ...input, ...present(more), ...whoseOf(desk) },
  });
  if (said === '') return { input };
  const [who, asked] = /^who(?:\s+(\S.*))?$/is.exec(said) ?? [];
  if (who) return read({ do: 'who' }, asked);
  const off = OFF.exec(said);
  if (off) return read({ do: 'off' }, off[1] ?? off[2]);
  const byFirst = BY_FIRST.exec(said);
  if (byFirst) return read({ person: byFirst[2], fromDate: byFirst[3], untilDate: byFirst[4] }, byFirst[1]);
  const untilFirst = UNTIL_FIRST.exec(said) ?? DAY_AND_NAME.exec(said);
  if (untilFirst) {
    const [, desk, fromDate, untilDate, person] = untilFirst;
    return read({ person, fromDate, untilDate }, desk);
  }
  const days = DAYS_ALONE.exec(said);
  if (days) return read({ fromDate: days[2], untilDate: days[3] }, days[1]);
  if (DESK_ALONE.test(said)) return read({}, said);
  const [, person, fromDate, untilDate] = EITHER.exec(said) ?? [];
  return person ? read({ person, fromDate, untilDate, either: 'yes' }) : undefined;
}

/** "to Tom", "my desk to Tom (yes)", "Priya’s desk to Tom (offers)", "Priya’s desk". */
export function handedOver(tail: string, { usage }: { usage: string }): Read {
  const { text, input } = takeParts(tail, shapeOf(usage));
  const said = text.replace(/[?!.\s]+$/, '').trim();
  if (said === '') return { input };
  const [, desk, person] = new RegExp(`^${DESK}to\\s+(\\S.*)$`, 'is').exec(said) ?? [];
  if (person) return { input: { ...input, person, ...whoseOf(desk) } };
  return DESK_ALONE.test(said) ? { input: { ...input, ...whoseOf(said) } } : undefined;
}

function whoseOf(desk = ''): Record<string, string> {
  const said = desk.trim();
  if (said === '' || MINE.test(said)) return {};
  for (const pattern of THEIRS) {
    const [, name] = pattern.exec(said) ?? [];
    if (name) return { whose: name };
  }
  return { whose: said };
}

const present = (all: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value ? [[key, value.trim()]] : [])));
