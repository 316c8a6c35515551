/** Accounts in question, as Slack shows them: to whoever is turned away, and to the alliance lead who decides. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { IDS, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';
import { member } from '../support/slack-workspace.ts';

describe.each(databases)('in Slack, on $name', (database) => {
  let house: SlackHouse;
  let aheadMs = 0;
  beforeAll(async () => {
    house = await openSlackHouse(database, {}, { now: () => new Date(Date.now() + aheadMs) });
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  test('a profile whose address changed is refused within a quarter of an hour, and its person is back by one press of the alliance lead', async () => {
    expect(await house.say('LUCIA', 'desk')).toContain('Your desk');
    house.workspace.users.set('LUCIA', member('LUCIA', 'lucia@new.example'));
    aheadMs += 16 * 60_000;
    expect(await house.say('LUCIA', 'desk')).toContain('The e-mail address of your profile has changed');
    const asked = await house.shows('ANA', /Slack account of Lucía Ferro .* lucia@new\.example/);
    expect(buttonsOf(asked.blocks).map(({ label }) => label)).toEqual(['It is them', 'Cut it off']);
    await house.press('ANA', asked, 'It is them');
    await house.shows('ANA', 'Lucía Ferro goes on with that Slack account');
    expect(await house.say('LUCIA', 'desk')).toContain('Your desk');
    expect(house.messages('ANA').filter((it) => screenOf(it).includes('goes on with'))).toHaveLength(1);
  });

  test('a second account with a colleague’s address is refused, and cut off by one press', async () => {
    await house.say('TOM', 'desk');
    house.workspace.users.set('TOM2', member('TOM2', IDS.TOM));
    const second = 'TOM2' as 'TOM';
    expect(await house.say(second, 'desk')).toContain(
      'Another account here is linked to that e-mail address',
    );
    const asked = await house.shows('ANA', /A second Slack account says it is Tom Keller/);
    await house.press('ANA', asked, 'Cut it off');
    await house.shows('ANA', 'Cut off.');
    expect(await house.say(second, 'desk')).toContain('has ended what this account may do here');
    expect(await house.say('TOM', 'desk')).toContain('Your desk');
  });

  test('practice mode asks nobody for a code', async () => {
    expect(await house.say('ANA', 'link')).toContain('In practice mode your e-mail is enough');
    expect(await house.store.prisma.linkCode.count()).toBe(0);
  });
});
