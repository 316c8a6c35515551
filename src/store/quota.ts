/** The quota guard: what was asked and sent so far, counted from rows, so that no restart forgets it (pipeline/quota.ts). */
import type { Wish } from '../pipeline/change.ts';
import {
  accountDay,
  overQuota,
  PERSON_DAY,
  PERSON_HOUR,
  RESERVED_FROM,
  type Used,
} from '../pipeline/quota.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Write calls of the last day, by whole hours: up to an hour more rather than less. Of type int4. */
export const WRITES_OF_THE_DAY = Prisma.sql`
  (SELECT coalesce(sum(writes), 0)::int FROM quota_hour WHERE hour > now() - interval '25 hours')`;

/**
 * A row of Used: what this person asked of AWS (not what the desk settles itself) and what the account has sent or is
 * about to.
 */
const usedBy = (personId: string): Prisma.Sql => Prisma.sql`
  SELECT (count(*) FILTER (WHERE requested_at > now() - interval '1 hour' AND NOT bulk))::int AS "personHour",
    count(*)::int AS "personDay", ${WRITES_OF_THE_DAY} + (SELECT count(*)::int FROM change
      WHERE state IN ('requested', 'sending', 'waiting') AND sent_at IS NULL) AS "accountDay"
  FROM change WHERE person_id = ${personId}::uuid AND requested_at > now() - interval '1 day'
    AND kind NOT IN ('offer', 'own')`;

/** A condition: whether these may be asked as well. What goes in bulk is no matter of the person's hour. Two acts at the very same moment do not see each other. */
export function withinQuota(personId: string, wishes: readonly Wish[], how?: 'bulk'): Prisma.Sql {
  const many = wishes.length;
  const ofHour = how === 'bulk' ? 0 : many;
  return many === 0
    ? Prisma.sql`true`
    : Prisma.sql`EXISTS (SELECT FROM (${usedBy(personId)}) used WHERE "personHour" + ${ofHour}::int <= ${PERSON_HOUR}::int
      AND "personDay" + ${many}::int <= ${PERSON_DAY}::int AND "accountDay" + ${many}::int <= ${accountDay(wishes)}::int)`;
}

/** What is left of this person's and of the account's day for what is no acceptance or rejection; at least 0. */
export async function leftOfTheDay(store: Store, personId: string): Promise<number> {
  const [used] = await rowsOf<Used>(store, usedBy(personId));
  if (!used) return 0;
  return Math.max(0, Math.min(PERSON_DAY - used.personDay, RESERVED_FROM - used.accountDay));
}

/** Why these may not be asked as well, for the person; undefined when they may. */
export async function quotaRefusal(
  store: Store,
  personId: string,
  wishes: readonly Wish[],
): Promise<string | undefined> {
  if (wishes.length === 0) return undefined;
  const [used] = await rowsOf<Used>(store, usedBy(personId));
  return used && overQuota(used, wishes);
}
