/** Opens the doors into chat that are configured, behind one HTTP server. */
import type { Config } from './config.ts';
import { health } from './health.ts';
import type { House } from './house.ts';
import { links } from './links.ts';
import type { Log } from './log.ts';
import { openSlack } from './slack-side.ts';
import { openTeams } from './teams-side.ts';
import { serve } from './web.ts';

export interface Doors {
  port: number;
  /** What is open, for whoever reads the log. */
  names: string[];
  /** Takes nothing new, and gives what is under way up to 5 s. */
  stop(): Promise<void>;
}

/** Slack's own server serves Teams as well, where both are open. @throws what keeps a door from opening. */
export async function openDoors(config: Config, house: House, log: Log): Promise<Doors> {
  const teams = config.teams && (await openTeams(config, house, log));
  const routes = teams ? [teams.route] : [];
  const web = config.slack
    ? await openSlack(config, house, log, {}, routes)
    : await serve({
        host: config.host,
        port: config.port,
        routes: [...health(house), ...links, ...routes],
        onError: (err) => log.error({ err }, 'a request failed'),
      });
  return {
    port: web.port,
    names: namesOf(config),
    // One after the other: what comes in until the server is closed may leave work behind.
    async stop() {
      await web.stop();
      await teams?.stop();
    },
  };
}

function namesOf({ slack, teams }: Config): string[] {
  const whose = teams?.anonymous ? ', for whoever is on this machine' : '';
  return [
    ...(slack ? [`Slack, ${slack.appToken ? 'over Socket Mode' : 'at POST /slack/events'}`] : []),
    ...(teams ? [`Teams, at POST /api/messages${whose}`] : []),
  ];
}
