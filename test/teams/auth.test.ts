/** Who gets in at the Teams door: every forgery that botbuilder's own check lets pass, with our own keys. */
import { createHmac, createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Auth, createAuth, Unauthorized } from '../../src/teams/auth.ts';
import { KeysUnavailable } from '../../src/teams/keys.ts';
import { until } from '../support/house.ts';
import { claimsFor, createKey, token } from '../support/teams-keys.ts';
import { APP_ID, createMicrosoft, type Microsoft, TENANT } from '../support/teams-microsoft.ts';

const OTHER_TENANT = 'bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const START = Date.parse('2026-11-22T08:00:00Z');
const HOUR = 3_600_000;
const [directline, unknown] = [createKey('directline', ['directline']), createKey('unknown')];

let microsoft: Microsoft;
let now: number;
let auth: Auth;
beforeEach(async () => {
  microsoft = await createMicrosoft();
  microsoft.keys.push(directline);
  now = START;
  auth = open();
});
afterEach(() => microsoft.close());

const open = (): Auth =>
  createAuth({
    appId: APP_ID,
    tenants: new Set([TENANT]),
    openIdUrl: `${microsoft.url}/v1/.well-known/openidconfiguration`,
    now: () => new Date(now),
  });

const activity = (more: Record<string, unknown> = {}) => ({
  type: 'message',
  channelId: 'msteams',
  serviceUrl: microsoft.serviceUrl,
  conversation: { id: 'a:1', tenantId: TENANT },
  channelData: { tenant: { id: TENANT } },
  ...more,
});
const claims = (more: Record<string, unknown> = {}) => ({
  ...claimsFor(microsoft.serviceUrl, APP_ID, now),
  ...more,
});
const bearer = (more?: Record<string, unknown>, header?: Record<string, unknown>, key = microsoft.key) =>
  `Bearer ${token(key, claims(more), header)}`;
const seconds = (ms: number) => Math.floor(ms / 1000);
const readings = () => microsoft.calls.filter(({ operation }) => operation === 'metadata').length;

const encoded = (it: unknown) => Buffer.from(JSON.stringify(it)).toString('base64url');
/** Signed with the public key as if it were a shared secret. */
function symmetric(): string {
  const said = `${encoded({ alg: 'HS256', typ: 'JWT', kid: 'first' })}.${encoded(claims())}`;
  const secret = createPublicKey(microsoft.key.private).export({ type: 'spki', format: 'pem' });
  return `Bearer ${said}.${createHmac('sha256', secret).update(said).digest('base64url')}`;
}
/** The claims of a better token under the signature of a good one. */
function patched(): string {
  const [head, , signature] = bearer().split('.');
  return `${head}.${encoded(claims({ exp: seconds(now) + 99_999 }))}.${signature}`;
}

