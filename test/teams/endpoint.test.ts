/** POST /api/messages over real HTTP: who is answered what, and how little strangers are told. */
import { request as ask } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { createAuth } from '../../src/teams/auth.ts';
import { messagesRoute, type Reply } from '../../src/teams/endpoint.ts';
import { type Route, serve, type Web } from '../../src/web.ts';
import { claimsFor, token } from '../support/teams-keys.ts';
import { APP_ID, createMicrosoft, type Microsoft, TENANT } from '../support/teams-microsoft.ts';

let microsoft: Microsoft;
let web: Web;
let heard: Record<string, unknown>[];
let answer: () => Promise<Reply>;
let logged: string[];
let failures: unknown[];
beforeEach(async () => {
  microsoft = await createMicrosoft();
  [heard, logged, failures] = [[], [], []];
  answer = async () => ({ status: 200 });
});
afterEach(async () => {
  await web.stop();
  await microsoft.close();
});

async function open(isAnonymous = false): Promise<void> {
  const log = createLog('debug', { write: (line: string) => void logged.push(line) });
  const route = messagesRoute({
    auth: isAnonymous
      ? 'anonymous'
      : createAuth({
          appId: APP_ID,
          tenants: new Set([TENANT]),
          openIdUrl: `${microsoft.url}/v1/.well-known/openidconfiguration`,
          now: () => new Date(),
        }),
    onActivity: (activity) => {
      heard.push(activity);
      return answer();
    },
    log,
    now: () => new Date(),
  });
  const up: Route = { path: '/o/:id', method: 'GET', handler: (_, response) => void response.end('up') };
  const routes = [route, up];
  web = await serve({ host: '127.0.0.1', port: 0, routes, onError: (error) => void failures.push(error) });
}

