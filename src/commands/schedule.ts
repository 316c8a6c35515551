import { dayIn } from '../pipeline/calendar.ts';
import { DIGEST_SECTIONS } from '../pipeline/digest.ts';
import { hourCalled, nextAfter } from '../pipeline/schedule.ts';
import { enact } from '../store/changes.ts';
import { type OwnSchedule, ownSchedule, scheduling, trimming, type Wish } from '../store/subscriptions.ts';
import { leaveOutList, trimmedNote } from '../views/leave-out.ts';
import { platformName } from '../views/link.ts';
import {
  HERE,
  pauseForm,
  scheduleForm,
  scheduleNote,
  statusNote,
  type Timetable,
  YOURS,
} from '../views/schedule.ts';
import { problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';
import {
  DEFAULTS,
  Input,
  listed,
  NOTHING_LEFT,
  type Patch,
  patchOf,
  type ScheduleInput,
  sectionsNamed,
} from './schedule-input.ts';
import { roomAround, roomGoesOn, scheduleInRoom } from './schedule-room.ts';

/** When somebody's digest comes, and a channel's. Each way of saying it sets; none toggles. */
export const schedule = command({
  verb: 'schedule',
  about: 'organise',
  opensForm: ({ do: what, untilDate, sure }) =>
    what === undefined ? sure === undefined : what === 'pause' && untilDate === undefined,
  summary: 'When your digest comes, and what stands in it; or one for this channel',
  usage:
    'schedule [off | on | status | pause until <day> | on <days> | at <hour> | with <section> | without <section>] [here] [(yes)]',
  more: [
    'Without more it asks: sections, days, hour, where. It comes only when there is something in it.',
    'at 8: by the clock of your record. on Mon, Wed: on these days; both in either order. status: what is set.',
    'pause until Monday: on that day it comes again; on: now.',
    `Sections: ${DIGEST_SECTIONS.map((id) => id.replaceAll('-', ' ')).join(', ')}.`,
    'here, said in a channel: a digest for all who read along there; it asks before it is set up, and (yes) says that you are sure.',
    'For example: schedule without stale, or: schedule here at 8',
  ],
  takesDeal: false,
  input: Input,
  run: (input, context) =>
    input.here === 'yes' || input.where === HERE ? scheduleInRoom(input, context) : own(input, context),
});

async function own(input: ScheduleInput, context: Context): Promise<Result> {
  const found = await ownSchedule(context.store, context.actor.id);
  const before = wishOf(found, {}, context.now);
  if (input.do === undefined) return { reply: await ask(found, before, context) };
  if (input.do === 'status')
    return { reply: statusNote(YOURS, tableOf(before, found), { now: context.now, nextAt: before.nextAt }) };
  if (input.do === 'sections') return { reply: leaveOutList(listed(input.sections), before.off) };
  if (input.do === 'pause' && before.isOff) return { reply: problem(OFF_ALREADY), ok: false };
  const isOpen = input.do === 'pause' && input.untilDate === undefined;
  if (isOpen) return { reply: pauseForm() };
  const read = patchOf(input, before, dayIn(context.now, found.timeZone), found.workingDays);
  if ('errors' in read) {
    const { errors } = read;
    const [first = ''] = Object.values(errors);
    if (input.do === 'save')
      return { reply: await ask(found, before, context, { input, errors }), ok: false };
    if (input.do === 'pause') return { reply: pauseForm(input.untilDate, first), ok: false };
    return { reply: problem(first), ok: false };
  }
  const wish = wishOf(found, read, context.now);
  if (input.do === 'with' || input.do === 'without') return trim(input.do, input, wish, context);
  const { store, actor, now } = context;
  context.writes();
  const keeps = read.off === undefined ? 'sections' : undefined;
  await enact(store, actOf(context), [scheduling(actor.id, wish, now, keeps)]);
  const more = wish.isOff ? await roomGoesOn(context) : [];
  return { reply: scheduleNote(YOURS, tableOf(wish, found), { now, nextAt: wish.nextAt }, more) };
}

const OFF_ALREADY =
  'Your digest is off already, so there is nothing to pause. “schedule on” brings it back. Nothing was changed.';

const actOf = ({ key, actor, source, until }: Context) => ({
  ...{ key, verb: 'schedule', personId: actor.id, source, until },
});

/** One press beside another: neither writes what it only read, and the answer says what stands after both. */
async function trim(
  how: 'with' | 'without',
  input: ScheduleInput,
  wish: Wish,
  context: Context,
): Promise<Result> {
  const { store, actor, now } = context;
  const sections = sectionsNamed(input);
  context.writes();
  await enact(store, actOf(context), [trimming(actor.id, { how, sections }, wish, now)]);
  const found = await ownSchedule(store, actor.id);
  const is = wishOf(found, {}, now);
  if (how === 'without' && DIGEST_SECTIONS.every((id) => is.off.includes(id) || sections.includes(id)))
    return { reply: problem(NOTHING_LEFT), ok: false };
  const stands = scheduleNote(YOURS, tableOf(is, found), { now, nextAt: is.nextAt });
  return { reply: trimmedNote(how, sections, stands) };
}

/** @param wrong what was sent, and is not taken: it stands in the form again. */
async function ask(
  found: OwnSchedule,
  wish: Wish,
  context: Context,
  wrong?: { input: ScheduleInput; errors: Record<string, string> },
) {
  const room = await roomAround(context);
  const doors = found.doors.map((value) => ({ value, label: `${platformName(value)}, for you alone` }));
  const places = [...doors, ...(room ? [room] : [])];
  const place = wrong?.input.where ?? wish.door ?? found.doors[0] ?? '';
  const today = dayIn(context.now, found.timeZone);
  const asking = { places, place, today };
  if (!wrong) return scheduleForm(tableOf(wish, found), asking);
  const { sections, days, hour = '' } = wrong.input;
  const typed = {
    off: DIGEST_SECTIONS.filter((id) => !listed(sections).includes(id)),
    days: listed(days).map(Number),
    hour: hourCalled(hour) ?? wish.hour,
  };
  return scheduleForm(tableOf(wish, found), { ...asking, errors: wrong.errors, typed });
}

/** As it stands, with what is to be different; a pause that is over is none, nor is one of a digest that was off. */
export function wishOf({ subscription, timeZone, workingDays }: OwnSchedule, patch: Patch, now: Date): Wish {
  const { off, days, hour, door, pausedUntil, isOff } = { ...DEFAULTS, ...subscription, ...patch };
  const holds = pausedUntil && pausedUntil > dayIn(now, timeZone) && !subscription?.isOff;
  const paused = holds ? pausedUntil : null;
  const plan = {
    ...{ days: days.length > 0 ? days : workingDays, hour, timeZone },
    ...(paused ? { pausedUntil: paused } : {}),
  };
  const nextAt = nextAfter(now, plan, subscription?.lastDay ?? null).at;
  return { off, days, hour, door, isOff, pausedUntil: paused, plan, nextAt };
}

/** As people read it. */
export function tableOf({ off, isOff, door, plan }: Wish, { doors }: OwnSchedule): Timetable {
  const goesTo = door ?? (doors.length === 1 ? doors[0] : undefined);
  return {
    ...{ off, isOff, ...plan },
    ...(goesTo ? { door: goesTo } : {}),
    ...(doors.length === 0 ? { isNowhere: true } : {}),
  };
}
