/** What must hold in a record once AWS has seen it (ACE data model, validation rules), as a table. */
import { SPEND_CURRENCIES, US_STATES } from '../pipeline/picklists.ts';
import { NO_POSTAL_CODES } from './data/postal-codes.ts';
import { at, type Doc, isDoc, listAt, textAt } from './json.ts';
import { isOpen } from './matrix.ts';
import type { PartnerPath } from './operation.ts';
import { type FieldError, forbidden } from './wire.ts';

/** What a rule looks at beside the record. */
export interface Circumstances {
  /** By UTC. */
  today: string;
  partnerPath: PartnerPath;
  /** As ListSolutions answers them. */
  solutions: readonly Doc[];
}

export interface Rule {
  field: string;
  code: FieldError['Code'];
  message: string;
  /** Whether the record breaks it. `before` is the stored one. */
  broken(record: Doc, before: Doc, around: Circumstances): boolean;
}

export const is = (record: Doc, path: string, value: string): boolean => textAt(record, path) === value;
/** An empty text or list says nothing either. */
export const lacks = (record: Doc, path: string): boolean => {
  const value = at(record, path);
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
};
const moves = (record: Doc, before: Doc, ...stages: string[]): boolean =>
  stages.some((stage) => is(record, 'LifeCycle.Stage', stage) && !is(before, 'LifeCycle.Stage', stage));

const SPEND: readonly string[] = SPEND_CURRENCIES;

const REQUIRED = [
  'Customer.Account.Industry',
  'Customer.Account.Address.CountryCode',
  'Project.Title',
  'Project.CustomerBusinessProblem',
  'Project.ExpectedCustomerSpend',
  'LifeCycle.Stage',
  'LifeCycle.TargetCloseDate',
];

/** A solution of ours that is active now, or anything of AWS Marketplace's (ACE data model, Solutions). */
export const hasSolution = (record: Doc, solutions: readonly Doc[]): boolean =>
  !lacks(record, 'RelatedEntityIdentifiers.AwsMarketplaceSolutions') ||
  !lacks(record, 'RelatedEntityIdentifiers.AwsMarketplaceProducts') ||
  listAt(record, 'RelatedEntityIdentifiers.Solutions').some((id) =>
    solutions.some(({ Id, Status }) => Id === id && Status === 'Active'),
  );

export const SOLUTION_NEEDED =
  "Solution offered cannot be 'Other' when Opportunity stage is Committed or Launched.";

export const isNatSec = (record: Doc): boolean => is(record, 'NationalSecurity', 'Yes');

export const required = (
  field: string,
  when: Rule['broken'] = () => true,
  message = `Field ${field} is required.`,
): Rule => ({
  field,
  code: 'REQUIRED_FIELD_MISSING',
  message,
  broken: (record, before, around) => lacks(record, field) && when(record, before, around),
});

