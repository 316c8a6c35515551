/** What stands open under somebody's link: written down before it is shown there, so that none is shown that nobody keeps true. */
import { AGED } from './aged.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** How a kept copy is found: it has no other id for whoever shows it. */
interface Place {
  platform: string;
  ref: object;
}

/** So many seconds after it was begun a first drawing is there, or never will be: whoever draws waits less, or is dead. */
const OVER_S = 30;
/** What stands in a room is drawn anew so many seconds after the last time (store/rooms.ts). */
const REDRAW_S = 3;

const AT = ({ platform, ref }: Place): Prisma.Sql =>
  Prisma.sql`platform = ${platform} AND ref = ${JSON.stringify(ref)}::text::jsonb AND ended_at IS NULL`;

/**
 * What was kept is about to be drawn there for the first time. Until that is over nobody else draws there, as the one or the
 * other could come last; then it is looked at, whatever became of that drawing.
 * @returns the job that will look: for `stands`. Undefined where nothing is kept there.
 */
export async function beforeDrawing(store: Store, place: Place): Promise<string | undefined> {
  const [row] = await rowsOf<{ job: string }>(
    store,
    Prisma.sql`
    WITH drawn AS (
      UPDATE posting SET ${AGED}, redrawn_at = now() + make_interval(secs => ${OVER_S - REDRAW_S})
      WHERE ${AT(place)} RETURNING deal_id
    )
    SELECT deliver_at(deal_id, ${place.platform}::text, now() + make_interval(secs => ${OVER_S}))::text AS job FROM drawn`,
  );
  return row?.job;
}

/** It stands there and shows that: it is looked at now instead of later. */
export async function stands(
  store: Store,
  { job, shown, ...place }: Place & { job: string; shown: string },
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH drawn AS (
      UPDATE posting SET ${AGED}, shown = ${shown}, redrawn_at = NULL WHERE ${AT(place)} RETURNING deal_id
    ), instead AS (
      DELETE FROM pgboss.job WHERE name = ${`deliver-${place.platform}`} AND id = ${job}::uuid AND state = 'created'
        AND EXISTS (SELECT FROM drawn) RETURNING 1
    )
    SELECT deliver_at(deal_id, ${place.platform}::text, now()) FROM drawn WHERE (SELECT count(*) FROM instead) >= 0`,
  );
}
