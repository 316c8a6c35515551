import { describe, expect, test } from '@jest/globals';
import type { Deal, Opportunity } from '../../src/pipeline/deal.ts';
import { factsOf } from '../../src/views/facts.ts';
import { lead, NOW, offeredLead, opportunity, referral } from '../pipeline/samples.ts';

const facts = (deal: Deal) =>
  Object.fromEntries(
    factsOf(deal, { now: NOW, timeZone: 'Europe/Berlin' }).map(({ label, value }) => [label, value]),
  );
const stage = (more: Partial<Opportunity>) => facts(opportunity(more)).Stage;
const aws = (more: object) => ({ aws: { contacts: [], ...more } });

describe('the stage of an opportunity', () => {
  test.each<[Partial<Opportunity>, string]>([
    [{}, 'Qualified'],
    [aws({ stage: 'Launched' }), 'Qualified; AWS says Launched'],
    [aws({ stage: 'Closed Lost', closedLostReason: 'Price' }), 'Qualified; AWS says Closed Lost (Price)'],
    [aws({ stage: 'Seller Engaged' }), 'Qualified'],
    [{ stage: 'Launched', ...aws({ stage: 'Launched' }) }, 'Launched'],
    [{ stage: 'Closed Lost', closedLostReason: 'Partner Gap' }, 'Closed Lost (Partner Gap)'],
    [
      { stage: 'Closed Lost', closedLostReason: 'Price', ...aws({ stage: 'Launched' }) },
      'Closed Lost (Price); AWS says Launched',
    ],
    [{ stage: 'Qualified', closedLostReason: 'Price' }, 'Qualified'],
  ])('%j', (more, words) => expect(stage(more)).toBe(words));
});

test('at most six facts, and never a customer contact, an account ID or an address', () => {
  const contacts = [{ name: 'Carl Customer', email: 'carl@acme.example', phone: '+441234567' }];
  const secret = { street: 'Hidden Lane 1', city: 'Nowhere', postalCode: '10115' };
  const deals: Deal[] = [
    opportunity({ awsAccountId: '123456789012', contacts, ...secret, ...aws({ stage: 'Launched' }) }),
    lead({ contacts }),
    offeredLead({ contacts }),
    referral({ status: 'ACCEPTED' }),
    referral(),
  ];
  for (const deal of deals) {
    expect(Object.keys(facts(deal)).length).toBeLessThanOrEqual(6);
    expect(JSON.stringify(facts(deal))).not.toMatch(/Carl|carl@|44123|123456789012|Hidden|Nowhere|10115/);
  }
});

test('a pending lead shows what its invitation carries: no owner, no status of its own', () => {
  expect(
    Object.keys(facts(offeredLead({ owner: { name: 'Ana Silva' }, qualification: 'Qualified' }))),
  ).toEqual(['Answer AWS by', 'Expires', 'Customer', 'Use case', 'Campaign', 'Contact’s title']);
});

test('a pending referral shows what its invitation carries', () => {
  expect(Object.keys(facts(referral()))).toEqual([
    'Answer AWS by',
    'Expires',
    'Revenue',
    'Customer',
    'Target date',
    'AWS contact',
  ]);
});
