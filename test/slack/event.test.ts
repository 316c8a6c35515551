import { afterEach, describe, expect, test } from '@jest/globals';
import { note } from '../../src/views/view.ts';
import { card, eventually, memoryInbox, openScene, promised, type Scene } from '../support/slack-door.ts';
import { eventBody, send } from '../support/slack-requests.ts';

const open: Scene[] = [];
const scene: typeof openScene = async (...args) => {
  const it = await openScene(...args);
  open.push(it);
  return it;
};
afterEach(async () => {
  for (const it of open.splice(0)) {
    expect(it.workspace.refused).toEqual([]);
    await it.close();
  }
});

const posts = (it: Scene) => it.workspace.calls.filter((call) => call.method.startsWith('chat.')).length;

describe('words said to ace-desk', () => {
  test('in private are written down, then answered there; the copy is kept true', async () => {
    const inbox = memoryInbox();
    const it = await scene(() => card(), { inbox });
    expect(
      (await it.tell('ANA', 'show &lt;Acme&gt; <https://acme.example|acme.example>', 'Ev7')).status,
    ).toBe(200);
    await eventually('the answer', () => it.workspace.seenBy('ANA', 'DANA').length === 1);
    expect(it.desk.utterances).toMatchObject([
      { text: 'show <Acme> acme.example', key: 'slack:T1:Ev7', from: { user: 'ANA', conversation: 'DANA' } },
    ]);
    await eventually('the copy to keep true', () => it.desk.postings.length > 0);
    expect(it.desk.postings).toMatchObject([{ ref: { kind: 'message', channel: 'DANA' } }]);
    await eventually('the tick in the inbox', () => inbox.handledKeys.includes('slack:T1:Ev7'));
  });

  test('in a channel are answered in private: others there may not see the deal', async () => {
    const it = await scene(() => card());
    await it.mention('ANA', 'C1', 'show Acme');
    await eventually('both', () => it.workspace.messages.length === 2);
    expect(it.desk.utterances[0]).toMatchObject({ text: 'show Acme', from: { conversation: 'DANA' } });
    expect(it.workspace.seenBy('ANA', 'DANA')[0]).toContain('Acme');
    expect(it.workspace.seenBy('ANA', 'C1')).toEqual([
      'I answered you in a direct message, where only you can see it.',
    ]);
    expect(it.workspace.seenBy('BEN', 'C1')).toEqual([]);
  });

  test('that ask something of AWS are acknowledged where they were said, never with what they were', async () => {
    const it = await scene(() => ({ reply: card({ title: 'Acme' }), changeIds: ['c1'], ok: true }));
    await it.mention('ANA', 'C1', 'next step: the secret');
    await eventually('both', () => it.workspace.messages.length === 2);
    expect(it.workspace.seenBy('ANA', 'C1')).toEqual([
      'Taken down, in your name. How it goes on is in a direct message, where only you can see it.',
    ]);
    expect(it.workspace.seenBy('BEN', 'C1')).toEqual([]);
  });

  test('are not acknowledged when they could not be written down, and the next attempt is answered', async () => {
    const inbox = memoryInbox();
    const { receive } = inbox;
    inbox.receive = async () => {
      throw new Error('database gone: Acme');
    };
    const it = await scene(() => note('Hello'), { inbox });
    expect((await it.tell('ANA', 'help', 'Ev1')).status).toBe(500);
    expect(it.desk.utterances).toEqual([]);
    expect(it.log.join()).not.toContain('Acme');
    inbox.receive = receive;
    expect((await it.tell('ANA', 'help', 'Ev1')).status).toBe(200);
    await eventually('the answer', () => it.workspace.seenBy('ANA', 'DANA').length === 1);
  });

  test('are not acknowledged before they are written down', async () => {
    const inbox = memoryInbox();
    const row = promised<'new'>();
    inbox.receive = () => row.promise;
    const it = await scene(() => note('Hello'), { inbox });
    let isAnswered = false;
    const sending = it.tell('ANA', 'help').then(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAnswered).toBe(false);
    expect(it.desk.utterances).toEqual([]);
    row.give('new');
    await sending;
    await eventually('the answer', () => it.workspace.messages.length === 1);
  });

  test('sent again by Slack are acknowledged and dropped', async () => {
    const it = await scene(() => note('Hello'));
    for (let attempt = 0; attempt < 3; attempt++)
      expect((await it.tell('ANA', 'help', 'Ev1')).status).toBe(200);
    await eventually('the answer', () => posts(it) === 1);
    expect(it.desk.utterances).toHaveLength(1);
  });

  const ignored: [string, object][] = [
    ['an edit', { subtype: 'message_changed' }],
    ['another app', { bot_id: 'B9' }],
    ['ourselves', { user: 'UBOT' }],
    ['a channel we were not named in', { channel_type: 'channel' }],
    ['somebody joining', { type: 'member_joined_channel' }],
  ];
  test.each(ignored)('from %s are acknowledged and leave no trace', async (_, more) => {
    const inbox = memoryInbox();
    const it = await scene(() => note('Hello'), { inbox });
    const event = { type: 'message', channel_type: 'im', channel: 'DANA', user: 'ANA', text: 'x', ...more };
    const answered = await send(it.target, {
      body: eventBody(it.target, event, 'Ev1'),
      contentType: 'application/json',
    });
    expect(answered.status).toBe(200);
    expect(inbox.rows.size).toBe(0);
    expect(it.desk.utterances).toEqual([]);
  });

  test('from another workspace get nothing done: dropped where we have no business, refused where we have', async () => {
    const it = await scene(() => card());
    const event = { type: 'app_mention', channel: 'C1', user: 'ANA', text: '<@UBOT> list' };
    const elsewhere = { team_id: 'T9', authorizations: [{ team_id: 'T9' }] };
    const json = 'application/json';
    await send(it.target, { body: eventBody(it.target, event, 'Ev1', elsewhere), contentType: json });
    expect(posts(it)).toBe(0);
    const guest = { ...event, user_team: 'T9' };
    await send(it.target, { body: eventBody(it.target, guest, 'Ev2'), contentType: json });
    await eventually('the refusal', () =>
      it.workspace.seenBy('ANA', 'C1').some((said) => said.includes('you belong to another')),
    );
    expect(it.workspace.seenBy('BEN', 'C1')).toEqual([]);
    expect(it.desk.utterances).toEqual([]);
  });

  test('that could not be answered stay in the inbox, and are answered from there', async () => {
    const inbox = memoryInbox();
    const it = await scene(() => note('Hello'), { inbox });
    it.workspace.fail('chat.postMessage', { error: 'fatal_error' });
    await it.tell('ANA', 'help', 'Ev1');
    await eventually('the failed attempt', () => it.log.join().includes('fatal_error'));
    expect(inbox.handledKeys).toEqual([]);
    await it.door.replay(inbox.rows.get('slack:T1:Ev1'));
    expect(it.workspace.seenBy('ANA', 'DANA')).toEqual(['Hello']);
    expect(it.desk.utterances[0]?.key).toBe(it.desk.utterances[1]?.key);
  });
});
