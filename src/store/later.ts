/** What people look at again later (the verb `remind`): until then no digest of theirs shows it, and no sprint before they are nudged. */
import { Prisma } from './generated/client.ts';

/** Rows (person_id, deal_id, set_at); of an invitation that became something, what it became. */
export const putOffSql = (now: Date): Prisma.Sql => Prisma.sql`
  SELECT r.person_id, coalesce(i.successor, i.id) AS deal_id, r.set_at FROM reminder r JOIN deal i ON i.id = r.deal_id
  WHERE r.told_at IS NULL AND r.at > ${now}::timestamptz`;

/** Of deals under the alias `d`: that person has not put it off. */
export const notPutOffBy = (personId: string, now: Date): Prisma.Sql =>
  Prisma.sql`d.id NOT IN (SELECT later.deal_id FROM (${putOffSql(now)}) later WHERE later.person_id = ${personId}::uuid)`;
