/** Whether the ACE terms and conditions were accepted (sales guide, ACE terms and conditions): until then nobody but the alliance lead gets in. */
import type { Day } from '../pipeline/deal.ts';
import { type Act, enact } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface Terms {
  acceptedOn: Day;
  /** Who confirmed it; absent in practice mode. */
  by?: string;
}

export async function terms(store: Store): Promise<Terms | undefined> {
  const [row] = await rowsOf<{ day: Day; by: string | null }>(
    store,
    Prisma.sql`
    SELECT to_char(t.accepted_on, 'YYYY-MM-DD') AS day, nullif(trim(p.first_name || ' ' || p.last_name), '') AS by
    FROM terms t LEFT JOIN person p ON p.id = t.by_id`,
  );
  return row && { acceptedOn: row.day, ...(row.by ? { by: row.by } : {}) };
}

const confirmed = new WeakSet<Store>();

/** What was confirmed once stays so: from then on nothing is asked. */
export async function areTermsConfirmed(store: Store): Promise<boolean> {
  if (!confirmed.has(store) && (await terms(store))) confirmed.add(store);
  return confirmed.has(store);
}

/** Writes the day down, in place of one given before. @returns false when this very act did it before. */
export const confirmTerms = (store: Store, act: Act, acceptedOn: Day): Promise<boolean> =>
  enact(store, act, [
    Prisma.sql`
      INSERT INTO terms (id, accepted_on, by_id) SELECT 1, ${acceptedOn}::date, ${act.personId}::uuid FROM acted
      ON CONFLICT (id) DO UPDATE SET accepted_on = excluded.accepted_on, by_id = excluded.by_id, at = now() RETURNING 1`,
  ]);

/** Practice mode begins with them confirmed. */
export async function presumeTerms(store: Store, today: Day): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`INSERT INTO terms (id, accepted_on) VALUES (1, ${today}::date) ON CONFLICT DO NOTHING`,
  );
}
