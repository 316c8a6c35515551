/** That the house itself ticks; what a tick does is told by the other files, on a driven clock. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, type TestHouse, until } from '../support/house.ts';

let house: TestHouse;
beforeAll(async () => {
  const [, postgres] = databases;
  if (!postgres) throw new Error('There are two databases.');
  house = await openTestHouse(postgres, { clock: true });
});
afterAll(() => house?.stop());

test('what is due rings within the minute, once', async () => {
  const { reminder, person, notice } = house.store.prisma;
  const { id: personId } = await person.findUniqueOrThrow({ where: { email: LEAD } });
  const dealId = await house.idOf('Northgate Tram Works');
  const at = new Date(Date.now() - 1000);
  await reminder.create({ data: { personId, dealId, at, setAt: at } });
  const rung = () => reminder.count({ where: { personId, dealId, toldAt: { not: null } } });
  await until('the bell', async () => (await rung()) === 1, 90);
  expect(await notice.count({ where: { kind: 'reminder', dealId } })).toBe(1);
}, 100_000);
