/** What lists show is what the law and the definitions say of each deal alone: random deals, every view, every role. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { needsAttention, SECTION_IDS } from '../../src/pipeline/attention.ts';
import {
  type Deal,
  type Lead,
  type Opportunity,
  REVIEW_STATUSES,
  type Referral,
  STAGES,
} from '../../src/pipeline/deal.ts';
import { isPsf } from '../../src/pipeline/lead.ts';
import type { Person } from '../../src/pipeline/person.ts';
import { can } from '../../src/pipeline/policy.ts';
import { type Facts, inView, VIEWS } from '../../src/pipeline/views.ts';
import { type Entry, loadMany, saveMirror } from '../../src/store/deals.ts';
import { askedLines, deskLines, viewLines } from '../../src/store/desk.ts';
import { Prisma } from '../../src/store/generated/client.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import { COUNT_CAP } from '../../src/store/lines.ts';
import { sight } from '../../src/store/sight.ts';
import { rowsOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { lead, opportunity, person, referral } from '../pipeline/samples.ts';
import { databases } from '../support/databases.ts';

const NOW = new Date('2026-02-11T10:30:00Z');
const DAY = 86_400_000;
const SEED = 20261122;
const MANY = 400;

const PEOPLE: Person[] = [
  person('alliance lead', { email: 'lead@p.example', timeZone: 'UTC' }),
  person('alliance team', { email: 'team@p.example', timeZone: 'America/Los_Angeles' }),
  person('ACE manager', { email: 'manager@p.example', timeZone: 'Pacific/Auckland' }),
  person('ACE user', { email: 'one@p.example', timeZone: 'Asia/Kolkata' }),
  person('ACE user', { email: 'two@p.example', otherEmails: ['two.other@p.example', 'two@old.example'] }),
  person('none', { email: 'gone@p.example' }),
].map((it) => ({ ...it, id: randomUUID() }));

const at = (days: number) => new Date(NOW.getTime() + days * DAY).toISOString();
/** Around the bounds of the views, to the hour. */
const moments = fc
  .oneof(
    fc.constantFrom(-7, -14, -15, -16),
    fc.double({ min: -60, max: 1, noNaN: true }),
    fc.double({ min: -42.6, max: -40.2, noNaN: true }),
  )
  .map((days) => at(Math.round(days * 24) / 24));
const days = fc.integer({ min: -40, max: 40 }).map((ahead) => at(ahead).slice(0, 10));
const addresses = fc.constantFrom(
  'lead@p.example',
  'One@p.example',
  'two@p.example',
  'two.other@p.example',
  'gone@p.example',
  'stranger@p.example',
);
const sources = fc.constantFrom(
  {},
  { source: 'Campaign', campaign: 'Data for grocers' },
  { source: 'Website' },
  { source: 'AWS Partner Solutions Finder' },
  { source: 'Event', campaign: 'PSF listing' },
  { source: 'Spring webinar' },
);
const invited = fc.record({
  status: fc.constantFrom('PENDING', 'PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'),
  invitedAt: moments,
  expiresAt: fc.constantFrom(at(3), at(-1)),
  sender: fc.constantFrom(
    { account: 'aws', company: 'AWS' },
    { account: '123456789012', company: 'Northwind' },
  ),
});
const local = fc.record(
  { ownerEmail: addresses, successor: fc.constantFrom('O1', 'eng-x') },
  { requiredKeys: [] },
);

