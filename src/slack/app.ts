/** The Slack door: one endpoint or one line, any number of workspaces. It reads, asks the desk, draws and answers; it knows no rules. */
import type { Server } from 'node:http';
import { HTTPReceiver, HTTPReceiverDeferredRequestError } from '@slack/bolt';
import { z } from 'zod';
import type { Desk, Messenger } from '../bot/intent.ts';
import { counted, type Route, refuse, type UnderWay, underWay } from '../web.ts';
import { clientOf, clientsOf, pin, SlackRefused } from './client.ts';
import type { Budget, Door, Doors, Log, Workspace } from './door.ts';
import { createDoors, onDeadToken } from './doors.ts';
import { createDraw } from './draw.ts';
import { type Inbox, InboxApp, keptOf, receiverOf } from './inbox-app.ts';
import { type InstallSettings, installRoutes, isAllowed } from './install.ts';
import { failure, toBoltLogger } from './log.ts';
import { createMessenger } from './messenger.ts';
import type { PaceClock } from './pace.ts';
import { createProfiles } from './profiles.ts';
import { createRespond } from './respond.ts';
import { createSocket, type Line } from './socket.ts';
import { leaving } from './user-change.ts';

export interface SlackOptions {
  /** Absent in Socket Mode, where nothing comes in over HTTP. */
  signingSecret?: string;
  /** The one workspace of the configuration. */
  botToken?: string;
  /** Other workspaces install the app themselves. */
  install?: InstallSettings;
  /** xapp-…: Socket Mode. */
  appToken?: string;
  /** Only for a stand-in on this machine, or GovSlack; ends in `/api/`. */
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
  /** For tests: what the pacer counts by. */
  pace?: PaceClock;
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

/**
 * Asks Slack which workspace the token of the configuration is for, and serves that one and those that installed the app.
 * Throws a readable `SlackRefused` when the token is for none.
 */
export async function createSlack(options: SlackOptions): Promise<SlackDoor> {
  const { install, log } = options;
  const { doors, messenger } = await openDoors(options);
  // Other doors' routes: they too are given time when this one stops.
  const served = underWay();
  const line = lineOf({ ...options, routes: options.routes.map((route) => counted(served, route)) });
  const app = new InboxApp(doors, log, options.inbox, {
    receiver: line.receiver,
    logger: toBoltLogger(log),
    // Where we are not installed there is nobody: the handlers answer nothing.
    authorize: async ({ teamId, enterpriseId }) => identityOf(await doors.of(teamId, enterpriseId)),
    clientOptions: clientOf(options),
    convoStore: false,
  });
  if (install)
    app.use(async ({ body, next }) => {
      nameTeam(body);
      await next();
    });
  return toDoor(app, { doors, messenger, line, served }, options);
}

async function openDoors(options: SlackOptions): Promise<{ doors: Doors; messenger: Messenger }> {
  const { botToken, install, log, now } = options;
  // Whoever tells and whoever is told know each other.
  const known: { doors?: Doors } = {};
  const messenger = createMessenger({
    of: async (...of) => known.doors?.of(...of),
    all: async () => known.doors?.all() ?? [],
    gone: async (key) => known.doors?.gone(key),
  });
  const build = (workspace: Workspace, token: string, onDead?: (error: string) => void): Door =>
    createDoor(options, { workspace, token, messenger }, onDead);
  const single = botToken
    ? build(await pin(clientsOf(botToken, options).web), botToken, onDeadToken(log, now))
    : undefined;
  const doors = createDoors({
    ...(single ? { single } : {}),
    ...(install ? { installations: install.installations } : {}),
    isAllowed: (key) => install !== undefined && isAllowed(install, key),
    build,
    log,
    now,
  });
  known.doors = doors;
  return { doors, messenger };
}

const identityOf = (door: Door | undefined) =>
  door ? { botToken: door.token, botUserId: door.workspace.bot, teamId: door.workspace.team } : {};

/**
 * Where a whole organisation installed the app, Slack names the workspace only with the person who acts (docs.slack.dev,
 * interaction payloads: "team … null if the app is installed to an organization"). Whether that workspace is one of the
 * organisation's is for `doors` to say.
 */
function nameTeam(body: object): void {
  const { team, user } = actorSchema.safeParse(body).data ?? {};
  if (user && !team) Object.assign(body, { team: { id: user.team_id } });
}

const actorSchema = z.object({ team: z.unknown(), user: z.object({ team_id: z.string() }) });

/** What serves one workspace. */
function createDoor(
  options: SlackOptions,
  { workspace, token, messenger }: Pick<Door, 'workspace' | 'token' | 'messenger'>,
  onDead?: (error: string) => void,
): Door {
  const { desk, log, now, apiUrl, development, budget = { commit: 1500, answer: 2200 } } = options;
  const clients = clientsOf(token, options, onDead);
  const profiles = createProfiles(clients, workspace, now, (user, refused) => leaving(door, user, refused));
  const [respond, draw] = [createRespond(apiUrl), createDraw(development, log)];
  const door: Door = {
    ...{ workspace, token, desk, ...clients, messenger, profiles, respond, draw, budget, log, now },
  };
  return door;
}

const STOP_MS = 5000;

/** Over HTTP or over a socket; health and the pages of an installation come over HTTP in any case. */
function lineOf(options: SlackOptions): Line {
  const { appToken, signingSecret, install, log } = options;
  const routes = [...options.routes, ...(install ? installRoutes(install, options) : [])];
  if (appToken) return createSocket({ ...options, appToken, http: createReceiver(routes, log) });
  if (!signingSecret)
    throw new SlackRefused('Slack needs SLACK_SIGNING_SECRET, or SLACK_APP_TOKEN for Socket Mode.');
  return { receiver: createReceiver(routes, log, signingSecret), hangUp: async () => undefined };
}

/** Without a secret no payload can be checked: then there is no endpoint for one. */
function createReceiver(routes: Route[], log: Log, signingSecret?: string): HTTPReceiver {
  return new HTTPReceiver({
    ...(signingSecret
      ? { signingSecret, endpoints: '/slack/events' }
      : { signingSecret: '', signatureVerification: false, endpoints: [] }),
    customRoutes: routes,
    logger: toBoltLogger(log),
    bodyLimit: 1024 * 1024,
    // A scanner's URL is hostile text too: it is not logged.
    dispatchErrorHandler: ({ error, request, response }) => {
      if (error instanceof HTTPReceiverDeferredRequestError) return refuse(routes, request, response);
      log.warn({ failure: failure(error) }, 'slack: a request failed');
      response.writeHead(500).end();
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
  { doors, messenger, line, served }: { doors: Doors; messenger: Messenger; line: Line; served: UnderWay },
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
      await Promise.all([app.finish(STOP_MS), served.finish(STOP_MS)]);
      // Whoever still sends by now keeps nobody waiting.
      server?.closeAllConnections();
      await line.hangUp();
      await closing;
    },
    async replay(body) {
      const door = await doors.of(...receiverOf(body));
      const kept = door && (await keptOf(door, body));
      await kept?.answer();
    },
  };
}
