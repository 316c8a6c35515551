/** What became of a digest's lines, what moved, what was lost: for those who may know it. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Deal } from '../../src/pipeline/deal.ts';
import { type Entry, saveMirror } from '../../src/store/deals.ts';
import { digestsFor } from '../../src/store/digest-lines.ts';
import { digestReaders } from '../../src/store/digest-readers.ts';
import { standingOf } from '../../src/store/digest-standing.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import type { Store } from '../../src/store/store.ts';
import type { KeptLine } from '../../src/views/digest-found.ts';
import { tickedDigest } from '../../src/views/digest-ticked.ts';
import { lead, opportunity, person, referral } from '../pipeline/samples.ts';
import { databases } from '../support/databases.ts';

/** A Monday. */
const NOW = new Date('2025-11-24T09:00:00Z');
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const somebody = (role: Parameters<typeof person>[0], name: string) =>
  person(role, {
    id: randomUUID(),
    email: `${name.toLowerCase()}@p.example`,
    firstName: name,
    lastName: 'Example',
    timeZone: 'UTC',
  });
const MIA = somebody('ACE manager', 'Mia');
const TOM = somebody('ACE user', 'Tom');
const LI = somebody('ACE user', 'Li');
const ofTom = { owner: { name: 'Tom Example', email: TOM.email } };
const LATE = { ...ofTom, closeDate: '2025-11-14', spend: { amount: '100.50', currency: 'USD' } };

const DEALS: Deal[] = [
  opportunity({ ...LATE, id: 'O1' }),
  opportunity({ ...LATE, id: 'O2', stage: 'Committed' }),
  opportunity({ ...LATE, id: 'O3', owner: { name: 'Li', email: LI.email } }),
  referral({ id: 'engi-1' }),
  lead({ id: 'eng-1', createdAt: '2025-10-01T00:00:00Z' }),
];

interface Wished {
  [key: string]: string | Wished;
}

