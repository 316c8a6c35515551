import { afterEach, describe, expect, test } from '@jest/globals';
import { createSlack } from '../../src/slack/app.ts';
import { done, note, type Reply } from '../../src/views/view.ts';
import type { Route } from '../../src/web.ts';
import {
  card,
  eventually,
  memoryInbox,
  openScene,
  promised,
  type Scene,
  SECRET,
  scriptedDesk,
} from '../support/slack-door.ts';
import { pressBody, send, shortcutBody, slashBody, suggestBody } from '../support/slack-requests.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';
import { createWorkspace, member } from '../support/slack-workspace.ts';

const open: { close(): Promise<void> }[] = [];
const scene: typeof openScene = async (...args) => {
  const it = await openScene(...args);
  open.push(it);
  return it;
};
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

/** Short enough for a test, long enough for a busy machine to get an answer that is there at once. */
const QUICK = { commit: 100, answer: 1000 };
const last = ({ workspace }: Scene) => screenOf(workspace.messages.at(-1) ?? {});

describe('the endpoint', () => {
  test('refuses what Slack did not sign: no signature, a wrong one, another secret, an old request', async () => {
    const { target, desk } = await scene(() => note('hello'));
    const body = slashBody(target, 'ANA', 'desk', 'C1');
    const old = Math.floor(Date.now() / 1000) - 301;
    const stranger = { port: target.port, signingSecret: 'another' };
    const answers = await Promise.all([
      send(target, { body, signature: null }),
      send(target, { body, signature: 'v0=00' }),
      send(target, { body, signature: 'nonsense' }),
      send(target, { body, timestamp: Number.NaN }),
      send(target, { body, timestamp: old }),
      send(stranger, { body }),
      send(target, { body: 'not=slack&ssl_check=0', signature: null }),
    ]);
    expect(answers.map((it) => it.status)).toEqual([401, 401, 401, 401, 401, 401, 401]);
    expect(desk.utterances).toEqual([]);
  });

  test('answers url_verification, ssl_check and the routes it was given, and nothing else', async () => {
    const { target, desk } = await scene(() => note('hello'));
    const verify = await send(target, {
      body: JSON.stringify({ type: 'url_verification', challenge: 'c-1' }),
      contentType: 'application/json',
    });
    expect(verify).toMatchObject({ status: 200, body: { challenge: 'c-1' } });
    const smuggled = `ssl_check=1&${slashBody(target, 'ANA', 'accept 1', 'C1')}`;
    expect((await send(target, { body: smuggled, signature: null })).status).toBe(200);
    const at = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${target.port}${path}`, { method });
    expect(await (await at('/healthz')).text()).toBe('fine');
    expect((await at('/')).status).toBe(404);
    expect((await at('/slack/events')).status).toBe(404);
    expect((await at('/healthz', 'POST')).status).toBe(405);
    expect(desk.utterances).toEqual([]);
  });

  test('answers 400 to signed nonsense and 413 to too much, and logs none of it', async () => {
    const { target, log } = await scene(() => note('hello'));
    const nonsense = await send(target, { body: 'secret name', contentType: 'application/json' });
    const huge = await send(target, { body: `payload=${'x'.repeat(2_000_000)}` });
    expect([nonsense.status, huge.status]).toEqual([400, 413]);
    expect(log.join()).not.toContain('secret');
  });

  test('a channel that is null, where Bolt would read its id, is acknowledged like any other shape we do not know', async () => {
    const it = await scene(() => card());
    await it.slash('ANA', 'show 1');
    const [message] = it.workspace.messages;
    const [button] = buttonsOf(message?.blocks);
    if (!message || !button) throw new Error('no card');
    const nothing = { channel: null };
    const bodies = [
      pressBody(it.target, 'ANA', message, button, nothing),
      shortcutBody(it.target, 'ANA', 'next-step', message, nothing),
      suggestBody(
        it.target,
        { id: 'V1', user: 'ANA', isOpen: true, errors: {}, content: { blocks: [] } },
        'to',
        '',
        nothing,
      ),
    ];
    const answers = await Promise.all(bodies.map((body) => send(it.target, { body })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(it.desk.intents).toEqual([]);
  });

  test('lets a route of another door be answered before it stops', async () => {
    const [entered, gate] = [promised<void>(), promised<void>()];
    const routes: Route[] = [
      {
        path: '/slow',
        method: 'GET',
        async handler(_, response) {
          entered.give();
          await gate.promise;
          response.end('answered');
        },
      },
    ];
    const { target, door, workspace } = await openScene(() => note('hello'), { routes });
    open.push(workspace);
    const asked = fetch(`http://127.0.0.1:${target.port}/slow`);
    await entered.promise;
    const stopped = door.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    gate.give();
    expect(await (await asked).text()).toBe('answered');
    await stopped;
  });

  test('does not start with a token Slack refuses, and says which setting is wrong', async () => {
    const workspace = await createWorkspace();
    open.push(workspace);
    const options = {
      signingSecret: SECRET,
      apiUrl: workspace.apiUrl,
      host: '127.0.0.1',
      port: 0,
      desk: scriptedDesk(() => note('')),
      inbox: memoryInbox(),
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      routes: [],
      now: () => new Date(),
      development: true,
    };
    const start = createSlack({ ...options, botToken: 'xoxb-wrong' });
    await expect(start).rejects.toThrow('Slack did not take SLACK_BOT_TOKEN (invalid_auth)');
  });
});

