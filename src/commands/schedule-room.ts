/** A channel's digest: who may set it up or change it, and what is said before. */
import { dayIn, isDay } from '../pipeline/calendar.ts';
import { fullName } from '../pipeline/person.ts';
import { mayManage } from '../pipeline/roster.ts';
import { nextAfter } from '../pipeline/schedule.ts';
import { enact } from '../store/changes.ts';
import { personById } from '../store/people.ts';
import type { RoomKey } from '../store/rooms.ts';
import {
  DIGEST_DOORS,
  type RoomSubscription,
  roomSubscription,
  schedulingRoom,
  type Wish,
} from '../store/subscriptions.ts';
import { whereIn } from '../views/post.ts';
import { HERE, roomDigestName, scheduleNote, statusNote, type Timetable } from '../views/schedule.ts';
import { roomForm } from '../views/schedule-room.ts';
import { type Note, type Option, problem } from '../views/view.ts';
import type { Context, Place, Result } from './command.ts';
import { mayAnswer, readsAlong } from './room.ts';
import { drawForRoom } from './room-digest.ts';
import { DEFAULTS, type Patch, patchOf, type ScheduleInput } from './schedule-input.ts';

type RoomWish = Omit<Wish, 'door'>;

const NOTHING = 'Nothing was changed.';
const WHERE = `Say it in the channel where the digest is to come: “schedule here”. ${NOTHING}`;
const WORKING_WEEK = [1, 2, 3, 4, 5];

/** This channel, as a place for a digest; undefined where nobody else reads along, or we are not told who. */
export async function roomAround(context: Context): Promise<Option | undefined> {
  const place = await context.room?.().catch(() => undefined);
  if (!place || !isChat(context) || !readsAlong(place, {}, context)) return undefined;
  return { value: HERE, label: `also in ${whereIn(place.name)}, for all who read along` };
}

/** To whoever ended their own where a digest of the channel goes on. */
export async function roomGoesOn(context: Context): Promise<string[]> {
  const place = await context.room?.().catch(() => undefined);
  if (!place || !isChat(context)) return [];
  const { platform, tenant } = context.source;
  const found = await roomSubscription(context.store, { platform, tenant, room: place.conversation });
  if (!found || found.isOff || found.isGone || found.by.role === 'none') return [];
  return [`That was your own. “schedule off here” ends the one in ${whereIn(place.name)}.`];
}

/** Sets it up, changes it or ends it; without a yes it says first who reads along, and what they will see. */
export async function scheduleInRoom(input: ScheduleInput, context: Context): Promise<Result> {
  const place = await context.room?.(input.room);
  if (!place || !isChat(context) || !readsAlong(place, input, context)) return refusal(WHERE);
  const { platform, tenant } = context.source;
  const at = { platform, tenant, room: place.conversation };
  const found = await roomSubscription(context.store, at);
  // One that is over is nobody's.
  const current = found && !found.isOff && !found.isGone && found.by.role !== 'none' ? found : undefined;
  const around = { place, at, found, current };
  if (!current && (input.do === 'status' || input.do === 'off'))
    return refusal(`There is no digest in ${whereIn(place.name)}.`);
  if (current && input.do === 'status') return { reply: stands(around, current.timeZone, context.now) };
  if (current && current.by.id !== context.actor.id && !mayManage(context.actor))
    return refusal(
      `${current.by.name} set up the digest in ${whereIn(place.name)}: they, the alliance lead and the alliance team can change it. ${NOTHING}`,
    );
  return decide(input, around, context);
}

interface Around {
  place: Place;
  at: RoomKey;
  /** Also one that is over: a day that had its digest has no second one. */
  found: RoomSubscription | undefined;
  current: RoomSubscription | undefined;
}

function stands(around: Around, timeZone: string, now: Date): Note {
  const wish = wishOf(around, {}, timeZone, now);
  return statusNote(roomDigestName(around.place.name), tableOf(wish), { now, nextAt: wish.nextAt });
}

