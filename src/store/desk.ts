/** The worklist and the lists, answered from the mirror by indexes: their cost does not grow with the pipeline. */
import { CLOSING_DAYS, type SectionId, STALE_DAYS, WATCHED_STATUSES } from '../pipeline/attention.ts';
import type { Day, Deal } from '../pipeline/deal.ts';
import { OPEN_STAGES } from '../pipeline/opportunity.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import type { Lines } from '../views/list.ts';
import { withLocal } from './deals.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Counting stops here: "100+" says enough, and keeps the cost flat. */
export const COUNT_CAP = 100;

interface Row {
  section: SectionId;
  total: number;
  detail: Deal;
  version: number;
  successor: string | null;
  owner_email: string | null;
  partner_updated_at: Date | null;
}

const OPEN = Prisma.sql`state IN ('requested', 'sending', 'waiting')`;

const openIn = (statuses: readonly string[]): Prisma.Sql =>
  Prisma.sql`d.kind = 'opportunity' AND d.status IN (${Prisma.join([...statuses])}) AND d.stage IN (${Prisma.join([...OPEN_STAGES])})`;

/**
 * What needs a look, by section, at most `perSection` lines each, in one statement. A deal stands once, where it is lost
 * first; the totals count it wherever it belongs.
 * @param today the reader's own day: a midnight elsewhere moves nothing.
 */
export async function deskLines(
  store: Store,
  actor: Person,
  now: Date,
  today: Day,
  perSection: number,
): Promise<Map<SectionId, Lines>> {
  const sections: [SectionId, Prisma.Sql, Prisma.Sql][] = [
    ['pending', pending(actor), Prisma.sql`d.due_at, d.id`],
    [
      'action-required',
      Prisma.sql`d.kind = 'opportunity' AND d.status = 'Action Required'`,
      Prisma.sql`d.close_date, d.id`,
    ],
    [
      'closing',
      Prisma.sql`${openIn(WATCHED_STATUSES)} AND d.close_date BETWEEN ${today}::date AND ${today}::date + ${CLOSING_DAYS}::int`,
      Prisma.sql`d.close_date, d.id`,
    ],
    [
      'past-close',
      Prisma.sql`${openIn(WATCHED_STATUSES)} AND d.close_date < ${today}::date`,
      Prisma.sql`d.close_date, d.id`,
    ],
    [
      'stale',
      Prisma.sql`${openIn(WATCHED_STATUSES)} AND d.partner_updated_at < ${now}::timestamptz - make_interval(days => ${STALE_DAYS}::int)`,
      Prisma.sql`d.partner_updated_at, d.id`,
    ],
    [
      'waiting',
      Prisma.sql`d.id IN (SELECT deal_id FROM change WHERE ${OPEN})`,
      Prisma.sql`(SELECT min(seq) FROM change WHERE deal_id = d.id AND ${OPEN})`,
    ],
  ];
  const rows = await rowsOf<Row>(
    store,
    Prisma.join(
      // A section may find its first lines shown already, by those above it.
      sections.map(([id, where, order], nth) =>
        sectionSql(id, Prisma.sql`${mine(actor)} AND ${where}`, order, perSection * (nth + 1)),
      ),
      ' UNION ALL ',
    ),
  );
  const shown = new Set<string>();
  return new Map(
    sections.map(([id]) => {
      const found = toLines(rows.filter((row) => row.section === id));
      const lines = found.lines.filter(({ deal }) => !shown.has(deal.id)).slice(0, perSection);
      for (const { deal } of lines) shown.add(deal.id);
      return [id, { ...found, lines }];
    }),
  );
}

/** All that is pending acceptance, in the order in which it is lost. Two clocks: the earlier counts. */
export async function pendingLines(store: Store, actor: Person, limit: number): Promise<Lines> {
  return one(store, Prisma.sql`${mine(actor)} AND ${pending(actor)}`, Prisma.sql`d.due_at, d.id`, limit, 0);
}

/** The pipeline of opportunities and accepted leads, newest close date first to come. Paged. */
export async function pipelineLines(
  store: Store,
  actor: Person,
  limit: number,
  offset: number,
): Promise<Lines> {
  const where = Prisma.sql`${mine(actor)} AND d.kind IN ('opportunity', 'lead') AND d.invited_at IS NULL`;
  return one(store, where, Prisma.sql`d.close_date NULLS LAST, d.id`, limit, offset);
}

async function one(
  store: Store,
  where: Prisma.Sql,
  order: Prisma.Sql,
  limit: number,
  offset: number,
): Promise<Lines> {
  return toLines(await rowsOf<Row>(store, sectionSql('pending', where, order, limit, offset)));
}

/** Only invitations, referrals and leads, are PENDING, and they are nobody's yet: an ACE user sees one only when it is offered to them (issue of its own). */
const pending = (actor: Person): Prisma.Sql =>
  seesEverything(actor) ? Prisma.sql`d.status = 'PENDING' AND d.successor IS NULL` : Prisma.sql`false`;

const mine = (actor: Person): Prisma.Sql =>
  seesEverything(actor)
    ? Prisma.sql`d.gone_at IS NULL`
    : Prisma.sql`d.gone_at IS NULL AND d.owner_email = ${actor.email}`;

const sectionSql = (
  id: SectionId,
  where: Prisma.Sql,
  order: Prisma.Sql,
  limit: number,
  offset = 0,
): Prisma.Sql =>
  Prisma.sql`(SELECT ${id}::text AS section,
      (SELECT count(*) FROM (SELECT 1 FROM deal d WHERE ${where} LIMIT ${COUNT_CAP + 1}) c)::int AS total,
      d.detail, d.version, d.successor, d.owner_email, d.partner_updated_at
    FROM deal d WHERE ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset})`;

const toLines = (rows: Row[]): Lines => ({
  lines: rows.map((row) => ({
    deal: withLocal(row),
    version: row.version,
    ...(row.partner_updated_at ? { partnerUpdatedAt: row.partner_updated_at } : {}),
  })),
  total: Math.min(rows[0]?.total ?? 0, COUNT_CAP),
  capped: (rows[0]?.total ?? 0) > COUNT_CAP,
});
