/**
 * The catalogue: every field of a deal once. A new field is one entry here. `editableIn` is the edit matrix (Partner
 * Central API, "State machine: what may be edited when", from AWS's "Working with opportunity updates" and ACE data
 * model).
 */
import type { Opportunity, ReviewStatus } from './deal.ts';

/** A review status, with Approved split where the stage closes the record. */
export type EditState =
  | Exclude<ReviewStatus, 'Approved'>
  | 'Approved'
  | 'Approved, Launched'
  | 'Approved, Closed Lost';

export interface CatalogueEntry {
  label: string;
  kind: 'text' | 'day' | 'money' | 'choice' | 'person' | 'flag';
  /** At most so many code points (Partner Central model, length traits). */
  limit?: number;
  /** Where it lives in AWS's record: GetOpportunity, or GetAwsOpportunitySummary where `aws` leads the path. */
  awsPath: readonly string[];
  /** Marked sensitive in AWS's model: never in a log. */
  sensitive?: true;
  /** Absent: not to be changed through us. */
  editableIn?: readonly EditState[];
}

const DRAFT = 'Pending Submission';
const ASKED = 'Action Required';
/** Until it is submitted, and while it is approved in an open stage. */
const OPEN = [DRAFT, 'Approved'] as const;
/** Part of what AWS asks to be corrected; locked once it is approved ("Working with opportunity updates"). */
const CORRECTIBLE = [DRAFT, ASKED] as const;

const spend = (member: string) => ['Project', 'ExpectedCustomerSpend', 'AWS', member] as const;
const address = (member: string) => ['Customer', 'Account', 'Address', member] as const;

