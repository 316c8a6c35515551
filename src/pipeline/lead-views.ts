/** The 11 views of the Leads tab (sales guide, Lead list views). */
import type { View, Which } from './views.ts';

/** Accepted, and not given up. */
export const QUIET_LEADS: Which = { only: 'ours', notStatus: 'Disqualified', quiet: true };

export const LEAD_VIEWS: readonly Omit<View, 'tab'>[] = [
  {
    id: 'leads-pending-acceptance',
    label: 'Leads pending acceptance',
    means:
      'Leads shared by AWS that nobody has accepted or rejected yet. Invitations of other partners are in “list pending”.',
    aliases: ['pending leads', 'new leads'],
    which: [{ only: 'pending', origin: 'AWS Referral' }],
    order: 'due',
  },
  {
    id: 'open-leads',
    label: 'Open leads',
    means: 'Accepted leads with the status Open: nobody has spoken with the customer yet.',
    aliases: ['leads open'],
    which: [{ only: 'ours', status: ['Open'] }],
    order: 'quiet',
  },
  {
    id: 'qualified-leads',
    label: 'Qualified leads',
    means: 'Accepted leads with the status Qualified.',
    aliases: ['leads qualified'],
    which: [{ only: 'ours', status: ['Qualified'] }],
    order: 'quiet',
  },
  {
    id: 'disqualified-leads',
    label: 'Disqualified leads',
    means: 'Accepted leads with the status Disqualified.',
    aliases: ['leads disqualified'],
    which: [{ only: 'ours', status: ['Disqualified'] }],
    order: 'quiet',
  },
  {
    id: 'leads-in-research',
    label: 'Leads in research',
    means: 'Accepted leads with the status Research.',
    aliases: ['research leads', 'leads research'],
    which: [{ only: 'ours', status: ['Research'] }],
    order: 'quiet',
  },
  {
    id: 'flagged-leads',
    label: 'Flagged leads',
    means: 'Leads you flagged for follow-up. Nobody else sees your flags.',
    aliases: ['my flagged leads'],
    which: [{ flagged: true }],
    order: 'quiet',
  },
  {
    id: 'partner-solution-finder-leads',
    label: 'Partner Solution Finder leads',
    means: 'Leads from your listing in AWS’s Partner Solutions Finder, pending and accepted.',
    aliases: ['Partner Solutions Finder leads', 'finder leads', 'psf leads', 'psf'],
    which: [{ psf: true }],
    order: 'shared',
  },
  {
    id: 'leads-with-campaigns',
    label: 'Leads with campaigns',
    means: 'Leads from AWS’s marketing, such as campaigns, events and webinars.',
    aliases: ['campaign leads', 'marketing leads'],
    which: [{ marketing: true }],
    order: 'shared',
  },
  {
    id: 'leads-shared-last-7-days',
    label: 'Shared by AWS in the last 7 days',
    means: 'Leads AWS shared with you in the last 7 days, pending and accepted.',
    aliases: ['new shared leads', 'leads shared last week'],
    which: [{ shared: '7 days' }],
    order: 'shared',
  },
  {
    id: 'leads-shared-this-quarter',
    label: 'Shared by AWS this Quarter',
    means: 'Leads AWS shared with you in this calendar quarter, pending and accepted.',
    aliases: [],
    which: [{ shared: 'quarter' }],
    order: 'shared',
  },
  {
    id: 'leads-without-update',
    label: 'Date of last provided update exceeds 2 weeks',
    means: 'Accepted leads, not disqualified, that you last updated more than 14 days ago.',
    aliases: ['stale leads', 'quiet leads', 'leads exceeds 2 weeks'],
    which: [QUIET_LEADS],
    order: 'quiet',
  },
];
