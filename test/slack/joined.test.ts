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
  test('it says once who added it, that it is silent unless asked, and what to type; to no one by name', async () => {
    const it = await scene();
    const profile = { email: 'ana.silva@partner.example', real_name: 'Ana Silva' };
    it.workspace.users.set('ANA', member('ANA', profile.email, { profile }));
    for (let again = 0; again < 3; again++) {
      const body = eventBody(it.target, came('UBOT'), 'Ev1');
      expect((await send(it.target, { body, contentType: 'application/json' })).status).toBe(200);
    }
    await eventually('the introduction', () => it.workspace.messages.length > 0);
    await it.event(came('BEN'));
    const said = it.workspace.messages.map((message) => [message.channel, flat(screenOf(message))]);
    expect(said).toEqual([
      ['C7', expect.stringMatching(/^Hello\. I am ace-desk.* added me to this channel\./)],
    ]);
    const [text] = it.workspace.messages.map((message) => screenOf(message));
    expect(text).toMatch(/^.*Ana Silva added me/);
    expect(text).toContain('I say nothing here unless somebody asks');
    for (const typed of ['“/ace post <deal>”', '“/ace help”']) expect(text).toContain(typed);
    expect(JSON.stringify(it.workspace.messages)).not.toMatch(/<[!@]|"user_id"/);
    expect(it.workspace.messages[0]?.text).toContain('/ace post &lt;deal&gt;');
  });

  test('a name that Slack does not tell, or that is markup, harms nothing', async () => {
    const it = await scene();
    it.workspace.users.set(
      'EVE',
      member('EVE', 'eve@x.example', { profile: { real_name: '<!channel> *Eve*' } }),
    );
    await it.event(came('UBOT', { inviter: 'NOBODY', channel: 'C8' }));
    await it.event(came('UBOT', { inviter: undefined, channel: 'C8' }));
    await it.event(came('UBOT', { inviter: 'EVE', channel: 'C8' }));
    await eventually('all three', () => it.workspace.messages.length === 3);
    const [one, two, three] = it.workspace.messages;
    expect([one, two].map((message) => screenOf(message ?? {}))).toEqual(
      Array(2).fill(expect.stringContaining('Somebody added me')),
    );
    expect(three?.text).toContain('&lt;!channel&gt;');
    expect(JSON.stringify(three?.blocks)).not.toContain('mrkdwn');
  });

  test('is written down before it is said, so that a crash in between costs the words and doubles nothing', async () => {
    const inbox = memoryInbox();
    const it = await scene({ inbox });
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

describe.each(databases)('a guest who comes, on $name', (database) => {
  test('closes the cards of that channel, of no other', async () => {
    const house = await openSlackHouse(database);
    open.push(house);
    const { workspace } = house;
    const company = 'Saffron Road Foods';
    const inChannel = (channel: string) =>
      workspace.messages.filter((it) => it.channel === channel && !it.onlyFor && !it.thread);
    for (const channel of ['CONE', 'CTWO']) {
      await house.mention('ANA', channel, `post ${company} (yes)`);
      await until('the card', () => inChannel(channel).length > 0);
    }
    await house.quiet();
    workspace.users.set('GUS', member('GUS', 'gus@else.example', { is_restricted: true }));
    workspace.channels.set('CONE', { members: ['ANA', 'GUS'] });
    await house.event(came('GUS', { channel: 'CONE' }));
    await until('a closed card', () => !screenOf(inChannel('CONE')[0] ?? {}).includes(company));
    expect(screenOf(inChannel('CONE')[0] ?? {})).toContain(await house.idOf(company));
    await house.quiet();
    expect(screenOf(inChannel('CTWO')[0] ?? {})).toContain(company);
  });
});
