/** What a person has switched off, and when they are left alone. */
import { type Hearing, isNewsKind, type NewsKind, type QuietHours } from '../pipeline/news.ts';
import { QUIET_FROM, QUIET_UNTIL, type Sleeper } from '../pipeline/waking.ts';
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Of whoever has never set anything: all is on, quiet from 19 to 8. */
export async function hearingOf(store: Store, personId: string): Promise<Hearing> {
  const [row] = await rowsOf<{ off: string[]; from: number; until: number }>(
    store,
    Prisma.sql`SELECT off, "from", until FROM quiet WHERE person_id = ${personId}::uuid`,
  );
  if (!row) return { off: [], from: QUIET_FROM, until: QUIET_UNTIL };
  return { ...row, off: row.off.filter(isNewsKind) };
}

/** What is to be set; whatever is left out stays. Of the kinds, those in neither list stay as they are. */
export interface Wanted {
  off: readonly NewsKind[];
  on: readonly NewsKind[];
  hours?: QuietHours;
}

/** Part of an act. What is switched off twice is off: it is set, never toggled. */
export function setting(personId: string, { off, on, hours }: Wanted): Also {
  const change = hours ? Prisma.sql`, "from" = excluded."from", until = excluded.until` : Prisma.empty;
  return Prisma.sql`
    INSERT INTO quiet AS q (person_id, off, "from", until)
    SELECT ${personId}::uuid, ${[...off]}::text[], ${hours?.from ?? QUIET_FROM}::int, ${hours?.until ?? QUIET_UNTIL}::int FROM acted
    ON CONFLICT (person_id) DO UPDATE SET off = ARRAY(
      SELECT kind FROM unnest(q.off) AS o(kind) WHERE NOT kind = ANY(${[...on]}::text[])
      UNION SELECT unnest(${[...off]}::text[]) ORDER BY 1)${change} RETURNING 1`;
}

/** When that person may be spoken to; undefined: there is nobody of that id. */
export async function sleeperOf(store: Store, personId: string): Promise<Sleeper | undefined> {
  const [row] = await rowsOf<{
    timeZone: string;
    workingDays: number[];
    country: string | null;
    from: number | null;
    until: number | null;
  }>(
    store,
    Prisma.sql`
    SELECT p.time_zone AS "timeZone", p.working_days AS "workingDays", p.country, q."from", q.until
    FROM person p LEFT JOIN quiet q ON q.person_id = p.id WHERE p.id = ${personId}::uuid`,
  );
  if (!row) return undefined;
  const { timeZone, workingDays, country, from, until } = row;
  return {
    ...{ timeZone, workingDays },
    ...(country === null ? {} : { country }),
    ...(from === null || until === null ? {} : { from, until }),
  };
}

/** Told at that moment instead of now, by one job of that queue however often this is said. */
export async function putOff(
  store: Store,
  { queue, notice, at }: { queue: string; notice: string; at: Date },
): Promise<void> {
  const data = Prisma.sql`jsonb_build_object('notice', ${notice}::text, 'waited', true)`;
  const waiting = Prisma.sql`name = ${queue} AND state = 'created' AND data = ${data}`;
  await rowsOf(
    store,
    Prisma.sql`
    SELECT enqueue_at(${queue}, ${data}, ${at}::timestamptz)
    WHERE NOT EXISTS (SELECT FROM pgboss.job WHERE ${waiting})`,
  );
  // Else the queue would throw it away after a day, before a weekend is over. A crash before this tries the first job again.
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE pgboss.job SET keep_until = start_after + interval '1 day'
    WHERE ${waiting} AND keep_until < start_after + interval '1 day' RETURNING id`,
  );
}
