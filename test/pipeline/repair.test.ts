import { describe, expect, test } from '@jest/globals';
import { readCorrections } from '../../src/pipeline/corrections.ts';
import { countryName, countryOf } from '../../src/pipeline/countries.ts';
import type { Opportunity } from '../../src/pipeline/deal.ts';
import { COUNTRIES } from '../../src/pipeline/picklists.ts';
import { type Corrections, correct, isRequired, submission } from '../../src/pipeline/repair.ts';
import { opportunity } from './samples.ts';

const TODAY = '2025-11-21';
const asked = (more: Partial<Opportunity> = {}) =>
  opportunity({
    reviewStatus: 'Action Required',
    website: 'https://www.gamma.example',
    country: 'FR',
    businessProblem: 'The old SAP runs out of support in spring.',
    ...more,
  });
const fix = (values: Corrections, more: Partial<Opportunity> = {}) => correct(asked(more), values, TODAY);
const errors = (values: Corrections, more: Partial<Opportunity> = {}) => {
  const result = fix(values, more);
  return 'errors' in result ? result.errors : {};
};

describe('a correction', () => {
  test('is one update of what really changed, with what stood there', () => {
    const everything = {
      website: 'www.gamma-group.example',
      country: 'FR',
      businessProblem: ' The old SAP runs out of support in spring. ',
      closeDate: '2026-02-01',
      spendAmount: '900.50',
      spendCurrency: 'eur',
      city: 'Lyon',
    };
    expect(fix(everything)).toEqual({
      wish: {
        kind: 'update',
        base: { website: 'https://www.gamma.example', closeDate: '2026-01-16' },
        set: { website: 'www.gamma-group.example', closeDate: '2026-02-01', city: 'Lyon' },
      },
    });
  });

  test.each([[{}], [{ website: 'https://www.gamma.example' }], [{ spendAmount: '900.5' }], [{ city: '  ' }]])(
    '%j changes nothing, and nothing is sent',
    (values) => {
      expect(fix(values)).toEqual({ same: true });
    },
  );

  test('hostile characters are gone before it is compared, measured or sent', () => {
    expect(
      fix({ city: 'Ly\u202Eon\u0000', businessProblem: 'First line of it,\r\nand a second one.' }),
    ).toMatchObject({
      wish: { set: { city: 'Lyon', businessProblem: 'First line of it,\nand a second one.' } },
    });
  });

  test('the whole shown at once, each beside its field', () => {
    expect(Object.keys(errors({ website: 'x', spendAmount: '0', country: 'Atlantis' })).sort()).toEqual([
      'country',
      'spendAmount',
      'website',
    ]);
  });
});

describe.each<[keyof Corrections, string[], string[]]>([
  [
    'website',
    ['gamma.com', 'http://gamma.co/', 'https://a-b.c.example/de?x=1', `${'a'.repeat(251)}.com`],
    [
      ...[
        'x',
        'gamma',
        'a b.com',
        'ftp://gamma.com',
        'https://',
        '.com',
        'münchen.de',
        'javascript:alert(1)',
      ],
      ...['linkedin.com/company/gamma', 'https://www.facebook.com/gamma', `${'a'.repeat(252)}.com`],
    ],
  ],
  ['businessProblem', ['x'.repeat(20), '😀'.repeat(2000)], ['x'.repeat(19), '😀'.repeat(2001)]],
  ['postalCode', ['x'.repeat(20)], ['x'.repeat(21)]],
  ['city', ['😀'.repeat(255), `${'x'.repeat(254)}e\u0301`], ['😀'.repeat(256)]],
  ['partnerId', ['x'.repeat(64)], ['x'.repeat(65)]],
  [
    'spendAmount',
    ['1', '0.01', '12500.5', '12500.00'],
    ['0', '0.00', '-5', '1,000', '12.345', '1e3', '٣', '012', '.5'],
  ],
  ['spendCurrency', ['USD', 'usd'], ['GBP', '$']],
  ['country', ['DE', 'germany', 'CÔTE D’IVOIRE'], ['XK', 'KP', 'Atlantis']],
  ['closeDate', ['2025-11-21', '2085-11-21'], ['2025-11-20', '2085-11-22', '2026-02-30', 'soon']],
  [
    'estimationUrl',
    [
      `https://calculator.aws/#/estimate?id=${'ab12'.repeat(8)}`,
      `https://pricing.calculator.aws.eu/#/estimate?id=${'0'.repeat(64)}`,
    ],
    [
      ...['https://calculator.aws', `http://calculator.aws/#/estimate?id=${'ab12'.repeat(8)}`],
      ...[
        `https://calculator.aws/#/estimate?id=${'AB12'.repeat(8)}`,
        'https://calculator.aws/#/estimate?id=ab',
      ],
      `https://calculator.aws.evil.example/#/estimate?id=${'ab12'.repeat(8)}`,
    ],
  ],
])('%s', (field, good, bad) => {
  test.each(good)('takes %s', (value) => expect(errors({ [field]: value })).toEqual({}));
  test.each(bad)('refuses %s with words', (value) =>
    expect(errors({ [field]: value })[field]).toMatch(/\w+ \w+/),
  );
});

