/** The acceptance clocks: what is over is closed, what has arrived or is due is found. `clock-steps.ts` writes. */
import type { Lead, Referral } from '../pipeline/deal.ts';
import { RUNGS } from '../pipeline/escalation.ts';
import { AGED } from './aged.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { PENDING } from './views.ts';

/** More than are ever pending; a bound all the same. */
const MOST = 5000;
/** What was given up as lost and is answered, or pending again, all the same is put right for so long, in days. */
const MENDED_DAYS = 7;
/** So many minutes after a reminder was due its message has gone, or never will. */
const REMINDED_MINUTES = 5;

/** An acceptance or rejection that may be with AWS by now; a confirmed one may not have come back as a status yet. */
const answered = (kind: string, states: readonly string[]): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT FROM change a WHERE a.deal_id = d.id AND a.kind = ${kind} AND a.state = ANY(${[...states]}::text[]))`;
const OPEN = ['requested', 'sending', 'waiting'];

const OUTCOME = (now: Date): Prisma.Sql => Prisma.sql`CASE
  WHEN d.status = 'ACCEPTED' OR d.successor IS NOT NULL OR ${answered('accept', ['confirmed'])} THEN 'accepted'
  WHEN d.status = 'REJECTED' OR ${answered('reject', ['confirmed'])} THEN 'rejected'
  WHEN d.status <> 'PENDING' OR d.gone_at IS NOT NULL THEN 'lost'
  WHEN d.expires_at <= ${now}::timestamptz AND NOT ${answered('accept', OPEN)} THEN 'lost' END`;

/**
 * Ends the clocks of what is answered, lost or past its expiry; those of what AWS gives again go on: from its end, the last
 * rung is told anew. Copies of what ran out are drawn anew, as nothing else would.
 * @returns ready: the pipeline has been read once; first: no clock has ticked before.
 */
export async function closeClocks(store: Store, now: Date): Promise<{ ready: boolean; first: boolean }> {
  const [row] = await rowsOf<{ ready: boolean; first: boolean }>(
    store,
    Prisma.sql`
    WITH over AS (
      SELECT c.deal_id, c.rung, ${OUTCOME(now)} AS outcome, d.status FROM clock c JOIN deal d ON d.id = c.deal_id
      WHERE c.outcome IS NULL OR c.outcome = 'lost'
        AND c.ended_at > ${now}::timestamptz - make_interval(days => ${MENDED_DAYS})
    ), closed AS (
      UPDATE clock c SET outcome = o.outcome, ended_at = ${now}::timestamptz, next_at = NULL FROM over o
      WHERE o.deal_id = c.deal_id AND o.outcome IS NOT NULL AND c.outcome IS DISTINCT FROM o.outcome
      RETURNING c.deal_id, o.status
    ), again AS (
      UPDATE clock c SET outcome = NULL, ended_at = NULL, rung = least(c.rung, ${RUNGS.length - 1}::int),
        next_at = ${now}::timestamptz FROM over o
      WHERE o.deal_id = c.deal_id AND o.outcome IS NULL AND c.outcome = 'lost' RETURNING c.deal_id, o.rung AS was
    ), unsaid AS (
      DELETE FROM rung r USING again WHERE r.deal_id = again.deal_id AND again.was = ${RUNGS.length}::int RETURNING 1
    ), aged AS (
      UPDATE posting p SET ${AGED} FROM closed
      WHERE p.deal_id = closed.deal_id AND closed.status = 'PENDING' AND p.ended_at IS NULL RETURNING p.deal_id
    ), redrawn AS (
      SELECT deliver(deal_id) FROM (SELECT DISTINCT deal_id FROM aged) r
    )
    SELECT synced_at IS NOT NULL AS ready, clocked_at IS NULL AS first FROM agent
    WHERE id = 1 AND (SELECT count(*) FROM redrawn) >= 0`,
  );
  return row ?? { ready: false, first: false };
}

/** A pending deal that is looked at now. Without a `clock` it has just arrived. */
export interface Due {
  deal: Referral | Lead;
  psf: boolean;
  clock?: { startedAt: Date; rung: number; nextAt: Date; posted: boolean };
  offered: { personId: string; byId: string; routed: boolean; called: boolean }[];
  /** The clock, or a reminder of their own, has told them. */
  told: string[];
  snoozed: { personId: string; until: string }[];
  answering: boolean;
}

interface DueRow extends Omit<Due, 'deal' | 'clock'> {
  detail: Referral | Lead;
  started_at: Date | null;
  rung: number | null;
  next_at: Date | null;
  posted: boolean;
}

/** What has arrived, and what is due; what is lost first comes first. One query. */
export async function dueDeals(store: Store, now: Date): Promise<Due[]> {
  const rows = await rowsOf<DueRow>(
    store,
    Prisma.sql`
    SELECT d.detail, d.psf, c.started_at, c.rung, c.next_at, r.room IS NOT NULL AS posted,
      ${answered('accept', [...OPEN, 'confirmed'])} OR ${answered('reject', [...OPEN, 'confirmed'])} AS answering,
      (SELECT coalesce(json_agg(json_build_object('personId', o.person_id, 'byId', o.by_id,
          'routed', o.unheard OR o.at IS NOT DISTINCT FROM c.started_at,
          'called', o.by_cover
            OR EXISTS (SELECT FROM rung g WHERE g.deal_id = d.id AND g.person_id = o.person_id AND g.name <> 'offered'))
          ORDER BY o.at, o.person_id), '[]') FROM offer o WHERE o.deal_id = d.id) AS offered,
      (SELECT coalesce(json_agg(t.person_id), '[]') FROM (SELECT person_id FROM rung WHERE deal_id = d.id
        UNION SELECT person_id FROM reminder WHERE deal_id = d.id AND told_at >= c.started_at) t) AS told,
      (SELECT coalesce(json_agg(json_build_object('personId', s.person_id,
          'until', s.at + make_interval(mins => ${REMINDED_MINUTES}))), '[]') FROM reminder s
        WHERE s.deal_id = d.id AND s.told_at IS NULL) AS snoozed
    FROM deal d LEFT JOIN clock c ON c.deal_id = d.id LEFT JOIN route r ON r.id = c.route_id
    WHERE ${PENDING} AND d.gone_at IS NULL AND d.expires_at > ${now}::timestamptz
      AND (c.deal_id IS NULL OR c.outcome IS NULL AND c.next_at <= ${now}::timestamptz)
    ORDER BY d.due_at, d.id LIMIT ${MOST}`,
  );
  return rows.map(({ detail: deal, started_at, rung, next_at, posted, ...rest }) => ({
    ...rest,
    deal,
    ...(started_at && next_at
      ? { clock: { startedAt: new Date(started_at), rung: rung ?? 0, nextAt: new Date(next_at), posted } }
      : {}),
  }));
}

/** Of these deals those that somebody has accepted or rejected: it is with AWS, or went through. One query. */
export async function answeredAmong(store: Store, ids: readonly string[]): Promise<Set<string>> {
  const rows = await rowsOf<{ id: string }>(
    store,
    Prisma.sql`
    SELECT DISTINCT deal_id AS id FROM change WHERE deal_id = ANY(${[...ids]}::text[])
      AND kind IN ('accept', 'reject') AND state = ANY(${[...OPEN, 'confirmed']}::text[])`,
  );
  return new Set(rows.map(({ id }) => id));
}
