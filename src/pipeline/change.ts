/**
 * A Change is what a person asked of AWS. The table of Changes is the queue to AWS, the outbox, the audit trail, the
 * "waiting for AWS" list and the receipt at once.
 */
import type { Moment } from './deal.ts';
import type { EditableId } from './fields.ts';
import type { LeadStatus } from './lead.ts';

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

/** New values of an opportunity, by the name of the catalogue in `fields.ts`, as text (a day, a decimal, a picklist word). */
export type Values = Partial<Record<EditableId, string>>;

/** What stands at AWS now, of what was to be set; `status` is a lead's. */
export type Found = Values & { status?: string };

/** Somebody of ours, as AssignOpportunity wants them. */
export interface Named {
  email: string;
  firstName: string;
  lastName: string;
}

/** What happened with a lead's contact, in a few words. */
export interface Interaction {
  /** At most 255 code points. */
  customerAction: string;
  /** Kept on the wish, so that trying again says the same moment. */
  at: Moment;
}

/**
 * What is asked. `base` holds the values the person saw, so that another tool's edit is never overwritten.
 * offer and own are local: the API has no room for them, so they are confirmed by being written down.
 */
export type Wish = Asked & {
  /** Its words named somebody whose data we may not keep any more: nothing is left but its kind (store/purge.ts, erase.ts). */
  purged?: true;
};

type Asked =
  /** `for`: who becomes the owner of a lead, where that is not the one who accepts. */
  | { kind: 'accept'; for?: Named }
  | { kind: 'reject'; reason: string }
  /** `as` absent: the owner. `was`: who it was before, as far as known. */
  | { kind: 'assign'; to: Named; as?: 'sales contact'; was?: { email: string; name: string } }
  | { kind: 'associate'; solution: { id: string; name: string } }
  | { kind: 'update'; base: Values; set: Values }
  /** After a correction, where AWS still asks (StartEngagementFromOpportunityTask). */
  | { kind: 'submit'; involvement: 'Co-Sell' | 'For Visibility Only'; visibility: 'Full' | 'Limited' }
  | {
      kind: 'update-lead';
      base: { status?: string };
      set: { status?: LeadStatus };
      interaction?: Interaction;
    }
  | { kind: 'offer'; to: { id: string; name: string }[] }
  | { kind: 'own'; to: Named; was?: { email: string; name: string } };

/** Settled by the desk itself, in the statement that writes them down. */
export const isLocal = ({ kind }: Wish): boolean => kind === 'offer' || kind === 'own';

export type WaitsFor = 'locked' | 'unavailable' | 'answer';

/** A lock of AWS's is looked at again after this long, unless a reading shows sooner that the record moved. */
export const LOCK_RECHECK_MS = 15 * 60_000;

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
  /** conflict: what stands at AWS now, of what was to be set. */
  found?: Found;
  /** The first half of the act, where this is its second. */
  after?: string;
  /** It is over, and AWS was never asked: the desk itself refused it. */
  notSent?: true;
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
