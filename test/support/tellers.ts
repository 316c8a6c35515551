/** Somebody at the terminal or in Slack who tells a story: the same acts, each awaited on what they see. */
import { expect } from '@jest/globals';
import { dayCalled } from '../../src/bot/dates.ts';
import { createConsole } from '../../src/console/console.ts';
import type { Log } from '../../src/log.ts';
import { createGlass } from '../console/glass.ts';
import type { TestDatabase } from './databases.ts';
import { LEAD, openTestHouse, type TestHouse, until } from './house.ts';
import { openSlackHouse, type SlackHouse } from './slack-house.ts';

/** Somebody at a door: what they do, and what they must see before they go on. */
export interface Teller<House extends TestHouse = TestHouse> {
  house: House;
  says(line: string, sees: string): Promise<void>;
  fillsIn(answers: string[], sees: string): Promise<void>;
  presses(label: string, sees: string): Promise<void>;
  leaves(): Promise<void>;
}

export async function atTheTerminal(database: TestDatabase): Promise<Teller> {
  const house = await openTestHouse(database);
  const glass = createGlass(100);
  const { desk } = house;
  const seat = createConsole({
    dayCalled,
    ...{ desk, input: glass.input, output: glass.output, errorOutput: glass.output },
    ...{ isTerminal: true, as: LEAD, operator: 'tester', waitMs: 20_000, now: () => new Date() },
  });
  const over = seat.run();
  /** Below what stood there before, line breaks apart. */
  const sees = (from: number, text: string) => {
    const words = text.split(' ').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(words.join('\\s+'));
    return until(`“${text}” on the screen`, () => pattern.test(glass.rows().slice(from).join('\n')));
  };
  const asked = () => until('the next question', () => /(?:ace>|:)$/.test(glass.rows().at(-1) ?? ''));
  const type = async (line: string, text: string) => {
    const from = glass.rows().length;
    glass.type(`${line}\r`);
    await sees(from, text);
  };
  return {
    house,
    async says(line, text) {
      await type(line, text === 'New close date' ? 'Next step (0/255):' : text);
      await asked();
    },
    async fillsIn([first = '', second = ''], text) {
      await type(first, 'New close date:');
      await type(second, text);
      await asked();
    },
    async presses(label, text) {
      const [number] =
        glass
          .rows()
          .join('\n')
          .match(new RegExp(`(?<=\\[)\\d+(?=\\] ${label})`, 'g'))
          ?.slice(-1) ?? [];
      await type(number ?? `no button ${label}`, text);
      // What AWS holds may take days: Enter leaves the wait.
      glass.type('\r');
      await asked();
    },
    async leaves() {
      seat.close();
      await over;
      await house.stop();
    },
  };
}

export async function inSlack(database: TestDatabase, log: Log): Promise<Teller<SlackHouse>> {
  const house = await openSlackHouse(database, { log });
  const sees = async (from: number, text: string) => {
    await until(`“${text}” in Slack`, () =>
      house.workspace
        .seenBy('ANA')
        .slice(from)
        .some((screen) => screen.includes(text)),
    );
  };
  return {
    house,
    async says(line, text) {
      const from = house.workspace.seenBy('ANA').length;
      await house.say('ANA', line);
      if (text === 'New close date') await house.form('ANA');
      else await sees(from, text);
    },
    async fillsIn([first = '', closeDate = ''], text) {
      const from = house.workspace.seenBy('ANA').length;
      await house.submit(await house.form('ANA'), { text: first, closeDate });
      await sees(from, text);
    },
    async presses(label, text) {
      const from = house.workspace.seenBy('ANA').length - 1;
      await house.press('ANA', house.newest('ANA'), label);
      await sees(from, text);
    },
    async leaves() {
      expect(house.workspace.refused).toEqual([]);
      await house.stop();
    },
  };
}