type Made = { deal: Deal; local: NonNullable<Entry['local']> };
const referrals: fc.Arbitrary<Made> = fc.record({
  deal: invited.map((it) => referral(it as Partial<Referral>)),
  local,
});
const offeredLeads: fc.Arbitrary<Made> = fc.record({
  deal: fc
    .tuple(invited, sources)
    .map(([invitation, source]) =>
      plainLead({ id: 'engi-', invitation: invitation as NonNullable<Lead['invitation']>, ...source }),
    ),
  local,
});
const acceptedLeads: fc.Arbitrary<Made> = fc.record({
  deal: fc
    .tuple(fc.constantFrom('', 'Open', 'Research', 'Qualified', 'Disqualified', 'Nurture'), sources, moments)
    .map(([qualification, source, createdAt]) =>
      plainLead({ id: 'eng-', createdAt, ...source, ...(qualification ? { qualification } : {}) }),
    ),
  local: local.map(({ ownerEmail }) => (ownerEmail ? { ownerEmail } : {})),
});
const opportunities: fc.Arbitrary<Made> = fc.record({
  deal: fc
    .record({
      stage: fc.constantFrom(...STAGES),
      reviewStatus: fc.constantFrom(...REVIEW_STATUSES, undefined),
      origin: fc.constantFrom('AWS Referral', 'Partner Referral'),
      owner: fc.option(
        addresses.map((email) => ({ name: 'Somebody', email })),
        { nil: undefined },
      ),
      closeDate: fc.option(days, { nil: undefined }),
      nextSteps: fc.array(
        moments.map((when) => ({ text: 'x', at: when })),
        { maxLength: 2 },
      ),
      createdAt: moments,
    })
    .map(withoutUndefined)
    .map((more) => ({ ...bare(), ...more, id: 'O' }) as Opportunity),
  local: fc.constant({}),
});

/** What the sample holds that a random one may lack. */
function bare(): Partial<Opportunity> {
  const { reviewStatus: _, owner: __, closeDate: ___, ...rest } = opportunity();
  return rest;
}

function plainLead(more: Partial<Lead>): Lead {
  const { qualification: _, campaign: __, ...rest } = lead();
  return { ...rest, ...more };
}

function withoutUndefined(it: object): object {
  return Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined));
}

const made = fc.sample(fc.oneof(referrals, offeredLeads, acceptedLeads, opportunities), {
  numRuns: MANY,
  seed: SEED,
});
const entries: Entry[] = made.map(({ deal, local: own }, nth) => ({
  deal: { ...deal, id: `${deal.kind === 'referral' ? 'engi-' : deal.id}${1000 + nth}` },
  raw: {},
  local: own,
}));
/** As many coins as deals, each time others. */
const coins = (seed: number, share: number): boolean[] =>
  fc
    .sample(fc.integer({ min: 0, max: 99 }), { numRuns: MANY, seed: SEED + seed })
    .map((coin) => coin < share * 100);

