/** The quota guard: nobody uses up everybody's day, what expires goes first, and no restart forgets what was used. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Wish } from '../../src/pipeline/change.ts';
import { ACCOUNT_DAY, PERSON_DAY, PERSON_HOUR, RESERVED_FROM } from '../../src/pipeline/quota.ts';
import { markSent, take } from '../../src/store/agent.ts';
import { request } from '../../src/store/changes.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { sweep } from '../../src/store/sweep.ts';
import { databases, type Place, silentLog } from '../support/databases.ts';

const STEP: Wish = { kind: 'update', base: {}, set: { nextStep: 'Demo' } };
const ACCEPT: Wish = { kind: 'accept' };
const REJECT: Wish = { kind: 'reject', reason: 'Other' };
const OFFER: Wish = { kind: 'offer', to: [] };

describe.each(databases)('the quota guard, on $name', (database) => {
  let store: Store;
  let place: Place;
  let ana: string;
  let lead: string;
  let dealId: string;
  beforeAll(async () => {
    place = await database.place();
    store = await openStore({ ...place, log: silentLog });
    [ana, lead] = [await newPerson('ACE user'), await newPerson('alliance lead')];
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.prisma.$executeRaw`ALTER TABLE transition DISABLE TRIGGER ALL`;
    await store.prisma.$executeRaw`DELETE FROM transition`;
    await store.prisma.$executeRaw`ALTER TABLE transition ENABLE TRIGGER ALL`;
    await store.prisma.change.deleteMany();
    await store.prisma.quotaHour.deleteMany();
    await store.prisma.notice.deleteMany();
    await store.prisma.told.deleteMany();
    dealId = `engi-${randomUUID().slice(0, 12)}`;
    const common = { company: 'Acme', title: 'T', status: 'PENDING', detail: {}, raw: {} };
    await store.prisma.deal.create({ data: { id: dealId, kind: 'referral', ...common } });
  });

  const newPerson = async (role: string) => {
    const email = `${randomUUID()}@partner.example`;
    return (await store.prisma.person.create({ data: { email, firstName: 'A', lastName: 'B', role } })).id;
  };
  const ask = async (wishes: Wish[], personId = ana, key: string = randomUUID()) => {
    const { version } = await store.prisma.deal.findUniqueOrThrow({ where: { id: dealId } });
    const act = { key, verb: 'next-step', personId, source: {}, until: new Date(Date.now() + 60_000) };
    const wanted = wishes.map((wish) => ({ wish }));
    return request(store, act, { id: dealId, version }, wanted).then(
      ({ outcome }) => outcome,
      (error: Error) => `${error.name}: ${error.message}`,
    );
  };
  /** So many Changes this person asked before, settled since. */
  const asked = (many: number, minutesAgo: number, { personId = ana, kind = 'update' } = {}) =>
    store.prisma.$executeRaw`
      INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, source, client_token, requested_at)
      SELECT gen_random_uuid(), 'O1', ${personId}::uuid, 'k', 'next-step', ${kind}, '{}', 'refused', '{}', 't',
        now() - make_interval(mins => ${minutesAgo}) FROM generate_series(1, ${many})`;
  const wrote = (writes: number, hoursAgo = 0) =>
    store.prisma.$executeRaw`
      INSERT INTO quota_hour (hour, writes)
      VALUES (date_trunc('hour', now() - make_interval(hours => ${hoursAgo}), 'UTC'), ${writes})`;
  const left = async () => ({
    changes: await store.prisma.change.count({ where: { dealId } }),
    acts: await store.prisma.act.count({ where: { dealId } }),
    version: (await store.prisma.deal.findUniqueOrThrow({ where: { id: dealId } })).version,
  });

  test('the last of an hour is taken, one more is refused in words and leaves nothing', async () => {
    await asked(PERSON_HOUR - 1, 30);
    expect(await ask([STEP])).toBe('taken');
    const before = await left();
    expect(await ask([STEP])).toMatch(
      /^UserError: You have asked 60 things of AWS within an hour.*nothing was sent/,
    );
    expect(await left()).toEqual(before);
  });

  test('an act of two halves needs room for both', async () => {
    await asked(PERSON_HOUR - 1, 30);
    const assign: Wish = {
      kind: 'assign',
      to: { email: 'a@partner.example', firstName: 'A', lastName: 'B' },
    };
    expect(await ask([ACCEPT, assign])).toContain('within an hour');
    expect(await left()).toEqual({ changes: 0, acts: 0, version: 1 });
  });

  test('an hour later one may ask again, until the day is full, and a day later again', async () => {
    await asked(PERSON_HOUR, 61);
    expect(await ask([STEP])).toBe('taken');
    await asked(PERSON_DAY - PERSON_HOUR - 1, 90);
    expect(await ask([STEP])).toMatch(/^UserError: You have asked 500 things of AWS within a day/);
    await store.prisma.$executeRaw`UPDATE change SET requested_at = requested_at - interval '1 day'`;
    expect(await ask([STEP])).toBe('taken');
  });

  test('what the desk settles itself neither counts nor is refused', async () => {
    await asked(PERSON_HOUR - 1, 30);
    await asked(PERSON_DAY, 30, { kind: 'offer' });
    expect(await ask([STEP])).toBe('taken');
    expect(await ask([OFFER])).toBe('taken');
    expect(await ask([STEP])).toContain('UserError');
  });

  test('one person’s day is not another’s', async () => {
    await asked(PERSON_HOUR, 30);
    expect([await ask([STEP]), await ask([STEP], lead)]).toEqual([
      expect.stringContaining('UserError'),
      'taken',
    ]);
  });

  test('the same act again is answered, not refused', async () => {
    await asked(PERSON_HOUR - 1, 30);
    const key = randomUUID();
    expect([await ask([STEP], ana, key), await ask([STEP], ana, key)]).toEqual(['taken', 'again']);
  });

  test('the last fifth of the account’s day is for accepting and rejecting, and then it is over for these too', async () => {
    await wrote(RESERVED_FROM - 2, 3);
    await wrote(1);
    expect(await ask([STEP])).toBe('taken');
    expect(await ask([STEP])).toMatch(/the rest is kept for accepting and rejecting/);
    expect(await ask([ACCEPT])).toBe('taken');
    await wrote(ACCOUNT_DAY - RESERVED_FROM - 1, 5);
    expect(await ask([REJECT])).toMatch(/^UserError: Your company has used up what AWS takes in a day/);
  });

  test('what is open counts before it is sent and once when it was', async () => {
    await wrote(RESERVED_FROM - 2);
    expect(await ask([STEP])).toBe('taken');
    const [job] = await take(store, 0n, [], 1);
    expect(job && (await markSent(store, 0n, job))).toBe(true);
    expect(await ask([STEP])).toBe('taken');
    expect(await ask([STEP])).toContain('UserError');
  });

  test('writes of the day before yesterday do not count, and are swept away; today’s stay', async () => {
    await wrote(ACCOUNT_DAY, 26);
    await wrote(7);
    expect(await ask([STEP])).toBe('taken');
    await store.prisma.$executeRaw`UPDATE quota_hour SET hour = hour - interval '2 days' WHERE writes > 7`;
    await sweep(store, new Date());
    expect(await store.prisma.quotaHour.findMany({ select: { writes: true } })).toEqual([{ writes: 7 }]);
  });

  test('each write call is counted, those of a hold that is void are not', async () => {
    await ask([STEP]);
    const [job] = await take(store, 0n, [], 1);
    if (!job) throw new Error('The agent gets what is due.');
    for (let call = 0; call < 3; call++) await markSent(store, 0n, job);
    expect(await markSent(store, 9n, job)).toBe(false);
    expect(await markSent(store, 0n, { ...job, attempts: 9 })).toBe(false);
    expect(await store.prisma.quotaHour.findMany({ select: { writes: true } })).toEqual([{ writes: 3 }]);
  });

  test('at 80% the alliance lead is told once, and whoever runs it hears how many there were', async () => {
    await wrote(RESERVED_FROM - 2);
    await ask([ACCEPT]);
    const [job] = await take(store, 0n, [], 1);
    if (!job) throw new Error('The agent gets what is due.');
    const heard: number[] = [];
    for (let call = 0; call < 4; call++) await markSent(store, 0n, job, (writes) => heard.push(writes));
    expect(heard).toEqual([RESERVED_FROM]);
    const notices = await store.prisma.notice.findMany({
      select: { personId: true, kind: true, body: true },
    });
    expect(notices).toEqual([{ personId: lead, kind: 'quota', body: { writes: RESERVED_FROM } }]);
  });

  test('a restart forgets nothing', async () => {
    await asked(PERSON_HOUR, 30);
    await store.close();
    store = await openStore({ ...place, log: silentLog });
    expect(await ask([STEP])).toContain('within an hour');
  });

  test('the guard reads this person’s last day by its index, however much they asked before', async () => {
    await asked(20_000, 3 * 24 * 60);
    await asked(5, 30);
    await store.prisma.$executeRaw`ANALYZE change`;
    const rows = await store.prisma.$queryRawUnsafe<Record<string, string>[]>(`
      EXPLAIN SELECT count(*) FROM change WHERE person_id = '${ana}' AND requested_at > now() - interval '1 day'
        AND kind NOT IN ('offer', 'own')`);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('change_person_id_requested_at_idx');
  });
});
