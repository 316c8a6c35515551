/** When people want to look at deals again. One moment for each person and deal; it goes on with what the deal becomes. */
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

interface Setting {
  personId: string;
  dealId: string;
  now: Date;
}

/** Parts of an act: they look at it again then, and no longer when they had said before. The deal's copies are redrawn. */
export const reminding = ({ personId, dealId, now }: Setting, at: Date): Also[] => [
  Prisma.sql`
    INSERT INTO reminder (person_id, deal_id, at, set_at)
    SELECT ${personId}::uuid, ${dealId}::text, ${at}::timestamptz, ${now}::timestamptz FROM acted
    ON CONFLICT (person_id, deal_id) DO UPDATE SET at = excluded.at, set_at = excluded.set_at, told_at = NULL RETURNING deal_id`,
  // Set on what the deal was before: the new one takes its place.
  Prisma.sql`
    DELETE FROM reminder r USING acted WHERE r.person_id = ${personId}::uuid AND r.deal_id <> ${dealId}
      AND r.deal_id IN (${alike(dealId)}) RETURNING r.deal_id`,
  ...redrawing(dealId),
];

/** Parts of an act: they are not reminded of it any more, whichever of the deal's records it was set on. */
export const forgetting = ({ personId, dealId }: Setting): Also[] => [
  Prisma.sql`
    DELETE FROM reminder r USING acted WHERE r.person_id = ${personId}::uuid AND r.deal_id IN (${alike(dealId)}) RETURNING r.deal_id`,
  // `redrawing` reads the first two parts by their numbers.
  Prisma.sql`SELECT r.deal_id FROM also_0 r WHERE false`,
  ...redrawing(dealId),
];

/** The deal, what it was before, and what it became. */
const alike = (dealId: string): Prisma.Sql => Prisma.sql`
  SELECT ${dealId}::text UNION SELECT id FROM deal WHERE successor = ${dealId}
  UNION SELECT successor FROM deal WHERE id = ${dealId} AND successor IS NOT NULL`;

/** Others see it on their copies. */
const redrawing = (dealId: string): Also[] => [
  Prisma.sql`
    UPDATE deal SET version = version + 1 WHERE id IN (
      SELECT t.id FROM (SELECT deal_id FROM also_0 UNION ALL SELECT deal_id FROM also_1) r, LATERAL (VALUES (r.deal_id), (${dealId})) t(id))
    RETURNING id`,
  Prisma.sql`SELECT deliver(id) FROM also_2`,
];

/** A batch of what rings at once. */
const MOST = 200;

/**
 * Whoever wanted to look at a deal again by now is told, once, whichever process comes first; its copies say it no longer.
 * Taken, told and redrawn in one statement.
 */
export async function ringReminders(store: Store, now: Date): Promise<void> {
  for (let rung = MOST; rung === MOST; ) rung = await ringSome(store, now);
}

async function ringSome(store: Store, now: Date): Promise<number> {
  const rows = await rowsOf<{ many: number }>(
    store,
    Prisma.sql`
    WITH due AS (
      SELECT person_id, deal_id FROM reminder WHERE told_at IS NULL AND at <= ${now}::timestamptz
      ORDER BY at, person_id, deal_id LIMIT ${MOST} FOR UPDATE SKIP LOCKED
    ), rung AS (
      UPDATE reminder r SET told_at = ${now}::timestamptz FROM due
      WHERE r.person_id = due.person_id AND r.deal_id = due.deal_id AND r.told_at IS NULL
      RETURNING r.person_id, r.deal_id, r.set_at
    ), bumped AS (
      UPDATE deal SET version = version + 1
      WHERE id IN (SELECT deal_id FROM rung UNION SELECT d.successor FROM rung JOIN deal d ON d.id = rung.deal_id WHERE d.successor IS NOT NULL)
      RETURNING id
    ), redrawn AS (
      SELECT deliver(id) FROM bumped
    ), told AS (
      SELECT tell(person_id, 'reminder', jsonb_build_object('setAt', to_char(set_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), deal_id)
      FROM rung
    )
    SELECT count(*)::int AS many FROM rung WHERE (SELECT count(*) FROM redrawn) + (SELECT count(*) FROM told) >= 0`,
  );
  return rows[0]?.many ?? 0;
}
