/** The edit matrix, cell by cell, as partner-central-api.md gives it in section 4 ("State machine: what may be edited when"). */
import { describe, expect, test } from '@jest/globals';
import type { ReviewStatus, Stage } from '../../src/pipeline/deal.ts';
import {
  EDITABLE,
  type EditableId,
  editableNow,
  editState,
  FIELDS,
  mayEdit,
  reviewState,
  standing,
} from '../../src/pipeline/fields.ts';
import { opportunity } from './samples.ts';

const STATES: [name: string, status: ReviewStatus, stage: Stage][] = [
  ['draft', 'Pending Submission', 'Qualified'],
  ['submitted', 'Submitted', 'Qualified'],
  ['in review', 'In review', 'Qualified'],
  ['action required', 'Action Required', 'Qualified'],
  ['approved', 'Approved', 'Committed'],
  ['launched', 'Approved', 'Launched'],
  ['closed lost', 'Approved', 'Closed Lost'],
  ['rejected', 'Rejected', 'Qualified'],
];

/** y: may be changed; in the order of STATES. */
const MATRIX: Record<EditableId, string> = {
  nextStep: 'y...y...',
  stage: 'y...y...',
  closedLostReason: 'y...y...',
  awsAccountId: 'y...y...',
  closeDate: 'y..yy...',
  city: 'y..yy...',
  street: 'y..yy...',
  spendAmount: 'y..yy...',
  estimationUrl: 'y..yy...',
  website: 'y..y....',
  country: 'y..y....',
  state: 'y..y....',
  postalCode: 'y..y....',
  businessProblem: 'y..y....',
  spendCurrency: 'y..y....',
  partnerId: 'y..y....',
};

describe('the edit matrix', () => {
  test.each(Object.entries(MATRIX))('%s', (field, cells) => {
    const shown = STATES.map(([, reviewStatus, stage]) =>
      mayEdit(field as EditableId, opportunity({ reviewStatus, stage })) ? 'y' : '.',
    ).join('');
    expect(shown).toBe(cells);
  });

  test('has a row for every field that can be changed through us', () => {
    expect(Object.keys(MATRIX).sort()).toEqual(Object.keys(EDITABLE).sort());
  });

  test('action required opens the 14 paths of “Working with opportunity updates”, but for the two that are always the same', () => {
    const deal = opportunity({ reviewStatus: 'Action Required' });
    const paths = editableNow(deal).map((field) =>
      EDITABLE[field].awsPath.filter((part) => part !== 'AWS').join('.'),
    );
    expect(paths.sort()).toEqual(
      [
        ...['City', 'CountryCode', 'PostalCode', 'StateOrRegion', 'StreetAddress'].map(
          (part) => `Customer.Account.Address.${part}`,
        ),
        'Customer.Account.WebsiteUrl',
        'LifeCycle.TargetCloseDate',
        ...['Amount', 'CurrencyCode', 'EstimationUrl'].map((part) => `Project.ExpectedCustomerSpend.${part}`),
        'Project.CustomerBusinessProblem',
        'PartnerOpportunityIdentifier',
      ].sort(),
    );
  });

  test('nothing of the record that is only shown is ever editable', () => {
    const shown = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).filter((field) => !(field in EDITABLE));
    for (const [, reviewStatus, stage] of STATES)
      expect(shown.filter((field) => mayEdit(field, opportunity({ reviewStatus, stage })))).toEqual([]);
    expect(shown).toContain('title');
  });
});

test('launched and closed lost have rows of their own, once approved', () => {
  expect(editState(opportunity({ stage: 'Launched' }))).toBe('Approved, Launched');
  expect(editState(opportunity({ stage: 'Closed Lost' }))).toBe('Approved, Closed Lost');
  expect(editState(opportunity({ stage: 'Closed Lost', reviewStatus: 'Action Required' }))).toBe(
    'Action Required',
  );
});

test('without a status an accepted AWS referral counts as approved, and ours as a draft', () => {
  const { reviewStatus: _, ...bare } = opportunity();
  expect(reviewState({ ...bare, origin: 'AWS Referral' })).toBe('Approved');
  expect(reviewState(bare)).toBe('Pending Submission');
});

test('limits are AWS’s own', () => {
  const { nextStep, company, title, website, postalCode, businessProblem, partnerId } = FIELDS;
  expect(
    [nextStep, company, title, website, postalCode, businessProblem, partnerId].map((it) => it.limit),
  ).toEqual([255, 120, 255, 255, 20, 2000, 64]);
});

test('what stands there is text, the money in its two halves', () => {
  const deal = opportunity({ website: 'acme.com' });
  expect(
    (['spendAmount', 'spendCurrency', 'website', 'stage', 'city'] as const).map((field) =>
      standing(deal, field),
    ),
  ).toEqual(['900.5', 'EUR', 'acme.com', 'Qualified', undefined]);
});
