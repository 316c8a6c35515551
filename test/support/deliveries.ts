/** A process that delivers what is queued to a stand-in for Slack, until a test kills it; see child.ts. */
import { createServer, type IncomingMessage } from 'node:http';
import { webApi } from '@slack/bolt';
import { pino } from 'pino';
import { openHouse } from '../../src/house.ts';
import type { Door } from '../../src/slack/door.ts';
import { createDraw } from '../../src/slack/draw.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { paced, turnsOf, unpaced } from '../../src/slack/pace.ts';
import { createProfiles } from '../../src/slack/profiles.ts';
import { createRespond } from '../../src/slack/respond.ts';
import type { Place } from './databases.ts';
import { LEAD, until } from './house.ts';
import { hurried } from './hurried.ts';
import { member } from './slack-workspace.ts';

/** Prints "delivered" once nothing is left in the queue of Slack's deliveries. */
export async function runDeliveries(place: Place, apiUrl: string): Promise<void> {
  const log = pino({ level: 'silent' });
  const config = { ...place, partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
  const house = await openHouse({ config, log });
  const now = () => new Date();
  const workspace = { team: 'T1', bot: 'UBOT' };
  const logger = { setLevel: () => {}, getLevel: () => webApi.LogLevel.ERROR, setName: () => {} };
  const silent = { ...logger, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const web = new webApi.WebClient('xoxb-stand-in', {
    slackApiUrl: apiUrl,
    rejectRateLimitedCalls: true,
    logger: silent,
  });
  const turns = turnsOf(hurried());
  const patient = paced(web, turns);
  const found: Door[] = [];
  const doors = { of: async () => found[0], all: async () => found, gone: async () => {} };
  const messenger = createMessenger(doors);
  found.push({
    ...{ workspace, token: 'xoxb-stand-in', desk: house.desk, web, messenger, log, now },
    patient,
    once: unpaced(web, turns),
    turns,
    profiles: createProfiles({ web, patient }, workspace, now),
    respond: createRespond(apiUrl),
    draw: createDraw(true, log),
    budget: { commit: 1500, answer: 2200 },
  });
  await house.addMessenger(messenger);
  await until('an empty queue', async () => (await leftIn(house.store.prisma)) === 0, 600);
  process.stdout.write('delivered\n');
  await house.stop();
  process.exit(0);
}

type Prisma = Awaited<ReturnType<typeof openHouse>>['store']['prisma'];

async function leftIn(prisma: Prisma): Promise<number> {
  const [row] = await prisma.$queryRaw<{ left: number }[]>`
    SELECT count(*)::int AS left FROM pgboss.job WHERE name = 'deliver-slack' AND state < 'completed'`;
  return row?.left ?? 0;
}

export interface PostOffice {
  apiUrl: string;
  /** Every message that arrived, in order. */
  texts: string[];
  /** The message of that number (from 1) arrives and is never answered; then `onArrival` is called. */
  keepSilentAt(nth: number, onArrival: (text: string) => void): void;
  close(): Promise<void>;
}

/** The Web API as far as private messages need it; one member, whose e-mail is the alliance lead's. */
export async function openPostOffice(): Promise<PostOffice> {
  const texts: string[] = [];
  let silentAt = 0;
  let hear: (text: string) => void = () => {};
  const server = createServer(async (request, response) => {
    const method = (request.url ?? '').split('/').at(-1) ?? '';
    const body = await bodyOf(request);
    if (method === 'chat.postMessage') {
      texts.push(body.get('text') ?? '');
      if (texts.length === silentAt) return hear(texts.at(-1) ?? '');
    }
    response.setHeader('content-type', 'application/json');
    return void response.end(JSON.stringify({ ok: true, ...ANSWERS[method], ts: `1.${texts.length}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    apiUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/`,
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

const ANSWERS: Record<string, object> = {
  'users.lookupByEmail': { user: member('ANA', LEAD) },
  'users.info': { user: member('ANA', LEAD) },
  'conversations.open': { channel: { id: 'DANA' } },
  'chat.postMessage': { channel: 'DANA' },
};

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