/** What a person may change through us. `AWS` in a path stands for the list's entry whose TargetCompany is AWS. */
export const EDITABLE = {
  nextStep: {
    label: 'Next step',
    kind: 'text',
    limit: 255,
    awsPath: ['LifeCycle', 'NextSteps'],
    sensitive: true,
    editableIn: OPEN,
  },
  stage: { label: 'Stage', kind: 'choice', awsPath: ['LifeCycle', 'Stage'], editableIn: OPEN },
  closeDate: {
    label: 'Close date',
    kind: 'day',
    awsPath: ['LifeCycle', 'TargetCloseDate'],
    editableIn: [DRAFT, ASKED, 'Approved'],
  },
  closedLostReason: {
    label: 'Closed lost reason',
    kind: 'choice',
    awsPath: ['LifeCycle', 'ClosedLostReason'],
    editableIn: OPEN,
  },
  awsAccountId: {
    label: 'AWS account ID',
    kind: 'text',
    limit: 12,
    awsPath: ['Customer', 'Account', 'AwsAccountId'],
    sensitive: true,
    editableIn: OPEN,
  },
  website: {
    label: 'Website',
    kind: 'text',
    limit: 255,
    awsPath: ['Customer', 'Account', 'WebsiteUrl'],
    sensitive: true,
    editableIn: CORRECTIBLE,
  },
  country: { label: 'Country', kind: 'choice', awsPath: address('CountryCode'), editableIn: CORRECTIBLE },
  state: {
    label: 'State or region',
    kind: 'text',
    limit: 255,
    awsPath: address('StateOrRegion'),
    editableIn: CORRECTIBLE,
  },
  city: {
    label: 'City',
    kind: 'text',
    limit: 255,
    awsPath: address('City'),
    sensitive: true,
    editableIn: [DRAFT, ASKED, 'Approved'],
  },
  street: {
    label: 'Street',
    kind: 'text',
    limit: 255,
    awsPath: address('StreetAddress'),
    sensitive: true,
    editableIn: [DRAFT, ASKED, 'Approved'],
  },
  postalCode: {
    label: 'Postal code',
    kind: 'text',
    limit: 20,
    awsPath: address('PostalCode'),
    sensitive: true,
    editableIn: CORRECTIBLE,
  },
  businessProblem: {
    label: 'Business problem',
    kind: 'text',
    limit: 2000,
    awsPath: ['Project', 'CustomerBusinessProblem'],
    sensitive: true,
    editableIn: CORRECTIBLE,
  },
  spendAmount: {
    label: 'AWS monthly recurring revenue',
    kind: 'money',
    awsPath: spend('Amount'),
    editableIn: [DRAFT, ASKED, 'Approved'],
  },
  spendCurrency: {
    label: 'Currency',
    kind: 'choice',
    awsPath: spend('CurrencyCode'),
    editableIn: CORRECTIBLE,
  },
  estimationUrl: {
    label: 'AWS Pricing Calculator link',
    kind: 'text',
    limit: 255,
    awsPath: spend('EstimationUrl'),
    editableIn: [DRAFT, ASKED, 'Approved'],
  },
  partnerId: {
    label: 'Your own id of it',
    kind: 'text',
    limit: 64,
    awsPath: ['PartnerOpportunityIdentifier'],
    sensitive: true,
    editableIn: CORRECTIBLE,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type EditableId = keyof typeof EDITABLE;

export const FIELDS = {
  ...EDITABLE,
  company: {
    label: 'Customer',
    kind: 'text',
    limit: 120,
    awsPath: ['Customer', 'Account', 'CompanyName'],
    sensitive: true,
  },
  title: { label: 'Project title', kind: 'text', limit: 255, awsPath: ['Project', 'Title'], sensitive: true },
  industry: { label: 'Industry', kind: 'choice', awsPath: ['Customer', 'Account', 'Industry'] },
  useCase: { label: 'Use case', kind: 'choice', awsPath: ['Project', 'CustomerUseCase'] },
  nationalSecurity: { label: 'National security', kind: 'flag', awsPath: ['NationalSecurity'] },
  reviewStatus: { label: 'Status', kind: 'choice', awsPath: ['LifeCycle', 'ReviewStatus'] },
  reviewComments: {
    label: 'AWS’s remark',
    kind: 'text',
    awsPath: ['LifeCycle', 'ReviewComments'],
    sensitive: true,
  },
  owner: { label: 'Owner', kind: 'person', awsPath: ['OpportunityTeam'], sensitive: true },
  salesContact: {
    label: 'AWS Partner sales contact',
    kind: 'person',
    awsPath: ['OpportunityTeam'],
    sensitive: true,
  },
  solutions: { label: 'Solution', kind: 'choice', awsPath: ['RelatedEntityIdentifiers', 'Solutions'] },
  origin: { label: 'Origin', kind: 'choice', awsPath: ['aws', 'Origin'] },
  awsStage: { label: 'AWS stage', kind: 'choice', awsPath: ['aws', 'LifeCycle', 'Stage'] },
  awsCloseDate: { label: 'AWS close date', kind: 'day', awsPath: ['aws', 'LifeCycle', 'TargetCloseDate'] },
  awsClosedLostReason: {
    label: 'AWS closed lost reason',
    kind: 'choice',
    awsPath: ['aws', 'LifeCycle', 'ClosedLostReason'],
  },
  awsNextStep: {
    label: 'AWS next step',
    kind: 'text',
    awsPath: ['aws', 'LifeCycle', 'NextSteps'],
    sensitive: true,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type FieldId = keyof typeof FIELDS;

/** What stands there now, as text; undefined where nothing does. */
export function standing(opportunity: Opportunity, field: EditableId): string | undefined {
  if (field === 'spendAmount') return opportunity.spend?.amount;
  if (field === 'spendCurrency') return opportunity.spend?.currency;
  return opportunity[field];
}

/** What of an opportunity AWS lets be changed now. */
export const editableNow = (opportunity: Opportunity): EditableId[] =>
  (Object.keys(EDITABLE) as EditableId[]).filter((field) => mayEdit(field, opportunity));

/** AWS's word on an opportunity; without one an accepted AWS referral is Approved (Partner Central API, ReviewStatus). */
export const reviewState = (opportunity: Pick<Opportunity, 'reviewStatus' | 'origin'>): ReviewStatus =>
  opportunity.reviewStatus ?? (opportunity.origin === 'AWS Referral' ? 'Approved' : 'Pending Submission');

/** The row of the edit matrix an opportunity is in. */
export function editState(opportunity: Pick<Opportunity, 'reviewStatus' | 'origin' | 'stage'>): EditState {
  const state = reviewState(opportunity);
  if (state !== 'Approved') return state;
  if (opportunity.stage === 'Launched') return 'Approved, Launched';
  return opportunity.stage === 'Closed Lost' ? 'Approved, Closed Lost' : 'Approved';
}

/** Whether AWS takes a change of that field now. */
export function mayEdit(
  field: FieldId,
  opportunity: Pick<Opportunity, 'reviewStatus' | 'origin' | 'stage'>,
): boolean {
  const entry: CatalogueEntry = FIELDS[field];
  return entry.editableIn?.includes(editState(opportunity)) ?? false;
}
