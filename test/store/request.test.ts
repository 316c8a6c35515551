/** Asking is one statement: taken once or not at all, and what was not sent yet can be taken back. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Person } from '../../src/pipeline/person.ts';
import { markSent, type Step, take } from '../../src/store/agent.ts';
import {
  type Act,
  amend,
  asksAws,
  changesById,
  changesOf,
  enact,
  keepTheirs,
  request,
  TooLate,
} from '../../src/store/changes.ts';
import { Prisma } from '../../src/store/generated/client.ts';
import { telling, tellingTransfer } from '../../src/store/notices.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import { settle } from '../../src/store/settle.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';

const TEAM = ['ana@partner.example', 'ben@partner.example'] as const;
const CLEO = { email: 'cleo@partner.example', firstName: 'Cleo', lastName: 'Cruz' };
const MINUTE = 60_000;

describe.each(databases)('asking, on $name', ({ name, open }) => {
  let store: Store;
  let ana: Person;
  let ben: Person;
  let cleo: Person;
  beforeAll(async () => {
    store = await open();
    await enrol(
      store,
      TEAM.map((email) => ({
        email,
        otherEmails: [],
        firstName: 'A',
        lastName: 'B',
        role: 'alliance team',
        timeZone: 'UTC',
      })),
    );
    await enrol(store, [{ ...CLEO, otherEmails: [], role: 'ACE manager', timeZone: 'UTC' }]);
    cleo = (await findPerson(store, CLEO.email)) as Person;
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
  const idsOf = (taken: Awaited<ReturnType<typeof request>>): [string, ...string[]] => {
    const [first = 'none', ...more] = 'changeIds' in taken ? taken.changeIds : [];
    return [first, ...more];
  };
  const jobOf = async (id: string) => {
    const job = (await take(store, await epochOf(store), [], 100)).find((one) => one.id === id);
    if (!job) throw new Error('The agent gets what is due.');
    return job;
  };
  const livesOf = (id: string) =>
    store.prisma.$queryRaw<{ state: string; person_id: string; answer: string; wish_digest: string }[]>`
      SELECT state, person_id, answer, wish_digest FROM transition WHERE change_id = ${id}::uuid ORDER BY id`;
  const digestOf = async (wish: object) => {
    const [row] = await store.prisma.$queryRaw<{ digest: string }[]>`
      SELECT digest_of(${JSON.stringify(wish)}::text::jsonb::text) AS digest`;
    return row?.digest;
  };
  const jobsOf = async (dealId: string) => {
    const [row] = await store.prisma.$queryRaw<{ many: number }[]>`
      SELECT count(*)::int AS many FROM pgboss.job WHERE data->>'deal' = ${dealId}`;
    return row?.many;
  };
  /** Who hears what of it, from whom, and which new owner the Change says. */
  const newsOf = (dealId: string) =>
    store.prisma.$queryRaw<{ to: string; kind: string; by: string; new: string }[]>`
      SELECT n.person_id AS "to", n.kind, n.by_id AS by, coalesce(c.wish->'to', c.wish->'for')->>'email' AS "new"
      FROM news n JOIN change c ON c.id = (n.body->>'change')::uuid WHERE n.deal_id = ${dealId} ORDER BY n.kind`;
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

  test('an act is known as one for AWS, unless all of it is the desk’s own', async () => {
    const [asked, offered, flagged] = [act(), act({ verb: 'offer' }), act({ verb: 'flag' })];
    const to = [{ id: ben.id, name: 'A B' }];
    await request(store, asked, await newDeal(), [accept, assign]);
    await request(store, offered, await newDeal(), [{ wish: { kind: 'offer', to } }]);
    await enact(store, flagged, []);
    const all = [asked, offered, flagged, act()].map(({ key }) => asksAws(store, key));
    expect(await Promise.all(all)).toEqual([true, false, false, false]);
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

  test('what the rewriting says, and the proof of the new wish, stand in its history: every new value', async () => {
    const deal = await newDeal();
    const [id] = idsOf(await request(store, act(), deal, [{ ...write('first'), waitsFor: 'locked' }]));
    const set = { nextStep: 'second', closeDate: '2027-01-31' };
    await amend(store, act({ verb: 'waiting' }), id, { kind: 'update', base: {}, set });
    const [asked, rewritten] = await livesOf(id);
    expect(rewritten?.answer).toBe('rewritten: Next step: second; Close date: 2027-01-31');
    expect([asked?.wish_digest, rewritten?.wish_digest]).toEqual([
      await digestOf(write('first').wish),
      await digestOf({ kind: 'update', base: {}, set }),
    ]);
  });

  test('what the desk settles itself is confirmed by being asked, redraws the copies and wakes no agent', async () => {
    const deal = await newDeal();
    const wakings: string[] = [];
    const unlisten = await store.listen('change_wanted', (payload) => wakings.push(payload));
    await store.prisma.posting.create({
      data: { dealId: deal.id, personId: ana.id, platform: 'slack', ref: {}, version: 1, shown: '' },
    });
    const offer = { wish: { kind: 'offer' as const, to: [{ id: ben.id, name: 'Ben' }] } };
    const mine = act({ verb: 'offer' });
    const [id] = idsOf(await request(store, mine, deal, [offer]));
    const [change] = await changesById(store, [id]);
    expect(change).toMatchObject({ state: 'confirmed', wish: offer.wish, settledAt: expect.any(String) });
    expect(await livesOf(id)).toMatchObject([
      { state: 'confirmed', person_id: ana.id, wish_digest: await digestOf(offer.wish) },
    ]);
    expect(await jobsOf(deal.id)).toBe(1);
    expect((await request(store, mine, { ...deal, version: 2 }, [offer])).outcome).toBe('again');
    expect((await take(store, await epochOf(store), [], 100)).map((job) => job.id)).not.toContain(id);
    const { version } = await store.prisma.deal.findUniqueOrThrow({ where: { id: deal.id } });
    await request(store, act(), { ...deal, version }, [write('now AWS is asked')]);
    await until('the agent is woken', () => wakings.length > 0);
    await unlisten();
    expect(wakings).toEqual([deal.id]);
  });

  test('what an act writes beside its Changes is written once, and not at all when the act is not taken', async () => {
    const deal = await newDeal();
    const key = randomUUID();
    const flag = Prisma.sql`
      INSERT INTO flag (person_id, deal_id) SELECT ${ben.id}::uuid, ${deal.id} FROM acted RETURNING 1`;
    const tell = telling(ben.id, { kind: 'offered', by: 'Ana' }, deal.id);
    const written = async () => [
      await store.prisma.flag.count({ where: { dealId: deal.id } }),
      await store.prisma.notice.count({ where: { dealId: deal.id } }),
    ];
    const ask = (version: number) =>
      request(store, act({ key }), { ...deal, version }, [accept], [flag, tell]);
    expect([(await ask(7)).outcome, await written()]).toEqual(['stale', [0, 0]]);
    expect([(await ask(1)).outcome, await written()]).toEqual(['taken', [1, 1]]);
    expect([(await ask(2)).outcome, await written()]).toEqual(['again', [1, 1]]);
  });

  test('an act that asks nothing of AWS writes once, and nothing after its deadline', async () => {
    const flagged = () => store.prisma.flag.count({ where: { personId: ana.id } });
    const flag = Prisma.sql`
      INSERT INTO flag (person_id, deal_id) SELECT ${ana.id}::uuid, 'O7' FROM acted RETURNING 1`;
    const late = act({ until: new Date(Date.now() - 1) });
    await expect(enact(store, late, [flag])).rejects.toThrow(TooLate);
    expect(await flagged()).toBe(0);
    const mine = act();
    expect([await enact(store, mine, [flag]), await enact(store, mine, [flag])]).toEqual([true, false]);
    expect(await flagged()).toBe(1);
  });

  test('a lead given to a colleague is theirs at once; both are told, but not who did it', async () => {
    const was = { email: TEAM[0], name: 'A B' };
    const to = { email: TEAM[1], firstName: 'Ben', lastName: 'B' };
    const wish = { kind: 'own' as const, to, was };
    const give = async (by: Person) => {
      const id = `eng-${randomUUID().slice(0, 13)}`;
      const common = { company: 'Acme', title: 'T', status: 'Open', detail: {}, raw: {} };
      await store.prisma.deal.create({ data: { id, kind: 'lead', ownerEmail: TEAM[0], ...common } });
      const also = [tellingTransfer({ by, dealId: id })];
      await request(store, act({ personId: by.id }), { id, version: 1 }, [{ wish }], also);
      const lead = await store.prisma.deal.findUniqueOrThrow({ where: { id } });
      expect(lead).toMatchObject({ ownerEmail: TEAM[1], version: 2, partnerUpdatedAt: expect.any(Date) });
      return newsOf(id);
    };
    const received = { to: ben.id, kind: 'received', new: TEAM[1] };
    const handedOver = { to: ana.id, kind: 'handed-over', new: TEAM[1] };
    expect(await give(cleo)).toEqual([
      { ...handedOver, by: cleo.id },
      { ...received, by: cleo.id },
    ]);
    expect(await give(ana)).toEqual([{ ...received, by: ana.id }]);
    expect(await give(ben)).toEqual([{ ...handedOver, by: ben.id }]);
  });

  test('an owner whom AWS confirmed is told, and so is the one before, also by another of their addresses', async () => {
    await store.prisma.person.update({ where: { id: ana.id }, data: { otherEmails: ['ana@old.example'] } });
    const give = async (step: Step, as?: 'sales contact') => {
      const deal = await newDeal();
      const to = { email: TEAM[1], firstName: 'Ben', lastName: 'B' };
      const was = { email: 'Ana@old.example', name: 'Ana of old' };
      const wish = { kind: 'assign' as const, to, was, ...(as ? { as } : {}) };
      const [id] = idsOf(await request(store, act({ personId: cleo.id }), deal, [{ wish }]));
      const job = await jobOf(id);
      expect(job.person).toMatchObject({ email: cleo.email, otherEmails: [] });
      await settle(store, await epochOf(store), job, step);
      return (await newsOf(deal.id)).map(({ to: who, kind }) => [who, kind]);
    };
    expect(await give({ state: 'confirmed' })).toEqual([
      [ana.id, 'handed-over'],
      [ben.id, 'received'],
    ]);
    expect(await give({ state: 'refused', answer: 'No.' })).toEqual([]);
    expect(await give({ state: 'confirmed' }, 'sales contact')).toEqual([]);
  });

  test('whoever accepts becomes the owner and is told nothing; for a colleague, the colleague is, of what it became', async () => {
    const deal = await newDeal();
    await store.prisma.deal.update({ where: { id: deal.id }, data: { successor: 'O4711' } });
    const taken = await request(store, act(), deal, [accept, assign]);
    for (const id of idsOf(taken))
      await settle(store, await epochOf(store), await jobOf(id), { state: 'confirmed' });
    expect(await newsOf('O4711')).toEqual([]);
    const lead = await newDeal();
    await store.prisma.deal.update({ where: { id: lead.id }, data: { successor: 'eng-4711' } });
    const wish = { kind: 'accept' as const, for: { email: TEAM[1], firstName: 'Ben', lastName: 'B' } };
    const [id] = idsOf(await request(store, act(), lead, [{ wish }]));
    await settle(store, await epochOf(store), await jobOf(id), { state: 'confirmed' });
    expect(await newsOf('eng-4711')).toMatchObject([{ to: ben.id, kind: 'received', by: ana.id }]);
  });

  test('a confirmed submission notes who submitted it', async () => {
    const deal = await newDeal();
    const wish = { kind: 'submit' as const, involvement: 'Co-Sell' as const, visibility: 'Full' as const };
    const [id] = idsOf(await request(store, act(), deal, [{ wish }]));
    const submittedBy = async () =>
      (await store.prisma.deal.findUniqueOrThrow({ where: { id: deal.id } })).submittedBy;
    const job = await jobOf(id);
    await settle(store, await epochOf(store), job, { state: 'waiting', waitsFor: 'answer' });
    expect(await submittedBy()).toBeNull();
    await settle(store, await epochOf(store), job, { state: 'confirmed' });
    expect(await submittedBy()).toBe(TEAM[0]);
  });

  test('what stands at AWS is kept with a conflict; keeping it ends the Change, once, in the person’s name', async () => {
    const deal = await newDeal();
    const [id] = idsOf(await request(store, act(), deal, [write('mine')]));
    const found = { nextStep: 'theirs' };
    await settle(store, await epochOf(store), await jobOf(id), { state: 'conflict', answer: 'Met.', found });
    expect((await changesById(store, [id]))[0]).toMatchObject({ state: 'conflict', found });
    const keeping = act({ verb: 'waiting', personId: ben.id });
    expect([await keepTheirs(store, keeping, id), await keepTheirs(store, keeping, id)]).toEqual([
      true,
      false,
    ]);
    expect(await keepTheirs(store, act(), id)).toBe(false);
    expect(await stateOf(id)).toBe('cancelled');
    expect((await livesOf(id)).at(-1)).toMatchObject({
      state: 'cancelled',
      person_id: ben.id,
      answer: 'kept what AWS has',
    });
  });

  test('the second half goes with the first when that fails, and is known as such', async () => {
    const deal = await newDeal();
    const [first, second = ''] = idsOf(await request(store, act(), deal, [accept, assign]));
    await settle(store, await epochOf(store), await jobOf(first), { state: 'refused', answer: 'No.' });
    expect(await changesById(store, [first, second])).toMatchObject([
      { state: 'refused', notSent: true },
      { state: 'cancelled', after: first, notSent: true },
    ]);
  });

  test('of what the same person’s earlier wishes have put there, the agent hears the same kind', async () => {
    const deal = await newDeal();
    const update = (status: 'Research' | 'Qualified') => ({
      wish: { kind: 'update-lead' as const, base: { status: 'Open' }, set: { status } },
    });
    const ids: string[] = [];
    for (const [nth, wanted] of [update('Research'), write('x'), update('Qualified')].entries())
      ids.push(idsOf(await request(store, act(), { ...deal, version: nth + 1 }, [wanted]))[0]);
    const [first = '', second = '', third = ''] = ids;
    for (const id of [first, second])
      await settle(store, await epochOf(store), await jobOf(id), { state: 'confirmed' });
    expect((await jobOf(third)).earlier).toEqual([{ status: 'Research' }]);
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
