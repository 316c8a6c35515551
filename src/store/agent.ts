/** The agent's side of the queue of Changes. Every write is fenced by the epoch: a stalled predecessor cannot write. */
import type { ChangeState, Found, WaitsFor, Wish } from '../pipeline/change.ts';
import { RESERVED_FROM } from '../pipeline/quota.ts';
import { WRITES_OF_THE_DAY } from './quota.ts';
import type { ChangeRow } from './rows.ts';
import type { Store } from './store.ts';

/** A Change as the agent works on it. */
export interface Job {
  id: string;
  dealId: string;
  wish: Wish;
  /** The deal it became, where the deal was an invitation. */
  successor?: string;
  person: { id: string; name: string; email: string; otherEmails: string[]; role: string };
  clientToken: string;
  /** False: AWS cannot have seen it. */
  sent: boolean;
  /** What the same person's own earlier Changes of this kind (update, update-lead) have put there since it was asked. */
  earlier: Found[];
  attempts: number;
  /** Moments of the database's clock, put on ours. */
  requestedAt: Date;
  sentAt?: Date;
}

/** A Change as it was taken: whoever takes or rewrites it afterwards makes this hold void. */
export type Hold = Pick<Job, 'id' | 'attempts'>;

type Taken = ChangeRow & {
  email: string;
  other_emails: string[];
  role: string;
  successor: string | null;
  earlier: Found[];
};

/** How far a Change came. `restMs`: go on with it that much later; at once when absent. */
export interface Step {
  state: ChangeState;
  answer?: string;
  waitsFor?: WaitsFor;
  restMs?: number;
  awsRequestId?: string;
  /** conflict: what stands at AWS of all that was to be set; a member is absent where nothing stands. */
  found?: Found;
  /** What was sent came to nothing at AWS; the next try is another one, with a token of its own. */
  afresh?: true;
}

/**
 * The next Changes to send: interactive before bulk, in order per deal (one deal's later Changes wait for its earlier
 * ones), leaving out those already in hand.
 */
export async function take(store: Store, epoch: bigint, inHand: string[], limit: number): Promise<Job[]> {
  const rows = await store.prisma.$queryRaw<Taken[]>`
    WITH due AS (
      SELECT c.id FROM change c
      WHERE c.state IN ('requested', 'sending', 'waiting') AND c.due_at <= now() AND NOT (c.id = ANY(${inHand}::uuid[]))
        AND NOT EXISTS (SELECT 1 FROM change e WHERE e.deal_id = c.deal_id AND e.seq < c.seq
          AND e.state IN ('requested', 'sending', 'waiting'))
        AND (SELECT epoch FROM agent WHERE id = 1) = ${epoch}
      ORDER BY c.bulk, c.seq LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE change c SET state = 'sending', attempts = c.attempts + 1 FROM due WHERE c.id = due.id
      RETURNING c.*
    ), logged AS (
      INSERT INTO transition (change_id, state) SELECT id, 'sending' FROM taken WHERE attempts = 1 RETURNING 1
    )
    SELECT t.*, p.first_name, p.last_name, p.email, p.other_emails, p.role, (SELECT successor FROM deal WHERE id = t.deal_id) AS successor,
      (SELECT coalesce(json_agg(e.wish->'set'), '[]') FROM change e WHERE e.deal_id = t.deal_id AND e.seq < t.seq
        AND e.kind = t.kind AND e.kind IN ('update', 'update-lead') AND e.person_id = t.person_id AND e.state = 'confirmed'
        AND e.settled_at >= t.requested_at) AS earlier
    FROM taken t JOIN person p ON p.id = t.person_id
    WHERE (SELECT count(*) FROM logged) >= 0 ORDER BY t.bulk, t.seq`;
  return rows.map((row) => toJob(row, store.skewMs));
}

/**
 * Says, before a write call, that AWS may have seen it from now on, and counts the call (quota_hour). Once 80% of the
 * account's day is used up the alliance lead is told, and `onNearlyUsedUp` hears how many writes there were: once a day.
 * @returns false when nothing may be sent: we are no longer the agent, or the Change was taken back or rewritten.
 */
