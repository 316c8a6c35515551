/** Links and one-time codes, as the database keeps them. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CODE_LETTERS, readCode, shownCode } from '../../src/pipeline/identity.ts';
import { issueCode, redeem } from '../../src/store/link-codes.ts';
import {
  cut,
  establish,
  freeze,
  isStrict,
  linkOf,
  linksOf,
  noteSecond,
  thaw,
} from '../../src/store/links.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import { sqlState, UNIQUE_VIOLATION } from '../../src/store/sql-error.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

const CHECK_VIOLATION = '23514';

test('a code is read as people type it, and nothing else is one', () => {
  for (const typed of ['ABCD-EFGH', 'abcdefgh', ' abcd efgh ', 'ABCD–EFGH'])
    expect(readCode(typed)).toBe('ABCDEFGH');
  for (const typed of ['', 'ABCD-EFG', 'ABCD-EFGHJ', 'ABCD-EFG0', 'ABCD-EFGI', 'ÄBCD-EFGH', "ABCD-EF';"])
    expect(readCode(typed)).toBeUndefined();
  expect(CODE_LETTERS).not.toMatch(/[01OIL]/);
});

describe.each(databases)('links and codes, on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
    await enrol(store, [person('lead@partner.example', 'alliance lead')]);
  });
  afterAll(() => store?.close());

  const person = (email: string, role: 'alliance lead' | 'ACE user') => ({
    ...{ email, role, otherEmails: [], firstName: 'A', lastName: 'B', timeZone: 'UTC' },
  });
  let count = 0;
  const slack = (tenant = 'T1') => ({ platform: 'slack', tenant, user: `U${++count}` });
  async function somebody() {
    const email = `p${++count}@partner.example`;
    await enrol(store, [person(email, 'ACE user')]);
    return (await findPerson(store, email))?.id ?? '';
  }
  const act = (personId: string, key: string = randomUUID()) => ({
    ...{ key, verb: 'link', personId, source: {}, until: new Date(Date.now() + 60_000) },
  });
  const now = new Date();
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  const issue = (id: string, proves = true) => issueCode(store, id, { proves, now });
  const tryCode = (id: string, code: string, account = slack(), at = now) =>
    redeem(store, act(id), account, code, at);
  const rowOf = (personId: string) => store.prisma.linkCode.findUniqueOrThrow({ where: { personId } });
  const WRONG = '22222222';

  test('an e-mail alone is not enough until the database is known to be practice’s', async () => {
    const asked = async () => [await isStrict(store), (await linkOf(store, slack())).strict];
    const catalog = (name: string | null) =>
      store.prisma.agent.update({ where: { id: 1 }, data: { catalog: name } });
    const { catalog: before } = await store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } });
    const answers: boolean[][] = [];
    for (const name of [null, 'AWS', 'Sandbox', 'practice']) {
      await catalog(name);
      answers.push(await asked());
    }
    await catalog(before);
    expect(answers).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [false, false],
    ]);
  });

  test('of a code nothing is kept but its digest with a salt of its own', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const code = await issue(one);
    expect(readCode(shownCode(code))).toBe(code);
    await issue(other);
    const [row, next] = [await rowOf(one), await rowOf(other)];
    expect(JSON.stringify(row)).not.toContain(code);
    expect(row.digest).toBe(createHash('sha256').update(`${row.salt}${code}`).digest('hex'));
    expect(row.salt).not.toBe(next.salt);
  });

  test('the right code links the account once; afterwards it is used up', async () => {
    const [id, account] = [await somebody(), slack()];
    const code = await issue(id);
    expect(await tryCode(id, code, account)).toBe('linked');
    expect((await linkOf(store, account)).link).toMatchObject({
      state: 'live',
      proven: true,
      person: { id },
    });
    expect(await tryCode(id, code, slack('T2'))).toBe('used up');
    expect(await linksOf(store, id)).toHaveLength(1);
  });

  test('the same act again answers the same and tries nothing', async () => {
    const [id, account, key] = [await somebody(), slack(), randomUUID() as string];
    const code = await issue(id);
    const once = () => redeem(store, act(id, key), account, code, now);
    expect([await once(), await once()]).toEqual(['linked', 'linked']);
    expect((await rowOf(id)).tries).toBe(1);
  });

  test('after ten minutes it is too old, and not before', async () => {
    const id = await somebody();
    const code = await issue(id);
    expect(await tryCode(id, code, slack(), later(10))).toBe('expired');
    expect(await tryCode(id, code, slack(), new Date(later(10).getTime() - 1))).toBe('linked');
  });

  test('the newest alone counts, with tries of its own', async () => {
    const id = await somebody();
    const first = await issue(id);
    for (let nth = 0; nth < 3; nth++) expect(await tryCode(id, WRONG)).toBe('wrong');
    const second = await issue(id);
    expect((await rowOf(id)).tries).toBe(0);
    expect(await tryCode(id, first)).toBe('wrong');
    expect(await tryCode(id, second)).toBe('linked');
  });

  test('five tries and no sixth, however many come at once', async () => {
    const id = await somebody();
    const code = await issue(id);
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => tryCode(id, WRONG)));
    expect(outcomes.every((it) => it === 'wrong' || it === 'used up')).toBe(true);
    expect((await rowOf(id)).tries).toBe(5);
    expect(await tryCode(id, code)).toBe('used up');
    expect(await linksOf(store, id)).toEqual([]);
  });

  test('however many doors try the right code at once, one is linked', async () => {
    const id = await somebody();
    const code = await issue(id);
    const outcomes = await Promise.all(
      ['A', 'B', 'C', 'D', 'E', 'F'].map((it) => tryCode(id, code, slack(it))),
    );
    expect(outcomes.filter((it) => it === 'linked')).toHaveLength(1);
    expect(await linksOf(store, id)).toHaveLength(1);
  });

  test('somebody else’s code is as wrong as any, and stays good for them', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const code = await issue(one);
    expect(await tryCode(other, code)).toBe('wrong');
    await issue(other);
    expect(await tryCode(other, code)).toBe('wrong');
    expect((await rowOf(one)).tries).toBe(0);
    expect(await tryCode(one, code)).toBe('linked');
  });

  test('a code proves no more than the account it was shown on', async () => {
    const [id, account] = [await somebody(), slack()];
    expect(await tryCode(id, await issue(id, false), account)).toBe('linked');
    expect((await linkOf(store, account)).link?.proven).toBe(false);
    expect(await tryCode(id, await issue(id), account)).toBe('linked');
    expect((await linkOf(store, account)).link?.proven).toBe(true);
    // What was proven once stays so.
    await tryCode(id, await issue(id, false), account);
    expect((await linkOf(store, account)).link?.proven).toBe(true);
  });

  test('a code moves no account of another person, but one that was cut off; nor a person whom another account holds', async () => {
    const [one, other, account] = [await somebody(), await somebody(), slack()];
    await establish(store, account, one, 'email');
    await tryCode(other, await issue(other), account);
    expect((await linkOf(store, account)).link).toMatchObject({ person: { id: one } });
    expect(await tryCode(one, await issue(one), slack())).toBe('held');
    await cut(store, act(one), (await linkOf(store, account)).link?.id ?? '');
    expect(await tryCode(other, await issue(other), account)).toBe('linked');
    expect((await linkOf(store, account)).link).toMatchObject({ state: 'live', person: { id: other } });
  });

  test('“it is them” of a second account gives it the person and cuts off the one before, in one step', async () => {
    const [id, account, second] = [await somebody(), slack(), slack()];
    await establish(store, account, id, 'email');
    await noteSecond(store, second, id, 'p@partner.example');
    const link = (await linkOf(store, second)).link?.id ?? '';
    await Promise.all([thaw(store, act(id), link), thaw(store, act(id), link)]);
    expect((await linkOf(store, second)).link).toMatchObject({ state: 'live', proven: false });
    expect((await linkOf(store, account)).link).toMatchObject({ state: 'cut' });
  });

  test('frozen or cut off, private copies of that person there are drawn empty; those in rooms and of others are as before', async () => {
    const [id, other, account] = [await somebody(), await somebody(), slack()];
    await establish(store, account, id, 'email');
    const link = (await linkOf(store, account)).link?.id ?? '';
    const copy = { dealId: 'O1', personId: id, platform: 'slack', ref: {}, version: 1, shown: '' };
    const room = { tenant: 'T1', room: 'C1', userId: 'U' };
    const post = async (data = {}) => (await store.prisma.posting.create({ data: { ...copy, ...data } })).id;
    const shut = async (posting: string) =>
      (await store.prisma.posting.findUniqueOrThrow({ where: { id: posting } })).shut;
    const shutOf = (ids: string[]) => Promise.all(ids.map(shut));
    const kept = [await post(room), await post({ personId: other }), await post({ platform: 'teams' })];
    const elsewhere = await post({ ref: { team: 'T2' } });
    const before = await post();
    await freeze(store, link, 'x@else.example');
    expect([await shut(before), ...(await shutOf([...kept, elsewhere]))]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    await thaw(store, act(id), link);
    expect(await shut(before)).toBe(false);
    const second = slack();
    await noteSecond(store, second, id, 'p@partner.example');
    await cut(store, act(id), (await linkOf(store, second)).link?.id ?? '');
    expect(await shut(before)).toBe(false);
    await cut(store, act(id), link);
    expect([await shut(before), ...(await shutOf([...kept, elsewhere]))]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect((await store.prisma.posting.findUniqueOrThrow({ where: { id: before } })).version).toBeLessThan(0);
  });

  test('the database holds one account for a person at a door, one door by e-mail alone, and knows its states', async () => {
    const id = await somebody();
    const add = (data: object) =>
      store.prisma.link
        .create({ data: { ...ofUser(), personId: id, state: 'live', way: 'code', ...data } })
        .then(() => 'accepted', sqlState);
    const ofUser = () => {
      const { platform, tenant, user } = slack();
      return { platform, tenant, userId: user };
    };
    expect(await add({ way: 'email' })).toBe('accepted');
    expect(await add({})).toBe(UNIQUE_VIOLATION);
    expect(await add({ state: 'frozen' })).toBe(UNIQUE_VIOLATION);
    expect(await add({ tenant: 'T2', way: 'email' })).toBe(UNIQUE_VIOLATION);
    expect(await add({ tenant: 'T2' })).toBe('accepted');
    expect(await add({ state: 'cut' })).toBe('accepted');
    expect(await add({ state: 'second' })).toBe('accepted');
    expect(await add({ tenant: 'T3', userId: 'SAME', state: 'cut' })).toBe('accepted');
    expect(await add({ tenant: 'T3', userId: 'SAME', state: 'cut' })).toBe(UNIQUE_VIOLATION);
    expect(await add({ tenant: 'T4', state: 'open' })).toBe(CHECK_VIOLATION);
    expect(await add({ tenant: 'T4', way: 'luck' })).toBe(CHECK_VIOLATION);
    await issue(id);
    const tries = (n: number) =>
      store.prisma.linkCode
        .update({ where: { personId: id }, data: { tries: n } })
        .then(() => 'accepted', sqlState);
    expect([await tries(5), await tries(6)]).toEqual(['accepted', CHECK_VIOLATION]);
  });

  test('with a person go their links and their code', async () => {
    const [id, account] = [await somebody(), slack()];
    await tryCode(id, await issue(id), account);
    await store.prisma.person.delete({ where: { id } });
    expect((await linkOf(store, account)).link).toBeUndefined();
    expect(await store.prisma.linkCode.count({ where: { personId: id } })).toBe(0);
  });
});
