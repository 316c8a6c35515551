/** When people's own digests come, for what is said below them. */
import type { DigestSchedule } from '../views/digest-found.ts';
import type { DigestReader } from './digest-readers.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

interface Row {
  personId: string;
  days: number[];
  hour: number;
  pausedUntil: string | null;
  firstDay: string | null;
  isNew: boolean;
}

/** By reader; none for those to whom nothing comes by itself. One query, none without readers. */
export async function schedulesOf(
  store: Store,
  readers: readonly DigestReader[],
  now: Date,
): Promise<Map<string, DigestSchedule>> {
  if (readers.length === 0) return new Map();
  const rows = await rowsOf<Row>(
    store,
    // Digests are kept for 30 days (store/sweep.ts): of an older schedule nobody knows which one was the first.
    Prisma.sql`
    SELECT s.person_id AS "personId", s.days, s.hour, s.paused_until::text AS "pausedUntil",
      s.started_at > ${now}::timestamptz - interval '29 days' AS "isNew",
      (SELECT min(g.day)::text FROM digest g WHERE g.subscription_id = s.id AND g.sent_at IS NOT NULL
        AND g.ref IS NOT NULL) AS "firstDay"
    FROM subscription s
    WHERE s.person_id = ANY(${readers.map(({ person }) => person.id)}::uuid[]) AND s.room IS NULL
      AND s.off_at IS NULL AND NOT s.gone`,
  );
  const byPerson = new Map(rows.map((row) => [row.personId, row]));
  return new Map(
    readers.flatMap(({ person }): [string, DigestSchedule][] => {
      const row = byPerson.get(person.id);
      return row ? [[person.id, scheduleOf(row, person)]] : [];
    }),
  );
}

const scheduleOf = (
  { days, hour, pausedUntil, firstDay, isNew }: Row,
  { timeZone, workingDays }: DigestReader['person'],
): DigestSchedule => ({
  ...{ days: days.length > 0 ? days : workingDays, hour, timeZone, isNew },
  ...(pausedUntil ? { pausedUntil } : {}),
  ...(firstDay ? { firstDay } : {}),
});
