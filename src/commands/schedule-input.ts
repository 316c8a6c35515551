/** What is said of a schedule, and what it comes to: each way of saying it sets, none toggles. */
import { z } from 'zod';
import { isDay } from '../pipeline/calendar.ts';
import { DIGEST_SECTIONS, type DigestSection } from '../pipeline/digest.ts';
import { PARSERS } from '../pipeline/roster-fields.ts';
import { hourCalled, sectionCalled } from '../pipeline/schedule.ts';
import type { Wish } from '../store/subscriptions.ts';
import { HERE } from '../views/schedule.ts';

const Text = z.string().max(200, 'That is longer than anything that can be said here.').optional();
export const Input = z.object({
  /**
   * sections: shows them, each to be left out by a press; changes nothing. Nobody types it. status: says what stands; changes
   * nothing.
   */
  do: z
    .enum(['off', 'on', 'pause', 'at', 'days', 'with', 'without', 'save', 'sections', 'status'])
    .optional(),
  /** Of this channel's digest. */
  here: z.literal('yes').optional(),
  untilDate: Text,
  section: Text,
  /** Of the form, or those that stand in a digest: joined by commas. */
  sections: Text,
  /** Of the form: numbers, joined by commas; typed: days by name. */
  days: Text,
  hour: Text,
  where: z.enum(['slack', 'teams', HERE]).optional(),
  /** Which channel the form spoke of, and what it said of it. Hidden: nobody types them. */
  room: z.string().min(1).max(200).optional(),
  told: z.enum(['closed', 'open']).optional(),
  sure: z.literal('yes').optional(),
});
export type ScheduleInput = z.infer<typeof Input>;

/** What is to be another way than it is. */
export type Patch = Partial<Pick<Wish, 'off' | 'days' | 'hour' | 'door' | 'pausedUntil' | 'isOff'>>;

export const DEFAULTS = { off: [], days: [], hour: 9, door: null, pausedUntil: null, isOff: false };

type Read = Patch | { errors: Record<string, string> };

/** What the words, or the form, ask for; or what is wrong with them, by field. */
export function patchOf(
  input: ScheduleInput,
  before: Pick<Wish, 'off'>,
  today: string,
  workingDays: readonly number[],
): Read {
  switch (input.do) {
    case 'off':
      return { isOff: true };
    case 'on':
      return { isOff: false, pausedUntil: null };
    case 'pause':
      return pause(input.untilDate ?? '', today);
    case 'at':
      return at(input.hour ?? '');
    case 'days':
      return onDays(input, workingDays);
    case 'with':
    case 'without':
      return trimmed(input, before.off);
    default:
      return fromForm(input, workingDays);
  }
}

const MOST_DAYS_AHEAD = 366;

function pause(text: string, today: string): Read {
  const wrong = (untilDate: string) => ({ errors: { untilDate } });
  if (!isDay(text)) return wrong(`“${text}” is no day. Say it like this: schedule pause until Monday`);
  if (text <= today) return wrong('That day is not to come. A pause ends on a later day than today.');
  const days = (Date.parse(text) - Date.parse(today)) / 86_400_000;
  if (days > MOST_DAYS_AHEAD) return wrong('That is more than a year from now: “schedule off” ends it.');
  return { pausedUntil: text };
}

function at(text: string): Read {
  const hour = hourCalled(text);
  return hour === undefined
    ? { errors: { hour: `“${text}” is no full hour. Say it like this: schedule at 8` } }
    : { hour, isOff: false };
}

/** "Mondays and Thursdays", "Mon-Wed", "weekdays", "day". */
function onDays({ days = '', hour }: ScheduleInput, workingDays: readonly number[]): Read {
  const said = days
    .replace(/(day)s\b/gi, '$1')
    .replace(/^(?:work(?:ing)?|week)\s*day$/i, 'Mon-Fri')
    .replace(/^(?:day|daily)$/i, 'Mon-Sun')
    .replace(/\s+(?:to|until|till)\s+/gi, '-')
    .replace(/\s+and\s+/gi, ', ');
  const read = PARSERS.workingDays(said);
  if ('error' in read || !read.set.workingDays)
    return { errors: { days: `“${days}” is no day of the week. Say it like this: schedule on Mon, Wed` } };
  const when = hour === undefined ? {} : at(hour);
  if ('errors' in when) return when;
  return { isOff: false, ...when, days: chosenDays(read.set.workingDays, workingDays) };
}

/** Their working days, as they stand in the roster, also when these change. */
const chosenDays = (days: number[], workingDays: readonly number[]): number[] =>
  days.join() === [...workingDays].sort().join() ? [] : days;

export const NOTHING_LEFT = 'Then nothing would be left in it. “schedule off” ends it.';

/** The sections that "with" or "without" names: commas or "and" between them. Those that are none are passed over. */
export const sectionsNamed = ({ section = '' }: Pick<ScheduleInput, 'section'>): DigestSection[] => [
  ...new Set(namesIn(section).flatMap((name) => sectionCalled(name) ?? [])),
];

const namesIn = (text: string): string[] =>
  text.split(/[,;]\s*(?:and\s+)?|\s+and\s+/i).filter((it) => it.trim());

function trimmed(input: ScheduleInput, off: readonly string[]): Read {
  const { section = '' } = input;
  const ids = sectionsNamed(input);
  const unknown = namesIn(section).find((name) => !sectionCalled(name));
  if (unknown !== undefined || ids.length === 0) {
    const names = DIGEST_SECTIONS.map((it) => it.replaceAll('-', ' ')).join(', ');
    return { errors: { section: `There is no section “${unknown ?? section}”. There are: ${names}.` } };
  }
  const others = off.filter((it) => !ids.some((id) => id === it));
  if (input.do === 'with') return { off: others };
  const all = [...others, ...ids];
  return DIGEST_SECTIONS.every((id) => all.includes(id))
    ? { errors: { section: NOTHING_LEFT } }
    : { off: all };
}

function fromForm({ sections, days, hour = '', where }: ScheduleInput, workingDays: readonly number[]): Read {
  const on = listed(sections);
  const chosen = [...new Set(listed(days).map(Number))].filter((day) => day >= 1 && day <= 7).sort();
  const read = hourCalled(hour);
  const errors = {
    ...(on.length === 0 ? { sections: 'Choose what is to stand in it, or say “schedule off”.' } : {}),
    ...(chosen.length === 0 ? { days: 'Choose a day at least, or say “schedule off”.' } : {}),
    ...(read === undefined ? { hour: 'Choose an hour.' } : {}),
  };
  if (read === undefined || Object.keys(errors).length > 0) return { errors };
  return {
    off: DIGEST_SECTIONS.filter((id) => !on.includes(id)),
    days: chosenDays(chosen, workingDays),
    hour: read,
    isOff: false,
    ...(where && where !== HERE ? { door: where } : {}),
  };
}

/** What stands between commas. */
export const listed = (text = ''): string[] =>
  text
    .split(',')
    .map((it) => it.trim())
    .filter(Boolean);
