/** "Add to Slack": OAuth for a workspace or a whole organisation. Slack's own library does the dance; we keep the token. */
import type { ServerResponse } from 'node:http';
import { webApi } from '@slack/bolt';
import { type CallbackOptions, type Installation as Granted, InstallProvider } from '@slack/oauth';
import type { Route } from '../web.ts';
import { type ClientOptions, clientOf, quickly } from './client.ts';
import type { InstallationKey, Installations, Log } from './door.ts';
import { failure, toBoltLogger } from './log.ts';
import { scopes } from './scopes.ts';

export interface InstallSettings {
  clientId: string;
  clientSecret: string;
  /** Signs the state that comes back with the browser. */
  stateSecret: string;
  /** Where Slack sends the browser back to: `<publicUrl>/slack/oauth_redirect`. */
  publicUrl: string;
  /** Team or enterprise ids; empty: whoever comes. */
  allowed: readonly string[];
  installations: Installations;
}

export const isAllowed = ({ allowed }: Pick<InstallSettings, 'allowed'>, key: InstallationKey): boolean =>
  allowed.length === 0 || allowed.includes(key.team) || allowed.includes(key.enterprise);

/** GET /slack/install and GET /slack/oauth_redirect. State and cookie are good for 10 minutes, in one browser. */
export function installRoutes(settings: InstallSettings, options: ClientOptions): Route[] {
  const redirectUri = new URL('/slack/oauth_redirect', settings.publicUrl).href;
  const provider = createProvider(settings, options);
  const callback = callbackOf(settings, options);
  const guarded =
    (work: (...at: Parameters<Route['handler']>) => Promise<void>): Route['handler'] =>
    (request, response) => {
      response.setHeader('cache-control', 'no-store');
      response.setHeader('referrer-policy', 'no-referrer');
      work(request, response).catch((error: unknown) => {
        options.log.error({ failure: failure(error) }, 'slack: an installation failed');
        if (!response.headersSent) page(response, 500, FAILED);
      });
    };
  return [
    {
      path: '/slack/install',
      method: 'GET',
      handler: guarded((request, response) =>
        provider.handleInstallPath(request, response, {}, { scopes: [...scopes], redirectUri }),
      ),
    },
    {
      path: '/slack/oauth_redirect',
      method: 'GET',
      handler: guarded((request, response) => provider.handleCallback(request, response, callback)),
    },
  ];
}

function createProvider(settings: InstallSettings, options: ClientOptions): InstallProvider {
  const { clientId, clientSecret, stateSecret, installations } = settings;
  const logger = toBoltLogger(options.log);
  return new InstallProvider({
    clientId,
    clientSecret,
    stateSecret,
    directInstall: true,
    authorizationUrl: new URL('../oauth/v2/authorize', options.apiUrl ?? 'https://slack.com/api/').href,
    clientOptions: quickly(options),
    // Anybody may call the address with nonsense: that is no error of ours.
    logger: { ...logger, error: logger.warn },
    installationStore: {
      storeInstallation: async (granted) => {
        const { token, userId } = granted.bot ?? {};
        if (token && userId) await installations.save({ ...keyOf(granted), token, bot: userId });
      },
      fetchInstallation: async () => {
        throw new Error('Whoever asks is found by the doors.');
      },
    },
  });
}

/** What the organisation installed as a whole names no workspace. */
const keyOf = ({ team, enterprise, isEnterpriseInstall }: Granted): InstallationKey => ({
  team: isEnterpriseInstall ? '' : (team?.id ?? ''),
  enterprise: enterprise?.id ?? '',
});

function callbackOf(settings: InstallSettings, options: ClientOptions): CallbackOptions {
  return {
    /** Nothing is kept of what may not be here, nor of what we could not use: its token is given back. */
    async afterInstallation(granted, _, __, response) {
      const key = keyOf(granted);
      const said = !isAllowed(settings, key)
        ? notAllowed(key)
        : !granted.bot || granted.bot.expiresAt !== undefined || !(key.team || key.enterprise)
          ? UNUSABLE
          : undefined;
      if (!said) return true;
      options.log.warn({ ...key }, 'slack: an installation was refused');
      await revoke(granted, options);
      page(response, 403, said);
      return false;
    },
    success: ({ enterprise, team }, _, __, response) => {
      options.log.info({ team: team?.id, enterprise: enterprise?.id }, 'slack: installed');
      page(response, 200, INSTALLED);
    },
    failure: ({ code, message }, _, __, response) => {
      if (/cancelled/.test(message)) return page(response, 200, CANCELLED);
      const isTheirs = /state|code/.test(code);
      page(response, isTheirs ? 400 : 502, isTheirs ? START_AGAIN : FAILED);
    },
  };
}

async function revoke({ bot, user }: Granted, options: ClientOptions & { log: Log }): Promise<void> {
  for (const token of [bot?.token, user.token].flatMap((it) => it ?? [])) {
    try {
      await new webApi.WebClient(token, clientOf(options)).auth.revoke();
    } catch (error) {
      // We have forgotten it all the same.
      options.log.warn({ failure: failure(error) }, 'slack: a token was not given back');
    }
  }
}

interface Page {
  title: string;
  text: string;
}

const INSTALLED: Page = {
  title: 'ace-desk is installed',
  text: 'Done. Whoever is on the roster types /ace in Slack now. You can close this page.',
};
/** The id is Slack's own word, and still shown only where it looks like one. */
const notAllowed = ({ team, enterprise }: InstallationKey): Page => {
  const id = [team, enterprise].find((it) => /^[TE][A-Z0-9]+$/.test(it));
  return {
    title: 'Not installed',
    text: `This ace-desk serves certain workspaces only, and yours is not among them. Nothing was kept. If it should be, ask whoever runs ace-desk to add its id${id ? `: ${id}` : '.'}`,
  };
};
const AGAIN = '<a href="/slack/install">Start again</a>';
const UNUSABLE: Page = {
  title: 'Not installed',
  text: 'Slack gave a token that does not last or is not a bot’s. Nothing was kept. The app has to be made from our manifest, with token rotation off.',
};
const CANCELLED: Page = {
  title: 'Not installed',
  text: `You cancelled, and nothing was changed. ${AGAIN} whenever you like.`,
};
const START_AGAIN: Page = {
  title: 'Please start again',
  text: `This page was opened too late, twice, or in another browser than the one you began with. Nothing was changed. ${AGAIN}.`,
};
const FAILED: Page = {
  title: 'Slack did not finish the installation',
  text: `Nothing was changed. ${AGAIN} in a minute.`,
};

/** Our own words, as HTML: nothing of the request or of Slack's answer stands in it but a checked id. */
function page(response: ServerResponse, status: number, { title, text }: Page): void {
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
    .end(
      `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${title}</title>` +
        `<body style="font:18px/1.5 sans-serif;max-width:36em;margin:4em auto;padding:0 1em"><h1>${title}</h1><p>${text}</p></body></html>\n`,
    );
}