describe('a token of the channel', () => {
  test('for us, of a tenant we serve, gets in', async () => {
    await auth.verify(bearer(), activity());
    await auth.verify(bearer(), activity({ channelData: { tenant: { id: TENANT.toUpperCase() } } }));
    await auth.verify(bearer(), activity({ channelData: undefined }));
    await auth.verify(bearer(), activity({ conversation: { id: 'a:1' } }));
  });

  test('is good five minutes around its own times, as clocks differ', async () => {
    await auth.verify(bearer({ exp: seconds(now) - 240, nbf: seconds(now) + 240 }), activity());
  });

  test.each<[string, () => string | undefined, (() => object)?]>([
    ['no token', () => undefined],
    ['an empty header', () => ''],
    ['garbage', () => 'Bearer abc.def.ghi'],
    ['another scheme', () => bearer().replace('Bearer', 'Basic')],
    ['a token with something after it', () => `${bearer()} x`],
    ['an unknown key', () => bearer({}, {}, unknown)],
    ['no name of a key', () => bearer({}, { kid: undefined })],
    ['the name of our key under another signature', () => bearer({}, { kid: 'first' }, unknown)],
    ['a good signature under other claims', patched],
    ['no signature (alg none)', () => bearer({}, { alg: 'none' }).replace(/\.[^.]*$/, '.')],
    ['alg none with a signature', () => bearer({}, { alg: 'none' })],
    ['HS256 with the public key', symmetric],
    ['RS512 said, RS256 signed', () => bearer({}, { alg: 'RS512' })],
    ['another audience', () => bearer({ aud: 'somebody-else' })],
    ['no audience', () => bearer({ aud: undefined })],
    ['another issuer', () => bearer({ iss: 'https://evil.example' })],
    [
      'an Entra token of any tenant for our app (the emulator’s way in)',
      () =>
        bearer({
          iss: `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`,
          ...{ ver: '2.0', tid: OTHER_TENANT, azp: APP_ID },
        }),
    ],
    [
      'an Entra token of our own tenant',
      () => bearer({ iss: `https://sts.windows.net/${TENANT}/`, ver: '1.0', tid: TENANT, appid: APP_ID }),
    ],
    ['an expired one', () => bearer({ exp: seconds(now) - 301 })],
    ['one that never expires', () => bearer({ exp: undefined })],
    ['one of the future', () => bearer({ nbf: seconds(now) + 301 })],
    ['one for another service URL', () => bearer({ serviceurl: 'https://evil.example/' })],
    ['one for no service URL', () => bearer({ serviceurl: undefined })],
    ['an activity for another service URL', bearer, () => ({ serviceUrl: 'https://evil.example/' })],
    ['an activity without a service URL', bearer, () => ({ serviceUrl: undefined })],
    [
      'a service URL by plain http',
      () => bearer({ serviceurl: 'http://smba.example/' }),
      () => ({ serviceUrl: 'http://smba.example/' }),
    ],
    [
      'a service URL with a password in it',
      () => bearer({ serviceurl: 'https://a:b@smba.example/' }),
      () => ({ serviceUrl: 'https://a:b@smba.example/' }),
    ],
    ['a key of another channel', () => bearer({}, {}, directline)],
    ['a key of another channel, no channel', () => bearer({}, {}, directline), () => ({ channelId: '' })],
    ['no channel', bearer, () => ({ channelId: undefined })],
    ['another channel', bearer, () => ({ channelId: 'webchat' })],
    ['the emulator', bearer, () => ({ channelId: 'emulator' })],
    ['App Service Extension', bearer, () => ({ channelId: 'AseChannel' })],
    ['a channel that is no word', bearer, () => ({ channelId: ['msteams'] })],
    ['another tenant', bearer, () => ({ conversation: { tenantId: OTHER_TENANT }, channelData: {} })],
    ['two tenants, one of them ours', bearer, () => ({ channelData: { tenant: { id: OTHER_TENANT } } })],
    ['two tenants, the other ours', bearer, () => ({ conversation: { tenantId: OTHER_TENANT } })],
    ['no tenant', bearer, () => ({ conversation: { id: 'a:1' }, channelData: {} })],
    ['an empty tenant', bearer, () => ({ conversation: { tenantId: '' }, channelData: {} })],
    ['a tenant that is no word', bearer, () => ({ channelData: { tenant: { id: { $ne: '' } } } })],
  ])('does not get in with %s', async (_, header, more = () => ({})) => {
    await expect(auth.verify(header(), activity({ ...more() }))).rejects.toBeInstanceOf(Unauthorized);
  });

  test.each([null, 'text', 7, [], [{}]])('does not get in with %p for an activity', async (it) => {
    await expect(auth.verify(bearer(), it)).rejects.toBeInstanceOf(Unauthorized);
  });
});

