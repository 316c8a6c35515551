/** Asking: a person's act becomes Changes, in one statement. */

import { type Change, isLocal, LOCK_RECHECK_MS, type Wish } from '../pipeline/change.ts';
import { UserError } from '../pipeline/errors.ts';
import { type Also, countAlso, withAlso } from './also.ts';
import { Prisma } from './generated/client.ts';
import { inTime, TooLate } from './in-time.ts';
import { moved, rewriting, TAKEN_BACK } from './moves.ts';
import { quotaRefusal, withinQuota } from './quota.ts';
import { type ChangeRow, toChange } from './rows.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export type { Also } from './also.ts';
export { TooLate } from './in-time.ts';
export { history } from './past.ts';

/** One act of one person on one deal. */
export interface Act {
  key: string;
  verb: string;
  personId: string;
  source: object;
  /** Nothing of it may be committed after this moment. */
  until: Date;
}

export interface Wanted {
  wish: Wish;
  /** From the start: the person chose to queue it behind AWS's lock. */
  waitsFor?: 'locked';
}

/**
 * taken: committed, these Changes exist now. again: this very act was committed before, these are its Changes.
 * stale: the deal was changed by somebody meanwhile; load it again and decide anew.
 */
export type Taken = { outcome: 'taken' | 'again'; changeIds: string[] } | { outcome: 'stale' };

/**
 * The one way a wish enters the house: compare-and-set on the deal's version, the act's key, its Changes and their first
 * transitions, the redraw of posted copies and the agent's wake-up, all in one statement. Where there are two wishes the
 * second is the other half of the first and is cancelled with it. A local wish is confirmed by being written down; `own`
 * sets the lead's owner (no `also` may touch the deal's row: a statement changes a row once).
 * @throws TooLate when `act.until` passed before the commit, UserError when it is more than may be asked of AWS
 * (pipeline/quota.ts); then nothing was written.
 */
export async function request(
  store: Store,
  act: Act,
  deal: { id: string; version: number },
  wanted: Wanted[],
  also: readonly Also[] = [],
): Promise<Taken> {
  const until = new Date(act.until.getTime() + store.skewMs);
  const asked = wanted.map(({ wish, waitsFor }) => ({
    wish,
    waitsFor,
    state: isLocal(wish) ? 'confirmed' : waitsFor ? 'waiting' : 'requested',
  }));
  const ofAws = wanted.map(({ wish }) => wish).filter((wish) => !isLocal(wish));
  const rows = await inTime(
    rowsOf<{ id: string }>(
      store,
      Prisma.sql`
    WITH bumped AS (
      UPDATE deal SET version = version + 1${newOwner(wanted)} WHERE id = ${deal.id} AND version = ${deal.version}
        AND clock_timestamp() < ${until}::timestamptz AND NOT EXISTS (SELECT FROM act WHERE key = ${act.key})
        AND ${withinQuota(act.personId, ofAws)} RETURNING id
    ), acted AS (
      INSERT INTO act (key, person_id, verb, deal_id, valid_until)
      SELECT ${act.key}, ${act.personId}::uuid, ${act.verb}, id, ${until}::timestamptz FROM bumped
      ON CONFLICT (key) DO NOTHING RETURNING key
    ), wanted AS (
      SELECT gen_random_uuid() AS id, gen_random_uuid()::text AS token, w.*, row_number() OVER () AS nth
      FROM acted, jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS w(wish jsonb, "waitsFor" text, state text)
    ), changed AS (
      INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, waits_for, source, client_token, after, due_at, settled_at)
      SELECT id, ${deal.id}, ${act.personId}::uuid, ${act.key}, ${act.verb}, wish->>'kind', wish,
        state, "waitsFor", ${JSON.stringify(act.source)}::text::jsonb, token,
        CASE WHEN nth > 1 THEN (SELECT id FROM wanted WHERE nth = 1) END,
        CASE WHEN "waitsFor" IS NULL THEN now() ELSE now() + make_interval(secs => ${LOCK_RECHECK_MS / 1000}) END,
        CASE WHEN state = 'confirmed' THEN now() END
      FROM wanted ORDER BY nth RETURNING id, seq, state, wish
    ), logged AS (
      INSERT INTO transition (change_id, person_id, state, wish_digest)
      SELECT id, ${act.personId}::uuid, state, digest_of(wish::text) FROM changed ORDER BY seq RETURNING 1
    ), redrawn AS (
      SELECT deliver(${deal.id}::text) FROM acted
    ), woken AS (
      SELECT pg_notify('change_wanted', ${deal.id}::text) FROM acted WHERE ${ofAws.length > 0}
    )${withAlso(also)}
    SELECT id FROM changed
    WHERE (SELECT count(*) FROM logged) + (SELECT count(*) FROM redrawn) + (SELECT count(*) FROM woken)
      + ${countAlso(also)} >= 0
    ORDER BY seq`,
    ),
  );
  if (rows.length > 0) return { outcome: 'taken', changeIds: rows.map((row) => row.id) };
  const before = await changesOf(store, act);
  if (before.length > 0) return { outcome: 'again', changeIds: before };
  if (Date.now() >= act.until.getTime()) throw new TooLate();
  const over = await quotaRefusal(store, act.personId, ofAws);
  if (over) throw new UserError(over);
  return { outcome: 'stale' };
}

