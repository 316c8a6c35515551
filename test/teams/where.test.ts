/** Where something happened, where Teams tells it in another place. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readActivity } from '../../src/teams/activity.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { activity, installed, post } from '../support/teams-activities.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { type Json, parts, screenOf } from '../support/teams-screen.ts';

const GENERAL = '19:general@thread.tacv2';
const TEAM = { id: GENERAL };
const ROOM = '19:partners@thread.tacv2';
const SALES = '19:sales@thread.tacv2';
const OTHER = '19:other@thread.tacv2';

describe('an update of a team', () => {
  const update = (channelData: Json): Json => ({
    ...{ type: 'conversationUpdate', id: '1', serviceUrl: 'https://x.example/' },
    ...{ from: { id: '29:A', aadObjectId: 'AB' }, recipient: { id: '28:b' } },
    conversation: { id: GENERAL, conversationType: 'channel', tenantId: 't', name: 'General' },
    channelData: { team: TEAM, ...channelData },
  });
  const shared = { id: ROOM, name: 'Partners', type: 'shared' };

  test.each([
    ['channelShared', { sharedWithTeams: [{ id: '19:other' }] }, '19:other'],
    ['channelUnshared', { unsharedFromTeams: [{ id: '19:other' }] }, '19:other'],
    ['channelShared', {}, ROOM],
    ['channelShared', { sharedWithTeams: 'of no shape we know' }, ROOM],
  ])('%s %j is somebody coming to that channel alone, which is a shared one', (eventType, more, id) => {
    const on = readActivity(update({ eventType, channel: shared, ...more }));
    expect(on).toMatchObject({
      ...{ kind: 'members', added: [{ id }], removed: [] },
      at: { conversation: ROOM, isShared: true, name: 'Partners', scope: 'channel', team: GENERAL },
    });
    expect(on).not.toHaveProperty('team');
  });

  test('that names no channel is about the one it is told in', () => {
    const on = readActivity(update({ eventType: 'channelShared' }));
    expect(on?.at).toMatchObject({ conversation: GENERAL, isShared: true, name: 'General' });
  });

  test('of another kind about a shared channel does not make that one shared in which it is told', () => {
    const on = readActivity(update({ eventType: 'channelRenamed', channel: shared }));
    expect(on).toMatchObject({ kind: 'other', at: { conversation: GENERAL, name: 'General' } });
    expect(on?.at).not.toHaveProperty('isShared');
    const own = { ...shared, id: GENERAL };
    expect(readActivity(update({ eventType: 'channelRenamed', channel: own }))?.at.isShared).toBe(true);
  });

  test('that adds us says of which team, but where the channel has members of its own', () => {
    const added = (channel: Json) =>
      readActivity({ ...update({ channel }), type: 'installationUpdate', action: 'add' });
    expect(added({ id: GENERAL })).toMatchObject({ kind: 'installed', team: GENERAL });
    for (const type of ['private', 'shared']) expect(added({ id: ROOM, type })).not.toHaveProperty('team');
  });
});

describe.each(databases)('in a team, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    for (const room of [GENERAL, ROOM, SALES, OTHER])
      house.microsoft.room(room, { members: ['ANA'], team: GENERAL });
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });
  const company = 'Northgate Tram Works';
  const cardIn = (room: string) =>
    house.microsoft.messages.find((it) => it.conversation === room && it.cards.length > 0);
  const shownIn = (room: string) => screenOf(cardIn(room)?.cards.at(-1));
  const posted = async (room: string) => {
    await house.tell('ANA', `post ${company} (yes)`, { room });
    await until('the card', () => shownIn(room).includes(company));
    await house.quiet();
  };

  test('a channel that is shared shows no customer any more, though nobody of theirs has come yet', async () => {
    await posted(ROOM);
    const it = activity(house.target, 'ANA', 'conversationUpdate', { room: GENERAL });
    const channelData = {
      ...parts(it.channelData),
      ...{ eventType: 'channelShared', channel: { id: ROOM, type: 'shared' } },
      sharedWithTeams: [{ id: '19:theirs@thread.tacv2' }],
    };
    expect((await post(house.target, { ...it, channelData })).status).toBe(200);
    await until('a closed card', () => !shownIn(ROOM).includes(company));
    expect(shownIn(ROOM)).toContain('Open privately');
    const rows = await house.store.prisma.reference.findMany({ where: { shared: true } });
    expect(rows).toMatchObject([{ conversation: ROOM, membersAt: expect.any(Date) }]);
  });

  test('a member who is a guest by now closes the cards of every room, wherever that is read', async () => {
    const jonas = house.microsoft.people.get('29:JONAS');
    if (!jonas) throw new Error('Jonas is enrolled.');
    house.microsoft.room(SALES, { members: ['ANA', 'JONAS'], team: GENERAL });
    await house.say('JONAS', 'help');
    await posted(SALES);
    house.microsoft.people.set('29:JONAS', { ...jonas, role: 'guest' });
    // In another room than the one in which the card stands.
    house.microsoft.room(ROOM, { members: ['ANA', 'JONAS'], team: GENERAL });
    await house.door.messenger.room?.({ tenant: house.microsoft.tenant, conversation: ROOM });
    await until('a closed card', () => !shownIn(SALES).includes(company));
    house.microsoft.people.set('29:JONAS', jonas);
  });

  test('a team that adds us again has us in all its channels, and their cards are looked at anew', async () => {
    await posted(OTHER);
    const kept = () => house.store.prisma.reference.count({ where: { team: GENERAL, endedAt: null } });
    await post(house.target, installed(house.target, 'ANA', 'remove', { room: GENERAL }));
    await until('the end', async () => (await kept()) === 0);
    house.microsoft.enroll('GUS', { role: 'guest' });
    house.microsoft.room(OTHER, { members: ['ANA', 'GUS'], team: GENERAL });
    await post(house.target, installed(house.target, 'ANA', 'add', { room: GENERAL }));
    await until('a closed card', () => !shownIn(OTHER).includes(company));
    expect(await kept()).toBe(4);
  });
});
