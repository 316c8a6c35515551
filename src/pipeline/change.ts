/**
 * A Change is what a person asked of AWS. The table of Changes is the queue to AWS, the outbox, the audit trail, the
 * "waiting for AWS" list and the receipt at once.
 */
import type { Day, Moment } from './deal.ts';

/**
 * requested → sending → confirmed | refused | conflict, or waiting (AWS has the record locked, or does not answer; for
 * days if need be), or cancelled while it waited. Nothing is shown as done before AWS confirmed it.
 */
export const CHANGE_STATES = [
  'requested',
  'sending',
  'waiting',
  'confirmed',
  'refused',
  'conflict',
  'cancelled',
] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

export const OPEN_STATES = ['requested', 'sending', 'waiting'] as const satisfies readonly ChangeState[];
export const isOpen = (state: ChangeState): boolean =>
  (OPEN_STATES as readonly ChangeState[]).includes(state);

/** What of an opportunity a person may change, by the name of the catalogue in `fields.ts`. */
export interface Values {
  nextStep?: string;
  closeDate?: Day;
}

/** What is asked of AWS. `base` holds the values the person saw, so that another tool's edit is never overwritten. */
export type Wish =
  | { kind: 'accept' }
  | { kind: 'assign'; to: { email: string; firstName: string; lastName: string } }
  | { kind: 'update'; base: Values; set: Values };

export type WaitsFor = 'locked' | 'unavailable' | 'answer';

export interface Change {
  id: string;
  dealId: string;
  /** The customer, where it was read along. */
  company?: string;
  person: { id: string; name: string };
  verb: string;
  wish: Wish;
  state: ChangeState;
  /** In words for the person: why it waits, what AWS answered, both values on a conflict. */
  answer?: string;
  /**
   * waiting: AWS holds the record ('locked'), AWS could not be asked ('unavailable': nothing was sent), or AWS was asked
   * and its answer was lost ('answer': it may have been applied; it cannot be cancelled until we know).
   */
  waitsFor?: WaitsFor;
  /** Where it came from: "slack", "console as lead@… by root". */
  from: string;
  awsRequestId?: string;
  requestedAt: Moment;
  settledAt?: Moment;
}

/** One step in the life of a Change; rows are only ever added. */
export interface Transition {
  changeId: string;
  state: ChangeState;
  at: Moment;
  /** Who took it back or rewrote it; absent where AWS or the desk moved it. */
  by?: string;
  answer?: string;
  awsRequestId?: string;
}
