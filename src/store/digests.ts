/** Digests on their way: what a job finds, taking one to be sent, noting what stands, ticking off. */
import type { Day } from '../pipeline/deal.ts';
import type { DigestSection } from '../pipeline/digest.ts';
import type { Role } from '../pipeline/person.ts';
import { isAnother, type Mark } from './digest-marks.ts';
import { Prisma } from './generated/client.ts';
import type { RoomKey } from './rooms.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { SERVED } from './subscriptions.ts';

/**
 * Of the newest of the earlier days that had anything to say: skipped, as nobody could send it in time; or unsure, as it was
 * on its way, or its answer was lost, and nobody knows where it stands.
 */
export interface Missed {
  day: Day;
  /** ISO. */
  dueAt: string;
  how: 'skipped' | 'unsure';
}

/** A digest with what its subscription says now. */
export interface DigestJob {
  id: string;
  subscriptionId: string;
  day: Day;
  dueAt: Date;
  state: 'due' | 'taken' | 'sent' | 'empty' | 'skipped' | 'left';
  platform: string;
  tenant: string;
  /** The platform's user id; of a channel's, the channel. */
  recipient: string;
  isRoom: boolean;
  /** Whose it is; of a channel's who set it up. */
  personId: string;
  role: Role | 'none';
  by: string;
  /** Sections that are switched off. */
  off: string[];
  timeZone: string;
  /** Switched off, paused or over since it was planned. */
  isUnwanted: boolean;
  /** What the one before has left to be said. */
  missed: Missed | null;
  /** Of a channel's: the account there of whoever set it up. */
  setter: string | null;
}

/** Of the digest `g`, by what its subscription `s` says now. */
export const UNWANTED = Prisma.sql`(s.off_at IS NOT NULL OR coalesce(s.paused_until > g.day, false))`;

/** Those of that platform, by id. One statement. */
export const digestJobs = (store: Store, platform: string, ids: readonly string[]): Promise<DigestJob[]> =>
  rowsOf<DigestJob>(
    store,
    Prisma.sql`
    SELECT g.id, s.id AS "subscriptionId", g.day::text AS day, g.due_at AS "dueAt", g.state, g.platform, g.tenant, g.recipient,
      s.room IS NOT NULL AS "isRoom", p.id AS "personId", p.role, trim(p.first_name || ' ' || p.last_name) AS by, s.off,
      coalesce(s.time_zone, p.time_zone) AS "timeZone",
      ${UNWANTED} AS "isUnwanted", former.missed,
      (SELECT l.user_id FROM link l WHERE l.person_id = p.id AND l.platform = s.platform AND l.tenant = s.tenant
        AND l.state = 'live') AS setter
    FROM digest g JOIN subscription s ON s.id = g.subscription_id JOIN person p ON p.id = s.person_id
    LEFT JOIN LATERAL (
      SELECT CASE WHEN n.how IS NOT NULL THEN json_build_object('day', f.day::text, 'dueAt', f.due_at, 'how', n.how) END AS missed
      FROM digest f, LATERAL (SELECT CASE WHEN f.state = 'skipped' THEN 'skipped'
        WHEN f.state = 'taken' OR f.state = 'sent' AND f.ref IS NULL THEN 'unsure' END AS how) n
      WHERE f.subscription_id = s.id AND f.day < g.day AND f.state NOT IN ('empty', 'left')
      ORDER BY f.day DESC LIMIT 1) former ON true
    WHERE g.id = ANY(${[...ids]}::uuid[]) AND g.platform = ${platform} ORDER BY g.due_at, g.id`,
  );

/** So these went; nothing of them stands anywhere. What was taken meanwhile stays. */
export async function closeDigests(
  store: Store,
  ids: readonly string[],
  state: 'empty' | 'skipped' | 'left',
): Promise<void> {
  if (ids.length === 0) return;
  await rowsOf(
    store,
    Prisma.sql`UPDATE digest SET state = ${state} WHERE id = ANY(${[...ids]}::uuid[]) AND state = 'due' RETURNING 1`,
  );
}

/** A line as it was composed. beside: named in a part that is no work: what moved, what was lost. It is never ticked off. */
export interface ComposedLine {
  section: DigestSection | 'beside';
  dealId: string;
  underId?: string;
  /** Of the deal. */
  version: number;
}

/** What a digest was composed of, and for which role. */
export interface Composed {
  lines: readonly ComposedLine[];
  role: Role | 'none';
}

/** One that is about to be sent. */
export interface Ready extends Composed {
  /** Sections that were switched off. */
  off: readonly string[];
  /** How all that it might have named stood; absent where it was composed a moment ago. */
  mark?: Mark;
}

/**
 * Takes one to be sent: from that moment it may stand there, and nobody sends it again. `changed`: since it was composed one
 * of its deals, or any that it might name, is another; or its reader's role, or what they switched off. gone: its account is
 * nobody's now, or it is wanted no more; undefined: somebody else has taken it.
 */
