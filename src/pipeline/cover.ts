/** Who may look after whose desk, and when. Days are those of whoever is away. */
import { addDays, daysBetween, isDay, plainDay } from './calendar.ts';
import type { Day } from './deal.ts';

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
  if (!isDay(from)) return { fromDate: NO_DAY };
  if (!isDay(until)) return { untilDate: NO_DAY };
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

const NO_DAY = 'I do not know that day. Say it like “Fri 5 Dec”, “next Friday” or “2026-12-05”.';

/** The cover by which that colleague is away themselves in that time: they cannot stand in then. */
export const awayThen = <It extends Cover>(
  colleagueId: string,
  days: Days,
  covers: readonly It[],
): It | undefined => covers.find((it) => it.personId === colleagueId && overlaps(it, days));
