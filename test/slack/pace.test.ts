/** Deliveries within Slack's rates: calls are counted on a driven clock, through the real client. */

import { beforeEach, describe, expect, test } from '@jest/globals';
import { webApi } from '@slack/bolt';
import { type PaceClock, paced, type Turns, turnsOf, unpaced } from '../../src/slack/pace.ts';

let clock: ReturnType<typeof drivenClock>;
/** Every call that went out: what, to which channel, when. */
let calls: { method: string; channel: string | null; at: number }[];
/** How Slack answers, first come first served; then with ok. */
let answers: Response[];
beforeEach(() => {
  clock = drivenClock();
  calls = [];
  answers = [];
});

function drivenClock(): PaceClock & { pass(ms: number): Promise<void> } {
  let now = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => void sleepers.push({ at: now + ms, wake })),
    /** In steps of 100 ms; after each whatever can go on does. */
    async pass(ms) {
      await settled();
      for (const end = now + ms; now < end; ) {
        now += 100;
        const due = sleepers.filter(({ at }) => at <= now);
        sleepers = sleepers.filter(({ at }) => at > now);
        for (const { wake } of due) wake();
        await settled();
      }
    },
  };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 8; i++) await new Promise((resolve) => setImmediate(resolve));
}

const ok = () => new Response('{"ok":true}', { headers: { 'content-type': 'application/json' } });
const slower = (seconds: number) =>
  new Response('', { status: 429, headers: { 'retry-after': `${seconds}` } });

const client = (turns: Turns = turnsOf(clock)): webApi.WebClient => paced(bare(), turns);

function bare(): webApi.WebClient {
  return new webApi.WebClient('xoxb-t', {
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    fetch: async (url, init) => {
      const body = new URLSearchParams(typeof init?.body === 'string' ? init.body : '');
      const method = new URL(String(url)).pathname.split('/').at(-1) ?? '';
      calls.push({ method, channel: body.get('channel'), at: clock.now() });
      return answers.shift() ?? ok();
    },
  });
}

const post = (web: webApi.WebClient, channel: string) => web.chat.postMessage({ channel, text: 'hello' });
const sentBy = (at: number, method = 'chat.postMessage', channel?: string) =>
  calls.filter((it) => it.method === method && it.at <= at && (!channel || it.channel === channel)).length;