describe.each(databases)('on $name', ({ open }) => {
  let store: Store;
  let release: () => Promise<void>;
  let deals: Map<string, Deal>;
  let facts: Awaited<ReturnType<typeof factsOf>>;
  beforeAll(async () => {
    store = await open();
    await store.prisma.person.createMany({ data: PEOPLE });
    const lease = await takeAgentLease(store, { onLost: () => {} });
    if (!lease) throw new Error('Nobody else has the lease.');
    release = lease.release;
    await saveMirror(store, entries, lease.epoch);
    await scatter(store);
    deals = new Map((await loadMany(store, ids())).map(({ deal }) => [deal.id, deal]));
    facts = await factsOf(store);
  });
  afterAll(async () => {
    await release?.();
    await store?.close();
  });
  const ids = () => entries.map(({ deal }) => deal.id);
  const sees = (who: Person, deal: Deal) => can(who, 'see', deal, NOW).yes;

  test('everything was written, and something of each kind can be seen by each role but none', () => {
    expect(deals.size).toBe(MANY);
    for (const who of PEOPLE) {
      const seen = [...deals.values()].filter((deal) => sees(who, deal));
      const kinds = new Set(seen.map(({ kind }) => kind));
      expect([who.role, kinds.size]).toEqual([who.role, who.role === 'none' ? 0 : 3]);
    }
  });

  test.each(PEOPLE.map((who) => [who.role, who.email, who] as const))(
    'SQL lets the %s %s see exactly what the policy lets them see',
    async (_, __, who) => {
      const rows = await rowsOf<{ id: string }>(
        store,
        Prisma.sql`SELECT d.id FROM deal d WHERE ${sight(who)} ORDER BY d.id`,
      );
      const lawful = ids().filter((id) => sees(who, dealOf(id)));
      expect(rows.map(({ id }) => id).sort()).toEqual(lawful.sort());
    },
  );

  test.each(VIEWS.map((view) => [view.tab, view.label, view] as const))(
    '%s, “%s”: each reader sees exactly the deals that the definition means',
    async (_, __, view) => {
      let found = 0;
      for (const who of PEOPLE) {
        const listed = await viewLines(store, who, view, NOW, 1000, 0);
        const meant = ids().filter((id) => {
          const { gone, ...known } = facts(id, who);
          return !gone && sees(who, dealOf(id)) && inView(view, dealOf(id), known, NOW, who.timeZone);
        });
        expect(listed.lines.map(({ deal }) => deal.id).sort()).toEqual(meant.sort());
        expect([listed.total, listed.capped]).toEqual([
          Math.min(meant.length, COUNT_CAP),
          meant.length > COUNT_CAP,
        ]);
        found += meant.length;
      }
      expect(found).toBeGreaterThan(0);
    },
  );

  test('a view read page by page holds each deal once', async () => {
    const [lead] = PEOPLE;
    for (const view of VIEWS) {
      if (!lead) return;
      const whole = await viewLines(store, lead, view, NOW, 1000, 0);
      const pages: string[] = [];
      for (let from = 0; from < whole.lines.length; from += 7)
        pages.push(...(await viewLines(store, lead, view, NOW, 7, from)).lines.map(({ deal }) => deal.id));
      expect(pages).toEqual(whole.lines.map(({ deal }) => deal.id));
    }
  });

  test('the desk of each reader holds each deal once, in the section where it is lost first, and counts it in all', async () => {
    for (const who of PEOPLE) {
      const { sections } = await deskLines(store, who, NOW, 1000);
      const belongs = new Map(
        ids()
          .filter((id) => !facts(id, who).gone && sees(who, dealOf(id)))
          .map((id) => [id, needsAttention(dealOf(id), NOW, who.timeZone, facts(id, who))]),
      );
      for (const section of SECTION_IDS) {
        const lines = sections.get(section)?.lines.map(({ deal }) => deal.id) ?? [];
        const first = [...belongs].filter(([, all]) => all[0] === section).map(([id]) => id);
        const all = [...belongs.values()].filter((it) => it.includes(section)).length;
        expect([who.role, section, lines.sort()]).toEqual([who.role, section, first.sort()]);
        // A section with nothing of its own left to show says nothing of those above it.
        if (all > 0) expect(sections.get(section)?.total).toBe(Math.min(all, COUNT_CAP));
      }
    }
  });

  test('all that AWS sent back: of each reader exactly what their desk counts there, in its order, page by page', async () => {
    let found = 0;
    for (const who of PEOPLE) {
      const { sections } = await deskLines(store, who, NOW, 1000);
      const asked = sections.get('action-required');
      const listed = await askedLines(store, who, 1000);
      const id = ({ deal }: (typeof listed.lines)[number]) => deal.id;
      const lawful = ids().filter(
        (it) => !facts(it, who).gone && sees(who, dealOf(it)) && isAsked(dealOf(it)),
      );
      expect(listed.lines.map(id).sort()).toEqual(lawful.sort());
      expect(listed).toEqual(asked);
      const pages: string[] = [];
      for (let from = 0; from < lawful.length; from += 3)
        pages.push(...(await askedLines(store, who, 3, from)).lines.map(id));
      expect(pages).toEqual(listed.lines.map(id));
      found += lawful.length;
    }
    expect(found).toBeGreaterThan(20);
  });

  test('of a Partner Solutions Finder lead that waits, alliance team and ACE managers learn that and no more', async () => {
    const told = await Promise.all(
      PEOPLE.map(async (who) => (await deskLines(store, who, NOW, 5)).finderWaits),
    );
    expect(told).toEqual([false, true, true, false, false, false]);
    await store.prisma.$executeRaw`UPDATE deal SET status = 'REJECTED' WHERE psf AND status = 'PENDING'`;
    for (const who of PEOPLE) expect((await deskLines(store, who, NOW, 5)).finderWaits).toBe(false);
  });

  function dealOf(id: string): Deal {
    const deal = deals.get(id);
    if (!deal) throw new Error(`${id} was not written.`);
    return deal;
  }
});

