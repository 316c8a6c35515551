/** A morning in Slack: one digest in the person's own conversation, ticked off in place as they act. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

describe.each(databases)('a digest in Slack, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(() => house?.stop());

  const digests = () =>
    house
      .messages('PRIYA')
      .map(screenOf)
      .filter((text) => text.includes('Your digest, '));
  /** The next one is due now, as if its morning had come. */
  async function morning(daysOn: number) {
    const now = new Date(Date.now() + daysOn * 24 * 3_600_000);
    const { store } = house;
    await planDigests(store, now);
    await store.prisma.subscription.updateMany({ data: { days: [1, 2, 3, 4, 5, 6, 7], pausedUntil: null } });
    await planDigests(store, now);
    for (const { id, nextAt } of await store.prisma.subscription.findMany()) {
      await store.prisma.subscription.update({ where: { id }, data: { nextAt } });
      await planDigests(store, nextAt);
    }
    await house.quiet();
  }

  test('comes after the first use, once, and names what needs them', async () => {
    await morning(0);
    expect(digests()).toEqual([]);
    await house.say('PRIYA', 'help');
    await morning(0);
    await until('the digest', () => digests().length > 0);
    expect(digests()).toHaveLength(1);
    expect(digests()[0]).toMatch(/Juniper Lane Pharmacies|Northgate Tram Works|Glasswing Biotech/);
    // Each has its Slack rules checked when it is posted.
    expect(house.workspace.refused).toEqual([]);
  });

  test('is switched off from itself in one step', async () => {
    await house.say('PRIYA', 'digest off');
    await house.shows('PRIYA', 'Your digest is off');
    await morning(1);
    expect(digests()).toHaveLength(1);
  });
});
