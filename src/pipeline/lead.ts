/** A lead: offered first, then worked on (sales guide, Lead status). */
import type { Lead } from './deal.ts';
import { INVITATION_IN_WORDS, isFromAws } from './referral.ts';

/** Offered, and not (or not yet) accepted: only what the invitation carries is known. */
export const isOnlyInvited = (lead: Lead): boolean =>
  !!lead.invitation && lead.invitation.status !== 'ACCEPTED';

/** Its status in words: the invitation's until it is accepted, then Open, Research, Qualified, Disqualified. */
export const leadStatus = (lead: Lead): string =>
  lead.invitation && isOnlyInvited(lead)
    ? INVITATION_IN_WORDS[lead.invitation.status]
    : (lead.qualification ?? 'Open');

/** "AWS lead", or "Lead from Northwind Ltd". Leads come from AWS unless another partner's account sent them. */
export const leadOrigin = (lead: Lead): string =>
  lead.invitation && !isFromAws(lead.invitation) ? `Lead from ${lead.invitation.sender.company}` : 'AWS lead';
