/**
 * AWS's records as deals, with the record itself as plain JSON under the operation that gave it. Every member may be
 * absent, every picklist may have a value newer than this code; entities are decoded. Defaults are on the careful side
 * and named where they are chosen.
 */
import {
  type Contact,
  type InvitationStatus,
  type Lead,
  type Opportunity,
  REVIEW_STATUSES,
  type Referral,
  STAGES,
} from '../pipeline/deal.ts';
import type { Entry } from '../store/deals.ts';
import {
  contact,
  contacts,
  customer,
  day,
  known,
  LONG_AGO,
  moment,
  NO_END,
  newest,
  present,
  spend,
  spendEntry,
  text,
  unique,
} from './members.ts';
import { at, listAt, plain, valueAt } from './raw.ts';

export type { Entry };

const UNTITLED = 'Untitled';

const INVITATION_STATUSES = ['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'] as const;

/** Sales guide, Lead status. The API calls a fresh one Unqualified. */
const QUALIFICATIONS = ['Open', 'Research', 'Qualified', 'Disqualified'] as const;

/**
 * GetEngagementInvitation's answer, or a summary of ListEngagementInvitations (then without the customer). `successor`:
 * the opportunity it became, known from the task that accepted it; a lead's engagement is in the record itself.
 */
export function fromInvitation(record: unknown, successor?: string): Entry {
  const isLead =
    text(record, 'PayloadType') === 'LeadInvitation' ||
    text(record, 'Payload', 'LeadInvitation', 'Customer', 'CompanyName') !== undefined;
  const deal = isLead ? invitedLead(record) : referral(record, successor);
  return { deal, raw: { GetEngagementInvitation: plain(record) } };
}

function referral(record: unknown, successor?: string): Referral {
  const payload = ['Payload', 'OpportunityInvitation'];
  const project = [...payload, 'Project'];
  return {
    kind: 'referral',
    ...present({
      id: invitationId(record),
      ...customer(record, ...payload, 'Customer'),
      title: text(record, ...project, 'Title') ?? text(record, 'EngagementTitle') ?? UNTITLED,
      businessProblem: text(record, ...project, 'BusinessProblem'),
      spend: spend(record, ...project),
      targetDate: day(text(record, ...project, 'TargetCompletionDate')),
      ...invited(record, successor),
      awsContacts: contacts(record, ...payload, 'SenderContacts').slice(0, 3),
      responsibilities: listAt(record, [...payload, 'ReceiverResponsibilities']).flatMap(
        (one) => text(one) ?? [],
      ),
    }),
  };
}

function invitedLead(record: unknown): Lead {
  const payload = ['Payload', 'LeadInvitation'];
  const interaction = [...payload, 'Interaction'];
  const engagement = text(record, 'EngagementId');
  const accepted = text(record, 'Status') === 'ACCEPTED' ? engagement : undefined;
  return {
    kind: 'lead',
    ...present({
      id: invitationId(record),
      ...customer(record, ...payload, 'Customer'),
      title: text(record, 'EngagementTitle') ?? UNTITLED,
      invitation: present(invited(record, accepted)),
      campaign: text(record, ...interaction, 'SourceName'),
      source: text(record, ...interaction, 'SourceType'),
      useCase: text(record, ...interaction, 'Usecase'),
      contactTitle: text(record, ...interaction, 'ContactBusinessTitle'),
      contacts: [],
    }),
  };
}

/** A status this code does not know counts as PENDING: it stays in sight, and AWS has the last word on accepting. */
const invited = (record: unknown, successor?: string) => {
  const account = text(record, 'SenderAwsAccountId')?.toLowerCase() ?? '';
  return present({
    status: known<InvitationStatus>(INVITATION_STATUSES, text(record, 'Status')) ?? 'PENDING',
    invitedAt: moment(text(record, 'InvitationDate')) ?? LONG_AGO,
    expiresAt: moment(text(record, 'ExpirationDate')) ?? NO_END,
    sender: { account, company: text(record, 'SenderCompanyName') ?? (account === 'aws' ? 'AWS' : account) },
    message: text(record, 'InvitationMessage'),
    successor,
    engagementId: text(record, 'EngagementId'),
  });
};

/** The model allows an ARN here as well. */
const invitationId = (record: unknown): string => text(record, 'Id')?.split('/').at(-1) ?? '';

/**
 * GetOpportunity's answer, with AWS's summary where it was read. `origin`: what is known otherwise (it came from an
 * accepted AWS referral). Unknown stage: Prospect. Unknown review status: In review, so that nothing is sent blindly.
 */
export function fromOpportunity(record: unknown, summary?: unknown, origin?: Opportunity['origin']): Entry {
  const raw = {
    GetOpportunity: plain(record),
    ...(summary === undefined ? {} : { GetAwsOpportunitySummary: plain(summary) }),
  };
  const deal = opportunity(record, summary, origin);
  return { deal, raw, ...present({ modified: valueAt(record, ['LastModifiedDate']) }) };
}

