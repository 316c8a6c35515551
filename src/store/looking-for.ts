/** Looking for whoever was invited, one platform after the other, and what came of it. */
import { LOOKED_FOR_DAYS } from '../pipeline/invitation.ts';
import type { Colleague } from '../pipeline/person.ts';
import { Prisma } from './generated/client.ts';
import { QUEUE, USES } from './invitations.ts';
import { COLLEAGUE, type ColleagueRow, toColleague } from './people.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Somebody's invitation as it is told. */
export interface Calling {
  byId: string;
  /** Where they are looked for now; undefined: nowhere any more. */
  platform?: string;
  uses: boolean;
}

/** Undefined where they said no meanwhile, or it is another invitation by now. */
export async function callingOf(store: Store, personId: string, batch: string): Promise<Calling | undefined> {
  const [row] = await rowsOf<{ byId: string; platform: string | null; uses: boolean }>(
    store,
    Prisma.sql`
    SELECT i.by_id AS "byId", i.waits[1] AS platform, ${USES} AS uses
    FROM invitation i JOIN person p ON p.id = i.person_id
    WHERE i.person_id = ${personId}::uuid AND i.batch = ${batch}::uuid AND i.declined_at IS NULL`,
  );
  if (!row) return undefined;
  const { platform, ...rest } = row;
  return { ...rest, ...(platform ? { platform } : {}) };
}

/** They are asked at that moment, once they are awake: from then on it counts as sent, and as looked for. */
export async function askedLater(
  store: Store,
  { personId, batch, at }: { personId: string; batch: string; at: Date },
): Promise<void> {
  await store.prisma.invitation.updateMany({ where: { personId, batch, at: { lt: at } }, data: { at } });
}

export interface Outcome {
  personId: string;
  batch: string;
  platform: string;
  /** The message, which goes on to the next platform where they were not found on this one. */
  notice: string;
  isReached: boolean;
}

/**
 * What came of looking for somebody on one platform; said twice it counts once. Once all of a batch are through, whoever
 * invited them is told of those whom nothing reached. Rows are locked in one order, so that one of them is the last.
 */
export async function noteOutcome(store: Store, it: Outcome): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH batch AS (
      SELECT person_id, waits, reached FROM invitation WHERE batch = ${it.batch}::uuid ORDER BY person_id FOR UPDATE
    ), others AS (
      SELECT count(*) FILTER (WHERE waits <> '{}') AS open, count(*) FILTER (WHERE NOT reached) AS missed
      FROM batch WHERE person_id <> ${it.personId}::uuid
    ), noted AS (
      UPDATE invitation i SET reached = ${it.isReached},
        waits = CASE WHEN ${it.isReached} THEN '{}' ELSE array_remove(i.waits, ${it.platform}::text) END
      FROM batch b WHERE i.person_id = b.person_id AND i.person_id = ${it.personId}::uuid
        AND b.waits[1] = ${it.platform}::text RETURNING i.by_id, i.waits, i.reached
    ), further AS (
      SELECT enqueue(${QUEUE}, jsonb_build_object('notice', ${it.notice}::text)) FROM noted WHERE waits <> '{}'
    ), through AS (
      SELECT ${it.batch}::uuid AS batch, n.by_id FROM noted n, others o
      WHERE n.waits = '{}' AND o.open = 0 AND (NOT n.reached OR o.missed > 0)
    ), ${TOLD}
    SELECT (SELECT count(*) FROM further)::int AS further, (SELECT count(*) FROM told)::int AS told`,
  );
}

/** Whoever invited those of a `through` batch is told whom nothing reached: once for each, whoever finds that they are. */
const TOLD = Prisma.sql`
  first AS (
    INSERT INTO act (key, person_id, verb, valid_until)
    SELECT 'in-vain:' || batch, by_id, 'invite', now() + interval '1 minute' FROM through
    ON CONFLICT (key) DO NOTHING RETURNING key, person_id
  ), told AS (
    SELECT tell(person_id, 'invited-in-vain', jsonb_build_object('batch', substr(key, 9))) FROM first
  )`;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Which batches a tick still looks at. */
const LATELY_DAYS = 30;

/**
 * By the hour: nobody is looked for longer than `LOOKED_FOR_DAYS`, whatever became of the message; and a batch whose last one
 * was erased, said no or was invited anew is through by that.
 */
export async function endLookingFor(store: Store, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  await rowsOf(
    store,
    Prisma.sql`
    WITH old AS (
      SELECT person_id FROM invitation WHERE waits <> '{}' AND at <= ${before(LOOKED_FOR_DAYS)}::timestamptz
      ORDER BY person_id FOR UPDATE SKIP LOCKED
    ), ended AS (
      UPDATE invitation i SET waits = '{}' FROM old WHERE i.person_id = old.person_id RETURNING i.person_id
    ), through AS (
      SELECT i.batch, (array_agg(i.by_id))[1] AS by_id FROM invitation i LEFT JOIN ended e ON e.person_id = i.person_id
      WHERE i.at > ${before(LATELY_DAYS)}::timestamptz
      GROUP BY i.batch HAVING bool_and(i.waits = '{}' OR e.person_id IS NOT NULL) AND bool_or(NOT i.reached)
    ), ${TOLD}
    SELECT count(*)::int AS told FROM told`,
  );
}

/** Of a batch those whom nothing reached, and who have not come by themselves; by name. */
export async function missedOf(store: Store, batch: string): Promise<Colleague[]> {
  const rows = await rowsOf<ColleagueRow>(
    store,
    Prisma.sql`
    SELECT ${COLLEAGUE} FROM invitation i JOIN person p ON p.id = i.person_id
    WHERE i.batch = ${batch}::uuid AND NOT i.reached AND i.waits = '{}' AND p.role <> 'none' AND NOT ${USES}
    ORDER BY p.last_name, p.first_name, p.email`,
  );
  return rows.map(toColleague);
}
