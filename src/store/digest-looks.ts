/** Digests that stand are looked at again when something in them changes: whose turn it is, and what was drawn. */
import type { Day } from '../pipeline/deal.ts';
import type { DigestSection } from '../pipeline/digest.ts';
import type { Role } from '../pipeline/person.ts';
import { type Composed, type ComposedLine, linesOf } from './digests.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { SERVED } from './subscriptions.ts';

/** A digest is drawn anew at most so often; what changes in between is drawn when the time is over. */
const PAUSE = Prisma.sql`interval '10 seconds'`;

/** A line of work as it was drawn, with its deal's version as it is now. */
export interface StandingLine extends ComposedLine {
  section: DigestSection;
}

/** A digest that stands, to be looked at now. */
export interface Look {
  id: string;
  personId: string;
  /** The one it was sent for. */
  day: Day;
  sentAt: Date;
  ref: Record<string, unknown>;
  shown: string;
  role: Role | 'none';
  by: string;
  off: string[];
  timeZone: string;
  /** Of a channel's. */
  room: { platform: string; tenant: string; room: string } | null;
  /** Of a channel's: the account there of whoever set it up. */
  setter: string | null;
  /** It stands with an account that was its reader's and is nobody now. */
  isShut: boolean;
  /** Nothing of it is shown any more: a newer one was sent, or it is old. It says so, and ends. */
  final: 'replaced' | 'old' | null;
  lines: StandingLine[];
}

type Row = Omit<Look, 'lines'> & { lines: (StandingLine & { underId: string | null })[] };

/**
 * Of these digests the ones to look at now; the others get a job for the end of their pause, one for each. Who draws does so
 * after this, so nothing that was committed before is missed. The pause is a rate of the chat platform, so it passes by the
 * database's clock, as the queue's own moments do. One statement.
 */
export async function claimLooks(store: Store, platform: string, ids: readonly string[]): Promise<Look[]> {
  const rows = await rowsOf<Row>(
    store,
    Prisma.sql`
    WITH asked AS (
      SELECT id FROM digest WHERE platform = ${platform} AND id = ANY(${[...ids]}::uuid[]) AND state = 'sent'
        AND ended_at IS NULL AND ref IS NOT NULL ORDER BY id FOR UPDATE
    ), same AS (
      SELECT a.id FROM asked a JOIN digest g ON g.id = a.id JOIN subscription s ON s.id = g.subscription_id
      JOIN person p ON p.id = s.person_id
      WHERE s.room IS NULL AND NOT g.shut AND NOT g.final AND p.role = g.role AND EXISTS (SELECT FROM link l WHERE ${AT_ITS_DOOR})
        AND NOT EXISTS (SELECT FROM digest_line k JOIN deal d ON d.id = k.deal_id WHERE k.digest_id = g.id AND d.version <> k.version)
    ), claimed AS (
      UPDATE digest g SET drawn_at = now(), look_at = NULL FROM asked a
      WHERE g.id = a.id AND (g.drawn_at IS NULL OR g.drawn_at <= now() - ${PAUSE}) AND a.id NOT IN (SELECT id FROM same)
      RETURNING g.*
    ), later AS (
      UPDATE digest g SET look_at = g.drawn_at + ${PAUSE} FROM asked a
      WHERE g.id = a.id AND g.drawn_at > now() - ${PAUSE} AND (g.look_at IS NULL OR g.look_at <= now())
        AND a.id NOT IN (SELECT id FROM same) RETURNING g.id, g.look_at
    ), queued AS (
      SELECT count(enqueue_at(${`deliver-${platform}`}::text, jsonb_build_object('digest', id), look_at)) AS jobs FROM later
    )
    SELECT g.id, p.id AS "personId", g.day::text AS day, g.sent_at AS "sentAt", g.ref, g.shown, p.role, trim(p.first_name || ' ' || p.last_name) AS by, s.off,
      coalesce(s.time_zone, p.time_zone) AS "timeZone",
      CASE WHEN s.room IS NOT NULL THEN
        json_build_object('platform', s.platform, 'tenant', s.tenant, 'room', s.room) END AS room,
      (SELECT l.user_id FROM link l WHERE l.person_id = p.id AND l.platform = s.platform AND l.tenant = s.tenant
        AND l.state = 'live') AS setter,
      g.shut OR s.room IS NULL AND NOT EXISTS (SELECT FROM link l WHERE ${AT_ITS_DOOR}) AS "isShut",
      CASE WHEN g.final THEN CASE WHEN EXISTS (SELECT FROM digest n WHERE n.subscription_id = s.id AND n.day > g.day
        AND n.state = 'sent') THEN 'replaced' ELSE 'old' END END AS final,
      coalesce((SELECT json_agg(json_build_object('section', k.section, 'dealId', k.deal_id, 'underId', k.under_id,
        'version', coalesce(d.version, k.version)) ORDER BY k.nth)
        FROM digest_line k LEFT JOIN deal d ON d.id = k.deal_id
        WHERE k.digest_id = g.id AND k.section <> 'beside'), '[]') AS lines
    FROM queued q JOIN claimed g ON q.jobs >= 0 JOIN subscription s ON s.id = g.subscription_id
    JOIN person p ON p.id = s.person_id ORDER BY g.id`,
  );
  return rows.map(({ lines, ...row }) => ({
    ...row,
    lines: lines.map(({ underId, ...line }) => ({ ...line, ...(underId ? { underId } : {}) })),
  }));
}

