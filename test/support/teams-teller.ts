/** Somebody in Teams who tells a story (tellers.ts): the same acts, each awaited on what they see. */
import { expect } from '@jest/globals';
import type { Log } from '../../src/log.ts';
import type { TestDatabase } from './databases.ts';
import { until } from './house.ts';
import { fresh } from './teams-client.ts';
import { openTeamsHouse, type TeamsHouse } from './teams-house.ts';
import { fieldsOf } from './teams-screen.ts';
import type { Teller } from './tellers.ts';

export async function inTeams(database: TestDatabase, log: Log): Promise<Teller<TeamsHouse>> {
  const house = await openTeamsHouse(database, { log });
  /** A card is redrawn in place: what a screen showed before counts only where it is another by now. */
  const after = async (act: () => Promise<unknown>, text: string) => {
    const before = house.screens('ANA');
    await act();
    await until(`“${text}” in Teams`, () =>
      fresh(before, house.screens('ANA')).some((screen) => screen.includes(text)),
    ).catch((error: Error) => {
      throw new Error(
        `${error.message}\nshown: ${[...house.screens('ANA').values()].slice(-3).join('\n---\n')}`,
      );
    });
  };
  const form = () => {
    const found = house.messages('ANA').findLast((it) => fieldsOf(house.cardOf('ANA', it)).length > 0);
    if (!found) throw new Error('There is no form in the chat.');
    return found;
  };
  return {
    house,
    says: (line, text) => after(() => house.tell('ANA', line), text),
    fillsIn: ([first = '', closeDate = ''], text) =>
      after(() => house.press('ANA', form(), /./, { text: first, closeDate }), text),
    presses: (label, text) => after(() => house.press('ANA', house.newest('ANA'), label), text),
    async leaves() {
      expect(house.microsoft.refused).toEqual([]);
      await house.stop();
    },
  };
}
