/** Whose deals stand in whose digest: random deals against the law and the definitions, for many readers at once. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { needsAttention } from '../../src/pipeline/attention.ts';
import type { Deal } from '../../src/pipeline/deal.ts';
import {
  DIGEST_SECTIONS,
  type DigestSection,
  LINES_EACH,
  LOOKED_AT_EACH,
  WORD_SECTIONS,
} from '../../src/pipeline/digest.ts';
import { isPsf } from '../../src/pipeline/lead.ts';
import { isTheirs, type Person } from '../../src/pipeline/person.ts';
import { can, owns } from '../../src/pipeline/policy.ts';
import { loadMany, saveMirror } from '../../src/store/deals.ts';
import { deskLines } from '../../src/store/desk.ts';
import { digestsFor, pipelineDigest } from '../../src/store/digest-lines.ts';
import { digestReaders } from '../../src/store/digest-readers.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import type { Store } from '../../src/store/store.ts';
import { keptLines } from '../../src/views/digest.ts';
import type { DigestFound } from '../../src/views/digest-found.ts';
import { databases } from '../support/databases.ts';
import { countStatements } from '../support/statements.ts';
import { at, entries, NOW, PEOPLE, scatter } from './random-pipeline.ts';

const ids = entries.map(({ deal }) => deal.id);
const [LEAD, TEAM, MANAGER, ONE, TWO, GONE] = PEOPLE as [Person, Person, Person, Person, Person, Person];
const LET_IN = [LEAD, TEAM, MANAGER, ONE, TWO];

describe.each(databases)('on $name', ({ open }) => {
  let store: Store;
  let release: () => Promise<void>;
  let deals: Map<string, Deal>;
  let gone: Set<string>;
  let waits: Set<string>;
  let book: Map<string, { since?: string; touched?: string }>;
  beforeAll(async () => {
    store = await open();
    await store.prisma.person.createMany({ data: PEOPLE });
    await store.prisma.terms.create({ data: { acceptedOn: NOW } });
    const lease = await takeAgentLease(store, { onLost: () => {} });
    if (!lease) throw new Error('Nobody else has the lease.');
    release = lease.release;
    await saveMirror(store, entries, lease.epoch);
    await scatter(store);
    // So that enough is left that nobody was offered.
    await store.prisma.offer.deleteMany({ where: { dealId: { in: ids.filter((_, nth) => nth % 2 === 0) } } });
    deals = new Map((await loadMany(store, ids)).map(({ deal }) => [deal.id, deal]));
    const rows = await store.prisma.deal.findMany({ omit: { detail: true, raw: true } });
    gone = new Set(rows.filter(({ goneAt }) => goneAt).map(({ id }) => id));
    waits = new Set((await store.prisma.change.findMany()).map(({ dealId }) => dealId));
    const moment = (it: Date | null) => it?.toISOString() ?? '';
    book = new Map(
      rows.map((row) => [row.id, { since: moment(row.statusSince), touched: moment(row.partnerUpdatedAt) }]),
    );
  });
  afterEach(async () => {
    const { prisma } = store;
    await prisma.cover.deleteMany();
    await prisma.reminder.deleteMany();
    await prisma.subscription.deleteMany();
    await prisma.person.updateMany({ data: { reportsTo: null } });
  });
  afterAll(async () => {
    await release?.();
    await store?.close();
  });

  /** As its card would be checked: in which sections it stands for that reader, first lost first. */
  function sectionsOf(deal: Deal, who: Person): DigestSection[] {
    const { since, touched } = book.get(deal.id) ?? {};
    const journal = {
      waits: waits.has(deal.id),
      ...(since ? { statusSince: since } : {}),
      ...(touched ? { confirmedAt: touched } : {}),
    };
    return needsAttention(deal, NOW, who.timeZone, journal).filter((id) => id !== 'flagged');
  }
  const here = (): Deal[] => [...deals.values()].filter(({ id }) => !gone.has(id));
  const sees = (who: Person, deal: Deal) => can(who, 'see', deal, NOW).yes;
  const isPendingOne = (deal: Deal) => sectionsOf(deal, LEAD)[0] === 'pending';
  const offeredTo = (deal: Deal) => (deal.kind === 'opportunity' ? [] : (deal.offeredTo ?? []));
  /** What is that person's own to look after. */
  const isOf = (who: Person, deal: Deal): boolean =>
    owns(who, deal) ||
    (deal.kind === 'opportunity' && isTheirs(who, deal.submittedBy)) ||
    (isPendingOne(deal) && offeredTo(deal).includes(who.id)) ||
    (isPendingOne(deal) && offeredTo(deal).length === 0 && who.role.startsWith('alliance'));

  async function found(who: Person): Promise<DigestFound> {
    const readers = await digestReaders(store, [who.id], NOW);
    const it = (await digestsFor(store, readers, NOW)).get(who.id);
    if (!it) throw new Error(`${who.email} has none.`);
    return it;
  }
  const allLines = ({ desks, reports }: DigestFound) => [
    ...desks.flatMap(({ sections }) => [...sections.values()].flatMap(({ lines }) => lines)),
    ...reports.flatMap(({ lines }) => lines),
  ];

  test('each reader’s own: what they own, submitted or were offered, and what waits for whoever gives it to somebody', async () => {
    const readers = await digestReaders(
      store,
      [...LET_IN, GONE].map(({ id }) => id),
      NOW,
    );
    expect(readers.map(({ person }) => person.email).sort()).toEqual(LET_IN.map(({ email }) => email).sort());
    const digests = await digestsFor(store, readers, NOW);
    let shown = 0;
    for (const who of LET_IN) {
      const [desk, ...others] = digests.get(who.id)?.desks ?? [];
      expect(others).toEqual([]);
      const meant = here().filter((deal) => sees(who, deal) && isOf(who, deal));
      for (const section of DIGEST_SECTIONS) {
        const lawful = meant.filter((deal) => sectionsOf(deal, who)[0] === section).map(({ id }) => id);
        const part = desk?.sections.get(section);
        expect([who.role, section, part?.total ?? 0]).toEqual([who.role, section, lawful.length]);
        expect(part?.lines.length ?? 0).toBe(Math.min(lawful.length, LINES_EACH));
        for (const { deal } of part?.lines ?? []) expect(lawful).toContain(deal.id);
        shown += lawful.length;
      }
    }
    expect(shown).toBeGreaterThan(60);
  });

  test('an ACE user’s digest is their desk: the same deals in the same sections and order', async () => {
    for (const who of [ONE, TWO]) {
      const { sections } = await deskLines(store, who, NOW, 1000);
      const [desk] = (await found(who)).desks;
      for (const section of DIGEST_SECTIONS) {
        const theirs = (sections.get(section)?.lines ?? []).filter(({ deal }) => isOf(who, deal));
        const first = theirs.slice(0, LINES_EACH);
        expect(desk?.sections.get(section)?.lines ?? []).toEqual(first);
      }
    }
  });

  test('whoever sees everything is not sent the whole company', async () => {
    const [desk] = (await found(MANAGER)).desks;
    expect(desk?.sections.size).toBe(0);
    expect((await deskLines(store, MANAGER, NOW, 5)).sections.get('pending')?.total).toBeGreaterThan(5);
  });

  test('a channel’s is the pipeline that whoever set it up sees, without what is switched off', async () => {
    const { sections } = await deskLines(store, MANAGER, NOW, LOOKED_AT_EACH);
    const [desk] = (await pipelineDigest(store, MANAGER, ['stale'], NOW)).desks;
    expect(desk?.sections.has('stale')).toBe(false);
    expect(sections.get('stale')?.total).toBeGreaterThan(0);
    expect(desk?.sections.get('pending')).toEqual(sections.get('pending'));
  });

  test('who reports to the reader: only what needs a word and the reader may see, under each name, once', async () => {
    await store.prisma.person.updateMany({
      where: { id: { in: [ONE.id, TWO.id] } },
      data: { reportsTo: MANAGER.id },
    });
    const { reports, desks } = await found(MANAGER);
    expect(reports.map(({ owner }) => owner.id).sort()).toEqual([ONE.id, TWO.id].sort());
    const seen = new Set(allLines({ ...(await found(MANAGER)), desks, reports }).map(({ deal }) => deal.id));
    expect(seen.size).toBe(allLines({ ...(await found(MANAGER)) }).length);
    const counted = new Set<string>();
    // By name, as the digest has them: what two were offered stands under the first.
    for (const { owner, lines, total } of reports) {
      const lawful = here().filter((deal) => {
        const [first] = sectionsOf(deal, MANAGER);
        const isTheirOwn = owns(owner, deal) || (first === 'pending' && offeredTo(deal).includes(owner.id));
        const isWord = WORD_SECTIONS.some((id) => id === first);
        return isTheirOwn && isWord && sees(MANAGER, deal) && !counted.has(deal.id);
      });
      for (const { id } of lawful) counted.add(id);
      expect(total).toBe(lawful.length);
      expect(lines.length).toBe(Math.min(LINES_EACH, total));
      const places = lines.map(({ section }) => DIGEST_SECTIONS.indexOf(section));
      expect(places).toEqual([...places].sort((one, other) => one - other));
      for (const { deal, section } of lines) expect(sectionsOf(deal, MANAGER)[0]).toBe(section);
    }
  });

  test('an ACE user to whom others report sees no more of them than Partner Central would show', async () => {
    await store.prisma.person.update({ where: { id: TWO.id }, data: { reportsTo: ONE.id } });
    const it = await found(ONE);
    expect(it.desks[0]?.sections.size).toBeGreaterThan(3);
    for (const { deal } of it.reports.flatMap(({ lines }) => lines)) expect(sees(ONE, deal)).toBe(true);
    const hidden = here().filter(
      (deal) => owns(TWO, deal) && !sees(ONE, deal) && sectionsOf(deal, ONE).length > 0,
    );
    expect(hidden.length).toBeGreaterThan(5);
  });

  test('a desk that is covered stands in the cover’s digest, as far as the cover may see it', async () => {
    const cover = (who: Person, by: Person, days: [number, number]) => ({
      personId: who.id,
      coverId: by.id,
      byId: who.id,
      from: new Date(at(days[0])),
      until: new Date(at(days[1])),
    });
    await store.prisma.cover.createMany({
      data: [cover(TWO, MANAGER, [-1, 3]), cover(LEAD, ONE, [-1, 3]), cover(TEAM, TWO, [5, 9])],
    });
    const managers = await found(MANAGER);
    expect(managers.desks.map(({ whose }) => whose.email)).toEqual([MANAGER.email, TWO.email]);
    const alone = (await found(TWO)).desks[0];
    const covered = managers.desks[1];
    const zoned = (section: DigestSection) =>
      here().filter(
        (deal) => sees(MANAGER, deal) && isOf(TWO, deal) && sectionsOf(deal, MANAGER)[0] === section,
      ).length;
    for (const section of DIGEST_SECTIONS)
      expect(covered?.sections.get(section)?.total ?? 0).toBe(zoned(section));
    expect(alone?.sections.size).toBeGreaterThan(3);
    const users = await found(ONE);
    expect(users.desks.map(({ whose }) => whose.email)).toEqual([ONE.email, LEAD.email]);
    for (const { deal } of allLines(users)) expect(sees(ONE, deal)).toBe(true);
    expect(here().some((deal) => isOf(LEAD, deal) && !sees(ONE, deal))).toBe(true);
    // Not yet.
    expect((await found(TWO)).desks).toHaveLength(1);
  });

  test('a Partner Solutions Finder lead that waits stands in the alliance lead’s, and in nobody else’s', async () => {
    const isFinder = ({ deal }: { deal: Deal }) => deal.kind === 'lead' && isPsf(deal);
    // Of those that everybody could see nothing is left.
    const rest = here().filter((deal) => isPendingOne(deal) && !isFinder({ deal }));
    await store.prisma.deal.updateMany({
      where: { id: { in: rest.map(({ id }) => id) } },
      data: { goneAt: NOW },
    });
    const pending = async (who: Person) => (await found(who)).desks[0]?.sections.get('pending')?.lines ?? [];
    const leads = await pending(LEAD);
    const others = (await Promise.all([TEAM, MANAGER, ONE, TWO].map(pending))).flat();
    await store.prisma.deal.updateMany({
      where: { id: { in: rest.map(({ id }) => id) } },
      data: { goneAt: null },
    });
    expect(leads.length).toBeGreaterThan(0);
    expect(leads.every(isFinder)).toBe(true);
    expect(others).toEqual([]);
  });

  test('what a rule has routed does not wait for the alliance lead', async () => {
    const pending = (await found(LEAD)).desks[0]?.sections.get('pending');
    const [first] = pending?.lines ?? [];
    const clock = { dealId: first?.deal.id ?? '', startedAt: NOW, routeId: randomUUID() };
    await store.prisma.clock.create({ data: clock });
    const routed = (await found(LEAD)).desks[0]?.sections.get('pending');
    await store.prisma.clock.deleteMany();
    expect(pending?.total).toBeGreaterThan(3);
    expect(routed?.total).toBe((pending?.total ?? 0) - 1);
    expect(routed?.lines.map(({ deal }) => deal.id)).not.toContain(clock.dealId);
  });

  test('what a person put off is left out for them, until then, and for nobody else', async () => {
    await store.prisma.person.updateMany({
      where: { id: { in: [ONE.id] } },
      data: { reportsTo: MANAGER.id },
    });
    const before = allLines(await found(ONE)).map(({ deal }) => deal.id);
    const others = allLines(await found(MANAGER)).map(({ deal }) => deal.id);
    const [later = '', told = '', past = '', became = ''] = before;
    // Put off while it was an invitation still.
    const invitation =
      here().find(({ id, kind }) => kind === 'referral' && ![...before, ...others].includes(id))?.id ?? '';
    await store.prisma.deal.update({ where: { id: invitation }, data: { successor: became } });
    const reminder = (dealId: string, days: number, toldAt: Date | null = null) => ({
      personId: ONE.id,
      dealId,
      at: new Date(at(days)),
      setAt: NOW,
      toldAt,
    });
    await store.prisma.reminder.createMany({
      data: [reminder(later, 1), reminder(told, 1, NOW), reminder(past, -1), reminder(invitation, 1)],
    });
    const after = allLines(await found(ONE)).map(({ deal }) => deal.id);
    await store.prisma.deal.update({ where: { id: invitation }, data: { successor: null } });
    expect(after.length).toBeGreaterThan(0);
    for (const id of [later, became]) expect(after).not.toContain(id);
    expect(after).toEqual(expect.arrayContaining([told, past]));
    expect(allLines(await found(MANAGER)).map(({ deal }) => deal.id)).toEqual(others);
  });

  test('a section that is switched off is left out; what stands in another as well goes there', async () => {
    const subscription = {
      personId: ONE.id,
      off: ['action-required', 'past-close'],
      nextAt: new Date(at(1)),
    };
    await store.prisma.subscription.create({ data: subscription });
    const [reader] = await digestReaders(store, [ONE.id], NOW);
    expect(reader).toMatchObject({ off: subscription.off, nextAt: subscription.nextAt });
    const [desk] = (await found(ONE)).desks;
    const meant = here().filter((deal) => sees(ONE, deal) && isOf(ONE, deal));
    for (const section of DIGEST_SECTIONS) {
      const on = (deal: Deal) => sectionsOf(deal, ONE).filter((id) => !subscription.off.includes(id))[0];
      expect([section, desk?.sections.get(section)?.total ?? 0]).toEqual([
        section,
        meant.filter((deal) => on(deal) === section).length,
      ]);
    }
  });

  test('“since” is the digest of an earlier day, before today’s is sent and after', async () => {
    const { id } = await store.prisma.subscription.create({ data: { personId: ONE.id, nextAt: NOW } });
    const digest = (day: string, sentAt: Date) => ({
      subscriptionId: id,
      day: new Date(day),
      dueAt: sentAt,
      sentAt,
      state: 'sent',
      ref: {},
    });
    const since = async () => (await digestReaders(store, [ONE.id], NOW))[0]?.since;
    expect(await since()).toBeUndefined();
    // Of which nobody knows whether it stands anywhere.
    const { ref: _, ...unsure } = digest('2026-02-09', new Date(at(-2)));
    await store.prisma.digest.create({ data: unsure });
    expect(await since()).toBeUndefined();
    await store.prisma.digest.create({ data: digest('2026-02-10', new Date(at(-1))) });
    expect(await since()).toEqual(new Date(at(-1)));
    await store.prisma.digest.create({ data: digest('2026-02-11', NOW) });
    expect(await since()).toEqual(new Date(at(-1)));
  });

  test('nobody but the alliance lead has one before the terms are confirmed', async () => {
    const [terms] = await store.prisma.terms.findMany();
    await store.prisma.terms.deleteMany();
    const readers = await digestReaders(
      store,
      LET_IN.map(({ id }) => id),
      NOW,
    );
    if (terms) await store.prisma.terms.create({ data: terms });
    expect(readers.map(({ person }) => person.id)).toEqual([LEAD.id]);
  });

  test('what is kept of a digest is each of its lines, in the order shown, with whose name they stand under', async () => {
    await store.prisma.person.update({ where: { id: TWO.id }, data: { reportsTo: MANAGER.id } });
    const it = await found(MANAGER);
    const kept = keptLines(it);
    expect(kept.map(({ dealId }) => dealId)).toEqual(allLines(it).map(({ deal }) => deal.id));
    expect(new Set(kept.map(({ underId }) => underId))).toEqual(new Set([TWO.id]));
    expect(keptLines(await found(ONE)).every(({ underId }) => underId === undefined)).toBe(true);
  });

  test('as many statements for a hundred readers as for one', async () => {
    const crowd = Array.from({ length: 100 }, (_, nth) => ({
      id: randomUUID(),
      email: `crowd${nth}@p.example`,
      firstName: 'Sam',
      lastName: `No ${nth}`,
      role: 'ACE manager',
      reportsTo: nth % 3 === 0 ? MANAGER.id : null,
    }));
    await store.prisma.person.createMany({ data: crowd });
    await store.prisma.person.updateMany({
      where: { id: { in: [ONE.id, TWO.id] } },
      data: { reportsTo: MANAGER.id },
    });
    const counter = countStatements(store);
    const cost = (many: number) =>
      counter.during(async () => {
        const wanted = [MANAGER, ...crowd].slice(0, many).map(({ id }) => id);
        const readers = await digestReaders(store, wanted, NOW);
        expect(readers).toHaveLength(many);
        expect((await digestsFor(store, readers, NOW)).size).toBe(many);
      });
    const costs = [await cost(1), await cost(10), await cost(100)];
    counter.stop();
    await store.prisma.person.deleteMany({ where: { id: { in: crowd.map(({ id }) => id) } } });
    expect(costs).toEqual([8, 8, 8]);
  });
});
