/**
 * Microsoft on 127.0.0.1, to test the Teams door against: key metadata, tokens, and Teams' connector.
 *
 * `const microsoft = await createMicrosoft()` listens. `microsoft.url` stands for every host of Microsoft:
 *   `<url>/v1/.well-known/openidconfiguration`  the keys that sign what comes in (`createAuth({ openIdUrl })`)
 *   `<url>/<tenant>/oauth2/v2.0/token`          client credentials; `<url>/<tenant>` is MSAL's authority
 *   `microsoft.serviceUrl`                       `activity.serviceUrl`, under which the connector answers
 * `enroll('ANA', { email })` makes somebody known (Teams' id `29:ANA`, Entra id `entraId('ANA')`) with a personal chat;
 * `room(id, { members: ['ANA'] })` makes a channel or a group chat. What the bot posts stands in `messages`, as a person
 * sees it (`seenIn`). `fail('send', { status: 429, retryAfter: 1 })` switches on a fault for the next call (`times`), also for
 * 'token', 'keys' and 'metadata'. `refused` names every rule that was broken: tests want it empty.
 * Activities that come in: teams-activities.ts builds them, `signed()` there sends them as Teams does; what Teams does with
 * the answers, and a whole house behind the door: teams-house.ts.
 */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  addPersonal,
  type Call,
  callConnector,
  type Message,
  type Operation,
  operationOf,
  type Person,
  type Place,
  personalWith,
  type State,
  wireOf,
} from './teams-connector.ts';
import { createKey, ISSUER, type Key, publicKey } from './teams-keys.ts';
import { type Json, screenOf } from './teams-screen.ts';

export type { Message, Person, Place };

/** For the next `times` calls (default 1). */
export interface Fault {
  status?: number;
  /** Seconds. */
  retryAfter?: number;
  /** The error's code, such as MessageWritesBlocked. */
  code?: string;
  /** It is never answered. */
  hang?: boolean;
  /** It is carried out, and its answer is lost. */
  lost?: boolean;
  times?: number;
}

type Failing = Operation | 'token' | 'keys' | 'metadata';

export interface Microsoft extends State {
  tenant: string;
  secret: string;
  /** Signs what comes in; `keys` are all that the key set shows. */
  key: Key;
  keys: Key[];
  /** Without a slash at its end. */
  url: string;
  port: number;
  serviceUrl: string;
  /** Every call, in order. */
  calls: { operation: Failing; body: Json; token: string; path: string }[];
  fail(what: Failing, fault: Fault): void;
  /** Somebody of our tenant with a personal chat, unless `more` says otherwise. */
  enroll(name: string, more?: Partial<Person> & { personal?: boolean }): Person;
  /** Members by the names they were enrolled under. */
  room(id: string, more?: Partial<Omit<Place, 'members'>> & { members?: string[] }): Place;
  /** What stands there, oldest first; of a person: their personal chat. */
  seenIn(place: string): string[];
  /** Drops the calls that a fault left without an answer. */
  hangUp(): void;
  close(): Promise<void>;
}

export interface MicrosoftOptions {
  tenant?: string;
  appId?: string;
  /** PEM: it then speaks TLS. */
  certificate?: { key: string; cert: string };
  /** What the service URL begins with, when Microsoft's own names lead here. */
  publicUrl?: string;
}

export const APP_ID = '11111111-2222-4333-8444-555555555555';
export const TENANT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
export const SECRET = 'a-client-secret-of-tests';

/** The Entra object id of somebody enrolled under that name. */
export const entraId = (name: string): string =>
  `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`;

