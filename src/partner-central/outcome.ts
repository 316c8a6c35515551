/** How a step ends that all kinds of wishes share. */
import { LOCK_RECHECK_MS } from '../pipeline/change.ts';
import type { Job, Step } from '../store/agent.ts';
import type { Hands } from './agent.ts';
import { TaskFailed } from './errors.ts';
import { valueAt } from './raw.ts';
import { idOf } from './read.ts';

/** AWS holds the record while it reviews it: look again so much later, or once a reading shows that it moved. */
export const LOCKED: Step = {
  state: 'waiting',
  waitsFor: 'locked',
  answer: 'AWS has the record locked while it reviews it; it goes out as soon as AWS opens it.',
  restMs: LOCK_RECHECK_MS,
};

/** AWS's own reads lag behind its writes; longer than this is no lag. */
const SHOWS_WITHIN_MS = 120_000;

/** The write returned and its effect does not show: a while it may be lag; then `instead` is said. */
export function notShown(
  { job, now }: Hands,
  { what, instead, withinMs = SHOWS_WITHIN_MS }: { what: string; instead: string; withinMs?: number },
  requestId: string | undefined,
): Step {
  if (now().getTime() - (job.sentAt ?? now()).getTime() < withinMs)
    return {
      state: 'waiting',
      waitsFor: 'answer',
      answer: `AWS took ${what}; it does not show yet.`,
      restMs: soonMs(job),
    };
  return { state: 'refused', answer: instead, ...idOf(requestId) };
}

export const soonMs = ({ attempts }: Job): number => 300 * 2 ** Math.min(attempts, 6);

/** An asynchronous task of AWS, as starting and listing it answer. */
export interface Task {
  task: unknown;
  requestId: string | undefined;
}

/** Undefined once it is complete. @throws TaskFailed */
export function unfinished(hands: Hands, { task }: Task): Step | undefined {
  const status = valueAt(task, ['TaskStatus']);
  if (status === 'FAILED') throw new TaskFailed(valueAt(task, ['ReasonCode']) ?? 'no reason given');
  return status === 'COMPLETE' ? undefined : stillWorking(hands);
}

const POLL_MS = [100, 200, 400, 800, 1_500, 3_000, 5_000];
const LONG_MS = 60_000;

export function stillWorking({ job, now }: Hands): Step {
  const wait = POLL_MS[Math.min(job.attempts - 1, POLL_MS.length - 1)] ?? LONG_MS;
  const long = now().getTime() - job.requestedAt.getTime() > LONG_MS;
  return {
    state: 'sending',
    restMs: wait,
    ...(long
      ? { answer: 'AWS is still working on it. There is nothing for you to do; I will tell you.' }
      : {}),
  };
}

/** AWS said that it contradicts what stands: then what stands is read. @throws any other error, as it came. */
export function contradiction(error: unknown): Error {
  if (error instanceof Error && ['ConflictException', 'ValidationException'].includes(error.name))
    return error;
  throw error;
}
