/** What was offered goes over with a desk: told at once in one message, and with all the rest where it is a burst. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Messenger } from '../../src/bot/intent.ts';
import { gatherNews } from '../../src/bot/news.ts';
import type { List, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, wakeAll } from '../support/house.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const MINUTES = 60_000;

describe.each(databases)('offers that go with a desk, on $name', (database) => {
  let house: TestHouse;
  const ids: Record<string, string> = {};
  let told: { to: string; reply: Reply }[] = [];
  beforeAll(async () => {
    house = await openTestHouse(database);
    const messenger: Messenger = {
      platform: 'teams',
      tell: async ({ user }, reply) => {
        told.push({ to: user, reply });
        return { ts: `${told.length}` };
      },
      redraw: async (ref) => ref,
      find: async (email) => ({ tenant: 'T', user: email }),
    };
    await house.addMessenger(messenger);
    await wakeAll(house);
    for (const { id, email } of await house.store.prisma.person.findMany()) ids[email] = id;
  });
  afterAll(() => house?.stop());
  beforeEach(async () => {
    const { prisma } = house.store;
    await prisma.offer.deleteMany();
    await prisma.news.deleteMany();
    await prisma.quiet.updateMany({ data: { newsToldAt: null, off: [] } });
    told = [];
  });

  /** New referrals that are offered to that person, by the alliance lead. */
  async function pending(many: number, email: string): Promise<string[]> {
    const made: string[] = [];
    for (let nth = 0; nth < many; nth++) made.push(await house.practice.script.newReferral());
    await house.aws.sync();
    const offer = { personId: ids[email] ?? '', byId: ids[LEAD] ?? '' };
    await house.store.prisma.offer.createMany({ data: made.map((dealId) => ({ dealId, ...offer })) });
    return made.sort();
  }
  /** With the deals: somebody else gets those back, so that there is always one to give. */
  async function handOver(from: string, to: string): Promise<void> {
    const input = { whose: ids[from] ?? '', person: ids[to] ?? '', offers: 'yes', sure: 'yes' };
    expect((await house.act('hand-over', input, { as: TEAM.team })).ok).toBe(true);
    await house.quiet();
  }
  const offersTold = () =>
    house.store.prisma.notice.findMany({
      where: { kind: { startsWith: 'offered' } },
      orderBy: { at: 'asc' },
    });
  const gather = async (ms: number) => {
    await gatherNews(house.store, new Date(Date.now() + ms));
    await house.quiet();
  };
  const idsIn = ({ sections }: List) => sections.flatMap(({ items }) => items.map(({ id }) => id)).sort();

  test('two are one message, each with its button, and with a way to end such messages', async () => {
    const made = await pending(2, PRIYA);
    await handOver(PRIYA, TOM);
    const lists = told.filter(({ reply }) => reply.kind === 'list');
    expect(lists).toHaveLength(1);
    expect(lists[0]).toMatchObject({ to: TOM, reply: { title: 'Jonas Berg offers you 2 deals' } });
    const list = lists[0]?.reply as List;
    expect(idsIn(list)).toEqual(made);
    expect(list.sections[0]?.items.map(({ button }) => button?.verb)).toEqual(['accept', 'accept']);
    expect(list.footer).toBe('“notify without offered” ends such messages.');
    expect(list.buttons).toEqual([{ verb: 'notify', label: 'Not these again', input: { off: 'offered' } }]);
  });

  test('one alone is its card', async () => {
    const [id = ''] = await pending(1, TOM);
    await handOver(TOM, LUCIA);
    expect(told.filter(({ reply }) => reply.kind === 'card')).toMatchObject([
      { to: LUCIA, reply: { copyOf: { id } } },
    ]);
  });

  test('within minutes of another message they wait, and become one with whatever else was offered', async () => {
    await house.store.prisma.notice.deleteMany();
    const [first = ''] = await pending(1, PRIYA);
    expect((await house.act('offer', { id: first, people: 'Priya and Lucía' })).ok).toBe(true);
    await house.quiet();
    expect(told.map(({ to }) => to)).toEqual([LUCIA]);
    await house.store.prisma.offer.deleteMany({ where: { personId: ids[PRIYA] ?? '' } });
    await house.act('hand-over', { whose: ids[LUCIA] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' });
    await house.quiet();
    told = [];
    const made = await pending(3, PRIYA);
    await handOver(PRIYA, LUCIA);
    const another = await house.practice.script.newReferral();
    await house.aws.sync();
    await house.act('offer', { id: another, people: 'Lucía' });
    await house.quiet();
    expect([told, (await offersTold()).length]).toEqual([[], 1]);
    const waiting = await house.store.prisma.news.findMany({ where: { kind: 'offered' } });
    expect(waiting.map(({ personId }) => personId)).toEqual(Array(4).fill(ids[LUCIA]));
    await house.store.prisma.news.deleteMany({ where: { kind: { not: 'offered' } } });
    await gather(4 * MINUTES);
    expect(told).toEqual([]);
    await gather(6 * MINUTES);
    expect(told).toHaveLength(1);
    const list = told[0]?.reply as List;
    expect([list.title, idsIn(list)]).toEqual(['News of 4 deals', [...made, another].sort()]);
    const said = list.sections.flatMap(({ items }) => items.map(({ detail }) => detail));
    expect(said.filter((it) => it.includes('Jonas Berg offers it to you'))).toHaveLength(3);
  });

  test('whoever wants to hear of no offers hears of none, alone or with others', async () => {
    await house.act('notify', { what: 'without offers' }, { as: TOM });
    await pending(2, LUCIA);
    await handOver(LUCIA, TOM);
    await house.store.prisma.quiet.updateMany({ data: { newsToldAt: new Date() } });
    await house.act('hand-over', { whose: ids[TOM] ?? '', person: ids[LUCIA] ?? '', sure: 'yes' });
    await pending(2, LUCIA);
    await handOver(LUCIA, TOM);
    await house.store.prisma.news.deleteMany({ where: { kind: { not: 'offered' } } });
    await gather(6 * MINUTES);
    expect(told).toEqual([]);
  });

  test('what is withdrawn before it is told is left out; where nothing is left nothing is said', async () => {
    const [kept = '', withdrawn = ''] = await pending(2, PRIYA);
    const write = (deals: string[]) => house.store.prisma.$queryRaw`
      SELECT tell(${ids[PRIYA]}::uuid, 'offered-many', ${JSON.stringify({ by: 'Jonas Berg', deals })}::text::jsonb)::text`;
    await house.store.prisma.offer.deleteMany({ where: { dealId: withdrawn } });
    await write([kept, withdrawn]);
    await write([withdrawn]);
    await house.quiet();
    expect(told.map(({ reply }) => idsIn(reply as List))).toEqual([[kept]]);
  });
});
