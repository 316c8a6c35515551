/** What a person does to Changes that were asked before. */
import type { Wish } from '../pipeline/change.ts';
import { EDITABLE, type EditableId } from '../pipeline/fields.ts';
import type { Act } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { inTime } from './in-time.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface Move {
  /** A condition on change; `first` is the one it is about. */
  which: Prisma.Sql;
  first: string;
  /** What becomes of a Change `c`: a list of SET. */
  set: Prisma.Sql;
  says: string;
  /** The digest of the new wish. */
  digest: Prisma.Sql;
}

export const TAKEN_BACK: Pick<Move, 'set' | 'says' | 'digest'> = {
  set: Prisma.sql`state = 'cancelled', settled_at = now(), answer = NULL`,
  says: 'taken back before it was sent',
  digest: Prisma.sql`NULL`,
};

export const rewriting = (wish: Wish): Pick<Move, 'set' | 'says' | 'digest'> => ({
  set: Prisma.sql`state = CASE WHEN c.waits_for IS NULL THEN 'requested' ELSE 'waiting' END,
    wish = ${JSON.stringify(wish)}::text::jsonb`,
  says: `rewritten: ${rewritten(wish)}`,
  digest: Prisma.sql`digest_of(wish::text)`,
});

/** One statement; the same act twice is one act. @returns false when none of them was as `which` says. @throws TooLate */
export async function moved(store: Store, act: Act, move: Move): Promise<boolean> {
  const { which, first, set, says, digest } = move;
  const until = new Date(act.until.getTime() + store.skewMs);
  const rows = await inTime(
    rowsOf(
      store,
      Prisma.sql`
    WITH meant AS (
      SELECT id, deal_id FROM change WHERE ${which} ORDER BY seq FOR UPDATE
    ), acted AS (
      INSERT INTO act (key, person_id, verb, deal_id, valid_until)
      SELECT ${act.key}, ${act.personId}::uuid, ${act.verb}, deal_id, ${until}::timestamptz FROM meant
      WHERE id = ${first}::uuid ON CONFLICT (key) DO NOTHING RETURNING key
    ), amended AS (
      UPDATE change c SET ${set}, attempts = c.attempts + 1
      FROM meant, acted WHERE c.id = meant.id RETURNING c.id, c.deal_id, c.state, c.wish
    ), logged AS (
      INSERT INTO transition (change_id, person_id, state, answer, wish_digest)
      SELECT id, ${act.personId}::uuid, state, ${says}, ${digest} FROM amended RETURNING 1
    ), bumped AS (
      UPDATE deal SET version = version + 1 FROM (SELECT DISTINCT deal_id FROM amended) a
      WHERE deal.id = a.deal_id RETURNING deal.id
    ), redrawn AS (
      SELECT deliver(id) FROM bumped
    ), woken AS (
      SELECT pg_notify('change_settled', id::text) FROM amended
    )
    SELECT id FROM amended WHERE (SELECT count(*) FROM logged) + (SELECT count(*) FROM redrawn)
      + (SELECT count(*) FROM woken) >= 0`,
    ),
  );
  return rows.length > 0;
}

/** Every new value, a line of text each. */
function rewritten(wish: Wish): string {
  if (wish.kind !== 'update') return wish.kind;
  const values = Object.entries(wish.set);
  const [only] = values;
  return values.length === 1 && only?.[0] === 'nextStep'
    ? only[1]
    : values.map(([field, value]) => `${EDITABLE[field as EditableId].label}: ${value}`).join('; ');
}