export async function takeDigest(
  store: Store,
  id: string,
  { lines, role, off, mark }: Ready,
  now: Date,
): Promise<'taken' | 'changed' | 'gone' | undefined> {
  const [row] = await rowsOf<{ state: string; changed: boolean }>(
    store,
    Prisma.sql`
    UPDATE digest g SET taken_at = ${now}::timestamptz, state = CASE WHEN NOT ${UNWANTED} AND (s.room IS NOT NULL OR EXISTS (
        SELECT FROM link l WHERE l.platform = g.platform AND l.tenant = g.tenant AND l.user_id = g.recipient
          AND l.person_id = p.id AND ${SERVED})) THEN 'taken' ELSE 'left' END
    FROM subscription s JOIN person p ON p.id = s.person_id
    WHERE g.id = ${id}::uuid AND g.state = 'due' AND s.id = g.subscription_id
    RETURNING g.state, p.role <> ${role} OR s.off <> ${[...off]}::text[]
      OR EXISTS (SELECT FROM ${linesOf(lines)} JOIN deal d ON d.id = k."dealId" WHERE d.version <> k.version)
      OR ${mark ? isAnother(mark) : false} AS changed`,
  );
  if (!row) return undefined;
  if (row.state !== 'taken') return 'gone';
  return row.changed ? 'changed' : 'taken';
}

export const linesOf = (lines: readonly ComposedLine[]): Prisma.Sql =>
  Prisma.sql`jsonb_to_recordset(${JSON.stringify(lines.map((line, at) => ({ ...line, nth: at + 1 })))}::text::jsonb)
    AS k(nth int, section text, "dealId" text, "underId" uuid, version int)`;

/** Of a taken one it became sure that it was not sent: due: it is tried again. */
export async function giveBackDigest(
  store: Store,
  id: string,
  state: 'due' | 'empty' | 'left',
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`UPDATE digest SET state = ${state}, taken_at = NULL WHERE id = ${id}::uuid AND state = 'taken' RETURNING 1`,
  );
}

/** It may stand there, and nobody knows where: it counts as sent, and is redrawn no more. */
export async function noteUnsure(store: Store, id: string, now: Date): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE digest SET state = 'sent', sent_at = ${now}::timestamptz, ended_at = ${now}::timestamptz
    WHERE id = ${id}::uuid AND state = 'taken' RETURNING 1`,
  );
}

/**
 * It stands there, with these lines; also where that took so long that it counts as unsure by now. The one before of the same
 * subscription is drawn once more, to say so. What changed while it was on its way is drawn soon: deals and reader are locked
 * for the moment, so that nothing is missed. A channel's is looked at again in any case, as whoever came meanwhile is in no
 * row. One statement.
 */
export async function noteSent(
  store: Store,
  { id, personId, isRoom }: Pick<DigestJob, 'id' | 'personId' | 'isRoom'>,
  { ref, shown, lines, role }: Composed & { ref: Record<string, unknown>; shown: string },
  now: Date,
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH reader AS (SELECT role FROM person WHERE id = ${personId}::uuid FOR SHARE),
    deals AS (
      SELECT id, version FROM deal WHERE id = ANY(${lines.map(({ dealId }) => dealId)}::text[])
        AND (SELECT count(*) FROM reader) >= 0 ORDER BY id FOR SHARE
    ), sent AS (
      UPDATE digest SET state = 'sent', sent_at = ${now}::timestamptz, ended_at = NULL,
        ref = ${JSON.stringify(ref)}::text::jsonb, shown = ${shown}, role = ${role},
        drawn_at = CASE WHEN ${isRoom}::boolean THEN NULL ELSE now() END
      WHERE id = ${id}::uuid AND state IN ('taken', 'sent') AND ref IS NULL AND (SELECT count(*) FROM deals) >= 0
      RETURNING id, subscription_id, platform, shut
    ), written AS (
      INSERT INTO digest_line (digest_id, nth, section, deal_id, under_id, version)
      SELECT s.id, k.nth, k.section, k."dealId", k."underId", k.version
      FROM sent s, ${linesOf(lines)} RETURNING 1
    ), former AS (
      UPDATE digest f SET final = true FROM sent s
      WHERE f.subscription_id = s.subscription_id AND f.id <> s.id AND f.state = 'sent' AND f.ended_at IS NULL RETURNING f.id
    )
    SELECT (SELECT count(*) FROM written) AS written, (SELECT redraw_digests(array_agg(id)) FROM former) AS former,
      CASE WHEN ${isRoom}::boolean OR s.shut OR (SELECT role FROM reader) <> ${role} OR EXISTS (SELECT FROM deals d JOIN ${linesOf(lines)}
        ON k."dealId" = d.id WHERE d.version <> k.version)
      THEN enqueue('deliver-' || s.platform, jsonb_build_object('digest', s.id)) END AS job
    FROM sent s`,
  );
}

/** Somebody pressed a channel's digest of which nobody knew whether it stands there: now it is known, and it is looked at again. */
export async function digestFound(
  store: Store,
  { platform, tenant, room }: RoomKey,
  id: string,
  ref: Record<string, unknown>,
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH found AS (
      UPDATE digest g SET state = 'sent', sent_at = coalesce(g.sent_at, g.taken_at), ended_at = NULL,
        ref = ${JSON.stringify(ref)}::text::jsonb, shown = '',
        final = EXISTS (SELECT FROM digest n WHERE n.subscription_id = g.subscription_id AND n.day > g.day AND n.state = 'sent')
      WHERE id::text = ${id} AND platform = ${platform} AND tenant = ${tenant} AND recipient = ${room}
        AND state IN ('taken', 'sent') AND ref IS NULL RETURNING id
    )
    SELECT redraw_digests(array_agg(id)) FROM found`,
  );
}
