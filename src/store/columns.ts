/** A record of AWS as the columns of its row: what lists and the law ask of it without reading the record. */
import { lastPartnerUpdate } from '../pipeline/attention.ts';
import { dueAt } from '../pipeline/calendar.ts';
import type { Deal, Lead, Opportunity } from '../pipeline/deal.ts';
import { domainOf } from '../pipeline/domain.ts';
import { reviewState } from '../pipeline/fields.ts';
import { isPsf } from '../pipeline/lead.ts';
import { type Invitation, invitationOf } from '../pipeline/referral.ts';
import { oneLine } from '../pipeline/text.ts';
import type { Entry } from './deals.ts';

/** As `saveMirror` hands them to the database: JSON, moments as text, null where nothing is known. */
export function toColumns({ deal, raw, modified, local }: Entry) {
  const invited = invitedAs(deal);
  return {
    id: deal.id,
    kind: deal.kind,
    // As a person sees and types them.
    company: oneLine(deal.company),
    title: oneLine(deal.title),
    modified: modified ?? null,
    successor: local?.successor ?? invited?.successor ?? null,
    psf: deal.kind === 'lead' && isPsf(deal),
    domain: domainOf(deal.website) ?? null,
    detail: deal,
    raw,
    ...columnsOf(deal, invited),
    ...(local?.ownerEmail ? { owner_email: local.ownerEmail.toLowerCase() } : {}),
  };
}

/** The invitation that the record is; an accepted lead may still carry the one it came from. */
const invitedAs = (deal: Deal): Invitation | undefined =>
  deal.kind === 'lead' && !deal.id.startsWith('engi-') ? undefined : invitationOf(deal);

function columnsOf(deal: Deal, invited: Invitation | undefined) {
  if (deal.kind === 'opportunity') return ofOpportunity(deal);
  if (deal.kind === 'referral') return { ...ofInvited(deal), close_date: deal.targetDate ?? null };
  return invited ? ofInvited(invited) : ofLead(deal);
}

const ofOpportunity = (deal: Opportunity) => ({
  status: reviewState(deal),
  stage: deal.stage,
  origin: deal.origin,
  owner_email: deal.owner?.email?.toLowerCase() ?? null,
  close_date: deal.closeDate ?? null,
  partner_updated_at: lastPartnerUpdate(deal) ?? null,
  created_at: deal.createdAt,
});

const ofInvited = (invited: Invitation) => ({
  status: invited.status,
  origin: invited.sender.account === 'aws' ? 'AWS Referral' : 'Partner Referral',
  invited_at: invited.invitedAt,
  expires_at: invited.expiresAt,
  due_at: dueAt(invited),
});

const ofLead = (deal: Lead) => ({
  status: deal.qualification ?? 'Open',
  partner_updated_at: lastPartnerUpdate(deal) ?? null,
  created_at: deal.createdAt ?? null,
});
