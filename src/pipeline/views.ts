/**
 * The 27 preset list views of Partner Central as data (sales guide, Lead list views and Opportunities list views): names
 * as the guide has them, definitions that `inView` follows for one deal and store/views.ts for all. An invitation stands
 * in a view while it waits for an answer; once accepted it goes on as what it became, so nothing stands twice.
 */
import { dayIn, monthOf, quarterOf, type Span, startOfDay } from './calendar.ts';
import type { Deal, Moment, Stage } from './deal.ts';
import { reviewState } from './fields.ts';
import { isPsf } from './lead.ts';
import { LEAD_VIEWS } from './lead-views.ts';
import { OPPORTUNITY_VIEWS } from './opportunity-views.ts';
import { invitationOf, isFromAws } from './referral.ts';

export const TABS = ['leads', 'opportunities'] as const;
export type Tab = (typeof TABS)[number];

/** Every member narrows; those left out do not. */
export interface Which {
  /** pending: invitations that wait for an answer. ours: what is accepted, and what we created. Neither: both. */
  only?: 'pending' | 'ours';
  /** Review status of an opportunity, status of an accepted lead. */
  status?: readonly string[];
  notStatus?: string;
  stage?: readonly Stage[];
  /** AWS Referral: shared by AWS. Partner Referral: created by us; of an invitation, sent by another partner. */
  origin?: 'AWS Referral' | 'Partner Referral';
  shared?: Since;
  submitted?: Since;
  /** Its close date is in the reader's calendar month. */
  closes?: 'this month';
  /** No partner update for more than 14 days. */
  quiet?: true;
  /** By the reader. */
  flagged?: true;
  /** From the listing in AWS's Partner Solutions Finder. */
  psf?: true;
  /** From AWS's marketing: the source says campaign, event or webinar. */
  marketing?: true;
}

/** In the last 7 times 24 hours, or in the reader's calendar quarter. */
export type Since = '7 days' | 'quarter';

/** What comes first: what is due, closes or fell silent first; what closes, was shared or submitted last. */
export type Order = 'due' | 'close' | 'latest close' | 'quiet' | 'review' | 'shared' | 'submitted';

export interface View {
  id: string;
  tab: Tab;
  /** The guide's own. */
  label: string;
  /** What stands in it, in our words: "Leads that …". */
  means: string;
  /** What else people type. */
  aliases: readonly string[];
  /** A deal is in the view when one of these fits. */
  which: readonly Which[];
  order: Order;
}

/** In the guide's order, the leads' first. */
export const VIEWS: readonly View[] = [
  ...LEAD_VIEWS.map((view) => ({ ...view, tab: 'leads' as const })),
  ...OPPORTUNITY_VIEWS.map((view) => ({ ...view, tab: 'opportunities' as const })),
];

/** What the record itself does not say of a deal; the store keeps it in columns. */
export interface Facts {
  /** When AWS shared it, and when it was submitted, as far as known. */
  sharedAt?: Moment;
  submittedAt?: Moment;
  /** The last partner update: our newest confirmed Change, a next step, the creation. AWS's own moves do not count. */
  updatedAt?: Moment;
  /** By the reader. */
  flagged?: boolean;
}

/** The bounds that a reader's clock and zone set. */
export interface Bounds {
  since: Record<Since, Moment>;
  month: Span;
  /** What was updated before is quiet. */
  quiet: Moment;
}

/** Sales guide, List views: "exceeds 2 weeks" is more than 14 days, to the millisecond. */
export const QUIET_DAYS = 14;

export function boundsOf(now: Date, timeZone: string): Bounds {
  const today = dayIn(now, timeZone);
  const before = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString();
  return {
    since: { '7 days': before(7), quarter: startOfDay(quarterOf(today).first, timeZone) },
    month: monthOf(today),
    quiet: before(QUIET_DAYS),
  };
}

/** Whether a deal stands in that view for a reader who may see it. */
export const inView = (view: View, deal: Deal, facts: Facts, now: Date, timeZone: string): boolean =>
  (view.tab === 'leads') === (deal.kind === 'lead') &&
  view.which.some((which) => fits(which, deal, facts, boundsOf(now, timeZone)));

/** Whether a deal, of either tab, is meant. */
export function fits(which: Which, deal: Deal, facts: Facts, bounds: Bounds): boolean {
  const pending = isInvitation(deal) && invitationOf(deal)?.status === 'PENDING';
  if (isInvitation(deal) && (!pending || invitationOf(deal)?.successor)) return false;
  const status = statusOf(deal);
  return [
    which.only === undefined || (which.only === 'pending') === pending,
    which.status === undefined || which.status.includes(status),
    which.notStatus !== status,
    which.stage === undefined || (deal.kind === 'opportunity' && which.stage.includes(deal.stage)),
    which.origin === undefined || which.origin === originOf(deal),
    which.shared === undefined || isSince(facts.sharedAt, bounds.since[which.shared]),
    which.submitted === undefined || isSince(facts.submittedAt, bounds.since[which.submitted]),
    which.closes === undefined || (deal.kind === 'opportunity' && isWithin(deal.closeDate, bounds.month)),
    which.quiet === undefined || isBefore(facts.updatedAt, bounds.quiet),
    which.flagged === undefined || facts.flagged === true,
    which.psf === undefined || (deal.kind === 'lead' && isPsf(deal)),
    which.marketing === undefined || (deal.kind === 'lead' && isFromMarketing(deal)),
  ].every(Boolean);
}

/** AWS gives the source of a lead as free text: "Campaign", "Event", "Website", … */
export const MARKETING = 'campaign|event|webinar|marketing';

const isFromMarketing = (lead: { source?: string; campaign?: string }): boolean =>
  !isPsf(lead) && new RegExp(MARKETING, 'i').test(lead.source ?? '');

/** The record of an invitation; an accepted lead may still carry the one it came from. */
const isInvitation = (deal: Deal): boolean =>
  deal.kind === 'referral' || (deal.kind === 'lead' && deal.id.startsWith('engi-'));

function statusOf(deal: Deal): string {
  if (deal.kind === 'opportunity') return reviewState(deal);
  return isInvitation(deal)
    ? (invitationOf(deal)?.status ?? '')
    : (deal.kind === 'lead' && deal.qualification) || 'Open';
}

function originOf(deal: Deal): 'AWS Referral' | 'Partner Referral' | undefined {
  if (deal.kind === 'opportunity') return deal.origin;
  const invitation = isInvitation(deal) ? invitationOf(deal) : undefined;
  return invitation && (isFromAws(invitation) ? 'AWS Referral' : 'Partner Referral');
}

const isSince = (at: Moment | undefined, from: Moment): boolean =>
  at !== undefined && Date.parse(at) >= Date.parse(from);
const isBefore = (at: Moment | undefined, end: Moment): boolean =>
  at !== undefined && Date.parse(at) < Date.parse(end);
const isWithin = (day: string | undefined, { first, last }: Span): boolean =>
  day !== undefined && first <= day && day <= last;
