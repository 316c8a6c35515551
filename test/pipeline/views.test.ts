/** The guide's views: its names, its definitions by example, and what people call them. */
import { describe, expect, test } from '@jest/globals';
import type { Deal, Lead } from '../../src/pipeline/deal.ts';
import { fullLabel, viewsCalled, viewsLike } from '../../src/pipeline/view-names.ts';
import { type Facts, inView, VIEWS } from '../../src/pipeline/views.ts';
import { lead, NOW, offeredLead, opportunity, referral } from './samples.ts';

test('there are the guide’s 27, in its order and with its names', () => {
  const labels = (tab: string) => VIEWS.filter((view) => view.tab === tab).map(({ label }) => label);
  expect(labels('leads')).toEqual([
    'Leads pending acceptance',
    'Open leads',
    'Qualified leads',
    'Disqualified leads',
    'Leads in research',
    'Flagged leads',
    'Partner Solution Finder leads',
    'Leads with campaigns',
    'Shared by AWS in the last 7 days',
    'Shared by AWS this Quarter',
    'Date of last provided update exceeds 2 weeks',
  ]);
  expect(labels('opportunities')).toEqual([
    'All customer engagements',
    'Draft opportunities',
    'Opportunities in review',
    'Validated open opportunities',
    'Committed opportunities',
    'Closing this month',
    'Launched opportunities',
    'Opportunities pending acceptance',
    'Partner referred opportunities',
    'AWS referred opportunities',
    'Flagged opportunities',
    'Shared by AWS in the last 7 days',
    'Shared by AWS this quarter',
    'Date of last provided update exceeds 2 weeks',
    'Submitted to AWS in the last 7 days',
    'Submitted to AWS this quarter',
  ]);
  expect(new Set(VIEWS.map(({ id }) => id)).size).toBe(27);
  for (const { id } of VIEWS) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
});

const partners = { account: '123456789012', company: 'Northwind' };
const sentByPartner = offeredLead({
  invitation: { status: 'PENDING', invitedAt: '', expiresAt: '', sender: partners },
});
const aws = { origin: 'AWS Referral' } as const;
const draft = { reviewStatus: 'Pending Submission' } as const;
const sent = { reviewStatus: 'Submitted' } as const;
const approved = { reviewStatus: 'Approved' } as const;
const ago = (days: number, ms = 0) => new Date(NOW.getTime() - days * 24 * 60 * 60 * 1000 + ms).toISOString();
const converted = (status: 'ACCEPTED' | 'REJECTED' | 'EXPIRED'): Lead => {
  const { invitation, ...rest } = offeredLead();
  return { ...rest, ...(invitation ? { invitation: { ...invitation, status } } : {}) };
};

type Case = [deal: Deal, facts?: Facts];