describe('what belongs together', () => {
  test('the United States need one of their states, by name', () => {
    expect(errors({ country: 'US' })).toHaveProperty('state');
    expect(errors({ country: 'US', state: 'NY' })).toHaveProperty('state');
    expect(fix({ country: 'United States', state: 'new york' })).toMatchObject({
      wish: { set: { country: 'US', state: 'New York' } },
    });
    expect(errors({ state: 'Provence' })).toEqual({});
  });

  test('a close date that is past has to move, whatever else is corrected', () => {
    const past = { closeDate: '2025-11-20' };
    expect(errors({ city: 'Lyon' }, past)).toHaveProperty('closeDate');
    expect(errors({}, past)).toHaveProperty('closeDate');
    expect(fix({ city: 'Lyon', closeDate: TODAY }, past)).toHaveProperty('wish');
  });

  test('what AWS wants and nobody gave is named', () => {
    const { website: _, spend: __, ...bare } = asked();
    const result = correct(bare, { city: 'Lyon' }, TODAY);
    expect('errors' in result && Object.keys(result.errors)).toEqual([
      'website',
      'spendAmount',
      'spendCurrency',
    ]);
  });

  test('of a national security opportunity the customer’s fields may stay empty', () => {
    const { website: _, country: __, ...secret } = asked({ nationalSecurity: true });
    expect(correct(secret, { city: 'Lyon' }, TODAY)).toHaveProperty('wish');
    expect([isRequired('website', secret), isRequired('spendAmount', secret)]).toEqual([false, true]);
  });

  test('only what AWS has unlocked is looked at', () => {
    expect(correct(opportunity(), { website: 'other.example' }, TODAY)).toEqual({ same: true });
    expect(fix({ nextStep: 'Sneaked in' })).toEqual({ same: true });
  });
});

test('it is submitted again as it was; of national security always with full visibility', () => {
  expect(submission(asked())).toEqual({ kind: 'submit', involvement: 'Co-Sell', visibility: 'Full' });
  const limited = { involvement: 'For Visibility Only', visibility: 'Limited' } as const;
  expect(submission(asked(limited))).toEqual({ kind: 'submit', ...limited });
  expect(submission(asked({ ...limited, nationalSecurity: true })).visibility).toBe('Full');
});

test('every country of AWS has a name and is found by it', () => {
  for (const code of COUNTRIES) expect(COUNTRIES).toContain(countryOf(countryName(code)));
  expect(new Set(COUNTRIES).size).toBe(249);
  expect(countryName('de')).toBe('de');
});

describe('corrections as people type them', () => {
  test.each<[string, Corrections]>([
    ['website https://a.com; close date 2026-12-31', { website: 'https://a.com', closeDate: '2026-12-31' }],
    ['Website: a.com;Postal-Code = 10001 ;', { website: 'a.com', postalCode: '10001' }],
    ['state or region: Ohio', { state: 'Ohio' }],
    [' ', {}],
    ['business problem: slow; very slow, says the CIO', { businessProblem: 'slow; very slow, says the CIO' }],
    [
      'problem first line\nsecond line\ncity Lyon',
      { businessProblem: 'first line\nsecond line', city: 'Lyon' },
    ],
    ['revenue 12500.50; currency EUR', { spendAmount: '12500.50', spendCurrency: 'EUR' }],
    ['own id O’Neil-7', { partnerId: 'O’Neil-7' }],
  ])('%s', (text, values) => {
    expect(readCorrections(text)).toEqual({ values });
  });

  test.each([
    ['sitewide change', /which field “sitewide change”/],
    ['please; website a.com', /which field “please/],
    ['website', /is empty/],
    ['website ; city Lyon', /is empty/],
    ['city Lyon; city Paris', /twice/],
    ['next step sneaked in', /which field/],
    ['state New York; state or region: Ohio', /twice/],
  ])('“%s” is asked back, nothing is guessed', (text, words) => {
    const read = readCorrections(text);
    expect('problem' in read && read.problem).toMatch(words);
  });
});