export async function createMicrosoft(options: MicrosoftOptions = {}): Promise<Microsoft> {
  const { tenant = TENANT, appId = APP_ID, certificate } = options;
  let count = 0;
  const key = createKey('first');
  const faults = new Map<Failing, Fault[]>();
  const hanging: ServerResponse[] = [];
  const issued = new Set<string>();
  const state: State = {
    ...{ appId, people: new Map(), places: new Map(), messages: [], written: new Set(), refused: [] },
    next: () => ++count,
  };
  const own = { tenant, secret: SECRET, key, keys: [key], calls: [], url: '', port: 0, serviceUrl: '' };
  const microsoft: Microsoft = {
    ...state,
    ...own,
    ...handles(state, tenant),
    fail: (what, fault) => void faults.set(what, [...(faults.get(what) ?? []), fault]),
    hangUp: () => void hanging.splice(0).map((it) => it.destroy()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const answer = answering(microsoft, issued, (what) => takeFault(faults, what), hanging);
  const listener: RequestListener = (request, response) =>
    void answer(request, response).catch(() => response.destroy());
  const server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  microsoft.port = typeof address === 'object' && address ? address.port : 0;
  microsoft.url = `${certificate ? 'https' : 'http'}://127.0.0.1:${microsoft.port}`;
  microsoft.serviceUrl = `${options.publicUrl ?? microsoft.url}/emea/`;
  return microsoft;
}

const handles = (state: State, tenant: string): Pick<Microsoft, 'enroll' | 'room' | 'seenIn'> => ({
  enroll(name, { personal = true, ...more } = {}) {
    const person: Person = { id: `29:${name}`, user: entraId(name), tenant, name, role: 'user', ...more };
    state.people.set(person.id, person);
    if (personal) addPersonal(state, person);
    return person;
  },
  room(id, { members = [], ...more } = {}) {
    const scope = id.includes('@thread.tacv2') ? 'channel' : 'groupChat';
    const place: Place = {
      id,
      scope,
      tenant,
      hasBot: true,
      ...more,
      members: members.map((it) => `29:${it}`),
    };
    state.places.set(id, place);
    return place;
  },
  seenIn(place) {
    const person = state.people.get(`29:${place}`);
    const id = person ? personalWith(person) : place;
    return state.messages
      .filter((it) => it.conversation === id)
      .map(({ text, cards }) => [text, ...cards.map(screenOf)].filter(Boolean).join('\n'));
  },
});

function takeFault(faults: Map<Failing, Fault[]>, what: Failing): Fault | undefined {
  const [first, ...rest] = faults.get(what) ?? [];
  if (!first) return undefined;
  const left = (first.times ?? 1) - 1;
  faults.set(what, left > 0 ? [{ ...first, times: left }, ...rest] : rest);
  return first;
}

interface Asked {
  what: Failing;
  call: Call;
  token: string;
  raw: string;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks).toString();
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, api = ''] = /\/v3\/(.*)$/.exec(pathname) ?? [];
  const isJsonBody = request.headers['content-type']?.includes('json') === true && raw !== '';
  const body: Json = isJsonBody ? JSON.parse(raw) : {};
  const path = api ? api.replace(/\/$/, '').split('/').map(decodeURIComponent) : [];
  const call: Call = { method: request.method ?? 'GET', path, query, body };
  const what = api ? operationOf(call) : PATHS.find(([it]) => it.test(pathname))?.[1];
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return { what: what ?? 'other', call, token, raw };
}

const PATHS: [RegExp, Failing][] = [
  [/^\/v1\/\.well-known\/openidconfiguration$/, 'metadata'],
  [/^\/v1\/\.well-known\/keys$/, 'keys'],
  [/\/oauth2\/v2\.0\/token$/, 'token'],
];

function answering(
  microsoft: Microsoft,
  issued: Set<string>,
  fault: (what: Failing) => Fault | undefined,
  hanging: ServerResponse[],
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await read(request);
    const { what, call, token } = asked;
    const origin = `${'encrypted' in request.socket ? 'https' : 'http'}://${request.headers.host}`;
    microsoft.calls.push({ operation: what, body: call.body, token, path: request.url ?? '' });
    const failing = fault(what);
    if (failing?.hang) return void hanging.push(response);
    if (failing?.status) {
      const wait = failing.retryAfter === undefined ? {} : { 'retry-after': String(failing.retryAfter) };
      return send(response, failing.status, { error: { code: failing.code ?? 'Failing' } }, wait);
    }
    const { status, body } = answerOf(microsoft, issued, asked, origin, request.url ?? '');
    if (failing?.lost) return void response.destroy();
    send(response, status, body);
  };
}

function answerOf(microsoft: Microsoft, issued: Set<string>, asked: Asked, origin: string, path: string) {
  const { what, call, token, raw } = asked;
  const plain = (body: unknown, status = 200) => ({ status, body });
  const here = `${origin}/${microsoft.tenant}`;
  if (what === 'metadata')
    return plain({
      ...{ issuer: ISSUER, jwks_uri: `${origin}/v1/.well-known/keys` },
      id_token_signing_alg_values_supported: ['RS256'],
    });
  if (what === 'keys') return plain({ keys: microsoft.keys.map(publicKey) });
  if (what === 'token') return tokenFor(microsoft, issued, new URLSearchParams(raw));
  if (path.includes('/.well-known/openid-configuration'))
    return plain({
      ...{ issuer: `${here}/v2.0`, token_endpoint: `${here}/oauth2/v2.0/token` },
      ...{ authorization_endpoint: `${here}/oauth2/v2.0/authorize`, jwks_uri: `${here}/discovery/v2.0/keys` },
    });
  if (path.includes('/discovery/instance'))
    return plain({
      tenant_discovery_endpoint: `${here}/v2.0/.well-known/openid-configuration`,
      metadata: [],
    });
  if (call.path.length === 0) return plain({ error: { code: 'NotFound' } }, 404);
  if (!issued.has(token)) return plain({ error: { code: 'Unauthorized' } }, 401);
  const answer = callConnector(microsoft, call);
  return plain(wireOf(answer), answer.status);
}

function tokenFor(microsoft: Microsoft, issued: Set<string>, asked: URLSearchParams) {
  const isOurs =
    asked.get('grant_type') === 'client_credentials' &&
    asked.get('client_id') === microsoft.appId &&
    asked.get('client_secret') === microsoft.secret &&
    asked.get('scope')?.split(' ').includes(`${ISSUER}/.default`);
  if (!isOurs) return { status: 401, body: { error: 'invalid_client', error_description: 'not ours' } };
  const token = `token-${microsoft.next()}`;
  issued.add(token);
  const body = { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token };
  return { status: 200, body };
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
