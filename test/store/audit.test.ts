/** The record of what was asked: whoever changes it in the database itself is found out, and told where. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Person } from '../../src/pipeline/person.ts';
import { markSent, take } from '../../src/store/agent.ts';
import { verifyChain } from '../../src/store/audit.ts';
import { type Act, amend, request } from '../../src/store/changes.ts';
import { settle } from '../../src/store/settle.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

describe.each(databases)('the audit, on $name', ({ open }) => {
  let store: Store;
  let lead: Person;
  let ids: string[];
  beforeAll(async () => {
    store = await open();
    lead = await newPerson('alliance lead');
  });
  afterAll(() => store.close());

  const newPerson = async (role: Person['role']): Promise<Person> => {
    const email = `${randomUUID()}@partner.example`;
    const data = { email, firstName: 'Ana', lastName: 'Silva', role };
    const { id } = await store.prisma.person.create({ data });
    return { ...data, id, otherEmails: [], timeZone: 'UTC' };
  };
  const act = (): Act => ({
    key: randomUUID(),
    verb: 'next-step',
    personId: lead.id,
    source: { platform: 'console' },
    until: new Date(Date.now() + 60_000),
  });
  const ask = async (psf = false) => {
    const id = `O${randomUUID().slice(0, 8)}`;
    const common = { company: 'Acme', title: 'T', status: 'Approved', detail: {}, raw: {}, psf };
    await store.prisma.deal.create({ data: { id, kind: 'opportunity', ...common } });
    const wish = { kind: 'update' as const, base: {}, set: { nextStep: 'Demo' } };
    const taken = await request(store, act(), { id, version: 1 }, [{ wish }]);
    return ('changeIds' in taken && taken.changeIds[0]) || '';
  };
  /** Behind ace-desk, as whoever owns the database can. */
  const tamper = async (statement: string, table = 'transition') => {
    await store.prisma.$transaction([
      store.prisma.$executeRawUnsafe(`ALTER TABLE ${table} DISABLE TRIGGER ALL`),
      store.prisma.$executeRawUnsafe(statement),
      store.prisma.$executeRawUnsafe(`ALTER TABLE ${table} ENABLE TRIGGER ALL`),
    ]);
  };
  /** Which step of which Change, and what of it. */
  const verdict = async () => {
    const { breaks } = await verifyChain(store);
    return breaks.map(({ changeId, step, what, says }) => ({
      change: ids.indexOf(changeId) + 1,
      step,
      what,
      ...(says ? { says } : {}),
    }));
  };
  const stepsOf = async (change: number) => {
    const rows = await store.prisma.transition.findMany({
      where: { changeId: ids[change - 1] ?? '' },
      orderBy: { id: 'asc' },
    });
    return rows.map(({ id }) => id);
  };

  /** Three Changes: confirmed after a wait; rewritten and taken back; still waiting for the agent. */
  beforeEach(async () => {
    await store.prisma.$executeRaw`ALTER TABLE transition DISABLE TRIGGER ALL`;
    await store.prisma.$executeRaw`DELETE FROM transition`;
    await store.prisma.$executeRaw`ALTER TABLE transition ENABLE TRIGGER ALL`;
    await store.prisma.change.deleteMany();
    ids = [await ask(), await ask(), await ask()];
    const [job] = await take(store, 0n, [], 1);
    if (!job) throw new Error('The agent gets what is due.');
    await markSent(store, 0n, job);
    await settle(store, 0n, job, { state: 'waiting', waitsFor: 'answer', answer: 'AWS did not answer.' });
    const [again] = await take(store, 0n, [], 1);
    if (!again) throw new Error('The agent gets it again.');
    await settle(store, 0n, again, { state: 'confirmed', awsRequestId: 'req-1', answer: 'It holds.' });
    const wish = { kind: 'update' as const, base: {}, set: { nextStep: 'Another' } };
    await amend(store, act(), ids[1] ?? '', wish);
    await amend(store, act(), ids[1] ?? '', 'cancel');
  });

  test('a record nobody touched is whole, in every state a Change can be in', async () => {
    expect(await verifyChain(store)).toEqual({ changes: 3, steps: 4 + 3 + 1, breaks: [] });
    const [job] = await take(store, 0n, [], 1);
    expect(job?.id).toBe(ids[2]);
    expect((await verifyChain(store)).breaks).toEqual([]);
    if (job) await settle(store, 0n, job, { state: 'waiting', waitsFor: 'unavailable' });
    await take(store, 0n, [], 1);
    expect((await verifyChain(store)).breaks).toEqual([]);
  });

  test.each([
    ['an answer that was altered', 1, 4, 'answer', "SET answer = 'Never mind.'"],
    ['an answer that was put in', 1, 1, 'answer', "SET answer = 'Never mind.'"],
    ['a state that was altered', 1, 3, 'link', "SET state = 'refused'"],
    ['a moment that was altered', 2, 2, 'link', "SET at = at - interval '1 hour'"],
    ['somebody else in the place of who did it', 2, 3, 'link', 'SET person_id = gen_random_uuid()'],
    ['a request id that was altered', 1, 4, 'link', "SET aws_request_id = 'req-2'"],
    ['a hash that was altered', 3, 1, 'link', "SET hash = 'x'"],
    ['a proof of the wish that was taken away', 2, 2, 'link', 'SET wish_digest = NULL'],
  ])('names %s', async (_, change, step, what, set) => {
    const id = (await stepsOf(change))[step - 1];
    await tamper(`UPDATE transition ${set} WHERE id = ${id}`);
    expect(await verdict()).toEqual([{ change, step, what }]);
  });

  test('an altered step with a hash that fits again breaks at the step after it', async () => {
    const [, id] = await stepsOf(2);
    await tamper(`
      UPDATE transition t SET state = 'waiting', hash = link_of((SELECT b.hash FROM transition b
        WHERE b.change_id = t.change_id AND b.id < t.id ORDER BY b.id DESC LIMIT 1), change_id, 'waiting', at, person_id,
        answer_digest, aws_request_id, wish_digest) WHERE id = ${id}`);
    expect(await verdict()).toEqual([{ change: 2, step: 3, what: 'link' }]);
  });

  test.each([
    ['the first step', 1, 1, { step: 1, what: 'link' }],
    ['a step in between', 1, 2, { step: 2, what: 'link' }],
    ['the last step', 1, 4, { step: 3, what: 'state', says: { change: 'confirmed', step: 'waiting' } }],
    ['the only step', 3, 1, { step: undefined, what: 'no-steps' }],
  ])('misses %s when it was deleted', async (_, change, nth, found) => {
    await tamper(`DELETE FROM transition WHERE id = ${(await stepsOf(change))[nth - 1]}`);
    expect(await verdict()).toEqual([{ change, ...found }]);
  });

  test.each([
    ['another wish', `wish = '{"kind":"update","base":{},"set":{"nextStep":"Give it away"}}'`, 'wish'],
    ['another asker', 'person_id = gen_random_uuid()', 'asker'],
    ['another state', "state = 'refused'", 'state'],
  ])('a Change with %s than its steps prove is named', async (_, set, what) => {
    await tamper(`UPDATE change SET ${set} WHERE id = '${ids[1]}'`, 'change');
    expect(await verdict()).toMatchObject([{ change: 2, what }]);
  });

  test('of several breaks the first is named, in the order in which the Changes were asked', async () => {
    for (const change of [3, 2]) {
      const [id] = await stepsOf(change);
      await tamper(`UPDATE transition SET at = now() WHERE id = ${id}`);
    }
    expect(await verdict()).toEqual([{ change: 2, step: 1, what: 'link' }]);
  });

  test('a purged answer is no break: its digest still proves what it said', async () => {
    await tamper('UPDATE transition SET answer = NULL');
    expect(await verdict()).toEqual([]);
  });

  test('whoever may not see a deal hears nothing of its Changes, broken or not', async () => {
    const hidden = await ask(true);
    await tamper(`UPDATE transition SET at = now() WHERE change_id = '${hidden}'`);
    const team = await newPerson('alliance team');
    expect(await verifyChain(store, team)).toMatchObject({ changes: 3, breaks: [] });
    expect(await verifyChain(store, lead)).toMatchObject({ changes: 4, breaks: [{ changeId: hidden }] });
  });

  test('more Changes than one stretch are walked to the last', async () => {
    const last = ids[2] ?? '';
    await store.prisma.$executeRaw`
      INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, source, client_token, seq)
      SELECT gen_random_uuid(), deal_id, person_id, act_key, verb, kind, wish, state, source, 't',
        seq - 100000 + g FROM change, generate_series(1, 2500) g WHERE id = ${last}::uuid`;
    await store.prisma.$executeRaw`
      INSERT INTO transition (change_id, person_id, state, wish_digest)
      SELECT id, person_id, state, digest_of(wish::text) FROM change WHERE client_token = 't'`;
    expect(await verifyChain(store)).toMatchObject({ changes: 2503, steps: 2508, breaks: [] });
    const [id] = await stepsOf(3);
    await tamper(`UPDATE transition SET at = now() WHERE id = ${id}`);
    expect(await verdict()).toEqual([{ change: 3, step: 1, what: 'link' }]);
  });
});
