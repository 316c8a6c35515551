/** Who a pending referral or lead is offered to: kept here, as the API knows no such thing. */
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';

/**
 * Part of an act: from now on the deal is offered to exactly these people (ids); an offer that stays keeps its date.
 * Their copies are redrawn by the act itself.
 */
export const offering = (dealId: string, to: readonly string[], byId: string): Also[] => [
  Prisma.sql`
    INSERT INTO offer (deal_id, person_id, by_id)
    SELECT ${dealId}, p.id, ${byId}::uuid FROM acted, unnest(${[...to]}::uuid[]) AS p(id)
    ON CONFLICT (deal_id, person_id) DO NOTHING RETURNING 1`,
  Prisma.sql`
    DELETE FROM offer USING acted
    WHERE offer.deal_id = ${dealId} AND NOT offer.person_id = ANY(${[...to]}::uuid[]) RETURNING 1`,
];
