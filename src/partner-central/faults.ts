/** What a fault of AWS, or of ours, means for a Change. */
import type { Log } from '../log.ts';
import { LOCK_RECHECK_MS, type WaitsFor } from '../pipeline/change.ts';
import type { Job, Step } from '../store/agent.ts';
import { classify, isQuota, operatorView, requestIdOf, TaskFailed, type Trouble } from './errors.ts';
import { explain } from './explain.ts';

/**
 * `sent`: AWS may have seen it. `wasSent`: so it was before this attempt already. `inARow`: the how many-eth fault of its
 * kind this is without another outcome in between; looking after a slow task is no fault. `wrote`: the write call
 * of this attempt returned; what failed is reading it back, and that is no refusal.
 */
type Attempt = Pick<Job, 'sent'> & { wasSent: boolean; wrote: boolean; inARow: number };

/** An unexpected error is tried again this often before the person is told. */
const TRIES_OF_A_BUG = 5;
/** Engagements have a quota of their own that opens again only after minutes. */
const QUOTA_REST_MS = 180_000;

/** The next step of a Change after an error. Logs what an operator has to know, never what the Change says. */
export function afterFault(error: unknown, attempt: Attempt, log: Log): Step {
  const kind = classify(error);
  const isFinal = kind === 'refused' || kind === 'denied' || kind === 'not-found';
  const ofTask = error instanceof TaskFailed;
  // A denial of reading says nothing of a write before it: AWS's reads lag behind its writes, this attempt's or an earlier's.
  const unread = !ofTask && (kind === 'denied' || kind === 'not-found') && (attempt.wrote || attempt.wasSent);
  const isReadBack = unread || (attempt.wrote && !ofTask);
  const isOver = isFinal && (!isReadBack || attempt.inARow >= TRIES_OF_A_BUG);
  if (isOver) log.warn({ aws: operatorView(error) }, 'AWS refused a Change');
  if (kind === 'bug') log.error({ err: error, inARow: attempt.inARow }, 'a Change failed unexpectedly');
  const requestId = requestIdOf(error);
  const id = requestId ? { awsRequestId: requestId } : {};
  if (isOver) {
    const answer = unread ? `${explain(error)} ${MAYBE_THERE}` : explain(error);
    return { state: 'refused', answer, ...id };
  }
  if (kind === 'bug' && attempt.inARow >= TRIES_OF_A_BUG)
    return { state: 'refused', answer: attempt.sent ? `${GIVEN_UP} ${MAYBE_THERE}` : GIVEN_UP, ...id };
  const afresh = cameToNothing(error, kind, attempt);
  return {
    state: 'waiting',
    ...waitOf(kind, attempt.sent && !afresh),
    restMs: restMs(kind, error, attempt.inARow),
    ...id,
    ...(afresh ? { afresh: true as const } : {}),
  };
}

const GIVEN_UP =
  'Something went wrong on our side, five times over. Whoever runs ace-desk finds it in the log.';
const MAYBE_THERE = 'AWS may have it all the same: look at the deal in Partner Central.';

/** AWS said no to this very attempt, or its task failed: it has not got it, so the next try starts clean. */
const cameToNothing = (error: unknown, kind: Trouble, { wasSent, wrote }: Attempt): boolean =>
  error instanceof TaskFailed ||
  (!wasSent && !wrote && (kind === 'throttled' || kind === 'conflict' || kind === 'locked'));

function waitOf(kind: Trouble, maybeThere: boolean): { waitsFor: WaitsFor; answer: string } {
  if (kind === 'locked')
    return { waitsFor: 'locked', answer: 'AWS has the record locked while it reviews it.' };
  if (kind === 'unavailable' && maybeThere)
    return { waitsFor: 'answer', answer: 'AWS did not answer; I am finding out whether it has it.' };
  if (maybeThere && kind !== 'bug')
    return { waitsFor: 'answer', answer: 'AWS may have it; I am finding out.' };
  return { waitsFor: maybeThere ? 'answer' : 'unavailable', answer: WAITS[kind] ?? WAITS.unavailable };
}

const WAITS: Partial<Record<Trouble, string>> & { unavailable: string } = {
  unavailable: 'AWS does not answer; it goes out as soon as it does.',
  throttled: 'AWS asks us to go slower; it goes out in its turn.',
  conflict: 'The record moved at AWS meanwhile; looking again.',
  bug: 'Something went wrong on our side; trying again.',
};

/** 1, 2, 4 … 60 seconds, with a little chance so that a fleet of Changes does not knock all at once. */
function restMs(kind: Trouble, error: unknown, inARow: number): number {
  if (kind === 'locked') return LOCK_RECHECK_MS;
  if (isQuota(error)) return QUOTA_REST_MS;
  return Math.min(60_000, 1000 * 2 ** Math.min(inARow - 1, 6)) * (0.8 + 0.4 * Math.random());
}
