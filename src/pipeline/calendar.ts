/**
 * Days and deadlines. A moment belongs to the clock (UTC), a day to a person's time zone; the two meet only in
 * `dayIn` and `plainMoment`. Business days are Monday to Friday; public holidays are never considered.
 */
import type { Day, Moment } from './deal.ts';

/** Sales guide, Accepting opportunities: accept within 5 business days or it is removed from view. */
const ACCEPT_BUSINESS_DAYS = 5;

/**
 * When AWS asks for an answer by: 5 business days after the invitation moment, counted in UTC, as neither the guide nor
 * the API names a zone. Invited Friday 15:00 → the Friday after at 15:00. Invited on a Saturday or Sunday, the clock
 * starts on Monday 00:00 → the Monday after at 00:00.
 */
export function acceptBy(invitedAt: Moment): Moment {
  let at = startOfBusiness(Date.parse(invitedAt));
  for (let days = 0; days < ACCEPT_BUSINESS_DAYS; days++) at = nextBusinessDay(at);
  return new Date(at).toISOString();
}

/**
 * The earlier of the two clocks on what is pending: `acceptBy` and the moment AWS removes it. Another partner's
 * invitation has only the second.
 */
export function dueAt(invited: {
  invitedAt: Moment;
  expiresAt: Moment;
  sender: { account: string };
}): Moment {
  const clocks = [
    invited.expiresAt,
    ...(invited.sender.account === 'aws' ? [acceptBy(invited.invitedAt)] : []),
  ];
  return new Date(Math.min(...clocks.map((at) => Date.parse(at)))).toISOString();
}

/** "12 days left", "5 h left", "40 min left"; once past "over for 5 h". Rounded down: it never promises too much. */
export function timeLeft(until: Moment, now: Date): string {
  const left = Date.parse(until) - now.getTime();
  return left > 0 ? `${span(left)} left` : `over for ${span(-left)}`;
}

/** "12 days", "5 h", "40 min": how long it is to a moment that is still to come. Rounded down. */
export const timeUntil = (until: Moment, now: Date): string => span(Date.parse(until) - now.getTime());

/**
 * The same on AWS's clock: "2 business days left", weekends not counted, rounded down. Under one business day the
 * ordinary clock speaks, weekend included: "2 days left" on a Saturday for what ends on Monday evening.
 */
export function businessTimeLeft(until: Moment, now: Date): string {
  const days = Math.floor(businessMs(now.getTime(), Date.parse(until)) / DAY);
  return days > 0 ? `${count(days, 'business day')} left` : timeLeft(until, now);
}

/** Whole business days from a moment to now, in UTC as AWS's own clock here. */
export const businessDaysSince = (at: Moment, now: Date): number =>
  Math.floor(businessMs(Date.parse(at), now.getTime()) / DAY);

/** The moment before which lie more than so many business days: what began earlier has lasted longer. */
export function businessDaysAgo(days: number, now: Date): Moment {
  let at = now.getTime();
  while (isWeekend(at - 1)) at = midnight(at - 1);
  for (let left = days; left > 0; left--) {
    at -= DAY;
    while (isWeekend(at - 1)) at -= DAY;
  }
  return new Date(at).toISOString();
}

/** The local day in an IANA zone. An unknown zone counts as UTC. */
export const dayIn = (now: Date, timeZone: string): Day => wallClock(now, timeZone).day;

/** The local hour there, 0 to 23. */
export const hourIn = (now: Date, timeZone: string): number =>
  Number(wallClock(now, timeZone).time.slice(0, 2));

/** Whether this Node knows that IANA zone, by a name of a place; any other counts as UTC. */
export function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone.includes('/');
  } catch {
    return false; // no such zone
  }
}

/** Whole days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => (utc(to) - utc(from)) / DAY;

/** The day so many days later. */
export const addDays = (day: Day, days: number): Day =>
  new Date(utc(day) + days * DAY).toISOString().slice(0, 10);

/** First and last day, both within. */
export interface Span {
  first: Day;
  last: Day;
}

/** The calendar month a day is in. */
export const monthOf = (day: Day): Span => monthsAround(day, 1);

/** The calendar quarter a day is in (sales guide, Opportunities list views: January to March, April to June, …). */
export const quarterOf = (day: Day): Span => monthsAround(day, 3);

