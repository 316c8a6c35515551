/** Whose account in Teams may be behind an address: nobody can be looked up there by one. */
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

const MOST_ASKED = 10;
/** Each is to be checked with Teams' roster, which takes a call where it is not known just now: as many as are kept. */
const MOST_INSTALLED = 2000;

/**
 * Accounts that may be of whoever has that address (lower case): first those from which access was asked under it, then those
 * for whom the app is installed and whom nobody knows yet; the newest first.
 */
export const mayBeBehind = (store: Store, email: string): Promise<{ tenant: string; user: string }[]> =>
  rowsOf(
    store,
    Prisma.sql`
    WITH asked AS (
      SELECT r.source->>'tenant' AS tenant, r.source->>'user' AS user_id, max(r.at) AS at
      FROM access_request r JOIN person p ON p.id = r.person_id
      WHERE (p.email = ${email} OR p.other_emails @> ARRAY[${email}::text]) AND r.source->>'platform' = 'teams'
      GROUP BY 1, 2 ORDER BY 3 DESC LIMIT ${MOST_ASKED}
    ), installed AS (
      SELECT tenant, user_id, max(seen_at) AS at FROM reference r
      WHERE platform = 'teams' AND scope = 'personal' AND user_id IS NOT NULL AND ended_at IS NULL
        AND NOT EXISTS (SELECT FROM link l WHERE (l.platform, l.tenant, l.user_id) = (r.platform, r.tenant, r.user_id))
      GROUP BY 1, 2 ORDER BY 3 DESC LIMIT ${MOST_INSTALLED}
    )
    SELECT tenant, user_id AS user FROM (
      SELECT 1 AS nth, * FROM asked UNION ALL SELECT 2, * FROM installed
    ) a GROUP BY 1, 2 ORDER BY min(nth), max(at) DESC`,
  );
