/** In the thread of a deal's card nobody has to name the deal. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inVerbs } from '../../src/bot/phrases.ts';
import { named, saidUnder, withDeal } from '../../src/bot/threads.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { findPerson } from '../../src/store/people.ts';
import { keepPosting } from '../../src/store/postings.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';
import { LEAD, until } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const COMMANDS = Object.values(vocabulary);

describe('a line that is longer than what is read', () => {
  const marks = '?'.repeat(400_000);

  test('stays as it is, and no deal is looked for', async () => {
    const store = new Proxy({} as Store, {
      get: () => {
        throw new Error('The store was asked.');
      },
    });
    const house = { store, commands: COMMANDS, now: () => new Date() };
    const from = { platform: 'teams' as const, tenant: 'T', user: 'U', conversation: 'C' };
    for (const text of [`next-step${marks}x`, 'a'.repeat(2001)])
      expect(await saidUnder(house, text, from, [{ kind: 'message' }])).toBe(text);
    await expect(saidUnder(house, 'a'.repeat(2000), from, [{ kind: 'message' }])).rejects.toThrow(
      'The store was asked.',
    );
  });

  test('is looked through once, however many marks stand in it', () => {
    expect(inVerbs(`what is pending${marks}`)).toBe('list pending');
    expect(inVerbs(`what is pending${marks}x`)).toBe(`what is pending${marks}x`);
    expect(inVerbs('?')).toBe('help');
    expect(inVerbs('??')).toBe('help');
  }, 10_000);
});

describe('the deal of a thread is put in', () => {
  const put: [string, string][] = [
    ['', 'show O1'],
    ['next step: demo with the CFO', 'next-step O1: demo with the CFO'],
    ['Next-Step: call Acme: now (close 31 Dec)', 'next-step O1: call Acme: now (close 31 Dec)'],
    ['add the next step: demo', 'next-step O1: demo'],
    ['next step for this: demo', 'next-step O1: demo'],
    ['next step', 'next-step O1'],
    ['accept', 'accept O1'],
    ['accept!', 'accept O1'],
    ['accept this', 'accept O1'],
    ['accept for Lucía', 'accept O1 for Lucía'],
    ['accept this for Lucía', 'accept O1 for Lucía'],
    ['transfer to Tom Keller (contact yes)', 'transfer O1 to Tom Keller (contact yes)'],
    ['offer: Priya, Tom', 'offer O1 to Priya, Tom'],
    ['reject: no capacity (yes)', 'reject O1: no capacity (yes)'],
    ['move this to Committed', 'change-stage O1: Committed'],
    ['stage to Committed (solution X)', 'change-stage O1: Committed (solution X)'],
    ['change stage: Committed', 'change-stage O1: Committed'],
    ['flag', 'flag O1'],
    ['history', 'history O1'],
  ];
  test.each(put)('in “%s”', (said, meant) => {
    expect(withDeal(said, 'O1', COMMANDS)).toBe(meant);
  });

  const left = [
    'next step for Acme: demo',
    'accept Acme',
    'accept 2 for Lucía',
    'show engi-0123456789abc',
    'move Acme to Committed',
    'desk',
    'list pending',
    'find this',
    'help',
    'waiting cancel 1',
    'people',
    'good morning',
  ];
  test.each(left)('but not in “%s”, which names its own or needs none', (said) => {
    expect(withDeal(said, 'O1', COMMANDS)).toBe(said);
  });
});

describe.each(databases)('in a thread, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  /** The stages are far from closed: AWS takes a next step. */
  async function open(nth: number): Promise<{ id: string; company: string }> {
    const rows = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
      orderBy: { id: 'asc' },
      skip: nth,
      take: 1,
    });
    const [row] = rows;
    if (!row) throw new Error('practice mode has more');
    return row;
  }
  const wishes = async (dealId: string) =>
    (await house.store.prisma.change.findMany({ where: { dealId } })).map(({ wish }) => JSON.stringify(wish));
  async function answered(user: Id, act: () => Promise<unknown>): Promise<string> {
    const privately = () => house.messages(user).filter(({ channel }) => channel.startsWith('D'));
    const before = privately().length;
    await act();
    await until('an answer', () => privately().length > before);
    return screenOf(privately().at(-1) ?? {});
  }
  const under = (user: Id, thread: string, text: string, channel = `D${user}`) =>
    house.event(
      channel.startsWith('D')
        ? { type: 'message', channel_type: 'im', channel, user, text, thread_ts: thread }
        : {
            type: 'app_mention',
            channel,
            user,
            text: `<@${house.workspace.bot}> ${text}`,
            thread_ts: thread,
          },
    );
  /** A card in a channel, as bot/rooms keeps it. */
  async function inRoom(dealId: string, ts: string): Promise<void> {
    const lead = await findPerson(house.store, LEAD);
    await keepPosting(house.store, {
      ...{ dealId, personId: lead?.id ?? '', platform: 'slack', version: 1, shown: '', timeZone: null },
      ref: { kind: 'message', team: 'T1', channel: 'C7', ts, post: 'a-post' },
    });
  }

  test('of a card in private, a next step needs no deal named', async () => {
    const { id, company } = await open(0);
    await answered('ANA', () => house.tell('ANA', `show ${id}`));
    const card = house.newest('ANA');
    const said = await answered('ANA', () => under('ANA', card.ts, 'next step: Demo with the CFO on site'));
    expect(said).toContain(company);
    expect(house.newest('ANA').thread).toBe(card.ts);
    await until('the wish', async () =>
      (await wishes(id)).some((it) => it.includes('Demo with the CFO on site')),
    );
  });

  test('the copies that hang in it tell of which deal it speaks where its head does not', async () => {
    const { id } = await open(1);
    await answered('ANA', () => under('ANA', '1600000000.000001', `show ${id}`));
    // It is written down after it was sent.
    const kept = { dealId: id, ref: { path: ['thread'], equals: '1600000000.000001' } };
    await until('the copy', async () => (await house.store.prisma.posting.count({ where: kept })) > 0);
    await answered('ANA', () => under('ANA', '1600000000.000001', 'next step: Second meeting'));
    await until('the wish', async () => (await wishes(id)).some((it) => it.includes('Second meeting')));
  });

  test('of a card in a channel, a mention alone shows the deal, privately', async () => {
    const { id, company } = await open(2);
    await inRoom(id, '1700000001.000001');
    expect(await answered('ANA', () => under('ANA', '1700000001.000001', '', 'C7'))).toContain(company);
    expect(house.workspace.seenBy('TOM', 'C7').join()).not.toContain(company);
  });

  test('a deal that is named is the one that is meant', async () => {
    const [there, meant] = [await open(3), await open(4)];
    await inRoom(there.id, '1700000002.000001');
    await answered('ANA', () =>
      under('ANA', '1700000002.000001', `next step for ${meant.id}: Elsewhere`, 'C7'),
    );
    await until('the wish', async () => (await wishes(meant.id)).some((it) => it.includes('Elsewhere')));
    expect((await wishes(there.id)).join()).not.toContain('Elsewhere');
  });

  test('whoever may not see the deal gets the answer for one that does not exist', async () => {
    const id = await house.idOf('Tamarind Airways');
    await inRoom(id, '1700000003.000001');
    const said = await answered('LUCIA', () => under('LUCIA', '1700000003.000001', 'accept', 'C7'));
    expect(said).toContain(`I know no deal “${id}”`);
    const unknown = await answered('LUCIA', () => house.mention('LUCIA', 'C7', 'accept engi-0000000000000'));
    expect(said.replaceAll(id, 'X')).toBe(unknown.replaceAll('engi-0000000000000', 'X'));
    expect(await wishes(id)).toEqual([]);
  });

  test('of no deal, the words mean what they mean anywhere', async () => {
    expect(await answered('ANA', () => under('ANA', '1700000004.000001', 'accept', 'C7'))).toContain(
      'Which deal?',
    );
  });

  test('a form that asks for its deal reads no more of its name than anybody writes', async () => {
    const actor = await findPerson(house.store, LEAD);
    if (!actor) throw new Error('There is no lead.');
    const told = { store: house.store, commands: COMMANDS, now: () => new Date() };
    const from = { platform: 'slack' as const, tenant: 'T1', user: 'UANA', conversation: 'C' };
    const input = { deal: 'ab '.repeat(100_000), text: 'Call them' };
    const it = await named(told, { verb: 'next-step', input, from }, actor);
    const form = 'reply' in it && it.reply.kind === 'form' ? it.reply : undefined;
    expect(form?.errors?.deal).toContain('I know no deal “ab ab');
    expect(form?.errors?.deal?.length).toBeLessThan(8200);
    expect(form?.fields[1]).toMatchObject({ id: 'text', value: 'Call them' });
  });

  test('of another workspace with the same numbers is another thread', async () => {
    const { id } = await open(2);
    const lead = await findPerson(house.store, LEAD);
    await keepPosting(house.store, {
      ...{ dealId: id, personId: lead?.id ?? '', platform: 'slack', version: 1, shown: '', timeZone: null },
      ref: { kind: 'message', team: 'T2', channel: 'C7', ts: '1700000005.000001' },
    });
    expect(await answered('ANA', () => under('ANA', '1700000005.000001', 'accept', 'C7'))).toContain(
      'Which deal?',
    );
  });
});
