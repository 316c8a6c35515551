/** A channel’s digest in Teams: it stands there for all, and whoever presses it sees what is theirs, for them alone. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { databases } from '../support/databases.ts';
import { until, wakeAll } from '../support/house.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { screenOf } from '../support/teams-screen.ts';

const ROOM = '19:deals@thread.tacv2';

describe.each(databases)('on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    await wakeAll(house);
    const members = ['ANA', 'MINA', 'TOM'];
    house.microsoft.room(ROOM, { team: '19:team@thread.tacv2', name: 'deals', members });
    for (const user of members) await house.say(user, 'help');
    await house.tell('ANA', 'schedule here (yes)', { room: ROOM });
    await until('it is set up', async () => (await theirs()) !== null);
    const nextAt = (await theirs())?.nextAt;
    if (nextAt) await planDigests(house.store, nextAt);
    await until('the digest', () => digests().length > 0);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const theirs = () => house.store.prisma.subscription.findFirst({ where: { room: { not: null } } });
  const digests = () =>
    house.microsoft.messages.filter(
      (it) => it.conversation === ROOM && house.screen('ANA', it).includes('Pipeline digest, '),
    );
  const digest = () => {
    const [found] = digests();
    if (!found) throw new Error('There is no digest.');
    return found;
  };
  const dialogOf = (user: string) => screenOf(house.dialog(user)?.card);
  /** An id that stands without a name, as not all who read along may see it. */
  const shut = () => /see them .*\n\d+\. (\S+)\n/.exec(house.screen('TOM', digest()))?.[1] ?? 'none';

  test('it looks the same to all, and names only what the least entitled of them may see', () => {
    expect(house.screen('MINA', digest())).toBe(house.screen('TOM', digest()));
    expect(house.screen('TOM', digest())).toContain('Almond Court Dentists');
    expect(house.screen('TOM', digest())).toMatch(
      /For those who may see them \(\d+\+\)\n5\. \S+\nOpen privately/,
    );
  });

  test('a deal that is pressed opens for whoever pressed it, and the digest stays as it stands', async () => {
    const before = house.screen('TOM', digest());
    await house.press('TOM', digest(), /^Open privately: Almond Court Dentists/);
    expect(dialogOf('TOM')).toContain('AWS’s remark');
    house.dismiss('TOM');
    expect(house.screen('TOM', digest())).toBe(before);
    expect(digests()).toHaveLength(1);
  });

  test('what stands as its id opens for whoever may see it, and for nobody else', async () => {
    const label = new RegExp(`^Open privately: ${shut()}`);
    await house.press('ANA', digest(), label);
    const company = house.dialog('ANA')?.title ?? '';
    expect(dialogOf('ANA')).toContain(shut());
    house.dismiss('ANA');
    expect(company).not.toBe('');
    const before = house.screens('TOM');
    await house.press('TOM', digest(), label);
    await house.shows('TOM', `I know no deal “${shut()}”`, before);
    expect([...house.screens('TOM').values()].join()).not.toContain(company);
  });

  test('for the rest it leads to one’s own digest, for them alone', async () => {
    await house.press('TOM', digest(), 'Your own digest');
    expect(dialogOf('TOM')).toContain('Your digest');
    expect(dialogOf('TOM')).toContain('Almond Court Dentists');
    expect(dialogOf('TOM')).not.toContain(shut());
    house.dismiss('TOM');
  });

  test('whoever has not set it up changes nothing from it, and is told who can', async () => {
    const before = house.screens('TOM');
    await house.press('TOM', digest(), 'Schedule…');
    await house.shows('TOM', 'Ana Silva set up the digest in', before);
    expect(await theirs()).toMatchObject({ offAt: null });
  });
});
