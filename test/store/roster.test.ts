/** Who is there, and whose records a database holds. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Colleague } from '../../src/pipeline/person.ts';
import type { Roster } from '../../src/pipeline/roster.ts';
import { askAccess, lastRequest, noteNewcomer, refuseAccess } from '../../src/store/access.ts';
import { bind, OtherCatalog } from '../../src/store/agent.ts';
import { TooLate } from '../../src/store/changes.ts';
import { called, enrol, everybody, findPerson, LeadUnclear, roster } from '../../src/store/people.ts';
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
    const known = await roster(store);
    const who = at('another@partner.example', known);
    expect(await write({ ...who, role: 'none' }, known, true)).toBe('done');
    await enrol(store, [person('another@partner.example', 'ACE user')]);
    expect(await findPerson(store, 'another@partner.example')).toMatchObject({ role: 'none' });
    const steps = await roleSteps(store, who.id, 5);
    expect(steps.map(({ role, by }) => [role, by])).toEqual([
      ['none', 'A B'],
      ['ACE user', undefined],
    ]);
  });

  test('an other address of somebody makes nobody alliance lead: it is said, and nothing is changed', async () => {
    const known = await roster(store);
    await write({ ...at('team@partner.example', known), otherEmails: ['jonas@home.example'] }, known);
    const before = await roster(store);
    const named = enrol(store, [
      person('Jonas@home.example', 'alliance lead'),
      person('x@partner.example', 'ACE user'),
    ]);
    await expect(named).rejects.toThrow(LeadUnclear);
    await expect(named).rejects.toThrow(
      'ALLIANCE_LEAD_EMAIL is an other e-mail of team@partner.example here',
    );
    expect(await roster(store)).toEqual(before);
  });

  test('who becomes alliance lead has no other address than the one named; who is it already keeps theirs', async () => {
    await enrol(store, [person('next@partner.example', 'ACE user')]);
    const known = await roster(store);
    await write({ ...at('next@partner.example', known), otherEmails: ['planted@else.example'] }, known);
    await enrol(store, [person('next@partner.example', 'alliance lead')]);
    expect(await leads()).toEqual(['next@partner.example']);
    expect(await findPerson(store, 'planted@else.example')).toBeUndefined();
    const led = await roster(store);
    await write({ ...at('next@partner.example', led), otherEmails: ['mine@home.example'] }, led);
    for (const email of ['next@partner.example', 'mine@home.example'])
      await enrol(store, [person(email, 'alliance lead')]);
    expect(await findPerson(store, 'mine@home.example')).toMatchObject({ role: 'alliance lead' });
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
  async function write(who: Colleague, known: Roster, isMoved = false, key: string = randomUUID()) {
    const [lead] = await everybody(store);
    const act = {
      key,
      verb: 'people',
      personId: lead?.id ?? '',
      source: {},
      until: new Date(Date.now() + 10_000),
    };
    return enrolAll(store, act, { known, now: new Date(), people: [who], moved: isMoved ? [who.id] : [] });
  }
  /** As that reading of the roster has them. */
  function at(address: string, { people }: Roster): Colleague {
    const found = people.find(({ email }) => email === address);
    if (!found) throw new Error('They are there.');
    return found;
  }
  const NAMES = { firstName: 'N', lastName: 'N' };
  const newcomer = (email: string, role: Colleague['role'] = 'ACE manager'): Colleague => ({
    ...{ id: randomUUID(), email, otherEmails: [], firstName: 'N', lastName: 'N', role, timeZone: 'UTC' },
    workingDays: [1, 2, 3, 4, 5],
  });

  test('of two who change roles on the same reading of the roster one is outrun and writes nothing, not even its act', async () => {
    const known = await roster(store);
    const outcomes = await Promise.all([
      write(newcomer('a@partner.example'), known, true),
      write(newcomer('b@partner.example'), known, true),
    ]);
    expect(outcomes.sort()).toEqual(['done', 'outrun']);
    const found = await Promise.all(['a', 'b'].map((it) => findPerson(store, `${it}@partner.example`)));
    expect(found.filter(Boolean)).toHaveLength(1);
    expect((await roster(store)).version).toBeGreaterThan(known.version);
  });

  test('the same act twice is one; records may be edited without a change of roles as often as one likes', async () => {
    const known = await roster(store);
    const who = at('team@partner.example', known);
    const key = randomUUID();
    const edits = [
      await write({ ...who, country: 'SE' }, known, false, key),
      await write({ ...who, country: 'NO' }, known, false, key),
    ];
    expect(edits).toEqual(['done', 'again']);
    const after = await roster(store);
    expect(after.version).toBe(known.version);
    expect(await write({ ...who, country: 'FI', workingDays: [1, 2, 7] }, after)).toBe('done');
    const [again] = await called(store, 'team@partner.example');
    expect(again).toMatchObject({
      country: 'FI',
      workingDays: [1, 2, 7],
      otherEmails: ['jonas@home.example'],
    });
  });

  test('who was let out meanwhile is not let in again by an edit of their record; both acts leave their trace or none', async () => {
    await enrol(store, [person('priya@partner.example', 'ACE user')]);
    const known = await roster(store);
    const priya = at('priya@partner.example', known);
    expect(await write({ ...priya, role: 'none' }, known, true)).toBe('done');
    const key = randomUUID();
    expect(await write({ ...priya, country: 'IN' }, known, false, key)).toBe('outrun');
    expect(await findPerson(store, priya.email)).toMatchObject({ role: 'none' });
    expect(await store.prisma.act.count({ where: { key } })).toBe(0);
    const again = await roster(store);
    expect(await write({ ...at(priya.email, again), country: 'IN' }, again, false, key)).toBe('done');
    expect(at(priya.email, await roster(store))).toMatchObject({ role: 'none', country: 'IN' });
  });

  test('of two who edit one record at once neither is lost: the second decides anew', async () => {
    const known = await roster(store);
    const who = at('team@partner.example', known);
    const edits = [
      { ...who, otherEmails: [...who.otherEmails, 'jonas@new.example'] },
      { ...who, country: 'CH' },
    ];
    const outcomes = await Promise.all(edits.map((edit) => write(edit, known)));
    expect(outcomes.sort()).toEqual(['done', 'outrun']);
    const [first] = edits;
    if (first)
      await write(
        { ...at(who.email, await roster(store)), otherEmails: first.otherEmails },
        await roster(store),
      );
    const [other] = known.people.filter(({ id }) => id !== who.id);
    expect(other && (await write({ ...other, country: 'AT' }, known))).toBe('done');
    expect(at(who.email, await roster(store)).otherEmails).toContain('jonas@new.example');
  });

  test('an address that somebody has is refused by the database too, whoever looked before', async () => {
    const known = await roster(store);
    const thief = { ...newcomer('thief@partner.example'), otherEmails: ['jonas@home.example'] };
    expect(await write(thief, known, true)).toBe('outrun');
    expect(await findPerson(store, 'thief@partner.example')).toBeUndefined();
  });

  test('a request that somebody refused in the very same moment lets nobody in', async () => {
    const personId = await noteNewcomer(store, {
      ...NAMES,
      email: 'both-ways@else.example',
      timeZone: 'UTC',
    });
    const known = await roster(store);
    const lead = at('first@partner.example', known);
    const act = () => ({
      ...{ key: randomUUID(), verb: 'people', personId: lead.id, source: {} },
      until: new Date(Date.now() + 10_000),
    });
    await askAccess(store, { ...act(), personId }, { name: 'N N', email: 'both-ways@else.example' });
    const request = await lastRequest(store, personId);
    if (!request) throw new Error('They asked.');
    const granted = { ...at('both-ways@else.example', known), role: 'ACE user' as const };
    const grant = { known, now: new Date(), people: [granted], moved: [personId], answers: request.id };
    const [refused, outcome] = await Promise.all([
      refuseAccess(store, act(), request, 'Ana Silva'),
      enrolAll(store, act(), grant),
    ]);
    expect(outcome).toBe(refused ? 'outrun' : 'done');
    expect((await findPerson(store, granted.email))?.role).toBe(refused ? 'none' : 'ACE user');
    expect((await lastRequest(store, personId))?.decided?.granted).toBe(!refused);
    expect(await enrolAll(store, act(), { ...grant, known: await roster(store) })).toBe('outrun');
  });

  test('past its time nothing is written', async () => {
    const known = await roster(store);
    const act = {
      key: randomUUID(),
      verb: 'people',
      personId: randomUUID(),
      source: {},
      until: new Date(Date.now() - 5_000),
    };
    const late = enrolAll(store, act, {
      known,
      now: new Date(),
      people: [newcomer('late@partner.example')],
      moved: [],
    });
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
