/** The 16 views of the Opportunities tab (sales guide, Opportunities list views). */
import { OPEN_STAGES } from './opportunity.ts';
import type { View, Which } from './views.ts';

/** Never of drafts, of what AWS has in hand or has refused, or of what is over. */
export const QUIET_OPPORTUNITIES: Which = {
  only: 'ours',
  status: ['Approved', 'Action Required'],
  stage: OPEN_STAGES,
  quiet: true,
};

const PARTNERS_ELSEWHERE = 'Invitations of other partners are in “list pending”.';
const STILL_UNKNOWN = 'What was submitted before ace-desk first read it is not known here.';

export const OPPORTUNITY_VIEWS: readonly Omit<View, 'tab'>[] = [
  {
    id: 'all-customer-engagements',
    label: 'All customer engagements',
    means: 'All that you submitted, and all that AWS shared with you, pending and accepted. No drafts.',
    aliases: ['all opportunities', 'all engagements', 'opportunities', 'customer engagements'],
    which: [
      { only: 'ours', notStatus: 'Pending Submission' },
      { only: 'pending', origin: 'AWS Referral' },
    ],
    order: 'latest close',
  },
  {
    id: 'draft-opportunities',
    label: 'Draft opportunities',
    means: 'Opportunities you created and have not submitted yet.',
    aliases: ['drafts', 'draft'],
    which: [{ only: 'ours', origin: 'Partner Referral', status: ['Pending Submission'] }],
    order: 'close',
  },
  {
    id: 'opportunities-in-review',
    label: 'Opportunities in review',
    means: 'Opportunities you submitted that AWS is reviewing, the longest in review first.',
    aliases: ['in review', 'review'],
    which: [{ only: 'ours', status: ['Submitted', 'In review'] }],
    order: 'review',
  },
  {
    id: 'validated-open-opportunities',
    label: 'Validated open opportunities',
    means: 'Opportunities you submitted, AWS has validated, and that are neither launched nor closed lost.',
    aliases: ['validated', 'validated open'],
    which: [{ only: 'ours', origin: 'Partner Referral', status: ['Approved'], stage: OPEN_STAGES }],
    order: 'close',
  },
  {
    id: 'committed-opportunities',
    label: 'Committed opportunities',
    means: 'Opportunities in stage Committed, created by you or shared by AWS.',
    aliases: ['committed'],
    which: [{ only: 'ours', stage: ['Committed'] }],
    order: 'close',
  },
  {
    id: 'closing-this-month',
    label: 'Closing this month',
    means: 'Opportunities you created that have a close date in this calendar month.',
    aliases: ['closing', 'closes this month', 'closing month'],
    which: [{ only: 'ours', origin: 'Partner Referral', closes: 'this month' }],
    order: 'close',
  },
  {
    id: 'launched-opportunities',
    label: 'Launched opportunities',
    means: 'Opportunities in stage Launched, created by you or shared by AWS.',
    aliases: ['launched'],
    which: [{ only: 'ours', stage: ['Launched'] }],
    order: 'latest close',
  },
  {
    id: 'opportunities-pending-acceptance',
    label: 'Opportunities pending acceptance',
    means: `Opportunities shared by AWS that wait to be accepted or rejected. ${PARTNERS_ELSEWHERE}`,
    aliases: ['pending opportunities', 'pending referrals'],
    which: [{ only: 'pending', origin: 'AWS Referral' }],
    order: 'due',
  },
  {
    id: 'partner-referred-opportunities',
    label: 'Partner referred opportunities',
    means: 'Opportunities you submitted that AWS has validated, in any stage.',
    aliases: ['partner referred', 'partner referrals', 'partner referral'],
    which: [{ only: 'ours', origin: 'Partner Referral', status: ['Approved'] }],
    order: 'latest close',
  },
  {
    id: 'aws-referred-opportunities',
    label: 'AWS referred opportunities',
    means: 'Opportunities AWS shared with you and you accepted.',
    aliases: ['AWS referred', 'AWS referrals', 'AWS referral'],
    which: [{ only: 'ours', origin: 'AWS Referral' }],
    order: 'latest close',
  },
  {
    id: 'flagged-opportunities',
    label: 'Flagged opportunities',
    means: 'Opportunities you flagged for follow-up. Nobody else sees your flags.',
    aliases: ['flagged', 'flags', 'my flagged opportunities'],
    which: [{ flagged: true }],
    order: 'close',
  },
  {
    id: 'opportunities-shared-last-7-days',
    label: 'Shared by AWS in the last 7 days',
    means: 'Opportunities AWS shared with you in the last 7 days, pending and accepted.',
    aliases: ['opportunities shared last week'],
    which: [{ shared: '7 days' }],
    order: 'shared',
  },
  {
    id: 'opportunities-shared-this-quarter',
    label: 'Shared by AWS this quarter',
    means: 'Opportunities AWS shared with you in this calendar quarter, pending and accepted.',
    aliases: [],
    which: [{ shared: 'quarter' }],
    order: 'shared',
  },
  {
    id: 'opportunities-without-update',
    label: 'Date of last provided update exceeds 2 weeks',
    means:
      'Approved and action-required opportunities in an open stage that you last updated over 14 days ago.',
    aliases: ['stale', 'stale opportunities', 'quiet opportunities', 'opportunities exceeds 2 weeks'],
    which: [QUIET_OPPORTUNITIES],
    order: 'quiet',
  },
  {
    id: 'opportunities-submitted-last-7-days',
    label: 'Submitted to AWS in the last 7 days',
    means: `Opportunities submitted to AWS in the last 7 days. ${STILL_UNKNOWN}`,
    aliases: ['submitted last week'],
    which: [{ only: 'ours', submitted: '7 days' }],
    order: 'submitted',
  },
  {
    id: 'opportunities-submitted-this-quarter',
    label: 'Submitted to AWS this quarter',
    means: `Opportunities submitted to AWS in this calendar quarter. ${STILL_UNKNOWN}`,
    aliases: ['submitted quarter'],
    which: [{ only: 'ours', submitted: 'quarter' }],
    order: 'submitted',
  },
];