/** The first moment of a day in that zone, also where clocks are set at midnight. */
export function startOfDay(day: Day, timeZone: string): Moment {
  const guess = utc(day) - aheadOf(utc(day), timeZone);
  let at = utc(day) - aheadOf(guess, timeZone);
  const isIn = (moment: number) => dayIn(new Date(moment), timeZone) >= day;
  while (!isIn(at)) at += HOUR / 2;
  while (isIn(at - MINUTE)) at -= HOUR / 2;
  return new Date(at).toISOString();
}

/**
 * The moment at which clocks there show that day and time ("14:00"): the first of two, where they are set back in between; one
 * that they skip is later by what they skip.
 */
export function momentAt(day: Day, time: string, timeZone: string): Moment {
  const wall = Date.parse(`${day}T${time}:00Z`);
  const [before = wall, after = wall] = [wall - DAY, wall + DAY].map((at) => wall - aheadOf(at, timeZone));
  const shown = [before, after].filter((at) => at + aheadOf(at, timeZone) === wall);
  return new Date(shown.length > 0 ? Math.min(...shown) : before).toISOString();
}

/** Whether a text is a real day, such as 2026-02-28 and not 2026-02-30. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text)) && addDays(text, 0) === text;

/** "Fri 28 Nov"; with the year when it is not this one. A text that is no day comes back as it is. */
export function plainDay(day: Day, today: Day): string {
  if (!isDay(day)) return day;
  const date = new Date(utc(day));
  const words = `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return day.slice(0, 4) === today.slice(0, 4) ? words : `${words} ${day.slice(0, 4)}`;
}

/** "14:05": what clocks there show then. */
export const timeIn = (at: Date, timeZone: string): string => wallClock(at, timeZone).time;

/** "14:05" for what is today in that zone, else "Fri 28 Nov 14:05". */
export function plainMoment(at: Moment, now: Date, timeZone: string): string {
  const then = wallClock(new Date(at), timeZone);
  const today = dayIn(now, timeZone);
  return then.day === today ? then.time : `${plainDay(then.day, today)} ${then.time}`;
}

/** "1 day", "3 days". */
export const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const utc = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const isWeekend = (at: number): boolean => [0, 6].includes(new Date(at).getUTCDay());
const midnight = (at: number): number => Math.floor(at / DAY) * DAY;

function monthsAround(day: Day, many: number): Span {
  const [year = 0, month = 1] = day.split('-').map(Number);
  const from = Math.floor((month - 1) / many) * many;
  const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { first: iso(Date.UTC(year, from, 1)), last: iso(Date.UTC(year, from + many, 0)) };
}

/** How far that zone's clocks are ahead of UTC then, in ms. */
function aheadOf(at: number, timeZone: string): number {
  const { day, time } = wallClock(new Date(at), timeZone);
  return Date.parse(`${day}T${time}:00Z`) - Math.floor(at / MINUTE) * MINUTE;
}

function startOfBusiness(at: number): number {
  let start = at;
  while (isWeekend(start)) start = midnight(start) + DAY;
  return start;
}

function nextBusinessDay(at: number): number {
  let next = at + DAY;
  while (isWeekend(next)) next += DAY;
  return next;
}

function businessMs(from: number, to: number): number {
  let sum = 0;
  for (let at = startOfBusiness(from); at < to; at = startOfBusiness(midnight(at) + DAY))
    sum += Math.min(to, midnight(at) + DAY) - at;
  return sum;
}

function span(ms: number): string {
  if (ms >= 2 * DAY) return count(Math.floor(ms / DAY), 'day');
  if (ms >= HOUR) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / MINUTE)} min`;
}

function wallClock(at: Date, timeZone: string): { day: Day; time: string } {
  const ms = at.getTime();
  if (last.ms !== ms || last.timeZone !== timeZone) last = { ms, timeZone, ...readClock(at, timeZone) };
  return last;
}

// The lines of a list all ask what day it is now.
let last = { ms: Number.NaN, timeZone: '', day: '', time: '' };

function readClock(at: Date, timeZone: string): { day: Day; time: string } {
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

// Making a formatter costs far more than using it, and a list asks for dozens.
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = newClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}

function newClock(timeZone: string): Intl.DateTimeFormat {
  const digits = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  const options = { ...digits, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    // Rescues a person whose chat profile names a zone this Node does not know: they read UTC instead of nothing.
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}