describe('Microsoft’s keys', () => {
  const isOut = (times: number) => microsoft.fail('metadata', { status: 500, times });

  test('are read once a day, by one reader at a time', async () => {
    await Promise.all([1, 2, 3].map(() => auth.verify(bearer(), activity())));
    expect(readings()).toBe(1);
    now += 23 * HOUR;
    await auth.verify(bearer(), activity());
    expect(readings()).toBe(1);
    now += 2 * HOUR;
    await auth.verify(bearer(), activity());
    await until('a second reading', () => readings() === 2);
  });

  test('that are known keep nobody waiting, however long Microsoft takes to be read anew', async () => {
    let asked = 0;
    let isStuck = false;
    const slow = createAuth({
      ...{ appId: APP_ID, tenants: new Set([TENANT]) },
      openIdUrl: `${microsoft.url}/v1/.well-known/openidconfiguration`,
      fetch: (...of) => {
        asked++;
        return isStuck ? new Promise(() => undefined) : fetch(...of);
      },
      now: () => new Date(now),
    });
    await slow.verify(bearer(), activity());
    isStuck = true;
    now += 25 * HOUR;
    // The reading never ends: whoever waited for it would wait for ever.
    for (let i = 0; i < 3; i++) await slow.verify(bearer(), activity());
    expect(asked).toBe(3);
  });

  test('that are not known are waited for, but not as long as Microsoft may take', async () => {
    const hung: (() => void)[] = [];
    const fetch = () => new Promise<Response>((_, refuse) => void hung.push(() => refuse(new Error('late'))));
    const cold = createAuth({
      ...{ appId: APP_ID, tenants: new Set([TENANT]), fetch },
      now: () => new Date(now),
    });
    // The reading never ends by itself here: whoever waited for it would wait for ever.
    await expect(cold.verify(bearer(), activity())).rejects.toBeInstanceOf(KeysUnavailable);
    expect(hung).toHaveLength(1);
    hung[0]?.();
  });

  test('while they cannot be read nobody is refused for good, and then all is well again', async () => {
    isOut(2);
    await expect(auth.verify(bearer(), activity())).rejects.toBeInstanceOf(KeysUnavailable);
    await expect(auth.verify(bearer(), activity())).rejects.toBeInstanceOf(KeysUnavailable);
    await auth.verify(bearer(), activity());
    microsoft.fail('keys', { status: 404 });
    await expect(open().verify(bearer(), activity())).rejects.toBeInstanceOf(KeysUnavailable);
  });

  test('what could not be good with any key is refused without them', async () => {
    isOut(1);
    await expect(auth.verify('Bearer abc', activity())).rejects.toBeInstanceOf(Unauthorized);
    expect(readings()).toBe(0);
  });

  test('a new key is found within the hour it is first used, and forgers do not make us ask more often', async () => {
    await auth.verify(bearer(), activity());
    microsoft.keys.push(unknown);
    for (let i = 0; i < 5; i++)
      await expect(auth.verify(bearer({}, {}, unknown), activity())).rejects.toBeInstanceOf(Unauthorized);
    expect(readings()).toBe(1);
    now += HOUR;
    await auth.verify(bearer({}, {}, unknown), activity());
    for (let i = 0; i < 5; i++)
      await expect(auth.verify(bearer({}, {}, createKey('third')), activity())).rejects.toBeInstanceOf(
        Unauthorized,
      );
    expect(readings()).toBe(2);
  });

  test('a reading that fails leaves the old ones in force for five days, and no longer', async () => {
    await auth.verify(bearer(), activity());
    isOut(100);
    now += 4 * 24 * HOUR;
    for (let i = 0; i < 3; i++) await auth.verify(bearer(), activity());
    await until('a reading that fails', () => readings() === 2);
    await expect(auth.verify(bearer({}, {}, unknown), activity())).rejects.toBeInstanceOf(KeysUnavailable);
    now += 25 * HOUR;
    await expect(auth.verify(bearer(), activity())).rejects.toBeInstanceOf(KeysUnavailable);
  });

  test('a key that was taken back does not open any more once they are read anew, a day later', async () => {
    await auth.verify(bearer(), activity());
    microsoft.keys.splice(0, 1);
    now += 25 * HOUR;
    const refused = () =>
      auth.verify(bearer(), activity()).then(
        () => false,
        (error: unknown) => error instanceof Unauthorized,
      );
    await until('the refusal', refused);
    expect(readings()).toBe(2);
  });

  test.each(['http://keys.example/metadata', 'ftp://127.0.0.1/'])(
    'are not read from %s',
    async (openIdUrl) => {
      let asked = 0;
      const fetch = async () => {
        asked++;
        return new Response('{}');
      };
      const elsewhere = createAuth({
        ...{ appId: APP_ID, tenants: new Set([TENANT]), openIdUrl, fetch },
        now: () => new Date(now),
      });
      await expect(elsewhere.verify(bearer(), activity())).rejects.toBeInstanceOf(KeysUnavailable);
      expect(asked).toBe(0);
    },
  );
});