/** View → what stands in it, and what nearly does. */
const DEFINITIONS: Record<string, { in: Case[]; out: Case[] }> = {
  'leads-pending-acceptance': {
    in: [[offeredLead()]],
    out: [[sentByPartner], [converted('ACCEPTED')], [converted('EXPIRED')], [lead()], [referral()]],
  },
  'open-leads': {
    in: [[lead({ qualification: 'Open' })]],
    out: [[lead({ qualification: 'Research' })], [offeredLead({ qualification: 'Open' })]],
  },
  'qualified-leads': { in: [[lead({ qualification: 'Qualified' })]], out: [[opportunity()]] },
  'disqualified-leads': { in: [[lead({ qualification: 'Disqualified' })]], out: [[lead()]] },
  'leads-in-research': { in: [[lead()]], out: [[lead({ qualification: 'Open' })]] },
  'flagged-leads': {
    in: [
      [lead(), { flagged: true }],
      [offeredLead(), { flagged: true }],
    ],
    out: [[lead()], [opportunity(), { flagged: true }], [converted('REJECTED'), { flagged: true }]],
  },
  'partner-solution-finder-leads': {
    in: [[lead({ source: 'AWS Partner Solutions Finder' })], [offeredLead({ campaign: 'PSF' })]],
    out: [[lead()]],
  },
  'leads-with-campaigns': {
    in: [[lead({ source: 'Campaign' })], [lead({ source: 'Event' })], [offeredLead({ source: 'webinar' })]],
    out: [[lead({ source: 'Website' })], [lead({ source: 'Campaign', campaign: 'PSF' })]],
  },
  'leads-shared-last-7-days': {
    in: [
      [lead(), { sharedAt: ago(7) }],
      [offeredLead(), { sharedAt: ago(0) }],
    ],
    out: [[lead(), { sharedAt: ago(7, -1) }], [lead()], [referral(), { sharedAt: ago(1) }]],
  },
  'leads-shared-this-quarter': {
    in: [[lead(), { sharedAt: '2025-09-30T22:00:00Z' }]],
    out: [[lead(), { sharedAt: '2025-09-30T21:59:59Z' }]],
  },
  'leads-without-update': {
    in: [[lead({ qualification: 'Qualified' }), { updatedAt: ago(14, -1) }]],
    out: [
      [lead(), { updatedAt: ago(14) }],
      [lead({ qualification: 'Disqualified' }), { updatedAt: ago(90) }],
      [offeredLead(), { updatedAt: ago(90) }],
    ],
  },
  'all-customer-engagements': {
    in: [
      [opportunity(sent)],
      [opportunity({ reviewStatus: 'Rejected' })],
      [opportunity({ ...aws, stage: 'Closed Lost' })],
      [referral()],
    ],
    out: [
      [opportunity(draft)],
      [referral({ sender: partners })],
      [referral({ status: 'ACCEPTED' })],
      [referral({ successor: 'O1' })],
      [lead()],
    ],
  },
  'draft-opportunities': { in: [[opportunity(draft)]], out: [[opportunity(sent)]] },
  'opportunities-in-review': {
    in: [[opportunity(sent)], [opportunity({ reviewStatus: 'In review' })]],
    out: [[opportunity({ reviewStatus: 'Action Required' })], [opportunity(draft)]],
  },
  'validated-open-opportunities': {
    in: [[opportunity({ ...approved, stage: 'Committed' })]],
    out: [[opportunity({ stage: 'Launched' })], [opportunity(aws)], [opportunity(sent)]],
  },
  'committed-opportunities': {
    in: [[opportunity({ stage: 'Committed' })], [opportunity({ ...aws, stage: 'Committed' })]],
    out: [[opportunity()]],
  },
  'closing-this-month': {
    in: [[opportunity({ closeDate: '2025-11-01' })], [opportunity({ ...draft, closeDate: '2025-11-30' })]],
    out: [
      [opportunity({ closeDate: '2025-12-01' })],
      [opportunity({ ...aws, closeDate: '2025-11-21' })],
      [referral({ targetDate: '2025-11-21', sender: partners })],
    ],
  },
  'launched-opportunities': {
    in: [[opportunity({ stage: 'Launched' })], [opportunity({ ...aws, stage: 'Launched' })]],
    out: [[opportunity({ stage: 'Closed Lost' })]],
  },
  'opportunities-pending-acceptance': {
    in: [[referral()], [referral({ expiresAt: '2025-01-01T00:00:00Z' })]],
    out: [
      [referral({ sender: partners })],
      [referral({ status: 'EXPIRED' })],
      [offeredLead()],
      [opportunity(aws)],
    ],
  },
  'partner-referred-opportunities': {
    in: [[opportunity({ stage: 'Launched' })]],
    out: [[opportunity(sent)], [opportunity(aws)]],
  },
  'aws-referred-opportunities': {
    in: [[opportunity(aws)], [opportunity({ ...aws, stage: 'Closed Lost' })]],
    out: [[opportunity()], [referral()]],
  },
  'flagged-opportunities': {
    in: [
      [opportunity({ stage: 'Closed Lost' }), { flagged: true }],
      [referral(), { flagged: true }],
    ],
    out: [[opportunity()], [lead(), { flagged: true }]],
  },
  'opportunities-shared-last-7-days': {
    in: [
      [referral(), { sharedAt: ago(2) }],
      [opportunity(aws), { sharedAt: ago(7) }],
    ],
    out: [
      [opportunity(), {}],
      [referral({ status: 'ACCEPTED' }), { sharedAt: ago(2) }],
    ],
  },
  'opportunities-shared-this-quarter': {
    in: [[opportunity(aws), { sharedAt: '2025-10-01T00:00:00Z' }]],
    out: [[opportunity(aws), { sharedAt: '2025-06-30T00:00:00Z' }]],
  },
  'opportunities-without-update': {
    in: [
      [opportunity(), { updatedAt: ago(15) }],
      [opportunity({ reviewStatus: 'Action Required' }), { updatedAt: ago(15) }],
    ],
    out: [
      [opportunity(), { updatedAt: ago(14) }],
      ...(['Pending Submission', 'Submitted', 'In review', 'Rejected'] as const).map(
        (reviewStatus): Case => [opportunity({ reviewStatus }), { updatedAt: ago(99) }],
      ),
      [opportunity({ stage: 'Launched' }), { updatedAt: ago(99) }],
      [opportunity({ stage: 'Closed Lost' }), { updatedAt: ago(99) }],
    ],
  },
  'opportunities-submitted-last-7-days': {
    in: [[opportunity(sent), { submittedAt: ago(1) }]],
    out: [[opportunity(sent)], [opportunity(sent), { submittedAt: ago(7, -1) }]],
  },
  'opportunities-submitted-this-quarter': {
    in: [[opportunity({ reviewStatus: 'Rejected' }), { submittedAt: '2025-10-01T00:00:00Z' }]],
    out: [[opportunity(sent), { submittedAt: '2025-09-01T00:00:00Z' }]],
  },
};

