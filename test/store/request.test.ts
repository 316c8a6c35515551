/** Asking is one statement: taken once or not at all, and what was not sent yet can be taken back. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Person } from '../../src/pipeline/person.ts';
import { markSent, settle, take } from '../../src/store/agent.ts';
import { type Act, amend, changesById, changesOf, request, TooLate } from '../../src/store/changes.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';

const TEAM = ['ana@partner.example', 'ben@partner.example'] as const;
const MINUTE = 60_000;

describe.each(databases)('asking, on $name', ({ name, open }) => {
  let store: Store;
  let ana: Person;
  let ben: Person;
  beforeAll(async () => {
    store = await open();
    await enrol(
      store,
      TEAM.map((email) => ({ email, firstName: 'A', lastName: 'B', role: 'alliance team', timeZone: 'UTC' })),
    );
    [ana, ben] = (await Promise.all(TEAM.map((email) => findPerson(store, email)))) as [Person, Person];
  });
  afterAll(() => store.close());

  const newDeal = async () => {
    const id = `engi-${randomUUID().slice(0, 13)}`;
    const common = { company: 'Acme', title: 'T', status: 'PENDING', detail: {}, raw: {} };
    await store.prisma.deal.create({ data: { id, kind: 'referral', ...common } });
    return { id, version: 1 };
  };
  const act = (more: Partial<Act> = {}): Act => ({
    key: randomUUID(),
    verb: 'accept',
    personId: ana.id,
    source: { platform: 'console' },
    until: new Date(Date.now() + MINUTE),
    ...more,
  });
  const accept = { wish: { kind: 'accept' } } as const;
  const assign = {
    wish: { kind: 'assign', to: { email: TEAM[0], firstName: 'A', lastName: 'B' } },
  } as const;
  const write = (nextStep: string) => ({ wish: { kind: 'update' as const, base: {}, set: { nextStep } } });
  /** All that an act leaves behind. */
  const left = async (id: string, key: string) => ({
    acts: await store.prisma.act.count({ where: { key } }),
    changes: await store.prisma.change.count({ where: { dealId: id } }),
    version: (await store.prisma.deal.findUniqueOrThrow({ where: { id } })).version,
  });
  const stateOf = async (id: string | undefined) => (await changesById(store, id ? [id] : []))[0]?.state;
  const transitionsOf = (changeId: string) => store.prisma.transition.count({ where: { changeId } });

  test('the same act again is answered with the Change it asked for the first time', async () => {
    const deal = await newDeal();
    const mine = act();
    const first = await request(store, mine, deal, [accept, assign]);
    const later = await request(store, mine, { ...deal, version: 2 }, [accept, assign]);
    expect(first).toEqual({ outcome: 'taken', changeIds: await changesOf(store, mine) });
    expect(later).toEqual({ ...first, outcome: 'again' });
    expect((await left(deal.id, mine.key)).changes).toBe(2);
  });

  test('ten deliveries of one act at the same moment are one act', async () => {
    const deal = await newDeal();
    const mine = act();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => request(store, mine, deal, [accept, assign])),
    );
    expect(all.map(({ outcome }) => outcome).sort()).toEqual([...Array(9).fill('again'), 'taken']);
    expect(new Set(all.map((one) => JSON.stringify('changeIds' in one && one.changeIds))).size).toBe(1);
    expect(await left(deal.id, mine.key)).toEqual({ acts: 1, changes: 2, version: 2 });
  });

  test('of two people who accept the same version at once, one is taken and the other has to look again', async () => {
    const deal = await newDeal();
    const all = await Promise.all(
      [ana, ben].map(({ id: personId }) => request(store, act({ personId }), deal, [accept])),
    );
    expect(all.map(({ outcome }) => outcome).sort()).toEqual(['stale', 'taken']);
    expect(await store.prisma.change.count({ where: { dealId: deal.id } })).toBe(1);
  });

  test('a second acceptance of a deal is impossible, whatever version it names', async () => {
    const deal = await newDeal();
    await request(store, act(), deal, [accept]);
    await expect(request(store, act(), { ...deal, version: 2 }, [accept])).rejects.toThrow();
    expect(await store.prisma.change.count({ where: { dealId: deal.id } })).toBe(1);
  });

  test('after its deadline an act is refused and leaves nothing', async () => {
    const deal = await newDeal();
    const late = act({ until: new Date(Date.now() - 1) });
    await expect(request(store, late, deal, [accept])).rejects.toThrow(TooLate);
    expect(await left(deal.id, late.key)).toEqual({ acts: 0, changes: 0, version: 1 });
    const again = await request(store, act({ key: late.key }), deal, [accept]);
    expect(again.outcome).toBe('taken');
  });

  test('an act that is refused by its version leaves nothing', async () => {
    const deal = await newDeal();
    const mine = act();
    expect(await request(store, mine, { ...deal, version: 9 }, [accept])).toEqual({ outcome: 'stale' });
    expect(await left(deal.id, mine.key)).toEqual({ acts: 0, changes: 0, version: 1 });
  });

  if (name === 'PostgreSQL')
    test.each([
      ['only held the row', 'SELECT 1 FROM deal WHERE id = $1 FOR UPDATE'],
      ['changed something else of it', "UPDATE deal SET company = 'Other' WHERE id = $1"],
    ])('an act that waited past its deadline for one who %s leaves nothing', async (_, statement) => {
      const deal = await newDeal();
      const other = await connect(store);
      try {
        await other.query('BEGIN');
        await other.query(statement, [deal.id]);
        const late = act({ until: new Date(Date.now() + 700) });
        const asked = request(store, late, deal, [accept]).catch((error: unknown) => error);
        await until('it waits for the row', async () => (await waiters(other)) > 0);
        await until('its deadline has passed', () => Date.now() > late.until.getTime());
        await other.query('COMMIT');
        expect(await asked).toBeInstanceOf(TooLate);
        expect(await left(deal.id, late.key)).toEqual({ acts: 0, changes: 0, version: 1 });
      } finally {
        await other.end();
      }
    });

  test('an acceptance taken back takes the change of owner with it, once, and AWS never sees either', async () => {
    const deal = await newDeal();
    const taken = await request(store, act(), deal, [accept, assign]);
    const [first = '', second = ''] = 'changeIds' in taken ? taken.changeIds : [];
    const back = act({ verb: 'waiting' });
    expect(await amend(store, back, first, 'cancel')).toBe(true);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['cancelled', 'cancelled']);
    expect(await amend(store, back, first, 'cancel')).toBe(false);
    expect(await transitionsOf(first)).toBe(2);
    const retry = await request(store, act(), { ...deal, version: 3 }, [accept]);
    expect(retry.outcome).toBe('taken');
    // Other tests ask the agent for what is due.
    if ('changeIds' in retry) await amend(store, act(), retry.changeIds[0] ?? '', 'cancel');
  });

  test('a text that waits can be rewritten; the same rewriting twice is one', async () => {
    const deal = await newDeal();
    const taken = await request(store, act(), deal, [{ ...write('first'), waitsFor: 'locked' }]);
    const id = ('changeIds' in taken && taken.changeIds[0]) || '';
    const rewriting = act({ verb: 'waiting' });
    await amend(store, rewriting, id, write('second').wish);
    await amend(store, rewriting, id, write('second').wish);
    const [change] = await changesById(store, [id]);
    expect(change).toMatchObject({ state: 'waiting', waitsFor: 'locked', wish: write('second').wish });
    expect(await transitionsOf(id)).toBe(2);
    expect((await left(deal.id, rewriting.key)).acts).toBe(1);
  });

  test('after its deadline a rewriting or a cancellation is refused and changes nothing', async () => {
    const deal = await newDeal();
    const taken = await request(store, act(), deal, [{ ...write('first'), waitsFor: 'locked' }]);
    const id = ('changeIds' in taken && taken.changeIds[0]) || '';
    const late = () => act({ until: new Date(Date.now() - 1) });
    await expect(amend(store, late(), id, 'cancel')).rejects.toThrow(TooLate);
    await expect(amend(store, late(), id, write('x').wish)).rejects.toThrow(TooLate);
    expect((await changesById(store, [id]))[0]).toMatchObject({
      state: 'waiting',
      wish: write('first').wish,
    });
  });

  test('what the agent has in hand can be taken back as long as nothing was sent, and then never is', async () => {
    const epoch = await epochOf(store);
    const deal = await newDeal();
    const taken = await request(store, act(), deal, [write('first')]);
    const id = ('changeIds' in taken && taken.changeIds[0]) || '';
    const job = (await take(store, epoch, [], 100)).find((one) => one.id === id);
    if (!job) throw new Error('The agent gets what is due.');
    expect(await amend(store, act(), id, 'cancel')).toBe(true);
    expect(await markSent(store, epoch, job)).toBe(false);
    await settle(store, epoch, job, { state: 'confirmed' });
    expect(await stateOf(id)).toBe('cancelled');
  });

  test('what AWS may have seen, or has answered, can neither be rewritten nor taken back', async () => {
    const epoch = await epochOf(store);
    const deal = await newDeal();
    const taken = await request(store, act(), deal, [write('first')]);
    const id = ('changeIds' in taken && taken.changeIds[0]) || '';
    const job = (await take(store, epoch, [], 100)).find((one) => one.id === id);
    if (!job) throw new Error('The agent gets what is due.');
    expect(await markSent(store, epoch, job)).toBe(true);
    expect(await amend(store, act(), id, 'cancel')).toBe(false);
    await settle(store, epoch, job, { state: 'waiting', waitsFor: 'answer', answer: 'AWS did not answer.' });
    expect(await amend(store, act(), id, 'cancel')).toBe(false);
    expect(await amend(store, act(), id, write('x').wish)).toBe(false);
    await settle(store, epoch, job, { state: 'confirmed' });
    expect(await amend(store, act(), id, 'cancel')).toBe(false);
    expect((await changesById(store, [id]))[0]).toMatchObject({
      state: 'confirmed',
      wish: write('first').wish,
    });
  });
});

const epochOf = async (store: Store): Promise<bigint> =>
  (await store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } })).epoch;

async function connect(store: Store): Promise<pg.Client> {
  if (store.backing.kind !== 'postgres') throw new Error('Only PostgreSQL has a second connection.');
  const client = new pg.Client({ connectionString: store.backing.url });
  await client.connect();
  return client;
}

async function waiters(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ many: number }>(
    "SELECT count(*)::int AS many FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows[0]?.many ?? 0;
}
