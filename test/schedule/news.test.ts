/** What happened to people's deals: told to those whom it concerns, by whom it was done, once, at a decent hour. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Messenger, Sender } from '../../src/bot/intent.ts';
import { gatherNews } from '../../src/bot/news.ts';
import type { Card, List, Reply } from '../../src/views/view.ts';
import { databases, type TestDatabase } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse } from '../support/house.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const DAY = 24 * 3_600_000;

/**
 * Tuesday, 3 January, 13:05 UTC, and every second week after: by day for the whole team, from Kolkata to New York. So far
 * ahead that nothing here depends on the day on which it runs.
 */
const FIRST = Date.parse('2090-01-03T13:05:00Z');

async function openQuiet(database: TestDatabase) {
  const house = await openTestHouse(database);
  const told: { to: string; reply: Reply }[] = [];
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
  const newsToldAt = new Date(FIRST);
  for (const { id: personId } of await house.store.prisma.person.findMany())
    await house.store.prisma.quiet.create({ data: { personId, newsToldAt } });
  return { house, told };
}

describe.each(databases)('news, on $name', (database) => {
  let house: TestHouse;
  let told: { to: string; reply: Reply }[];
  let at = FIRST;
  beforeAll(async () => {
    ({ house, told } = await openQuiet(database));
  });
  afterAll(() => house?.stop());
  beforeEach(() => {
    told.length = 0;
    at += 14 * DAY;
  });

  const script = () => house.practice.script;
  /** The tick of that moment, and what has arrived by then. */
  const tick = async (ms = 0) => {
    await gatherNews(house.store, new Date(at + ms));
    await house.quiet();
    return told.map(({ to, reply }) => [to, wordsOf(reply)]);
  };
  const act = async (verb: string, input: Record<string, unknown>, as: string) => {
    const { changeIds = [], reply } = await house.act(verb, input, { as });
    await house.quiet();
    if (changeIds.length === 0) throw new Error(`Nothing was asked: ${wordsOf(reply)}`);
  };
  const card = (nth = 0): Card => {
    const reply = told[nth]?.reply;
    if (reply?.kind !== 'card') throw new Error(`No card: ${wordsOf(reply)}`);
    return reply;
  };
  const forget = () => house.store.prisma.news.deleteMany();
  const dealsOf = async (fits: (owner: string) => boolean) => {
    const rows = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Approved', stage: { notIn: ['Launched', 'Closed Lost'] } },
      orderBy: { id: 'asc' },
    });
    return rows.filter(({ ownerEmail }) => fits(ownerEmail ?? ''));
  };
  const toms = () => house.idOf('Copperfield & Wren: Optics');

  test('the first reading of the pipeline tells nobody anything', async () => {
    expect(await house.store.prisma.news.count()).toBe(0);
    expect(await tick()).toEqual([]);
  });

  test('at night and on days off it waits for the morning; the hours are their own', async () => {
    const id = await toms();
    await act('next-step', { id, text: 'Said at night' }, LEAD);
    const friday = Math.floor(at / DAY) * DAY + 3 * DAY;
    const on = async (hour: number, day = 0) => {
      await gatherNews(house.store, new Date(friday + day * DAY + hour * 3_600_000));
      await house.quiet();
      return told.length;
    };
    // Berlin is an hour ahead: 19:00 there, Saturday 13:00, Monday 07:59 and 08:00.
    expect([await on(18), await on(12, 1), await on(6.99, 3), await on(7, 3)]).toEqual([0, 0, 0, 1]);
    await act('next-step', { id, text: 'Said at night again' }, LEAD);
    expect((await house.act('notify', { what: 'quiet 21 to 6' }, { as: TOM })).ok).toBe(true);
    expect([await on(20, 4), await on(4.99, 5), await on(5, 5)]).toEqual([1, 1, 2]);
    await house.act('notify', { what: 'quiet 19 to 8' }, { as: TOM });
  });

  test('AWS’s word goes to the owner: its card, why it comes now, and a way to switch it off', async () => {
    const id = await house.idOf('Gullwing Insurance Mutual');
    await script().review(id, { remark: 'Which policies?' });
    await house.aws.sync();
    expect(await tick()).toEqual([
      [TOM, expect.stringContaining('AWS asks for a change: “Which policies?”')],
    ]);
    const first = card();
    expect([first.kind, first.buttons[0]?.verb]).toEqual(['card', 'repair']);
    expect(first.more?.at(-1)).toEqual({
      verb: 'notify',
      label: 'Not these again',
      input: { off: 'action-required' },
    });
    expect(first.body).toContain('“notify without action-required” ends such messages.');
    expect(await house.store.prisma.posting.count({ where: { dealId: id, platform: 'teams' } })).toBe(1);
    expect(await tick(DAY)).toHaveLength(1);
  });

  test.each([
    ['Polestar Ferries', 'reject', 'AWS rejected it'],
    ['Silverbirch Clinics', 'approve', 'AWS approved it'],
  ] as const)('%s, %s: told to its owner alone, as AWS’s doing', async (company, verdict, words) => {
    await script().review(await house.idOf(company), verdict);
    await house.aws.sync();
    expect(await tick()).toEqual([[TOM, expect.stringContaining(words)]]);
  });

  test('AWS’s own stage and its seller are told, several things of one deal in one line', async () => {
    const id = await toms();
    await script().awsStage(id, 'Business Validation');
    await house.aws.refresh();
    expect(await tick()).toEqual([[TOM, expect.stringContaining('AWS’s own stage: Business Validation')]]);
    await script().awsSeller(id, 'Jane Roe');
    await house.aws.refresh();
    expect((await tick(DAY))[1]).toEqual([TOM, expect.stringContaining('AWS put Jane Roe on it')]);
    await script().awsSeller(id, 'Joe Doe');
    await script().awsStage(id, 'Committed');
    await house.aws.refresh();
    const [, , both] = await tick(2 * DAY);
    // The house’s own tick may read one before the other.
    for (const words of ['AWS’s own stage: Business Validation → Committed', 'AWS put Joe Doe on it'])
      expect(both?.[1]).toContain(words);
    expect(both?.[1]).not.toContain('Jane Roe');
    expect(
      card(2)
        .more?.slice(-2)
        .map(({ input }) => input),
    ).toEqual([{ off: 'aws-stage' }, { off: 'aws-seller' }]);
  });

  test('what a colleague changed is told to the owner with their name; not again as AWS’s, and not to who did it', async () => {
    const id = await toms();
    const stage = (await house.store.prisma.deal.findUniqueOrThrow({ where: { id } })).stage;
    await act('change-stage', { id, stage: 'Business Validation', sure: 'yes' }, LEAD);
    await house.aws.sync();
    expect(await tick()).toEqual([
      [TOM, expect.stringContaining(`Ana Silva changed the stage: ${stage} → Business Validation`)],
    ]);
    await act('next-step', { id, text: 'My own words' }, TOM);
    await house.aws.sync();
    expect(await tick(DAY)).toHaveLength(1);
  });

  test('who was offered it hears who was faster; the new owner hears that it is theirs, with the contacts', async () => {
    const first = await house.idOf('Cobalt Ridge Utilities');
    await house.act('offer', { id: first, people: 'Priya and Tom' });
    const second = await house.idOf('Evergrove Timber');
    await house.act('offer', { id: second, people: 'Priya and Lucía' });
    await house.quiet();
    await forget();
    told.length = 0;
    await act('accept', { id: first }, PRIYA);
    expect(await tick()).toEqual([[TOM, expect.stringContaining('Priya Raman accepted it')]]);
    told.length = 0;
    await act('accept', { id: second, person: 'Lucía' }, LEAD);
    const said = await tick(DAY);
    expect(said.map(([to]) => to).sort()).toEqual([LUCIA, LUCIA, PRIYA].sort());
    const of = (email: string) => said.filter(([to]) => to === email).map(([, words]) => words);
    expect(of(PRIYA)).toEqual([expect.stringContaining('Ana Silva accepted it')]);
    expect(of(LUCIA)).toEqual([
      expect.stringContaining('Yours now, from Ana Silva'),
      expect.stringContaining('Contacts for Evergrove Timber'),
    ]);
  });

  test('what was accepted in Partner Central itself is told as nobody’s', async () => {
    const id = await house.idOf('Pinecrest Outfitters');
    await house.act('offer', { id, people: 'Priya' });
    await house.quiet();
    told.length = 0;
    await house.store.prisma.deal.update({ where: { id }, data: { status: 'ACCEPTED' } });
    expect(await tick()).toEqual([[PRIYA, expect.stringContaining('It was accepted in Partner Central')]]);
  });

  test('a deal that goes on: the old owner hears to whom and by whom, also where they see it no more', async () => {
    const { id = '', company = '' } = (await dealsOf((owner) => owner === PRIYA))[0] ?? {};
    await act('transfer', { id, person: 'Tom' }, LEAD);
    const said = new Map((await tick()).map(([to, words]) => [to, words]).reverse() as [string, string][]);
    expect(said.get(PRIYA)).toContain(`Ana Silva gave it to Tom Keller. Until now it was yours.`);
    expect(said.get(PRIYA)).toContain(company);
    expect(said.get(TOM)).toContain('Yours now, from Priya Raman, by Ana Silva');
  });

  test('a change that failed after more than a minute is told to who asked, once', async () => {
    const id = await house.idOf('Saltmarsh Nature Fund 🦆');
    await house.store.prisma.deal.update({ where: { id }, data: { version: { increment: 1 } } });
    const from: Sender = {
      ...{ platform: 'teams', tenant: 'T', user: LUCIA },
      email: LUCIA,
      conversation: 'c',
    };
    const input = { id, text: 'Mine', queue: 'yes' };
    await house.desk.handle({ verb: 'next-step', input, key: randomUUID(), from });
    await house.store.prisma.$executeRaw`
      UPDATE change SET requested_at = now() - interval '2 minutes' WHERE deal_id = ${id}`;
    await script().edit(id, 'LifeCycle.NextSteps', 'Theirs');
    await script().review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    expect(told).toEqual([]);
    expect(await tick()).toEqual([
      [LUCIA, expect.stringMatching(/your next step met somebody else’s change.*“Theirs”.*“Mine”/)],
    ]);
    expect(card().buttons.map(({ label }) => label)).toContain('Put mine');
    expect(wordsOf(told[0]?.reply)).toContain('AWS approved it');
  });

  test('a burst is one message: the first at once, what comes within five minutes together, ten lines and a count', async () => {
    const mine = await toms();
    const all = (await dealsOf((owner) => owner !== LUCIA)).filter(({ id }) => id !== mine).slice(0, 13);
    const [first, ...others] = all;
    await act('transfer', { id: first?.id, person: 'Lucía' }, LEAD);
    const toLucia = async (ms: number) => (await tick(ms)).filter(([to]) => to === LUCIA);
    expect(await toLucia(0)).toEqual([
      [LUCIA, expect.stringContaining('Yours now')],
      [LUCIA, expect.stringContaining('Contacts for')],
    ]);
    for (const { id } of others) await act('transfer', { id, person: 'Lucía' }, LEAD);
    expect(others.length).toBe(12);
    expect(await toLucia(60_000)).toHaveLength(2);
    expect(await toLucia(5 * 60_000 - 1)).toHaveLength(2);
    expect(await toLucia(5 * 60_000)).toHaveLength(3);
    const list = told.filter(({ to }) => to === LUCIA).at(-1)?.reply as List;
    expect([list.kind, list.title, list.sections[0]?.items.length]).toEqual(['list', 'News of 12 deals', 10]);
    expect(list.sections[0]?.total).toBe(12);
    expect(new Set(list.sections[0]?.items.map(({ button }) => button?.verb))).toEqual(new Set(['show']));
    expect(list.buttons).toEqual([{ verb: 'notify', label: 'Not these again', input: { off: 'received' } }]);
  });

  describe('offers by hand', () => {
    let deals: { id: string }[];
    beforeAll(async () => {
      const made: string[] = [];
      for (let nth = 0; nth < 30; nth++) made.push(await script().newReferral());
      await house.aws.sync();
      deals = made.map((id) => ({ id }));
    });
    const offer = async (deal: { id: string } | undefined, people: string) => {
      expect((await house.act('offer', { id: deal?.id, people })).ok).toBe(true);
      await house.quiet();
    };
    const toldBy = async (moment: number) => {
      await gatherNews(house.store, new Date(moment));
      await house.quiet();
      return told.length;
    };

    test('30 to one person within five minutes are two messages, also at night; a colleague’s change waits for the morning', async () => {
      await forget();
      const first = Date.now();
      for (const deal of deals) await offer(deal, 'Priya');
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({ to: PRIYA, reply: { kind: 'card' } });
      const { id = '' } = (await dealsOf((owner) => owner === PRIYA))[0] ?? {};
      await act('next-step', { id, text: 'It can wait' }, LEAD);
      expect(await toldBy(first + 60_000)).toBe(1);
      // Whatever the day is today: this one she has off.
      const { workingDays } = await house.store.prisma.person.findUniqueOrThrow({ where: { email: PRIYA } });
      await house.store.prisma.person.update({
        where: { email: PRIYA },
        data: { workingDays: [new Date(first + 3 * DAY).getUTCDay() || 7] },
      });
      expect(await toldBy(Date.now() + 5 * 60_000)).toBe(2);
      const list = told[1]?.reply as List;
      expect(list).toMatchObject({ kind: 'list', title: 'News of 29 deals' });
      expect(list.sections[0]?.items).toHaveLength(10);
      expect(list.sections[0]).toMatchObject({ total: 29, more: { verb: 'desk' } });
      expect(list.sections[0]?.items[0]).toMatchObject({
        detail: 'Ana Silva offers it to you',
        button: { verb: 'accept' },
      });
      expect(list.buttons).toEqual([{ verb: 'notify', label: 'Not these again', input: { off: 'offered' } }]);
      await house.store.prisma.person.update({ where: { email: PRIYA }, data: { workingDays } });
      expect(await house.store.prisma.news.count({ where: { toldAt: null } })).toBe(1);
      expect(await tick()).toHaveLength(3);
    });

    test('what was withdrawn or accepted before it is told is left out', async () => {
      await forget();
      await offer(deals[0], 'Tom');
      told.length = 0;
      for (const deal of deals.slice(1, 4)) await offer(deal, 'Tom');
      await house.act('offer', { id: deals[1]?.id, people: 'nobody' });
      await script().expire(deals[2]?.id ?? '');
      await house.aws.sync();
      await house.quiet();
      told.length = 0;
      await toldBy(Date.now() + 5 * 60_000);
      expect(told.map(({ to, reply }) => [to, wordsOf(reply)])).toEqual([
        [TOM, expect.stringContaining('Ana Silva offers it to you')],
      ]);
      expect(card().copyOf?.id).toBe(deals[3]?.id);
    });

    test('whoever wants none is told of none, alone or with others', async () => {
      await forget();
      await house.act('notify', { what: 'without offers' }, { as: LUCIA });
      for (const deal of deals.slice(5, 8)) await offer(deal, 'Lucía');
      expect(await toldBy(Date.now() + 5 * 60_000)).toBe(0);
      await house.act('notify', { what: 'with offers' }, { as: LUCIA });
    });
  });

  test('a clock that was once ahead keeps nobody from being told', async () => {
    const id = await toms();
    const { id: personId } = await house.store.prisma.person.findUniqueOrThrow({ where: { email: TOM } });
    await house.store.prisma.quiet.update({
      where: { personId },
      data: { newsToldAt: new Date(at + 400 * DAY) },
    });
    await act('next-step', { id, text: 'Said by a clock that is right' }, LEAD);
    expect(await tick()).toEqual([[TOM, expect.stringContaining('Said by a clock')]]);
    await act('next-step', { id, text: 'And once more' }, LEAD);
    expect(await tick(60_000)).toHaveLength(1);
  });

  test('what somebody switched off is not told, and not made up for when it is on again', async () => {
    const id = await toms();
    await house.act('notify', { what: 'without changed' }, { as: TOM });
    await act('next-step', { id, text: 'Unheard of' }, LEAD);
    expect(await tick()).toEqual([]);
    await house.act('notify', { what: 'with changed' }, { as: TOM });
    expect(await tick(DAY)).toEqual([]);
    await act('next-step', { id, text: 'Heard of' }, LEAD);
    expect(await tick(2 * DAY)).toEqual([[TOM, expect.stringContaining('“Heard of”')]]);
  });

  test('of several processes at once one tells it, however often they come round', async () => {
    const id = await toms();
    for (const text of ['One', 'Two']) await act('next-step', { id, text }, LEAD);
    await Promise.all(Array.from({ length: 6 }, () => gatherNews(house.store, new Date(at))));
    await Promise.all(Array.from({ length: 6 }, (_, nth) => gatherNews(house.store, new Date(at + nth))));
    expect(await tick(1)).toHaveLength(1);
    expect(await house.store.prisma.news.count({ where: { toldAt: null, dealId: id } })).toBe(0);
  });

  test('what they may not see any more by then is not told, nor is who lost their access', async () => {
    const id = await toms();
    await act('next-step', { id, text: 'Confidential' }, LEAD);
    const row = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    const detail = { ...(row.detail as object), owner: { name: 'Priya Raman', email: PRIYA } };
    await house.store.prisma.deal.update({ where: { id }, data: { ownerEmail: PRIYA, detail } });
    expect(await tick()).toEqual([]);
    await house.store.prisma.deal.update({
      where: { id },
      data: { ownerEmail: TOM, detail: row.detail as object },
    });
    await act('next-step', { id, text: 'Confidential too' }, LEAD);
    await house.store.prisma.person.update({ where: { email: TOM }, data: { role: 'none' } });
    expect(await tick(DAY)).toEqual([]);
    await house.store.prisma.person.update({ where: { email: TOM }, data: { role: 'ACE user' } });
    await forget();
  });

  test('of several deals each is looked at by itself when it is told: what is somebody else’s by then is named nowhere', async () => {
    await forget();
    const [kept, other, lost] = (await dealsOf((owner) => owner === LUCIA)).slice(0, 3);
    for (const it of [kept, other, lost]) await act('next-step', { id: it?.id, text: 'Of many' }, LEAD);
    const row = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: lost?.id ?? '' } });
    const detail = { ...(row.detail as object), owner: { name: 'Priya Raman', email: PRIYA } };
    const gone = { ownerEmail: PRIYA, submittedBy: PRIYA, detail };
    await house.store.prisma.deal.update({ where: { id: row.id }, data: gone });
    const said = await tick();
    expect(said).toHaveLength(1);
    const list = told[0]?.reply as List;
    expect([told[0]?.to, list.title, list.sections[0]?.total]).toEqual([LUCIA, 'News of 2 deals', 2]);
    expect(list.sections[0]?.items.map(({ id }) => id).sort()).toEqual([kept?.id, other?.id].sort());
    for (const word of [row.id, row.company]) expect(JSON.stringify(list)).not.toContain(word);
    const { ownerEmail, submittedBy } = row;
    await house.store.prisma.deal.update({
      where: { id: row.id },
      data: { ownerEmail, submittedBy, detail: row.detail as object },
    });
    await forget();
  });

  test('while the pipeline is read for the first time, what changes is no news', async () => {
    const id = await house.idOf('Cinder Peak Mining');
    await house.store.prisma.agent.update({ where: { id: 1 }, data: { syncedAt: null } });
    await house.store.prisma.deal.update({ where: { id }, data: { status: 'Approved' } });
    expect(await house.store.prisma.news.count({ where: { dealId: id } })).toBe(0);
    await house.store.prisma.agent.update({ where: { id: 1 }, data: { syncedAt: new Date() } });
    await house.store.prisma.deal.update({ where: { id }, data: { status: 'Rejected' } });
    expect(await house.store.prisma.news.findMany({ where: { dealId: id } })).toMatchObject([
      { kind: 'rejected', byId: null },
    ]);
  });
});

function wordsOf(reply: Reply | undefined): string {
  if (reply?.kind === 'card') return [reply.title, reply.subtitle, reply.status].join(' | ');
  if (reply?.kind === 'note') return [reply.text, ...(reply.lines ?? [])].join(' ');
  if (reply?.kind === 'list')
    return reply.sections.flatMap(({ items }) => items.map((it) => `${it.title} ${it.detail}`)).join(' ');
  return reply?.title ?? '';
}
