/** Who is there, and whose records a database holds. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bind, OtherCatalog } from '../../src/store/agent.ts';
import { enrol, everybody, findPerson } from '../../src/store/people.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

describe.each(databases)('the roster, on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const person = (email: string, role: 'alliance lead' | 'alliance team' | 'ACE user', lastName = 'B') => ({
    ...{ email, role, lastName, firstName: 'A', timeZone: 'Europe/Berlin' },
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
