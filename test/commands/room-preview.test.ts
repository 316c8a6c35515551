/** Before a channel has a digest, its form says how much of it would carry a name: as it is drawn then. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import type { Messenger, Room } from '../../src/bot/intent.ts';
import type { Form, List, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, until } from '../support/house.ts';

const [PRIYA = ''] = TEAM.users;
const idOf = (email: string) => `U-${email}`;

describe.each(databases)('the form of a channel’s digest, on $name', (database) => {
  let house: TestHouse;
  let posted: Reply[] = [];
  let room: Room;
  const messenger: Messenger = {
    platform: 'teams',
    find: async () => undefined,
    tell: async () => ({}),
    redraw: async (ref) => ref,
    room: async () => room,
    post: async (_, reply) => {
      posted.push(reply);
      return { nth: posted.length };
    },
  };
  beforeAll(async () => {
    house = await openTestHouse(database);
    await house.addMessenger(messenger);
  });
  afterAll(() => house?.stop());
  beforeEach(async () => {
    posted = [];
    await house.store.prisma.subscription.deleteMany();
    await house.store.prisma.link.deleteMany();
    for (const email of [LEAD, TEAM.manager, PRIYA]) await linked(email, new Date());
  });

  async function linked(email: string, provenAt: Date | null) {
    const { id: personId } = await house.store.prisma.person.findUniqueOrThrow({ where: { email } });
    const account = { platform: 'teams', tenant: 'T', userId: idOf(email) };
    const rest = { personId, state: 'live', way: 'code', provenAt };
    await house.store.prisma.link.upsert({
      where: { platform_tenant_userId: account },
      create: { ...account, ...rest },
      update: rest,
    });
  }
  const readBy = (...emails: string[]) => {
    room = { name: '#deals', readers: emails.map(idOf), isOpenToOthers: false, isUnclear: false };
  };
  const from = {
    ...{ platform: 'teams' as const, tenant: 'T', user: idOf(LEAD), email: LEAD, conversation: 'C' },
  };
  const asked = async (): Promise<Form> => {
    const { reply } = await house.desk.say({ text: 'schedule here', from, key: randomUUID() });
    return reply as Form;
  };
  /** Set up, and its morning come: how many lines stand there, and how many of them with a name. */
  async function drawn({ input }: Form): Promise<{ lines: number; named: number }> {
    const answers = { days: '1,2,3,4,5,6,7', hour: '9', sections: SECTIONS };
    const key = randomUUID();
    expect(
      (await house.desk.handle({ verb: 'schedule', input: { ...input, ...answers }, from, key })).ok,
    ).toBe(true);
    const { nextAt } = await house.store.prisma.subscription.findFirstOrThrow({ where: { room: 'C' } });
    await planDigests(house.store, nextAt);
    await house.quiet();
    await until('the digest', () => posted.length > 0);
    const items = (posted[0] as List).sections.flatMap((section) => section.items);
    return { lines: items.length, named: items.filter(({ title }) => !/^(?:O\d|engi?-)/.test(title)).length };
  }
  async function shownTo(email: string) {
    const { reply } = await house.act('desk', {}, { as: email });
    return { items: (reply as List).sections.flatMap((section) => section.items) };
  }
  const SECTIONS =
    'pending,action-required,launch-pending,closing,past-close,stale,in-review,rejected,waiting';
  const sentence = ({ intro = [] }: Form) => intro.find((line) => /would carry a name/.test(line));

  test('one reader who is not on the roster turns all of it into ids, and it says so', async () => {
    readBy(LEAD, TEAM.manager, 'stranger@else.example');
    const form = await asked();
    const { lines, named } = await drawn(form);
    expect([lines > 3, named]).toEqual([true, 0]);
    expect(sentence(form)).toBe(
      `Today 0 of ${lines} lines would carry a name: 1 who reads along is not on the roster.`,
    );
  });

  test('of several it says how many', async () => {
    readBy(LEAD, 'one@else.example', 'two@else.example');
    expect(sentence(await asked())).toMatch(
      /^Today 0 of \d+ lines .*: 2 who read along are not on the roster\.$/,
    );
  });

  test('before those who see everything all of it has names', async () => {
    readBy(LEAD, TEAM.manager);
    const form = await asked();
    const { lines, named } = await drawn(form);
    expect(named).toBe(lines);
    expect(sentence(form)).toBe(`Today all ${lines} lines would carry a name.`);
  });

  test('a colleague who may not see all of it leaves the names of what they may', async () => {
    readBy(LEAD, PRIYA);
    const form = await asked();
    const { lines, named } = await drawn(form);
    expect(named).toBeLessThan(lines);
    expect(sentence(form)).toBe(
      `Today ${named} of ${lines} lines would carry a name: not all who read along may see the others.`,
    );
  });

  test('where a line is an id whoever reads along, nobody is said to be why', async () => {
    readBy(LEAD, TEAM.manager);
    const { prisma } = house.store;
    const form = await asked();
    const all = Number(/^Today all (\d+) lines/.exec(sentence(form) ?? '')?.[1]);
    const { items } = await shownTo(LEAD);
    const id = items.find((it) => /^O\d/.test(it.id ?? ''))?.id ?? '';
    const { detail } = await prisma.deal.findUniqueOrThrow({ where: { id } });
    const secret = { ...(detail as Record<string, unknown>), nationalSecurity: true };
    await prisma.deal.update({ where: { id }, data: { detail: secret as never } });
    try {
      // Where it made room, the next of its section stands.
      const said = /^Today (\d+) of (\d+) lines would carry a name: the others stand as their ids\.$/;
      const [, named, lines] = said.exec(sentence(await asked()) ?? '') ?? [];
      expect(Number(named)).toBe(Number(lines) - 1);
      expect(Number(lines)).toBeGreaterThanOrEqual(all);
    } finally {
      await prisma.deal.update({ where: { id }, data: { detail: detail as never } });
    }
  });

  test('a manager whose account no code has proven counts as nobody, in the form as in the digest', async () => {
    await linked(TEAM.manager, null);
    readBy(LEAD, TEAM.manager);
    const set = (catalog: string) => house.store.prisma.agent.update({ where: { id: 1 }, data: { catalog } });
    await set('AWS');
    try {
      const form = await asked();
      const { lines, named } = await drawn(form);
      expect(named).toBe(0);
      expect(sentence(form)).toBe(
        `Today 0 of ${lines} lines would carry a name: 1 on the roster has not shown with a code who they are (“link”).`,
      );
    } finally {
      await set('practice');
    }
  });

  test('where nobody is sure who reads along it says that instead', async () => {
    readBy(LEAD);
    room = { ...room, isOpenToOthers: true };
    const form = await asked();
    expect(sentence(form)).toBeUndefined();
    expect(form.intro?.join()).toContain('only ids and “Open privately” will stand there');
  });
});
