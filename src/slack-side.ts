/** Opens the Slack door on the house: inbox, deliveries, and what a crash left unanswered. */
import type { Config } from './config.ts';
import type { InstallConfig } from './config-slack.ts';
import { health } from './health.ts';
import type { House } from './house.ts';
import { links } from './links.ts';
import type { Log } from './log.ts';
import { createSeal, derive } from './seal.ts';
import { createSlack, type SlackDoor, type SlackOptions } from './slack/app.ts';
import type { Installation, InstallationKey, Installations } from './slack/door.ts';
import {
  findInstallation,
  forgetInstallation,
  installedTeams,
  noteMember,
  saveInstallation,
} from './store/installations.ts';
import { handled, receive } from './store/postings.ts';
import type { Route } from './web.ts';

/**
 * @param overrides for tests: budgets, port.
 * @param more what its HTTP server serves as well.
 * @throws SlackRefused when Slack does not take the token.
 */
export async function openSlack(
  config: Config,
  house: House,
  log: Log,
  overrides: Partial<SlackOptions> = {},
  more: readonly Route[] = [],
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
    routes: [...health(house), ...links, ...more],
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
