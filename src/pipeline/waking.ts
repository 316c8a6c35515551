/** When a person may be spoken to: not at night, not on a day off, not on a public holiday of their country. */
import { addDays, dayIn, hourIn, startOfDay } from './calendar.ts';
import type { Day } from './deal.ts';
import { holidaysOf, type IsHoliday } from './holidays.ts';

/** `from`, `until`: the local hours (0 to 23) between which they are left alone; both the same: at no hour. */
export interface Sleeper {
  /** IANA; an unknown one counts as UTC. */
  timeZone: string;
  /** ISO weekdays, 1 is Monday; none at all: Monday to Friday. */
  workingDays: readonly number[];
  /** ISO-3166 alpha-2. */
  country?: string;
  from?: number;
  until?: number;
}

export const QUIET_FROM = 19;
export const QUIET_UNTIL = 8;

/** The earliest moment, that one or later, at which they may be spoken to. Asynchronous: holidays are read when needed. */
export const nextWaking = async (at: Date, who: Sleeper): Promise<Date> =>
  wakingAfter(at, who, await holidaysOf(who.country));

/** The same, with the holidays at hand. */
export function wakingAfter(at: Date, who: Sleeper, isHoliday: IsHoliday): Date {
  const { timeZone, from = QUIET_FROM, until = QUIET_UNTIL } = who;
  const rests = (day: Day) => !worksOn(day, who.workingDays) || isHoliday(day);
  let moment = at;
  for (const last = addDays(dayIn(at, timeZone), MOST_DAYS); ; ) {
    const day = dayIn(moment, timeZone);
    const hour = hourIn(moment, timeZone);
    if (day > last) return at;
    if (rests(day) || (isQuiet(hour, from, until) && hour >= until))
      moment = new Date(startOfDay(addDays(day, 1), timeZone));
    else if (isQuiet(hour, from, until)) moment = later(moment, until - hour);
    else return moment;
  }
}

// Nobody rests longer; whoever's days off never end is spoken to at once rather than never.
const MOST_DAYS = 60;

const QUARTER = 15 * 60_000;
const HOUR = 4 * QUARTER;
const WEEK: readonly number[] = [1, 2, 3, 4, 5];

/** Clocks are set at quarters of an hour of UTC, by an hour at most: up to two hours before it may be looked at. */
const later = (moment: Date, hours: number): Date =>
  new Date(Math.floor((moment.getTime() + Math.max(0, hours - 2) * HOUR) / QUARTER) * QUARTER + QUARTER);

/** Between 19 and 8, or between 1 and 6. */
const isQuiet = (hour: number, from: number, until: number): boolean =>
  from <= until ? from <= hour && hour < until : from <= hour || hour < until;

function worksOn(day: Day, workingDays: readonly number[]): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
  return (workingDays.length > 0 ? workingDays : WEEK).includes(weekday);
}
