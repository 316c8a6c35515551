/** What the next tick has to plan: who gets a first digest, whose moment has come, whose place is gone. */
import type { Day } from '../pipeline/deal.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { AT_A_DOOR, DIGEST_DOORS } from './subscriptions.ts';

/** Before the terms are confirmed nobody but the alliance lead is let in. */
const LET_IN = Prisma.sql`p.role <> 'none' AND (p.role = 'alliance lead' OR EXISTS (SELECT FROM terms))`;

export interface Newcomer {
  personId: string;
  timeZone: string;
  workingDays: number[];
  /** Their own schedule stands, and ended as its place was gone. */
  days: number[];
  hour: number | null;
  pausedUntil: Day | null;
}

/** Whoever is let in and has used ace-desk in chat, and has no digest yet; or had one that ended, and came again since. */
export const newcomers = (store: Store): Promise<Newcomer[]> =>
  rowsOf<Newcomer>(
    store,
    Prisma.sql`
    SELECT p.id AS "personId", p.time_zone AS "timeZone", p.working_days AS "workingDays", coalesce(s.days, '{}') AS days,
      s.hour, s.paused_until::text AS "pausedUntil"
    FROM person p LEFT JOIN subscription s ON s.person_id = p.id AND s.room IS NULL
    WHERE ${LET_IN} AND (s.id IS NULL OR s.gone) AND EXISTS (SELECT FROM link l
      WHERE ${AT_A_DOOR} AND l.since >= coalesce(s.off_at, '-infinity'))`,
  );

