/** What is said too long, or of too many, is answered in plain words that say what to do; what is promised is taken. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Form, Note } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse } from '../support/house.ts';

const [PRIYA = ''] = TEAM.users;

describe.each(databases)('too much at once, on $name', (database) => {
  let house: TestHouse;
  let users: string[] = [];
  beforeAll(async () => {
    house = await openTestHouse(database);
    await house.addMessenger({
      platform: 'teams',
      find: async () => undefined,
      tell: async () => ({}),
      redraw: async (ref) => ref,
    });
    const named = (nth: number) => ({ firstName: `N${nth}`, lastName: 'Gray', role: 'ACE user' });
    users = Array.from({ length: 205 }, (_, nth) => `${nth}.${'x'.repeat(40)}@partner.example`);
    await house.store.prisma.person.createMany({
      data: users.map((email, nth) => ({ email, ...named(nth) })),
    });
  });
  afterAll(() => house?.stop());

  const act = (verb: Parameters<TestHouse['act']>[0], input: Record<string, string>, as = LEAD) =>
    house.act(verb, input, { as, key: randomUUID() });

  test('so many people are told how many there may be, beside the field where it is a form’s', async () => {
    const id = await house.practice.script.newReferral();
    await house.aws.sync();
    for (const many of [21, 120]) {
      const { ok, reply } = await act('offer', { id, people: users.slice(0, many).join(', ') });
      expect([ok, (reply as Form).errors]).toEqual([
        false,
        { people: '20 people at most. Choose those who fit best.' },
      ]);
    }
    const far = await act('offer', { id, people: users.concat(users).join(', ') });
    expect([far.ok, (far.reply as Note).text]).toEqual([
      false,
      '20 people at most. Choose those who fit best; nothing was changed.',
    ]);
    expect(await house.store.prisma.offer.count({ where: { dealId: id } })).toBe(0);
  });

  test('a rule takes 50 people, and says so of more', async () => {
    const rule = { do: 'save', name: 'Everywhere', place: 'nowhere', sure: 'yes' };
    const people = (many: number) => users.slice(0, many).join(', ');
    const over = await act('route', { ...rule, people: people(51) });
    expect([over.ok, (over.reply as Form).errors]).toEqual([
      false,
      { people: '50 people at most. Choose those who fit best.' },
    ]);
    const far = await act('route', { ...rule, people: people(205) });
    expect((far.reply as Note).text).toContain('50 people at most');
    expect((await act('route', { ...rule, people: people(50) })).ok).toBe(true);
    expect((await house.store.prisma.route.findFirst())?.offerTo).toHaveLength(50);
  });

  test('what is no switch of what is told is answered with what there is, however long', async () => {
    for (const input of [{ what: `without ${'approved, '.repeat(300)}` }, { off: 'approved,'.repeat(300) }]) {
      const { ok, reply } = await act('notify', input, PRIYA);
      expect([ok, (reply as Note).text]).toEqual([
        false,
        'That is longer than all there is to be told. “notify status” shows what there is; nothing was changed.',
      ]);
    }
  });

  test('any other text that is too long is answered with how long it may be', async () => {
    const id = await house.idOf('Northgate Tram Works');
    const text = 'x'.repeat(2001);
    for (const [verb, input, most] of [
      ['remind', { when: text }, 200],
      ['next-step', { text }, 2000],
      ['transfer', { person: text }, 200],
    ] as const) {
      const { ok, reply } = await act(verb, { id, ...input });
      expect([ok, (reply as Note).text]).toEqual([
        false,
        `That is too long: ${most} characters at most. Nothing was changed.`,
      ]);
    }
  });

  test('200 people are invited at once; of more it says how many there may be', async () => {
    const over = await act('invite', { people: users.join(', ') });
    expect([over.ok, (over.reply as Form).errors]).toEqual([
      false,
      { people: 'At most 200 people at once. Nobody was invited.' },
    ]);
    const far = await act('invite', { people: users.concat(users, users).join(', ') });
    expect([far.ok, (far.reply as Note).text]).toEqual([
      false,
      'At most 200 people at once. Nobody was invited.',
    ]);
    const { ok, reply } = await act('invite', { people: users.slice(0, 200).join(', ') });
    expect([ok, (reply as Note).text]).toEqual([true, expect.stringContaining('and 190 more')]);
  });
});
