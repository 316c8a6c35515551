/** We are added and removed; others come and go. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { TeamsMessenger } from '../../src/teams/messenger.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { activity, executed, fetched, installed, membersChanged, post } from '../support/teams-activities.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { entraId } from '../support/teams-microsoft.ts';
import { parts, screenOf } from '../support/teams-screen.ts';

describe.each(databases)('who is where in Teams, on $name', (database) => {
  let house: TeamsHouse;
  const general = '19:general@thread.tacv2';
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    house.microsoft.room(general, { members: ['ANA'] });
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const settle = () => new Promise((resolve) => setTimeout(resolve, 150));

  test('whoever adds us is greeted once, however often Teams tells it', async () => {
    const add = installed(house.target, 'TOM', 'add');
    const came = membersChanged(house.target, 'TOM', 'membersAdded', ['the bot', 'TOM']);
    for (const it of [add, came, add, { ...add, id: 'again' }])
      expect((await post(house.target, it)).status).toBe(200);
    await until('a greeting', () => house.messages('TOM').length > 0);
    await settle();
    expect(house.messages('TOM')).toHaveLength(1);
    expect(house.screen('TOM', house.newest('TOM'))).toContain('“help” lists all there is');
    // The greeting's buttons work.
    await house.press('TOM', house.newest('TOM'), 'My desk');
    await house.shows('TOM', 'Your desk');
  });

  test('among others we say one line, once, with no content', async () => {
    const room = '19:joined@thread.tacv2';
    house.microsoft.room(room, { members: ['ANA', 'TOM'] });
    await post(house.target, membersChanged(house.target, 'ANA', 'membersAdded', ['the bot'], { room }));
    await post(house.target, installed(house.target, 'ANA', 'add', { room }));
    await until('a line', () => house.microsoft.seenIn(room).length > 0);
    await settle();
    expect(house.microsoft.seenIn(room)).toEqual([
      expect.stringContaining('the one who asked is answered alone'),
    ]);
  });

  describe('when many add us', () => {
    test('a greeting that Teams has no room for comes later, once', async () => {
      house.microsoft.enroll('BUSY', { email: 'busy@partner.example' });
      // So long that the pacer, too, sends whoever comes next away.
      house.microsoft.fail('send', { status: 429, retryAfter: 40 });
      const add = installed(house.target, 'BUSY', 'add');
      for (const it of [add, { ...add, id: 'again' }]) await post(house.target, it);
      await until('a greeting', () => house.messages('BUSY').length > 0);
      await settle();
      expect(house.messages('BUSY')).toHaveLength(1);
    });

    test('each greeting waits for its turn', async () => {
      let [at, slept] = [0, 0];
      const sleep = async (ms: number) => {
        at += ms;
        slept += 1;
      };
      const paced = await openTeamsHouse(database, {}, { pace: { now: () => at, sleep } });
      const names = Array.from({ length: 30 }, (_, nth) => `M${nth}`);
      for (const name of names) paced.microsoft.enroll(name);
      await Promise.all(names.map((name) => post(paced.target, installed(paced.target, name, 'add'))));
      await until('all greetings', () => names.every((name) => paced.messages(name).length === 1));
      expect(slept).toBeGreaterThan(0);
      await paced.stop();
    });
  });

  describe('while the database does not answer', () => {
    const away = () => house.store.prisma.$executeRawUnsafe('ALTER TABLE reference RENAME TO elsewhere');
    const back = () => house.store.prisma.$executeRawUnsafe('ALTER TABLE elsewhere RENAME TO reference');
    const room = '19:unsure@thread.v2';
    const kept = () => house.store.prisma.reference.count({ where: { conversation: room, endedAt: null } });
    beforeAll(() => {
      house.microsoft.room(room, { members: ['ANA', 'TOM'] });
    });

    test.each([
      ['that we were added', () => installed(house.target, 'ANA', 'add', { room }), 1],
      ['that we are gone', () => installed(house.target, 'ANA', 'remove', { room }), 0],
      ['who came', () => membersChanged(house.target, 'ANA', 'membersAdded', ['TOM'], { room }), 1],
    ])(
      'Teams is asked to tell us again %s, and it is written down once we say we took it',
      async (_, told, count) => {
        const it = told();
        const joined = jest.spyOn(house.desk, 'joined');
        await away();
        const { status } = await post(house.target, it).finally(back);
        expect(status).toBe(503);
        expect(joined).not.toHaveBeenCalled();
        expect((await post(house.target, it)).status).toBe(200);
        expect(await kept()).toBe(count);
        expect(joined).toHaveBeenCalledTimes(it.type === 'conversationUpdate' ? 1 : 0);
        joined.mockRestore();
      },
    );

    test('Teams is asked to tell us again who came, where the cards could not be looked at', async () => {
      const joined = jest.spyOn(house.desk, 'joined').mockRejectedValueOnce(new Error('no database'));
      const it = membersChanged(house.target, 'ANA', 'membersAdded', ['TOM'], { room });
      expect((await post(house.target, it)).status).toBe(503);
      expect((await post(house.target, it)).status).toBe(200);
      expect(joined).toHaveBeenCalledTimes(2);
      joined.mockRestore();
    });
  });

  test('an upgrade greets nobody', async () => {
    const before = house.messages('PRIYA').length;
    const upgraded = { ...activity(house.target, 'PRIYA', 'installationUpdate'), action: 'add-upgrade' };
    expect((await post(house.target, upgraded)).status).toBe(200);
    await settle();
    expect(house.messages('PRIYA')).toHaveLength(before);
  });

  test('whoever removes us is sent nothing, until they speak again', async () => {
    await house.say('LUCIA', 'help');
    const before = house.messages('LUCIA').length;
    await post(house.target, installed(house.target, 'LUCIA', 'remove'));
    await settle();
    const to = { tenant: house.microsoft.tenant, user: entraId('LUCIA') };
    const note = { kind: 'note', tone: 'info', text: 'Hello' } as const;
    await expect(house.door.messenger.tell(to, note)).rejects.toMatchObject({ name: 'GoneForGood' });
    expect(house.messages('LUCIA')).toHaveLength(before);
    await house.say('LUCIA', 'help');
    await house.door.messenger.tell(to, note);
    expect(house.screen('LUCIA', house.newest('LUCIA'))).toContain('Hello');
  });

  test('a room that we left, or that was deleted, is posted to no more', async () => {
    for (const [nth, end] of [
      (room: string) => membersChanged(house.target, 'ANA', 'membersRemoved', ['the bot'], { room }),
      (room: string) => {
        const it = activity(house.target, 'ANA', 'conversationUpdate', { room: general });
        return {
          ...it,
          channelData: {
            tenant: { id: house.microsoft.tenant },
            eventType: 'channelDeleted',
            channel: { id: room },
          },
        };
      },
    ].entries()) {
      const room = `19:left${nth}@thread.tacv2`;
      house.microsoft.room(room, { members: ['ANA'] });
      await house.tell('ANA', 'help', { room });
      await until('a pointer', () => house.microsoft.seenIn(room).length > 0);
      const at = { tenant: house.microsoft.tenant, conversation: room };
      expect(await house.door.messenger.room?.(at)).toBeDefined();
      await post(house.target, end(room));
      await settle();
      await expect(house.door.messenger.room?.(at)).rejects.toMatchObject({ name: 'GoneForGood' });
    }
  });

  describe('in a team with two channels', () => {
    const [first, sales, other] = ['19:t1@thread.tacv2', '19:t2@thread.tacv2', '19:t3@thread.tacv2'];
    const at = (conversation: string) => ({ tenant: house.microsoft.tenant, conversation });
    const roomOf = (room: string) => house.door.messenger.room?.(at(room));
    beforeAll(() => {
      for (const room of [first, sales])
        house.microsoft.room(room, { members: ['ANA'], team: '19:t1@thread.tacv2' });
      house.microsoft.room(other, { members: ['ANA'], team: '19:t3@thread.tacv2' });
    });
    beforeEach(async () => {
      for (const room of [first, sales, other]) {
        const before = house.microsoft.seenIn(room).length;
        await house.tell('ANA', 'help', { room });
        await until('a pointer', () => house.microsoft.seenIn(room).length > before);
      }
    });

    test('whoever joins the team reads along in each of them: their cards are looked at anew', async () => {
      const joined = jest.spyOn(house.desk, 'joined');
      await post(house.target, membersChanged(house.target, 'ANA', 'membersAdded', ['TOM'], { room: first }));
      await until('both', () => joined.mock.calls.length > 1);
      await settle();
      expect(joined.mock.calls.map(([, room]) => room)).toEqual([at(first), at(sales)]);
      joined.mockRestore();
    });

    test.each([
      ['we are removed from the team', () => installed(house.target, 'ANA', 'remove', { room: first })],
      [
        'the team is deleted',
        () => {
          const it = activity(house.target, 'ANA', 'conversationUpdate', { room: first });
          return { ...it, channelData: { ...parts(it.channelData), eventType: 'teamDeleted' } };
        },
      ],
    ])('once %s both are over, and no other team’s', async (_, told) => {
      expect(await Promise.all([roomOf(first), roomOf(sales)])).not.toContain(undefined);
      await post(house.target, told());
      await settle();
      for (const room of [first, sales])
        await expect(roomOf(room)).rejects.toMatchObject({ name: 'GoneForGood' });
      expect(await roomOf(other)).toBeDefined();
    });

    test('that removed us and adds us again, both are served again, and their cards looked at anew', async () => {
      await post(house.target, installed(house.target, 'ANA', 'remove', { room: first }));
      await expect(roomOf(sales)).rejects.toMatchObject({ name: 'GoneForGood' });
      const joined = jest.spyOn(house.desk, 'joined').mockRejectedValueOnce(new Error('no database'));
      const add = installed(house.target, 'ANA', 'add', { room: first });
      expect((await post(house.target, add)).status).toBe(503);
      joined.mockClear();
      expect((await post(house.target, add)).status).toBe(200);
      expect(joined.mock.calls.map(([, room]) => room)).toEqual([at(first), at(sales)]);
      joined.mockRestore();
      expect(await Promise.all([roomOf(first), roomOf(sales)])).not.toContain(undefined);
    });

    test('a private channel has members of its own: what happens there is about it alone', async () => {
      const it = installed(house.target, 'ANA', 'remove', { room: sales });
      const about = parts(it.channelData);
      const channelData = { ...about, channel: { ...parts(about.channel), type: 'private' } };
      await post(house.target, { ...it, channelData });
      await settle();
      await expect(roomOf(sales)).rejects.toMatchObject({ name: 'GoneForGood' });
      expect(await roomOf(first)).toBeDefined();
    });
  });

  test('whoever reads along is asked anew once somebody came', async () => {
    const messenger = house.door.messenger as TeamsMessenger;
    const forgets = jest.spyOn(messenger, 'forgetReaders');
    const joined = jest.spyOn(house.desk, 'joined');
    const room = { tenant: house.microsoft.tenant, conversation: general };
    await post(house.target, membersChanged(house.target, 'ANA', 'membersAdded', ['TOM'], { room: general }));
    await until('joined', () => joined.mock.calls.length > 0);
    expect(forgets.mock.calls).toEqual([[room]]);
    expect(forgets.mock.invocationCallOrder[0]).toBeLessThan(joined.mock.invocationCallOrder[0] ?? 0);
    joined.mockRestore();
    forgets.mockRestore();
  });

  test('a dialog or a choice in a place that is not ours keeps no reference, and revives none', async () => {
    const room = '19:inserted@thread.v2';
    house.microsoft.room(room, { members: ['ANA'], hasBot: false });
    const kept = () => house.store.prisma.reference.findMany({ where: { conversation: room } });
    const pressed = () => post(house.target, fetched(house.target, 'ANA', {}, { room, message: '1' }));
    const sent = async () => {
      const data = { ace: { v: 'desk', i: {}, k: 'k1', o: 'room' } };
      return post(house.target, fetched(house.target, 'ANA', data, { room, message: '1' }));
    };
    for (const press of [pressed, sent]) expect((await press()).status).toBe(200);
    await settle();
    expect(await kept()).toEqual([]);
    await house.door.messenger.tell(
      { tenant: house.microsoft.tenant, user: entraId('ANA') },
      { kind: 'note', tone: 'info', text: 'Hello' },
    );
    await post(house.target, membersChanged(house.target, 'ANA', 'membersAdded', ['TOM'], { room }));
    await until('the reference', async () => (await kept()).length > 0);
    await post(house.target, installed(house.target, 'ANA', 'remove', { room }));
    await until('its end', async () => (await kept())[0]?.endedAt != null);
    await sent();
    await settle();
    expect((await kept())[0]?.endedAt).not.toBeNull();
  });

  test('whoever presses a card where we are not, without a chat with us, learns how to add us; others are served', async () => {
    const room = '19:inserted2@thread.v2';
    house.microsoft.enroll('NEWCOMER', { personal: false, email: 'newcomer@partner.example' });
    const chat = { id: 'a:NEWCOMER', scope: 'personal' as const, tenant: house.microsoft.tenant };
    house.microsoft.places.set('a:NEWCOMER', { ...chat, members: ['29:NEWCOMER'], hasBot: false });
    house.microsoft.room(room, { members: ['ANA', 'NEWCOMER'], hasBot: false });
    const pressedBy = async (user: string) => {
      const data = { ace: { v: 'desk', i: {}, k: `k-${user}`, o: 'room' } };
      const { body } = await post(house.target, fetched(house.target, user, data, { room, message: '1' }));
      return screenOf(parts(parts(parts(parts(parts(body).task).value).card).content));
    };
    expect(await pressedBy('NEWCOMER')).toContain('choose Add');
    await house.store.prisma.reference.deleteMany({ where: { userId: entraId('TOM') } });
    expect(await pressedBy('TOM')).toContain('Your desk');
  });

  test('when Teams asks for each who looks at a card what they may see of it, nobody is looked up for that', async () => {
    const room = '19:looked@thread.tacv2';
    const place = house.microsoft.room(room, { members: ['ANA', 'PRIYA'] });
    const { email = '' } = house.microsoft.people.get('29:PRIYA') ?? {};
    const { id } = await house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail: email, kind: 'opportunity', status: 'Approved', goneAt: null },
    });
    await house.tell('ANA', `post ${id} (yes)`, { room });
    const cardIn = () =>
      house.microsoft.messages.find((it) => it.conversation === room && it.cards.length > 0);
    await until('the card', () => cardIn() !== undefined);
    const card = cardIn();
    if (!card) throw new Error('It stands there.');
    house.microsoft.enroll('LATER', { email: 'later@partner.example' });
    place.members.push('29:LATER');
    const asked = () => house.microsoft.calls.filter(({ operation }) => operation === 'member').length;
    const before = asked();
    // The roster that was read for the card names her.
    expect(parts((await house.view('PRIYA', card))?.body).statusCode).toBe(200);
    const { action } = parts(parts(card.cards.at(-1)).refresh);
    const { verb, data } = parts(action);
    const at = { room, message: card.id, thread: card.id };
    const look = executed(house.target, 'LATER', { verb, data: parts(data) }, at, 'automatic');
    expect(parts((await post(house.target, look)).body).statusCode).toBe(403);
    expect(asked()).toBe(before);
  });

  test('a member who became a guest is served no more', async () => {
    await house.say('JONAS', 'help');
    const jonas = house.microsoft.people.get('29:JONAS');
    if (!jonas) throw new Error('Jonas is enrolled');
    house.microsoft.people.set('29:JONAS', { ...jonas, role: 'guest' });
    await post(
      house.target,
      membersChanged(house.target, 'ANA', 'membersAdded', ['JONAS'], { room: general }),
    );
    await settle();
    expect(await house.say('JONAS', 'desk')).toContain('not guests');
    house.microsoft.people.set('29:JONAS', jonas);
  });

  test('reactions, typing and invokes that we do not know are answered, and left', async () => {
    const calls = house.microsoft.messages.length;
    const plain = ['messageReaction', 'typing', 'event', 'messageUpdate', 'messageDelete', 'somethingNew'];
    for (const type of plain)
      expect(await post(house.target, activity(house.target, 'ANA', type))).toMatchObject({ status: 200 });
    for (const name of [
      'signin/verifyState',
      'fileConsent/invoke',
      'adaptiveCard/action',
      'task/fetch',
      undefined,
    ])
      expect((await post(house.target, { ...activity(house.target, 'ANA', 'invoke'), name })).status).toBe(
        501,
      );
    await settle();
    expect(house.microsoft.messages).toHaveLength(calls);
  });
});
