/**
 * The catalogue: every field of a deal once. A new field is one entry here. `editableIn` is the edit matrix (Partner
 * Central API, "State machine: what may be edited when", from AWS's "Working with opportunity updates" and ACE data
 * model).
 */
import type { Values } from './change.ts';
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

export const FIELDS = {
  company: {
    label: 'Customer',
    kind: 'text',
    limit: 120,
    awsPath: ['Customer', 'Account', 'CompanyName'],
    sensitive: true,
  },
  title: { label: 'Project title', kind: 'text', limit: 255, awsPath: ['Project', 'Title'], sensitive: true },
  industry: { label: 'Industry', kind: 'choice', awsPath: ['Customer', 'Account', 'Industry'] },
  country: { label: 'Country', kind: 'choice', awsPath: ['Customer', 'Account', 'Address', 'CountryCode'] },
  website: {
    label: 'Website',
    kind: 'text',
    limit: 255,
    awsPath: ['Customer', 'Account', 'WebsiteUrl'],
    sensitive: true,
  },
  businessProblem: {
    label: 'Business problem',
    kind: 'text',
    limit: 2000,
    awsPath: ['Project', 'CustomerBusinessProblem'],
    sensitive: true,
  },
  useCase: { label: 'Use case', kind: 'choice', awsPath: ['Project', 'CustomerUseCase'] },
  spend: {
    label: 'AWS monthly recurring revenue',
    kind: 'money',
    awsPath: ['Project', 'ExpectedCustomerSpend'],
  },
  nationalSecurity: { label: 'National security', kind: 'flag', awsPath: ['NationalSecurity'] },
  stage: { label: 'Stage', kind: 'choice', awsPath: ['LifeCycle', 'Stage'] },
  reviewStatus: { label: 'Status', kind: 'choice', awsPath: ['LifeCycle', 'ReviewStatus'] },
  reviewComments: {
    label: 'AWS’s remark',
    kind: 'text',
    awsPath: ['LifeCycle', 'ReviewComments'],
    sensitive: true,
  },
  nextStep: {
    label: 'Next step',
    kind: 'text',
    limit: 255,
    awsPath: ['LifeCycle', 'NextSteps'],
    sensitive: true,
    editableIn: ['Pending Submission', 'Approved'],
  },
  closeDate: {
    label: 'Close date',
    kind: 'day',
    awsPath: ['LifeCycle', 'TargetCloseDate'],
    editableIn: ['Pending Submission', 'Action Required', 'Approved'],
  },
  owner: { label: 'Owner', kind: 'person', awsPath: ['OpportunityTeam'], sensitive: true },
  origin: { label: 'Origin', kind: 'choice', awsPath: ['aws', 'Origin'] },
  awsStage: { label: 'AWS stage', kind: 'choice', awsPath: ['aws', 'LifeCycle', 'Stage'] },
  awsCloseDate: { label: 'AWS close date', kind: 'day', awsPath: ['aws', 'LifeCycle', 'TargetCloseDate'] },
  awsNextStep: {
    label: 'AWS next step',
    kind: 'text',
    awsPath: ['aws', 'LifeCycle', 'NextSteps'],
    sensitive: true,
  },
} as const satisfies Record<string, CatalogueEntry> & Record<keyof Values, CatalogueEntry>;

export type FieldId = keyof typeof FIELDS;

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
