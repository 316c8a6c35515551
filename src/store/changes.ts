/** Asking: a person's act becomes Changes, in one statement. */

import type { Change, Wish } from '../pipeline/change.ts';
import type { Person } from '../pipeline/person.ts';
import { seesEverything } from '../pipeline/person.ts';
import type { Told } from '../views/history.ts';
import { Prisma } from './generated/client.ts';
import { type ChangeRow, type TransitionRow, toChange, toTransition } from './rows.ts';
import { rowsOf } from './sql.ts';
import { sqlState, TOO_LATE } from './sql-error.ts';
import type { Store } from './store.ts';

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

/** The database refused a commit because the door had already answered "not taken". */
export class TooLate extends Error {
  override name = 'TooLate';
}

const RECHECK_LOCK_MINUTES = 15;

/**
 * The one way a wish enters the house: compare-and-set on the deal's version, the act's key, its Changes and their first
 * transitions, the redraw of posted copies and the agent's wake-up, all in one statement. Where there are two wishes the
 * second is the other half of the first and is cancelled with it.
 * @throws TooLate when `act.until` passed before the commit; then nothing was written.
 */
export async function request(
  store: Store,
  act: Act,
  deal: { id: string; version: number },
  wanted: Wanted[],
): Promise<Taken> {
  const until = new Date(act.until.getTime() + store.skewMs);
  const rows = await inTime(
    rowsOf<{ id: string }>(
      store,
      Prisma.sql`
    WITH bumped AS (
      UPDATE deal SET version = version + 1 WHERE id = ${deal.id} AND version = ${deal.version}
        AND clock_timestamp() < ${until}::timestamptz RETURNING id
    ), acted AS (
      INSERT INTO act (key, person_id, verb, deal_id, valid_until)
      SELECT ${act.key}, ${act.personId}::uuid, ${act.verb}, id, ${until}::timestamptz FROM bumped
      ON CONFLICT (key) DO NOTHING RETURNING key
    ), wanted AS (
      SELECT gen_random_uuid() AS id, gen_random_uuid()::text AS token, w.*, row_number() OVER () AS nth
      FROM acted, jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) AS w(wish jsonb, "waitsFor" text)
    ), changed AS (
      INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, waits_for, source, client_token, after, due_at)
      SELECT id, ${deal.id}, ${act.personId}::uuid, ${act.key}, ${act.verb}, wish->>'kind', wish,
        CASE WHEN "waitsFor" IS NULL THEN 'requested' ELSE 'waiting' END, "waitsFor", ${JSON.stringify(act.source)}::text::jsonb, token,
        CASE WHEN nth > 1 THEN (SELECT id FROM wanted WHERE nth = 1) END,
        CASE WHEN "waitsFor" IS NULL THEN now() ELSE now() + make_interval(mins => ${RECHECK_LOCK_MINUTES}) END
      FROM wanted ORDER BY nth RETURNING id, seq, state
    ), logged AS (
      INSERT INTO transition (change_id, state) SELECT id, state FROM changed ORDER BY seq RETURNING 1
    ), redrawn AS (
      SELECT deliver(${deal.id}::text) FROM acted
    ), woken AS (
      SELECT pg_notify('change_wanted', ${deal.id}::text) FROM acted
    )
    SELECT id FROM changed
    WHERE (SELECT count(*) FROM logged) + (SELECT count(*) FROM redrawn) + (SELECT count(*) FROM woken) >= 0
    ORDER BY seq`,
    ),
  );
  if (rows.length > 0) return { outcome: 'taken', changeIds: rows.map((row) => row.id) };
  const before = await changesOf(store, act);
  if (before.length > 0) return { outcome: 'again', changeIds: before };
  if (Date.now() >= act.until.getTime()) throw new TooLate();
  return { outcome: 'stale' };
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

/** What was asked and what came of it, newest first, for one deal (also of what it was before) or for all a person may see. */
export async function history(
  store: Store,
  actor: Person,
  dealId: string | undefined,
  limit: number,
): Promise<Told[]> {
  const of = dealId
    ? Prisma.sql`(c.deal_id = ${dealId} OR c.deal_id IN (SELECT id FROM deal WHERE successor = ${dealId}))`
    : mayKnow(actor);
  return told(store, of, Prisma.sql`c.seq DESC`, limit);
}

/** What is open, oldest first, of all a person may see. */
export async function open(store: Store, actor: Person, limit: number): Promise<Told[]> {
  const of = Prisma.sql`c.state IN ('requested', 'sending', 'waiting') AND ${mayKnow(actor)}`;
  return told(store, of, Prisma.sql`c.seq`, limit);
}

const mayKnow = (actor: Person) =>
  seesEverything(actor)
    ? Prisma.sql`true`
    : Prisma.sql`(c.person_id = ${actor.id}::uuid AND d.owner_email = ${actor.email})`;

async function told(store: Store, where: Prisma.Sql, order: Prisma.Sql, limit: number): Promise<Told[]> {
  const rows = await store.prisma.$queryRaw<
    (ChangeRow & { company: string; transitions: TransitionRow[] })[]
  >`
    SELECT c.*, p.first_name, p.last_name, d.company,
      (SELECT coalesce(json_agg(t ORDER BY t.id), '[]') FROM (
         SELECT t.*, trim(w.first_name || ' ' || w.last_name) AS by FROM transition t
         LEFT JOIN person w ON w.id = t.person_id WHERE t.change_id = c.id) t) AS transitions
    FROM change c JOIN person p ON p.id = c.person_id JOIN deal d ON d.id = c.deal_id
    WHERE ${where} ORDER BY ${order} LIMIT ${limit}`;
  return rows.map((row) => ({
    change: toChange(row),
    transitions: row.transitions.map(toTransition),
    company: row.company,
  }));
}

/**
 * Takes back, or rewrites, a Change that AWS cannot have seen; the agent's hold of it, where it has one, is void then. One
 * statement; the same act twice is one act.
 * @returns false when it is too late for that: it was sent, settled, or somebody was faster.
 */
export async function amend(
  store: Store,
  act: Act,
  changeId: string,
  wish: Wish | 'cancel',
): Promise<boolean> {
  const until = new Date(act.until.getTime() + store.skewMs);
  const before = Prisma.sql`CASE WHEN c.waits_for IS NULL THEN 'requested' ELSE 'waiting' END`;
  const state = wish === 'cancel' ? Prisma.sql`'cancelled'` : before;
  const settled = wish === 'cancel' ? Prisma.sql`now()` : Prisma.sql`NULL`;
  const newWish = wish === 'cancel' ? Prisma.sql`c.wish` : Prisma.sql`${JSON.stringify(wish)}::text::jsonb`;
  const answer = wish === 'cancel' ? 'taken back before it was sent' : `rewritten: ${rewritten(wish)}`;
  const rows = await inTime(
    store.prisma.$queryRaw<{ id: string }[]>`
    WITH meant AS (
      SELECT id, deal_id FROM change WHERE (id = ${changeId}::uuid OR after = ${changeId}::uuid AND ${wish === 'cancel'})
        AND state IN ('requested', 'sending', 'waiting') AND sent_at IS NULL ORDER BY seq FOR UPDATE
    ), acted AS (
      INSERT INTO act (key, person_id, verb, deal_id, valid_until)
      SELECT ${act.key}, ${act.personId}::uuid, ${act.verb}, deal_id, ${until}::timestamptz FROM meant
      WHERE id = ${changeId}::uuid ON CONFLICT (key) DO NOTHING RETURNING key
    ), amended AS (
      UPDATE change c SET state = ${state}, wish = ${newWish}, settled_at = ${settled}::timestamptz,
        answer = CASE WHEN ${wish === 'cancel'} THEN NULL ELSE c.answer END, attempts = c.attempts + 1
      FROM meant, acted WHERE c.id = meant.id RETURNING c.id, c.deal_id, c.state
    ), logged AS (
      INSERT INTO transition (change_id, person_id, state, answer)
      SELECT id, ${act.personId}::uuid, state, ${answer} FROM amended RETURNING 1
    ), bumped AS (
      UPDATE deal SET version = version + 1 FROM amended WHERE deal.id = amended.deal_id RETURNING deal.id
    ), redrawn AS (
      SELECT deliver(id) FROM bumped
    ), woken AS (
      SELECT pg_notify('change_settled', id::text) FROM amended
    )
    SELECT id FROM amended WHERE (SELECT count(*) FROM logged) + (SELECT count(*) FROM redrawn)
      + (SELECT count(*) FROM woken) >= 0`,
  );
  return rows.length > 0;
}

const rewritten = (wish: Wish): string => (wish.kind === 'update' ? (wish.set.nextStep ?? '') : '');

async function inTime<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    // The act_in_time trigger: the commit came after the door had answered.
    if (sqlState(error) === TOO_LATE) throw new TooLate();
    throw error;
  }
}
