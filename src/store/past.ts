/** What was asked and what came of it, as far as a person may know. */
import { type Person, seesEverything } from '../pipeline/person.ts';
import type { Told } from '../views/history.ts';
import { Prisma } from './generated/client.ts';
import { type ChangeRow, type TransitionRow, toChange, toTransition } from './rows.ts';
import { sight } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Newest first, for one deal (also of what it was before) or for all a person may know. */
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

/** What is open, oldest first, of all a person may know. */
export async function open(store: Store, actor: Person, limit: number): Promise<Told[]> {
  const of = Prisma.sql`c.state IN ('requested', 'sending', 'waiting') AND ${mayKnow(actor)}`;
  return told(store, of, Prisma.sql`c.seq`, limit);
}

const CONFLICT_DAYS = 30;

/** What this person asked lately, met somebody else's change and is still to be decided (pipeline/conflict.ts), newest first. */
export async function conflicts(store: Store, actor: Person, limit: number): Promise<Told[]> {
  const of = Prisma.sql`c.state = 'conflict' AND c.found IS NOT NULL AND c.person_id = ${actor.id}::uuid AND ${sight(actor)}
    AND c.requested_at > now() - make_interval(days => ${CONFLICT_DAYS})
    AND NOT EXISTS (SELECT FROM change n WHERE n.deal_id = c.deal_id AND n.seq > c.seq AND n.kind = c.kind
      AND n.state NOT IN ('refused', 'cancelled') AND EXISTS (
        SELECT jsonb_object_keys(n.wish->'set') INTERSECT SELECT jsonb_object_keys(c.wish->'set')))`;
  return told(store, of, Prisma.sql`c.seq DESC`, limit);
}

/** Of deals they may see, an ACE user what they asked themselves. */
const mayKnow = (actor: Person): Prisma.Sql =>
  seesEverything(actor) ? sight(actor) : Prisma.sql`(c.person_id = ${actor.id}::uuid AND ${sight(actor)})`;

async function told(store: Store, where: Prisma.Sql, order: Prisma.Sql, limit: number): Promise<Told[]> {
  const rows = await rowsOf<ChangeRow & { company: string; transitions: TransitionRow[] }>(
    store,
    Prisma.sql`
    SELECT c.*, p.first_name, p.last_name, d.company,
      (SELECT coalesce(json_agg(t ORDER BY t.id), '[]') FROM (
         SELECT t.*, trim(w.first_name || ' ' || w.last_name) AS by FROM transition t
         LEFT JOIN person w ON w.id = t.person_id WHERE t.change_id = c.id) t) AS transitions
    FROM change c JOIN person p ON p.id = c.person_id JOIN deal d ON d.id = c.deal_id
    WHERE ${where} ORDER BY ${order} LIMIT ${limit}`,
  );
  return rows.map((row) => ({
    change: toChange(row),
    transitions: row.transitions.map(toTransition),
    company: row.company,
  }));
}