async function decide(input: ScheduleInput, around: Around, context: Context): Promise<Result> {
  const { place, at, current } = around;
  const { store, actor, key, source, until, now } = context;
  const timeZone = current?.timeZone ?? actor.timeZone;
  const asked: ScheduleInput = input.do ? input : { ...input, do: 'on' };
  const read = patchOf(asked, current ?? DEFAULTS, dayIn(now, timeZone), WORKING_WEEK);
  if ('errors' in read) return wrong(read.errors, input, around, context);
  const wish = wishOf(around, { ...read, ...pauseShown(input) }, timeZone, now);
  const told = isClosed(place) ? 'closed' : 'open';
  // A yes to a form holds for what that form said, and for nothing else.
  const hasChanged = input.told !== undefined && input.told !== told;
  if (!wish.isOff && !input.sure && !mayAnswer(place, context)) return refusal(fromThere(place));
  if (!wish.isOff && (!input.sure || hasChanged))
    return { reply: await ask(wish, around, context, { hasChanged }) };
  context.writes();
  const act = { key, verb: 'schedule', personId: actor.id, source, until };
  await enact(store, act, [schedulingRoom(at, current?.by.id ?? actor.id, wish, now)]);
  const name = roomDigestName(place.name);
  return { reply: scheduleNote(name, tableOf(wish), { now, nextAt: wish.nextAt }) };
}

/** The room's form sends what it shows: its pause, or that there is none. */
function pauseShown({ do: what, room, untilDate = '' }: ScheduleInput): Patch {
  if (what !== 'save' || room === undefined) return {};
  return { pausedUntil: isDay(untilDate) ? untilDate : null };
}

async function wrong(
  errors: Record<string, string>,
  input: ScheduleInput,
  around: Around,
  context: Context,
): Promise<Result> {
  if (input.do !== 'save') return refusal(Object.values(errors)[0] ?? NOTHING);
  const timeZone = around.current?.timeZone ?? context.actor.timeZone;
  const wish = wishOf(around, {}, timeZone, context.now);
  return { reply: await ask(wish, around, context, { errors }), ok: false };
}

const refusal = (text: string): Result => ({ reply: problem(text), ok: false });

const isChat = ({ source }: Context): boolean => DIGEST_DOORS.some((door) => door === source.platform);

const fromThere = ({ name }: Place): string =>
  `I cannot tell for sure who reads along in ${whereIn(name)}, so I take it only from there: say “schedule here (yes)” there. ${NOTHING}`;

const isClosed = ({ isOpenToOthers, isUnclear }: Place): boolean => isOpenToOthers || isUnclear;

function wishOf({ found, current }: Around, patch: Patch, timeZone: string, now: Date): RoomWish {
  const { off, days, hour, pausedUntil, isOff } = { ...DEFAULTS, ...current, ...patch };
  const paused = pausedUntil && pausedUntil > dayIn(now, timeZone) ? pausedUntil : null;
  const chosen = days.length > 0 ? days : WORKING_WEEK;
  const plan = { days: chosen, hour, timeZone, ...(paused ? { pausedUntil: paused } : {}) };
  const nextAt = nextAfter(now, plan, found?.lastDay ?? null).at;
  return { off, days: chosen, hour, isOff, pausedUntil: paused, plan, nextAt };
}

const tableOf = ({ off, isOff, plan }: RoomWish): Timetable => ({ off, isOff, ...plan });

async function ask(
  wish: RoomWish,
  { place, at, current }: Around,
  { store, actor, now }: Context,
  more: { hasChanged?: boolean; errors?: Record<string, string> },
) {
  const timetable = tableOf(wish);
  const known = { audience: place, room: place.conversation, today: dayIn(now, wish.plan.timeZone), ...more };
  const asking = { ...known, ...byOf(current, actor) };
  if (isClosed(place)) return roomForm(timetable, asking);
  const setter = current && (await personById(store, current.by.id));
  const by = current?.by.name ?? fullName(actor);
  const wanted = { at, setter: setter ?? actor, by, off: wish.off };
  const preview = await drawForRoom(store, place, wanted, now);
  return roomForm(timetable, { ...asking, preview });
}

const byOf = (current: RoomSubscription | undefined, { id }: Context['actor']) =>
  current ? { by: { name: current.by.name, isOwn: current.by.id === id } } : {};
