/** Teams sends again what it thinks was lost: under the same id, or seconds later under a new one. One effect at AWS. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { replayAll } from '../../src/replays.ts';
import { receiveWords } from '../../src/store/receive-words.ts';
import { readActivity } from '../../src/teams/activity.ts';
import { digestsOf, keyOfMessage } from '../../src/teams/words.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { executed, post, said } from '../support/teams-activities.ts';
import { buttonNamed } from '../support/teams-client.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import type { Message } from '../support/teams-microsoft.ts';
import { type Json, parts, screenOf } from '../support/teams-screen.ts';

describe.each(databases)('sent twice, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  test.each([
    ['while the first is under way', 'Saffron Road Foods', false],
    ['once AWS has confirmed it', 'Juniper Lane Pharmacies', true],
  ])(
    'words under the same id and under a new one 15 s later reach AWS once, %s',
    async (_, company, settled) => {
      const { target } = house;
      const words = said(target, 'ANA', `next-step ${company}: Said only once to ${company}`);
      const same = await Promise.all([post(target, words), post(target, words)]);
      if (settled) {
        await house.shows('ANA', `Said only once to ${company}`);
        await house.quiet();
      }
      const later = new Date(Date.parse(String(words.timestamp)) + 15_000).toISOString();
      const again = { ...words, id: `${words.id}9`, timestamp: later, localTimestamp: later };
      expect([...same, await post(target, again)].map(({ status }) => status)).toEqual([200, 200, 200]);
      await house.shows('ANA', `Said only once to ${company}`);
      await house.quiet();
      expect((await house.effects(await house.idOf(company))).map(({ kind }) => kind)).toEqual(['update']);
    },
  );

  describe('and answered after a crash', () => {
    const heard = (it: Json) => {
      const on = readActivity(it);
      if (on?.kind !== 'words') throw new Error('These are words.');
      return on;
    };
    /** As the clock does each minute, two minutes later. */
    async function replayed(): Promise<void> {
      const { store, log, door } = house;
      const at = new Date(Date.now() - 2 * 60_000);
      await store.prisma.inbox.updateMany({ where: { handledAt: null }, data: { at } });
      await replayAll(store, new Map([['teams', door.replay]]), log, new Date());
      await house.quiet();
    }
    const wishes = async (dealId: string) =>
      (await house.store.prisma.change.findMany({ where: { dealId }, orderBy: { seq: 'asc' } }))
        .flatMap(({ wish }) => /Visit|Call/.exec(JSON.stringify(wish)) ?? [])
        .map(String);
    async function answered(it: Json): Promise<void> {
      const before = house.messages('ANA').length;
      expect((await post(house.target, it)).status).toBe(200);
      await until('an answer', () => house.messages('ANA').length > before);
      await house.quiet();
    }
    const about = (id: string, text: string) => said(house.target, 'ANA', `next-step ${id}: ${text}`);
    async function working(nth: number): Promise<string> {
      const where = { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null } as const;
      const rows = await house.store.prisma.deal.findMany({
        where,
        orderBy: { id: 'asc' },
        skip: nth,
        take: 1,
      });
      return rows[0]?.id ?? '';
    }

    test('words that nobody took up, and took effect when they were sent again, are not done once more', async () => {
      const id = await working(0);
      const words = about(id, 'Visit them');
      const body = { key: keyOfMessage(heard(words)), body: words, ...digestsOf(heard(words)) };
      expect(await receiveWords(house.store, 'teams', body)).toBe('new');
      await answered({ ...words, id: `${words.id}9` });
      await answered(about(id, 'Call them'));
      const before = house.messages('ANA').length;
      await replayed();
      expect(await wishes(id)).toEqual(['Visit', 'Call']);
      expect(house.messages('ANA')).toHaveLength(before);
      expect(await house.store.prisma.inbox.count({ where: { handledAt: null } })).toBe(0);
    });

    test('words that nobody took up, and that were not sent again, are done', async () => {
      const id = await working(1);
      const words = about(id, 'Visit them');
      const body = { key: keyOfMessage(heard(words)), body: words, ...digestsOf(heard(words)) };
      await receiveWords(house.store, 'teams', body);
      await replayed();
      expect(await wishes(id)).toEqual(['Visit']);
    });

    test('whose answer Teams did not take are done once, and answered', async () => {
      const id = await working(2);
      const before = house.messages('ANA').length;
      house.microsoft.fail('send', { status: 503, retryAfter: 0, times: 4 });
      await post(house.target, about(id, 'Visit them'));
      const sends = () => house.microsoft.calls.filter(({ operation }) => operation === 'send').length;
      const asked = sends();
      await until('four tries', () => sends() >= asked + 4 || house.messages('ANA').length > before);
      await house.quiet();
      await replayed();
      await until('an answer', () => house.messages('ANA').length > before);
      expect(await wishes(id)).toEqual(['Visit']);
    });

    test('words that were heard before stay undone, though it could not be said', async () => {
      const id = await working(3);
      const words = about(id, 'Visit them');
      await answered(words);
      await answered(about(id, 'Call them'));
      house.microsoft.fail('send', { status: 400, code: 'BadArgument' });
      await post(house.target, { ...words, id: `${words.id}9` });
      await house.quiet();
      await replayed();
      expect(await wishes(id)).toEqual(['Visit', 'Call']);
    });
  });

  test('a button pressed twice, and once more a while later, is one act', async () => {
    const { target } = house;
    await house.say('ANA', 'show Evergrove Timber');
    const isIt = (it: Message) => screenOf(it.cards.at(-1)).startsWith('Evergrove Timber');
    await until('the card', () => house.messages('ANA').some(isIt));
    const card = house.messages('ANA').findLast(isIt) ?? house.newest('ANA');
    const { verb, data } = buttonNamed(house.cardOf('ANA', card), 'Accept');
    const press = () =>
      post(target, executed(target, 'ANA', { verb, data: parts(data) }, { message: card.id }));
    const both = await Promise.all([press(), press()]);
    await house.quiet();
    expect([...both, await press()].map(({ status }) => status)).toEqual([200, 200, 200]);
    await house.quiet();
    expect((await house.effects()).filter(({ kind }) => kind === 'accept')).toHaveLength(1);
  });
});
