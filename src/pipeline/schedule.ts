/** When a digest comes: by the wall clock of its zone, on its days, once a day. */
import { SECTIONS } from './attention.ts';
import { addDays, dayIn, hourIn, startOfDay } from './calendar.ts';
import type { Day } from './deal.ts';
import { DIGEST_SECTIONS, type DigestSection } from './digest.ts';

/** After so many hours a morning's digest is no help any more: it is skipped, and the next one says so. */
export const LATE_HOURS = 3;
const LATE_MS = LATE_HOURS * 60 * 60 * 1000;

/** Where somebody has no working days at all: a digest comes all the same. */
const WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5];

export interface Plan {
  /** ISO weekdays, 1 is Monday. For "my working days" the caller hands these over. */
  days: readonly number[];
  /** 0 to 23. */
  hour: number;
  /** IANA; an unknown one counts as UTC. */
  timeZone: string;
  /** The first day on which it comes again. */
  pausedUntil?: Day;
}

/** One coming of a digest: the day it is for, by the zone's calendar, and the moment. */
export interface Coming {
  day: Day;
  at: Date;
}

/**
 * The first one after that moment. An hour that does not exist in a spring night comes at the first moment after the gap;
 * one that comes twice in autumn comes once, the first time. A day that a zone leaves out altogether brings none.
 */
export function nextDigest(after: Date, { days, hour, timeZone, pausedUntil }: Plan): Coming {
  const real = days.filter((day) => day >= 1 && day <= 7);
  const wanted = real.length > 0 ? real : WEEKDAYS;
  const yesterday = addDays(dayIn(after, timeZone), -1);
  for (let day = pausedUntil && pausedUntil > yesterday ? pausedUntil : yesterday; ; day = addDays(day, 1)) {
    if (!wanted.includes(weekday(day))) continue;
    const at = momentOf(day, hour, timeZone);
    if (at && at > after) return { day, at };
  }
}

/** All that came after the first moment, up to and with the second; the last `most` of them, oldest first. */
export function digestsBetween(after: Date, until: Date, plan: Plan, most: number): Coming[] {
  const found: Coming[] = [];
  for (let it = nextDigest(after, plan); it.at <= until; it = nextDigest(it.at, plan)) {
    found.push(it);
    if (found.length > most) found.shift();
  }
  return found;
}

/** Too late to be sent. */
export const isLate = (dueAt: Date, now: Date): boolean => now.getTime() - dueAt.getTime() > LATE_MS;

/** What a moment was computed from, as one text: another one asks for computing it anew. */
export const planKey = ({ days, hour, timeZone, pausedUntil = '' }: Plan): string =>
  [timeZone, days.join(','), hour, pausedUntil].join('|');

/** The first after that moment on a later day than `lastDay`: a day that had its digest has no second one. */
export function nextAfter(now: Date, plan: Plan, lastDay: Day | null): Coming {
  for (let it = nextDigest(now, plan); ; it = nextDigest(it.at, plan))
    if (isLaterDay(it.day, lastDay, now, plan.timeZone)) return it;
}

/**
 * What came since it was planned by another plan than this one: a morning that is not too late yet, on a later day than
 * `lastDay`.
 */
export const cameInstead = (now: Date, plan: Plan, lastDay: Day | null): Coming[] =>
  digestsBetween(new Date(now.getTime() - LATE_MS - 1), now, plan, 1).filter(({ day }) =>
    isLaterDay(day, lastDay, now, plan.timeZone),
  );

/** Where `lastDay` lies further ahead than tomorrow, which a change of zone may be, a clock was once wrong: it holds up nothing. */
const isLaterDay = (day: Day, lastDay: Day | null, now: Date, timeZone: string): boolean =>
  lastDay === null || day > lastDay || lastDay > addDays(dayIn(now, timeZone), 1);

/** "8", "08:00", "8 am", "5pm" → 8, 8, 8, 17. Undefined for all else: a digest comes at a full hour. */
export function hourCalled(text: string): number | undefined {
  const [, digits = '', half] = /^(\d{1,2})(?::00)?\s*(am|pm|h|uhr|o['’]clock)?$/i.exec(text.trim()) ?? [];
  if (digits === '') return undefined;
  const hour = Number(digits);
  if (!/^[ap]m$/i.test(half ?? '')) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half?.toLowerCase() === 'pm' ? 12 : 0);
}

/** A section by its name, its title or the beginning of one, in any case; undefined for what is none, or might be two. */
export function sectionCalled(text: string): DigestSection | undefined {
  const said = text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
  if (said === '') return undefined;
  const named = (id: DigestSection) => [id.replaceAll('-', ' '), SECTIONS[id].title.toLowerCase()];
  const found =
    DIGEST_SECTIONS.find((id) => named(id).includes(said)) ??
    DIGEST_SECTIONS.filter((id) => named(id).some((name) => name.startsWith(said)));
  if (typeof found === 'string') return found;
  return found.length === 1 ? found[0] : undefined;
}

/** Clocks are set by whole quarters of an hour. */
const STEP = 15 * 60_000;
const HOUR = 4 * STEP;

/** 1 is Monday. */
const weekday = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

function momentOf(day: Day, hour: number, timeZone: string): Date | undefined {
  const start = Date.parse(startOfDay(day, timeZone));
  if (dayIn(new Date(start), timeZone) !== day) return undefined;
  const isReached = (at: number): boolean => {
    const there = dayIn(new Date(at), timeZone);
    return there > day || (there === day && hourIn(new Date(at), timeZone) >= hour);
  };
  // Right on most days; where clocks were set meanwhile it is at most a few steps off.
  let at = start + hour * HOUR;
  while (!isReached(at)) at += STEP;
  while (at > start && isReached(at - STEP)) at -= STEP;
  return new Date(at);
}
