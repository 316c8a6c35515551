import { describe, expect, test } from '@jest/globals';
import { needsAttention, SECTION_IDS, type SectionId } from '../../src/pipeline/attention.ts';
import type { Deal, Opportunity } from '../../src/pipeline/deal.ts';
import { REVIEW_STATUSES } from '../../src/pipeline/deal.ts';
import { lead, NOW, offeredLead, opportunity, referral } from './samples.ts';

const on = (deal: Deal, timeZone = 'UTC') => needsAttention(deal, NOW, timeZone);
const old = { nextSteps: [], createdAt: '2025-01-01T00:00:00Z', closeDate: '2026-01-16' };

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
    ['an accepted lead', lead(), []],
    ['a quiet opportunity', opportunity(), []],
    [
      'action required',
      opportunity({ reviewStatus: 'Action Required', closeDate: '2025-11-01' }),
      ['action-required'],
    ],
    ['closing today', opportunity({ closeDate: '2025-11-21' }), ['closing']],
    ['closing in 7 days', opportunity({ closeDate: '2025-11-28' }), ['closing']],
    ['closing in 8 days', opportunity({ closeDate: '2025-11-29' }), []],
    ['past close since yesterday', opportunity({ closeDate: '2025-11-20' }), ['past-close']],
    ['launched and past', opportunity({ closeDate: '2025-11-20', stage: 'Launched' }), []],
    ['stale and past', opportunity({ ...old, closeDate: '2025-11-20' }), ['past-close', 'stale']],
    ['stale', opportunity(old), ['stale']],
    ['stale, an AWS referral without review status', staleReferral(), ['stale']],
  ])('%s', (_, deal, sections) => {
    expect(on(deal)).toEqual(sections);
  });

  test.each(REVIEW_STATUSES.filter((status) => status !== 'Approved'))(
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

function staleReferral(): Opportunity {
  const { reviewStatus: _, ...without } = opportunity({ ...old, origin: 'AWS Referral' });
  return without;
}
