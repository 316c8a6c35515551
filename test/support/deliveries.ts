/** A process that delivers what is queued to a stand-in for Slack, until a test kills it; see child.ts. */
import { createServer, type IncomingMessage } from 'node:http';
import { webApi } from '@slack/bolt';
import { pino } from 'pino';
import type { Desk, Messenger } from '../../src/bot/intent.ts';
import { openHouse } from '../../src/house.ts';
import type { Log } from '../../src/log.ts';
import type { Door } from '../../src/slack/door.ts';
import { createDraw } from '../../src/slack/draw.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { type PaceClock, paced, turnsOf, unpaced } from '../../src/slack/pace.ts';
import { createProfiles } from '../../src/slack/profiles.ts';
import { createRespond } from '../../src/slack/respond.ts';
import type { Place } from './databases.ts';
import { LEAD, until } from './house.ts';
import { hurried } from './hurried.ts';
import { member } from './slack-workspace.ts';

/** Prints "delivered" once nothing is left in the queue of Slack's deliveries. */
export async function runDeliveries(place: Place, apiUrl: string): Promise<void> {
  const log = pino({ level: 'silent' });
  const config = {
    ...place,
    partnerCentral: { catalog: 'practice' as const },
    allianceLeadEmail: LEAD,
    clock: false,
  };
  const house = await openHouse({ config, log });
  await house.addMessenger(messengerTo(apiUrl, { ...house, log }));
  await until('an empty queue', async () => (await leftIn(house.store.prisma)) === 0, 600);
  process.stdout.write('delivered\n');
  await house.stop();
  process.exit(0);
}

interface WayOut {
  desk: Desk;
  log: Log;
  /** What profiles and conversations are kept by. */
  now?(): Date;
  /** What the pacer counts by; default: its time passes at once. */
  pace?: PaceClock;
  /** Who speaks, for whoever listens to several. */
  token?: string;
}

/** The real messenger to workspace T1 behind that Web API, and no door in. */
export function messengerTo(apiUrl: string, { desk, log, ...how }: WayOut): Messenger {
  const { now = () => new Date(), pace = hurried(), token = 'xoxb-stand-in' } = how;
  const workspace = { team: 'T1', bot: 'UBOT' };
  const logger = { setLevel: () => {}, getLevel: () => webApi.LogLevel.ERROR, setName: () => {} };
  const silent = { ...logger, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const web = new webApi.WebClient(token, {
    slackApiUrl: apiUrl,
    rejectRateLimitedCalls: true,
    logger: silent,
  });
  const turns = turnsOf(pace);
  const patient = paced(web, turns);
  const found: Door[] = [];
  const doors = { of: async () => found[0], all: async () => found, gone: async () => {} };
  const messenger = createMessenger(doors);
  found.push({
    ...{ workspace, token, desk, web, messenger, log, now },
    patient,
    once: unpaced(web, turns),
    turns,
    profiles: createProfiles({ web, patient }, workspace, now),
    respond: createRespond(apiUrl),
    draw: createDraw(true, log),
    budget: { commit: 1500, answer: 2200 },
  });
  return messenger;
}

type Prisma = Awaited<ReturnType<typeof openHouse>>['store']['prisma'];

async function leftIn(prisma: Prisma): Promise<number> {
  const [row] = await prisma.$queryRaw<{ left: number }[]>`
    SELECT count(*)::int AS left FROM pgboss.job WHERE name = 'deliver-slack' AND state < 'completed'`;
  return row?.left ?? 0;
}

/** A message that arrived. */
interface Letter {
  channel: string;
  text: string;
  /** By whose token. */
  from: string;
}

export interface PostOffice {
  apiUrl: string;
  /** Every message that arrived, in order. */
  letters: Letter[];
  /** Their words. */
  texts: string[];
  /** The message of that number (from 1) arrives and is never answered; then `onArrival` is called. */
  keepSilentAt(nth: number, onArrival: (text: string, channel: string) => void): void;
  close(): Promise<void>;
}

/**
 * The Web API as far as private messages need it: ANA has the alliance lead's e-mail, whoever else is asked for is a member
 * too. `hears`: each call as it comes in, and its channel. `senders`: the first messages are answered when so many have sent
 * one, or after five seconds: nobody is done before the others have begun.
 */
export async function openPostOffice(
  hears: (method: string, channel: string) => void = () => {},
  senders = 1,
): Promise<PostOffice> {
  const letters: Letter[] = [];
  const texts: string[] = [];
  let silentAt = 0;
  let hear: (text: string, channel: string) => void = () => {};
  const server = createServer(async (request, response) => {
    const method = (request.url ?? '').split('/').at(-1) ?? '';
    const body = await bodyOf(request);
    hears(method, body.get('channel') ?? '');
    if (method === 'chat.postMessage') {
      const [text, channel] = [body.get('text') ?? '', body.get('channel') ?? ''];
      letters.push({ text, channel, from: request.headers.authorization ?? '' });
      texts.push(text);
      if (texts.length === silentAt) return hear(text, channel);
      for (let left = 100; left > 0 && new Set(letters.map(({ from }) => from)).size < senders; left--)
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    response.setHeader('content-type', 'application/json');
    return void response.end(
      JSON.stringify({ ok: true, ...ANSWERS[method]?.(body), ts: `1.${texts.length}` }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    apiUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/`,
    letters,
    texts,
    keepSilentAt(nth, onArrival) {
      silentAt = nth;
      hear = onArrival;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const ANSWERS: Record<string, (asked: URLSearchParams) => object> = {
  'users.lookupByEmail': () => ({ user: member('ANA', LEAD) }),
  'users.info': (asked) => ({ user: memberOf(asked.get('user') ?? '') }),
  'conversations.open': (asked) => ({ channel: { id: `D${asked.get('users')}` } }),
  'chat.postMessage': (asked) => ({ channel: asked.get('channel') }),
};

const memberOf = (user: string) =>
  member(user, user === 'ANA' ? LEAD : `${user.toLowerCase()}@partner.example`);

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
