/** The tables of the clock are swept by their own moments: a driven clock deletes what has served, and nothing else. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/store/store.ts';
import { sweep } from '../../src/store/sweep.ts';
import { databases } from '../support/databases.ts';

const DAY = 24 * 60 * 60 * 1000;

describe.each(databases)('sweep, on $name', (database) => {
  let store: Store;
  beforeAll(async () => {
    store = await database.open();
  });
  afterAll(() => store?.close());

  const now = new Date('2027-03-01T03:17:00Z');
  const ago = (days: number) => new Date(now.getTime() - days * DAY);
  const uuid = () => randomUUID();

  test('what has served is deleted after its days, and what has not stays', async () => {
    const { prisma } = store;
    const [personId, byId] = [uuid(), uuid()];
    const { id: subscriptionId } = await prisma.subscription.create({ data: { personId, nextAt: now } });
    for (const days of [29, 31])
      await prisma.digest.create({
        data: {
          ...{ subscriptionId, day: ago(days), dueAt: ago(days), state: 'sent' },
          lines: { create: { nth: 1, section: 'stale', dealId: `O${days}` } },
        },
      });
    const news = { personId, kind: 'approved', body: {}, at: ago(40) };
    await prisma.news.createMany({
      data: [
        { ...news, dealId: 'told 29', toldAt: ago(29) },
        { ...news, dealId: 'told 31', toldAt: ago(31) },
        { ...news, dealId: 'untold 40' },
        { ...news, dealId: 'untold 61', at: ago(61) },
      ],
    });
    for (const days of [399, 401]) {
      await prisma.clock.create({
        data: { dealId: `engi-${days}`, startedAt: ago(days + 5), outcome: 'lost', endedAt: ago(days) },
      });
      await prisma.rung.create({
        data: { dealId: `engi-${days}`, personId, name: 'offered', at: ago(days) },
      });
      const cover = { personId: uuid(), coverId: uuid(), byId, from: ago(days + 3) };
      await prisma.cover.create({ data: { ...cover, until: ago(days - 2), endedAt: ago(days) } });
      await prisma.cover.create({ data: { ...cover, personId: uuid(), until: ago(days) } });
      const route = { name: `rule ${days}`, position: 1, fits: {}, offerTo: [], byId };
      await prisma.route.create({ data: { ...route, endedAt: ago(days) } });
    }
    await prisma.clock.create({ data: { dealId: 'engi-open', startedAt: ago(500) } });
    await prisma.rung.create({ data: { dealId: 'engi-open', personId, name: 'offered', at: ago(500) } });
    const reminder = { personId, at: ago(50), setAt: ago(60) };
    await prisma.reminder.createMany({
      data: [
        { ...reminder, dealId: 'O1', toldAt: ago(31) },
        { ...reminder, dealId: 'O2', toldAt: ago(29) },
        { ...reminder, dealId: 'O3' },
      ],
    });
    const nudge = { ownerId: personId, byId };
    await prisma.nudge.createMany({
      data: [
        { ...nudge, dealId: 'O1', at: ago(91) },
        { ...nudge, dealId: 'O2', at: ago(89) },
      ],
    });
    await sweep(store, now);
    await sweep(store, now);
    const ids = async (rows: Promise<{ dealId: string }[]>) =>
      (await rows).map(({ dealId }) => dealId).sort();
    expect(await ids(prisma.digestLine.findMany())).toEqual(['O29']);
    expect(await prisma.digest.count()).toBe(1);
    expect(await ids(prisma.news.findMany())).toEqual(['told 29', 'untold 40']);
    expect(await ids(prisma.clock.findMany())).toEqual(['engi-399', 'engi-open']);
    expect(await ids(prisma.rung.findMany())).toEqual(['engi-399', 'engi-open']);
    expect(await ids(prisma.reminder.findMany())).toEqual(['O2', 'O3']);
    expect(await ids(prisma.nudge.findMany())).toEqual(['O2']);
    expect((await prisma.route.findMany()).map(({ name }) => name)).toEqual(['rule 399']);
    expect(await prisma.cover.count()).toBe(2);
    expect(await prisma.subscription.count()).toBe(1);
  });
});
