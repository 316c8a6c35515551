/** One watched connection to PostgreSQL, for what lives and dies with it: an advisory lock, a LISTEN. */
import type { Client } from 'pg';

/** A connection can die without a word (a cable, a suspended machine): it is asked this often, with this patience. */
const PROBE_MS = 4000;
const PATIENCE_MS = 4000;

export interface Session {
  client: Client;
  close(): Promise<void>;
}

/** Connects; throws when that fails. `onLost` is called once when the connection breaks later, never after `close`. */
export async function openSession(client: Client, onLost: () => void): Promise<Session> {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const end = (): boolean => {
    clearTimeout(timer);
    const isFirst = !ended;
    ended = true;
    return isFirst;
  };
  const lose = (): void => {
    if (!end()) return;
    client.end().catch(() => {});
    onLost();
  };
  const probe = async (): Promise<void> => {
    timer = setTimeout(lose, PATIENCE_MS).unref();
    await client.query('SELECT 1').catch(lose);
    clearTimeout(timer);
    if (!ended) timer = setTimeout(() => void probe(), PROBE_MS).unref();
  };

  // A failing connect is told by its promise; the event comes as well.
  client.on('error', () => {});
  await client.connect();
  client.on('error', lose).on('end', lose);
  timer = setTimeout(() => void probe(), PROBE_MS).unref();
  return {
    client,
    close: async () => {
      if (end()) await client.end();
    },
  };
}
