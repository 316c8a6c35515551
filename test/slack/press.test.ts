import { afterEach, describe, expect, test } from '@jest/globals';
import { type Button, note, problem, type Reply } from '../../src/views/view.ts';
import { card, eventually, openScene, promised, type Scene } from '../support/slack-door.ts';
import { pressBody, send } from '../support/slack-requests.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';
import type { Message } from '../support/slack-workspace.ts';

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

const QUICK = { commit: 100, answer: 1000 };
const working = card({ progress: 'working', status: 'Accepting… (Ana Silva)', buttons: [] });
const asked = (it: Scene) => it.desk.intents.length + it.desk.utterances.length;

/** Ana has this on her screen; from then on the desk answers `next`. */
async function shown(
  reply: Reply,
  next: () => Reply | Promise<Reply>,
  more: Parameters<typeof openScene>[1] = {},
): Promise<{ it: Scene; message: Message }> {
  const it: Scene = await scene(() => (asked(it) === 1 ? reply : next()), more);
  await it.slash('ANA', 'show 1');
  const [message] = it.workspace.messages;
  if (!message) throw new Error('nothing shown');
  return { it, message };
}

const list = (button: Button): Reply => ({
  kind: 'list',
  title: 'Desk',
  sections: [
    {
      title: 'Pending',
      total: 2,
      items: ['engi-1', 'engi-2'].map((id) => ({
        id,
        title: id,
        detail: 'x',
        button: { ...button, input: { id } },
      })),
    },
  ],
  empty: '',
});

describe('a pressed button', () => {
  test('becomes its verb and input, and the card takes the place of the one pressed', async () => {
    const { it, message } = await shown(card(), () => working);
    const answered = await it.press('ANA', message, 'Accept');
    expect(answered).toMatchObject({ status: 200, body: '' });
    await eventually('the new card', () => screenOf(message).includes('Accepting… (Ana Silva)'));
    expect(buttonsOf(message.blocks)).toEqual([]);
    expect(it.desk.intents).toMatchObject([
      { verb: 'accept', input: { id: 'engi-1' }, from: { user: 'ANA', conversation: 'C1' } },
    ]);
    expect(it.desk.intents[0]?.key).toMatch(/^slack:T1:ANA:accept:[\w-]{10}\.0$/);
    await eventually('two postings', () => it.desk.postings.length === 2);
    expect(it.desk.postings[1]?.ref).toMatchObject({
      kind: 'response',
      inPlace: true,
      left: 4,
      shown: 'working',
    });
  });

  test('pressed twice is one act, and two buttons of one list are two', async () => {
    const { it, message } = await shown(list({ verb: 'accept', label: 'Accept', input: {} }), () =>
      note('ok'),
    );
    const [first, second] = buttonsOf(message.blocks);
    if (!first || !second) throw new Error('no buttons');
    for (const button of [first, first, second]) {
      await send(it.target, { body: pressBody(it.target, 'ANA', message, button) });
    }
    const keys = it.desk.intents.map((intent) => intent.key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
    await it.press('BEN', message, 'Accept');
    expect(it.desk.intents.at(-1)?.key).not.toBe(keys[0]);
  });

  test('on a list shows its card below, the list stays', async () => {
    const { it, message } = await shown(list({ verb: 'accept', label: 'Accept', input: {} }), () => working);
    await it.press('ANA', message, 'Accept');
    await eventually('a second message', () => it.workspace.messages.length === 2);
    expect(screenOf(message)).toContain('Desk');
    expect(it.workspace.messages[1]).toMatchObject({ onlyFor: 'ANA' });
    expect(screenOf(it.workspace.messages[1] ?? {})).toContain('Accepting…');
  });

  test('gives a private note that never covers the card', async () => {
    const { it, message } = await shown(card(), () => problem('Ben accepted this 3 min ago.'));
    await it.press('ANA', message, 'Accept');
    await eventually('the note', () => it.workspace.seenBy('ANA').includes('⚠️ Ben accepted this 3 min ago.'));
    expect(it.workspace.seenBy('BEN')).toEqual([]);
    expect(screenOf(message)).toContain('Acme');
  });

  test('gets "not taken" when the desk hangs, and the truth when it comes', async () => {
    const late = promised<Reply>();
    const { it, message } = await shown(card(), () => late.promise, { budget: QUICK });
    const press = it.press('ANA', message, 'Accept');
    expect((await press).status).toBe(200);
    await eventually('the note', () =>
      it.workspace.seenBy('ANA').some((said) => said.includes('Not taken, nothing changed')),
    );
    expect(screenOf(message)).toContain('Acme');
    late.give(working);
    await eventually('the late card', () => screenOf(message).includes('Accepting…'));
  });

  test.each([
    ['is not JSON', '{'],
    ['is not ours', '{"a":1}'],
    ['names no verb', JSON.stringify({ v: 'Format disk', i: {}, k: 'k', o: 'card' })],
    ['carries more than texts', JSON.stringify({ v: 'accept', i: { id: { $ne: '' } }, k: 'k', o: 'card' })],
  ])('that %s gives a kind note', async (_, value) => {
    const { it, message } = await shown(card(), () => working);
    const button = { type: 'button' as const, label: 'x', actionId: 'x', value };
    expect((await send(it.target, { body: pressBody(it.target, 'ANA', message, button) })).status).toBe(200);
    await eventually('the note', () =>
      it.workspace.seenBy('ANA').some((said) => said.includes('older version of ace-desk')),
    );
    expect(it.desk.intents).toEqual([]);
  });

  test('is answered in a direct message when the way back is lost', async () => {
    const { it, message } = await shown(card(), () => working);
    it.workspace.fail('response_url', { status: 404 });
    await it.press('ANA', message, 'Accept');
    await eventually('the direct message', () => it.workspace.seenBy('ANA', 'DANA').length === 1);
    expect(it.workspace.seenBy('ANA', 'DANA')[0]).toContain('Accepting…');
    await eventually('the posting', () => it.desk.postings.length === 2);
    expect(it.desk.postings[1]?.ref).toMatchObject({ kind: 'message', channel: 'DANA' });
  });

  test('never sends an answer to an address that is not Slack’s', async () => {
    const { it, message } = await shown(card(), () => working);
    const [button] = buttonsOf(message.blocks);
    if (!button) throw new Error('no button');
    const body = pressBody(it.target, 'ANA', message, button, {
      response_url: `http://127.0.0.1:${it.door.port}/healthz`,
    });
    await send(it.target, { body });
    await eventually('the direct message', () => it.workspace.seenBy('ANA', 'DANA').length === 1);
    expect(it.workspace.calls.map((call) => call.method)).not.toContain('response_url');
  });

  test('in the overflow menu is a button like any other', async () => {
    const more: Button[] = [{ verb: 'history', label: 'History', input: { id: 'O1' } }];
    const { it, message } = await shown(card({ more }), () => note('No history yet.'));
    await it.press('ANA', message, 'History');
    expect(it.desk.intents).toMatchObject([{ verb: 'history', input: { id: 'O1' } }]);
  });

  test('of a direct message keeps that message true for as long as it stands', async () => {
    const { it } = await shown(card(), () => working);
    await it.door.messenger.tell({ tenant: 'T1', user: 'ANA' }, card());
    const message = it.workspace.messages.at(-1);
    if (!message) throw new Error('nothing told');
    await it.press('ANA', message, 'Accept');
    await eventually('the posting', () => it.desk.postings.length === 2);
    expect(it.desk.postings[1]?.ref).toEqual({
      kind: 'message',
      team: 'T1',
      channel: 'DANA',
      ts: message.ts,
    });
  });
});