export const RULES: Rule[] = [
  ...REQUIRED.map((field) => required(field)),
  required('Customer.Account.CompanyName', (record) => !isNatSec(record)),
  required('Customer.Account.WebsiteUrl', (record) => !isNatSec(record)),
  required(
    'Customer.Account.Address.PostalCode',
    (record) =>
      !isNatSec(record) &&
      !NO_POSTAL_CODES.includes(textAt(record, 'Customer.Account.Address.CountryCode') ?? ''),
  ),
  required('Customer.Account.OtherIndustry', (record) => is(record, 'Customer.Account.Industry', 'Other')),
  required(
    'LifeCycle.ClosedLostReason',
    (record) => is(record, 'LifeCycle.Stage', 'Closed Lost'),
    "Field LifeCycle.ClosedLostReason is required when LifeCycle.Stage is 'Closed Lost'.",
  ),
  required(
    'Customer.Account.AwsAccountId',
    (record, before, { partnerPath }) => partnerPath === 'services' && moves(record, before, 'Launched'),
    "Field Customer.Account.AwsAccountId is required when LifeCycle.Stage is 'Launched'.",
  ),
  {
    field: 'Customer.Account.Address.StateOrRegion',
    code: 'INVALID_VALUE',
    message: 'A state of the list is required for the United States.',
    broken: (record) =>
      is(record, 'Customer.Account.Address.CountryCode', 'US') &&
      !isNatSec(record) &&
      !US_STATES.includes(textAt(record, 'Customer.Account.Address.StateOrRegion') ?? ''),
  },
  {
    field: 'NationalSecurity',
    code: 'INVALID_VALUE',
    message: 'National security is for the government industry only.',
    broken: (record) => isNatSec(record) && !is(record, 'Customer.Account.Industry', 'Government'),
  },
  {
    field: 'RelatedEntityIdentifiers.Solutions',
    code: 'REQUIRED_FIELD_MISSING',
    message: SOLUTION_NEEDED,
    // Asked at the move only: a record that AWS let in without one can still be worked on (GUESS).
    broken: (record, before, { solutions }) =>
      moves(record, before, 'Committed', 'Launched') && !hasSolution(record, solutions),
  },
  {
    field: 'Marketing.Source',
    code: 'INVALID_VALUE',
    message: "Marketing details must be empty when Marketing.Source is 'None'.",
    broken: (record) =>
      is(record, 'Marketing.Source', 'None') &&
      ['AwsFundingUsed', 'CampaignName', 'Channels', 'UseCases'].some(
        (name) => !lacks(record, `Marketing.${name}`),
      ),
  },
  {
    field: 'Project.ExpectedCustomerSpend.Amount',
    code: 'VALUE_OUT_OF_RANGE',
    message: 'The expected monthly revenue must be more than 0.',
    broken: (record) =>
      listAt(record, 'Project.ExpectedCustomerSpend').some(
        (entry) =>
          isDoc(entry) && entry.TargetCompany === 'AWS' && !(Number(textAt(entry, 'Amount') ?? '0') > 0),
      ),
  },
  {
    field: 'Project.ExpectedCustomerSpend.CurrencyCode',
    code: 'INVALID_VALUE',
    message: 'The expected monthly revenue is in USD or EUR.',
    broken: (record) =>
      listAt(record, 'Project.ExpectedCustomerSpend').some(
        (entry) => isDoc(entry) && !SPEND.includes(textAt(entry, 'CurrencyCode') ?? ''),
      ),
  },
  {
    field: 'LifeCycle.TargetCloseDate',
    code: 'VALUE_OUT_OF_RANGE',
    message: 'TargetCloseDate must not be in the past, nor more than 60 years ahead.',
    // A close date that has passed since blocks every update that leaves it there, whatever else it changes.
    broken: (record, before, { today }) => {
      const day = textAt(record, 'LifeCycle.TargetCloseDate');
      return isOpen(before) && day !== undefined && (day < today || day > yearsAfter(today, 60));
    },
  },
  {
    field: 'LifeCycle.TargetCloseDate',
    code: 'INVALID_STRING_FORMAT',
    message: 'TargetCloseDate is not a day of the calendar.',
    broken: (record) => !isCalendarDay(textAt(record, 'LifeCycle.TargetCloseDate')),
  },
];

/** What a draft must hold too: AWS takes it incomplete, but no date in the past. */
const DRAFT_RULES = RULES.filter(({ field }) => field === 'LifeCycle.TargetCloseDate').filter(
  ({ code }) => code !== 'REQUIRED_FIELD_MISSING',
);

/** Throws BUSINESS_VALIDATION_FAILED with a line for each rule the updated record breaks. */
export function assertRules(record: Doc, before: Doc, around: Circumstances): void {
  const isDraft = is(before, 'LifeCycle.ReviewStatus', 'Pending Submission');
  const broken = (isDraft ? DRAFT_RULES : RULES).filter((rule) => rule.broken(record, before, around));
  if (broken.length === 0) return;
  throw forbidden(
    broken.map(({ field, code, message }) => ({ FieldName: field, Code: code, Message: message })),
  );
}

const yearsAfter = (day: string, years: number): string =>
  `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;

function isCalendarDay(day: string | undefined): boolean {
  if (day === undefined) return true;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
