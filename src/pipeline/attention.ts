/** What deserves a look today, in the order in which it is lost. The store's SQL follows the same definitions. */
import { addDays, dayIn } from './calendar.ts';
import type { Day, Deal, Moment, Opportunity, ReviewStatus } from './deal.ts';
import { reviewState } from './fields.ts';
import { isOpen, isPastClose } from './opportunity.ts';
import { isPending } from './referral.ts';

export const SECTION_IDS = [
  'pending',
  'action-required',
  'closing',
  'past-close',
  'stale',
  'waiting',
] as const;
export type SectionId = (typeof SECTION_IDS)[number];

/** Sales guide, List views: "date of last provided update exceeds 2 weeks" is more than 14 days. */
export const STALE_DAYS = 14;

/** A close date from today up to and with this many days ahead is closing. */
export const CLOSING_DAYS = 7;

/**
 * Closing, past close date and stale are said only of an opportunity with one of these statuses, in an open stage: of
 * drafts, of what AWS is reviewing or has refused, of what is launched or closed lost, never.
 */
export const WATCHED_STATUSES: readonly ReviewStatus[] = ['Approved'];

export interface AttentionSection {
  title: string;
  why: string;
}

export const SECTIONS: Record<SectionId, AttentionSection> = {
  pending: { title: 'Pending acceptance', why: 'accept in time, or AWS takes them away' },
  'action-required': { title: 'Action required', why: 'AWS asked for a change and waits for it' },
  closing: { title: 'Closing within 7 days', why: 'are date and stage still right?' },
  'past-close': { title: 'Past close date', why: 'AWS takes no update without a new one' },
  stale: { title: 'No update for over 14 days', why: 'write what happens next' },
  waiting: { title: 'Waiting for AWS', why: 'asked, not yet confirmed; nothing to do' },
};

/** What the deal itself does not say: our newest confirmed Change to it, and whether one of its Changes is open. */
export interface Journal {
  confirmedAt?: Moment;
  waits?: boolean;
}

/**
 * The sections a deal belongs in, first lost first. `timeZone` decides which day it is for close dates; staleness is
 * counted in hours, so that no midnight moves it.
 */
export function needsAttention(deal: Deal, now: Date, timeZone: string, journal: Journal = {}): SectionId[] {
  const watched = deal.kind === 'opportunity' && isOpen(deal) && WATCHED_STATUSES.includes(reviewState(deal));
  const today = dayIn(now, timeZone);
  const test: Record<SectionId, boolean> = {
    pending: isPending(deal),
    'action-required': deal.kind === 'opportunity' && reviewState(deal) === 'Action Required',
    closing: watched && isClosing(deal, today),
    'past-close': watched && isPastClose(deal, today),
    stale: watched && isStale(deal, now, journal.confirmedAt),
    waiting: journal.waits === true,
  };
  return SECTION_IDS.filter((id) => test[id]);
}

/**
 * When the partner last touched it, in ms: the newest of our confirmed Changes, a next step and the creation. AWS's own
 * moves do not count.
 */
function lastPartnerUpdate(opportunity: Opportunity, confirmedAt?: Moment): number {
  const moments = [opportunity.createdAt, ...opportunity.nextSteps.map((step) => step.at), confirmedAt ?? ''];
  return Math.max(...moments.map((at) => Date.parse(at)).filter((at) => !Number.isNaN(at)));
}

const isClosing = ({ closeDate }: Opportunity, today: Day): boolean =>
  closeDate !== undefined && today <= closeDate && closeDate <= addDays(today, CLOSING_DAYS);

const isStale = (opportunity: Opportunity, now: Date, confirmedAt?: Moment): boolean =>
  now.getTime() - lastPartnerUpdate(opportunity, confirmedAt) > STALE_DAYS * 24 * 60 * 60 * 1000;
