/** What was offered goes over with a desk: told at once in one message, and with all the rest where it is a burst. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Messenger } from '../../src/bot/intent.ts';
import { gatherNews } from '../../src/bot/news.ts';
import type { Form, List, Note, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, wakeAll } from '../support/house.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const NELL = 'nell@partner.example';
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
    const nell = { email: NELL, firstName: 'Nell', lastName: 'Gray', role: 'ACE user' };
    await house.store.prisma.person.create({ data: nell });
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

  test('where nothing but offers is left those go: asked once, and the same press again is the same act', async () => {
    const { prisma } = house.store;
    const made = await pending(2, NELL);
    const desk = { whose: ids[NELL] ?? '', person: ids[TOM] ?? '' };
    const straight = await house.act('hand-over', { ...desk, sure: 'yes' }, { as: LEAD });
    expect([straight.ok, straight.reply]).toEqual([
      false,
      expect.objectContaining({
        text: 'No deal of Nell Gray’s desk can go to Tom Keller now; nothing was changed.',
        lines: ['2 pending offers can: say it with “(offers)”.'],
      }),
    ]);
    const form = (await house.act('hand-over', desk, { as: LEAD })).reply as Form;
    expect([form.submit, form.intro, form.fields]).toEqual([
      'Hand over 2 pending offers',
      ['2 pending offers of Nell Gray’s desk go to Tom Keller.'],
      [],
    ]);
    const key = randomUUID();
    const pressed = await house.act('hand-over', form.input, { as: LEAD, key });
    expect([pressed.ok, (pressed.reply as Note).text]).toEqual([
      true,
      '2 pending offers of Nell Gray’s desk went to Tom Keller.',
    ]);
    const offered = await prisma.offer.findMany({ orderBy: { dealId: 'asc' } });
    expect(offered.map(({ dealId, personId }) => [dealId, personId])).toEqual(
      made.map((id) => [id, ids[TOM]]),
    );
    const again = await house.act('hand-over', form.input, { as: LEAD, key });
    expect([again.ok, (again.reply as Note).text]).toEqual([true, '2 pending offers were handed over.']);
    expect(await prisma.change.count({ where: { actKey: key } })).toBe(2);
    await house.quiet();
  });

  test('of two who hand over the same offers at once one does', async () => {
    await pending(3, NELL);
    const give = (email: string, as: string) => {
      const input = { whose: ids[NELL] ?? '', person: ids[email] ?? '', offers: 'yes', sure: 'yes' };
      return house.act('hand-over', input, { as });
    };
    const both = await Promise.all([give(TOM, LEAD), give(LUCIA, TEAM.team)]);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const holders = await house.store.prisma.offer.findMany({ select: { personId: true } });
    const [first] = holders;
    expect(holders).toEqual([first, first, first]);
    await house.quiet();
  });

  test('offers that are no longer pending when the form is pressed are said to be, and nothing is written', async () => {
    const { prisma } = house.store;
    await pending(1, NELL);
    const desk = { whose: ids[NELL] ?? '', person: ids[TOM] ?? '' };
    const form = (await house.act('hand-over', desk, { as: LEAD })).reply as Form;
    await prisma.offer.deleteMany();
    const before = await prisma.act.count();
    const { ok, reply } = await house.act('hand-over', form.input, { as: LEAD });
    expect([ok, (reply as Note).text]).toEqual([
      false,
      'Nothing of Nell Gray’s desk can go to Tom Keller now; nothing was changed.',
    ]);
    expect(await prisma.act.count()).toBe(before);
  });

  test('what somebody holds only by covering another’s desk is not theirs to hand over', async () => {
    const { prisma } = house.store;
    const [lent = ''] = await pending(1, PRIYA);
    const byCover = { dealId: lent, personId: ids[NELL] ?? '', byId: ids[LEAD] ?? '', byCover: true };
    await prisma.offer.create({ data: byCover });
    const desk = { whose: ids[NELL] ?? '', person: ids[TOM] ?? '' };
    const only = await house.act('hand-over', { ...desk, offers: 'yes', sure: 'yes' }, { as: LEAD });
    expect(only.ok).toBe(false);
    const [own = ''] = await pending(1, NELL);
    const form = (await house.act('hand-over', desk, { as: LEAD })).reply as Form;
    expect(form.submit).toBe('Hand over 1 pending offer');
    await house.act('hand-over', form.input, { as: LEAD });
    const offered = (await prisma.offer.findMany()).map((it) => [it.dealId, it.personId, it.byCover]);
    expect(new Set(offered)).toEqual(
      new Set([
        [lent, ids[PRIYA], false],
        [lent, ids[NELL], true],
        [own, ids[TOM], false],
      ]),
    );
    await house.quiet();
  });

  test('whoever wants to hear of no offers hears of none, alone or with others', async () => {
    await house.act('notify', { what: 'without offers' }, { as: TOM });
    await pending(2, LUCIA);
    await handOver(LUCIA, TOM);
    await house.store.prisma.quiet.updateMany({ data: { newsToldAt: new Date() } });
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