const isAsked = (deal: Deal): boolean =>
  deal.kind === 'opportunity' && deal.reviewStatus === 'Action Required';

/** What our own book holds: random, so that the columns and the records say different things. */
async function scatter(store: Store): Promise<void> {
  const { prisma } = store;
  const ids = entries.map(({ deal }) => deal.id);
  const [lead, , manager, one, two] = PEOPLE;
  const where = (nth: number, share: number) => ids.filter((_, at) => coins(nth, share)[at]);
  const offered = [one, two].flatMap((who, nth) =>
    where(nth, 0.3).map((dealId) => ({ dealId, personId: who?.id ?? '', byId: lead?.id ?? '' })),
  );
  await prisma.offer.createMany({ data: offered });
  const flags = [lead, manager, one].flatMap((who, nth) =>
    where(10 + nth, 0.2).map((dealId) => ({ dealId, personId: who?.id ?? '' })),
  );
  await prisma.flag.createMany({ data: flags });
  await prisma.deal.updateMany({ where: { id: { in: where(20, 0.1) } }, data: { goneAt: NOW } });
  await prisma.deal.updateMany({
    where: { id: { in: where(21, 0.2) } },
    data: { submittedBy: 'one@p.example' },
  });
  await prisma.deal.updateMany({
    where: { id: { in: where(22, 0.2) } },
    data: { submittedBy: 'two@old.example' },
  });
  const when = (nth: number) => fc.sample(moments, { numRuns: MANY, seed: SEED + nth });
  const [since, submitted, touched] = [when(30), when(31), when(32)];
  const book = ids.map((id, at) => ({
    id,
    since: since[at],
    submitted: at % 3 === 0 ? submitted[at] : null,
    touched: at % 4 === 0 ? touched[at] : null,
  }));
  await prisma.$executeRaw`
    UPDATE deal SET status_since = b.since, submitted_at = b.submitted, partner_updated_at = CASE WHEN kind <> 'referral'
      THEN greatest(partner_updated_at, b.touched) END
    FROM jsonb_to_recordset(${JSON.stringify(book)}::text::jsonb) AS b(id text, since timestamptz, submitted timestamptz,
      touched timestamptz) WHERE deal.id = b.id`;
  const change = {
    personId: lead?.id ?? '',
    verb: 'next-step',
    kind: 'update',
    wish: { kind: 'update', base: {}, set: {} },
    state: 'waiting',
    source: {},
  };
  const data = where(40, 0.1).map((dealId) => ({ ...change, dealId, actKey: dealId }));
  await prisma.change.createMany({ data });
}

/** What our columns say of a deal for that reader. */
async function factsOf(store: Store) {
  const known = await store.prisma.deal.findMany({ omit: { detail: true, raw: true } });
  const rows = new Map(known.map((row) => [row.id, row]));
  const flags = await store.prisma.flag.findMany();
  const waiting = new Set((await store.prisma.change.findMany()).map(({ dealId }) => dealId));
  return (
    id: string,
    who: Person,
  ): Facts & { gone: boolean; waits: boolean; statusSince?: string; confirmedAt?: string } => {
    const row = rows.get(id);
    const moment = (date: Date | null | undefined) => date?.toISOString();
    return withoutUndefined({
      gone: row?.goneAt !== null,
      waits: waiting.has(id),
      flagged: flags.some(({ dealId, personId }) => dealId === id && personId === who.id),
      sharedAt: moment(row?.sharedAt),
      submittedAt: moment(row?.submittedAt),
      updatedAt: moment(row?.partnerUpdatedAt),
      confirmedAt: moment(row?.partnerUpdatedAt),
      statusSince: moment(row?.statusSince),
    }) as ReturnType<Awaited<ReturnType<typeof factsOf>>>;
  };
}

test('the samples hold Partner Solutions Finder leads, pending and accepted', () => {
  const finder = entries.filter(({ deal }) => deal.kind === 'lead' && isPsf(deal));
  expect(finder.length).toBeGreaterThan(10);
});
