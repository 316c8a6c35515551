/** What deserves a look today, in the order in which it is lost. The store's SQL follows the same definitions. */
import { addDays, businessDaysAgo, dayIn } from './calendar.ts';
import type { Day, Deal, Moment, Opportunity, ReviewStatus } from './deal.ts';
import { reviewState } from './fields.ts';
import { QUIET_LEADS } from './lead-views.ts';
import { isOpen, isPastClose } from './opportunity.ts';
import { QUIET_OPPORTUNITIES } from './opportunity-views.ts';
import { isPending, successorOf } from './referral.ts';
import { boundsOf, fits } from './views.ts';

export const SECTION_IDS = [
  'pending',
  'action-required',
  'launch-pending',
  'closing',
  'past-close',
  'stale',
  'in-review',
  'rejected',
  'waiting',
  'flagged',
] as const;
export type SectionId = (typeof SECTION_IDS)[number];

/** A close date from today up to and with this many days ahead is closing. */
export const CLOSING_DAYS = 7;

/** A committed deal that closes within so many days, or should have, waits to be launched. */
export const LAUNCH_DAYS = 14;

/** The guide's figure for a review, 5 to 10 business days; AWS promises none. */
export const REVIEW_BUSINESS_DAYS = 10;

/** A rejection is news for this long. */
export const REJECTED_DAYS = 14;

/**
 * Launch pending, closing and past close date are said only of an opportunity with one of these statuses, in an open stage: of drafts, of
 * what AWS is reviewing or has refused, of what is launched or closed lost, never.
 */
export const WATCHED_STATUSES: readonly ReviewStatus[] = ['Approved'];

export interface AttentionSection {
  title: string;
  why: string;
}

export const SECTIONS: Record<SectionId, AttentionSection> = {
  pending: { title: 'Pending acceptance', why: 'accept in time, or AWS takes them away' },
  'action-required': { title: 'Action required', why: 'AWS asked for a change and waits for it' },
  'launch-pending': { title: 'Launch pending', why: 'does it run on AWS? Then move it to Launched' },
  closing: { title: 'Closing within 7 days', why: 'are date and stage still right?' },
  'past-close': { title: 'Past close date', why: 'AWS takes no update without a new one' },
  stale: { title: 'No update for over 14 days', why: 'write what happens next' },
  'in-review': {
    title: 'In review over 10 business days',
    why: 'the sales guide’s figure, not AWS’s promise',
  },
  rejected: { title: 'Rejected in the last 14 days', why: 'AWS’s reason, if it gave one' },
  waiting: { title: 'Waiting for AWS', why: 'asked, not yet confirmed; nothing to do' },
  flagged: { title: 'Flagged', why: 'by you, for follow-up' },
};

/** What the deal itself does not say. */
export interface Journal {
  /** Our newest confirmed Change to it. */
  confirmedAt?: Moment;
  /** One of its Changes is open. */
  waits?: boolean;
  /** Since when it has its status; a review counts from its submission. */
  statusSince?: Moment;
  /** By the reader. */
  flagged?: boolean;
}

/**
 * The sections a deal belongs in, first lost first. `timeZone` decides which day it is for close dates; staleness is
 * counted in hours, so that no midnight moves it.
 */
export function needsAttention(deal: Deal, now: Date, timeZone: string, journal: Journal = {}): SectionId[] {
  const status = deal.kind === 'opportunity' ? reviewState(deal) : undefined;
  const watched = deal.kind === 'opportunity' && isOpen(deal) && WATCHED_STATUSES.includes(reviewState(deal));
  const today = dayIn(now, timeZone);
  const test: Record<SectionId, boolean> = {
    pending: isPending(deal) && successorOf(deal) === undefined,
    'action-required': status === 'Action Required',
    'launch-pending': watched && isToBeLaunched(deal, today),
    closing: watched && isClosing(deal, today),
    'past-close': watched && isPastClose(deal, today),
    stale: isStale(deal, now, timeZone, journal.confirmedAt),
    'in-review': (status === 'Submitted' || status === 'In review') && isLong(journal.statusSince, now),
    rejected: status === 'Rejected' && isFresh(journal.statusSince, now),
    waiting: journal.waits === true,
    flagged: fits({ flagged: true }, deal, journal, boundsOf(now, timeZone)),
  };
  return SECTION_IDS.filter((id) => test[id]);
}

/**
 * When the partner last touched it: the newest of our confirmed Changes, a next step and the creation. AWS's own moves do
 * not count. Undefined where nothing is known.
 */
export function lastPartnerUpdate(deal: Deal, confirmedAt?: Moment): Moment | undefined {
  const steps = deal.kind === 'opportunity' ? deal.nextSteps.map(({ at }) => at) : [];
  const created = deal.kind === 'referral' ? undefined : deal.createdAt;
  const moments = [created ?? '', ...steps, confirmedAt ?? ''].map((at) => Date.parse(at));
  const known = moments.filter((at) => !Number.isNaN(at));
  return known.length > 0 ? new Date(Math.max(...known)).toISOString() : undefined;
}

/** Committed and nearly or past its date, or launched by AWS's record and not by ours. */
const isToBeLaunched = ({ stage, closeDate, aws }: Opportunity, today: Day): boolean =>
  aws?.stage === 'Launched' ||
  (stage === 'Committed' && closeDate !== undefined && closeDate <= addDays(today, LAUNCH_DAYS));

const isClosing = ({ closeDate }: Opportunity, today: Day): boolean =>
  closeDate !== undefined && today <= closeDate && closeDate <= addDays(today, CLOSING_DAYS);

function isStale(deal: Deal, now: Date, timeZone: string, confirmedAt?: Moment): boolean {
  const updatedAt = lastPartnerUpdate(deal, confirmedAt);
  const which = deal.kind === 'lead' ? QUIET_LEADS : QUIET_OPPORTUNITIES;
  return fits(which, deal, updatedAt ? { updatedAt } : {}, boundsOf(now, timeZone));
}

const isLong = (since: Moment | undefined, now: Date): boolean =>
  since !== undefined && Date.parse(since) < Date.parse(businessDaysAgo(REVIEW_BUSINESS_DAYS, now));

const isFresh = (since: Moment | undefined, now: Date): boolean =>
  since !== undefined && Date.parse(since) >= now.getTime() - REJECTED_DAYS * 24 * 60 * 60 * 1000;
