/** A moment in words: "Thursday", "in two hours", "tomorrow at 14:00". It is the person's own clock that counts. */
import * as chrono from 'chrono-node';
import { addDays, dayIn, isDay, momentAt, timeIn } from '../pipeline/calendar.ts';
import type { Moment } from '../pipeline/deal.ts';
import { MORNING, nextMonday } from '../pipeline/reminder.ts';
import { isTrue } from './dates.ts';

/**
 * The moment that a text names and nothing else. A day without an hour is 09:00 of it; a weekday is the next one to come; an
 * hour alone is the next time clocks show it. Undefined for all else, also for "12/11", which means two days, and for a
 * weekday that is not that of its date.
 * @param timeZone IANA name; an unknown one counts as UTC.
 */
export function momentCalled(text: string, now: Date, timeZone: string): Moment | undefined {
  const said = plain(text);
  if (said.length > 60 || /\d\s*[/.]\s*\d/.test(said)) return undefined;
  const span = SPAN.exec(said);
  if (span) return new Date(now.getTime() + minutesOf(span) * 60_000).toISOString();
  const today = dayIn(now, timeZone);
  if (isDay(said)) return momentAt(said, MORNING, timeZone);
  if (/^next week$/i.test(said)) return momentAt(nextMonday(today), MORNING, timeZone);
  // On a zoneless clock chrono counts in the person's own days and hours.
  const clock = { instant: new Date(`${today}T${timeIn(now, timeZone)}:00Z`), timezone: 0 };
  const [found, more] = chrono.parse(said, clock, { forwardDate: true });
  if (!found || more || found.end || found.text.length !== said.length || !isTrue(found.start))
    return undefined;
  const [day = '', time = ''] = found.start.date().toISOString().split('T');
  const at = (that: string) =>
    momentAt(that, found.start.isCertain('hour') ? time.slice(0, 5) : MORNING, timeZone);
  const isWeekday = found.start.isCertain('weekday') && !found.start.isCertain('day');
  return isWeekday && Date.parse(at(day)) <= now.getTime() ? at(addDays(day, 7)) : at(day);
}

const HOURS: Record<string, string> = {
  morning: MORNING,
  noon: '12:00',
  afternoon: '14:00',
  evening: '18:00',
  night: '20:00',
};

/** "tomorrow afternoon" → "tomorrow at 14:00", "Monday 9" → "Monday at 9". */
const plain = (text: string): string =>
  text
    .trim()
    .replace(/[.!?\s]+$/, '')
    .replace(/^(?:on|by|until|till)\s+/i, '')
    .replace(/^tonight$/i, 'this night')
    .replace(/^(?:this\s+|in\s+the\s+|at\s+)?(morning|noon|afternoon|evening|night)$/i, 'today $1')
    .replace(
      /\s+(?:at\s+|in\s+the\s+)?(morning|noon|afternoon|evening|night)$/i,
      (_, part: string) => ` at ${HOURS[part.toLowerCase()]}`,
    )
    .replace(/((?:day|today|tomorrow|\b(?:mon|tue|wed|thu|fri|sat|sun))),?\s+(\d{1,2})$/i, '$1 at $2');

const NUMBERS: Record<string, number> = {
  ...{
    a: 1,
    an: 1,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
  },
  ...{ 'half an': 0.5, eleven: 11, twelve: 12 },
};
const NUMBER = `(?:\\d{1,3}|${Object.keys(NUMBERS).join('|')})`;
const SPAN = new RegExp(`^(?:in|for)\\s+(${NUMBER})\\s+(minutes?|mins?|hours?|hrs?|h)$`, 'i');

function minutesOf([, many = '', unit = '']: RegExpExecArray): number {
  const number = NUMBERS[many.toLowerCase()] ?? Number(many);
  return unit.toLowerCase().startsWith('m') ? number : number * 60;
}

export const MONTH = '(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\\.?';
const WEEKDAY = '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?';
const TIME =
  '(?:(?:at\\s+)?(?:\\d{1,2}:\\d{2}(?:\\s*[ap]m)?|\\d{1,2}\\s*[ap]m|noon)|at\\s+\\d{1,2}|(?:in\\s+the\\s+)?(?:morning|afternoon|evening))';
/** A date, with its month in letters or all in digits; as `DAY`. */
export const DATE = `(?:\\d{4}-\\d{2}-\\d{2}|\\d{1,2}(?:st|nd|rd|th)?\\s+${MONTH}(?:,?\\s+\\d{4})?|${MONTH}\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?)`;

/** What may stand for a day in a typed line; a source for regular expressions, without groups. */
export const DAY = `(?:today|tonight|tomorrow|(?:the\\s+)?day\\s+after\\s+tomorrow|(?:(?:next|this|coming)\\s+)?${WEEKDAY}|next\\s+week|(?:${WEEKDAY},?\\s+)?${DATE})`;

/** The same for a moment at its end. */
export const WHEN = `(?:(?:in|for)\\s+${NUMBER}\\s+(?:minutes?|mins?|hours?|hrs?|h|days?|weeks?)|never|(?:(?:on|by|until|till|for)\\s+)?(?:this\\s+(?:morning|afternoon|evening)|${DAY}(?:,?\\s+(?:${TIME}|\\d{1,2}))?|${TIME}(?:\\s+${DAY})?))`;
