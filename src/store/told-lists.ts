/** Lists of several deals that were told: a posting for each deal of one, so that a change of any of them draws it anew. */
import type { Person } from '../pipeline/person.ts';
import { AGED } from './aged.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** A deal that a list names or counts, and the version it was drawn from. */
export interface OfList {
  id: string;
  version: number;
}

export interface ToldList {
  /** Its notice. */
  id: string;
  personId: string;
  platform: string;
  ref: Record<string, unknown>;
  /** A digest of what it shows. */
  shown: string;
}

/**
 * Of these deals those that have no posting of that list yet, each with the version it was drawn from. They are locked for
 * the moment: of one that changed since, `stale` has the id.
 */
const adding = (
  { id, personId, platform }: Pick<ToldList, 'id' | 'personId' | 'platform'>,
  { ref, shown }: Pick<ToldList, 'ref' | 'shown'>,
  deals: readonly OfList[],
  after: Prisma.Sql,
): Prisma.Sql => Prisma.sql`
  w AS (SELECT * FROM jsonb_to_recordset(${JSON.stringify(deals)}::text::jsonb) AS w(id text, version int)),
  d AS (
    -- Locked in this order by whoever changes roles: person, copies, deals.
    SELECT id, version FROM deal WHERE id IN (SELECT id FROM w) AND ${after} ORDER BY id FOR SHARE
  ), added AS (
    INSERT INTO posting (id, deal_id, person_id, platform, ref, version, shown, shows, notice)
    SELECT gen_random_uuid(), d.id, ${personId}::uuid, ${platform}, ${JSON.stringify(ref)}::text::jsonb, w.version, ${shown},
      'list', ${id}::uuid
    FROM d JOIN w USING (id) WHERE NOT EXISTS (
      SELECT FROM posting o WHERE o.notice = ${id}::uuid AND o.platform = ${platform} AND o.deal_id = d.id)
    RETURNING deal_id, version
  ), stale AS (SELECT d.id FROM added a JOIN d ON d.id = a.deal_id AND d.version > a.version)`;

/**
 * Remembers one that was told. Where a deal changed between drawing and remembering, or its reader's role is no longer `role`,
 * it is redrawn at once. The same twice counts once.
 */
export async function keepList(
  store: Store,
  list: ToldList,
  { role, deals }: { role: Person['role']; deals: readonly OfList[] },
): Promise<void> {
  const reader = Prisma.sql`(SELECT count(*) FROM reader) = 1`;
  const [row] = await rowsOf<{ isOther: boolean; many: number }>(
    store,
    Prisma.sql`
    WITH reader AS (SELECT role FROM person WHERE id = ${list.personId}::uuid FOR SHARE),
    ${adding(list, list, deals, reader)}
    SELECT (SELECT role FROM reader) IS DISTINCT FROM ${role} AS "isOther",
      (SELECT count(deliver(id)) FROM stale)::int AS many`,
  );
  if (row?.isOther) await ageList(store, list);
}

/** One that stands, as it is to be looked at. */
export interface StandingList extends ToldList {
  /** With an account that was its reader's and is nobody now. */
  isShut: boolean;
  /** Something may have changed since it was drawn. */
  isAged: boolean;
  /** Of each deal the version it shows, and the deal's own. */
  lines: { posting: string; version: number; now: number }[];
}

/** Undefined where it stands no more. One query. */
export async function listStanding(
  store: Store,
  id: string,
  platform: string,
): Promise<StandingList | undefined> {
  const [row] = await rowsOf<Omit<StandingList, 'isAged'>>(
    store,
    Prisma.sql`
    SELECT ${id} AS id, p.person_id AS "personId", p.platform, p.ref, bool_or(p.shut) AS "isShut",
      CASE WHEN count(DISTINCT p.shown) = 1 THEN min(p.shown) ELSE '' END AS shown,
      json_agg(json_build_object('posting', p.id, 'version', p.version, 'now', d.version) ORDER BY p.id) AS lines
    FROM posting p JOIN deal d ON d.id = p.deal_id
    WHERE p.notice = ${id}::uuid AND p.platform = ${platform} AND p.ended_at IS NULL
    GROUP BY p.person_id, p.platform, p.ref ORDER BY max(p.at) DESC LIMIT 1`,
  );
  return row && { ...row, isAged: row.lines.some(({ version, now }) => version < now) };
}

/**
 * It now shows those versions and stands there; `deals` are those that it speaks of by now. Where it was drawn otherwise
 * meanwhile nobody knows which drawing came last: it is drawn once more.
 */
export async function moveList(
  store: Store,
  list: StandingList,
  { shown, ref, deals }: Pick<ToldList, 'shown' | 'ref'> & { deals: readonly OfList[] },
): Promise<void> {
  const { lines } = list;
  const [row] = await rowsOf<{ moved: number }>(
    store,
    Prisma.sql`
    WITH moved AS (
      UPDATE posting p SET version = w.now, shown = ${shown}, ref = ${JSON.stringify(ref)}::text::jsonb
      FROM jsonb_to_recordset(${JSON.stringify(lines)}::text::jsonb) AS w(posting uuid, version int, now int)
      WHERE p.id = w.posting AND p.version = w.version AND p.ended_at IS NULL RETURNING 1
    ), ${adding(list, { ref, shown }, deals, Prisma.sql`(SELECT count(*) FROM moved) >= 0`)}
    SELECT (SELECT count(*) FROM moved)::int AS moved, (SELECT count(deliver(id)) FROM stale)::int AS many`,
  );
  if (row?.moved !== lines.length) await ageList(store, list);
}

async function ageList(store: Store, { id, platform }: Pick<ToldList, 'id' | 'platform'>): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH aged AS (
      UPDATE posting SET ${AGED}, shown = ''
      WHERE notice = ${id}::uuid AND platform = ${platform} AND ended_at IS NULL RETURNING deal_id
    )
    SELECT deliver(deal_id) FROM (SELECT min(deal_id) AS deal_id FROM aged) a WHERE deal_id IS NOT NULL`,
  );
}

/** The message is gone, or says its last: no redraw is tried any more. */
export async function endList(
  store: Store,
  { id, platform }: Pick<ToldList, 'id' | 'platform'>,
  now: Date,
): Promise<void> {
  await store.prisma.posting.updateMany({
    where: { notice: id, platform, endedAt: null },
    data: { endedAt: now },
  });
}
