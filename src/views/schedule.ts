/** When somebody's digest comes, or a channel's, and the questions about it. */
import { SECTIONS } from '../pipeline/attention.ts';
import { addDays, dayIn, isDay, plainDay, plainMoment } from '../pipeline/calendar.ts';
import type { Day } from '../pipeline/deal.ts';
import { DIGEST_SECTIONS } from '../pipeline/digest.ts';
import { DAY_NAMES, daysInWords } from '../pipeline/roster-fields.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { platformName } from './link.ts';
import { whereIn } from './post.ts';
import type { Button, Field, Form, List, Note, Option } from './view.ts';
import { done } from './view.ts';

/** A schedule as people read it. `days`: with the person's working days where they chose none. */
export interface Timetable {
  off: readonly string[];
  days: readonly number[];
  hour: number;
  timeZone: string;
  isOff: boolean;
  pausedUntil?: Day;
  /** Where it goes; absent while nobody knows. */
  door?: string;
  /** It goes nowhere: they have used ace-desk in no chat yet. */
  isNowhere?: true;
}

export interface Now {
  now: Date;
  nextAt: Date;
}

type Times = Pick<Timetable, 'days' | 'hour' | 'timeZone'>;
const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** "Mon–Fri at 09:00 (Europe/Berlin)". */
export const timesInWords = ({ days, hour, timeZone }: Times): string =>
  `${daysInWords(days)} at ${clock(hour)} (${oneLine(timeZone)})`;

/** What stands now, after a word about it. `whose`: "Your digest", "The digest in #deals". */
export function scheduleNote(
  whose: string,
  table: Timetable,
  { now, nextAt }: Now,
  more: readonly string[] = [],
): Note {
  if (table.isOff) {
    const off = done(`${whose} is off. “${backOn(whose)}” brings it back.`, [...more]);
    return whose === YOURS ? { ...off, buttons: [BACK] } : off;
  }
  const { off, timeZone, pausedUntil, door } = table;
  const next = plainMoment(nextAt.toISOString(), now, timeZone);
  const today = dayIn(now, timeZone);
  const comes = done(`${whose} comes ${timesInWords(table)}${door ? `, in ${platformName(door)}` : ''}.`, [
    ...(pausedUntil ? [pausedInWords(pausedUntil, today, whose)] : []),
    table.isNowhere ? FROM_FIRST_USE : `The next one: ${next}, if there is something in it.`,
    ...leftOut(off),
    ...more,
  ]);
  return pausedUntil && whose === YOURS ? { ...comes, buttons: [RESUME] } : comes;
}

/** The same to whoever asked what stands. */
export const statusNote = (whose: string, table: Timetable, moments: Now): Note => ({
  ...scheduleNote(whose, table, moments),
  tone: 'info',
});

/** The line that names the sections that are left out; none where all stand in it. */
export function leftOut(off: readonly string[]): string[] {
  const left = DIGEST_SECTIONS.filter((id) => off.includes(id)).map((id) => SECTIONS[id].title);
  return left.length > 0 ? [`Left out: ${left.join(', ')}.`] : [];
}

const FROM_FIRST_USE = 'It comes in Slack or Teams, from your first use there on. “digest” shows it here.';

export const pausedInWords = (until: Day, today: Day, whose: string): string =>
  `It is paused until ${plainDay(until, today)}; “schedule on${whose === YOURS ? '' : ' here (yes)'}” ends the pause.`;

const backOn = (whose: string): string => (whose === YOURS ? 'schedule on' : 'schedule here');

export const YOURS = 'Your digest';
export const roomDigestName = (name?: string): string => `The digest in ${whereIn(name)}`;

type Errors = Record<string, string>;

/** `places`: the doors it may go to, and the channel where it was asked. */
export interface Asking {
  places: readonly Option[];
  place: string;
  /** In the schedule's zone. */
  today: Day;
  errors?: Errors;
  /** What was chosen, while something else is wrong; in place of what stands. */
  typed?: Pick<Timetable, 'off' | 'days' | 'hour'>;
}

