/** Coming to a channel: we say once what we are; of others nothing is said, but the cards there are looked at anew. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { note } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, until } from '../support/house.ts';
import { eventually, memoryInbox, openScene, type Scene } from '../support/slack-door.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { eventBody, send } from '../support/slack-requests.ts';
import { screenOf } from '../support/slack-screen.ts';
import { member } from '../support/slack-workspace.ts';

const open: (Scene | SlackHouse)[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) {
    expect(it.workspace.refused).toEqual([]);
    await ('close' in it ? it.close() : it.stop());
  }
});
async function scene(more: Parameters<typeof openScene>[1] = {}): Promise<Scene> {
  const it = await openScene(() => note('never'), more);
  open.push(it);
  return it;
}
const came = (user: string, more: object = {}) => ({
  ...{ type: 'member_joined_channel', user, channel: 'C7', channel_type: 'C', inviter: 'ANA' },
  ...more,
});

describe('added to a channel', () => {
  test('it says once what it is, that it is silent unless asked, and what to type; to no one by name', async () => {
    const it = await scene();
    it.workspace.channels.set('C7', { members: ['ANA', 'BEN'] });
    const profile = { email: 'ana.silva@partner.example', real_name: '<!channel> *Ana Silva*' };
    it.workspace.users.set('ANA', member('ANA', profile.email, { profile }));
    for (let again = 0; again < 3; again++) {
      const body = eventBody(it.target, came('UBOT'), 'Ev1');
      expect((await send(it.target, { body, contentType: 'application/json' })).status).toBe(200);
    }
    await eventually('the introduction', () => it.workspace.messages.length > 0);
    await it.event(came('BEN'));
    const said = it.workspace.messages.map((message) => [message.channel, flat(screenOf(message))]);
    expect(said).toEqual([
      ['C7', expect.stringMatching(/^Hello\. I am ace-desk.* I was just added to this channel\./)],
    ]);
    const [text] = it.workspace.messages.map((message) => screenOf(message));
    expect(text).toContain('I say nothing here unless somebody asks');
    for (const typed of ['“/ace post <deal>”', '“/ace help”']) expect(text).toContain(typed);
    // What whoever added it calls themselves is theirs to choose.
    expect(JSON.stringify(it.workspace.messages)).not.toMatch(/<[!@]|"user_id"|Silva|channel>/);
    expect(it.workspace.messages[0]?.text).toContain('/ace post &lt;deal&gt;');
  });

  test('once for each channel and day, however often it is taken out and added again', async () => {
    let at = Date.parse('2026-11-22T12:00:00Z');
    const it = await scene({ now: () => new Date(at) });
    const counts = async (channel: string, count: number) => {
      const looked = () =>
        it.workspace.calls.filter(({ method }) => method === 'conversations.members').length;
      const before = looked();
      await it.event(came('UBOT', { channel }));
      await eventually('the look', () => looked() > before);
      await eventually('the words', () => it.workspace.messages.length >= count);
      expect(it.workspace.messages).toHaveLength(count);
    };
    for (const channel of ['C7', 'C8']) it.workspace.channels.set(channel, { members: ['ANA', 'BEN'] });
    await counts('C7', 1);
    await counts('C7', 1);
    await counts('C8', 2);
    at += 24 * 60 * 60_000;
    await counts('C7', 3);
  });

  test.each([
    ['is shared with another company', { info: { is_ext_shared: true } }],
    ['is about to be shared', { info: { is_pending_ext_shared: true } }],
    ['has guests', { members: ['ANA', 'GUS'] }],
    ['holds somebody of another workspace', { members: ['ANA', 'NOBODY'] }],
    [
      'may hold anybody, as Slack does not say',
      { info: { is_mpim: false }, members: Array(1001).fill('ANA') },
    ],
  ])('says nothing where the channel %s', async (_, channel) => {
    const inbox = memoryInbox();
    const it = await scene({ inbox });
    it.workspace.channels.set('C7', channel);
    it.workspace.channels.set('C8', { members: ['ANA'] });
    await it.event(came('UBOT'));
    await eventually('the look', () =>
      it.workspace.calls.some(({ method }) => method === 'conversations.members'),
    );
    await it.event(came('UBOT', { channel: 'C8' }));
    await eventually('the other introduction', () => it.workspace.messages.length > 0);
    expect(it.workspace.messages.map((message) => message.channel)).toEqual(['C8']);
    expect([...inbox.rows.values()]).toEqual([{ introduced: 'C8' }]);
  });

  test('is written down before it is said, so that a crash in between costs the words and doubles nothing', async () => {
    const inbox = memoryInbox();
    const it = await scene({ inbox });
    it.workspace.channels.set('C7', { members: ['ANA'] });
    it.workspace.fail('chat.postMessage', { error: 'fatal_error' });
    await it.event(came('UBOT'));
    await eventually('the failure', () => it.log.join().includes('fatal_error'));
    expect(inbox.handledKeys).toEqual([...inbox.rows.keys()]);
    for (const row of inbox.rows.values()) await it.door.replay(row);
    expect(it.workspace.messages).toEqual([]);
  });
});

test('others who come are not greeted, not written down, and the house looks anew at that room alone', async () => {
  const inbox = memoryInbox();
  const it = await scene({ inbox });
  const looked: unknown[] = [];
  it.desk.joined = async (...where) => void looked.push(where);
  await it.event(came('GUS'));
  await eventually('the look', () => looked.length === 1);
  expect(looked).toEqual([['slack', { tenant: 'T1', conversation: 'C7' }]]);
  expect([it.workspace.messages, [...inbox.rows]]).toEqual([[], []]);
  const elsewhere = { team_id: 'T9', authorizations: [{ team_id: 'T9' }] };
  await it.event(came('GUS'), elsewhere);
  await it.event(came('GUS', { channel: 'DANA' }));
  expect(looked).toHaveLength(1);
});

test.each([
  ['who comes', came('GUS')],
  ['a channel that is shared', { type: 'channel_shared', channel: 'C7', connected_team_id: 'T9' }],
])('%s is not acknowledged while the house cannot look: Slack sends it again', async (_, event) => {
  const it = await scene();
  let looked = 0;
  it.desk.joined = async () => {
    looked += 1;
    if (looked === 1) throw new Error('The database is away.');
  };
  const body = eventBody(it.target, event, 'Ev1');
  const told = async () => (await send(it.target, { body, contentType: 'application/json' })).status;
  expect([await told(), await told(), looked]).toEqual([500, 200, 2]);
});

describe.each(databases)('a guest, on $name', (database) => {
  test.each([
    ['who comes', came('GUS', { channel: 'CONE' }), {}],
    [
      'who was a member a moment ago',
      { type: 'user_change', user: { id: 'GUS', team_id: 'T1', is_restricted: true } },
      {},
    ],
    [
      'company that comes',
      { type: 'channel_shared', channel: 'CONE', connected_team_id: 'T9' },
      { info: { is_ext_shared: true } },
    ],
  ])('%s closes the cards and links of that channel, of no other', async (_, event, more) => {
    const house = await openSlackHouse(database);
    open.push(house);
    const { workspace } = house;
    const company = 'Saffron Road Foods';
    workspace.users.set('GUS', member('GUS', 'gus@partner.example'));
    const inChannel = (channel: string) =>
      workspace.messages.filter((it) => it.channel === channel && !it.onlyFor && !it.thread);
    for (const channel of ['CONE', 'CTWO']) {
      workspace.channels.set(channel, { members: channel === 'CONE' ? ['ANA', 'GUS'] : ['ANA'] });
      await house.mention('ANA', channel, `post ${company} (yes)`);
      await until('the card', () => inChannel(channel).length > 0);
    }
    await house.quiet();
    workspace.users.set('GUS', member('GUS', 'gus@else.example', { is_restricted: true }));
    workspace.channels.set('CONE', { members: ['ANA', 'GUS'], ...more });
    await house.event(event);
    await until('a closed card', () => !screenOf(inChannel('CONE')[0] ?? {}).includes(company));
    expect(screenOf(inChannel('CONE')[0] ?? {})).toContain(await house.idOf(company));
    await house.quiet();
    expect(screenOf(inChannel('CTWO')[0] ?? {})).toContain(company);
  });
});
