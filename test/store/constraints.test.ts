import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sqlState, TOO_LATE, UNIQUE_VIOLATION } from '../../src/store/sql-error.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

const CHECK_VIOLATION = '23514';
const APPEND_ONLY = 'AD002';
const NO_QUEUE = 'AD003';
const MINUTE = 60_000;

/** The SQLSTATE a statement is refused with, or 'accepted'. */
const outcome = (statement: Promise<unknown>): Promise<string | undefined> =>
  statement.then(() => 'accepted', sqlState);

describe.each(databases)('what the database itself sees to, on $name', ({ open }) => {
  let store: Store;
  let personId: string;
  beforeAll(async () => {
    store = await open();
    personId = (await store.prisma.person.create({ data: person() })).id;
  });
  afterAll(() => store.close());

  const addChange = (data: { dealId?: string; kind?: string; state?: string }) =>
    store.prisma.change.create({
      data: {
        dealId: 'engi-1',
        personId,
        actKey: randomUUID(),
        verb: 'accept',
        kind: 'assign',
        state: 'requested',
        wish: {},
        source: {},
        ...data,
      },
    });
  const addAct = (ms: number) => {
    const validUntil = new Date(Date.now() + ms);
    return store.prisma.act.create({
      data: { key: randomUUID(), personId, verb: 'accept', dealId: 'engi-1', validUntil },
    });
  };

  test('a Change is in one of its seven states and of one of its nine kinds', async () => {
    for (const state of [
      'requested',
      'sending',
      'waiting',
      'confirmed',
      'refused',
      'conflict',
      'cancelled',
    ]) {
      expect(await outcome(addChange({ state }))).toBe('accepted');
    }
    const kinds = [
      'accept',
      'reject',
      'assign',
      'associate',
      'update',
      'submit',
      'update-lead',
      'offer',
      'own',
    ];
    // An invitation is accepted or rejected once: each kind here has a deal of its own.
    for (const [nth, kind] of kinds.entries())
      expect(await outcome(addChange({ kind, dealId: `engi-${nth}` }))).toBe('accepted');
    expect(await outcome(addChange({ state: 'lost' }))).toBe(CHECK_VIOLATION);
    expect(await outcome(addChange({ kind: 'delete' }))).toBe(CHECK_VIOLATION);
  });

  test('a person has one of the four roles or none, and an e-mail in lower case', async () => {
    for (const role of ['alliance lead', 'alliance team', 'ACE manager', 'ACE user', 'none']) {
      expect(await outcome(store.prisma.person.create({ data: { ...person(), role } }))).toBe('accepted');
    }
    expect(await outcome(store.prisma.person.create({ data: { ...person(), role: 'boss' } }))).toBe(
      CHECK_VIOLATION,
    );
    const email = `Ana-${randomUUID()}@partner.example`;
    expect(await outcome(store.prisma.person.create({ data: { ...person(), email } }))).toBe(CHECK_VIOLATION);
  });

  test.each(['requested', 'sending', 'waiting', 'confirmed'])(
    'while one accept of a deal is %s, no second one is taken, and no rejection',
    async (state) => {
      const dealId = randomUUID();
      await addChange({ dealId, kind: 'accept', state });
      expect(await outcome(addChange({ dealId, kind: 'accept' }))).toBe(UNIQUE_VIOLATION);
      expect(await outcome(addChange({ dealId, kind: 'reject' }))).toBe(UNIQUE_VIOLATION);
      expect(await outcome(addChange({ dealId, kind: 'update' }))).toBe('accepted');
      expect(await outcome(addChange({ dealId: randomUUID(), kind: 'accept' }))).toBe('accepted');
    },
  );

  test('after an accept that was refused, met a conflict or was cancelled one may ask again', async () => {
    const dealId = randomUUID();
    for (const state of ['refused', 'conflict', 'cancelled'])
      await addChange({ dealId, kind: 'accept', state });
    expect(await outcome(addChange({ dealId, kind: 'accept' }))).toBe('accepted');
  });

  test('an act committed after its time is refused, and everything beside it', async () => {
    expect(await outcome(addAct(MINUTE))).toBe('accepted');
    expect(await outcome(addAct(-MINUTE))).toBe(TOO_LATE);
    const dealId = randomUUID();
    const late = store.prisma.$queryRaw`
      WITH acted AS (INSERT INTO act (key, person_id, verb, deal_id, valid_until)
        VALUES (${randomUUID()}, ${personId}::uuid, 'accept', ${dealId}, now() - interval '1 minute') RETURNING deal_id),
      told AS (INSERT INTO told (key) SELECT deal_id FROM acted RETURNING key)
      SELECT key FROM told`;
    expect(await outcome(late)).toBe(TOO_LATE);
    expect(await store.prisma.told.count({ where: { key: dealId } })).toBe(0);
  });

  test('an act that was in time when written but not when committed is refused, also in a transaction', async () => {
    const key = randomUUID();
    const validUntil = new Date(Date.now() + store.skewMs + 300);
    const slow = store.prisma.$transaction(async (tx) => {
      await tx.act.create({ data: { key, personId, verb: 'accept', dealId: 'engi-1', validUntil } });
      await tx.$queryRaw`SELECT pg_sleep(0.6)::text`;
    });
    expect(await outcome(slow)).toBe(TOO_LATE);
    expect(await store.prisma.act.count({ where: { key } })).toBe(0);
    expect(await outcome(addAct(MINUTE))).toBe('accepted');
  });

  test('the life of a Change is only ever added to', async () => {
    const { id: changeId } = await addChange({});
    await store.prisma.transition.create({ data: { changeId, state: 'requested' } });
    expect(await outcome(store.prisma.transition.updateMany({ data: { state: 'confirmed' } }))).toBe(
      APPEND_ONLY,
    );
    expect(await outcome(store.prisma.transition.deleteMany())).toBe(APPEND_ONLY);
    expect(await outcome(store.prisma.$executeRaw`TRUNCATE transition`)).toBe(APPEND_ONLY);
    expect(await store.prisma.transition.count()).toBe(1);
  });

  test('who was given which role is only ever added to', async () => {
    await store.prisma.roleChange.create({ data: { personId, role: 'ACE manager' } });
    expect(await outcome(store.prisma.roleChange.updateMany({ data: { role: 'none' } }))).toBe(APPEND_ONLY);
    expect(await outcome(store.prisma.roleChange.deleteMany())).toBe(APPEND_ONLY);
    expect(await outcome(store.prisma.$executeRaw`TRUNCATE role_change`)).toBe(APPEND_ONLY);
    expect(await store.prisma.roleChange.findMany({ select: { role: true } })).toEqual([
      { role: 'ACE manager' },
    ]);
  });

  test('each step carries the hash of the one before it, whatever hash it was given', async () => {
    const { id: changeId } = await addChange({});
    for (const state of ['requested', 'sending', 'confirmed'])
      await store.prisma.transition.create({ data: { changeId, state, answer: 'Yes', hash: 'mine' } });
    const rows = await store.prisma.$queryRaw<{ hash: string; linked: boolean }[]>`
      SELECT hash, hash = link_of(lag(hash) OVER (ORDER BY id), change_id, state, at, person_id, digest_of(answer),
        aws_request_id, wish_digest) AS linked FROM transition WHERE change_id = ${changeId}::uuid ORDER BY id`;
    expect(rows.map(({ linked }) => linked)).toEqual([true, true, true]);
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(3);
    for (const { hash } of rows) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('an address, first or other, belongs to one person', async () => {
    const [one, other] = [person(), person()];
    await store.prisma.person.create({ data: { ...one, otherEmails: [other.email] } });
    expect(await outcome(store.prisma.person.create({ data: other }))).toBe(UNIQUE_VIOLATION);
    const second = { ...person(), otherEmails: [one.email] };
    expect(await outcome(store.prisma.person.create({ data: second }))).toBe(UNIQUE_VIOLATION);
    const loud = { ...person(), otherEmails: ['Ana@partner.example'] };
    expect(await outcome(store.prisma.person.create({ data: loud }))).toBe(CHECK_VIOLATION);
  });

  test('enqueue puts one job in, with the settings of its queue, or refuses an unknown queue', async () => {
    const dealId = randomUUID();
    const [job] = await store.prisma.$queryRaw<{ id: string; company: string }[]>`
      WITH changed AS (INSERT INTO told (key) VALUES (${dealId}) RETURNING key),
        job AS (SELECT enqueue('deliver-slack', jsonb_build_object('deal', key)) AS id, key FROM changed)
      SELECT id::text FROM job`;
    const rows = await store.prisma.$queryRaw`
      SELECT j.id::text, j.data, j.state::text, j.retry_limit = q.retry_limit AND j.retry_backoff = q.retry_backoff
        AND j.expire_seconds = q.expire_seconds AND j.policy = q.policy AND j.keep_until > now() AS settings
      FROM pgboss.job j JOIN pgboss.queue q ON q.name = j.name WHERE j.data->>'deal' = ${dealId}`;
    expect(rows).toEqual([{ id: job?.id, data: { deal: dealId }, state: 'created', settings: true }]);
    expect(await outcome(store.prisma.$queryRaw`SELECT enqueue('nowhere', '{}')::text`)).toBe(NO_QUEUE);
  });

  test('the indexes by hand serve the questions they are for', async () => {
    const { prisma } = store;
    const plan = async (sql: string) => {
      const [, rows] = await prisma.$transaction([
        prisma.$executeRaw`SET LOCAL enable_seqscan = off`,
        prisma.$queryRawUnsafe<Record<string, string>[]>(`EXPLAIN ${sql}`),
      ]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const open = "state IN ('requested', 'sending', 'waiting')";
    expect(await plan(`SELECT id FROM change WHERE ${open} ORDER BY bulk, seq LIMIT 1`)).toContain(
      'change_open',
    );
    expect(await plan(`SELECT 1 FROM change WHERE deal_id = 'O1' AND seq < 9 AND ${open}`)).toContain(
      'change_open_deal',
    );
    expect(await plan("SELECT id FROM posting WHERE deal_id = 'O1' AND ended_at IS NULL")).toContain(
      'posting_live',
    );
    expect(await plan('SELECT key FROM inbox WHERE handled_at IS NULL ORDER BY at')).toContain(
      'inbox_unhandled',
    );
    const listed = `kind IN ('opportunity', 'lead') AND d.invited_at IS NULL AND d.gone_at IS NULL`;
    const order = "(coalesce(d.stage, '') IN ('Launched', 'Closed Lost')), d.close_date, d.id";
    const list = await plan(`SELECT id FROM deal d WHERE ${listed} ORDER BY ${order} LIMIT 20`);
    expect(list).toContain('deal_list');
    expect(list).not.toContain('Sort');
  });

  test('there is one row for the agent', async () => {
    expect(await store.prisma.agent.findMany({ select: { id: true, epoch: true } })).toEqual([
      { id: 1, epoch: 0n },
    ]);
  });
});

const person = () => ({
  email: `${randomUUID()}@partner.example`,
  firstName: 'Ana',
  lastName: 'Silva',
  role: 'ACE user',
});