describe.each(databases)('on $name', ({ open }) => {
  let store: Store;
  let release: () => Promise<void>;
  let epoch: bigint;
  const save = (...deals: Deal[]) =>
    saveMirror(
      store,
      deals.map(
        (deal): Entry => ({
          deal,
          raw: {},
          ...(deal.kind === 'lead' ? { local: { ownerEmail: TOM.email } } : {}),
        }),
      ),
      epoch,
    );
  beforeEach(async () => {
    store = await open();
    await store.prisma.person.createMany({ data: [MIA, TOM, LI] });
    await store.prisma.person.update({ where: { id: TOM.id }, data: { reportsTo: MIA.id } });
    await store.prisma.terms.create({ data: { acceptedOn: NOW } });
    const lease = await takeAgentLease(store, { onLost: () => {} });
    if (!lease) throw new Error('Nobody else has the lease.');
    ({ release, epoch } = lease);
    await save(...DEALS);
    await store.prisma.offer.create({ data: { dealId: 'engi-1', personId: TOM.id, byId: MIA.id } });
  });
  afterEach(async () => {
    await release?.();
    await store?.close();
  });

  async function readerOf({ id }: { id: string }) {
    const [reader] = await digestReaders(store, [id], NOW);
    if (!reader) throw new Error('There is no such reader.');
    return reader;
  }
  const found = async (who: { id: string }) =>
    (await digestsFor(store, [await readerOf(who)], NOW)).get(who.id);
  const stood = async (who: { id: string }, kept: KeptLine[]) =>
    (await standingOf(store, await readerOf(who), kept, NOW, ago(10))).lines;
  const confirmed = (dealId: string, by: { id: string }, wish: Wished, settledAt: Date) =>
    store.prisma.change.create({
      data: {
        dealId,
        personId: by.id,
        verb: 'x',
        kind: String(wish.kind),
        wish,
        state: 'confirmed',
        source: {},
        actKey: randomUUID(),
        requestedAt: settledAt,
        settledAt,
      },
    });
  const step = (stage?: string): Wished => ({
    kind: 'update',
    base: {},
    set: stage ? { stage } : { nextStep: 'x' },
  });
  const KEPT: KeptLine[] = [
    { section: 'past-close', dealId: 'O1' },
    { section: 'pending', dealId: 'engi-1' },
    { section: 'stale', dealId: 'eng-1' },
  ];

  test('nothing happened: every line stands, as it did when it was composed', async () => {
    const it = await found(TOM);
    expect((await stood(TOM, KEPT)).map(({ is }) => is)).toEqual(['stands', 'stands', 'stands']);
    const [desk] = it?.desks ?? [];
    const [first] = await stood(TOM, KEPT);
    expect(first).toEqual({ is: 'stands', line: desk?.sections.get('past-close')?.lines[0] });
  });

  test('a line that another section counts by now says which', async () => {
    expect(await stood(TOM, [{ section: 'past-close', dealId: 'O2' }])).toMatchObject([
      { is: 'stands', first: 'launch-pending' },
    ]);
  });

  test('who did it since it was sent, and how; what was before that says nothing', async () => {
    await confirmed('O1', LI, step(), ago(40));
    await confirmed('engi-1', LI, { kind: 'accept' }, ago(1));
    await save(
      opportunity({
        ...LATE,
        id: 'O1',
        closeDate: '2026-03-01',
        nextSteps: [{ text: 'x', at: ago(2).toISOString() }],
      }),
      referral({ id: 'engi-1', status: 'ACCEPTED' }),
    );
    const [first, second, third] = await stood(TOM, KEPT);
    expect(first).toMatchObject({ is: 'done' });
    expect(first).not.toHaveProperty('change');
    expect(second).toMatchObject({
      is: 'done',
      change: { person: { name: 'Li Example' }, wish: { kind: 'accept' } },
    });
    expect(third?.is).toBe('stands');
  });

  test('what AWS moved elsewhere asks for something else now', async () => {
    await save(opportunity({ ...LATE, id: 'O1', reviewStatus: 'Action Required' }));
    expect((await stood(TOM, KEPT))[0]).toMatchObject({ is: 'moved', section: 'action-required' });
  });

  test('what was given to another is seen to; whoever loses sight of it reads no more of it', async () => {
    await confirmed(
      'O1',
      MIA,
      { kind: 'assign', to: { email: LI.email, firstName: 'Li', lastName: 'Example' } },
      ago(1),
    );
    await save(opportunity({ ...LATE, id: 'O1', owner: { name: 'Li', email: LI.email } }));
    expect((await stood(MIA, KEPT))[0]).toMatchObject({ is: 'done', change: { wish: { kind: 'assign' } } });
    const [lost] = await stood(TOM, KEPT);
    expect(lost).toEqual({ is: 'hidden' });
    const reader = await readerOf(TOM);
    const list = tickedDigest(KEPT, await standingOf(store, reader, KEPT, NOW), { actor: TOM, now: NOW });
    expect(JSON.stringify(list)).not.toContain('O1');
  });

  test('a role that is lost hides every line', async () => {
    const reader = {
      ...(await readerOf(MIA)),
      person: { ...(await readerOf(MIA)).person, role: 'ACE user' as const },
    };
    expect((await standingOf(store, reader, KEPT, NOW)).lines).toEqual([
      { is: 'hidden' },
      { is: 'hidden' },
      { is: 'hidden' },
    ]);
    await store.prisma.person.update({ where: { id: MIA.id }, data: { role: 'none' } });
    expect(await digestReaders(store, [MIA.id], NOW)).toEqual([]);
  });

  test('what AWS took away, and what was rejected for whoever was offered it, keeps its id alone', async () => {
    await store.prisma.deal.update({ where: { id: 'O1' }, data: { goneAt: NOW } });
    await save(referral({ id: 'engi-1', status: 'REJECTED' }));
    const [first, second] = await stood(TOM, KEPT);
    expect([first, second]).toMatchObject([
      { is: 'done', isGone: true },
      { is: 'done', isGone: true },
    ]);
    expect((await stood(MIA, KEPT))[1]).not.toHaveProperty('isGone');
  });

  test('what it does not show is counted as of now, also what came since', async () => {
    const line = async (who: { id: string }, kept: KeptLine[]) => {
      const standing = await standingOf(store, await readerOf(who), kept, NOW, ago(10));
      const person = (await readerOf(who)).person;
      return tickedDigest(kept, standing, { actor: person, now: NOW }).sections.map(({ total, more }) => [
        total,
        more?.verb,
      ]);
    };
    const late: KeptLine[] = [{ section: 'past-close', dealId: 'O1' }];
    expect(await line(TOM, late)).toEqual([[1, undefined]]);
    await save(opportunity({ ...LATE, id: 'O8' }), opportunity({ ...LATE, id: 'O9' }));
    expect(await line(TOM, late)).toEqual([[3, 'list']]);
    // Of whoever reports to Mia: O1 as shown; O2, the lead, the referral and the two that came.
    expect(await line(MIA, [{ section: 'past-close', dealId: 'O1', underId: TOM.id }])).toEqual([
      [6, 'digest'],
    ]);
  });

  test('a word that was asked for within 7 days is known, by whom and when; none where nobody reports', async () => {
    const nudge = (dealId: string, owner: { id: string }, at: Date) =>
      store.prisma.nudge.create({ data: { dealId, ownerId: owner.id, byId: LI.id, at } });
    await nudge('O1', TOM, ago(48));
    await nudge('O2', TOM, ago(7 * 24));
    await nudge('O3', LI, ago(1));
    const asked = (await found(MIA))?.asked;
    expect([...(asked ?? [])]).toEqual([
      ['O1', expect.objectContaining({ ownerId: TOM.id, byId: LI.id, byName: 'Li Example', at: ago(48) })],
    ]);
    expect((await found(TOM))?.asked.size).toBe(0);
    const kept = [{ section: 'past-close' as const, dealId: 'O1', underId: TOM.id }];
    expect((await standingOf(store, await readerOf(MIA), kept, NOW)).asked.has('O1')).toBe(true);
  });

  test('their schedule, as it is theirs; none where none comes by itself', async () => {
    expect(await found(TOM)).not.toHaveProperty('schedule');
    const { id } = await store.prisma.subscription.create({
      data: { personId: TOM.id, nextAt: NOW, startedAt: ago(24), days: [1, 3], hour: 8 },
    });
    const [own, other] = [{ days: [1, 3], hour: 8, timeZone: 'UTC', isNew: true }, await found(MIA)];
    expect((await found(TOM))?.schedule).toEqual(own);
    expect(other).not.toHaveProperty('schedule');
    const digest = {
      subscriptionId: id,
      day: new Date('2025-11-21'),
      dueAt: NOW,
      state: 'sent',
      sentAt: NOW,
    };
    // Of which nobody knows whether it ever stood anywhere.
    await store.prisma.digest.create({ data: { ...digest, day: new Date('2025-11-20') } });
    expect((await found(TOM))?.schedule).toEqual(own);
    await store.prisma.digest.create({ data: { ...digest, ref: {} } });
    expect((await found(TOM))?.schedule).toEqual({ ...own, firstDay: '2025-11-21' });
    const change = (data: object) => store.prisma.subscription.update({ where: { id }, data });
    await change({ days: [], pausedUntil: new Date('2025-12-01'), startedAt: ago(30 * 24) });
    expect((await found(TOM))?.schedule).toMatchObject({
      ...{ days: [1, 2, 3, 4, 5], pausedUntil: '2025-12-01', isNew: false },
    });
    await change({ offAt: NOW });
    expect(await found(TOM)).not.toHaveProperty('schedule');
    await change({ offAt: null, gone: true });
    expect(await found(TOM)).not.toHaveProperty('schedule');
  });

  test('what the reader put off since is seen to', async () => {
    const at = new Date('2025-11-25T09:00:00Z');
    await store.prisma.reminder.create({ data: { personId: TOM.id, dealId: 'O1', at, setAt: NOW } });
    expect((await stood(TOM, KEPT))[0]).toMatchObject({ is: 'done', laterAt: at });
    expect((await stood(MIA, KEPT))[0]).toMatchObject({ is: 'stands' });
  });

  test('what moved since the last digest, by others and for whoever they report to', async () => {
    await confirmed('O1', TOM, step('Qualified'), ago(30));
    await confirmed('O1', TOM, step('Committed'), ago(5));
    await confirmed('O1', TOM, step('Technical Validation'), ago(4));
    await confirmed('O2', LI, step('Launched'), ago(3));
    await confirmed('O2', MIA, step('Closed Lost'), ago(2));
    await confirmed('O3', LI, step('Committed'), ago(2));
    await confirmed('O2', TOM, step(), ago(1));
    await confirmed('engi-1', LI, { kind: 'accept' }, ago(1));
    await store.prisma.deal.update({ where: { id: 'engi-1' }, data: { successor: 'eng-1' } });
    const moved = (await found(MIA))?.moved ?? [];
    expect(
      moved.map(({ move, total, first }) => [
        move,
        total,
        ...first.map((it) => [it.deal.id, it.by, it.stage]),
      ]),
    ).toEqual([
      ['accepted', 1, ['eng-1', 'Li Example', undefined]],
      ['launched', 1, ['O2', 'Li Example', 'Launched']],
      ['stage', 1, ['O1', 'Tom Example', 'Technical Validation']],
    ]);
    expect((await found(TOM))?.moved).toEqual([]);
    // An ACE user sees none of it, whoever reports to them.
    await store.prisma.person.update({ where: { id: MIA.id }, data: { role: 'ACE user' } });
    expect((await found(MIA))?.moved).toEqual([]);
  });

  test('the open pipeline by stage, with what can be added up; for an ACE user only what they see', async () => {
    await save(
      opportunity({ ...LATE, id: 'O5', spend: { amount: '1', currency: 'EUR' } }),
      opportunity({ ...LATE, id: 'O6', spend: { amount: 'lots', currency: 'USD' } }),
      opportunity({ ...LATE, id: 'O7', stage: 'Launched' }),
    );
    expect((await found(MIA))?.stages).toEqual([
      {
        stage: 'Qualified',
        count: 3,
        amounts: [
          { amount: '1', currency: 'EUR' },
          { amount: '100.50', currency: 'USD' },
        ],
      },
      { stage: 'Committed', count: 1, amounts: [{ amount: '100.50', currency: 'USD' }] },
    ]);
    expect((await found(TOM))?.stages).toEqual([]);
    await store.prisma.person.update({ where: { id: MIA.id }, data: { role: 'ACE user' } });
    expect((await found(MIA))?.stages).toEqual([]);
  });

  test('what was lost is told once a week, to whoever sees everything, with whom it was offered to', async () => {
    const clock = (dealId: string, outcome: string, endedAt: Date) =>
      store.prisma.clock.create({ data: { dealId, startedAt: ago(300), outcome, endedAt } });
    await save(
      referral({ id: 'engi-1', status: 'EXPIRED' }),
      referral({ id: 'engi-2', status: 'EXPIRED' }),
      referral({ id: 'engi-3' }),
    );
    await clock('engi-1', 'lost', ago(24));
    await clock('engi-2', 'lost', ago(8 * 24));
    await clock('engi-3', 'rejected', ago(1));
    const lost = (await found(MIA))?.lost;
    expect(lost).toMatchObject({ total: 1, deals: [{ deal: { id: 'engi-1' }, offeredTo: ['Tom Example'] }] });
    expect((await found(TOM))?.lost.deals).toEqual([]);
    const { id } = await store.prisma.subscription.create({ data: { personId: MIA.id, nextAt: NOW } });
    const sent = (day: string) =>
      store.prisma.digest.create({
        data: {
          subscriptionId: id,
          day: new Date(day),
          dueAt: NOW,
          sentAt: new Date(day),
          state: 'sent',
          ref: {},
        },
      });
    await sent('2025-11-21');
    expect((await found(MIA))?.lost.total).toBe(1);
    const tuesday = new Date('2025-11-25T09:00:00Z');
    await sent('2025-11-24');
    const readers = await digestReaders(store, [MIA.id], tuesday);
    expect((await digestsFor(store, readers, tuesday)).get(MIA.id)?.lost.total).toBe(0);
  });
});
