/**
 * Who talks to AWS: one process of the whole fleet. On PostgreSQL a session's advisory lock, gone with its connection;
 * on PGlite the lock on the folder already says it. The epoch, raised with each lease, fences every write of the
 * agent: one that stood still and wakes up later writes nothing.
 */
import { newClient } from './postgres.ts';
import { openSession } from './session.ts';
import type { Store } from './store.ts';

/** Any number of ours. */
const AGENT_LOCK = 4_702_310_002n;
const RAISE_EPOCH = 'UPDATE agent SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch';

export interface Lease {
  epoch: bigint;
  release(): Promise<void>;
}

/** Asks once. @returns undefined while another process has it. `onLost`: stop at once, another may have it by now. */
export async function takeAgentLease(
  store: Store,
  { onLost }: { onLost(): void },
): Promise<Lease | undefined> {
  if (store.backing.kind === 'pglite') {
    const { rows } = await store.backing.db.query<{ epoch: number | bigint }>(RAISE_EPOCH);
    return { epoch: epochOf(rows), release: async () => {} };
  }
  const { client, close } = await openSession(newClient(store.backing.url, 'agent'), onLost);
  try {
    // Ends a session whose machine vanished: ours is asked every few seconds and never idle that long.
    await client.query("SET idle_session_timeout = '15s'");
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS mine', [AGENT_LOCK]);
    if (rows[0]?.mine) return { epoch: epochOf((await client.query(RAISE_EPOCH)).rows), release: close };
  } catch (error) {
    await close();
    throw error;
  }
  await close();
  return undefined;
}

function epochOf(rows: { epoch: string | number | bigint }[]): bigint {
  const [row] = rows;
  if (!row) throw new Error('The row of the agent is missing.');
  return BigInt(row.epoch);
}
