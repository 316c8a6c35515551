/** What must hold in a record once AWS has seen it (ACE data model, validation rules), as a table. */
import { at, type Doc, textAt } from './json.ts';
import { isOpen } from './matrix.ts';
import { US_STATES } from './picklists.ts';
import { type FieldError, forbidden } from './wire.ts';

interface Rule {
  field: string;
  code: FieldError['Code'];
  message: string;
  /** Whether the record breaks it. `before` is the stored one; `today` by UTC. */
  broken(record: Doc, before: Doc, today: string): boolean;
}

const is = (record: Doc, path: string, value: string): boolean => textAt(record, path) === value;
const lacks = (record: Doc, path: string): boolean => at(record, path) === undefined;
const moves = (record: Doc, before: Doc, ...stages: string[]): boolean =>
  stages.some((stage) => is(record, 'LifeCycle.Stage', stage) && !is(before, 'LifeCycle.Stage', stage));

const REQUIRED = [
  'Customer.Account.CompanyName',
  'Customer.Account.Industry',
  'Customer.Account.Address.CountryCode',
  'Project.Title',
  'Project.CustomerBusinessProblem',
  'Project.ExpectedCustomerSpend',
  'LifeCycle.Stage',
  'LifeCycle.TargetCloseDate',
];

const SOLUTIONS = ['Solutions', 'AwsMarketplaceSolutions', 'AwsMarketplaceProducts'];

const hasSolution = (record: Doc): boolean =>
  SOLUTIONS.some((name) => at(record, `RelatedEntityIdentifiers.${name}`) !== undefined);

const required = (
  field: string,
  when: Rule['broken'] = () => true,
  message = `Field ${field} is required.`,
): Rule => ({
  field,
  code: 'REQUIRED_FIELD_MISSING',
  message,
  broken: (record, before, today) => lacks(record, field) && when(record, before, today),
});

const RULES: Rule[] = [
  ...REQUIRED.map((field) => required(field)),
  required('Customer.Account.WebsiteUrl', (record) => !is(record, 'NationalSecurity', 'Yes')),
  required('Customer.Account.OtherIndustry', (record) => is(record, 'Customer.Account.Industry', 'Other')),
  required(
    'LifeCycle.ClosedLostReason',
    (record) => is(record, 'LifeCycle.Stage', 'Closed Lost'),
    "Field LifeCycle.ClosedLostReason is required when LifeCycle.Stage is 'Closed Lost'.",
  ),
  required(
    'Customer.Account.AwsAccountId',
    (record, before) => moves(record, before, 'Launched'),
    "Field Customer.Account.AwsAccountId is required when LifeCycle.Stage is 'Launched'.",
  ),
  {
    field: 'Customer.Account.Address.StateOrRegion',
    code: 'INVALID_VALUE',
    message: 'A state of the list is required for the United States.',
    broken: (record) =>
      is(record, 'Customer.Account.Address.CountryCode', 'US') &&
      !is(record, 'NationalSecurity', 'Yes') &&
      !US_STATES.includes(textAt(record, 'Customer.Account.Address.StateOrRegion') ?? ''),
  },
  {
    field: 'NationalSecurity',
    code: 'INVALID_VALUE',
    message: 'National security is for the government industry only.',
    broken: (record) =>
      is(record, 'NationalSecurity', 'Yes') && !is(record, 'Customer.Account.Industry', 'Government'),
  },
  {
    field: 'RelatedEntityIdentifiers.Solutions',
    code: 'REQUIRED_FIELD_MISSING',
    message: "Solution offered cannot be 'Other' when Opportunity stage is Committed or Launched.",
    broken: (record, before) => moves(record, before, 'Committed', 'Launched') && !hasSolution(record),
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
    field: 'LifeCycle.TargetCloseDate',
    code: 'VALUE_OUT_OF_RANGE',
    message: 'TargetCloseDate must not be in the past, nor more than 60 years ahead.',
    // A close date that has passed since blocks every update that leaves it there, whatever else it changes.
    broken: (record, before, today) => {
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

/** Throws BUSINESS_VALIDATION_FAILED with a line for each rule the updated record breaks. `today` by UTC. */
export function assertRules(record: Doc, before: Doc, today: string): void {
  const isDraft = is(before, 'LifeCycle.ReviewStatus', 'Pending Submission');
  const broken = (isDraft ? DRAFT_RULES : RULES).filter((rule) => rule.broken(record, before, today));
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
