/**
 * A Slack workspace to test against: its Web API over HTTP on 127.0.0.1. Every payload goes through the limit checker;
 * triggers live 3 s and open one view; a response_url works five times within 30 minutes, and one of a slash command
 * replaces nothing (bolt-js#2287).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Json, screenOf } from './slack-screen.ts';
import {
  addMessage,
  type Channel,
  callMethod,
  type HomeTab,
  type Message,
  type SharedFile,
  type State,
  takeUpload,
  type Unfurled,
  useUrl,
  type View,
} from './slack-web-api.ts';

export type { Message, View };

/** For the next `times` calls (default 1): a status (429 with `retryAfter` seconds), an API error, or no answer. */
interface Fault {
  status?: number;
  retryAfter?: number;
  error?: string;
  hang?: boolean;
  /** It is carried out, and its answer is lost: 503 comes instead. */
  lost?: boolean;
  times?: number;
}

export interface Workspace {
  team: string;
  /** Our own user id in it. */
  bot: string;
  token: string;
  /** For SLACK_API_URL. */
  apiUrl: string;
  /** By user id, as users.info answers them. */
  users: Map<string, Json>;
  messages: Message[];
  /** By id; what is not listed is an ordinary channel of all full members. */
  channels: Map<string, Channel>;
  views: View[];
  /** What the Home tab shows, by user. */
  homes: Map<string, HomeTab>;
  /** What our token may; named with every answer once it is not empty. */
  scopes: string[];
  /** What stands under links. */
  unfurled: Unfurled[];
  /** What was uploaded, by id. */
  files: Map<string, SharedFile>;
  /** Every call, in order: the method, 'response_url' or 'upload'. */
  calls: { method: string; body: Json }[];
  /** Tokens taken besides its own: those of other workspaces that live in the same stand-in. */
  tokens: Set<string>;
  /** What a method answers instead, whatever the token: `auth.teams.list`, `oauth.v2.access`, … */
  answers: Map<string, (body: Json, token: string) => Json>;
  /** Limits that something sent here broke. Tests want this empty. */
  refused: string[];
  /** A new trigger of that person. */
  trigger(user: string): string;
  /** A new response_url; `replaces` is the message whose button was pressed. */
  responseUrl(user: string, channel: string, replaces?: Message): string;
  /** Adds a message as Slack does with what a slash command is acknowledged with. */
  post(message: Omit<Message, 'ts'>): Message;
  /** The messages a person sees in a channel, as text; the newest last. */
  seenBy(user: string, channel?: string): string[];
  /** `method` of the Web API, 'response_url' or 'upload'. */
  fail(method: string, fault: Fault): void;
  /** Drops the calls that a fault left without an answer. */
  hangUp(): void;
  close(): Promise<void>;
}

export interface WorkspaceOptions {
  team?: string;
  /** Epoch ms; default the real clock. */
  now?(): number;
}

const TOKEN = 'xoxb-stand-in';
const TRIGGER_MS = 3000;
const RESPONSE_MS = 30 * 60_000;

export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const state = createState(options);
  const calls: Workspace['calls'] = [];
  const faults = new Map<string, Fault[]>();
  const hanging: ServerResponse[] = [];
  const [tokens, answers]: [Workspace['tokens'], Workspace['answers']] = [new Set([TOKEN]), new Map()];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const isApi = pathname.startsWith('/api/');
    const upload = /^\/upload\/(\w+)$/.exec(pathname)?.[1];
    const method = isApi ? pathname.slice(5) : upload ? 'upload' : 'response_url';
    const raw = await read(request);
    const body = upload ? {} : parsed(raw.toString(), isApi);
    calls.push({ method, body });
    const fault = takeFault(faults, method);
    if (fault?.hang) return void hanging.push(response);
    if (fault?.lost) callMethod(state, method, body);
    if (fault?.lost) return void response.writeHead(503).end();
    if (fault?.status) {
      const wait = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return void response.writeHead(fault.status, wait).end('{"ok":false}');
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const own = fault?.error ? undefined : answers.get(method);
    if (own) return answer(response, 200, own(body, token));
    if (state.scopes.length > 0) response.setHeader('x-oauth-scopes', state.scopes.join(','));
    if (isApi) return answer(response, 200, apiAnswer(state, tokens.has(token), method, body, fault));
    if (upload) return void response.writeHead(takeUpload(state, upload, raw)).end();
    const { status, said } = useUrl(state, pathname, body);
    return void response.writeHead(status).end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  state.origin = origin;
  return {
    ...state,
    token: TOKEN,
    apiUrl: `${origin}/api/`,
    calls,
    tokens,
    answers,
    ...handles(state, origin),
    fail: (method, fault) => void faults.set(method, [...(faults.get(method) ?? []), fault]),
    hangUp() {
      for (const response of hanging.splice(0)) response.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A full member as users.info answers one; `more` overrides, e.g. `{ is_restricted: true }`. */
export const member = (id: string, email: string, more: Json = {}): Json => ({
  id,
  team_id: 'T1',
  deleted: false,
  is_bot: false,
  is_email_confirmed: true,
  tz: 'Europe/Berlin',
  profile: { email },
  ...more,
});

function createState({ team = 'T1', now = Date.now }: WorkspaceOptions): State {
  let count = 0;
  return {
    team,
    bot: 'UBOT',
    users: new Map(),
    messages: [],
    channels: new Map(),
    views: [],
    homes: new Map(),
    unfurled: [],
    files: new Map(),
    origin: '',
    scopes: [],
    triggers: new Map(),
    urls: new Map(),
    refused: [],
    now,
    next: () => ++count,
  };
}

const handles = (
  state: State,
  origin: string,
): Pick<Workspace, 'trigger' | 'responseUrl' | 'post' | 'seenBy'> => ({
  trigger(user) {
    const id = `trigger.${state.next()}`;
    state.triggers.set(id, { user, until: state.now() + TRIGGER_MS, used: false });
    return id;
  },
  responseUrl(user, channel, replaces) {
    const path = `/response/${state.next()}`;
    const until = state.now() + RESPONSE_MS;
    state.urls.set(path, { user, channel, uses: 0, until, ...(replaces ? { replaces } : {}) });
    return origin + path;
  },
  post: (message) => addMessage(state, message),
  seenBy: (user, channel) =>
    state.messages
      .filter((it) => (it.onlyFor ?? user) === user && (channel === undefined || it.channel === channel))
      .map(screenOf),
});

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const parsed = (raw: string, isApi: boolean): Json =>
  isApi ? Object.fromEntries(new URLSearchParams(raw)) : JSON.parse(raw);

function takeFault(faults: Map<string, Fault[]>, method: string): Fault | undefined {
  const [first, ...rest] = faults.get(method) ?? [];
  if (!first) return undefined;
  const left = (first.times ?? 1) - 1;
  faults.set(method, left > 0 ? [{ ...first, times: left }, ...rest] : rest);
  return first;
}

function apiAnswer(state: State, isOurs: boolean, method: string, body: Json, fault?: Fault): Json {
  if (fault?.error) return { ok: false, error: fault.error };
  return isOurs ? callMethod(state, method, body) : { ok: false, error: 'invalid_auth' };
}

const answer = (response: ServerResponse, status: number, body: Json): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
