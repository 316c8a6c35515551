/** Whether anything changed since a digest was composed: by all the deals from which its lines are chosen, shown or not. */
import { ARMS, BUSY, ENDED, wanted } from './digest-lines.ts';
import type { DigestReader } from './digest-readers.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** How things stood at a moment: another text says that something is another. */
export interface Mark {
  reader: DigestReader;
  at: Date;
  mark: string;
}

/** By reader. To be asked before their digests are composed: what comes in between then counts as changed. One statement. */
export async function marksOf(
  store: Store,
  readers: readonly DigestReader[],
  at: Date,
): Promise<Map<string, Mark>> {
  if (readers.length === 0) return new Map();
  const rows = await rowsOf<{ reader: string; mark: string }>(store, marksSql(readers, at));
  const found = new Map(rows.map(({ reader, mark }) => [reader, mark]));
  return new Map(
    readers.map((reader) => [reader.person.id, { reader, at, mark: found.get(reader.person.id) ?? '' }]),
  );
}

/** An expression: whether it stands differently now. */
export const isAnother = ({ reader, at, mark }: Mark): Prisma.Sql =>
  Prisma.sql`coalesce((SELECT m.mark FROM (${marksSql([reader], at)}) m), '') <> ${mark}`;

/** Each deal with its version; for who reads of what was lost, that too. */
const marksSql = (readers: readonly DigestReader[], at: Date): Prisma.Sql => {
  const weekly = readers.filter(({ lostSince }) => lostSince).map(({ person }) => person.id);
  const yesterday = new Date(at.getTime() - 24 * 60 * 60 * 1000);
  return Prisma.sql`
    WITH want AS MATERIALIZED (${wanted(readers, at)}), busy AS MATERIALIZED (${BUSY}), ended AS MATERIALIZED (${ENDED})
    SELECT f.reader, sum(hashtextextended(f.id, f.version))::text AS mark FROM (
      SELECT w.reader, d.id, d.version FROM want w, LATERAL (${ARMS}) d
      UNION ALL
      SELECT r.id, c.deal_id, 0 FROM unnest(${weekly}::uuid[]) AS r(id), clock c
      WHERE c.outcome = 'lost' AND c.ended_at > ${yesterday}::timestamptz
    ) f GROUP BY f.reader`;
};
