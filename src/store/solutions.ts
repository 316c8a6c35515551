/** The partner's solutions, as AWS lists them: what a deal with the solution "Other" can be given instead. */
import { oneLine } from '../pipeline/text.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** As ListSolutions answers it. */
export interface Solution {
  /** S-… */
  id: string;
  name: string;
  /** Active, Inactive, Draft, or AWS's own word. */
  status: string;
  category?: string;
}

/**
 * The whole list takes the place of the one before, in one statement. Fenced: nothing is written by an agent that is no
 * longer the one.
 */
export async function saveSolutions(store: Store, list: readonly Solution[], epoch: bigint): Promise<void> {
  // A page that moved while it was read may name one twice, and a statement may not write a row twice.
  const rows = [
    ...new Map(list.map((one) => [one.id, { ...one, name: oneLine(one.name) || one.id }])).values(),
  ];
  await store.prisma.$queryRaw`
    WITH fence AS (SELECT 1 FROM agent WHERE id = 1 AND epoch = ${epoch}),
    input AS (
      SELECT x.* FROM fence, jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS x(
        id text, name text, status text, category text)
    ), gone AS (
      DELETE FROM solution s USING fence WHERE NOT EXISTS (SELECT 1 FROM input WHERE input.id = s.id) RETURNING 1
    ), saved AS (
      INSERT INTO solution (id, name, status, category, seen_at)
      SELECT id, name, status, category, now() FROM input ORDER BY id
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, status = excluded.status, category = excluded.category,
        seen_at = excluded.seen_at
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM saved) AS written`;
}

/** Those a deal may be given, by name; at most `limit`. Text of the partner's own: untrusted all the same. */
export const activeSolutions = (store: Store, limit: number): Promise<{ id: string; name: string }[]> =>
  rowsOf(
    store,
    Prisma.sql`SELECT id, name FROM solution WHERE status = 'Active' ORDER BY lower(name), id LIMIT ${limit}`,
  );