/** That we made somebody the owner of a lead is a partner's update of it, as a confirmed Change is (pipeline/attention.ts). */
function newOwner(wanted: Wanted[]): Prisma.Sql {
  const own = wanted.map(({ wish }) => wish).find((wish) => wish.kind === 'own');
  return own
    ? Prisma.sql`, owner_email = ${own.to.email.toLowerCase()}, partner_updated_at = greatest(partner_updated_at, now())`
    : Prisma.empty;
}

/**
 * An act that asks nothing of AWS: its key and what it writes, in one statement.
 * @returns false when this very act was done before; then nothing was written.
 * @throws TooLate when `act.until` passed before the commit; then nothing was written.
 */
export async function enact(
  store: Store,
  act: Act & { dealId?: string },
  also: readonly Also[],
): Promise<boolean> {
  const until = new Date(act.until.getTime() + store.skewMs);
  const rows = await inTime(
    rowsOf<{ key: string }>(
      store,
      Prisma.sql`
    WITH acted AS (
      INSERT INTO act (key, person_id, verb, deal_id, valid_until)
      SELECT ${act.key}, ${act.personId}::uuid, ${act.verb}, ${act.dealId ?? null}, ${until}::timestamptz
      WHERE clock_timestamp() < ${until}::timestamptz ON CONFLICT (key) DO NOTHING RETURNING key
    )${withAlso(also)}
    SELECT key FROM acted WHERE ${countAlso(also)} >= 0`,
    ),
  );
  if (rows.length > 0) return true;
  if (Date.now() >= act.until.getTime() && !(await actedBefore(store, act.key))) throw new TooLate();
  return false;
}

/** The Changes an act of this person asked for, oldest first; empty when there was no such act. */
export async function changesOf(store: Store, act: Pick<Act, 'key' | 'personId'>): Promise<string[]> {
  const rows = await store.prisma.change.findMany({
    where: { actKey: act.key, personId: act.personId },
    select: { id: true },
    orderBy: { seq: 'asc' },
  });
  return rows.map((row) => row.id);
}

/** Whether this very act was committed before. */
export const actedBefore = async (store: Store, key: string): Promise<boolean> =>
  (await store.prisma.act.count({ where: { key } })) > 0;

/** Whether something of this act is for AWS; of what only the desk itself keeps, nothing is. */
export async function asksAws(store: Store, key: string): Promise<boolean> {
  const rows = await rowsOf<{ wish: Wish }>(
    store,
    Prisma.sql`SELECT wish FROM change WHERE act_key = ${key}`,
  );
  return rows.some(({ wish }) => !isLocal(wish));
}

/** Changes by id, oldest first. One query. */
export async function changesById(store: Store, ids: string[]): Promise<Change[]> {
  const rows = await store.prisma.$queryRaw<ChangeRow[]>`
    SELECT c.*, p.first_name, p.last_name, d.company
    FROM change c JOIN person p ON p.id = c.person_id JOIN deal d ON d.id = c.deal_id
    WHERE c.id = ANY(${ids}::uuid[]) ORDER BY c.seq`;
  return rows.map(toChange);
}

/** A Change with the door it came through. */
export async function changeSource(
  store: Store,
  id: string,
): Promise<{ change: Change; source: ChangeRow['source'] } | undefined> {
  const rows = await store.prisma.$queryRaw<ChangeRow[]>`
    SELECT c.*, p.first_name, p.last_name FROM change c JOIN person p ON p.id = c.person_id WHERE c.id = ${id}::uuid`;
  return rows[0] && { change: toChange(rows[0]), source: rows[0].source };
}

/** What AWS cannot have seen yet. */
const UNSENT = Prisma.sql`state IN ('requested', 'sending', 'waiting') AND sent_at IS NULL`;

/**
 * Takes back, or rewrites, a Change that AWS cannot have seen; the agent's hold of it, where it has one, is void then. With
 * a first half its second goes as well. One statement; the same act twice is one act.
 * @returns false when it is too late for that: it was sent, settled, or somebody was faster.
 */
export async function amend(
  store: Store,
  act: Act,
  changeId: string,
  wish: Wish | 'cancel',
): Promise<boolean> {
  const cancels = wish === 'cancel';
  const which = Prisma.sql`(id = ${changeId}::uuid OR after = ${changeId}::uuid AND ${cancels}) AND ${UNSENT}`;
  return moved(store, act, { which, first: changeId, ...(cancels ? TAKEN_BACK : rewriting(wish)) });
}

/**
 * In a conflict: what AWS has stands, the Change is over.
 * @returns false when it was no conflict any more.
 */
export const keepTheirs = (store: Store, act: Act, changeId: string): Promise<boolean> =>
  moved(store, act, {
    which: Prisma.sql`id = ${changeId}::uuid AND state = 'conflict'`,
    first: changeId,
    set: Prisma.sql`state = 'cancelled', settled_at = now(), answer = ${KEPT}`,
    says: KEPT,
    digest: Prisma.sql`NULL`,
  });

const KEPT = 'kept what AWS has';
