/** Which fields may change in which state (Partner Central API, section 4), as data. */
import type { ReviewStatus } from '../pipeline/deal.ts';
import { at, changedPaths, type Doc, put, textAt } from './json.ts';
import type { PartnerPath } from './operation.ts';
import { breaks } from './world.ts';

/** What a record's state lets through. A path covers everything below it. */
type Rights =
  | { kind: 'all' }
  | { kind: 'none' }
  | { kind: 'only'; paths: readonly string[] }
  | { kind: 'all but'; paths: readonly string[] }
  /** Answered with success, and everything but these paths is left as it was. */
  | { kind: 'ignores all but'; paths: readonly string[] };

const SPEND = 'Project.ExpectedCustomerSpend';

/** Developer guide, working with opportunity updates, its 14 paths: no next step, no stage, no contacts in this state. */
const ACTION_REQUIRED: Rights = {
  kind: 'only',
  paths: [
    'Customer.Account.Address.City',
    'Customer.Account.Address.CountryCode',
    'Customer.Account.Address.PostalCode',
    'Customer.Account.Address.StateOrRegion',
    'Customer.Account.Address.StreetAddress',
    'Customer.Account.WebsiteUrl',
    'LifeCycle.TargetCloseDate',
    `${SPEND}.Amount`,
    `${SPEND}.CurrencyCode`,
    `${SPEND}.EstimationUrl`,
    `${SPEND}.Frequency`,
    `${SPEND}.TargetCompany`,
    'Project.CustomerBusinessProblem',
    'PartnerOpportunityIdentifier',
  ],
};

/** The guide's seven and the ACE data model's further ones. Where the two disagree, the field is locked. */
const APPROVED: Rights = {
  kind: 'all but',
  paths: [
    'Customer.Account.Address.CountryCode',
    'Customer.Account.Address.PostalCode',
    'Customer.Account.Address.StateOrRegion',
    'Customer.Account.Industry',
    'Customer.Account.WebsiteUrl',
    'Customer.Account.CompanyName',
    'Project.CustomerBusinessProblem',
    'Project.Title',
    'PartnerOpportunityIdentifier',
    'NationalSecurity',
    `${SPEND}.CurrencyCode`,
    `${SPEND}.Frequency`,
    `${SPEND}.TargetCompany`,
  ],
};

/**
 * ACE data model, column "Update-After Launched". Opportunity testing scenarios 3.12 and 3.16: a forbidden edit after the
 * launch "gets a success response but will be ignored". Whoever does not read back believes it was taken.
 */
const LAUNCHED: Record<PartnerPath, Rights> = {
  services: { kind: 'ignores all but', paths: ['Project.AdditionalComments'] },
  software: {
    kind: 'ignores all but',
    paths: [
      'Project.AdditionalComments',
      'Project.DeliveryModels',
      'Project.RelatedOpportunityIdentifier',
      'OpportunityType',
      'SoftwareRevenue',
    ],
  },
};

const BY_REVIEW: Record<ReviewStatus, Rights> = {
  'Pending Submission': { kind: 'all' },
  Submitted: { kind: 'none' },
  'In review': { kind: 'none' },
  Rejected: { kind: 'none' },
  'Action Required': ACTION_REQUIRED,
  Approved: APPROVED,
};

/**
 * The record after an update, as far as its state allows. Absent review status (an accepted AWS referral) counts as
 * Approved. Throws ACTION_NOT_PERMITTED for the first path that may not change; a state that allows nothing refuses
 * the call itself, changed or not.
 */
export function permitted(before: Doc, after: Doc, path: PartnerPath): Doc {
  const rights = rightsOf(before, path);
  const changed = changedPaths(before, after);
  switch (rights.kind) {
    case 'all':
      return after;
    case 'none':
      throw locked('lifeCycle', 'The opportunity cannot be updated in its present state.');
    case 'only':
      refuse(changed.find((path) => !covers(rights.paths, path)));
      return after;
    case 'all but':
      refuse(changed.find((path) => covers(rights.paths, path)));
      return after;
    case 'ignores all but':
      return rights.paths.reduce((record, path) => put(record, path, at(after, path)), before);
  }
}

/** Whether the record is still worked on: approved or before, and neither launched nor lost. */
export const isOpen = (record: Doc): boolean =>
  !['Launched', 'Closed Lost'].includes(textAt(record, 'LifeCycle.Stage') ?? '');

/** A closed lost record takes nothing more: no source says such edits are ignored, so they are refused. */
function rightsOf(record: Doc, path: PartnerPath): Rights {
  const review = reviewOf(record);
  const byReview = Object.entries(BY_REVIEW).find(([name]) => name === review)?.[1] ?? APPROVED;
  const stage = textAt(record, 'LifeCycle.Stage');
  if (byReview !== APPROVED) return byReview;
  if (stage === 'Launched') return LAUNCHED[path];
  return stage === 'Closed Lost' ? { kind: 'none' } : byReview;
}

/** AWS's word on it; an accepted AWS referral has none and counts as Approved. */
export const reviewOf = (record: Doc): string => textAt(record, 'LifeCycle.ReviewStatus') ?? 'Approved';

const covers = (paths: readonly string[], path: string): boolean =>
  paths.some((covering) => path === covering || path.startsWith(`${covering}.`));

function refuse(path: string | undefined): void {
  if (path !== undefined) throw locked(path, 'The field cannot be changed in the present state.');
}

const locked = (field: string, message: string) => breaks(field, 'ACTION_NOT_PERMITTED', message);
