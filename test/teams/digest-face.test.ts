/** A manager’s digest in Teams: what can be pressed on it, and that it stays where it stands whatever is pressed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { databases } from '../support/databases.ts';
import { TEAM, until, wakeAll } from '../support/house.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';

const [PRIYA = ''] = TEAM.users;

describe.each(databases)('on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    await wakeAll(house);
    const { prisma } = house.store;
    const manager = await prisma.person.findUniqueOrThrow({ where: { email: TEAM.manager } });
    await prisma.person.update({ where: { email: PRIYA }, data: { reportsTo: manager.id } });
    for (const user of ['PRIYA', 'MINA']) await house.say(user, 'help');
    await planDigests(house.store, new Date());
    const { nextAt } = await prisma.subscription.findFirstOrThrow({ where: { personId: manager.id } });
    await planDigests(house.store, nextAt);
    await until('the digest', () => digests().length > 0);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const digests = () =>
    house.messages('MINA').filter((it) => house.screen('MINA', it).includes('Your digest, '));
  const digest = () => {
    const [found] = digests();
    if (!found) throw new Error('There is no digest.');
    return found;
  };
  const screen = () => house.screen('MINA', digest());

  test('the first says why it came, and each when the next one comes', () => {
    expect(screen()).toContain('This is your first digest: it comes because you have used ace-desk.');
    expect(screen()).toMatch(
      /It comes Mon–Sun at 09:00 \(.+\)\. “schedule” changes it, “schedule off” ends it\./,
    );
  });

  test('a nudge is said on it, and nobody is asked twice from it', async () => {
    // The pause after it was drawn is over: what is redrawn now, the nudge itself has asked for.
    await house.store.prisma
      .$executeRaw`UPDATE digest SET drawn_at = drawn_at - interval '1 minute', look_at = look_at - interval '1 minute'`;
    await house.press('MINA', digest(), 'Nudge owners (1)');
    await house.shows('MINA', 'Asked Priya Raman for a word on');
    await until('what was asked', () => screen().includes('asked today'));
    expect(screen()).not.toContain('Nudge owners');
    expect(digests()).toHaveLength(1);
  });

  test('a list that it opens stands below it; a section is left out and brought back there', async () => {
    const many = house.messages('MINA').length;
    await house.press('MINA', digest(), 'Leave out…');
    await until('the list', () => house.messages('MINA').length > many);
    const list = house.newest('MINA');
    expect(house.screen('MINA', list)).toContain('What to leave out of your digest');
    await house.press('MINA', list, 'Leave out');
    await house.shows('MINA', /Left out: /);
    const off = async () => (await house.store.prisma.subscription.findMany()).flatMap((it) => it.off);
    expect(await off()).toHaveLength(1);
    await house.press('MINA', house.newest('MINA'), 'Put it back');
    await until('it back', async () => (await off()).length === 0);
    expect(digests()).toHaveLength(1);
  });

  test('it is turned off by one press', async () => {
    await house.press('MINA', digest(), 'Turn it off');
    await house.shows('MINA', 'Your digest is off.');
    expect(digests()).toHaveLength(1);
  });
});
