/** Who may look after whose desk, and when. Days are those of whoever is away. */
import { addDays, daysBetween, isDay, plainDay } from './calendar.ts';
import type { Day } from './deal.ts';
import { cut, oneLine, weekdayHint } from './text.ts';

/** Longer than any holiday: whoever is away longer hands their desk over. */
export const MOST_COVER_DAYS = 60;
/** Nobody plans further ahead. */
const MOST_AHEAD_DAYS = 365;

/** First and last day, both within. Ids of people. */
export interface Cover {
  id: string;
  personId: string;
  coverId: string;
  from: Day;
  until: Day;
  /** Who set it up. */
  byId: string;
}

type Days = Pick<Cover, 'from' | 'until'>;

/** Whether both have a day in common. */
export const overlaps = (one: Days, other: Days): boolean =>
  one.from <= other.until && other.from <= one.until;

export const isOn = ({ from, until }: Days, today: Day): boolean => from <= today && today <= until;

/** What is wrong with these days, by the field of the form; empty when nothing is. */
export function daysErrors({ from, until }: Days, today: Day): { fromDate?: string; untilDate?: string } {
  if (!isDay(from)) return { fromDate: unknownDay(from, today) };
  if (!isDay(until)) return { untilDate: unknownDay(until, today) };
  if (from < today) return { fromDate: 'That day is past. A cover begins today or later.' };
  if (from > addDays(today, MOST_AHEAD_DAYS)) return { fromDate: 'That is more than a year ahead.' };
  if (until < from) {
    const earliest = plainDay(from, today);
    return { untilDate: `That is before it begins (${earliest}). Give the last day they are away.` };
  }
  if (daysBetween(from, until) >= MOST_COVER_DAYS) {
    const latest = plainDay(addDays(from, MOST_COVER_DAYS - 1), today);
    return {
      untilDate: `A cover lasts ${MOST_COVER_DAYS} days at most, here until ${latest}. For longer there is “hand-over”.`,
    };
  }
  return {};
}

/** It is no day that we know; the days that it names as examples are to come, and true. */
function unknownDay(said: string, today: Day): string {
  const day = addDays(today, 7);
  return `I do not know the day “${cut(oneLine(said), 80)}”${weekdayHint(said)} Say it like “${plainDay(day, today)}”, “next Friday” or “${day}”.`;
}

/** What of the one lies in no day of the other, from today on; two spans where the other lies within. */
export const daysWithout = (one: Days, other: Days, today: Day): Days[] =>
  [
    { from: one.from, until: earlier(one.until, addDays(other.from, -1)) },
    { from: later(one.from, addDays(other.until, 1)), until: one.until },
  ]
    .map(({ from, until }) => ({ from: later(from, today), until }))
    .filter(({ from, until }) => from <= until);

const earlier = (one: Day, other: Day): Day => (one < other ? one : other);
const later = (one: Day, other: Day): Day => (one < other ? other : one);

/** The cover by which that colleague is away themselves in that time: they cannot stand in then. */
export const awayThen = <It extends Cover>(
  colleagueId: string,
  days: Days,
  covers: readonly It[],
): It | undefined => covers.find((it) => it.personId === colleagueId && overlaps(it, days));
