import { describe, expect, test } from '@jest/globals';
import { type Fits, fits, readFits, routeFor } from '../../src/pipeline/routing.ts';
import { offeredLead, referral } from './samples.ts';

const route = (name: string, rule: Fits) => ({ id: name, name, fits: rule, offerTo: [], byId: 'ana' });

describe('whether a rule fits', () => {
  test.each<[string, Fits, boolean]>([
    ['nothing is asked', {}, true],
    ['the country is one of those', { countries: ['AT', 'DE'] }, true],
    ['the country is another', { countries: ['AT'] }, false],
    ['the industry, in any case', { industries: ['life sciences'] }, true],
    ['another industry', { industries: ['Retail'] }, false],
    ['words of what is wanted, in any case', { solutions: ['DATA LAKE'] }, true],
    ['words of the business problem', { solutions: ['backup', 'three days'] }, true],
    ['words nobody said', { solutions: ['contact centre'] }, false],
    ['exactly so much a month', { atLeast: { amount: 12500, currency: 'USD' } }, true],
    ['more is asked', { atLeast: { amount: 12500.01, currency: 'USD' } }, false],
    ['another currency is never compared', { atLeast: { amount: 1, currency: 'EUR' } }, false],
    ['a referral comes from no campaign', { campaign: 'webinar' }, false],
    ['all that is given must fit', { countries: ['DE'], industries: ['Retail'] }, false],
    [
      'all of it does',
      { countries: ['DE'], solutions: ['lake'], atLeast: { amount: 1, currency: 'USD' } },
      true,
    ],
  ])('%s', (_, rule, expected) => {
    expect(fits(rule, referral())).toBe(expected);
  });

  test('a lead: its campaign, its source and its use case', () => {
    const lead = offeredLead({ campaign: 'Spring  Webinar 2026', source: 'Event', useCase: 'Database' });
    const { country: _, ...unknown } = referral();
    expect(fits({ campaign: 'spring webinar' }, lead)).toBe(true);
    expect(fits({ campaign: 'event' }, lead)).toBe(true);
    expect(fits({ solutions: ['database'] }, lead)).toBe(true);
    expect(fits({ countries: ['DE'] }, unknown)).toBe(false);
  });

  test('the first that fits is taken; of a Partner Solutions Finder lead none', () => {
    const routes = [route('no', { countries: ['FR'] }), route('first', {}), route('second', {})];
    expect(routeFor(routes, referral())?.name).toBe('first');
    expect(routeFor([], referral())).toBeUndefined();
    expect(routeFor(routes, offeredLead({ source: 'AWS Partner Solutions Finder' }))).toBeUndefined();
  });
});

describe('what somebody said becomes a rule', () => {
  test('names and codes, each once; nothing said is nothing asked', () => {
    expect(
      readFits({ countries: 'de, Austria; DE', industries: 'retail', campaign: ' ', atLeast: '10,000 eur' }),
    ).toEqual({
      fits: { countries: ['DE', 'AT'], industries: ['Retail'], atLeast: { amount: 10_000, currency: 'EUR' } },
    });
    expect(readFits({})).toEqual({ fits: {} });
    expect(readFits({ atLeast: '500' })).toEqual({ fits: { atLeast: { amount: 500, currency: 'USD' } } });
  });

  test('what is wrong is said beside its field, all of it at once', () => {
    const wrong = readFits({
      countries: 'Atlantis',
      industries: 'Florb',
      campaign: 'x'.repeat(81),
      atLeast: 'much',
    });
    expect(wrong).toEqual({
      errors: {
        countries: expect.stringContaining('“Atlantis”'),
        industries: expect.stringContaining('“Florb”'),
        campaign: expect.stringContaining('80 characters'),
        atLeast: expect.stringContaining('10000 USD'),
      },
    });
    expect(readFits({ industries: 'Retail, Helthcare' })).toEqual({
      errors: {
        industries: 'I do not know “Helthcare” as an industry of AWS’s list. Did you mean “Healthcare”?',
      },
    });
    expect(readFits({ atLeast: '10 GBP' })).toEqual({
      errors: { atLeast: expect.stringContaining('USD or EUR') },
    });
    expect(readFits({ atLeast: '1,0' })).toEqual({ errors: { atLeast: expect.any(String) } });
    expect(readFits({ solutions: Array.from({ length: 21 }, (_, nth) => `s${nth}`).join() })).toEqual({
      errors: { solutions: '20 at most.' },
    });
  });
});