const activity = () => ({
  ...{ type: 'message', text: 'a secret of Octan Corp', channelId: 'msteams' },
  serviceUrl: microsoft.serviceUrl,
  conversation: { id: 'a:1', tenantId: TENANT },
});
const bearer = () => `Bearer ${token(microsoft.key, claimsFor(microsoft.serviceUrl, APP_ID, Date.now()))}`;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** As it is: fetch would not send a Host of ours. */
function send({ method = 'POST', path = '/api/messages', headers = {}, body }: Sent = {}) {
  const text = body ?? JSON.stringify(activity());
  return new Promise<{ status: number; body: string; allow: string }>((resolve, reject) => {
    const request = ask(
      {
        ...{ host: '127.0.0.1', port: web.port, method, path },
        headers: { ...JSON_TYPE, authorization: bearer(), ...headers },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString(),
            allow: String(response.headers.allow ?? ''),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(method === 'GET' ? undefined : text);
  });
}

describe('POST /api/messages', () => {
  test('hands an activity of Teams on, and answers what is said to it', async () => {
    await open();
    expect(await send()).toMatchObject({ status: 200, body: '' });
    answer = async () => ({ status: 200, body: { statusCode: 200, value: 'Grüße' } });
    expect(await send()).toMatchObject({ body: '{"statusCode":200,"value":"Grüße"}' });
    expect(heard).toEqual([activity(), activity()]);
  });

  test.each<[string, number, Sent]>([
    ['another method', 405, { method: 'GET' }],
    ['another method with a body', 405, { method: 'PUT' }],
    ['another path', 404, { path: '/api/messages/' }],
    ['an address that is none', 404, { path: '//' }],
    ['a form', 415, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['plain text, as a strange web page could send it', 415, { headers: { 'content-type': 'text/plain' } }],
    ['what only looks like JSON’s type', 415, { headers: { 'content-type': 'application/jsonp' } }],
    ['no JSON', 400, { body: '{' }],
    ['nothing', 400, { body: '' }],
    ['a list', 400, { body: '[]' }],
    ['null', 400, { body: 'null' }],
    ['a text', 400, { body: '"message"' }],
    ['too much', 413, { body: JSON.stringify({ text: 'x'.repeat(256 * 1024) }) }],
    ['no token', 401, { headers: { authorization: '' } }],
    ['a forged token', 401, { headers: { authorization: 'Bearer abc.def.ghi' } }],
  ])('answers %s with %d and nothing else', async (_, status, sent) => {
    await open();
    expect(await send(sent)).toMatchObject({ status, body: '' });
    expect(heard).toEqual([]);
  });

  test('says which method it wants', async () => {
    await open();
    expect((await send({ method: 'DELETE' })).allow).toBe('POST');
  });

  test('too much that does not say how much it is is cut off', async () => {
    await open();
    const answered = await new Promise<string>((resolve) => {
      let said = '';
      const socket = connect(web.port, '127.0.0.1', () => {
        socket.write(
          'POST /api/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
        );
        const part = 'x'.repeat(64 * 1024);
        for (let i = 0; i < 6; i++) socket.write(`10000\r\n${part}\r\n`);
      });
      socket.on('data', (data) => {
        said += data;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(said));
    });
    expect(answered).toMatch(/^HTTP\/1.1 413 /);
    expect(answered).toMatch(/connection: close/i);
  });

  test('what arrives counts from then, however long its token was looked at', async () => {
    let clock = 1000;
    const arrivals: number[] = [];
    const slow = messagesRoute({
      auth: {
        verify: async () => {
          clock += 2000;
        },
      },
      onActivity: async (_, arrived) => {
        arrivals.push(arrived.getTime());
        return { status: 200 };
      },
      log: createLog('silent'),
      now: () => new Date(clock),
    });
    const onError = (error: unknown) => void failures.push(error);
    web = await serve({ host: '127.0.0.1', port: 0, routes: [slow], onError });
    expect(await send()).toMatchObject({ status: 200 });
    expect(arrivals).toEqual([1000]);
  });

  test('503 while Microsoft’s keys cannot be read, and well again after', async () => {
    await open();
    microsoft.fail('metadata', { status: 500 });
    expect(await send()).toMatchObject({ status: 503, body: '' });
    expect(await send()).toMatchObject({ status: 200 });
  });

  test('503 where an activity cannot be written down, so that Teams sends again', async () => {
    await open();
    answer = () => Promise.reject(new Error('the database: a secret of Octan Corp'));
    expect(await send()).toMatchObject({ status: 503, body: '' });
  });

  test('nothing of tokens or texts comes into the log', async () => {
    await open();
    answer = () => Promise.reject(new Error('a secret of Octan Corp'));
    await send();
    const forged = `Bearer ${token(microsoft.key, claimsFor('https://evil.example', APP_ID, Date.now()))}`;
    await send({ headers: { authorization: forged } });
    expect(logged).toHaveLength(2);
    expect(logged.join('')).not.toMatch(/secret|Octan|eyJ|evil/);
    expect(logged.join('')).toContain('service URL');
  });
});

describe('practice mode without an app', () => {
  const nobody = { authorization: '' };

  test('whoever is on this machine is heard', async () => {
    await open(true);
    for (const host of ['127.0.0.1', 'localhost:3978', '[::1]:3978'])
      expect(await send({ headers: { ...nobody, host } })).toMatchObject({ status: 200 });
    expect(heard).toHaveLength(3);
  });

  test.each<[string, Record<string, string>]>([
    ['for another host (a web page that names us so)', { host: 'evil.example' }],
    ['for a host that only begins like ours', { host: '127.0.0.1.evil.example' }],
    ['for a host that is none', { host: 'a b' }],
    ['that a proxy forwards', { forwarded: 'for=203.0.113.9' }],
    ['that a tunnel forwards', { 'x-forwarded-for': '203.0.113.9' }],
    ['that was forwarded from https', { 'x-forwarded-proto': 'https' }],
    ['with somebody’s real address', { 'x-real-ip': '127.0.0.1' }],
    ['that came by another server', { via: '1.1 tunnel' }],
    ...[
      ...[
        'x-forwarded',
        'x-forwarded-host',
        'x-original-host',
        'x-original-for',
        'cf-connecting-ip',
        'cf-ray',
      ],
      ...['true-client-ip', 'x-client-ip', 'x-cluster-client-ip', 'fastly-client-ip'],
    ].map((name): [string, Record<string, string>] => [`with ${name}`, { [name]: '127.0.0.1' }]),
    ['that a page of another site sends', { origin: 'https://evil.example' }],
    ['that a page on this machine sends', { origin: 'http://localhost:3978' }],
    ['that a browser sends', { 'sec-fetch-site': 'same-origin' }],
    ['for somebody at a host', { host: 'evil.example@127.0.0.1' }],
    ['for a host with us as somebody', { host: '127.0.0.1@localhost' }],
  ])('a request %s is refused', async (_, headers) => {
    await open(true);
    expect(await send({ headers: { ...nobody, ...headers } })).toMatchObject({ status: 403, body: '' });
    expect(heard).toEqual([]);
  });
});

describe('the plain server', () => {
  test('serves a path with an id in it, and of what fails says only 500', async () => {
    await open();
    expect(await send({ method: 'GET', path: '/o/O123?from=teams' })).toMatchObject({
      status: 200,
      body: 'up',
    });
    expect(await send({ method: 'GET', path: '/o/' })).toMatchObject({ status: 404 });
    expect(await send({ method: 'GET', path: '/o/1/2' })).toMatchObject({ status: 404 });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    answer = async () => ({ status: 200, body: circular });
    expect(await send()).toMatchObject({ status: 500, body: '' });
    expect(failures).toHaveLength(1);
  });

  test('what is under way when it stops is still answered', async () => {
    await open();
    let go: () => void = () => undefined;
    answer = () => new Promise((resolve) => (go = () => resolve({ status: 200 })));
    const sent = send();
    while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const stopped = web.stop();
    go();
    expect(await sent).toMatchObject({ status: 200 });
    await stopped;
    await expect(send()).rejects.toThrow('ECONNREFUSED');
  });
});