/** Everything about a person's own digest. */
export function scheduleForm(table: Timetable, { places, place, today, errors, typed }: Asking): Form {
  const intro = [
    table.isOff ? 'Your digest is off; saving brings it back.' : `It comes ${timesInWords(table)}.`,
    ...(table.pausedUntil ? [pausedInWords(table.pausedUntil, today, YOURS)] : []),
    ...(places.some(({ value }) => value !== HERE) ? [] : [FROM_FIRST_USE]),
    'It comes only when there is something in it.',
  ];
  return {
    kind: 'form',
    verb: 'schedule',
    title: YOURS,
    submit: 'Save',
    intro,
    fields: [...fieldsOf({ ...table, ...typed }), ...(places.length > 1 ? [placeField(places, place)] : [])],
    input: { do: 'save' },
    others: table.isOff ? [] : [...(table.pausedUntil ? [RESUME] : []), PAUSE, OFF],
    ...(errors ? { errors } : {}),
  };
}

/** The value of a place that is this channel. */
export const HERE = 'here';

const PAUSE: Button = { verb: 'schedule', label: 'Pause…', input: { do: 'pause' }, opens: 'form' };
const RESUME: Button = { verb: 'schedule', label: 'Resume now', input: { do: 'on' } };
const BACK: Button = { verb: 'schedule', label: 'Bring it back', input: { do: 'on' } };
const OFF: Button = { verb: 'schedule', label: 'Turn it off', input: { do: 'off' } };

const placeField = (places: readonly Option[], value: string): Field => ({
  id: 'where',
  kind: 'choice',
  label: 'Where it comes',
  options: [...places],
  ...(places.some((it) => it.value === value) ? { value } : {}),
});

/** What a digest is to hold, on which days and when; of anybody’s. */
export function fieldsOf({ off, days, hour, timeZone }: Timetable): Field[] {
  const on = DIGEST_SECTIONS.filter((id) => !off.includes(id));
  return [
    {
      id: 'sections',
      kind: 'choices',
      label: 'What stands in it',
      options: DIGEST_SECTIONS.map((id) => ({ value: id, label: SECTIONS[id].title })),
      value: on.join(','),
    },
    {
      id: 'days',
      kind: 'choices',
      label: 'On which days',
      options: DAY_NAMES.map((label, nth) => ({ value: String(nth + 1), label })),
      value: days.join(','),
    },
    {
      id: 'hour',
      kind: 'choice',
      label: 'At what time',
      hint: cut(`By the clock of ${oneLine(timeZone)}.`, 120),
      options: Array.from({ length: 24 }, (_, at) => ({ value: String(at), label: clock(at) })),
      value: String(hour),
    },
  ];
}

/** Until when it is paused. `typed`: what is no day has no place in a calendar. */
export const pauseForm = (typed?: string, error?: string): Form => ({
  kind: 'form',
  verb: 'schedule',
  title: 'Pause your digest',
  submit: 'Pause',
  fields: [
    {
      id: 'untilDate',
      kind: 'date',
      label: 'It comes again on',
      hint: 'Until then you are sent none; “digest” shows it whenever you like.',
      ...(typed && isDay(typed) ? { value: typed } : {}),
    },
  ],
  input: { do: 'pause' },
  ...(error ? { errors: { untilDate: error } } : {}),
});

/** What of an earlier digest is to be said: it was never sent, or nobody knows whether it arrived. */
interface Speaking {
  missed: { day: Day; dueAt: string; how: 'skipped' | 'unsure' } | null;
  day: Day;
  timeZone: string;
  isRoom: boolean;
}

/** The list, which says at its end what became of the one before where that may not have been read. */
export function withMissed(list: List, { missed, day, timeZone, isRoom }: Speaking): List {
  if (!missed) return list;
  const which =
    missed.day === addDays(day, -1) ? 'Yesterday’s digest' : `The digest of ${plainDay(missed.day, day)}`;
  const due = new Date(missed.dueAt);
  const said =
    missed.how === 'unsure'
      ? `${which} may not have reached ${isRoom ? 'this channel' : 'you'}.`
      : `${which} was not sent: nothing could be sent at ${plainMoment(due.toISOString(), due, timeZone)}, nor in the three hours after.`;
  return { ...list, footer: [said, list.footer].filter(Boolean).join(' ') };
}