describe.each(VIEWS.map((view) => [fullLabel(view), view] as const))('%s', (_, view) => {
  const holds = (deal: Deal, facts: Facts = {}) => inView(view, deal, facts, NOW, 'Europe/Berlin');

  test('holds what the guide says, and not what is nearly so', () => {
    const cases = DEFINITIONS[view.id];
    expect(cases?.in.map(([deal, facts]) => holds(deal, facts))).toEqual(cases?.in.map(() => true));
    expect(cases?.out.map(([deal, facts]) => holds(deal, facts))).toEqual(cases?.out.map(() => false));
    expect(cases?.in.length).toBeGreaterThan(0);
  });
});

describe('months and quarters are the reader’s own', () => {
  const named = (id: string) => VIEWS.find((view) => view.id === id) ?? VIEWS[0];
  const midnight = new Date('2025-12-31T23:30:00Z');
  test.each([
    ['Europe/Berlin', '2026-01-15', '2025-12-15'],
    ['America/Los_Angeles', '2025-12-15', '2026-01-15'],
  ])('half an hour before the year ends in UTC, in %s', (timeZone, closes, other) => {
    const view = named('closing-this-month');
    const closing = (closeDate: string) =>
      view && inView(view, opportunity({ closeDate }), {}, midnight, timeZone);
    expect([closing(closes), closing(other)]).toEqual([true, false]);
  });

  test.each([
    ['Europe/Berlin', false],
    ['America/Los_Angeles', true],
  ])('what was submitted in December belongs to the quarter of %s: %s', (timeZone, is) => {
    const view = named('opportunities-submitted-this-quarter');
    const facts = { submittedAt: '2025-12-20T00:00:00Z' };
    expect(view && inView(view, opportunity(sent), facts, midnight, timeZone)).toBe(is);
  });
});

describe('a view by name', () => {
  const ids = (said: string) => viewsCalled(said).map(({ id }) => id);

  test('is found by its id, its label, its label with its tab, and each alias, in any case', () => {
    const shared = VIEWS.filter(
      ({ label }) => VIEWS.filter((it) => it.label.toLowerCase() === label.toLowerCase()).length > 1,
    );
    expect(shared).toHaveLength(6);
    for (const view of VIEWS) {
      const names = [view.id, ...view.aliases, `${view.tab} ${view.label}`, `${view.label} (${view.tab})`];
      if (!shared.includes(view)) names.push(view.label);
      for (const name of names)
        for (const said of [name, name.toUpperCase(), ` the ${name}! `])
          expect([said, ids(said)]).toEqual([said, [view.id]]);
    }
  });

  test('names both where the two tabs share a label', () => {
    expect(ids('shared by AWS this quarter')).toEqual([
      'leads-shared-this-quarter',
      'opportunities-shared-this-quarter',
    ]);
    expect(ids('date of last provided update exceeds two weeks')).toHaveLength(2);
  });

  test.each(['', '  ', 'the', 'deals', 'closing next month', '🔥'])('%j is none', (said) => {
    expect(ids(said)).toEqual([]);
  });

  test.each([
    ['lauched', 'launched-opportunities'],
    ['comitted opportunites', 'committed-opportunities'],
    ['disqualifed', 'disqualified-leads'],
    ['closing next month', 'closing-this-month'],
    ['shared this quarter', 'leads-shared-this-quarter'],
  ])('%j is near to what was meant', (said, id) => {
    expect(viewsLike(said, 3).map((view) => view.id)).toContain(id);
  });

  test('what is like nothing suggests nothing', () => {
    expect(viewsLike('xyzzy', 3)).toEqual([]);
    expect(viewsLike('', 3)).toEqual([]);
  });
});
