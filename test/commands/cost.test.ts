/** What a command costs: as many statements with two thousand deals as with sixty, and never a call to AWS. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';
import { openTestHouse, senderOf, TEAM, type TestHouse, until } from '../support/house.ts';
import { countStatements } from '../support/statements.ts';

/** Every opportunity fifty times over, each with its own id and customer. */
const multiply = ({ prisma }: Store) => prisma.$executeRaw`
  INSERT INTO deal SELECT copy.* FROM (SELECT d AS row, d.id || lpad(g::text, 3, '0') AS id, d.company || ' ' || g AS company
    FROM deal d, generate_series(1, 50) g WHERE d.kind = 'opportunity') n,
  LATERAL jsonb_populate_record(n.row, jsonb_build_object('id', n.id, 'company', n.company,
    'detail', (n.row).detail || jsonb_build_object('id', n.id, 'company', n.company))) AS copy`;

describe.each(databases)('on $name', (database) => {
  let house: TestHouse;
  let counter: ReturnType<typeof countStatements>;
  beforeAll(async () => {
    house = await openTestHouse(database);
    counter = countStatements(house.store);
  });
  afterAll(async () => {
    counter?.stop();
    await house?.stop();
  });
  const say = (text: string, as: string) => () =>
    house.desk.say({ text, from: senderOf(as), key: randomUUID() });

  /** Of each command as two people say it: one who sees everything, and an ACE user. */
  async function costs(nth: number): Promise<Record<string, number>> {
    const referral = await house.practice.script.newReferral();
    await house.aws.sync();
    await say('desk', TEAM.lead)();
    const lines = {
      ...Object.fromEntries(
        ['desk', 'list', 'list pending', 'show 1', 'history', 'waiting', 'help'].map((it) => [it, it]),
      ),
      name: 'show Northgate Tram Works',
      beginning: 'show Northgate Tram W',
      accept: `accept ${referral}`,
      'next-step': `next-step Northgate Tram Works: step ${nth}`,
    };
    const entries: [string, number][] = [];
    // A deal that AWS's answer to the last step changes at that very moment is read and written once more.
    const settled = async () => {
      await house.quiet();
      await house.aws.sync();
    };
    for (const [name, line] of Object.entries(lines)) {
      entries.push([name, await counter.during(say(line, TEAM.lead))]);
      await settled();
      if (name !== 'accept')
        entries.push([`${name}, ACE user`, await counter.during(say(line, TEAM.users[0] ?? ''))]);
      await settled();
    }
    return Object.fromEntries(entries);
  }

  test('the statements of a command are few, and as many with 2,000 deals as with 60', async () => {
    const few = await costs(1);
    await multiply(house.store);
    expect(await house.store.prisma.deal.count()).toBeGreaterThan(1900);
    const many = await costs(2);
    expect(many).toEqual(few);
    expect(few.desk).toBeGreaterThanOrEqual(2);
    for (const [name, statements] of Object.entries(few))
      expect([name, statements <= 6]).toEqual([name, true]);
  });

  test('desk, list, show and history ask AWS nothing', async () => {
    const calls = async () => (await house.practice.world()).calls;
    // Between two looks of the clock, which reads what changed every ten seconds.
    await until('a round of questions without a call to AWS', async () => {
      await house.aws.sync();
      await house.practice.script.up();
      const before = await calls();
      for (const line of [
        'desk',
        'list',
        'list pending',
        'show 1',
        'show Northgate',
        'history',
        'waiting',
        'help',
      ])
        await say(line, TEAM.lead)();
      await house.practice.script.up();
      return JSON.stringify(await calls()) === JSON.stringify(before);
    });
  });
});
