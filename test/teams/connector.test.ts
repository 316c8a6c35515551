/** What goes to Teams' connector, and what is made of its answers: each fault, over real HTTP, with driven waiting. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GoneForGood, MaybePosted } from '../../src/bot/intent.ts';
import { createLog } from '../../src/log.ts';
import { LOST_S } from '../../src/store/rooms.ts';
import type { Outgoing } from '../../src/teams/card.ts';
import { type ConnectorOptions, createConnector } from '../../src/teams/connector.ts';
import { type Account, createCredentials, fetcherOf, tryToken } from '../../src/teams/credentials.ts';
import type { Address, Connector } from '../../src/teams/door.ts';
import {
  ConnectorFault,
  ConversationGone,
  errorOf,
  type Fault,
  faultOf,
  TooLarge,
} from '../../src/teams/faults.ts';
import { GaveUp, insist } from '../../src/teams/retry.ts';
import {
  APP_ID,
  createMicrosoft,
  entraId,
  type Microsoft,
  SECRET,
  TENANT,
} from '../support/teams-microsoft.ts';

const account: Account = { appId: APP_ID, type: 'SingleTenant', tenantId: TENANT, password: SECRET };
const ROOM = '19:deals@thread.tacv2';

let microsoft: Microsoft;
let connector: Connector;
let waits: number[];
let slow: [string, number][];
let logged: string[];
beforeEach(async () => {
  microsoft = await createMicrosoft();
  microsoft.enroll('ANA', { email: 'Ana@Partner.example' });
  microsoft.room(ROOM, { members: ['ANA'] });
  [waits, slow, logged] = [[], [], []];
  connector = open();
});
afterEach(async () => {
  microsoft.hangUp();
  await microsoft.close();
});

function open(more: Partial<ConnectorOptions> = {}): Connector {
  let now = 0;
  return createConnector(account, {
    log: createLog('debug', { write: (line: string) => void logged.push(line) }),
    onSlow: ({ conversation }, ms) => void slow.push([conversation, ms]),
    fetchToken,
    patience: {
      sleep: async (ms) => {
        waits.push(ms);
        now += ms;
      },
      now: () => new Date(now),
      random: () => 0,
    },
    timeoutMs: 10_000,
    ...more,
  });
}

async function fetchToken(): Promise<string> {
  const body = new URLSearchParams({
    ...{ grant_type: 'client_credentials', client_id: APP_ID, client_secret: SECRET },
    scope: 'https://api.botframework.com/.default',
  });
  const response = await fetch(`${microsoft.url}/${TENANT}/oauth2/v2.0/token`, { method: 'POST', body });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

const at = (conversation = 'a:ANA'): Address => ({
  serviceUrl: microsoft.serviceUrl,
  tenant: TENANT,
  conversation,
});
const words = (text = 'a secret of Octan Corp'): Outgoing => ({ type: 'message', text, textFormat: 'plain' });
const calls = (operation: string) => microsoft.calls.filter((it) => it.operation === operation).length;
const caught = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the connector', () => {
  test('sends, replies, updates, opens and looks people up', async () => {
    const id = await connector.send(at(), words('Hello'));
    await connector.update(at(), id, words('Hello again'));
    await connector.send(at(), { ...words('And'), replyToId: id });
    const root = await connector.send(at(ROOM), words('A deal'));
    await connector.send(at(`${ROOM};messageid=${root}`), words('Under it'));
    expect(microsoft.seenIn('ANA')).toEqual(['Hello again', 'And']);
    expect(microsoft.messages.map(({ thread }) => thread)).toEqual([undefined, id, undefined, root]);
    expect(await connector.open(at(), entraId('ANA'))).toBe('a:ANA');
    expect(microsoft.refused).toEqual([]);
    expect(microsoft.calls.at(-1)?.body).toMatchObject({
      bot: { id: `28:${APP_ID}` },
      members: [{ id: entraId('ANA') }],
      tenantId: TENANT,
    });
  });

  test('people come as the roster has them; a guest is one; nobody is nobody', async () => {
    microsoft.enroll('Gus Guest', { role: 'guest', tenant: 'other' });
    microsoft.room(ROOM, { members: ['ANA', 'Gus Guest'] });
    const ana = {
      ...{ id: '29:ANA', user: entraId('ANA'), tenant: TENANT, email: 'ana@partner.example' },
      ...{ firstName: 'ANA', isGuest: false },
    };
    expect(await connector.member(at(ROOM), '29:ANA')).toEqual(ana);
    expect(await connector.member(at(ROOM), entraId('ANA'))).toEqual(ana);
    expect(await connector.member(at(ROOM), 'nobody')).toBeUndefined();
    const { members, isWhole } = await connector.members(at(ROOM), 10);
    expect([members.map(({ isGuest }) => isGuest), isWhole]).toEqual([[false, true], true]);
  });

  test('members come page by page, as many as asked for, and it is said when there are more', async () => {
    const names = Array.from({ length: 1100 }, (_, nth) => `P${nth}`);
    for (const name of names) microsoft.enroll(name, { personal: false });
    microsoft.room(ROOM, { members: names });
    expect(await connector.members(at(ROOM), 1100)).toMatchObject({ isWhole: true });
    expect(calls('members')).toBe(3);
    const some = await connector.members(at(ROOM), 300);
    expect([some.members.length, some.isWhole]).toEqual([300, false]);
    expect(calls('members')).toBe(4);
  });

  test.each(['http://smba.example/emea/', 'https://a:b@smba.example/', 'file:///etc/', 'nothing'])(
    'no token goes to %s',
    async (serviceUrl) => {
      expect(await caught(connector.send({ ...at(), serviceUrl }, words()))).toMatchObject({
        code: 'BadServiceUrl',
      });
      expect([microsoft.calls, waits]).toEqual([[], []]);
    },
  );
});

describe('what is tried again', () => {
  const update = () => connector.update(at(), 'unknown', words());
  const works: [string, string, () => Promise<unknown>][] = [
    ['update', 'update', update],
    ['open', 'open', () => connector.open(at(), '29:ANA')],
    ['member', 'member', () => connector.member(at(), '29:ANA')],
    ['members', 'members', () => connector.members(at(), 10)],
  ];

  test.each(works.flatMap((it) => [412, 429, 502, 503, 504].map((status) => [...it, status] as const)))(
    '%s, four times in all, after ever longer waits (%s, %d)',
    async (_, operation, work, status) => {
      microsoft.fail(operation as 'update', { status, times: 9 });
      expect(await caught(work())).toMatchObject({ name: 'ConnectorFault', status, code: 'Failing' });
      expect(calls(operation)).toBe(4);
      expect(waits).toEqual([1000, 2000, 4000]);
    },
  );

  test.each([412, 429, 502, 503])(
    'a message that was surely not posted (%d), until it is',
    async (status) => {
      microsoft.fail('send', { status, times: 2 });
      await connector.send(at(), words('once'));
      expect(microsoft.seenIn('ANA')).toEqual(['once']);
      expect(waits).toEqual([1000, 2000]);
    },
  );

  test('as long as Teams asks to wait; and whoever paces hears of it', async () => {
    microsoft.fail('send', { status: 429, retryAfter: 7 });
    microsoft.fail('send', { status: 503, retryAfter: 3 });
    await connector.send(at(), words('once'));
    expect(microsoft.seenIn('ANA')).toEqual(['once']);
    expect(waits).toEqual([7000, 3000]);
    expect(slow).toEqual([['a:ANA', 7000]]);
  });

  test('not when that is longer than half a minute', async () => {
    microsoft.fail('send', { status: 429, retryAfter: 120 });
    expect(await caught(connector.send(at(), words()))).toMatchObject({ status: 429 });
    expect([waits, calls('send'), slow]).toEqual([[], 1, [['a:ANA', 120_000]]]);
  });

  test('not a message of which nobody knows whether it stands there', async () => {
    microsoft.fail('send', { lost: true });
    expect(await caught(connector.send(at(), words('once')))).toBeInstanceOf(MaybePosted);
    expect(microsoft.seenIn('ANA')).toEqual(['once']);
    expect(calls('send')).toBe(1);
  });

  test.each([500, 504, 408])('nor one that broke on Teams’ side (%d)', async (status) => {
    microsoft.fail('send', { status });
    expect(await caught(connector.send(at(), words()))).toBeInstanceOf(MaybePosted);
    expect([calls('send'), waits]).toEqual([1, []]);
  });

  test('only of one that a gateway gave up on it can be told that most likely none stands there', async () => {
    microsoft.fail('send', { status: 504 });
    expect(await caught(connector.send(at(), words()))).toBeInstanceOf(GaveUp);
    microsoft.fail('send', { status: 500 });
    expect(await caught(connector.send(at(), words()))).not.toBeInstanceOf(GaveUp);
  });

  test.each<[string, Fault]>([
    ['that is turned away', { status: 503 }],
    ['that is asked to wait', { status: 429, retryAfterMs: 6000 }],
    ['whose every call takes as long as it may', { status: 502, retryAfterMs: 100 }],
  ])('a message %s is over before what is not answered counts as lost', async (_, fault) => {
    let now = 0;
    const given: number[] = [];
    const patience = {
      sleep: async (ms: number) => {
        now += ms;
      },
      now: () => new Date(now),
      random: () => 1,
    };
    const slow = async (leftMs: number) => {
      given.push(leftMs);
      now += Math.min(10_000, leftMs);
      throw new ConnectorFault(fault);
    };
    await caught(insist('once', slow, patience));
    expect(now).toBeLessThanOrEqual(15_000);
    expect(now).toBeLessThan(LOST_S * 1000);
    expect(Math.min(...given)).toBeGreaterThanOrEqual(2000);
  });

  test('a token that does not come takes no longer than its call may', async () => {
    const never = createCredentials(
      () => new Promise(() => undefined),
      () => 0,
    );
    const ending = new AbortController();
    const asked = caught(never.headers(ending.signal));
    ending.abort();
    expect(await asked).toMatchObject({ code: 'NoToken', fault: { isUnsent: true } });
    expect(await caught(never.headers(ending.signal))).toMatchObject({ code: 'NoToken' });
  });

  test('an update or a look-up whose answer was lost is', async () => {
    const id = await connector.send(at(), words('Hello'));
    microsoft.fail('update', { lost: true });
    microsoft.fail('member', { lost: true });
    await connector.update(at(), id, words('Hello again'));
    expect(await connector.member(at(), '29:ANA')).toMatchObject({ id: '29:ANA' });
    expect(microsoft.seenIn('ANA')).toEqual(['Hello again']);
    expect([calls('update'), calls('member')]).toEqual([2, 2]);
  });

  test('a connector that hangs keeps nobody longer than the time limit', async () => {
    connector = open({ timeoutMs: 1000 });
    const id = await connector.send(at(), words('Hello'));
    microsoft.fail('send', { hang: true });
    microsoft.fail('update', { hang: true });
    expect(await caught(connector.send(at(), words()))).toBeInstanceOf(MaybePosted);
    await connector.update(at(), id, words('Hello again'));
    expect(microsoft.seenIn('ANA')).toEqual(['Hello again']);
    expect([calls('send'), calls('update')]).toEqual([2, 2]);
  });

  test('nor does one whose answer stops in the middle', async () => {
    const half = createServer((_, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).write('{"id":');
    });
    await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve));
    const { port } = half.address() as AddressInfo;
    connector = open({ timeoutMs: 1000 });
    const there = { ...at(), serviceUrl: `http://127.0.0.1:${port}/` };
    expect(await caught(connector.send(there, words()))).toBeInstanceOf(MaybePosted);
    half.closeAllConnections();
    half.close();
  });

  test('an answer that leads elsewhere is not followed with our token', async () => {
    const elsewhere = createServer((_, response) => {
      response.writeHead(307, { location: `${microsoft.serviceUrl}v3/conversations` }).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const there = { ...at(), serviceUrl: `http://127.0.0.1:${port}/` };
    expect(await caught(connector.open(there, '29:ANA'))).toMatchObject({ status: 307 });
    expect(microsoft.calls.map(({ operation }) => operation)).toEqual(['token']);
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  test('where nobody listens nothing was posted', async () => {
    const nobody = { ...at(), serviceUrl: 'http://127.0.0.1:9/' };
    expect(await caught(connector.send(nobody, words()))).toMatchObject({ code: 'ECONNREFUSED' });
    expect(waits).toEqual([1000, 2000, 4000]);
  });
});

describe('what is for good', () => {
  test.each([
    [403, 'MessageWritesBlocked'],
    [403, 'BotNotInConversationRoster'],
    [403, 'BotDisabledByAdmin'],
    [403, 'ConversationBlockedByUser'],
    [404, 'ConversationNotFound'],
    [410, 'Gone'],
    [400, 'BadConversationId'],
  ])('%d %s ends the conversation', async (status, code) => {
    microsoft.fail('send', { status, code });
    microsoft.fail('update', { status, code });
    expect(await caught(connector.send(at(), words()))).toBeInstanceOf(ConversationGone);
    expect(await caught(connector.update(at(), '1', words()))).toBeInstanceOf(GoneForGood);
    expect([calls('send'), calls('update'), waits]).toEqual([1, 1, []]);
  });

  test('so does a place of which Teams only says in words that it is none', () => {
    const said = (message: string) => ({
      ...{ statusCode: 400, code: 'BadSyntax' },
      response: { headers: {}, parsedBody: { error: { code: 'BadSyntax', message } } },
    });
    const errorFor = (message: string) => errorOf(faultOf(said(message), new Date(0)));
    expect(errorFor('Bad format of conversation ID')).toBeInstanceOf(ConversationGone);
    expect(errorFor('Bad format of a card')).toMatchObject({ name: 'ConnectorFault', code: 'BadSyntax' });
  });

  test('a message that is gone ends only itself', async () => {
    const error = await caught(connector.update(at(), 'unknown', words()));
    expect(error).toBeInstanceOf(GoneForGood);
    expect(error).not.toBeInstanceOf(ConversationGone);
  });

  test('blocked and uninstalled, as the stand-in has them', async () => {
    const place = microsoft.room(ROOM, { members: ['ANA'], hasBot: false });
    expect(await caught(connector.send(at(ROOM), words()))).toBeInstanceOf(ConversationGone);
    Object.assign(place, { hasBot: true, isBlocked: true });
    expect(await caught(connector.members(at(ROOM), 10))).toBeInstanceOf(ConversationGone);
    expect(await caught(connector.member(at('19:gone'), '29:ANA'))).toBeInstanceOf(ConversationGone);
  });

  test.each([
    [400, 'BadSyntax'],
    [401, 'Unauthorized'],
    [403, 'InvalidBotApiHost'],
    [404, 'not a word of Teams: <html>'],
  ])('%d %s is not: it says nothing of the conversation', async (status, code) => {
    microsoft.fail('send', { status, code });
    const error = await caught(connector.send(at(), words()));
    expect(error).toMatchObject({ name: 'ConnectorFault', status });
    expect(error).not.toBeInstanceOf(GoneForGood);
    expect(String(error)).not.toContain('<html>');
  });

  test('a message too large is known as such', async () => {
    expect(await caught(connector.send(at(), words('x'.repeat(110_000))))).toBeInstanceOf(TooLarge);
  });

  test('errors carry a status and a code, never a text, an address or a token', async () => {
    for (const fault of [{ status: 400 }, { status: 403, code: 'MessageWritesBlocked' }, { lost: true }])
      microsoft.fail('send', fault);
    for (let i = 0; i < 3; i++) {
      const error = await caught(connector.send(at(), words()));
      const all = JSON.stringify([error, Object.getOwnPropertyDescriptors(error), String(error)]);
      expect(all).not.toMatch(/Octan|a:ANA|token-|Bearer/);
      expect(error).not.toHaveProperty('cause');
    }
    expect(logged.join('')).not.toMatch(/Octan|token-|Bearer/);
  });
});

describe('the token', () => {
  test('is not asked for by calls that come together more than once', async () => {
    let asked = 0;
    connector = open({
      fetchToken: async () => {
        asked++;
        return fetchToken();
      },
    });
    await Promise.all(Array.from({ length: 5 }, () => connector.member(at(), '29:ANA')));
    expect(asked).toBe(1);
  });

  test('that does not come in time keeps nothing from being sent later', async () => {
    let isStuck = true;
    connector = open({
      timeoutMs: 1000,
      fetchToken: () => (isStuck ? new Promise(() => undefined) : fetchToken()),
    });
    expect(await caught(connector.send(at(), words()))).toMatchObject({ code: 'NoToken' });
    isStuck = false;
    await connector.send(at(), words('once'));
    expect(microsoft.seenIn('ANA')).toEqual(['once']);
  });

  test('that is not taken is said once, and another one is fetched', async () => {
    const forced: boolean[] = [];
    connector = open({
      fetchToken: async (isForced) => {
        forced.push(isForced);
        return isForced ? fetchToken() : 'old';
      },
    });
    expect(await caught(connector.member(at(), '29:ANA'))).toMatchObject({ status: 401 });
    expect(await connector.member(at(), '29:ANA')).toBeDefined();
    expect(await caught(connector.member(at(), '29:ANA'))).toMatchObject({ status: 401 });
    expect(await caught(connector.member(at(), '29:ANA'))).toMatchObject({ status: 401 });
    expect(forced).toEqual([false, true, false, false]);
    expect(logged.filter((line) => line.includes('token'))).toHaveLength(2);
  });

  test('none is sent in practice mode on this machine', async () => {
    const bare = createConnector(undefined, { log: createLog('silent') });
    expect(await caught(bare.send(at(), words()))).toMatchObject({ status: 401 });
    expect(microsoft.calls.map(({ operation, token }) => [operation, token])).toEqual([['send', '']]);
  });
});

describe('botbuilder’s credentials with the packages that stand in for its own', () => {
  const LOGIN = 'https://login.microsoftonline.com';
  let asked: { url: string; body: URLSearchParams }[];
  const real = globalThis.fetch;
  beforeEach(() => {
    asked = [];
    // MSAL's own client is Node's fetch; what goes to Microsoft goes to the stand-in.
    globalThis.fetch = async (input, init) => {
      const url = String(input);
      asked.push({ url, body: new URLSearchParams(String(init?.body ?? '')) });
      const response = await real(url.replace(LOGIN, microsoft.url), init);
      const text = (await response.text()).replaceAll(microsoft.url, LOGIN);
      return new Response(text, { status: response.status, headers: response.headers });
    };
  });
  afterEach(() => {
    globalThis.fetch = real;
  });

  test('fetch a token with a client secret, of our own tenant, that the connector takes', async () => {
    connector = createConnector(account, { log: createLog('silent') });
    await connector.send(at(), words('Hello'));
    await connector.send(at(), words('again'));
    expect(microsoft.seenIn('ANA')).toEqual(['Hello', 'again']);
    expect(asked.every(({ url }) => url.startsWith(`${LOGIN}/`))).toBe(true);
    expect(asked.at(-1)?.url).toMatch(new RegExp(`^${LOGIN}/${TENANT}/oauth2/v2\\.0/token(\\?|$)`));
    expect(calls('token')).toBe(1);
  });

  test('prove themselves with a certificate', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const thumbprint = createHash('sha1').update('certificate').digest('hex');
    const fetching = fetcherOf({
      ...{ appId: APP_ID.replace('1', '9'), type: 'SingleTenant', tenantId: TENANT },
      certificate: { thumbprint, privateKey: pem },
    });
    await expect(fetching(false)).rejects.toThrow();
    const { body } = asked.at(-1) ?? {};
    const [header = ''] = body?.get('client_assertion')?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      x5t: Buffer.from(thumbprint, 'hex').toString('base64url'),
    });
    expect(body?.has('client_secret')).toBe(false);
  });

  test('what Microsoft refuses is said without the secret', async () => {
    const wrong = fetcherOf({
      ...account,
      appId: APP_ID.replace('1', '8'),
      password: 'a-wrong-secret-of-tests',
    });
    const credentials = createCredentials(wrong, () => 0);
    const error = await caught(credentials.headers());
    expect(error).toMatchObject({ code: 'NoToken', fault: { reason: 'invalid_client' } });
    expect(JSON.stringify([error, String(error)])).not.toMatch(/secret/);
  });

  test('a wrong secret is said at the start, with the name of what to look at', async () => {
    const log = createLog('debug', { write: (line: string) => void logged.push(line) });
    const wrong = { ...account, appId: APP_ID.replace('1', '7'), password: 'a-wrong-secret-of-tests' };
    await tryToken(fetcherOf(wrong), wrong, log);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/"level":50.*is MicrosoftAppPassword right/);
    expect(logged[0]).not.toMatch(/wrong-secret/);
    const certified = { ...account, certificate: { thumbprint: '', privateKey: '' } };
    await tryToken(() => Promise.reject(new Error('no network')), certified, log);
    expect(logged[1]).toMatch(/CertificateThumbprint, CertificatePrivateKey, MicrosoftAppId/);
    await tryToken(fetcherOf(account), account, log);
    expect(logged).toHaveLength(2);
  });

  test('are the versions without known holes', () => {
    const ours = createRequire(import.meta.url);
    const connectorOf = createRequire(ours.resolve('botbuilder'));
    const versionOf = (name: string, from: NodeJS.Require): string => from(`${name}/package.json`).version;
    const inner = createRequire(connectorOf.resolve('botframework-connector'));
    expect(Number(versionOf('@azure/msal-node', inner).split('.')[0])).toBeGreaterThanOrEqual(5);
    expect(versionOf('uuid', connectorOf)).toBe('11.1.1');
    expect(connectorOf('uuid').v4()).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    [{ ...account, password: undefined }, 'MicrosoftAppPassword'],
    [{ ...account, tenantId: undefined }, 'MicrosoftAppTenantId'],
    [{ appId: APP_ID, type: 'UserAssignedMSI' }, 'MicrosoftAppTenantId'],
  ])('half an account is none: %p', (half, missing) => {
    const { password, tenantId, ...rest } = half as Account;
    const given = { ...rest, ...(password ? { password } : {}), ...(tenantId ? { tenantId } : {}) };
    expect(() => fetcherOf(given)).toThrow(missing);
  });
});
