/** One story, told at the console, on both databases. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from './support/databases.ts';
import { openTestHouse, type TestHouse } from './support/house.ts';

describe.each(databases)('on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  test('a referral is accepted by one line, its history shows AWS’s confirmation, and the accepter is its owner', async () => {
    const { text, code } = await house.script('list pending\naccept 1\nhistory\n');
    expect(text).toContain('AWS confirmed the acceptance');
    expect(text).toMatch(/AWS request [0-9a-f-]{36}/);
    expect(code).toBe(0);
    const world = await house.practice.world();
    expect(world.applied.filter((effect) => effect.kind === 'accept')).toHaveLength(1);
  });
});
