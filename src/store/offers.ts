/** Who a pending referral or lead is offered to: kept here, as the API knows no such thing. */
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Whom a deal is offered to, and by whom; ids. */
export interface Offering {
  dealId: string;
  to: readonly string[];
  byId: string;
  /** Of these, to whom it comes only with the desk they cover. */
  covering: readonly string[];
  /** Of these, whom it is offered to by name now: with a cover it does not end any more. */
  named: readonly string[];
  now: Date;
}

/**
 * Part of an act: from now on the deal is offered to exactly these people; an offer that stays keeps its date. Their copies
 * are redrawn by the act itself.
 */
export const offering = ({ dealId, to, byId, covering, named, now }: Offering): Also[] => [
  Prisma.sql`
    INSERT INTO offer AS o (deal_id, person_id, by_id, at, by_cover)
    SELECT ${dealId}, p.id, ${byId}::uuid, ${now}::timestamptz, p.id = ANY(${[...covering]}::uuid[])
    FROM acted, unnest(${[...to]}::uuid[]) AS p(id)
    ON CONFLICT (deal_id, person_id) DO UPDATE SET by_cover = false, by_id = excluded.by_id, at = excluded.at
      WHERE o.by_cover AND o.person_id = ANY(${[...named]}::uuid[]) RETURNING 1`,
  Prisma.sql`
    DELETE FROM offer USING acted
    WHERE offer.deal_id = ${dealId} AND NOT offer.person_id = ANY(${[...to]}::uuid[]) RETURNING 1`,
];

/** Ids of those to whom it is offered only because they cover somebody's desk. */
export async function offeredByCover(store: Store, dealId: string): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    store,
    Prisma.sql`SELECT person_id AS id FROM offer WHERE deal_id = ${dealId} AND by_cover`,
  );
  return rows.map(({ id }) => id);
}
