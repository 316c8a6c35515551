/** Words said to us: in the chat with us, in a group chat, in a channel's thread. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readActivity } from '../../src/teams/activity.ts';
import { said as heard, written } from '../../src/teams/said.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { post, said } from '../support/teams-activities.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import type { Json } from '../support/teams-screen.ts';

describe.each(databases)('words in Teams, on $name', (database) => {
  let house: TeamsHouse;
  const [channel, group] = ['19:words@thread.tacv2', '19:chat@thread.v2'];
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    house.microsoft.room(channel, { members: ['ANA', 'PRIYA', 'TOM'], name: 'deals' });
    house.microsoft.room(group, { members: ['ANA', 'PRIYA', 'TOM'] });
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const wishes = async (dealId: string) =>
    (await house.store.prisma.change.findMany({ where: { dealId } })).map(({ wish }) => JSON.stringify(wish));
  async function working(nth: number): Promise<{ id: string; company: string }> {
    const [row] = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
      orderBy: { id: 'asc' },
      skip: nth,
      take: 1,
    });
    if (!row) throw new Error('practice mode has more');
    return row;
  }

  test('in the chat with us are answered there; numbers count there', async () => {
    expect(await house.say('ANA', 'help')).toContain('find');
    expect(await house.say('ANA', 'list pending')).toMatch(/1\. /);
    expect(await house.say('ANA', 'show 1')).toContain('pending acceptance');
    expect(await house.say('ANA', 'shwo me the mony')).toContain('did not understand');
  });

  test.each([
    ['a channel', channel],
    ['a group chat', group],
  ])('in %s are answered privately, and the room reads no content', async (_, room) => {
    const { company, id } = await working(0);
    const before = house.microsoft.seenIn(room).length;
    expect(await house.say('ANA', `show ${id}`, { room })).toContain(company);
    await until('a pointer', () => house.microsoft.seenIn(room).length > before);
    expect(house.microsoft.seenIn(room).slice(before)).toEqual(['I answered you privately, in our chat.']);
  });

  test('the pointer hangs in the thread it was said in', async () => {
    const it = said(house.target, 'TOM', 'help', { room: channel });
    await post(house.target, it);
    await until('a pointer', () => house.microsoft.messages.some(({ thread }) => thread === it.id));
  });

  test('whoever has no chat with us learns how to add us, and nothing was done', async () => {
    const room = '19:new@thread.v2';
    const { email = '' } = house.microsoft.people.get('29:TOM') ?? {};
    house.microsoft.enroll('NEW', { personal: false, email: `new.${email}` });
    house.microsoft.places.set('a:NEW', {
      ...{
        id: 'a:NEW',
        scope: 'personal',
        tenant: house.microsoft.tenant,
        members: ['29:NEW'],
        hasBot: false,
      },
    });
    house.microsoft.room(room, { members: ['ANA', 'NEW'] });
    await house.tell('NEW', 'desk', { room });
    await until('how to add us', () => house.microsoft.seenIn(room).some((it) => it.includes('choose Add')));
    expect(house.microsoft.seenIn(room).join()).not.toContain('Pending');
  });

  test('under a deal’s card need not name the deal, and the card need not be of the newest', async () => {
    const { id, company } = await working(1);
    await house.say('ANA', `show ${id}`);
    const card = house.newest('ANA');
    await house.say('ANA', 'help');
    const before = house.messages('ANA').length;
    await house.tell('ANA', 'next step: Agree on the sizing', { thread: card.id });
    await until('an answer', () => house.messages('ANA').length > before);
    expect(house.screen('ANA', house.newest('ANA'))).toContain(company);
    expect((await wishes(id)).join()).toContain('Agree on the sizing');
  });

  test('sent again by Teams are one act: under the same id, and under a new one 15 s later', async () => {
    const { id } = await working(2);
    const it = said(house.target, 'ANA', `next-step ${id}: Send the offer to their CFO`);
    const later = { ...it, id: `${it.id}9`, timestamp: new Date(Date.now() + 15_000).toISOString() };
    for (const activity of [it, it]) expect((await post(house.target, activity)).status).toBe(200);
    await until('the wish', async () => (await wishes(id)).length > 0);
    await house.quiet();
    const effects = async () =>
      (await house.effects(id)).filter((one) => JSON.stringify(one).includes('Send the offer')).length;
    expect(await wishes(id)).toHaveLength(1);
    const [once, answers] = [await effects(), house.messages('ANA').length];
    expect(once).toBe(1);
    await post(house.target, later);
    await until('an answer', () => house.messages('ANA').length > answers);
    await house.quiet();
    expect(await effects()).toBe(once);
  });

  test('sent again under a new id do not undo what was said in between, and count once they are said once more', async () => {
    const { id } = await working(3);
    const about = (text: string) => said(house.target, 'ANA', `next-step ${id}: ${text}`);
    const answered = async (it: Json): Promise<string> => {
      const before = house.messages('ANA').length;
      expect((await post(house.target, it)).status).toBe(200);
      await until('an answer', () => house.messages('ANA').length > before);
      await house.quiet();
      return house.screen('ANA', house.newest('ANA'));
    };
    const [first, second] = [about('Visit them'), about('Call them instead')];
    await answered(first);
    await answered(second);
    const before = await wishes(id);
    expect(before).toHaveLength(2);
    const again = { ...first, id: `${first.id}9` };
    expect(await answered(again)).toContain('I heard this a moment ago');
    expect(await wishes(id)).toEqual(before);
    expect((await post(house.target, again)).status).toBe(200);
    expect(await answered({ ...first, id: `${first.id}8` })).not.toContain('I heard this a moment ago');
    expect(await wishes(id)).toHaveLength(3);
  });

  test('that only look are answered each time; so is whoever said it long ago, and somebody else', async () => {
    const { id } = await working(4);
    for (const text of ['list pending', 'help', 'list pending', 'help'])
      expect(await house.say('ANA', text)).not.toContain('I heard this');
    for (const text of ['Plan it', 'Drop it']) await house.say('ANA', `next-step ${id}: ${text}`);
    await house.quiet();
    expect(await house.say('TOM', `next-step ${id}: Plan it`)).not.toContain('I heard this');
    await house.store.prisma.inbox.updateMany({ data: { at: new Date(Date.now() - 61_000) } });
    expect(await house.say('ANA', `next-step ${id}: Plan it`)).not.toContain('I heard this');
  });

  test('of a guest are refused in kind words, also where others read', async () => {
    house.microsoft.enroll('GUS', { role: 'guest', email: 'gus@else.example' });
    expect(await house.say('GUS', 'desk')).toContain('not guests');
    house.microsoft.room('19:guests@thread.v2', { members: ['ANA', 'GUS'] });
    await house.tell('GUS', 'desk', { room: '19:guests@thread.v2' });
    await until('a refusal', () =>
      house.microsoft.seenIn('19:guests@thread.v2').join().includes('not guests'),
    );
  });

  test('are sent again by Teams while they cannot be written down, and left once they cannot be answered', async () => {
    const activity = said(house.target, 'ANA', 'help');
    const attachments = {
      ...activity,
      id: `${activity.id}1`,
      text: '',
      attachments: [{ contentType: 'image/png' }],
    };
    const before = house.messages('ANA').length;
    expect((await post(house.target, attachments)).status).toBe(200);
    expect((await post(house.target, { ...activity, type: 'messageReaction', text: undefined })).status).toBe(
      200,
    );
    expect((await post(house.target, { ...activity, from: { id: '28:app' } })).status).toBe(200);
    await until('the app is told', () => house.messages('ANA').length > before);
    expect(house.messages('ANA').length).toBe(before + 1);
  });

  test('after a crash are answered once the process is there again', async () => {
    const before = house.messages('ANA').length;
    await house.door.replay(said(house.target, 'ANA', 'find Harbour'));
    expect(house.messages('ANA').length).toBe(before + 1);
    expect(house.screen('ANA', house.newest('ANA'))).toContain('Harbour & Hearth Homes');
  });

  test('whose answer a gateway gave up on are kept, and answered when they are looked at again', async () => {
    const [it, before] = [said(house.target, 'ANA', 'find Harbour'), house.messages('ANA').length];
    house.microsoft.fail('send', { status: 504 });
    await expect(house.door.replay(it)).rejects.toThrow('504');
    expect(house.messages('ANA').length).toBe(before);
    await house.door.replay(it);
    expect(house.messages('ANA').length).toBe(before + 1);
  });

  test('while the inbox is closed get 503, so that they come again', async () => {
    const closed = await openTeamsHouse(
      database,
      {},
      {
        inbox: { receive: () => Promise.reject(new Error('no database')) },
      },
    );
    const { status } = await closed.tell('ANA', 'help');
    expect(status).toBe(503);
    expect(closed.messages('ANA')).toEqual([]);
    await closed.stop();
  });
});

describe('what was typed', () => {
  const ours = [{ mark: '<at>ace-desk</at>', isOurs: true }];

  test.each([
    ['<at>ace-desk</at>&nbsp;accept 2\n', 'accept 2'],
    ['<at>ace-desk</at> find AT&amp;T &lt;Corp&gt;', 'find AT&T <Corp>'],
    ['hello <at>ace-desk</at>', 'hello'],
    ['<at>ace-desk</at>', ''],
    ['<at>ace-desk</at> next-step 3: a\r\nb', 'next-step 3: a\nb'],
  ])('%j is read as %j', (text, words) => expect(heard(text, ours)).toBe(words));

  test('names of others stay', () => {
    const mentions = [...ours, { mark: '<at>Tom Baker</at>', isOurs: false }];
    expect(heard('<at>ace-desk</at> accept 2 for <at>Tom Baker</at>', mentions)).toBe(
      'accept 2 for Tom Baker',
    );
  });

  test.each(["$'", '$`', '$&', '$$'])('a name of %s is a name, not a pattern', (name) => {
    const mark = `<at>${name}</at>`;
    expect(heard(`${mark}${mark} x`, [{ mark, isOurs: false }])).toBe(`${name}${name} x`);
    // Were it one, this would be longer than a string can be.
    const many = mark.repeat(10_000);
    expect(heard(many, [{ mark, isOurs: false }])).toHaveLength(name.length * 10_000);
  });

  test('a message’s paragraphs become lines', () => {
    expect(written('<p>Call <b>AT&amp;T</b></p><p>on&nbsp;Monday<br>noon</p><img src="x">', true)).toBe(
      'Call AT&T\non Monday\nnoon',
    );
    expect(written('1 < 2 & so', false)).toBe('1 < 2 & so');
  });

  const base: Json = {
    ...{ type: 'message', id: '1', serviceUrl: 'https://x.example/', text: 'desk' },
    ...{ from: { id: '29:A', aadObjectId: 'AB' }, recipient: { id: '28:b' } },
  };
  test.each([
    [{ id: 'a:1', conversationType: 'personal' }, 'personal'],
    // Two people's own chat: not ours.
    [{ id: '19:a_b@unq.gbl.spaces', conversationType: 'personal' }, 'group'],
    [{ id: '19:x@thread.v2', conversationType: 'groupChat' }, 'group'],
    [{ id: '19:x@thread.tacv2;messageid=7', conversationType: 'channel' }, 'channel'],
    [{ id: '19:x' }, 'group'],
  ])('%j is a place of the scope %s', (conversation, scope) => {
    expect(readActivity({ ...base, conversation })?.at.scope).toBe(scope);
  });

  test.each([
    ['of a channel as Teams tells it', { channel: { id: '19:x@thread.tacv2', name: 'Deals' } }, 'Deals'],
    ['of its conversation where nothing else names it', { channel: { id: '19:x@thread.tacv2' } }, 'Sales'],
    [
      'never of the channel that something is told about',
      { channel: { id: '19:y', name: 'Other' } },
      'Sales',
    ],
  ])('the name is that %s', (_, channelData, name) => {
    const conversation = { id: '19:x@thread.tacv2;messageid=7', name: 'Sales' };
    expect(readActivity({ ...base, conversation, channelData })?.at.name).toBe(name);
  });

  test('what has no shape we know is nothing', () => {
    for (const it of [null, 7, {}, { ...base }, { ...base, conversation: { id: 7 } }])
      expect(readActivity(it)).toBeUndefined();
  });
});
