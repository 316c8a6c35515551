/** A person's digest in Teams: planned by the clock, sent by the queue as one card, ticked off in place, ended by the next. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { databases } from '../support/databases.ts';
import { LEAD, TEAM, until } from '../support/house.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';

const DAY = 24 * 60 * 60 * 1000;

describe.each(databases)('a digest in Teams, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    await house.say('ANA', 'desk');
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const digests = () => house.messages('ANA').filter((it) => house.screen('ANA', it).includes('Your digest'));
  const subscription = () =>
    house.store.prisma.subscription.findFirstOrThrow({ where: { room: null }, include: { digests: true } });

  test('comes once, however often and by how many the clock is asked, from the first use of Teams on', async () => {
    const now = new Date();
    await planDigests(house.store, now);
    expect(digests()).toHaveLength(0);
    const { nextAt } = await subscription();
    expect(nextAt.getTime()).toBeGreaterThan(now.getTime());
    expect(nextAt.getTime()).toBeLessThan(now.getTime() + 5 * DAY);
    await Promise.all([1, 2, 3].map(() => planDigests(house.store, nextAt)));
    await until('the digest', () => digests().length > 0);
    await planDigests(house.store, new Date(nextAt.getTime() + 60_000));
    await house.quiet();
    expect(digests()).toHaveLength(1);
    const [digest] = digests();
    const said = digest && house.screen('ANA', digest);
    expect(said).toContain('Pending acceptance');
    expect(said).toContain('Tamarind Airways');
    expect(digest?.summary).toMatch(/Your digest/);
  });

  test('a line is ticked off in place once a colleague has seen to it', async () => {
    const [digest] = digests();
    if (!digest) throw new Error('There is no digest.');
    // Its pause is over.
    await house.store.prisma
      .$executeRaw`UPDATE digest SET drawn_at = drawn_at - interval '1 minute', look_at = look_at - interval '1 minute'`;
    await house.act('accept', { id: await house.idOf('Tamarind Airways') }, { as: TEAM.team });
    await until('the tick', () => /✓ Done: Tamarind/.test(house.screen('ANA', digest)));
    expect(house.screen('ANA', digest)).toMatch(/1 of \d+ done/);
    expect(digests()).toHaveLength(1);
  });

  test('whoever has removed the app is sent none, and is not tried again', async () => {
    await house.store.prisma.reference.updateMany({ data: { endedAt: new Date() } });
    const place = house.microsoft.places.get('a:ANA');
    if (place) place.hasBot = false;
    const { nextAt } = await subscription();
    await planDigests(house.store, nextAt);
    await until('the end', async () => (await subscription()).gone);
    expect(digests()).toHaveLength(1);
    const lead = await house.store.prisma.person.findUniqueOrThrow({ where: { email: LEAD } });
    expect((await subscription()).personId).toBe(lead.id);
  });
});
