/** What somebody put off stays on their desk, and says until when; digest and sprint leave it out meanwhile. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { openTestHouse, TEAM, type TestHouse } from '../support/house.ts';

const [PRIYA = ''] = TEAM.users;

describe.each(databases)('on $name', (database) => {
  let house: TestHouse;
  let now = new Date('2026-11-20T10:00:00Z');
  beforeAll(async () => {
    house = await openTestHouse(database, { now: () => now });
    const data = { timeZone: 'Europe/Berlin' };
    await house.store.prisma.person.update({ where: { email: PRIYA }, data });
  });
  afterAll(() => house?.stop());

  const linesOf = async (verb: 'desk' | 'digest', as = PRIYA) => {
    const { reply } = await house.act(verb, {}, { as });
    return reply.kind === 'list' ? reply.sections.flatMap(({ items }) => items) : [];
  };
  const lineOf = async (id: string, verb: 'desk' | 'digest' = 'desk', as = PRIYA) =>
    (await linesOf(verb, as)).find((item) => item.id === id);
  const putOff = async (dealId: string, at: string) => {
    const { id: personId } = await house.store.prisma.person.findUniqueOrThrow({ where: { email: PRIYA } });
    const moments = { at: new Date(at), setAt: now, toldAt: null };
    await house.store.prisma.reminder.upsert({
      where: { personId_dealId: { personId, dealId } },
      create: { personId, dealId, ...moments },
      update: moments,
    });
  };

  test('its line ends with the day, or with the time where that is today; a colleague’s says nothing', async () => {
    const [{ id = '', detail = '' } = {}] = await linesOf('digest');
    expect(id).not.toBe('');
    expect((await lineOf(id))?.detail).not.toContain('put off');
    await putOff(id, '2026-11-26T08:00:00Z');
    expect((await lineOf(id))?.detail).toMatch(/ · put off until Thu 26 Nov$/);
    expect(await lineOf(id, 'digest')).toBeUndefined();
    expect((await lineOf(id, 'desk', TEAM.lead))?.detail ?? '').not.toContain('put off');
    await putOff(id, '2026-11-20T14:30:00Z');
    expect((await lineOf(id))?.detail).toMatch(/ · put off until 15:30$/);
    now = new Date('2026-11-20T14:31:00Z');
    expect((await lineOf(id))?.detail).not.toContain('put off');
    expect((await lineOf(id, 'digest'))?.title).toBeDefined();
    expect(detail).not.toContain('put off');
    now = new Date('2026-11-20T10:00:00Z');
  });

  test('what was put off before it became something else is put off still', async () => {
    const [{ id = '' } = {}] = await linesOf('desk');
    const before = await house.idOf('Tamarind Airways');
    await house.store.prisma.reminder.deleteMany();
    await putOff(before, '2026-11-26T08:00:00Z');
    expect((await lineOf(id))?.detail).not.toContain('put off');
    await house.store.prisma.deal.update({ where: { id: before }, data: { successor: id } });
    expect((await lineOf(id))?.detail).toMatch(/ · put off until Thu 26 Nov$/);
  });
});
