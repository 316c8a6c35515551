/** What lists show is what the law and the definitions say of each deal alone: random deals, every view, every role. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { needsAttention, SECTION_IDS } from '../../src/pipeline/attention.ts';
import type { Deal } from '../../src/pipeline/deal.ts';
import { isPsf } from '../../src/pipeline/lead.ts';
import type { Person } from '../../src/pipeline/person.ts';
import { can } from '../../src/pipeline/policy.ts';
import { type Facts, inView, VIEWS } from '../../src/pipeline/views.ts';
import { loadMany, saveMirror } from '../../src/store/deals.ts';
import { askedLines, deskLines, viewLines } from '../../src/store/desk.ts';
import { Prisma } from '../../src/store/generated/client.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import { COUNT_CAP } from '../../src/store/lines.ts';
import { sight } from '../../src/store/sight.ts';
import { rowsOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';
import { entries, MANY, NOW, PEOPLE, scatter, withoutUndefined } from './random-pipeline.ts';

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