function opportunity(record: unknown, summary?: unknown, origin?: Opportunity['origin']): Opportunity {
  const status = text(record, 'LifeCycle', 'ReviewStatus');
  const steps = listAt(record, ['LifeCycle', 'NextStepsHistory']).map((step) => ({
    text: text(step, 'Value') ?? '',
    at: moment(text(step, 'Time')) ?? LONG_AGO,
  }));
  return {
    kind: 'opportunity',
    ...present({
      id: text(record, 'Id') ?? '',
      ...customer(record, 'Customer', 'Account'),
      title: text(record, 'Project', 'Title') ?? UNTITLED,
      businessProblem: text(record, 'Project', 'CustomerBusinessProblem'),
      spend: spend(record, 'Project'),
      stage: known(STAGES, text(record, 'LifeCycle', 'Stage')) ?? 'Prospect',
      reviewStatus: status === undefined ? undefined : (known(REVIEW_STATUSES, status) ?? 'In review'),
      reviewComments: text(record, 'LifeCycle', 'ReviewComments'),
      origin:
        known(['AWS Referral', 'Partner Referral'] as const, text(summary, 'Origin')) ??
        origin ??
        'Partner Referral',
      owner: teamMember(record, 'OpportunityOwner'),
      salesContact: teamMember(record, 'PartnerAccountManager'),
      closeDate: day(text(record, 'LifeCycle', 'TargetCloseDate')),
      closedLostReason: text(record, 'LifeCycle', 'ClosedLostReason'),
      nextStep: text(record, 'LifeCycle', 'NextSteps'),
      nextSteps: steps.sort((a, b) => newest(a.at, b.at)),
      useCase: text(record, 'Project', 'CustomerUseCase'),
      nationalSecurity: text(record, 'NationalSecurity')?.toLowerCase() === 'yes',
      solutions: listAt(record, ['RelatedEntityIdentifiers', 'Solutions']).flatMap((one) => text(one) ?? []),
      otherSolution: text(record, 'Project', 'OtherSolutionDescription'),
      ...account(record),
      partnerId: text(record, 'PartnerOpportunityIdentifier'),
      estimationUrl: text(spendEntry(record, 'Project'), 'EstimationUrl'),
      involvement: known(['Co-Sell', 'For Visibility Only'] as const, text(summary, 'InvolvementType')),
      visibility: known(['Full', 'Limited'] as const, text(summary, 'Visibility')),
      contacts: contacts(record, 'Customer', 'Contacts'),
      aws: summary === undefined ? undefined : awsSide(summary),
      createdAt: moment(text(record, 'CreatedDate')) ?? moment(text(record, 'LastModifiedDate')) ?? LONG_AGO,
    }),
  };
}

const awsSide = (summary: unknown) =>
  present({
    stage: text(summary, 'LifeCycle', 'Stage'),
    closeDate: day(text(summary, 'LifeCycle', 'TargetCloseDate')),
    closedLostReason: text(summary, 'LifeCycle', 'ClosedLostReason'),
    nextStep: text(summary, 'LifeCycle', 'NextSteps'),
    contacts: contacts(summary, 'OpportunityTeam'),
  });

const account = (record: unknown) => {
  const at = ['Customer', 'Account'];
  return {
    awsAccountId: text(record, ...at, 'AwsAccountId'),
    street: text(record, ...at, 'Address', 'StreetAddress'),
    city: text(record, ...at, 'Address', 'City'),
    state: text(record, ...at, 'Address', 'StateOrRegion'),
    postalCode: text(record, ...at, 'Address', 'PostalCode'),
  };
};

/** Set by AssignOpportunity under this title. */
const teamMember = (
  record: unknown,
  title: 'OpportunityOwner' | 'PartnerAccountManager',
): Contact | undefined =>
  listAt(record, ['OpportunityTeam'])
    .filter((one) => text(one, 'BusinessTitle') === title)
    .flatMap((one) => contact(one) ?? [])[0];

/** GetEngagement's answer, when it has a Lead context. `invitation`: the record it was accepted from, where kept. */
export function fromEngagement(record: unknown, invitation?: unknown): Entry | undefined {
  const context = leadContext(record);
  if (context === undefined) return undefined;
  const raw = {
    GetEngagement: plain(record),
    ...(invitation === undefined ? {} : { GetEngagementInvitation: plain(invitation) }),
  };
  const deal = acceptedLead(record, context, invitation);
  return { deal, raw, ...present({ modified: valueAt(record, ['ModifiedAt']) }) };
}

/** The part of an engagement that is the lead. */
export const leadContext = (engagement: unknown): unknown =>
  listAt(engagement, ['Contexts']).find((one) => text(one, 'Type') === 'Lead');

function acceptedLead(record: unknown, context: unknown, invitation: unknown): Lead {
  const lead = ['Payload', 'Lead'];
  const interactions = listAt(context, [...lead, 'Interactions']).toSorted((a, b) =>
    newest(text(a, 'InteractionDate'), text(b, 'InteractionDate')),
  );
  /** The newest interaction that says it. */
  const latest = (...path: string[]) => interactions.map((one) => text(one, ...path)).find(Boolean);
  return {
    kind: 'lead',
    ...present({
      id: text(record, 'Id') ?? '',
      ...customer(context, ...lead, 'Customer'),
      title: text(record, 'Title') ?? UNTITLED,
      businessProblem: latest('BusinessProblem'),
      invitation: invitation === undefined ? undefined : invited(invitation, text(record, 'Id')),
      qualification: qualification(text(context, ...lead, 'QualificationStatus')),
      campaign: latest('SourceName'),
      source: latest('SourceType'),
      useCase: latest('Usecase'),
      contactTitle: latest('Contact', 'BusinessTitle'),
      contacts: unique(interactions.flatMap((one) => contact(at(one, ['Contact'])) ?? [])),
      contextId: text(context, 'Id'),
      createdAt: moment(text(record, 'CreatedAt')),
    }),
  };
}

/** Absent counts as AWS's default, Unqualified; a custom word stays as AWS has it. */
const qualification = (word = 'Unqualified'): string =>
  word.toLowerCase() === 'unqualified' ? 'Open' : (known(QUALIFICATIONS, word) ?? word);
