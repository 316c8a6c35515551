/** An invitation as it is seen in Slack and in Teams, and answered there. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { databases } from '../support/databases.ts';
import { TEAM, until, wakeAll } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { parts } from '../support/teams-screen.ts';

const [, TOM = '', LUCIA = ''] = TEAM.users;
const INVITES = 'Ana Silva invites you to ace-desk.';

/** Ids of whoever gets a digest, once the clock has ticked. */
async function withDigest({ store }: SlackHouse | TeamsHouse): Promise<string[]> {
  await planDigests(store, new Date());
  const rows = await store.prisma.subscription.findMany();
  const people = await store.prisma.person.findMany({ where: { id: { in: rows.map((it) => it.personId) } } });
  return people.map(({ email }) => email).sort();
}

describe.each(databases)('in Slack, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
    await wakeAll(house);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const invited = async (id: Id) => house.shows(id, INVITES);

  test('from the form to the yes and the no', async () => {
    expect(await house.say('ANA', 'invite')).toContain('Whom');
    const form = await house.form('ANA');
    const people = await house.store.prisma.person.findMany({ where: { email: { in: [TOM, LUCIA] } } });
    await house.submit(form, { people: people.map(({ id }) => id).join(',') });
    const [toTom, toLucia] = [await invited('TOM'), await invited('LUCIA')];
    expect(buttonsOf(toTom.blocks).map(({ label }) => label)).toEqual(['Yes, send my digest', 'No, thanks']);
    expect(screenOf(toTom)).toContain('You get nothing more unless you say yes.');
    await house.press('TOM', toTom, 'No, thanks');
    await house.shows('TOM', 'Noted. You get nothing more');
    await house.quiet();
    expect(await house.say('TOM', 'perhaps later')).toContain('did not understand');
    await house.press('LUCIA', toLucia, 'Yes, send my digest');
    await house.shows('LUCIA', /Your digest comes .* at 09:00/);
    expect(await withDigest(house)).toEqual([TEAM.lead, LUCIA].sort());
    expect(await house.store.prisma.link.count({ where: { person: { email: TOM } } })).toBe(0);
  });

  test('whoever has no account there is named to whoever invited', async () => {
    house.workspace.users.delete('PRIYA');
    await house.say('ANA', 'invite Priya');
    await house.shows('ANA', /I could not find Priya Raman .* nothing was sent/);
  });
});

describe.each(databases)('in Teams, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    await wakeAll(house);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  test('who has the app is asked there, and their no is theirs alone; who has not is not found', async () => {
    // Known to the house since the app was installed for him.
    await house.store.prisma.link.deleteMany();
    await house.say('TOM', 'hello');
    await house.store.prisma.link.deleteMany();
    await house.say('ANA', 'invite Tom and Lucía');
    await house.shows('TOM', INVITES);
    await house.shows('ANA', /I could not find Lucía Ferro/);
    await house.press('TOM', house.newest('TOM'), 'No, thanks');
    await house.shows('TOM', 'Noted. You get nothing more');
    expect(await withDigest(house)).toEqual([TEAM.lead]);
    // Teams asks for itself what he may see of a card in a channel.
    const room = '19:looked@thread.tacv2';
    house.microsoft.room(room, { members: ['ANA', 'TOM'] });
    await house.tell('ANA', `post ${await house.idOf('Saffron Road Foods')} (yes)`, { room });
    const cardIn = () =>
      house.microsoft.messages.find((it) => it.conversation === room && it.cards.length > 0);
    await until('the card', () => cardIn() !== undefined);
    const card = cardIn();
    const looked = card && (await house.view('TOM', card));
    expect(parts(looked?.body).statusCode).toBe(200);
    expect(await house.store.prisma.link.count({ where: { person: { email: TOM } } })).toBe(0);
    expect(house.microsoft.messages.filter(({ conversation }) => /LUCIA/.test(conversation))).toEqual([]);
  });
});
