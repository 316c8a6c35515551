/** Socket Mode: the same door over a line that we open to Slack. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createSlack, type SlackDoor, type SlackOptions } from '../../src/slack/app.ts';
import { openSlack } from '../../src/slack-side.ts';
import { done, type Form, note, type Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse } from '../support/house.ts';
import {
  card,
  eventually,
  memoryInbox,
  promised,
  type ScriptedDesk,
  scriptedDesk,
} from '../support/slack-door.ts';
import { practiceWorkspace } from '../support/slack-house.ts';
import { eventBody, pressBody, send, slashBody, submitBody, type Target } from '../support/slack-requests.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';
import { APP_TOKEN, createSocketPeer, type SocketPeer } from '../support/slack-socket.ts';
import { createWorkspace, member, type Workspace } from '../support/slack-workspace.ts';

interface Scene {
  workspace: Workspace;
  peer: SocketPeer;
  desk: ScriptedDesk;
  door: SlackDoor;
  target: Target;
  log: string[];
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function place(): Promise<Pick<Scene, 'workspace' | 'peer'>> {
  const workspace = await createWorkspace();
  workspace.users.set('ANA', member('ANA', 'ana@partner.example'));
  const peer = await createSocketPeer(workspace);
  closing.push(peer.close, workspace.close);
  return { workspace, peer };
}

async function scene(answer: ScriptedDesk['answer'], more: Partial<SlackOptions> = {}): Promise<Scene> {
  const { workspace, peer } = await place();
  const desk = scriptedDesk(answer);
  const log: string[] = [];
  const write = (fields: object, message: string): void =>
    void log.push(JSON.stringify({ ...fields, message }));
  const door = await createSlack({
    appToken: APP_TOKEN,
    botToken: workspace.token,
    apiUrl: workspace.apiUrl,
    host: '127.0.0.1',
    port: 0,
    desk,
    inbox: memoryInbox(),
    log: { debug: write, info: write, warn: write, error: write },
    routes: [{ path: '/healthz', method: 'GET', handler: (_, response) => void response.end('fine') }],
    now: () => new Date(),
    development: true,
    ...more,
  });
  await door.start();
  closing.push(() => door.stop());
  return { workspace, peer, desk, door, target: { port: door.port, signingSecret: 'none', workspace }, log };
}

/** The payload of what would be posted over HTTP. */
function unpacked(body: string): unknown {
  if (body.startsWith('{')) return JSON.parse(body);
  const fields = Object.fromEntries(new URLSearchParams(body));
  return fields.payload === undefined ? fields : JSON.parse(fields.payload);
}

const slash = (target: Target, text: string, user = 'ANA') => unpacked(slashBody(target, user, text, 'C1'));
const words = (target: Target, text: string, eventId: string) =>
  unpacked(
    eventBody(target, { type: 'message', channel_type: 'im', channel: 'DANA', user: 'ANA', text }, eventId),
  );
const form: Form = {
  kind: 'form',
  verb: 'next-step',
  title: 'Next step',
  submit: 'Save',
  fields: [{ id: 'nextStep', kind: 'text', label: 'Next step', maxLength: 10 }],
  input: { id: 'O1' },
};