export async function markSent(
  store: Store,
  epoch: bigint,
  { id, attempts }: Hold,
  onNearlyUsedUp: (writes: number) => void = () => {},
): Promise<boolean> {
  const rows = await store.prisma.$queryRaw<{ sent: boolean; alarmed: boolean; writes: number }[]>`
    WITH sent AS (
      UPDATE change SET sent_at = coalesce(sent_at, now())
      WHERE id = ${id}::uuid AND attempts = ${attempts} AND state = 'sending'
        AND (SELECT epoch FROM agent WHERE id = 1) = ${epoch} RETURNING id
    ), counted AS (
      INSERT INTO quota_hour AS q (hour, writes) SELECT date_trunc('hour', now(), 'UTC'), 1 FROM sent
      ON CONFLICT (hour) DO UPDATE SET writes = q.writes + 1 RETURNING 1
    ), used AS (
      SELECT ${WRITES_OF_THE_DAY} + (SELECT count(*) FROM counted)::int AS writes
    ), alarm AS (
      INSERT INTO told (key) SELECT 'quota:' || (now() AT TIME ZONE 'UTC')::date FROM sent, used
      WHERE used.writes >= ${RESERVED_FROM} ON CONFLICT DO NOTHING RETURNING 1
    ), notice AS (
      SELECT tell(p.id, 'quota', jsonb_build_object('writes', used.writes))
      FROM alarm, used, person p WHERE p.role = 'alliance lead'
    )
    SELECT EXISTS (SELECT FROM sent) AS sent, EXISTS (SELECT FROM alarm) AS alarmed, writes
    FROM used WHERE (SELECT count(*) FROM notice) >= 0`;
  const [row] = rows;
  if (row?.alarmed) onNearlyUsedUp(row.writes);
  return row?.sent ?? false;
}

/** In how many ms the next Change may be taken; undefined when there is none, or it is not ours to take. */
export async function nextDueMs(store: Store, epoch: bigint, inHand: string[]): Promise<number | undefined> {
  const rows = await store.prisma.$queryRaw<{ ms: number | null }[]>`
    SELECT (extract(epoch FROM min(c.due_at) - clock_timestamp()) * 1000)::float8 AS ms FROM change c
    WHERE c.state IN ('requested', 'sending', 'waiting') AND NOT (c.id = ANY(${inHand}::uuid[]))
      AND NOT EXISTS (SELECT 1 FROM change e WHERE e.deal_id = c.deal_id AND e.seq < c.seq
        AND e.state IN ('requested', 'sending', 'waiting'))
      AND (SELECT epoch FROM agent WHERE id = 1) = ${epoch}`;
  return rows[0]?.ms ?? undefined;
}

/** What is known of the agent: when AWS last answered, how far the first synchronisation is. */
export interface AgentState {
  calledAt: Date | null;
  syncedAt: Date | null;
  syncDone: number;
  syncTotal: number;
  highWater: string | null;
  nextReadAt: Date;
  nextWriteAt: Date;
}

export const agentState = (store: Store): Promise<AgentState> =>
  store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } });

/** Fenced; false when we are no longer the agent. */
export async function noteAgent(store: Store, epoch: bigint, note: Partial<AgentState>): Promise<boolean> {
  const { count } = await store.prisma.agent.updateMany({ where: { id: 1, epoch }, data: note });
  return count === 1;
}

const toJob = (row: Taken, skewMs: number): Job => ({
  id: row.id,
  dealId: row.deal_id,
  wish: row.wish,
  ...(row.successor ? { successor: row.successor } : {}),
  person: {
    id: row.person_id,
    name: `${row.first_name} ${row.last_name}`,
    email: row.email,
    otherEmails: row.other_emails,
    role: row.role,
  },
  clientToken: row.client_token,
  sent: row.sent_at !== null,
  earlier: row.earlier,
  attempts: row.attempts,
  requestedAt: onOurClock(row.requested_at, skewMs),
  ...(row.sent_at === null ? {} : { sentAt: onOurClock(row.sent_at, skewMs) }),
});

const onOurClock = (moment: string | Date, skewMs: number): Date =>
  new Date(new Date(moment).getTime() - skewMs);

/** The database holds another catalog's records: practised deals must never meet the real ones. */
export class OtherCatalog extends Error {
  override name = 'OtherCatalog';
}

/**
 * A database belongs to the catalog it was first used for, for ever.
 * @throws OtherCatalog with what to do.
 */
export async function bind(store: Store, catalog: string): Promise<void> {
  const agent = await store.prisma.agent.updateManyAndReturn({
    where: { id: 1, catalog: null },
    data: { catalog },
  });
  const held =
    agent[0]?.catalog ?? (await store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } })).catalog;
  if (held !== catalog)
    throw new OtherCatalog(
      `This database holds the records of PARTNER_CENTRAL_CATALOG=${held}, not of ${catalog}. Give ${catalog} a database of its own (DATA_DIR or DATABASE_URL).`,
    );
}
