/** Who somebody in Teams is to us: by the same rules as in Slack, and the same person at both doors. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Sender } from '../../src/bot/intent.ts';
import { issueCode } from '../../src/store/link-codes.ts';
import { freeze, linkOf, linksOf } from '../../src/store/links.ts';
import { findPerson } from '../../src/store/people.ts';
import { databases } from '../support/databases.ts';
import { LEAD, TEAM, until } from '../support/house.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { entraId, TENANT } from '../support/teams-microsoft.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;

describe.each(databases)('on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });
  const inTeams = (name: string) => ({ platform: 'teams', tenant: TENANT, user: entraId(name) });
  const inSlack = (user: string, email: string): Sender => ({
    ...{ platform: 'slack', tenant: 'T1', user, email, conversation: `D${user}` },
  });
  const slack = async (user: string, email: string, text: string) =>
    JSON.stringify((await house.desk.say({ text, from: inSlack(user, email), key: randomUUID() })).reply);
  const personOf = async (email: string) => {
    const person = await findPerson(house.store, email);
    if (!person) throw new Error(`${email} is not on the roster.`);
    return person;
  };
  const doorsOf = async (email: string) =>
    (await linksOf(house.store, (await personOf(email)).id)).map(
      ({ platform, state }) => `${platform} ${state}`,
    );
  const codeIn = (words: string) => /link ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(words)?.[1] ?? '';

  test('in practice mode an e-mail is enough at both doors, and it is one person', async () => {
    await house.say('PRIYA', 'flag Brightside');
    await slack('PRIYA', PRIYA, 'desk');
    expect((await doorsOf(PRIYA)).sort()).toEqual(['slack live', 'teams live']);
    const [{ link: one }, { link: other }] = await Promise.all([
      linkOf(house.store, inTeams('PRIYA')),
      linkOf(house.store, inSlack('PRIYA', PRIYA)),
    ]);
    expect(one?.person.id).toBe(other?.person.id);
  });

  describe('outside practice mode', () => {
    beforeAll(async () => {
      await house.store.prisma.agent.update({ where: { id: 1 }, data: { catalog: 'Sandbox' } });
    });
    afterAll(async () => {
      await house?.store.prisma.agent.update({ where: { id: 1 }, data: { catalog: 'practice' } });
    });

    test('the alliance lead is refused in Teams until a code shows that it is them; a code that Slack showed does', async () => {
      expect(await house.say('ANA', 'desk')).toContain('An e-mail alone does not tell me that it is you');
      const code = await issueCode(house.store, (await personOf(LEAD)).id, { proves: true, now: new Date() });
      expect(await slack('ANA', LEAD, `link ${code}`)).toContain('Linked');
      expect(await house.say('ANA', 'desk')).toContain('one-time code');
      const shown = codeIn(await slack('ANA', LEAD, 'link'));
      expect(await house.say('ANA', `link ${shown}`)).toContain('Linked');
      expect(await house.say('ANA', 'desk')).toContain('Your desk');
      expect((await doorsOf(LEAD)).sort()).toEqual(['slack live', 'teams live']);
    });

    test('an ACE user comes in by e-mail at one door, and needs a code at the next, whichever that is', async () => {
      expect(await house.say('TOM', 'desk')).toContain('Your desk');
      expect(await slack('TOM', TOM, 'desk')).toContain('one-time code');
      const shown = codeIn(await house.say('TOM', 'link'));
      expect(await slack('TOM', TOM, `link ${shown}`)).toContain('Linked');
      expect((await doorsOf(TOM)).sort()).toEqual(['slack live', 'teams live']);
    });

    test('a second account in Teams is turned away; the alliance lead hears of it there, and cuts it off', async () => {
      house.microsoft.enroll('TWIN', { email: TOM, name: 'Tom Baker' });
      expect(await house.say('TWIN', 'list')).toContain('Another account here is linked');
      await house.shows('ANA', 'A second Teams account says it is');
      const asked = house
        .messages('ANA')
        .findLast((it) => house.screen('ANA', it).includes('A second Teams account'));
      if (!asked) throw new Error('Nobody asked.');
      await house.press('ANA', asked, 'Cut it off');
      await until('the cut', async () => (await linkOf(house.store, inTeams('TWIN'))).link?.state === 'cut');
      expect(await house.say('TWIN', 'list')).toContain('has ended what this account may do');
      expect(await house.say('TOM', 'desk')).toContain('Your desk');
    });

    test('a frozen account reads nothing more in Teams, and its copies there are drawn empty', async () => {
      const { link } = await linkOf(house.store, inTeams('PRIYA'));
      const deal = await house.store.prisma.deal.findFirstOrThrow({ where: { ownerEmail: PRIYA } });
      expect(await house.say('PRIYA', `show ${deal.id}`)).toContain(deal.company);
      const copy = house.newest('PRIYA');
      await until('the copy written down', async () => {
        const ref = { path: ['id'], equals: copy.id };
        return (await house.store.prisma.posting.count({ where: { dealId: deal.id, ref } })) > 0;
      });
      await freeze(house.store, link?.id ?? '', 'other@partner.example');
      await until('an empty copy', () => house.screen('PRIYA', copy).includes('shown here no more'));
      expect(house.screen('PRIYA', copy)).not.toContain(deal.company);
      expect(await house.say('PRIYA', `show ${deal.id}`)).not.toContain(deal.company);
    });
  });
});