describe('/ace', () => {
  test('alone asks for the desk; with words says them; the answer is the acknowledgement, for that person only', async () => {
    const it = await scene((asked) => note('verb' in asked ? `verb ${asked.verb}` : `said ${asked.text}`));
    const answered = await it.slash('ANA', '');
    expect(answered.body).toMatchObject({
      response_type: 'ephemeral',
      text: 'verb desk',
      link_names: false,
      unfurl_links: false,
    });
    await it.slash('ANA', '  accept 2 &amp; more ');
    expect(last(it)).toBe('said accept 2 & more');
    const [utterance] = it.desk.utterances;
    expect(utterance?.from).toEqual({
      platform: 'slack',
      tenant: 'T1',
      user: 'ANA',
      email: 'ana.silva@partner.example',
      timeZone: 'Europe/Berlin',
      conversation: 'C1',
    });
    expect(utterance?.key).toMatch(/^slack:T1:ANA:trigger\.\d+$/);
    expect(it.desk.untils.every((until) => until instanceof Date)).toBe(true);
  });

  test('sent twice, the same request carries the same key', async () => {
    const { target, desk } = await scene(() => note('ok'));
    const body = slashBody(target, 'ANA', 'accept 2', 'C1');
    await Promise.all([send(target, { body }), send(target, { body })]);
    expect(desk.utterances).toHaveLength(2);
    expect(desk.utterances[0]?.key).toBe(desk.utterances[1]?.key);
  });

  test('tells the house where a card stands', async () => {
    const it = await scene(() => card({ progress: 'working' }));
    await it.slash('ANA', 'accept 1');
    expect(it.desk.postings).toMatchObject([
      {
        from: { user: 'ANA' },
        ref: { kind: 'response', user: 'ANA', shown: 'working', inPlace: false, left: 5 },
      },
    ]);
  });

  test('gets "not taken" when the desk hangs, and what became of it when that comes', async () => {
    const late = promised<Reply>();
    const it = await scene(() => late.promise, { budget: QUICK });
    await it.slash('ANA', 'accept 1');
    expect(last(it)).toContain('Not taken, nothing changed');
    late.give(note('Here is your list.'));
    await eventually('the late answer', () => last(it) === 'Here is your list.');
    expect(it.workspace.seenBy('BEN', 'C1')).toEqual([]);
  });

  test('speaks of a wait, not of a loss, when only a list was asked for', async () => {
    const late = promised<Reply>();
    const it = await scene(() => late.promise, { budget: QUICK });
    await it.slash('ANA', '');
    expect(last(it)).toBe('⚠️ That took too long. Nothing is lost: please try again.');
    late.give(note('Your desk'));
  });

  test('answers kindly when the desk breaks, and logs no word of why', async () => {
    const it = await scene(() => {
      throw new TypeError('cannot read Acme');
    });
    await it.slash('ANA', 'desk');
    expect(last(it)).toContain('Something went wrong on our side');
    expect(it.log.join()).toContain('TypeError');
    expect(it.log.join()).not.toContain('Acme');
  });

  test('leaves no word of what was asked or answered in the log', async () => {
    const it = await scene(() => card({ title: 'Acme Secret' }));
    await it.slash('ANA', 'show Acme');
    await it.tell('ANA', 'show Acme');
    await eventually('the answer', () => it.workspace.seenBy('ANA', 'DANA').length === 1);
    expect(it.log).toEqual([]);
  });

  test('in production sends the words alone when a drawing would break a limit', async () => {
    const button = { verb: 'show' as const, label: 'Show', input: { id: 'x'.repeat(3000) } };
    const it = await scene(() => card({ title: 'Acme Secret', buttons: [button] }), { development: false });
    await it.slash('ANA', 'show 1');
    expect(it.workspace.messages.at(-1)).toMatchObject({
      blocks: [],
      text: expect.stringContaining('Acme Secret'),
    });
    expect(it.log.join()).toContain('longer than 2000');
    expect(it.log.join()).not.toContain('Acme');
  });
});

