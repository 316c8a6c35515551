/** The worklist and the lists, answered from the mirror by indexes: their cost does not grow with the pipeline. */
import {
  CLOSING_DAYS,
  REJECTED_DAYS,
  REVIEW_BUSINESS_DAYS,
  type SectionId,
  WATCHED_STATUSES,
} from '../pipeline/attention.ts';
import { businessDaysAgo, dayIn } from '../pipeline/calendar.ts';
import { QUIET_LEADS } from '../pipeline/lead-views.ts';
import { OPEN_STAGES } from '../pipeline/opportunity.ts';
import { QUIET_OPPORTUNITIES } from '../pipeline/opportunity-views.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { type Bounds, boundsOf, type View } from '../pipeline/views.ts';
import type { Lines } from '../views/list.ts';
import { Prisma } from './generated/client.ts';
import { groundOf, LINE_COLUMNS, type LineRow, linesSql, toLines } from './lines.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { flaggedSql, ORDERS, PENDING, viewSql, whichSql } from './views.ts';

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
  const rows = await rowsOf<LineRow>(
    store,
    Prisma.sql`${ground.head}${Prisma.join([...parts, ...finderSql(actor)], ' UNION ALL ')}`,
  );
  const shown = new Set<string>();
  const found = sections.map(([id]): [SectionId, Lines] => {
    const all = toLines(rows.filter((row) => row.section === id));
    const lines = all.lines.filter(({ deal }) => !shown.has(deal.id)).slice(0, perSection);
    for (const { deal } of lines) shown.add(deal.id);
    return [id, { ...all, lines }];
  });
  return { sections: new Map(found), finderWaits: rows.some(({ section }) => section === FINDER) };
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

/** As `needsAttention` of pipeline/attention.ts says it for one deal. */
function sectionsOf(actor: Person, now: Date): SectionSql[] {
  const bounds = boundsOf(now, actor.timeZone);
  const today = dayIn(now, actor.timeZone);
  const rejectedSince = new Date(now.getTime() - REJECTED_DAYS * 24 * 60 * 60 * 1000);
  return [
    ['pending', PENDING, ORDERS.due],
    ['action-required', ASKED, ORDERS.close],
    [
      'closing',
      Prisma.sql`${WATCHED} AND d.close_date BETWEEN ${today}::date AND ${today}::date + ${CLOSING_DAYS}::int`,
      ORDERS.close,
    ],
    ['past-close', Prisma.sql`${WATCHED} AND d.close_date < ${today}::date`, ORDERS.close],
    ['stale', staleSql(actor, bounds), ORDERS.quiet],
    [
      'in-review',
      Prisma.sql`d.kind = 'opportunity' AND d.status IN ('Submitted', 'In review')
        AND d.status_since < ${businessDaysAgo(REVIEW_BUSINESS_DAYS, now)}::timestamptz`,
      ORDERS.review,
    ],
    [
      'rejected',
      Prisma.sql`d.kind = 'opportunity' AND d.status = 'Rejected' AND d.status_since >= ${rejectedSince}::timestamptz`,
      Prisma.sql`d.status_since DESC, d.id DESC`,
    ],
    [
      'waiting',
      Prisma.sql`d.id IN (SELECT deal_id FROM change WHERE ${OPEN})`,
      Prisma.sql`(SELECT min(seq) FROM change WHERE deal_id = d.id AND ${OPEN})`,
    ],
    ['flagged', Prisma.sql`${flaggedSql(actor)} AND (d.invited_at IS NULL OR ${PENDING})`, ORDERS.close],
  ];
}

const ASKED = Prisma.sql`d.kind = 'opportunity' AND d.status = 'Action Required'`;

const OPEN = Prisma.sql`state IN ('requested', 'sending', 'waiting')`;

const WATCHED = Prisma.sql`d.kind = 'opportunity' AND d.status IN (${Prisma.join([...WATCHED_STATUSES])})
  AND d.stage IN (${Prisma.join([...OPEN_STAGES])})`;

const staleSql = (actor: Person, bounds: Bounds): Prisma.Sql =>
  Prisma.sql`(${whichSql('opportunities', QUIET_OPPORTUNITIES, actor, bounds)} OR ${whichSql('leads', QUIET_LEADS, actor, bounds)})`;

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
