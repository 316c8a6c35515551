/** Whether a wanted value stands at AWS already, and where in its record it goes. */
import { describe, expect, test } from '@jest/globals';
import { fromOpportunity } from '../../src/partner-central/mapping.ts';
import { listAt, parseRaw, updateBody } from '../../src/partner-central/raw.ts';
import { foundOf, missing, same, settings } from '../../src/partner-central/values.ts';
import type { Values } from '../../src/pipeline/change.ts';
import type { Opportunity } from '../../src/pipeline/deal.ts';

const AWS = { Amount: '900.50', CurrencyCode: 'EUR', Frequency: 'Monthly', TargetCompany: 'AWS' };
const SELF = { Amount: '1', CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'Self' };
const record = (ExpectedCustomerSpend?: object[], more: object = {}) =>
  parseRaw(
    JSON.stringify({
      Id: 'O1',
      LastModifiedDate: '2026-11-20T10:11:12.123456Z',
      LifeCycle: { Stage: 'Qualified', NextSteps: 'Call R&amp;D' },
      Project: { ...(ExpectedCustomerSpend ? { ExpectedCustomerSpend } : {}) },
      ...more,
    }),
  );
const opportunity = (...it: Parameters<typeof record>) =>
  fromOpportunity(record(...it), undefined, 'AWS Referral').deal as Opportunity;

describe('what stands there already', () => {
  test.each([
    ['900.5', '900.50', true],
    ['900', '900.00', true],
    ['900.', '900', true],
    ['0900', '900', true],
    ['0', '0.00', true],
    ['.5', '0.50', true],
    ['900.5', '900.05', false],
    ['900', '9000', false],
    ['', undefined, true],
    ['0', undefined, false],
    ['1234567890123456789012345678901.10', '1234567890123456789012345678901.1', true],
    ['1234567890123456789012345678901', '1234567890123456789012345678902', false],
    ['a lot', 'a lot', true],
    ['a lot', '', false],
  ])('the amounts %s and %s are the same: %s', (one, other, is) => {
    expect(same('spendAmount', one, other)).toBe(is);
    expect(same('spendAmount', other, one)).toBe(is);
  });

  test('texts are the same as AWS keeps them; a number in one is text', () => {
    expect(same('nextStep', 'Call R&D', 'Call R&amp;D ')).toBe(true);
    expect(same('postalCode', '0100', '100')).toBe(false);
    expect(same('website', undefined, '')).toBe(true);
  });

  test('only what differs is missing, and what was found is told for all that was wanted', () => {
    const wanted: Values = {
      stage: 'Qualified',
      nextStep: 'Mail',
      spendAmount: '900.5',
      website: '',
      city: 'Bern',
    };
    expect(missing(opportunity([AWS]), wanted)).toEqual(['nextStep', 'city']);
    expect(foundOf(opportunity([AWS]), wanted)).toEqual({
      stage: 'Qualified',
      nextStep: 'Call R&D',
      spendAmount: '900.50',
    });
  });
});

describe('where it goes', () => {
  const written = (spend: object[] | undefined, set: Values) => {
    const fresh = record(spend);
    const body = updateBody(fresh, 'AWS', settings(fresh, set, Object.keys(set) as (keyof Values)[]));
    return listAt(JSON.parse(body), ['Project', 'ExpectedCustomerSpend']);
  };

  test('an amount goes into the entry for AWS, wherever it stands, and leaves the rest of it', () => {
    expect(written([SELF, AWS], { spendAmount: '7' })).toEqual([SELF, { ...AWS, Amount: '7' }]);
    expect(written([AWS], { spendCurrency: 'USD' })).toEqual([{ ...AWS, CurrencyCode: 'USD' }]);
  });

  test('where there is none it is made, in US dollars a month unless said otherwise', () => {
    const made = { Frequency: 'Monthly', TargetCompany: 'AWS' };
    for (const spend of [undefined, []])
      expect(written(spend, { spendAmount: '7' })).toEqual([{ ...made, CurrencyCode: 'USD', Amount: '7' }]);
    expect(written([SELF], { spendAmount: '7', spendCurrency: 'EUR' })).toEqual([
      SELF,
      { ...made, CurrencyCode: 'EUR', Amount: '7' },
    ]);
  });

  test('an emptied field is left out, and no entry of spend is made for another field', () => {
    const fresh = record(undefined, { PartnerOpportunityIdentifier: 'CRM-1' });
    const body = updateBody(fresh, 'AWS', settings(fresh, { partnerId: '' }, ['partnerId']));
    expect(JSON.parse(body)).toMatchObject({ Project: {} });
    expect(body).not.toMatch(/CRM-1|PartnerOpportunityIdentifier|ExpectedCustomerSpend/);
  });
});
