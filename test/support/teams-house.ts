/**
 * A test house with its Teams door open, and a stand-in for Microsoft in front of it in which the practice team is enrolled
 * under the names of slack-house.ts (ANA the alliance lead, JONAS, MINA, PRIYA, TOM, LUCIA).
 *
 * `const house = await openTeamsHouse(database)`, then `await house.say('ANA', 'list pending')` answers what came up in her
 * chat as text; `house.press('ANA', house.newest('ANA'), 'Accept')`, `house.submit('ANA', { text: 'Demo' })` in a dialog.
 * `house.microsoft.room('19:deals@thread.tacv2', { members: ['ANA', 'TOM'] })` and `say(…, { room })` for channels. All that
 * one person sees privately: `house.screens('ANA')`. At the end `house.microsoft.refused` must be empty.
 */
import type { Config } from '../../src/config.ts';
import { openTeams } from '../../src/teams-side.ts';
import { serve } from '../../src/web.ts';
import type { TestDatabase } from './databases.ts';
import { type HouseOptions, LEAD, openTestHouse, type TestHouse, until } from './house.ts';
import { hurried } from './hurried.ts';
import type { At, Target } from './teams-activities.ts';
import { type Client, createClient, fresh, type Screens, seen } from './teams-client.ts';
import { PUBLIC_URL } from './teams-env.ts';
import { createMicrosoft, type Message, type Microsoft } from './teams-microsoft.ts';
import { parts, words } from './teams-screen.ts';
import { enrollTeam } from './teams-team.ts';

type Teams = Awaited<ReturnType<typeof openTeams>>;
type Overrides = NonNullable<Parameters<typeof openTeams>[3]>;

export interface TeamsHouse extends TestHouse, Client {
  microsoft: Microsoft;
  door: Teams;
  target: Target;
  /** Says it there; answers what came up for that person: their newest message. */
  say(user: string, text: string, at?: At): Promise<string>;
  /** Waits until something they see privately says so; `before`: what stood there already does not count. */
  shows(user: string, what: string | RegExp, before?: Screens): Promise<void>;
  /** A message as that person reads it. */
  screen(user: string, message: Message): string;
}

/** @param overrides of the door, such as `budget`. */
export async function openTeamsHouse(
  database: TestDatabase,
  options: HouseOptions = {},
  overrides: Overrides = {},
): Promise<TeamsHouse> {
  const microsoft = await createMicrosoft();
  enrollTeam(microsoft);
  const house = await openTestHouse(database, options);
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    dataDir: '',
    publicUrl: PUBLIC_URL,
    teams: {
      anonymous: false,
      account: {
        type: 'SingleTenant',
        appId: microsoft.appId,
        tenantId: microsoft.tenant,
        password: microsoft.secret,
      },
      tenants: [microsoft.tenant],
    },
    partnerCentral: { catalog: 'practice' },
    allianceLeadEmail: LEAD,
    console: false,
    clock: false,
    logLevel: 'silent',
    development: true,
  };
  const door = await openTeams(config, house, house.log, {
    keys: { openIdUrl: `${microsoft.url}/v1/.well-known/openidconfiguration` },
    calls: { fetchToken: () => fetchToken(microsoft) },
    pace: hurried(),
    ...overrides,
  });
  const web = await serve({
    ...{ host: '127.0.0.1', port: 0, routes: [door.route] },
    onError: (err) => house.log.error({ err }, 'a request failed'),
  });
  const target = { url: `http://127.0.0.1:${web.port}`, microsoft };
  const client = createClient(target);
  return { ...house, ...client, ...eyes(client), microsoft, door, target, stop };

  async function stop() {
    microsoft.hangUp();
    await web.stop();
    await door.stop();
    await microsoft.close();
    await house.stop();
  }
}

/** As MSAL asks for it. */
export async function fetchToken({ url, tenant, appId, secret }: Microsoft): Promise<string> {
  const response = await fetch(`${url}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: appId, client_secret: secret },
      scope: 'https://api.botframework.com/.default',
    }),
  });
  return words(parts(await response.json()).access_token);
}

function eyes(client: Client): Pick<TeamsHouse, 'say' | 'shows' | 'screen'> {
  const screen = (user: string, message: Message) => seen(message, client.cardOf(user, message));
  return {
    screen,
    async say(user, text, at) {
      const before = client.messages(user).length;
      const { status } = await client.tell(user, text, at);
      if (status !== 200) throw new Error(`“${text}” was answered ${status}`);
      await until(`an answer to “${text}”`, () => client.messages(user).length > before);
      return screen(user, client.newest(user));
    },
    async shows(user, what, before = new Map()) {
      const shown = () => fresh(before, client.screens(user));
      const fits = (it: string) => (typeof what === 'string' ? it.includes(what) : what.test(it));
      await until(`${what} on ${user}’s screen`, () => shown().some(fits)).catch((error: Error) => {
        throw new Error(`${error.message}\nshown: ${shown().join('\n---\n').slice(0, 3000)}`);
      });
    },
  };
}
