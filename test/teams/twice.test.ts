/** Teams sends again what it thinks was lost: under the same id, or seconds later under a new one. One effect at AWS. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { executed, post, said } from '../support/teams-activities.ts';
import { buttonNamed } from '../support/teams-client.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import type { Message } from '../support/teams-microsoft.ts';
import { parts, screenOf } from '../support/teams-screen.ts';

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
