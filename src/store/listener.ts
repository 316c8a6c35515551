/** LISTEN on PostgreSQL: one connection for all channels, which comes back by itself and says that there was a gap. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Log } from '../log.ts';
import { openSession, type Session } from './session.ts';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;

interface Subscriber {
  onPayload(payload: string): void;
  onGap?: (() => void) | undefined;
}

export interface Listener {
  listen(channel: string, subscriber: Subscriber): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Connects at the first `listen`, which fails where the database cannot be reached; later losses mend themselves. */
export function createListener(newClient: () => Client, log: Log): Listener {
  const channels = new Map<string, Set<Subscriber>>();
  const closing = new AbortController();
  let session: Promise<Session> | undefined;

  const connect = () => openListening(newClient, channels, onLost);
  const onLost = (): void => {
    if (closing.signal.aborted) return;
    log.warn('Lost the connection that listens to the database; connecting again.');
    session = comeBack();
    // Whoever waits for it hears of it; nobody may be waiting.
    session.catch(() => {});
  };
  const comeBack = async (): Promise<Session> => {
    const opened = await untilItWorks(connect, closing.signal);
    for (const subscribers of channels.values()) for (const it of subscribers) it.onGap?.();
    return opened;
  };

  return {
    async listen(channel, subscriber) {
      session ??= connect();
      const { client } = await session;
      channels.set(channel, (channels.get(channel) ?? new Set()).add(subscriber));
      await client.query(`LISTEN ${quoted(channel)}`);
      return async () => {
        channels.get(channel)?.delete(subscriber);
      };
    },
    async close() {
      closing.abort();
      // Either it never came about, or it was given up by the line above.
      await session?.then((it) => it.close()).catch(() => {});
    },
  };
}

async function openListening(
  newClient: () => Client,
  channels: Map<string, Set<Subscriber>>,
  onLost: () => void,
): Promise<Session> {
  let isReady = false;
  const session = await openSession(newClient(), () => isReady && onLost());
  session.client.on('notification', ({ channel, payload }) => {
    for (const it of channels.get(channel) ?? []) it.onPayload(payload ?? '');
  });
  try {
    for (const channel of channels.keys()) await session.client.query(`LISTEN ${quoted(channel)}`);
  } catch (error) {
    await session.close();
    throw error;
  }
  isReady = true;
  return session;
}

async function untilItWorks<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
    await sleep(wait, undefined, { signal, ref: false });
    try {
      return await attempt();
    } catch {
      // Not back yet: on it goes, until it is or the house closes.
    }
  }
}

/** As an SQL name. */
export const quoted = (channel: string): string => `"${channel.replaceAll('"', '""')}"`;
