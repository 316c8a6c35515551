/** Digests: planned by the clock, composed when they are sent, ticked off in place. */
import { dayIn } from '../pipeline/calendar.ts';
import {
  cameInstead,
  digestsBetween,
  isLate,
  nextAfter,
  nextDigest,
  type Plan,
  planKey,
} from '../pipeline/schedule.ts';
import { coversNow } from '../store/covers.ts';
import { endLeftBehind, endOldDigests } from '../store/digest-ends.ts';
import {
  type Due,
  dueSubscriptions,
  endOfOutsiders,
  endSubscriptions,
  newcomers,
  type Planned,
  planAll,
  startDigests,
  withDigest,
} from '../store/digest-plans.ts';
import { closeDigests, type DigestJob, digestJobs } from '../store/digests.ts';
import type { Store } from '../store/store.ts';
import { failuresOf, type Postman } from './copies.ts';
import { tickOff } from './digest-looks.ts';
import { sendInRoom } from './digest-rooms.ts';
import { sendOwn } from './digest-send.ts';

/**
 * One tick, by any number of processes: whoever came for the first time gets a digest from their next morning on, and
 * whose morning has come gets one for that day.
 */
export async function planDigests(store: Store, now: Date): Promise<void> {
  await endLeftBehind(store, now);
  await endOldDigests(store, now);
  await endOfOutsiders(store, now);
  await begin(store, now);
  const due = await dueSubscriptions(store, now);
  if (due.length === 0) return;
  const placeless = due.filter(({ recipient, isShut }) => recipient === null && !isShut);
  if (placeless.length > 0)
    await endSubscriptions(
      store,
      placeless.map(({ id }) => id),
      now,
    );
  const covered = await readByOthers(store, now);
  const isLeft = ({ isRoom, personId, isShut }: Due) => isShut || (!isRoom && covered.has(personId));
  const planned = due.flatMap((it) => plannedOf(it, isLeft(it), now) ?? []).filter(isNews);
  if (planned.length > 0) await planAll(store, planned);
}

/** What a clock that was ahead left behind is looked at each time, and mostly stays as it is. */
const isNews = ({ was, next, wasPlannedFor, plan, digests }: Planned): boolean =>
  next.getTime() !== was.getTime() || plan !== wasPlannedFor || digests.length > 0;

/** Whose work stands in the digest of whoever covers for them. A cover who gets none leaves them their own. */
async function readByOthers(store: Store, now: Date): Promise<ReadonlySet<string>> {
  const covers = [...(await coversNow(store, now)).values()];
  if (covers.length === 0) return new Set();
  const known = await withDigest(
    store,
    covers.map(({ coverId }) => coverId),
  );
  const reading = new Set(
    known
      .filter(({ pausedUntil, timeZone }) => pausedUntil === null || pausedUntil <= dayIn(now, timeZone))
      .map(({ personId }) => personId),
  );
  return new Set(covers.filter(({ coverId }) => reading.has(coverId)).map(({ personId }) => personId));
}

/** By default on working days at nine, by their own clock. */
const HOUR = 9;

async function begin(store: Store, now: Date): Promise<void> {
  const people = await newcomers(store);
  if (people.length === 0) return;
  const started = people.map(({ personId, timeZone, workingDays, days, hour, pausedUntil }) => {
    const plan = {
      days: days.length > 0 ? days : workingDays,
      hour: hour ?? HOUR,
      timeZone,
      ...(pausedUntil ? { pausedUntil } : {}),
    };
    return { personId, nextAt: nextDigest(now, plan).at, plan: planKey(plan) };
  });
  await startDigests(store, started, now);
}

/** After a longer sleep nobody has to hear of each day. */
const LOOK_BACK_MS = 7 * 24 * 60 * 60 * 1000;
/** The newest that came, and of those before it the one that the next digest speaks of. */
const MOST = 2;

/**
 * Undefined where there is no place for it. What was computed from another plan, or by a clock that was ahead, is computed
 * anew; a morning that came meanwhile is not lost. @param isLeft nobody waits for what came.
 */
function plannedOf(due: Due, isLeft: boolean, now: Date): Planned | undefined {
  const { id, nextAt, plannedFor, lastDay, platform, tenant, recipient, isShut } = due;
  if (recipient === null && !isShut) return undefined;
  const plan = planOf(due);
  const key = planKey(plan);
  const before = new Date(Math.max(nextAt.getTime() - 1, now.getTime() - LOOK_BACK_MS));
  const isAsPlanned = key === plannedFor && nextAt <= now;
  const came = isAsPlanned ? digestsBetween(before, now, plan, MOST) : cameInstead(now, plan, lastDay);
  const place = { platform, tenant, recipient };
  const [newest] = came.slice(-1);
  return {
    id,
    was: nextAt,
    wasPlannedFor: plannedFor,
    next: nextAfter(now, plan, newest?.day ?? lastDay).at,
    plan: key,
    digests: came.map(({ day, at }) => ({
      ...{ day, at, ...place },
      state: isLeft ? 'left' : at !== newest?.at || isLate(at, now) ? 'skipped' : 'due',
    })),
  };
}

function planOf({ days, hour, timeZone, pausedUntil }: Due): Plan {
  return { days, hour, timeZone, ...(pausedUntil ? { pausedUntil } : {}) };
}

/**
 * Jobs of the queue, by the ids of digests: what is due is sent, what stands is drawn anew. One that cannot be sent holds up
 * no other.
 * @throws when one surely was not sent, or could not be drawn, in a way that may pass: the batch is tried again.
 */
export async function deliverDigests(postman: Postman, ids: readonly string[]): Promise<void> {
  const { store, messenger, now } = postman;
  if (ids.length === 0) return;
  const jobs = await digestJobs(store, messenger.platform, ids);
  const due = jobs.filter(({ state }) => state === 'due');
  const standing = jobs.filter(({ state }) => state === 'sent').map(({ id }) => id);
  const isOver = ({ dueAt }: DigestJob) => isLate(dueAt, now());
  await closeDigests(store, idsOf(due.filter(({ isUnwanted }) => isUnwanted)), 'left');
  await closeDigests(store, idsOf(due.filter((it) => !it.isUnwanted && isOver(it))), 'skipped');
  const wanted = due.filter((it) => !it.isUnwanted && !isOver(it));
  const failures = await failuresOf([
    sendOwn(
      postman,
      wanted.filter(({ isRoom }) => !isRoom),
    ),
    ...wanted.filter(({ isRoom }) => isRoom).map((job) => sendInRoom(postman, job)),
    tickOff(postman, standing),
  ]);
  if (failures.length > 0) throw failures[0];
}

const idsOf = (jobs: readonly DigestJob[]): string[] => jobs.map(({ id }) => id);
