/** CLOCK=0: nothing comes by itself; but what somebody offers is told, also the second of two. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Messenger } from '../../src/bot/intent.ts';
import { gatherOffers } from '../../src/bot/news.ts';
import { BURST_MS } from '../../src/pipeline/news.ts';
import type { Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { openTestHouse, TEAM, type TestHouse, until, wakeAll } from '../support/house.ts';

const [PRIYA = ''] = TEAM.users;
let house: TestHouse;
const told: Reply[] = [];
beforeAll(async () => {
  const [, postgres] = databases;
  if (!postgres) throw new Error('There are two databases.');
  house = await openTestHouse(postgres, { clock: false });
  const messenger: Messenger = {
    platform: 'teams',
    tell: async (_, reply) => {
      told.push(reply);
      return { ts: `${told.length}` };
    },
    redraw: async (ref) => ref,
    find: async (email) => ({ tenant: 'T', user: email }),
  };
  await house.addMessenger(messenger);
  await wakeAll(house);
});
afterAll(() => house?.stop());

test('the second of two offers within minutes is told by the house’s own tick, and nothing else is', async () => {
  const { news, quiet, deal } = house.store.prisma;
  const [one, two] = [await house.idOf('Cobalt Ridge Utilities'), await house.idOf('Evergrove Timber')];
  for (const id of [one, two]) expect((await house.act('offer', { id, people: 'Priya' })).ok).toBe(true);
  const { id } = await deal.findFirstOrThrow({
    where: {
      ...{ ownerEmail: PRIYA, kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
      OR: [{ submittedBy: null }, { submittedBy: PRIYA }],
    },
    orderBy: { id: 'asc' },
  });
  await house.act('next-step', { id, text: 'A word of somebody else' });
  await house.quiet();
  expect(told).toMatchObject([{ kind: 'card', copyOf: { id: one } }]);
  const waiting = { toldAt: null };
  const kinds = async () => (await news.findMany({ where: waiting })).map(({ kind }) => kind).sort();
  expect(await kinds()).toEqual(['changed', 'offered']);
  // What was told a moment ago is a moment ago, however long such a process waits for one with a clock.
  await gatherOffers(house.store, new Date(), 60_000);
  expect(await kinds()).toEqual(['changed', 'offered']);
  // So much later; a process with a clock would have had its minute.
  await quiet.updateMany({ data: { newsToldAt: new Date(Date.now() - BURST_MS - 60_000) } });
  await until('the tick', () => told.length === 2, 90);
  expect(told[1]).toMatchObject({ kind: 'card', copyOf: { id: two } });
  expect(await kinds()).toEqual(['changed']);
}, 100_000);
