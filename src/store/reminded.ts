/** What people look at again later: their own list of it, and how much of their work it is. */
import type { Person } from '../pipeline/person.ts';
import type { Lines } from '../views/list.ts';
import { Prisma } from './generated/client.ts';
import { groundOf, type LineRow, linesSql, toLines } from './lines.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** With the moment of each, by the deal's id. */
export interface Reminded extends Lines {
  at: ReadonlyMap<string, Date>;
}

/** What that person put off and may still see, the next first; on what it became where an invitation was put off. */
export async function remindedLines(
  store: Store,
  actor: Person,
  now: Date,
  limit: number,
): Promise<Reminded> {
  const ground = groundOf(actor);
  const mine = mineSql(actor, now);
  const wanted = {
    ...{ id: 'reminded', limit },
    where: Prisma.sql`d.id = ANY(ARRAY(SELECT deal_id FROM (${mine}) m))`,
    order: Prisma.sql`(SELECT min(m.at) FROM (${mine}) m WHERE m.deal_id = d.id), d.id`,
  };
  const rows = await rowsOf<LineRow>(store, Prisma.sql`${ground.head}${linesSql(ground, wanted)}`);
  const times = await rowsOf<{ id: string; at: Date }>(
    store,
    Prisma.sql`SELECT m.deal_id AS id, min(m.at) AS at FROM (${mine}) m GROUP BY m.deal_id`,
  );
  return { ...toLines(rows), at: new Map(times.map(({ id, at }) => [id, at])) };
}

const mineSql = ({ id }: Pick<Person, 'id'>, now: Date): Prisma.Sql => Prisma.sql`
  SELECT coalesce(i.successor, r.deal_id) AS deal_id, r.at FROM reminder r LEFT JOIN deal i ON i.id = r.deal_id
  WHERE r.person_id = ${id}::uuid AND r.told_at IS NULL AND r.at > ${now}::timestamptz`;

/** Of the deals that person owns, how many they look at again later. */
export async function putOff(store: Store, actor: Person, now: Date): Promise<number> {
  const [row] = await rowsOf<{ many: number }>(
    store,
    Prisma.sql`
    SELECT count(*)::int AS many FROM deal d
    WHERE d.id IN (SELECT deal_id FROM (${mineSql(actor, now)}) m) AND d.gone_at IS NULL AND d.invited_at IS NULL
      AND d.owner_email = ANY(${[actor.email, ...actor.otherEmails]}::text[])`,
  );
  return row?.many ?? 0;
}
