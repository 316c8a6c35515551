/** A reminder rings once, however many tick; what it is about is drawn as it is then. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ringReminders } from '../../src/store/reminders.ts';
import { databases } from '../support/databases.ts';
import { LEAD, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;
const HOUR = 60 * 60 * 1000;

describe.each(databases)('the tick of reminders, on $name', (database) => {
  let house: SlackHouse;
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  beforeAll(async () => {
    house = await openSlackHouse(database, { now });
    for (const user of ['ANA', 'PRIYA', 'TOM', 'LUCIA'] as const) await house.say(user, 'desk');
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const set = (id: string, as: string, hours = 2) =>
    house.act('remind', { id, when: new Date(now().getTime() + hours * HOUR).toISOString() }, { as });
  const ring = () => Promise.all([1, 2, 3].map(() => ringReminders(house.store, now())));
  const notices = (dealId: string) =>
    house.store.prisma.notice.count({ where: { dealId, kind: 'reminder' } });

  test('not before its time; then once, by three at a time, as the deal’s card with a way to put it off', async () => {
    const id = await house.idOf('Northgate Tram Works');
    // In her own conversation, as what was answered elsewhere is out of reach after half an hour.
    await house.tell('ANA', `show ${id}`);
    const others = await house.shows('ANA', 'Northgate Tram Works');
    await set(id, PRIYA);
    await until('her copy', () => screenOf(others).includes('Priya Raman looks at it again'));
    await ring();
    expect(await notices(id)).toBe(0);
    ahead += 3 * HOUR;
    await ring();
    await ring();
    expect(await notices(id)).toBe(1);
    const message = await house.shows('PRIYA', 'You wanted to be reminded (set ');
    expect(screenOf(message)).toContain('Northgate Tram Works');
    await until('her copy', () => !screenOf(others).includes('looks at it again'));
    await house.quiet();
    expect(house.messages('PRIYA').filter((it) => screenOf(it).includes('You wanted to be'))).toHaveLength(1);
    await house.press('PRIYA', message, 'Later…');
    expect(screenOf((await house.form('PRIYA')).content)).toContain('Northgate Tram Works');
  });

  test('set again after it rang, it rings again', async () => {
    const id = await house.idOf('Northgate Tram Works');
    await set(id, PRIYA);
    ahead += 3 * HOUR;
    await ring();
    expect(await notices(id)).toBe(2);
  });

  test('a process that slept through it tells late, all that have come since', async () => {
    const ids = await Promise.all(['Palisade Mutual Bank', 'Saffron Road Foods'].map(house.idOf));
    for (const [nth, id] of ids.entries()) await set(id, TOM, nth + 1);
    ahead += 40 * HOUR;
    await ring();
    expect(await Promise.all(ids.map(notices))).toEqual([1, 1]);
    await until('both', () =>
      ['Palisade', 'Saffron'].every((name) =>
        house
          .messages('TOM')
          .some((it) => screenOf(it).includes('You wanted to be') && screenOf(it).includes(name)),
      ),
    );
  });

  test('what somebody else has accepted by then is told in one line', async () => {
    const id = await house.idOf('Pinecrest Outfitters');
    await house.act('offer', { id, people: `${PRIYA},${TOM}` });
    await set(id, PRIYA);
    await house.act('accept', { id }, { as: TOM });
    await house.quiet();
    ahead += 3 * HOUR;
    await ring();
    await house.shows(
      'PRIYA',
      /You wanted to be reminded of Pinecrest Outfitters.*: it was accepted by Tom Keller\./,
    );
  });

  test('what they have accepted themselves goes on as what it became', async () => {
    const id = await house.idOf('Fennel & Rye Delicatessen').catch(() => house.idOf('Ashdown Vale Council'));
    await set(id, LEAD);
    await house.act('accept', { id });
    await house.quiet();
    const { successor } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    ahead += 3 * HOUR;
    await ring();
    const message = await house.shows('ANA', 'You wanted to be reminded (set ');
    expect(screenOf(message)).toContain(String(successor));
  });

  test('whoever may not see it any more is told nothing', async () => {
    const id = await house.idOf('Lighthouse & Vane: Logistics');
    await set(id, PRIYA);
    await house.store.prisma.deal.update({
      where: { id },
      data: { ownerEmail: TOM, detail: await ownedBy(id, TOM) },
    });
    const before = house.messages('PRIYA').length;
    ahead += 3 * HOUR;
    await ring();
    await house.quiet();
    expect(await notices(id)).toBe(1);
    expect(house.messages('PRIYA').length).toBe(before);
  });

  async function ownedBy(id: string, email: string) {
    const { detail } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    return { ...(detail as object), owner: { name: 'Tom Keller', email }, submittedBy: undefined };
  }
});