describe('the pace of deliveries', () => {
  test('a channel gets a message a second, in order, and another channel does not wait for all of them', async () => {
    const web = client();
    for (let i = 0; i < 20; i++) void post(web, 'C1');
    void post(web, 'C2');
    await clock.pass(10_000);
    expect(sentBy(0, 'chat.postMessage', 'C1')).toBe(1);
    expect(sentBy(10_000, 'chat.postMessage', 'C1')).toBe(11);
    expect(sentBy(4500, 'chat.postMessage', 'C2')).toBe(1);
    const times = calls.filter(({ channel }) => channel === 'C1').map(({ at }) => at);
    expect(times.slice(1).every((at, nth) => at - (times[nth] ?? 0) >= 1000)).toBe(true);
  });

  test('many channels together get at most five messages a second', async () => {
    const web = client();
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 30; i++) void post(web, `D${round}.${i}`);
      await clock.pass(5000);
    }
    expect(sentBy(60_000)).toBe(301);
    expect(sentBy(1000)).toBeLessThanOrEqual(6);
  });

  test('a channel that stood behind many others gets a message a second all the same', async () => {
    const web = client();
    for (let i = 0; i < 100; i++) void post(web, `D${i}`);
    for (let i = 0; i < 5; i++) void post(web, 'C1');
    await clock.pass(30_000);
    const times = calls.filter(({ channel }) => channel === 'C1').map(({ at }) => at);
    expect(times).toHaveLength(5);
    expect(times.slice(1).every((at, nth) => at - (times[nth] ?? 0) >= 1000)).toBe(true);
  });

  test('whoever would stand in line for longer than half a minute is turned away at once; the others go out', async () => {
    const web = client();
    const tries = Array.from({ length: 40 }, () =>
      web.chat.update({ channel: 'C1', ts: '1', text: 'it' }).catch((error: unknown) => error),
    );
    const late = await Promise.race(tries.slice(30));
    expect(late).toBeInstanceOf(webApi.WebAPIRateLimitedError);
    expect(clock.now()).toBe(0);
    await clock.pass(30_000);
    // Ten at once, and then one each 1.5 s.
    expect(sentBy(30_000, 'chat.update')).toBe(30);
  });

  test('what tries nothing twice waits in the same line, and its 429 pauses the others', async () => {
    const turns = turnsOf(clock);
    const [web, once] = [client(turns), unpaced(bare(), turns)];
    answers = [slower(7)];
    await turns.of('chat.postMessage', { channel: 'C1' });
    await expect(post(once, 'C1')).rejects.toBeInstanceOf(webApi.WebAPIRateLimitedError);
    void post(web, 'C1');
    await clock.pass(6900);
    expect(sentBy(6900)).toBe(1);
    await clock.pass(200);
    expect(sentBy(7100)).toBe(2);
  });

  test.each([
    ['chat.update', 50, (web: webApi.WebClient) => web.chat.update({ channel: 'C1', ts: '1', text: 'it' })],
    [
      'views.publish',
      100,
      (web: webApi.WebClient) => web.views.publish({ user_id: 'U1', view: { type: 'home', blocks: [] } }),
    ],
    ['conversations.open', 50, (web: webApi.WebClient) => web.conversations.open({ users: 'U1' })],
    ['users.lookupByEmail', 50, (web: webApi.WebClient) => web.users.lookupByEmail({ email: 'a@b.example' })],
    [
      'chat.getPermalink',
      50,
      (web: webApi.WebClient) => web.chat.getPermalink({ channel: 'C1', message_ts: '1' }),
    ],
  ])(
    '%s goes out at most %d times in any minute, a fifth of them at once',
    async (method, perMinute, call) => {
      const web = client();
      // As many as it takes: always some wait, and whoever is too many is turned away.
      for (let i = 0; i < 20; i++) void call(web);
      for (let second = 0; second < 120; second++) {
        await clock.pass(1000);
        for (let i = 0; i < 2; i++) call(web).catch(() => undefined);
      }
      expect(sentBy(0, method)).toBe(perMinute / 5);
      for (let from = 0; from < 60_000; from += 100)
        expect(sentBy(from + 59_900, method) - sentBy(from - 1, method)).toBeLessThanOrEqual(perMinute);
      expect(sentBy(59_900, method)).toBeGreaterThan(perMinute * 0.9);
    },
  );

  test('a 429 pauses that method as long as Slack asks, and no other; then the same call goes out', async () => {
    const web = client();
    answers = [slower(7)];
    const first = post(web, 'C1');
    await settled();
    const other = post(web, 'C2');
    void web.chat.update({ channel: 'C1', ts: '1', text: 'it' });
    await clock.pass(6900);
    expect(sentBy(6900)).toBe(1);
    expect(sentBy(6900, 'chat.update')).toBe(1);
    await clock.pass(2000);
    expect(await first).toMatchObject({ ok: true });
    expect(await other).toMatchObject({ ok: true });
    expect(sentBy(9000)).toBe(3);
  });

  test('what is to wait longer than half a minute gives up at once, so that its job is tried again later', async () => {
    const web = client();
    answers = [slower(120)];
    const tries = [post(web, 'C1'), post(web, 'C2')].map((it) => it.catch((error: unknown) => error));
    await clock.pass(1000);
    for (const error of await Promise.all(tries)) expect(error).toBeInstanceOf(webApi.WebAPIRateLimitedError);
    expect(sentBy(1000)).toBe(1);
    await clock.pass(120_000);
    const again = post(web, 'C2');
    await clock.pass(1000);
    expect(await again).toMatchObject({ ok: true });
  });

  test('a call that Slack refuses fails as it is, and the next one goes on in its turn', async () => {
    const web = client();
    answers = [
      new Response('{"ok":false,"error":"channel_not_found"}', {
        headers: { 'content-type': 'application/json' },
      }),
    ];
    const refused = post(web, 'C1').catch((error: unknown) => error);
    const next = post(web, 'C1');
    await clock.pass(1000);
    expect(await refused).toBeInstanceOf(webApi.WebAPIPlatformError);
    expect(await next).toMatchObject({ ok: true });
  });

  test('two workspaces do not wait for each other', async () => {
    const [one, other] = [client(), client()];
    void post(one, 'C1');
    void post(other, 'C1');
    await clock.pass(0);
    expect(sentBy(0)).toBe(2);
  });
});
