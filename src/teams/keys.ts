/** The keys by which Microsoft signs what Teams sends (Bot Connector authentication, "Bot Connector to bot"). */
import { type CryptoKey, importJWK } from 'jose';
import { z } from 'zod';
import { isSafeUrl } from './service-url.ts';

export interface Key {
  key: CryptoKey;
  /** The channels that it may speak for. */
  endorsements: readonly string[];
}

export interface Keys {
  /** Undefined when Microsoft has no such key. Throws `KeysUnavailable` when that cannot be told. */
  find(kid: string): Promise<Key | undefined>;
}

/** Microsoft's keys cannot be read: nobody can say now whether a token is good. */
export class KeysUnavailable extends Error {
  override name = 'KeysUnavailable';
}

export interface KeysOptions {
  openIdUrl?: string;
  fetch?: typeof fetch;
  now(): Date;
}

const METADATA = 'https://login.botframework.com/v1/.well-known/openidconfiguration';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** They are read anew every day; while they cannot be, those of the last five days do. */
const FRESH_MS = 24 * HOUR;
const GOOD_MS = 5 * FRESH_MS;
const TIMEOUT_MS = 5000;
/** Whoever sent a token waits no longer for a reading; it goes on, and is there for the next one. Teams gives up after 5 s. */
const WAIT_MS = 2000;

type Jwks = Map<string, z.infer<typeof jwk>>;

/**
 * Reads nothing before the first token; whose key is known never waits for a reading. An unknown key is looked for at most
 * once an hour, by one reader at a time; whoever came with it waits 2 s at most.
 */
export function createKeys({ openIdUrl = METADATA, fetch: ask = fetch, now }: KeysOptions): Keys {
  let known: Jwks = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let failedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;
  const age = () => now().getTime() - readAt;

  const read = (): Promise<void> => {
    underWay ??= readKeys(openIdUrl, ask)
      .then(
        (keys) => {
          [known, readAt, failedAt] = [keys, now().getTime(), Number.NEGATIVE_INFINITY];
        },
        () => {
          failedAt = now().getTime();
        },
      )
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
  /** With keys in hand, a reading that failed is not tried again for a minute. */
  const mayTry = () => age() >= GOOD_MS || now().getTime() - failedAt >= MINUTE;

  return {
    async find(kid) {
      const isUsable = known.has(kid) && age() < GOOD_MS;
      if (age() >= (known.has(kid) ? FRESH_MS : HOUR) && mayTry()) {
        const reading = read();
        // Nobody waits for what is only to be fresh.
        if (!isUsable) await within(WAIT_MS, reading);
      }
      const isOutdated = failedAt > readAt;
      if (age() >= GOOD_MS || (isOutdated && !known.has(kid))) throw new KeysUnavailable();
      return keyOf(known.get(kid));
    },
  };
}

/** @throws KeysUnavailable when it takes longer. */
async function within(ms: number, reading: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new KeysUnavailable()), ms);
  });
  await Promise.race([reading, late]).finally(() => clearTimeout(timer));
}

async function keyOf(it: z.infer<typeof jwk> | undefined): Promise<Key | undefined> {
  if (!it) return undefined;
  const { endorsements, ...rsa } = it;
  const key = await importJWK(rsa, 'RS256');
  return key instanceof Uint8Array ? undefined : { key, endorsements };
}

const metadata = z.object({ jwks_uri: z.string().refine(isSafeUrl) });
const jwk = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: z.string(),
  e: z.string(),
  endorsements: z.array(z.string()).default([]),
});
const jwks = z.object({ keys: z.array(z.unknown()) });

async function readKeys(openIdUrl: string, ask: typeof fetch): Promise<Jwks> {
  if (!isSafeUrl(openIdUrl)) throw new KeysUnavailable();
  const { jwks_uri } = metadata.parse(await readJson(openIdUrl, ask));
  const { keys } = jwks.parse(await readJson(jwks_uri, ask));
  // A key of a kind we do not know does not keep us from the others.
  const read = keys.map((it) => jwk.safeParse(it).data).filter((it) => it !== undefined);
  if (read.length === 0) throw new KeysUnavailable();
  return new Map(read.map((it) => [it.kid, it]));
}

async function readJson(url: string, ask: typeof fetch): Promise<unknown> {
  const response = await ask(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new KeysUnavailable();
  return response.json();
}