/** Starts these, or starts them again, as they were. Whoever is faster has done it. One statement. */
export async function startDigests(
  store: Store,
  people: readonly { personId: string; nextAt: Date; plan: string }[],
  now: Date,
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    INSERT INTO subscription (id, person_id, next_at, planned_for, started_at)
    SELECT gen_random_uuid(), w."personId", w."nextAt", w.plan, ${now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(people)}::text::jsonb) AS w("personId" uuid, "nextAt" timestamptz, plan text)
    ON CONFLICT (person_id) WHERE room IS NULL DO UPDATE
      SET gone = false, off_at = NULL, next_at = excluded.next_at, planned_for = excluded.planned_for
      WHERE subscription.gone RETURNING 1`,
  );
}

/** Of these people those whose own digest comes, unless it is paused. One query. */
export const withDigest = (
  store: Store,
  personIds: readonly string[],
): Promise<{ personId: string; timeZone: string; pausedUntil: Day | null }[]> =>
  rowsOf(
    store,
    Prisma.sql`
    SELECT p.id AS "personId", p.time_zone AS "timeZone", s.paused_until::text AS "pausedUntil"
    FROM subscription s JOIN person p ON p.id = s.person_id
    WHERE p.id = ANY(${[...personIds]}::uuid[]) AND s.room IS NULL AND s.off_at IS NULL AND NOT s.gone AND ${LET_IN}
      AND EXISTS (SELECT FROM link l WHERE ${AT_A_DOOR})`,
  );

/** One that the tick has to look at. */
export interface Due {
  id: string;
  personId: string;
  isRoom: boolean;
  nextAt: Date;
  plannedFor: string;
  days: number[];
  hour: number;
  timeZone: string;
  pausedUntil: Day | null;
  /** Of the digests whose moment has come: what a clock that was ahead wrote down holds up nothing. */
  lastDay: Day | null;
  /** They are not let in just now, or none of their accounts is proven: nothing is sent until that is so again. */
  isShut: boolean;
  /** Where it goes: the person's account, or the channel. Absent where there is no place any more, or none that is proven. */
  platform: string | null;
  tenant: string | null;
  recipient: string | null;
}

/**
 * Those whose moment has come, or was computed from another plan than is theirs now, or by a clock that was ahead. A person's
 * own goes through the door they named, else the one whose link is the newest; a door that nobody has opened for a week
 * comes last.
 */
export const dueSubscriptions = (store: Store, now: Date): Promise<Due[]> =>
  rowsOf<Due>(
    store,
    Prisma.sql`
    SELECT s.id, s.person_id AS "personId", s.room IS NOT NULL AS "isRoom", s.next_at AS "nextAt",
      s.planned_for AS "plannedFor", ${DAYS} AS days, s.hour, ${ZONE} AS "timeZone", s.paused_until::text AS "pausedUntil",
      (SELECT max(g.day)::text FROM digest g WHERE g.subscription_id = s.id AND g.due_at <= ${now}::timestamptz) AS "lastDay",
      NOT (${LET_IN}) OR (s.room IS NULL AND a.user_id IS NULL AND EXISTS (SELECT FROM link l
        WHERE l.person_id = p.id AND l.platform = ANY(${[...DIGEST_DOORS]}::text[]) AND l.state = 'live')) AS "isShut",
      coalesce(s.platform, a.platform) AS platform, coalesce(s.tenant, a.tenant) AS tenant,
      coalesce(s.room, a.user_id) AS recipient
    FROM subscription s JOIN person p ON p.id = s.person_id
    LEFT JOIN LATERAL (
      SELECT l.platform, l.tenant, l.user_id FROM link l LEFT JOIN door d ON d.platform = l.platform
      WHERE s.room IS NULL AND ${AT_A_DOOR}
      ORDER BY l.platform IS DISTINCT FROM s.door, d.seen_at IS NULL OR d.seen_at < now() - interval '7 days',
        l.since DESC, l.id LIMIT 1) a ON true
    WHERE s.off_at IS NULL AND (s.next_at <= ${now}::timestamptz OR s.planned_for <> ${PLAN_KEY}
      OR s.next_at > greatest(${now}::timestamptz, s.paused_until::timestamp AT TIME ZONE 'UTC') + ${FURTHEST}
      OR EXISTS (SELECT FROM digest g WHERE g.subscription_id = s.id AND g.day > (${now}::timestamptz AT TIME ZONE 'UTC')::date - 2
        AND g.due_at > ${now}::timestamptz AND g.due_at < s.next_at))
    ORDER BY s.next_at, s.id`,
  );

/** A digest comes once a week at least; a day more where that day has had its digest, another for the zones. */
const FURTHEST = Prisma.raw("interval '9 days'");
const ZONE = Prisma.sql`coalesce(s.time_zone, p.time_zone)`;
const DAYS = Prisma.sql`CASE WHEN s.days = '{}' THEN p.working_days ELSE s.days END`;
/** As `planKey` of pipeline/schedule.ts writes it. */
const PLAN_KEY = Prisma.sql`(${ZONE} || '|' || array_to_string(${DAYS}, ',') || '|' || s.hour || '|'
  || coalesce(s.paused_until::text, ''))`;

/** What the tick made of one. */
export interface Planned {
  id: string;
  /** As it was read: another tick that was faster leaves nothing to do. */
  was: Date;
  wasPlannedFor: string;
  next: Date;
  plan: string;
  digests: {
    day: Day;
    at: Date;
    state: 'due' | 'skipped' | 'left';
    /** Absent of what nobody is sent. */
    platform: string | null;
    tenant: string | null;
    recipient: string | null;
  }[];
}

/**
 * Moves these on and writes their digests down, each with the job that sends it: one for each day, whoever else does the
 * same at that moment. Of a day that was skipped before it came, by a clock that was ahead, it is sent after all. One statement.
 * @returns how many digests were written.
 */
export async function planAll(store: Store, planned: readonly Planned[]): Promise<number> {
  const [row] = await rowsOf<{ made: number }>(
    store,
    Prisma.sql`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(planned)}::text::jsonb)
        AS w(id uuid, was timestamptz, "wasPlannedFor" text, next timestamptz, plan text, digests jsonb)
    ), mine AS (
      SELECT s.id FROM subscription s JOIN wanted w ON w.id = s.id AND s.next_at = w.was AND s.planned_for = w."wasPlannedFor"
      ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
    ), moved AS (
      UPDATE subscription s SET next_at = w.next, planned_for = w.plan FROM wanted w, mine
      WHERE s.id = w.id AND mine.id = s.id AND s.next_at = w.was AND s.planned_for = w."wasPlannedFor" AND s.off_at IS NULL
      RETURNING s.id, w.digests
    ), made AS (
      INSERT INTO digest (id, subscription_id, day, due_at, state, platform, tenant, recipient)
      SELECT gen_random_uuid(), m.id, d.day, d.at, d.state, d.platform, d.tenant, d.recipient
      FROM moved m, jsonb_to_recordset(m.digests) AS d(day date, at timestamptz, state text, platform text, tenant text, recipient text)
      ON CONFLICT (subscription_id, day) DO UPDATE SET state = 'due', due_at = excluded.due_at, platform = excluded.platform,
        tenant = excluded.tenant, recipient = excluded.recipient
        WHERE digest.state = 'skipped' AND excluded.state = 'due' RETURNING id, state, platform
    ), queued AS (
      SELECT enqueue('deliver-' || platform || '-digests', jsonb_build_object('digest', id)) FROM made WHERE state = 'due'
    )
    SELECT count(*)::int AS made, (SELECT count(*) FROM queued)::int AS jobs FROM made`,
  );
  return row?.made ?? 0;
}

/** These have no place any more: they are not tried again. A person's own starts again with a link that is newer than that. */
export async function endSubscriptions(store: Store, ids: readonly string[], now: Date): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE subscription SET gone = true, off_at = ${now}::timestamptz
    WHERE id = ANY(${[...ids]}::uuid[]) AND off_at IS NULL RETURNING 1`,
  );
}

/** Of channels: whoever set them up is let in no more. */
export async function endOfOutsiders(store: Store, now: Date): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE subscription s SET gone = true, off_at = ${now}::timestamptz FROM person p
    WHERE p.id = s.person_id AND p.role = 'none' AND s.room IS NOT NULL AND s.off_at IS NULL RETURNING 1`,
  );
}
