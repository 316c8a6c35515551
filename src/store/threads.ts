/** Of which deal a conversation under a message speaks. */
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/**
 * The deal whose copy stands at one of these places. A place is a part of a copy's ref; the first that is found counts, and
 * of several copies the newest. Also copies that are redrawn no more count; a list of
 * several deals speaks of none of them alone.
 */
export async function dealOfThread(
  store: Store,
  platform: string,
  places: readonly object[],
): Promise<string | undefined> {
  if (places.length === 0) return undefined;
  const found = places.map(
    (place, nth) => Prisma.sql`
      SELECT deal_id, at, ${nth}::int AS nth FROM posting
      WHERE ref @> ${JSON.stringify(place)}::text::jsonb AND platform = ${platform} AND shows <> 'list'`,
  );
  const [row] = await rowsOf<{ deal_id: string }>(
    store,
    Prisma.sql`SELECT deal_id FROM (${Prisma.join(found, ' UNION ALL ')}) f ORDER BY nth, at DESC LIMIT 1`,
  );
  return row?.deal_id;
}
