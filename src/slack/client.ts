/** Clients of Slack's Web API, and what a token is good for. */
import { webApi } from '@slack/bolt';
import type { Log, Workspace } from './door.ts';
import { failure, toBoltLogger } from './log.ts';
import { type PaceClock, paced, type Turns, turnsOf, unpaced } from './pace.ts';

export interface ClientOptions {
  log: Log;
  /** Only for a stand-in on this machine, or GovSlack; ends in `/api/`. */
  apiUrl?: string;
  /** For tests: what the pacer counts by. */
  pace?: PaceClock;
}

/** The token or the setting is not good for this; the message says what to do. */
export class SlackRefused extends Error {
  override name = 'SlackRefused';
}

/** Answers that say that this token does nothing any more (docs.slack.dev, common errors of the Web API). */
export const DEAD = ['account_inactive', 'invalid_auth', 'not_authed', 'token_revoked'];

/** Tells when Slack takes its token no longer. */
class WatchedClient extends webApi.WebClient {
  constructor(
    token: string,
    options: webApi.WebClientOptions,
    private readonly onDead: (error: string) => void,
  ) {
    super(token, options);
  }

  override async apiCall(
    method: string,
    options?: Record<string, unknown>,
  ): Promise<webApi.WebAPICallResult> {
    try {
      return await super.apiCall(method, options);
    } catch (error) {
      if (error instanceof webApi.WebAPIPlatformError && DEAD.includes(error.data.error))
        this.onDead(error.data.error);
      throw error;
    }
  }
}

const SHORT = { retries: 1, minTimeout: 100, maxTimeout: 300 };
const LONG = { retries: 4, factor: 2, minTimeout: 500, randomize: true };

/** For all clients: never longer than 10 s a call, never to another host. */
export const clientOf = ({ log, apiUrl }: ClientOptions) => ({
  logger: toBoltLogger(log),
  timeout: 10_000,
  allowAbsoluteUrls: false,
  ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
});

/** The same for where a person waits: one more try, and no waiting for a rate limit. */
export const quickly = (options: ClientOptions) => ({
  ...clientOf(options),
  rejectRateLimitedCalls: true,
  retryConfig: SHORT,
});

/**
 * `web` for where a person waits, `patient` for what nobody waits for. `once` tries nothing twice, for what must not stand
 * there twice: `turns`, which it shares with `patient`, is asked before. `onDead`: Slack takes the token no longer.
 */
export function clientsOf(
  token: string,
  options: ClientOptions,
  onDead: (error: string) => void = () => undefined,
): { web: webApi.WebClient; patient: webApi.WebClient; once: webApi.WebClient; turns: Turns } {
  const patiently = { ...clientOf(options), rejectRateLimitedCalls: true, retryConfig: LONG };
  const turns = turnsOf(options.pace);
  return {
    web: new WatchedClient(token, quickly(options), onDead),
    patient: paced(new WatchedClient(token, patiently, onDead), turns),
    once: unpaced(new WatchedClient(token, { ...patiently, retryConfig: { retries: 0 } }, onDead), turns),
    turns,
  };
}

/** Asks Slack which workspace the token of the configuration is for. Throws `SlackRefused` when it is for none. */
export async function pin(web: webApi.WebClient): Promise<Workspace> {
  const who = await web.auth.test().catch((error: unknown) => {
    throw new SlackRefused(`Slack did not take SLACK_BOT_TOKEN (${failure(error)}).`);
  });
  const { team_id: team, user_id: bot, bot_id: botId, enterprise_id: enterprise } = who;
  if (!team || !bot || !botId || who.is_enterprise_install) {
    throw new SlackRefused(
      'SLACK_BOT_TOKEN is not the bot token (xoxb-…) of one workspace. Install the app there and take its token.',
    );
  }
  return { team, bot, ...(enterprise ? { enterprise } : {}) };
}
