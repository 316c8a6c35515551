/** POST /api/messages: the one address to which Teams sends. Strangers learn nothing but a status. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { toUrl } from '../pipeline/text.ts';
import type { Route } from '../web.ts';
import { type Auth, Unauthorized } from './auth.ts';
import { KeysUnavailable } from './keys.ts';
import { isLoopback } from './service-url.ts';

export interface Reply {
  status: number;
  /** JSON; absent: an empty answer. */
  body?: unknown;
}

export interface EndpointOptions {
  /** `anonymous`: practice mode, whoever is on this machine, for the Bot Framework Emulator and the like. */
  auth: Auth | 'anonymous';
  /** `arrived`: when the request did, before its token was looked at. What it throws is answered 503, so that Teams sends again. */
  onActivity(activity: Record<string, unknown>, arrived: Date): Promise<Reply>;
  log: Log;
  now(): Date;
}

const MOST_BYTES = 256 * 1024;
const PATH = '/api/messages';

export function messagesRoute({ auth, onActivity, log, now }: EndpointOptions): Route {
  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const arrived = now();
    if (request.method !== 'POST') return { status: 405 };
    if (auth === 'anonymous' && !isFromHere(request)) return { status: 403 };
    const activity = await read(request);
    if (typeof activity === 'number') return { status: activity };
    if (auth !== 'anonymous') await auth.verify(request.headers.authorization, activity);
    return onActivity(activity, arrived);
  };
  return {
    path: PATH,
    method: 'POST',
    async handler(request, response) {
      const { status, body } = await answer(request).catch((error: unknown) => failed(error, log));
      // What was not read to its end cannot be followed by another request.
      const headers = request.complete ? {} : { connection: 'close' };
      if (body === undefined) response.writeHead(status, headers).end();
      else json(response, status, headers, body);
    },
  };
}

function failed(error: unknown, log: Log): Reply {
  if (error instanceof Unauthorized) {
    log.warn({ check: error.message }, 'teams: a request was refused');
    return { status: 401 };
  }
  if (error instanceof KeysUnavailable) log.error("teams: Microsoft's keys cannot be read");
  else log.error({ error }, 'teams: an activity was not taken');
  return { status: 503 };
}

function json(response: ServerResponse, status: number, headers: object, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' }).end(text);
}

/** The activity, or the status that says why it is none. */
async function read(request: IncomingMessage): Promise<Record<string, unknown> | number> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return 415;
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return 413;
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request) {
      bytes += part.length;
      if (bytes > MOST_BYTES) return 413;
      parts.push(part);
    }
    const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    return isObject(body) ? body : 400;
  } catch {
    return 400; // cut off, or no JSON
  }
}

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

/** Of proxies, tunnels and content networks; `cf-` and `fastly-` are Cloudflare's and Fastly's own. */
const FORWARDING =
  /^(forwarded|x-forwarded.*|x-real-ip|via|cf-.*|true-client-ip|x-client-ip|x-original-.*|x-cluster-client-ip|fastly-.*)$/;
/** What only a browser sends, for a page that somebody is on. */
const OF_A_PAGE = /^(origin|sec-fetch-site)$/;

/** From this machine, to this machine, by nobody else's hand: a tunnel or a proxy would open it to the world. */
function isFromHere({ headers, socket }: IncomingMessage): boolean {
  const { host = '' } = headers;
  return (
    isLoopback(socket.remoteAddress ?? '') &&
    !host.includes('@') &&
    isLoopback(toUrl(`http://${host}`)?.hostname ?? '') &&
    !Object.keys(headers).some((name) => FORWARDING.test(name) || OF_A_PAGE.test(name))
  );
}
