/** Whether the record of what was asked is whole: each step carries the hash of the one before (migration verbs_and_law). */
import type { ChangeState } from '../pipeline/change.ts';
import type { Person } from '../pipeline/person.ts';
import type { Audit, Break } from '../views/audit.ts';
import { Prisma } from './generated/client.ts';
import { sight } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** So many Changes a statement: none of them takes long, and people's own come in between. */
const AT_ONCE = 2000;
/** The least int8: also what somebody put in with a number of their own is walked. */
const BEFORE_ALL = '-9223372036854775808';

/**
 * Walks the life of every Change, oldest first, up to the first break. `actor`: only what that person may see is walked.
 * A whole Change removed with all its steps, or a last step of an open one, leaves nothing to be seen here.
 */
export async function verifyChain(store: Store, actor?: Person): Promise<Audit> {
  const audit: Audit = { changes: 0, steps: 0, breaks: [] };
  const of = actor ? Prisma.sql`(d.id IS NULL OR ${sight(actor)})` : Prisma.sql`true`;
  for (let after = BEFORE_ALL; ; ) {
    const [row] = await rowsOf<Stretch>(store, stretch(after, of));
    if (!row || row.last === null) return audit;
    audit.changes += row.changes;
    audit.steps += row.steps;
    if (row.first) return { ...audit, breaks: [toBreak(row.first)] };
    after = row.last;
  }
}

interface Stretch {
  changes: number;
  steps: number;
  /** The last one's seq, as text. */
  last: string | null;
  first: BreakRow | null;
}

interface BreakRow {
  what: Break['what'];
  change_id: string;
  deal_id: string;
  kind: string;
  nth: number | null;
  at: string;
  change_state: ChangeState;
  step_state: ChangeState | null;
}

/**
 * One stretch. A step breaks where its answer is not the one it was written with, or its link does not follow from the
 * step before; a Change where its wish, asker or state is not what its steps say. It is `sending` without a step of that
 * name when it is tried again; a purged answer leaves its digest, and so does a purged wish, which claims nothing. Steps
 * are looked up Change by Change: without fresh statistics a planner may compare each with each.
 */
const stretch = (after: string, of: Prisma.Sql): Prisma.Sql => Prisma.sql`
  WITH walked AS (
    SELECT c.* FROM change c LEFT JOIN deal d ON d.id = c.deal_id
    WHERE c.seq > ${after}::text::int8 AND ${of} ORDER BY c.seq LIMIT ${AT_ONCE}
  ), steps AS (
    SELECT t.*, c.seq FROM walked c CROSS JOIN LATERAL (
      SELECT *, row_number() OVER life AS nth, lag(hash) OVER life AS before
      FROM transition WHERE change_id = c.id WINDOW life AS (ORDER BY id)) t
  ), broken_steps AS (
    SELECT CASE WHEN digest_of(answer) IS DISTINCT FROM answer_digest AND answer IS NOT NULL THEN 'answer' ELSE 'link' END AS what, change_id, seq, nth, at, state
    FROM steps WHERE answer IS NOT NULL AND digest_of(answer) IS DISTINCT FROM answer_digest
      OR hash IS DISTINCT FROM
        link_of(before, change_id, state, at, person_id, answer_digest, aws_request_id, wish_digest)
  ), broken_changes AS (
    SELECT CASE WHEN l.nth IS NULL THEN 'no-steps'
        WHEN l.wish_digest <> digest_of(c.wish::text) AND c.wish <> purged_wish(c.kind) THEN 'wish'
        WHEN l.asker <> c.person_id THEN 'asker'
        WHEN c.state <> l.state AND NOT (c.state = 'sending' AND l.state IN ('requested', 'waiting')) THEN 'state' END AS what,
      c.id AS change_id, c.seq, l.nth, coalesce(l.at, c.requested_at) AS at, l.state
    FROM walked c CROSS JOIN LATERAL (
      SELECT nullif(count(*), 0) AS nth, (array_agg(person_id ORDER BY id))[1] AS asker,
        (array_agg(wish_digest ORDER BY id DESC) FILTER (WHERE wish_digest IS NOT NULL))[1] AS wish_digest,
        (array_agg(state ORDER BY id DESC))[1] AS state, (array_agg(at ORDER BY id DESC))[1] AS at
      FROM transition WHERE change_id = c.id) l
  ), first AS (
    SELECT b.what, b.change_id, c.deal_id, c.kind, b.nth::int, b.at, c.state AS change_state, b.state AS step_state
    FROM (SELECT * FROM broken_steps UNION ALL SELECT * FROM broken_changes WHERE what IS NOT NULL) b
    JOIN change c ON c.id = b.change_id ORDER BY b.seq, what = 'state', b.nth LIMIT 1
  )
  SELECT (SELECT count(*) FROM walked)::int AS changes, (SELECT count(*) FROM steps)::int AS steps,
    (SELECT max(seq) FROM walked)::text AS last, (SELECT to_json(first) FROM first) AS first`;

const toBreak = (row: BreakRow): Break => ({
  what: row.what,
  changeId: row.change_id,
  dealId: row.deal_id,
  kind: row.kind,
  ...(row.nth === null ? {} : { step: row.nth }),
  at: new Date(row.at).toISOString(),
  ...(row.what === 'state' && row.step_state
    ? { says: { change: row.change_state, step: row.step_state } }
    : {}),
});
