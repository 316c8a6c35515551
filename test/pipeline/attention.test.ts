import { describe, expect, test } from '@jest/globals';
import { needsAttention, SECTION_IDS, type SectionId } from '../../src/pipeline/attention.ts';
import type { Deal, Opportunity } from '../../src/pipeline/deal.ts';
import { REVIEW_STATUSES } from '../../src/pipeline/deal.ts';
import { lead, NOW, offeredLead, opportunity, referral } from './samples.ts';

const on = (deal: Deal, timeZone = 'UTC') => needsAttention(deal, NOW, timeZone);
const old = { nextSteps: [], createdAt: '2025-01-01T00:00:00Z', closeDate: '2026-01-16' };

const committed = { stage: 'Committed' } as const;

describe('what deserves a look', () => {
  test.each<[string, Deal, SectionId[]]>([
    ['a pending referral', referral(), ['pending']],
    ['an offered lead', offeredLead(), ['pending']],
    [
      'pending past both clocks, until AWS says EXPIRED',
      referral({ expiresAt: '2025-11-20T00:00:00Z' }),
      ['pending'],
    ],
    ['an expired referral', referral({ status: 'EXPIRED' }), []],
    ['a referral that has become an opportunity', referral({ successor: 'O1' }), []],
    ['an accepted lead', lead(), []],
    ['an accepted lead, stale', lead({ createdAt: '2025-11-01T00:00:00Z' }), ['stale']],
    ['a disqualified lead', lead({ createdAt: '2025-11-01T00:00:00Z', qualification: 'Disqualified' }), []],
    ['a quiet opportunity', opportunity(), []],
    [
      'action required',
      opportunity({ reviewStatus: 'Action Required', closeDate: '2025-11-01' }),
      ['action-required'],
    ],
    [
      'action required, and stale as well',
      opportunity({ ...old, reviewStatus: 'Action Required' }),
      ['action-required', 'stale'],
    ],
    ['closing today', opportunity({ closeDate: '2025-11-21' }), ['closing']],
    ['closing in 7 days', opportunity({ closeDate: '2025-11-28' }), ['closing']],
    ['closing in 8 days', opportunity({ closeDate: '2025-11-29' }), []],
    [
      'committed, closing in 14 days',
      opportunity({ ...committed, closeDate: '2025-12-05' }),
      ['launch-pending'],
    ],
    ['committed, closing in 15 days', opportunity({ ...committed, closeDate: '2025-12-06' }), []],
    [
      'committed, closing today',
      opportunity({ ...committed, closeDate: '2025-11-21' }),
      ['launch-pending', 'closing'],
    ],
    [
      'committed and past',
      opportunity({ ...committed, closeDate: '2025-11-20' }),
      ['launch-pending', 'past-close'],
    ],
    ['committed without a date', withoutDate(), []],
    [
      'committed, not approved',
      opportunity({ ...committed, reviewStatus: 'Submitted', closeDate: '2025-11-20' }),
      [],
    ],
    [
      'launched by AWS’s record alone',
      opportunity({ aws: { stage: 'Launched', contacts: [] } }),
      ['launch-pending'],
    ],
    [
      'launched by both records',
      opportunity({ stage: 'Launched', aws: { stage: 'Launched', contacts: [] } }),
      [],
    ],
    [
      'closed lost here, launched by AWS’s record',
      opportunity({ stage: 'Closed Lost', aws: { stage: 'Launched', contacts: [] } }),
      [],
    ],
    ['past close since yesterday', opportunity({ closeDate: '2025-11-20' }), ['past-close']],
    ['launched and past', opportunity({ closeDate: '2025-11-20', stage: 'Launched' }), []],
    ['stale and past', opportunity({ ...old, closeDate: '2025-11-20' }), ['past-close', 'stale']],
    ['stale', opportunity(old), ['stale']],
    ['stale, an AWS referral without review status', staleReferral(), ['stale']],
  ])('%s', (_, deal, sections) => {
    expect(on(deal)).toEqual(sections);
  });

  test.each(REVIEW_STATUSES.filter((status) => status !== 'Approved' && status !== 'Action Required'))(
    '%s is never stale',
    (reviewStatus) => {
      expect(on(opportunity({ ...old, reviewStatus }))).not.toContain('stale');
    },
  );

  test.each(['Launched', 'Closed Lost'] as const)('%s is never stale', (stage) => {
    expect(on(opportunity({ ...old, stage }))).toEqual([]);
  });

  test('stale is more than 14 days, to the minute', () => {
    const touched = (at: string) => opportunity({ ...old, nextSteps: [{ text: 'x', at }] });
    expect(on(touched('2025-11-07T12:00:00Z'))).toEqual([]);
    expect(on(touched('2025-11-07T11:59:00Z'))).toEqual(['stale']);
  });

  test('a confirmed Change of ours is an update; a next step far down the history counts as well', () => {
    expect(needsAttention(opportunity(old), NOW, 'UTC', { confirmedAt: '2025-11-20T00:00:00Z' })).toEqual([]);
    const steps = [
      { text: 'old', at: '2025-02-01T00:00:00Z' },
      { text: 'new', at: '2025-11-20T00:00:00Z' },
    ];
    expect(on(opportunity({ ...old, nextSteps: steps }))).toEqual([]);
  });

  test('which day it is, is the reader’s', () => {
    const evening = new Date('2025-11-21T12:00:00Z');
    const deal = opportunity({ closeDate: '2025-11-21' });
    expect(needsAttention(deal, evening, 'America/Los_Angeles')).toEqual(['closing']);
    expect(needsAttention(deal, evening, 'Pacific/Auckland')).toEqual(['past-close']);
  });

  test('an open Change waits for AWS, and what is lost first comes first', () => {
    expect(
      needsAttention(opportunity({ ...old, closeDate: '2025-11-22' }), NOW, 'UTC', { waits: true }),
    ).toEqual(['closing', 'stale', 'waiting']);
    expect(SECTION_IDS[0]).toBe('pending');
  });
});

