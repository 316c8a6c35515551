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

  test('what does not fit of a channel’s is listed for whoever presses, and for nobody else', async () => {
    const { prisma } = house.store;
    // Everybody who reads along may see all of it; more is pending than it shows.
    await prisma.person.updateMany({ where: { role: 'ACE user' }, data: { role: 'ACE manager' } });
    await house.slash('ANA', 'schedule here (yes)', 'CDEALS');
    const room = { where: { room: 'CDEALS' } };
    await until('its schedule', async () => (await prisma.subscription.count(room)) > 0);
    const { nextAt } = await prisma.subscription.findFirstOrThrow(room);
    await planDigests(house.store, nextAt);
    const all = () => house.workspace.messages.filter((it) => it.channel === 'CDEALS' && !it.onlyFor);
    await until('the digest', () => all().some((it) => screenOf(it).includes('Pipeline digest')));
    const [posted] = all().filter((it) => screenOf(it).includes('Pipeline digest'));
    const isRest = (it: unknown) => /and \d+ more/.test(screenOf({ blocks: [it] }));
    const tail = (Array.isArray(posted?.blocks) ? posted.blocks : []).filter(isRest);
    const before = all().length;
    if (posted) await house.press('JONAS', { ...posted, blocks: tail.slice(0, 1) }, 'Open privately');
    const answer = await house.shows('JONAS', 'What is lost first comes first');
    expect(answer.onlyFor).toBe('JONAS');
    expect(all()).toHaveLength(before);
  });
});
