/** Reading opportunities: the list, one, and AWS's side of one. */
import type { z } from 'zod';
import { encodedTexts } from './entities.ts';
import { type Doc, docAt, only, put, textAt } from './json.ts';
import { operation, type Turn } from './operation.ts';
import { paginate } from './page.ts';
import * as shapes from './shapes/opportunity.ts';
import { notFound } from './wire.ts';
import { find, type OpportunityRow } from './world.ts';

export const listOpportunities = operation('read', shapes.listOpportunities, (input, { world, body }) => {
  const rows = Object.values(world.opportunities).filter(({ record }) => fits(record, input));
  const page = paginate(rows, input, body, {
    key: ({ record }) => textAt(record, SORT_PATHS[input.Sort?.SortBy ?? 'LastModifiedDate'] ?? '') ?? '',
    id: ({ record }) => textAt(record, 'Id') ?? '',
    descending: true,
  });
  const { rows: shown, ...token } = page;
  return { world, answer: { OpportunitySummaries: shown.map(toSummary), ...token } };
});

export const getOpportunity = operation('read', shapes.getOpportunity, (input, turn) => ({
  world: turn.world,
  answer: toAnswer(rowOf(turn, input.Identifier)),
}));

/** The summary is AWS's copy; a draft has one too, almost empty (GUESS: no source says). */
export const getAwsOpportunitySummary = operation('read', shapes.getAwsOpportunitySummary, (input, turn) => ({
  world: turn.world,
  answer: rowOf(turn, input.RelatedOpportunityIdentifier).aws,
}));

/** Throws ResourceNotFoundException. */
export function rowOf({ world }: Turn, id: string): OpportunityRow {
  const row = find(world.opportunities, id);
  if (!row) throw notFound('The opportunity');
  return row;
}

const SORT_PATHS: Record<string, string> = {
  LastModifiedDate: 'LastModifiedDate',
  CreatedDate: 'CreatedDate',
  Identifier: 'Id',
  CustomerCompanyName: 'Customer.Account.CompanyName',
  TargetCloseDate: 'LifeCycle.TargetCloseDate',
};

type Filters = z.infer<typeof shapes.listOpportunities>;

/** All filters must fit, any value of one does (GUESS: how filters combine is not documented). */
function fits(record: Doc, filters: Filters): boolean {
  return (
    among(record, 'Id', filters.Identifier) &&
    among(record, 'LifeCycle.Stage', filters.LifeCycleStage) &&
    among(record, 'LifeCycle.ReviewStatus', filters.LifeCycleReviewStatus) &&
    among(record, 'Customer.Account.CompanyName', filters.CustomerCompanyName) &&
    within(record, 'LastModifiedDate', 'LastModifiedDate', filters.LastModifiedDate) &&
    within(record, 'CreatedDate', 'CreatedDate', filters.CreatedDate) &&
    within(record, 'LifeCycle.TargetCloseDate', 'TargetCloseDate', filters.TargetCloseDate)
  );
}

const among = (record: Doc, path: string, values: readonly string[] | undefined): boolean =>
  values === undefined || values.length === 0 || values.includes(textAt(record, path) ?? '');

/** Both ends belong to the range. */
function within(
  record: Doc,
  path: string,
  name: string,
  range: Record<string, unknown> | undefined,
): boolean {
  if (!range) return true;
  const value = Date.parse(textAt(record, path) ?? '');
  const after = Date.parse(String(range[`After${name}`] ?? '0001-01-01'));
  const before = Date.parse(String(range[`Before${name}`] ?? '9999-12-31'));
  return value >= after && value <= before;
}

const toAnswer = (row: OpportunityRow): Doc => (row.encoded ? encodedTexts(row.record) : row.record);

const SUMMARY = [
  'Catalog',
  'Id',
  'Arn',
  'PartnerOpportunityIdentifier',
  'OpportunityType',
  'LastModifiedDate',
  'CreatedDate',
];
const SUMMARY_ADDRESS = ['City', 'PostalCode', 'StateOrRegion', 'CountryCode'];

/** No title, no owner, no origin, no history, no contacts: who needs them asks for the record. */
function toSummary(row: OpportunityRow): Doc {
  const record = toAnswer(row);
  const account = part(record, 'Customer.Account', [
    'Industry',
    'OtherIndustry',
    'CompanyName',
    'WebsiteUrl',
  ]);
  const address = part(record, 'Customer.Account.Address', SUMMARY_ADDRESS);
  const project = part(record, 'Project', [
    'DeliveryModels',
    'ExpectedCustomerSpend',
    'ExpectedContractDuration',
  ]);
  const lifeCycle = part(record, 'LifeCycle', [
    'Stage',
    'ClosedLostReason',
    'NextSteps',
    'TargetCloseDate',
    'ReviewStatus',
    'ReviewComments',
    'ReviewStatusReason',
  ]);
  const summary = put(only(record, SUMMARY), 'Customer.Account', put(account, 'Address', address));
  return { ...summary, Project: project, LifeCycle: lifeCycle };
}

const part = (record: Doc, path: string, names: readonly string[]): Doc => only(docAt(record, path), names);
