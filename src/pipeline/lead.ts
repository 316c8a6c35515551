/** A lead: offered first, then worked on (sales guide, Lead status). */
import type { Wish } from './change.ts';
import type { Lead, Moment } from './deal.ts';
import { INVITATION_IN_WORDS, isFromAws } from './referral.ts';
import { clean, length } from './text.ts';

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

/**
 * From the partner's listing in AWS's Partner Solutions Finder: only the alliance lead may see it (sales guide, Accessing
 * leads). AWS gives the source as free text.
 */
export const isPsf = ({ source, campaign }: Pick<Lead, 'source' | 'campaign'>): boolean =>
  [source, campaign].some((text) => /partner\s+solutions?\s+finder|\bpsf\b/i.test(text ?? ''));

/** Sales guide, Lead status. */
export const LEAD_STATUSES = ['Open', 'Research', 'Qualified', 'Disqualified'] as const;
export type LeadStatus = (typeof LEAD_STATUSES)[number];

/** Partner Central model, CustomerAction. */
export const MAX_HAPPENED = 255;

/** A status as people write it, in any case; undefined when it is none. */
export const leadStatusOf = (text: string): LeadStatus | undefined =>
  LEAD_STATUSES.find((status) => status.toLowerCase() === text.trim().toLowerCase());

export type LeadErrors = { status?: string; happened?: string };

/**
 * The move of the verb `update-lead`: the wish, or what is wrong by question. At least one of the two must say something
 * new; a status that stands already is left out.
 * @param happened at most 255 code points once cleaned; kept by AWS as an interaction with the moment `now`.
 */
export function updateLead(
  lead: Pick<Lead, 'qualification'>,
  { status, happened = '' }: { status?: string | undefined; happened?: string | undefined },
  now: Moment,
): { wish: Extract<Wish, { kind: 'update-lead' }> } | { errors: LeadErrors } {
  const wanted = status ? leadStatusOf(status) : undefined;
  const customerAction = clean(happened).trim();
  const stands = lead.qualification ?? 'Open';
  const moves = wanted !== undefined && wanted !== stands;
  const errors = {
    ...(status && !wanted
      ? { status: `A lead is ${LEAD_STATUSES.join(', ')}. I do not know “${clean(status)}”.` }
      : {}),
    ...happenedError(customerAction),
  };
  if (errors.status || errors.happened) return { errors };
  if (!moves && customerAction === '')
    return { errors: { status: `It is ${stands} already. Choose another status, or say what happened.` } };
  return {
    wish: {
      kind: 'update-lead',
      base: lead.qualification ? { status: lead.qualification } : {},
      set: moves ? { status: wanted } : {},
      ...(customerAction ? { interaction: { customerAction, at: now } } : {}),
    },
  };
}

function happenedError(customerAction: string): { happened?: string } {
  const over = length(customerAction) - MAX_HAPPENED;
  return over > 0
    ? { happened: `${over} too many: AWS takes ${MAX_HAPPENED} characters. Please shorten it.` }
    : {};
}