describe('who is served', () => {
  const people: [string, object][] = [
    ['a guest', { is_restricted: true }],
    ['a single-channel guest', { is_ultra_restricted: true }],
    ['a closed account', { deleted: true }],
    ['an app', { is_bot: true }],
    ['a stranger', { is_stranger: true }],
    ['a Slack Connect user', { team_id: 'T9' }],
  ];
  test.each(people)('%s is refused politely', async (_, more) => {
    const it = await scene(() => note('secret'));
    it.workspace.users.set('X', member('X', 'x@else.example', { ...more }));
    await it.slash('X', 'list');
    expect(last(it)).toMatch(/Nothing was done\./);
    expect(it.desk.utterances).toEqual([]);
  });

  test('another workspace is refused in every shape Slack says it', async () => {
    const it = await scene(() => card());
    await it.slash('ANA', 'show 1');
    const message = it.workspace.messages[0];
    const button = buttonsOf(message?.blocks)[0];
    if (!message || !button) throw new Error('no card');
    const asked = it.desk.utterances.length;
    const shapes = [
      slashBody(it.target, 'ANA', 'list', 'C1', { team_id: 'T9' }),
      pressBody(it.target, 'ANA', message, button, { team: { id: 'T9' } }),
      pressBody(it.target, 'ANA', message, button, {
        team: null,
        is_enterprise_install: true,
        enterprise: { id: 'E1' },
      }),
      pressBody(it.target, 'ANA', message, button, { user: { id: 'ANA', name: 'ana', team_id: 'T9' } }),
    ];
    const answers = await Promise.all(shapes.map((body) => send(it.target, { body })));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect(JSON.stringify(answers[0]?.body)).toContain('you belong to another');
    await eventually(
      'three refusals',
      () => it.workspace.seenBy('ANA').filter((said) => said.includes('you belong to another')).length === 3,
    );
    expect(it.desk.utterances).toHaveLength(asked);
    expect(it.desk.intents).toEqual([]);
  });

  test('an address nobody confirmed is no address', async () => {
    const it = await scene(() => note('ok'));
    it.workspace.users.set('NEW', member('NEW', 'lead@partner.example', { is_email_confirmed: false }));
    await it.slash('NEW', 'list');
    expect(it.desk.utterances[0]?.from).not.toHaveProperty('email');
  });

  test('a profile is asked for once in a quarter of an hour, and again after it', async () => {
    let minutes = 0;
    const it = await scene(() => note('ok'), { now: () => new Date(minutes * 60_000) });
    const lookups = () => it.workspace.calls.filter((call) => call.method === 'users.info').length;
    await it.slash('ANA', 'list');
    await it.slash('ANA', 'list');
    expect(lookups()).toBe(1);
    minutes = 16;
    it.workspace.users.set('ANA', member('ANA', 'ana@partner.example', { deleted: true }));
    await it.slash('ANA', 'list');
    expect(lookups()).toBe(2);
    expect(last(it)).toContain('closed accounts');
  });

  test('a Slack that does not answer gives a kind answer, and nothing is done', async () => {
    const it = await scene(() => done('Accepted'), { budget: QUICK });
    it.workspace.fail('users.info', { error: 'internal_error' });
    await it.slash('ANA', 'accept 1');
    expect(last(it)).toContain('Slack did not tell me in time who you are');
    it.workspace.fail('users.info', { hang: true });
    await it.slash('ANA', 'accept 1');
    expect(last(it)).toContain('Not taken, nothing changed');
    expect(it.desk.utterances).toEqual([]);
  });
});
