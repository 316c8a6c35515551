/** Who is there, and whose records a database holds. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Colleague } from '../../src/pipeline/person.ts';
import { bind, OtherCatalog } from '../../src/store/agent.ts';
import { TooLate } from '../../src/store/changes.ts';
import { called, enrol, everybody, findPerson, roster } from '../../src/store/people.ts';
import { enrolAll, roleSteps } from '../../src/store/roles.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

describe.each(databases)('the roster, on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const person = (email: string, role: 'alliance lead' | 'alliance team' | 'ACE user', lastName = 'B') => ({
    ...{ email, role, lastName, otherEmails: [], firstName: 'A', timeZone: 'Europe/Berlin' },
  });
  const leads = async () =>
    (await everybody(store)).filter(({ role }) => role === 'alliance lead').map(({ email }) => email);

  test('a new alliance lead ends the role of the one before, who stays as an ACE user; others keep theirs', async () => {
    await enrol(store, [
      person('old@partner.example', 'alliance lead'),
      person('team@partner.example', 'alliance team'),
    ]);
    await enrol(store, [person('New@Partner.example', 'alliance lead')]);
    expect(await leads()).toEqual(['new@partner.example']);
    expect(await findPerson(store, 'OLD@partner.example')).toMatchObject({ role: 'ACE user' });
    expect(await findPerson(store, 'team@partner.example')).toMatchObject({ role: 'alliance team' });
  });

  test('who was lead before and is named again leads again; what is known of them stays', async () => {
    await enrol(store, [{ ...person('Old@partner.example', 'alliance lead', 'Other'), timeZone: 'UTC' }]);
    expect(await leads()).toEqual(['old@partner.example']);
    expect(await findPerson(store, 'old@partner.example')).toMatchObject({
      lastName: 'B',
      timeZone: 'Europe/Berlin',
    });
  });

  test('a roster without a lead in it ends nobody’s role', async () => {
    await enrol(store, [person('another@partner.example', 'ACE user')]);
    expect(await leads()).toEqual(['old@partner.example']);
  });

  test('who was made something else keeps it at the next start, and each step is written down', async () => {
    const { people, version } = await roster(store);
    const who = people.find(({ email }) => email === 'another@partner.example');
    if (!who) throw new Error('They are there.');
    expect(await write({ ...who, role: 'none' }, version, true)).toBe('done');
    await enrol(store, [person('another@partner.example', 'ACE user')]);
    expect(await findPerson(store, 'another@partner.example')).toMatchObject({ role: 'none' });
    const steps = await roleSteps(store, who.id, 5);
    expect(steps.map(({ role, by }) => [role, by])).toEqual([
      ['none', 'A B'],
      ['ACE user', undefined],
    ]);
  });

  test('the alliance lead named by an other address of somebody is that person, and nobody is added', async () => {
    const { people, version } = await roster(store);
    const team = people.find(({ email }) => email === 'team@partner.example');
    if (!team) throw new Error('They are there.');
    await write({ ...team, otherEmails: ['jonas@home.example'] }, version);
    await enrol(store, [person('jonas@home.example', 'alliance lead')]);
    expect(await leads()).toEqual(['team@partner.example']);
    expect((await roster(store)).people).toHaveLength(people.length);
    await enrol(store, [person('old@partner.example', 'alliance lead')]);
  });

  test('two processes that start at once end with one alliance lead and everybody once', async () => {
    const start = () =>
      enrol(store, [
        person('first@partner.example', 'alliance lead'),
        person('both@partner.example', 'ACE user'),
      ]);
    await Promise.all([start(), start(), start()]);
    expect(await leads()).toEqual(['first@partner.example']);
    expect((await everybody(store)).filter(({ email }) => email === 'both@partner.example')).toHaveLength(1);
  });

  /** As the lead’s act. */
  async function write(who: Colleague, version: number, isMoved = false, key: string = randomUUID()) {
    const [lead] = await everybody(store);
    const act = {
      key,
      verb: 'people',
      personId: lead?.id ?? '',
      source: {},
      until: new Date(Date.now() + 10_000),
    };
    return enrolAll(store, act, { version, people: [who], moved: isMoved ? [who.id] : [] });
  }
  const newcomer = (email: string, role: Colleague['role'] = 'ACE manager'): Colleague => ({
    ...{ id: randomUUID(), email, otherEmails: [], firstName: 'N', lastName: 'N', role, timeZone: 'UTC' },
    workingDays: [1, 2, 3, 4, 5],
  });

  test('of two who change roles on the same reading of the roster one is outrun and writes nothing, not even its act', async () => {
    const { version } = await roster(store);
    const outcomes = await Promise.all([
      write(newcomer('a@partner.example'), version, true),
      write(newcomer('b@partner.example'), version, true),
    ]);
    expect(outcomes.sort()).toEqual(['done', 'outrun']);
    const found = await Promise.all(['a', 'b'].map((it) => findPerson(store, `${it}@partner.example`)));
    expect(found.filter(Boolean)).toHaveLength(1);
    expect((await roster(store)).version).toBeGreaterThan(version);
  });

  test('the same act twice is one; records may be edited without a change of roles as often as one likes', async () => {
    const { people, version } = await roster(store);
    const who = people.find(({ email }) => email === 'team@partner.example');
    if (!who) throw new Error('They are there.');
    const key = randomUUID();
    const edits = [
      await write({ ...who, country: 'SE' }, version, false, key),
      await write({ ...who, country: 'NO' }, version, false, key),
    ];
    expect(edits).toEqual(['done', 'again']);
    expect(await write({ ...who, country: 'FI', workingDays: [1, 2, 7] }, version)).toBe('done');
    const [again] = await called(store, 'team@partner.example');
    expect(again).toMatchObject({
      country: 'FI',
      workingDays: [1, 2, 7],
      otherEmails: ['jonas@home.example'],
    });
  });

  test('an address that somebody has is refused by the database too, whoever looked before', async () => {
    const { version } = await roster(store);
    const thief = { ...newcomer('thief@partner.example'), otherEmails: ['jonas@home.example'] };
    expect(await write(thief, version, true)).toBe('outrun');
    expect(await findPerson(store, 'thief@partner.example')).toBeUndefined();
  });

  test('past its time nothing is written', async () => {
    const { version } = await roster(store);
    const act = {
      key: randomUUID(),
      verb: 'people',
      personId: randomUUID(),
      source: {},
      until: new Date(Date.now() - 1),
    };
    const late = enrolAll(store, act, { version, people: [newcomer('late@partner.example')], moved: [] });
    await expect(late).rejects.toThrow(TooLate);
    expect(await findPerson(store, 'late@partner.example')).toBeUndefined();
  });

  test('what was written down of roles can neither be changed nor deleted', async () => {
    await expect(store.prisma.$executeRaw`UPDATE role_change SET role = 'none'`).rejects.toThrow();
    await expect(store.prisma.$executeRaw`DELETE FROM role_change`).rejects.toThrow();
  });

  test('colleagues are found by id, address and name; who is not let in is nobody’s colleague', async () => {
    const [team] = await called(store, 'JONAS@home.example');
    expect(team?.email).toBe('team@partner.example');
    expect((await called(store, team?.id ?? '')).map(({ email }) => email)).toEqual(['team@partner.example']);
    expect((await called(store, 'n n')).length).toBeGreaterThan(0);
    expect(await called(store, 'another@partner.example')).toEqual([]);
  });
});

describe.each(databases)('whose records a database holds, on $name', ({ open }) => {
  test('used for practice, it refuses catalog AWS and says what to do, and takes practice again', async () => {
    const store = await open();
    try {
      await bind(store, 'practice');
      const refusal = bind(store, 'AWS');
      await expect(refusal).rejects.toThrow(OtherCatalog);
      await expect(refusal).rejects.toThrow(
        'This database holds the records of PARTNER_CENTRAL_CATALOG=practice, not of AWS. Give AWS a database of its own (DATA_DIR or DATABASE_URL).',
      );
      await expect(bind(store, 'practice')).resolves.toBeUndefined();
    } finally {
      await store.close();
    }
  });

  test('two that come first at once do not both have it', async () => {
    const store = await open();
    try {
      const outcomes = await Promise.allSettled([bind(store, 'practice'), bind(store, 'AWS')]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    } finally {
      await store.close();
    }
  });
});
