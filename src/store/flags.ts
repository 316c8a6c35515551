/** A person's own marks on deals, for follow-up. They belong to the deal's whole way, from invitation to what it became. */
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';

/** Part of an act: the person has flagged it from now on; flagged before, it stays as it is. */
export const flagging = (personId: string, dealId: string): Also => Prisma.sql`
  INSERT INTO flag (person_id, deal_id) SELECT ${personId}::uuid, ${dealId} FROM acted
  ON CONFLICT DO NOTHING RETURNING 1`;

/** Part of an act: the person's flag is gone, also one set on what the deal was before or became. */
export const unflagging = (personId: string, dealId: string): Also => Prisma.sql`
  DELETE FROM flag USING acted WHERE flag.person_id = ${personId}::uuid AND flag.deal_id IN (
    SELECT ${dealId} UNION SELECT id FROM deal WHERE successor = ${dealId}
    UNION SELECT successor FROM deal WHERE id = ${dealId} AND successor IS NOT NULL) RETURNING 1`;