describe('over the line', () => {
  test('a command is answered by its acknowledgement, for that person only', async () => {
    const { peer, target } = await scene((asked) => note('text' in asked ? `said ${asked.text}` : 'desk'));
    const id = peer.send('slash_commands', slash(target, 'list'));
    expect(await peer.acked(id)).toMatchObject({ response_type: 'ephemeral', text: 'said list' });
  });

  test('a pressed button and a submitted form act, and the form is told what became of it', async () => {
    const replies: Reply[] = [card(), form, done('Saved.')];
    const { peer, target, workspace, desk } = await scene(() => replies.shift() ?? note(''));
    await peer.acked(peer.send('events_api', words(target, 'show', 'Ev1')));
    await eventually('the card', () => workspace.messages.length === 1);
    const message = workspace.messages[0];
    const button = buttonsOf(message?.blocks)[0];
    if (!message || !button) throw new Error('there is no button');
    await peer.acked(peer.send('interactive', unpacked(pressBody(target, 'ANA', message, button))));
    await eventually('the form', () => workspace.views.length === 1);
    const view = workspace.views[0];
    if (!view) throw new Error('there is no form');
    const tooLong = unpacked(submitBody(target, view, { nextStep: 'x'.repeat(11) }));
    expect(await peer.acked(peer.send('interactive', tooLong))).toMatchObject({
      response_action: 'errors',
      errors: { nextStep: expect.stringContaining('at most 10') },
    });
    const right = unpacked(submitBody(target, view, { nextStep: 'Demo' }));
    expect(await peer.acked(peer.send('interactive', right))).toMatchObject({ response_action: 'update' });
    expect(desk.intents.map(({ verb }) => verb)).toEqual(['accept', 'next-step']);
  });

  test('whoever waits too long is told so in time', async () => {
    const late = promised<Reply>();
    const { peer, target } = await scene(() => late.promise, { budget: { commit: 50, answer: 300 } });
    const id = peer.send('slash_commands', slash(target, 'accept 1'));
    expect(await peer.acked(id)).toMatchObject({ text: expect.stringContaining('Not taken') });
    late.give(note('here'));
  });

  test('an event is acknowledged after its row is written, and not at all when it cannot be', async () => {
    const row = promised<'new'>();
    let tries = 0;
    const inbox = {
      receive: async () => {
        tries += 1;
        if (tries === 1) throw new Error('the database says: secret words');
        return row.promise;
      },
    };
    const { peer, target, desk, log } = await scene(() => note('heard'), { inbox });
    const refused = peer.send('events_api', words(target, 'hello', 'Ev1'));
    await eventually('the failure', () => log.some((line) => line.includes('was not handled')));
    const second = peer.send('events_api', words(target, 'hello', 'Ev1'));
    await eventually('the second try', () => tries === 2);
    // What is sent after it is answered meanwhile: the line is not what it waits for.
    await peer.acked(peer.send('slash_commands', slash(target, 'list')));
    expect(peer.acks.map(({ id }) => id)).not.toContain(second);
    row.give('new');
    await peer.acked(second);
    expect(peer.acks.map(({ id }) => id)).not.toContain(refused);
    await eventually('the words', () => desk.utterances.some(({ text }) => text === 'hello'));
    expect(log.join()).not.toContain('secret');
  });

  test('an envelope that comes twice is one act', async () => {
    const { peer, target, desk, workspace } = await scene(() => note('heard'));
    const [event, command] = [words(target, 'hello', 'Ev1'), slash(target, 'accept 1')];
    for (const _ of [1, 2]) {
      peer.send('events_api', event, 'envelope-1');
      peer.send('slash_commands', command, 'envelope-2');
    }
    await eventually('four acknowledgements', () => peer.acks.length === 4);
    await eventually('the answer', () => workspace.messages.length === 1);
    const [hello, ...more] = desk.utterances.filter(({ text }) => text === 'hello');
    expect([hello?.text, more]).toEqual(['hello', []]);
    const keys = desk.utterances.filter(({ text }) => text === 'accept 1').map(({ key }) => key);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
});

describe('the line', () => {
  test('is opened anew when Slack asks for it and when it breaks, and answers again', async () => {
    const { peer, target } = await scene(() => note('here'));
    peer.refresh();
    await eventually('a second line', () => peer.lines.length === 2);
    await peer.acked(peer.send('slash_commands', slash(target, 'list')));
    peer.cut();
    await eventually('a third line', () => peer.lines.length === 3);
    expect(await peer.acked(peer.send('slash_commands', slash(target, 'list')))).toMatchObject({
      text: 'here',
    });
    expect(peer.open()).toBe(1);
  });

  test('is asked for again and again while Slack does not give one', async () => {
    const { peer, target, workspace } = await scene(() => note('here'));
    workspace.fail('apps.connections.open', { error: 'internal_error', times: 2 });
    peer.cut();
    await eventually('a second line', () => peer.lines.length === 2);
    await peer.acked(peer.send('slash_commands', slash(target, 'list')));
  });

  test('nothing else takes payloads: our port serves health only', async () => {
    const { target, desk } = await scene(() => note('here'));
    const at = (path: string) => fetch(`http://127.0.0.1:${target.port}${path}`);
    expect(await (await at('/healthz')).text()).toBe('fine');
    const posted = await send(target, { body: slashBody(target, 'ANA', 'list', 'C1') });
    const unsigned = await send(target, { body: slashBody(target, 'ANA', 'list', 'C1'), signature: null });
    const check = await send(target, { body: 'ssl_check=1' });
    expect([posted, unsigned, check].map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await at('/slack/events')).status).toBe(404);
    expect(desk.utterances).toEqual([]);
  });

  test('is closed when we stop, after what was under way has been answered', async () => {
    const slow = promised<Reply>();
    const { peer, target, door, desk } = await scene(() => slow.promise);
    const id = peer.send('slash_commands', slash(target, 'accept 1'));
    await eventually('the question', () => desk.utterances.length === 1);
    const stopped = door.stop();
    peer.send('slash_commands', slash(target, 'too late'));
    slow.give(note('answered'));
    expect(await peer.acked(id)).toMatchObject({ text: 'answered' });
    await stopped;
    closing.pop();
    await eventually('the end of the line', () => peer.open() === 0);
    expect(desk.utterances.map(({ text }) => text)).toEqual(['accept 1']);
    expect(peer.lines).toHaveLength(1);
  });

  test('a token that Slack refuses stops the start, and says which setting is wrong', async () => {
    await expect(scene(() => note(''), { appToken: 'xapp-wrong' })).rejects.toThrow(
      'Slack did not take SLACK_APP_TOKEN (invalid_auth).',
    );
  });
});

test.each(databases)('on $name: the same envelope three times is one Change', async (database) => {
  const house = await openTestHouse(database);
  closing.push(() => house.stop());
  const workspace = await practiceWorkspace();
  const peer = await createSocketPeer(workspace);
  closing.push(peer.close, workspace.close);
  const door = await openSlack(
    {
      host: '127.0.0.1',
      port: 0,
      dataDir: '',
      slack: { appToken: APP_TOKEN, botToken: workspace.token, apiUrl: workspace.apiUrl },
      partnerCentral: { catalog: 'practice' },
      allianceLeadEmail: LEAD,
      console: false,
      clock: false,
      logLevel: 'silent',
      development: true,
    },
    house,
    house.log,
  );
  closing.push(() => door.stop());
  const id = await house.idOf('Tamarind Airways');
  const target = { port: door.port, signingSecret: '', workspace };
  const body = slash(target, `accept ${id}`, 'ANA');
  for (const _ of [1, 2, 3]) peer.send('slash_commands', body, 'envelope');
  await eventually('three answers', () => peer.acks.length === 3);
  for (const { payload } of peer.acks) expect(screenOf(payload)).toContain('Tamarind Airways');
  await house.quiet();
  expect((await house.effects(id)).map(({ kind }) => kind)).toEqual(['accept']);
  expect(workspace.refused).toEqual([]);
});
