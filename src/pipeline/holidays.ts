/** Public holidays, by country: they shift when a person is spoken to, and never a deadline. */
import type { HolidaysTypes } from 'date-holidays';
import { addDays } from './calendar.ts';
import type { Day } from './deal.ts';

/** Whether nobody works on that day. */
export type IsHoliday = (day: Day) => boolean;

/**
 * The public holidays of a whole country (not those of its states), whole days only.
 * @param country ISO-3166 alpha-2. Of none, and of one that is not known, no day is a holiday.
 */
export async function holidaysOf(country: string | undefined): Promise<IsHoliday> {
  if (!country) return () => false;
  const calendar = await calendarOf(country);
  return (day) => calendar(day.slice(0, 4)).has(day);
}

type Calendar = (year: string) => ReadonlySet<Day>;

const calendars = new Map<string, Promise<Calendar>>();

function calendarOf(country: string): Promise<Calendar> {
  const known = calendars.get(country);
  if (known) return known;
  const calendar = readCalendar(country);
  calendars.set(country, calendar);
  return calendar;
}

async function readCalendar(country: string): Promise<Calendar> {
  // Some 150 ms and 25 MB: read when somebody's country is asked for, not at every start.
  const { default: Holidays } = await import('date-holidays');
  const library = new Holidays(country, { types: ['public'] });
  const years = new Map<string, ReadonlySet<Day>>();
  return (year) => {
    // Working a year out takes up to 60 ms.
    const days = years.get(year) ?? new Set((library.getHolidays(Number(year)) || []).flatMap(daysOf));
    years.set(year, days);
    return days;
  };
}

/** "2026-09-21 00:00:00 -0600": its day, as the country says it. What begins at noon is half a day, and a working one. */
function daysOf({ date, start, end }: HolidaysTypes.Holiday): Day[] {
  if (date.slice(11, 16) !== '00:00') return [];
  const many = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY));
  return Array.from({ length: many }, (_, nth) => addDays(date.slice(0, 10), nth));
}

const DAY = 24 * 60 * 60 * 1000;
