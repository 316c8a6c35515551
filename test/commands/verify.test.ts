/** history --verify: those who answer for the record have it proved whole, or hear where it first breaks. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, openTestHouse, TEAM, type TestHouse } from '../support/house.ts';

describe.each(databases)('on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
    const id = await house.idOf('Northgate Tram Works');
    await house.script(`next-step ${id}: Signed off\n`);
    await house.quiet();
  });
  afterAll(() => house?.stop());

  const verified = async (as: string) => {
    const { text, code } = await house.script('history --verify\n', as);
    return { text: flat(text), code };
  };

  test('the alliance lead and the alliance team hear that all of it holds', async () => {
    for (const as of [TEAM.lead, TEAM.team])
      expect(await verified(as)).toEqual({
        text: 'The record is whole: 3 steps of 1 Change, each with the hash of the one before it.',
        code: 0,
      });
    const { text } = await house.script('history verify\n');
    expect(flat(text)).toMatch(/^The record is whole/);
  });

  test('ACE managers and ACE users are told who can', async () => {
    for (const as of [TEAM.manager, TEAM.users[0] ?? ''])
      expect(await verified(as)).toEqual({
        text: 'Only the alliance lead and the alliance team can have the whole record verified.',
        code: 1,
      });
  });

  test('a step altered in the database itself is named: which Change, which step, when, what', async () => {
    const { prisma } = house.store;
    const { id } = await prisma.change.findFirstOrThrow();
    await prisma.$executeRaw`ALTER TABLE transition DISABLE TRIGGER ALL`;
    await prisma.$executeRaw`UPDATE transition SET at = at + interval '1 second' WHERE state = 'confirmed'`;
    await prisma.$executeRaw`ALTER TABLE transition ENABLE TRIGGER ALL`;
    const { text, code } = await verified(TEAM.team);
    expect(code).toBe(1);
    expect(text).toMatch(
      new RegExp(
        `^The record is not whole\\. First break: Change ${id} \\(update, deal O\\d+\\), step 3, .*\\d\\d:\\d\\d\\. Its hash does not fit`,
      ),
    );
  });
});
