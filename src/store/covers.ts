/** Who looks after whose desk. A cover's own entitlement decides what they see; this says only whose desk it is. */
import { dayIn } from '../pipeline/calendar.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface Covering {
  personId: string;
  coverId: string;
  /** First and last day, by the clock of whoever is away. */
  from: string;
  until: string;
}

/**
 * The covers that run at that moment, by whose desk it is. A colleague who is not let in any more covers nobody. One query,
 * however many there are.
 */
export async function coversNow(store: Store, now: Date): Promise<Map<string, Covering>> {
  const rows = await rowsOf<Covering & { timeZone: string }>(
    store,
    Prisma.sql`
    SELECT c.person_id AS "personId", c.cover_id AS "coverId", c.from::text, c.until::text, p.time_zone AS "timeZone"
    FROM cover c JOIN person p ON p.id = c.person_id JOIN person k ON k.id = c.cover_id
    WHERE c.ended_at IS NULL AND p.role <> 'none' AND k.role <> 'none'`,
  );
  const isOn = ({ timeZone, from, until }: (typeof rows)[number]) => {
    const today = dayIn(now, timeZone);
    return from <= today && today <= until;
  };
  return new Map(rows.filter(isOn).map(({ timeZone: _, ...it }) => [it.personId, it]));
}
