/** Opens the Slack door on the house: inbox, health, deliveries, and what a crash left unanswered. */
import type { ServerResponse } from 'node:http';
import type { Config } from './config.ts';
import type { InstallConfig } from './config-slack.ts';
import type { House } from './house.ts';
import { links } from './links.ts';
import type { Log } from './log.ts';
import { createSeal, derive } from './seal.ts';
import { createSlack, type Route, type SlackDoor, type SlackOptions } from './slack/app.ts';
import type { Installation, InstallationKey, Installations } from './slack/door.ts';
import {
  findInstallation,
  forgetInstallation,
  installedTeams,
  noteMember,
  saveInstallation,
} from './store/installations.ts';
import { handled, receive } from './store/postings.ts';

/** @param overrides for tests: budgets, port. Throws when Slack does not take the token. */
export async function openSlack(
  config: Config,
  house: House,
  log: Log,
  overrides: Partial<SlackOptions> = {},
): Promise<SlackDoor> {
  if (!config.slack) throw new Error('Slack is not configured.');
  const { store, desk } = house;
  const { install, ...slackConfig } = config.slack;
  const now = overrides.now ?? (() => new Date());
  const slack = await createSlack({
    ...slackConfig,
    ...(install ? { install: installOf(install, house, log) } : {}),
    host: config.host,
    port: config.port,
    desk,
    log,
    now,
    development: config.development,
    routes: [...health(house), ...links],
    inbox: {
      receive: (key, body) => receive(store, 'slack', key, body as object),
      handled: (key) => handled(store, key, now()),
    },
    ...overrides,
  });
  await house.addMessenger(slack.messenger);
  await slack.start();
  house.addReplay('slack', slack.replay);
  return slack;
}

/** OAuth with its tokens in our database, sealed under TOKEN_KEY. */
function installOf(
  { tokenKey, ...settings }: InstallConfig,
  { store }: House,
  log: Log,
): NonNullable<SlackOptions['install']> {
  const seal = createSeal(tokenKey);
  const opened = (row: InstallationKey & { sealed: string; bot: string }): Installation | undefined => {
    const { team, enterprise, bot, sealed } = row;
    try {
      return { team, enterprise, bot, token: seal.open(sealed, rowName(row)), stamp: sealed };
    } catch {
      log.warn(
        { team, enterprise },
        'slack: TOKEN_KEY does not open this installation; it has to be made again',
      );
      return undefined;
    }
  };
  const installations: Installations = {
    save: ({ token, ...it }) => saveInstallation(store, { ...it, sealed: seal.seal(token, rowName(it)) }),
    async find(key) {
      const row = await findInstallation(store, key);
      const installation = row && opened(row);
      return installation && { installation, isMember: row.isMember };
    },
    noteMember: (key) => noteMember(store, key),
    forget: (key, stamp) => forgetInstallation(store, key, stamp),
    workspaces: (most) => installedTeams(store, most),
  };
  return { ...settings, stateSecret: derive(tokenKey, 'oauth state').toString('base64url'), installations };
}

/** What a token is bound to: moved to another row it opens no more. */
const rowName = ({ enterprise, team }: InstallationKey): string => `slack ${enterprise} ${team}`;

/** Asked by anybody, it asks the database at most once a second. */
const ANSWER_LASTS_MS = 1_000;

function remembered(house: House): () => Promise<Awaited<ReturnType<House['readiness']>>> {
  let asked = { at: Number.NEGATIVE_INFINITY, answer: house.readiness };
  return () => {
    const at = performance.now();
    if (at - asked.at > ANSWER_LASTS_MS) {
      const answer = house.readiness();
      asked = { at, answer: () => answer };
    }
    return asked.answer();
  };
}

const health = (house: House, readiness = remembered(house)): Route[] => [
  { path: '/healthz', method: 'GET', handler: (_, response) => json(response, 200, { up: true }) },
  {
    path: '/readyz',
    method: 'GET',
    handler: async (_, response) => {
      const ready = await readiness();
      json(response, Object.values(ready).every(Boolean) ? 200 : 503, ready);
    },
  },
];

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