describe('what AWS has in hand or has refused', () => {
  const since = (reviewStatus: 'Submitted' | 'In review' | 'Rejected', statusSince: string) =>
    needsAttention(opportunity({ reviewStatus }), NOW, 'UTC', { statusSince });

  test.each(['Submitted', 'In review'] as const)('%s over 10 business days, to the minute', (status) => {
    expect(since(status, '2025-11-07T12:00:00Z')).toEqual([]);
    expect(since(status, '2025-11-07T11:59:00Z')).toEqual(['in-review']);
  });

  test('a rejection is told for 14 days', () => {
    expect(since('Rejected', '2025-11-07T12:00:00Z')).toEqual(['rejected']);
    expect(since('Rejected', '2025-11-07T11:59:00Z')).toEqual([]);
  });

  test('where nobody knows since when, nothing is claimed', () => {
    expect(on(opportunity({ reviewStatus: 'In review' }))).toEqual([]);
    expect(on(opportunity({ reviewStatus: 'Rejected' }))).toEqual([]);
  });
});

describe('what somebody flagged', () => {
  const flagged = (deal: Deal) => needsAttention(deal, NOW, 'UTC', { flagged: true });

  test('stands last, whatever its stage', () => {
    expect(flagged(opportunity({ stage: 'Launched' }))).toEqual(['flagged']);
    expect(flagged(referral())).toEqual(['pending', 'flagged']);
    expect(flagged(lead())).toEqual(['flagged']);
  });

  test('leaves when the invitation is over: it goes on as what it became', () => {
    expect(flagged(referral({ status: 'ACCEPTED', successor: 'O1' }))).toEqual([]);
    expect(flagged(referral({ status: 'EXPIRED' }))).toEqual([]);
  });
});

function staleReferral(): Opportunity {
  const { reviewStatus: _, ...without } = opportunity({ ...old, origin: 'AWS Referral' });
  return without;
}

function withoutDate(): Opportunity {
  const { closeDate: _, ...rest } = opportunity(committed);
  return rest;
}
