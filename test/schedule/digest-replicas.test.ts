/** Two processes of the house on one database, each with its own pools and queue: a digest a person, a message each. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/store/store.ts';
import type { Child } from '../support/child.ts';
import { databases, openAt } from '../support/databases.ts';
import { openPostOffice, type PostOffice } from '../support/deliveries.ts';
import { beforeNine, begin, startMorning } from '../support/digest-morning.ts';
import { until } from '../support/house.ts';

/** More than one call of the queue's handler gets: neither is given all of them. */
const MANY = 400;

const children: Child[] = [];
let office: PostOffice | undefined;
let store: Store | undefined;
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  await office?.close();
  await store?.close();
});

/** Every digest has one more job, whoever works on the first: as when the queue gives a job back that is still at work. */
const askedTwice = (it: Store): Promise<unknown> =>
  it.prisma.$queryRaw`
    SELECT count(enqueue('deliver-slack-digests', jsonb_build_object('digest', id)))::int FROM digest`;

// PGlite's folder is one process's: two cannot share it.
describe.each(databases.filter(({ name }) => name === 'PostgreSQL'))(
  'two processes on one $name',
  (database) => {
    test('plan and send the same morning at the same moment: everybody has one digest, and gets one message', async () => {
      const place = await database.place();
      await beforeNine(place, MANY);
      const post = await openPostOffice(undefined, 2);
      office = post;
      const it = await openAt(place);
      store = it;
      const both = ['xoxb-one', 'xoxb-other'].map((token) => startMorning(place, post.apiUrl, token));
      children.push(...both);
      await Promise.all(both.map((child) => child.said('open')));
      for (const child of both) begin(child);
      await until('the first messages', () => post.letters.length >= 20);
      await askedTwice(it);
      await Promise.all(both.map((child) => child.said('delivered')));

      expect(await it.prisma.digest.count()).toBe(MANY);
      expect(await it.prisma.digest.count({ where: { state: 'sent', sentAt: { not: null } } })).toBe(MANY);
      const arrived = post.letters.map(({ channel }) => channel).sort();
      expect(arrived).toEqual(Array.from({ length: MANY }, (_, nth) => `DU${nth}`).sort());
      // Both took part: it was a race.
      expect(new Set(post.letters.map(({ from }) => from))).toEqual(
        new Set(['Bearer xoxb-one', 'Bearer xoxb-other']),
      );
    }, 120_000);
  },
);
