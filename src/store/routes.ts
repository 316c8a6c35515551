/** Routing rules, in their order. The first that fits is taken; a rule rests while its author may not offer any more. */
import type { Fits, Route } from '../pipeline/routing.ts';
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** With the name of its author; `rests`: they are in neither the alliance lead's seat nor the team by now. */
export interface KnownRoute extends Route {
  by: string;
  rests: boolean;
}

interface Row {
  id: string;
  name: string;
  fits: Fits;
  offer_to: string[];
  platform: string | null;
  tenant: string | null;
  room: string | null;
  by_id: string;
  by: string;
  rests: boolean;
}

const toRoute = ({ offer_to: offerTo, platform, tenant, room, by_id: byId, ...row }: Row): KnownRoute => ({
  ...row,
  offerTo,
  byId,
  ...(platform !== null && tenant !== null && room !== null ? { room: { platform, tenant, room } } : {}),
});

/** All of them, in order. */
export async function routesOf(store: Store): Promise<KnownRoute[]> {
  const rows = await rowsOf<Row>(
    store,
    Prisma.sql`
    SELECT r.id, r.name, r.fits, r.offer_to, r.platform, r.tenant, r.room, r.by_id,
      coalesce(nullif(trim(p.first_name || ' ' || p.last_name), ''), p.email, '') AS by,
      coalesce(p.role IN ('alliance lead', 'alliance team'), false) IS NOT TRUE AS rests
    FROM route r LEFT JOIN person p ON p.id = r.by_id WHERE r.ended_at IS NULL ORDER BY r.position, r.at, r.id`,
  );
  return rows.map(toRoute);
}

/** Those that are applied. */
export const routesInForce = async (store: Store): Promise<Route[]> =>
  (await routesOf(store)).filter(({ rests }) => !rests);

/** The name of the rule that routed a deal; also of one that has ended since. */
export async function routedBy(store: Store, dealId: string): Promise<string | undefined> {
  const [row] = await rowsOf<{ name: string }>(
    store,
    Prisma.sql`SELECT r.name FROM clock c JOIN route r ON r.id = c.route_id WHERE c.deal_id = ${dealId}`,
  );
  return row?.name;
}

/**
 * Part of an act: a new rule at the end of the order, or another content of one that is there; whoever saves it answers for
 * it from then on. Fails with a unique violation where another rule has that name.
 */
export const savingRoute = (route: Omit<Route, 'id'> & { id?: string }, now: Date): Also => {
  const { id, name, fits, offerTo, room, byId } = route;
  const values = Prisma.sql`${name}::text, ${JSON.stringify(fits)}::text::jsonb, ${[...offerTo]}::uuid[],
    ${room?.platform ?? null}::text, ${room?.tenant ?? null}::text, ${room?.room ?? null}::text, ${byId}::uuid`;
  return id
    ? Prisma.sql`
      UPDATE route SET (name, fits, offer_to, platform, tenant, room, by_id) = (SELECT ${values}) FROM acted
      WHERE route.id = ${id}::uuid AND route.ended_at IS NULL RETURNING 1`
    : Prisma.sql`
      INSERT INTO route (name, fits, offer_to, platform, tenant, room, by_id, id, position, at)
      SELECT ${values}, gen_random_uuid(), coalesce((SELECT max(position) FROM route), 0) + 1, ${now}::timestamptz
      FROM acted RETURNING 1`;
};

/** Part of an act. What was routed by it stays so. */
export const endingRoute = (id: string, now: Date): Also => Prisma.sql`
  UPDATE route SET ended_at = ${now}::timestamptz FROM acted
  WHERE id = ${id}::uuid AND ended_at IS NULL RETURNING 1`;

/** Part of an act: it changes places with the one before it. */
export const raisingRoute = (id: string): Also => Prisma.sql`
  UPDATE route r SET position = CASE WHEN r.id = it.id THEN it.before ELSE it.position END
  FROM acted, (SELECT id, position, lag(id) OVER w AS before_id, lag(position) OVER w AS before FROM route
    WHERE ended_at IS NULL WINDOW w AS (ORDER BY position, at, id)) it
  WHERE it.id = ${id}::uuid AND it.before_id IS NOT NULL AND r.id IN (it.id, it.before_id) RETURNING 1`;
