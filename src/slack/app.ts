/** The Slack door: one endpoint, one workspace. It reads, asks the desk, draws and answers; it knows no rules. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { HTTPReceiver, HTTPReceiverDeferredRequestError, webApi } from '@slack/bolt';
import type { Desk, Messenger } from '../bot/intent.ts';
import type { Budget, Door, Doors, Log, Workspace } from './door.ts';
import { createDraw } from './draw.ts';
import { onWords } from './event.ts';
import { fromEvent } from './heard.ts';
import { type Inbox, InboxApp, receiverOf } from './inbox-app.ts';
import { failure, toBoltLogger } from './log.ts';
import { createMessenger } from './messenger.ts';
import { createProfiles } from './profiles.ts';
import { createRespond } from './respond.ts';

export interface Route {
  path: string;
  method: 'GET';
  handler(request: IncomingMessage, response: ServerResponse): void;
}

export interface SlackOptions {
  signingSecret: string;
  botToken: string;
  /** Only for a stand-in on this machine; ends in `/api/`. */
  apiUrl?: string;
  host: string;
  port: number;
  desk: Desk;
  inbox: Inbox;
  log: Log;
  routes: Route[];
  now(): Date;
  /** A payload that breaks a limit of Slack throws, instead of going out as plain text. */
  development: boolean;
  /** Default: commits within 1.5 s, answers within 2.2 s. Slack gives up after 3. */
  budget?: Budget;
}

export interface SlackDoor {
  /** Listens; from then on `port` is the real one. */
  start(): Promise<void>;
  /** Takes nothing new, and gives what is under way up to 5 s. */
  stop(): Promise<void>;
  readonly port: number;
  messenger: Messenger;
  /** Answers an event the inbox holds unanswered: a crash came between. Throws when it could not be answered. */
  replay(body: unknown): Promise<void>;
}

/** Asks Slack which workspace the token is for, and serves that one only. Throws a readable error when it is for none. */
export async function createSlack(options: SlackOptions): Promise<SlackDoor> {
  const logger = toBoltLogger(options.log);
  const client = clientOf(options);
  const found: Door[] = [];
  // Whatever comes is for the one: who is not of it is told so.
  const doors: Doors = { of: async () => found[0], all: async () => found };
  const messenger = createMessenger(doors);
  const { workspace, botId } = await pin(clientsOf(options.botToken, client).web);
  found.push(createDoor(options, { workspace, token: options.botToken, messenger }));
  const identity = { botToken: options.botToken, botId, botUserId: workspace.bot, teamId: workspace.team };
  const app = new InboxApp(doors, options.log, options.inbox, {
    receiver: createReceiver(options, logger),
    logger,
    authorize: async () => identity,
    clientOptions: client,
    convoStore: false,
  });
  return toDoor(app, { doors, messenger }, options);
}

const clientOf = ({ log, apiUrl }: SlackOptions) => ({
  logger: toBoltLogger(log),
  timeout: 10_000,
  allowAbsoluteUrls: false,
  ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
});

const clientsOf = (token: string, client: ReturnType<typeof clientOf>) => ({
  web: new webApi.WebClient(token, { ...client, rejectRateLimitedCalls: true, retryConfig: SHORT }),
  patient: new webApi.WebClient(token, { ...client, retryConfig: LONG }),
});

/** What serves one workspace. */
function createDoor(
  options: SlackOptions,
  { workspace, token, messenger }: Pick<Door, 'workspace' | 'token' | 'messenger'>,
): Door {
  const { desk, log, now, apiUrl, development, budget = { commit: 1500, answer: 2200 } } = options;
  const { web, patient } = clientsOf(token, clientOf(options));
  const profiles = createProfiles(web, workspace, now);
  const [respond, draw] = [createRespond(apiUrl), createDraw(development, log)];
  return { workspace, token, desk, web, patient, messenger, profiles, respond, draw, budget, log, now };
}

const SHORT = { retries: 1, minTimeout: 100, maxTimeout: 300 };
const LONG = { retries: 4, factor: 2, minTimeout: 500, randomize: true };
const STOP_MS = 5000;

/** The token is not good for this; the message says what to do. */
class SlackRefused extends Error {
  override name = 'SlackRefused';
}

async function pin(web: webApi.WebClient): Promise<{ workspace: Workspace; botId: string }> {
  const who = await web.auth.test().catch((error: unknown) => {
    throw new SlackRefused(`Slack did not take SLACK_BOT_TOKEN (${failure(error)}).`);
  });
  const { team_id: team, user_id: bot, bot_id: botId, enterprise_id: enterprise } = who;
  if (!team || !bot || !botId || who.is_enterprise_install) {
    throw new SlackRefused(
      'SLACK_BOT_TOKEN is not the bot token (xoxb-…) of one workspace. Install the app there and take its token.',
    );
  }
  return { workspace: { team, bot, ...(enterprise ? { enterprise } : {}) }, botId };
}

function createReceiver(
  { signingSecret, routes, log }: SlackOptions,
  logger: ReturnType<typeof toBoltLogger>,
): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret,
    endpoints: '/slack/events',
    customRoutes: routes,
    logger,
    bodyLimit: 1024 * 1024,
    // A scanner's URL is hostile text too: it is not logged.
    dispatchErrorHandler: ({ error, response }) => {
      const isUnknown = error instanceof HTTPReceiverDeferredRequestError;
      if (!isUnknown) log.warn({ failure: failure(error) }, 'slack: a request failed');
      response.writeHead(isUnknown ? 404 : 500).end();
    },
    processEventErrorHandler: async ({ error, response }) => {
      log.error({ failure: failure(error) }, 'slack: a request was not handled');
      if (!response.headersSent) response.writeHead(500).end();
      return true;
    },
  });
}

function toDoor(
  app: InboxApp,
  { doors, messenger }: { doors: Doors; messenger: Messenger },
  { host, port }: SlackOptions,
): SlackDoor {
  let listening = port;
  let server: Server | undefined;
  return {
    messenger,
    get port() {
      return listening;
    },
    async start() {
      server = await app.start({ host, port });
      const address = server.address();
      if (typeof address === 'object' && address) listening = address.port;
    },
    async stop() {
      const closing = app.stop();
      await app.finish(STOP_MS);
      // Whoever still sends by now keeps nobody waiting.
      server?.closeAllConnections();
      await closing;
    },
    async replay(body) {
      const door = await doors.of(...receiverOf(body));
      const heard = door && fromEvent(body, door.workspace);
      if (heard) await onWords(door, heard);
    },
  };
}
