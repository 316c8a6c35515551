/** An invitation, and the AWS referral it may carry. */
import type { Deal, Lead, Referral } from './deal.ts';

/** What referrals and leads have in common while, and after, they are offered to us. */
export type Invitation = NonNullable<Lead['invitation']>;

/** The invitation of a deal; an opportunity, and a lead that never was one, has none. */
export function invitationOf(deal: Deal): Invitation | undefined {
  if (deal.kind === 'referral') return deal;
  return deal.kind === 'lead' ? deal.invitation : undefined;
}

/** Waits for us to accept or reject it, as AWS says. */
export const isPending = (deal: Deal): boolean => invitationOf(deal)?.status === 'PENDING';

/** From AWS itself; another partner sends from its account and sets no AWS deadline. */
export const isFromAws = (invitation: Pick<Invitation, 'sender'>): boolean =>
  invitation.sender.account === 'aws';

/** What it became once accepted: an opportunity (O…) or an engagement (eng-…). */
export const successorOf = (deal: Deal): string | undefined => invitationOf(deal)?.successor;

/** "AWS referral", or "Invitation from Northwind Ltd": a *partner referral* is one that we sent to AWS. */
export const referralOrigin = (referral: Referral): string =>
  isFromAws(referral) ? 'AWS referral' : `Invitation from ${referral.sender.company}`;

/** An invitation's status in words. "Lost" is said only when AWS says EXPIRED. */
export const INVITATION_IN_WORDS: Record<Invitation['status'], string> = {
  PENDING: 'pending acceptance',
  ACCEPTED: 'accepted',
  REJECTED: 'rejected',
  EXPIRED: 'lost: it expired before it was accepted',
};
