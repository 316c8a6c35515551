/**
 * Tokens for Teams' connector, by secret, certificate or managed identity. botbuilder fetches them (MSAL inside); it knows no
 * time limit, and asks as often as it is asked: both are added here.
 */
import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { ConnectorFault } from './faults.ts';

/** The bot's registration with Microsoft. */
export interface Account {
  /** Lower case. */
  appId: string;
  type: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
  /** Where the app is registered; absent only for MultiTenant. */
  tenantId?: string;
  /** This or the certificate; a managed identity has neither. */
  password?: string;
  /** Hexadecimal thumbprint; the key as PEM. */
  certificate?: { thumbprint: string; privateKey: string };
}

/** What each call says about who we are. */
export interface Credentials {
  /** The headers of a call. Throws ConnectorFault when Microsoft gives no token before `signal`: nothing was sent then. */
  headers(signal?: AbortSignal): Promise<Record<string, string>>;
  /** The token is taken no longer: the next call fetches another one, at most once a minute. */
  renew(): void;
}

/** Gives a token good for now; `isForced`: not the one that is kept. */
export type FetchToken = (isForced: boolean) => Promise<string>;

const AUDIENCE = 'https://api.botframework.com';
const LOGIN = 'https://login.microsoftonline.com/';
const LONGEST_MS = 10_000;
const RENEWED_MS = 60_000;

/** Practice mode on this machine: nobody is asked who we are. */
export const anonymous: Credentials = { headers: async () => ({}), renew: () => undefined };

/** One fetch at a time, 10 s at most (the next call then begins a new one). */
export function createCredentials(
  fetchToken: FetchToken,
  now: () => number,
  longestMs = LONGEST_MS,
): Credentials {
  let underWay: Promise<string> | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let isForced = false;
  const token = (): Promise<string> => {
    if (underWay) return underWay;
    const fetching = withinMs(fetchToken(isForced), longestMs).finally(() => over(fetching));
    isForced = false;
    underWay = fetching;
    return fetching;
  };
  const over = (fetching: Promise<string>) => {
    if (underWay === fetching) underWay = undefined;
  };
  return {
    async headers(signal) {
      const fetching = token();
      // Whoever gives up lets the next one begin anew.
      const given = await before(fetching, signal).finally(() => over(fetching));
      return { authorization: `Bearer ${given}` };
    },
    renew() {
      if (now() - renewedAt < RENEWED_MS) return;
      renewedAt = now();
      isForced = true;
    },
  };
}

/** A call that has to end sooner than the fetch does not wait for it; the fetch goes on, for the others. */
async function before(work: Promise<string>, signal?: AbortSignal): Promise<string> {
  if (!signal) return work;
  const noted = new AbortController();
  const ended = new Promise<never>((_, refuse) => {
    const stop = () => refuse(new ConnectorFault({ code: 'NoToken', isUnsent: true }));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { signal: noted.signal });
  });
  return Promise.race([work, ended]).finally(() => noted.abort());
}

/** botbuilder's own way to a token for the connector of the public cloud. Refuses half an account by throwing. */
export function fetcherOf(account: Account): FetchToken {
  const { appId, type, tenantId, password, certificate } = account;
  const factory = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    MicrosoftAppType: type,
    ...(tenantId ? { MicrosoftAppTenantId: tenantId } : {}),
    ...(password ? { MicrosoftAppPassword: password } : {}),
    ...(certificate
      ? { CertificateThumbprint: certificate.thumbprint, CertificatePrivateKey: certificate.privateKey }
      : {}),
  });
  const made = factory.createCredentials(appId, AUDIENCE, LOGIN, true);
  // Whoever asks for the first token hears of it.
  made.catch(() => undefined);
  return async (isForced) => {
    const credentials = await made;
    if (!('getToken' in credentials) || typeof credentials.getToken !== 'function')
      throw new Error('botbuilder made credentials that fetch no token');
    return String(await credentials.getToken(isForced));
  };
}

const refusal = z.object({ errorCode: z.string().regex(/^[\w.-]{1,60}$/) });

/** Whatever MSAL throws may quote the request: only that there was no token goes on. */
async function withinMs(work: Promise<string>, ms: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error('late')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    const { errorCode } = refusal.safeParse(error).data ?? {};
    throw new ConnectorFault({
      code: 'NoToken',
      ...(errorCode ? { reason: errorCode } : {}),
      isUnsent: true,
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * One token at the start: a wrong secret would else show only when the first answer does not come. Nothing is stopped by it,
 * as Microsoft may only be out of reach.
 */
export async function tryToken(fetchToken: FetchToken, account: Account, log: Log): Promise<void> {
  try {
    await withinMs(fetchToken(false), LONGEST_MS);
  } catch (error) {
    const { code, reason } = error instanceof ConnectorFault ? error.fault : {};
    const variables = variablesOf(account, reason);
    log.error(
      { code, reason, variables },
      `teams: Microsoft gives us no token; is ${variables.join(', ')} right?`,
    );
  }
}

/** Where to look. `reason`: as Microsoft calls it (learn.microsoft.com, "Microsoft Entra authentication error codes"). */
function variablesOf({ type, tenantId, certificate }: Account, reason: string | undefined): string[] {
  const proof = certificate ? ['CertificateThumbprint', 'CertificatePrivateKey'] : ['MicrosoftAppPassword'];
  const app = ['MicrosoftAppId', ...(tenantId ? ['MicrosoftAppTenantId'] : [])];
  if (type === 'UserAssignedMSI') return app;
  return reason === 'invalid_client' ? proof : [...proof, ...app];
}
