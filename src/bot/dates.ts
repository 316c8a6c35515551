/** "Next Friday" is true on one day only; a next step is read on others. So relative days become plain ones. */
import * as chrono from 'chrono-node';
import { addDays, dayIn, isDay, plainDay } from '../pipeline/calendar.ts';
import type { Day } from '../pipeline/deal.ts';

/**
 * The text with its relative days written out: "demo next Friday 3pm" → "demo Fri 28 Nov 3pm". The person's own day is
 * what counts. Dates written in full, times, weeks and months ("next week" is no day) stay as typed, and so does
 * whatever might not be a day at all: better one day not written out than one invented. Doing it twice changes nothing.
 *
 * @param timeZone IANA name; an unknown one counts as UTC.
 */
export function withPlainDates(text: string, now: Date, timeZone: string): string {
  const today = dayIn(now, timeZone);
  let before: Found | undefined;
  let plain = '';
  let done = 0;
  for (const found of relativeDays(text, today)) {
    const day = before && joins(text, before, found) ? laterInRange(before.day, found.day) : found.day;
    plain += text.slice(done, found.at) + plainDay(day, today);
    done = found.end;
    before = { ...found, day };
  }
  return plain + text.slice(done);
}

/**
 * The day that a text names and nothing else: "2026-12-31", "next Friday", "28 Nov", "31 December 2026"; days without a
 * year are still to come. Undefined for all else, also for "12/11/2026", which means two days, and for a weekday that is not
 * that of its date.
 */
export function dayCalled(text: string, now: Date, timeZone: string): Day | undefined {
  const said = text.trim().replace(/^(?:on|by)\s+/i, '');
  if (isDay(said)) return said;
  const today = dayIn(now, timeZone);
  const [phrase] = said.match(PHRASE) ?? [];
  if (phrase === said) return dayOf(phrase, today);
  if (said.length > 40 || !DATED.test(said)) return undefined;
  const [found, more] = chrono.parse(said, noonOf(today), { forwardDate: true });
  const isWhole = found?.text.length === said.length && !more && !found.end;
  return isWhole && found.start.isCertain('day') && found.start.isCertain('month') && isTrue(found.start)
    ? dayIn(found.start.date(), 'UTC')
    : undefined;
}

/** A weekday beside a date is that date's. Of what was read on a zoneless clock. */
export const isTrue = (read: chrono.ParsedComponents): boolean =>
  !(read.isCertain('weekday') && read.isCertain('day')) || read.get('weekday') === read.date().getUTCDay();

interface Found {
  at: number;
  end: number;
  day: Day;
}

function* relativeDays(text: string, today: Day): Generator<Found> {
  for (const match of text.matchAll(PHRASE)) {
    const [phrase] = match;
    const [at, end] = [match.index, match.index + phrase.length];
    if (isPartOfMore(text.slice(0, at), phrase, text.slice(end))) continue;
    const day = dayOf(phrase, today);
    if (day) yield { at, end, day };
  }
}

/** Noon on a zoneless clock: chrono then counts in the person's days, whatever the hour and the season. */
const noonOf = (today: Day) => ({ instant: new Date(`${today}T12:00:00Z`), timezone: 0 });

function dayOf(phrase: string, today: Day): Day | undefined {
  const said = phrase.replace(/^day/i, 'the day');
  const [result] = chrono.parse(said, noonOf(today), { forwardDate: !PAST.test(phrase) });
  return result?.start.date().toISOString().slice(0, 10);
}

/** Names of companies and days, recurring days, and dates that are written in full already. */
function isPartOfMore(before: string, phrase: string, after: string): boolean {
  const isName = /^[A-Z][a-z]/.test(phrase) && CASUAL.test(phrase) && !/(?:^|[.!?:;\n(–—-]\s*)$/.test(before);
  const isDated = DATE_AFTER.test(after) && !TIME_AFTER.test(after);
  return isName || isDated || DATE_BEFORE.test(before) || NOT_AFTER.test(before) || NOT_BEFORE.test(after);
}

const joins = (text: string, before: Found, found: Found): boolean =>
  /^\s*(?:-|–|—|to|and|until|till|through)\s*$/i.test(text.slice(before.end, found.at));

/** In "Monday to Wednesday", said on a Tuesday, the Wednesday is the one after that Monday. */
const laterInRange = (from: Day, to: Day): Day => (to < from ? addDays(to, 7) : to);

const WEEKDAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';
const NUMBER = '(?:\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)';
const UNIT = '(?:day|week|month)s?';
const MONTH = '(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\\.?';

// "sun", "sat", "wed" and "mon" are other words as well: short, they need a "next" before them.
const PHRASE = new RegExp(
  `(?<![\\p{L}\\p{N}_@#./'’-])(?:${[
    '(?:the )?day (?:after tomorrow|before yesterday)',
    'today|tomorrow|yesterday',
    `(?:(?:next|last|coming|this(?: coming)?)\\s+)?${WEEKDAY}(?:\\s+(?:next|this)\\s+week)?`,
    '(?:(?:next|last|coming|this(?: coming)?)\\s+)?(?:tue|thur?|fri)',
    '(?:next|last|coming|this(?: coming)?)\\s+(?:mon|wed|sat|sun)',
    `in\\s+${NUMBER}\\s+${UNIT}`,
    `${NUMBER}\\s+${UNIT}\\s+(?:from now|ago)`,
  ].join('|')})(?![\\p{L}\\p{N}_@/-])`,
  'giu',
);
const DATED = new RegExp(`(?=.*\\d).*\\b${MONTH}|^[a-z]+,?\\s+\\d{4}-\\d{2}-\\d{2}$`, 'i');
const PAST = /^last|ago$|yesterday$/i;
const CASUAL = /^(?:today|tomorrow|yesterday)$/i;
const NOT_AFTER =
  /(?:\b(?:every|each|any|all|other|alternate|weekly|black|good|easter|cyber|first|second|third|fourth|1st|2nd|3rd|4th|next week|(?:day|week|month)s? (?:from|before|after)))\s+$/i;
const NOT_BEFORE =
  /^(?:\.\p{L}|['’]\s|\s+(?:weeks?\b(?!\s*end)|of\b|after next\b|before last\b|(?:inc|ltd|gmbh|llc|corp)\b))/iu;
const DATE_AFTER = new RegExp(`^[\\s,(–-]*(?:on\\s+)?(?:the\\s+)?(?:\\d|${MONTH}\\s+\\d)`, 'i');
const TIME_AFTER = /^[\s,(–-]*\d{1,2}(?:[:h]\d{2}|\s*(?:[ap]\.?m\b|h\b|uhr\b|o['’]clock))/i;
const DATE_BEFORE = new RegExp(
  `(?:\\d{4}-\\d{2}-\\d{2}|\\b\\d{1,2}[./-]\\d{1,2}[./-](?:\\d{4}|\\d{2})?|\\d(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}(?:,?\\s+\\d{4})?|${MONTH}\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?)[\\s,(]*$`,
  'i',
);
