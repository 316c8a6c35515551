/** The worklist and the lists, answered from the mirror by indexes: their cost does not grow with the pipeline. */
import type { SectionId } from '../pipeline/attention.ts';
import { dayIn } from '../pipeline/calendar.ts';
import { DIGEST_SECTIONS, type DigestSection } from '../pipeline/digest.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { boundsOf, type View } from '../pipeline/views.ts';
import type { Lines } from '../views/list.ts';
import { Prisma } from './generated/client.ts';
import { groundOf, LINE_COLUMNS, type LineRow, linesSql, toLines } from './lines.ts';
import { ASKED, OPEN_CHANGE, sectionsSql } from './sections.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { flaggedSql, ORDERS, PENDING, viewSql } from './views.ts';

export interface DeskLines {
  sections: Map<SectionId, Lines>;
  /** A Partner Solutions Finder lead waits, which the reader may know, but not see. */
  finderWaits: boolean;
}

/**
 * What needs a look, by section, at most `perSection` lines each, in one statement. A deal stands once, where it is lost
 * first; the totals count it wherever it belongs. Days are those of the reader's zone: a midnight elsewhere moves nothing.
 */
export async function deskLines(
  store: Store,
  actor: Person,
  now: Date,
  perSection: number,
): Promise<DeskLines> {
  const ground = groundOf(actor);
  const sections = sectionsOf(actor, now);
  const parts = sections.map(([id, where, order], nth) =>
    // A section may find its first lines shown already, by those above it.
    linesSql(ground, { id, where, order, limit: perSection * (nth + 1) }),
  );
  const whole = Prisma.join([...parts, ...finderSql(actor)], ' UNION ALL ');
  const rows = await rowsOf<DeskRow>(
    store,
    Prisma.sql`${ground.head} SELECT l.*, (${laterSql(actor, now)}) AS later_at FROM (${whole}) l`,
  );
  const shown = new Set<string>();
  const found = sections.map(([id]): [SectionId, Lines] => {
    const all = toDeskLines(rows.filter((row) => row.section === id));
    const lines = all.lines.filter(({ deal }) => !shown.has(deal.id)).slice(0, perSection);
    for (const { deal } of lines) shown.add(deal.id);
    return [id, { ...all, lines }];
  });
  return { sections: new Map(found), finderWaits: rows.some(({ section }) => section === FINDER) };
}

interface DeskRow extends LineRow {
  later_at: Date | null;
}

/** Until when the reader put it off, or what it was before: so long it is out of their digest and sprint. */
const laterSql = (actor: Person, now: Date): Prisma.Sql => Prisma.sql`
  SELECT max(r.at) FROM reminder r WHERE r.person_id = ${actor.id}::uuid AND r.told_at IS NULL AND r.at > ${now}::timestamptz
    AND r.deal_id = ANY(ARRAY(SELECT l.detail->>'id' UNION SELECT i.id FROM deal i WHERE i.successor = l.detail->>'id'))`;

function toDeskLines(rows: readonly DeskRow[]): Lines {
  const all = toLines(rows);
  const lines = all.lines.map((line, nth) => {
    const laterAt = rows[nth]?.later_at;
    return laterAt ? { ...line, laterAt } : line;
  });
  return { ...all, lines };
}

/** All that is pending acceptance, in the order in which it is lost. Two clocks: the earlier counts. Paged. */
export const pendingLines = (store: Store, actor: Person, limit: number, offset = 0): Promise<Lines> =>
  page(store, actor, PENDING, ORDERS.due, limit, offset);

/** All that AWS asked a change for, in the desk's order. Paged. */
export const askedLines = (store: Store, actor: Person, limit: number, offset = 0): Promise<Lines> =>
  page(store, actor, ASKED, ORDERS.close, limit, offset);

/** The pipeline of opportunities and accepted leads by close date, the earliest first; closed deals come last. Paged. */
export const pipelineLines = (store: Store, actor: Person, limit: number, offset = 0): Promise<Lines> =>
  page(
    store,
    actor,
    Prisma.sql`d.kind IN ('opportunity', 'lead') AND d.invited_at IS NULL`,
    ORDERS['open first'],
    limit,
    offset,
  );

/** What stands in one of the preset views, for this reader. Paged. One statement. */
export const viewLines = (
  store: Store,
  actor: Person,
  view: View,
  now: Date,
  limit: number,
  offset: number,
): Promise<Lines> => {
  const where = viewSql(view, actor, boundsOf(now, actor.timeZone));
  return page(store, actor, where, ORDERS[view.order], limit, offset);
};

async function page(
  store: Store,
  actor: Person,
  where: Prisma.Sql,
  order: Prisma.Sql,
  limit: number,
  offset: number,
): Promise<Lines> {
  const ground = groundOf(actor);
  const wanted = { id: 'page', where, order, limit, offset };
  return toLines(await rowsOf<LineRow>(store, Prisma.sql`${ground.head}${linesSql(ground, wanted)}`));
}

type SectionSql = [id: SectionId, where: Prisma.Sql, order: Prisma.Sql];

/** The reader's own marks stand last. */
function sectionsOf(actor: Person, now: Date): SectionSql[] {
  const where = sectionsSql(now, Prisma.sql`${dayIn(now, actor.timeZone)}::date`);
  return [
    ...DIGEST_SECTIONS.map((id): SectionSql => [id, where[id], ORDER_IN[id]]),
    ['flagged', Prisma.sql`${flaggedSql(actor)} AND (d.invited_at IS NULL OR ${PENDING})`, ORDERS.close],
  ];
}

/** The order within each section. */
export const ORDER_IN: Record<DigestSection, Prisma.Sql> = {
  pending: ORDERS.due,
  'action-required': ORDERS.close,
  'launch-pending': ORDERS.close,
  closing: ORDERS.close,
  'past-close': ORDERS.close,
  stale: ORDERS.quiet,
  'in-review': ORDERS.review,
  rejected: Prisma.sql`d.status_since DESC, d.id DESC`,
  waiting: Prisma.sql`(SELECT min(seq) FROM change WHERE deal_id = d.id AND ${OPEN_CHANGE})`,
};

const FINDER = 'finder';

/**
 * That one waits, and nothing about it: a row of nulls. For who sees everything but these (sales guide, Accessing leads:
 * they "receive automated messages when a lead is generated" there).
 */
function finderSql(actor: Person): Prisma.Sql[] {
  if (actor.role === 'alliance lead' || !seesEverything(actor)) return [];
  return [
    Prisma.sql`(SELECT ${FINDER}::text AS section, 1 AS total, ${LINE_COLUMNS}
      FROM (SELECT 1 FROM deal f WHERE f.psf AND f.gone_at IS NULL AND f.status = 'PENDING' AND f.successor IS NULL
        AND f.invited_at IS NOT NULL LIMIT 1) waits LEFT JOIN deal d ON false)`,
  ];
}