const AT_ITS_DOOR = Prisma.sql`l.platform = g.platform AND l.tenant = g.tenant AND l.user_id = g.recipient
  AND l.person_id = p.id AND ${SERVED}`;

/**
 * It stands there like this now, with these lines instead of those before. One statement, which asks for another look where
 * - a deal of these `lines`, which carry the versions they were drawn from, has changed since;
 * - it was said meanwhile that the digest is over, which this drawing may have covered.
 * One that looks as before was not sent: the next look may come in 2 s, and not after the whole pause.
 */
export async function noteRedrawn(
  store: Store,
  { id, role, lines, final }: Pick<Look, 'id' | 'final'> & Composed,
  { ref, shown }: Pick<Look, 'ref' | 'shown'>,
): Promise<void> {
  const isCovered = Prisma.sql`(g.final AND ${final === null}::boolean)`;
  await rowsOf(
    store,
    Prisma.sql`
    WITH deals AS (
      SELECT id, version FROM deal WHERE id = ANY(${lines.map(({ dealId }) => dealId)}::text[]) ORDER BY id FOR SHARE
    ), drawn AS (
      UPDATE digest g SET ref = ${JSON.stringify(ref)}::text::jsonb, shown = ${shown}, role = ${role},
        drawn_at = CASE WHEN g.shown = ${shown} THEN now() - ${PAUSE} + interval '2 seconds' ELSE g.drawn_at END,
        look_at = CASE WHEN g.shown = ${shown} AND g.look_at IS NOT NULL THEN now() + interval '2 seconds' ELSE g.look_at END,
        ended_at = CASE WHEN NOT ${isCovered} THEN ended_at END
      WHERE id = ${id}::uuid AND (SELECT count(*) FROM deals) >= 0 RETURNING id, platform, shown, final, look_at
    ), sooner AS (
      -- Who asked for a look meanwhile was told to wait for the end of the whole pause.
      SELECT enqueue_at('deliver-' || g.platform, jsonb_build_object('digest', g.id), g.look_at)
      FROM drawn g JOIN digest b ON b.id = g.id WHERE b.shown = g.shown AND b.look_at IS NOT NULL
    ), fewer AS (
      DELETE FROM digest_line k USING drawn WHERE k.digest_id = drawn.id AND k.nth > ${lines.length} RETURNING 1
    ), written AS (
      INSERT INTO digest_line (digest_id, nth, section, deal_id, under_id, version)
      SELECT g.id, k.nth, k.section, k."dealId", k."underId", k.version FROM drawn g, ${linesOf(lines)}
      ON CONFLICT (digest_id, nth) DO UPDATE SET section = excluded.section, deal_id = excluded.deal_id,
        under_id = excluded.under_id, version = excluded.version RETURNING 1
    )
    SELECT (SELECT count(*) FROM fewer) + (SELECT count(*) FROM written) + (SELECT count(*) FROM sooner) AS lines,
      CASE WHEN ${isCovered} OR EXISTS (SELECT FROM deals d JOIN ${linesOf(lines)} ON k."dealId" = d.id WHERE d.version <> k.version)
      THEN redraw_digests(ARRAY[g.id]) END AS job
    FROM drawn g`,
  );
}

/** It could not be drawn: its job, tried again, draws it at once. */
export async function giveBackLook(store: Store, id: string): Promise<void> {
  await rowsOf(store, Prisma.sql`UPDATE digest SET drawn_at = NULL WHERE id = ${id}::uuid RETURNING 1`);
}

/** It is gone, or says for the last time that it is over: it is redrawn no more. */
export async function endDigest(store: Store, id: string, now: Date): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE digest SET ended_at = ${now}::timestamptz WHERE id = ${id}::uuid AND ended_at IS NULL RETURNING 1`,
  );
}

/** Part of a statement: that account's digests are nobody's to read there any more. Answers `id` and `state` of each. */
export const shutting = ({
  platform,
  tenant,
  user,
}: Record<'platform' | 'tenant' | 'user', string>): Prisma.Sql =>
  Prisma.sql`UPDATE digest SET shut = true WHERE platform = ${platform} AND tenant = ${tenant} AND recipient = ${user}
    AND state IN ('taken', 'sent') AND ended_at IS NULL AND NOT shut RETURNING id, state`;

/**
 * Who reads along in that room may have changed: what stands there is looked at anew, soon. Without a room: in every room of
 * that tenant.
 */
export async function lookAtRoomDigests(
  store: Store,
  { platform, tenant, room }: { platform: string; tenant: string; room?: string },
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    SELECT redraw_digests(array_agg(g.id)) FROM digest g JOIN subscription s ON s.id = g.subscription_id
    WHERE s.platform = ${platform} AND s.tenant = ${tenant} AND s.room = coalesce(${room ?? null}::text, s.room)
      AND g.state = 'sent' AND g.ended_at IS NULL`,
  );
}
