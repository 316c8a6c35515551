/** The questions about how a lead is coming on. */
import type { Lead } from '../pipeline/deal.ts';
import {
  LEAD_STATUSES,
  type LeadErrors,
  type LeadStatus,
  leadStatusOf,
  MAX_HAPPENED,
} from '../pipeline/lead.ts';
import { oneLine } from '../pipeline/text.ts';
import { nameOf, quoted } from './terms.ts';
import type { Form } from './view.ts';

/** What was said so far and what is wrong with it. */
export interface LeadDraft {
  status?: string;
  happened?: string;
  errors: LeadErrors;
}

/** Status and what happened, one of them at least. Disqualifying is shown old → new, and submitting it is the yes (`sure`). */
export function leadForm(lead: Lead, { status, happened, errors }: LeadDraft): Form {
  const stands = lead.qualification ?? 'Open';
  const wanted = leadStatusOf(status ?? stands);
  const disqualifies = wanted === 'Disqualified' && wanted !== stands;
  return {
    kind: 'form',
    verb: 'update-lead',
    title: 'Update lead',
    submit: disqualifies ? 'Disqualify' : 'Send to AWS',
    intro: [
      nameOf(lead),
      ...(disqualifies ? askedOnce(stands, happened) : [`Status now: ${oneLine(stands)}`]),
    ],
    fields: [
      {
        id: 'status',
        kind: 'choice',
        label: 'Status',
        optional: true,
        options: LEAD_STATUSES.map((it) => ({ value: it, label: `${it}: ${MEANS[it]}` })),
        ...(wanted ? { value: wanted } : {}),
      },
      {
        id: 'happened',
        kind: 'text',
        label: 'What happened',
        hint: 'AWS reads this: what the customer did or said.',
        optional: true,
        maxLength: MAX_HAPPENED,
        multiline: true,
        ...(happened === undefined ? {} : { value: happened }),
      },
    ],
    input: { id: lead.id, ...(disqualifies ? { sure: 'yes' } : {}) },
    ...(Object.keys(errors).length > 0 ? { errors: { ...errors } } : {}),
  };
}

/** Sales guide, Lead status. At most 75 characters with the status: Slack's limit for an option. */
const MEANS: Record<LeadStatus, string> = {
  Open: 'accepted, nobody has talked to the customer yet',
  Research: 'finding out what the customer needs',
  Qualified: 'the customer agreed that it is real and of interest',
  Disqualified: 'it will not become an opportunity',
};

/** A conversion asks for a lead that is not disqualified (Partner Central API, DisqualifiedLeadNotPermitted). */
const askedOnce = (stands: string, happened: string | undefined): string[] => [
  `Status: ${oneLine(stands)} → Disqualified`,
  ...(happened ? [`What happened: ${quoted(happened)}`] : []),
  'AWS reads that this lead will not become an opportunity, and converts it no more.',
];
