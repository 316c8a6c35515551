/** Lines of lists as one statement: what its reader may see, how many there are up to a cap, a page of them. */
import { type Person, seesEverything } from '../pipeline/person.ts';
import type { Line, Lines } from '../views/list.ts';
import { DEAL_COLUMNS, type DealRow, withLocal } from './deals.ts';
import { Prisma } from './generated/client.ts';
import { sight } from './sight.ts';

/** Counting stops here: "100+" says enough, and keeps the cost flat. */
export const COUNT_CAP = 100;

/** What a reader's lists are read from. `rows` is a FROM with the alias `d`; `head` belongs before the first SELECT. */
export interface Ground {
  head: Prisma.Sql;
  rows: Prisma.Sql;
  where: Prisma.Sql;
}

/**
 * Who sees everything reads the first lines of an index in the list's own order, and stops. What an ACE user sees is read
 * first and whole: it is little of the whole, and an index in the list's order would run through everybody's.
 */
export function groundOf(actor: Person): Ground {
  const where = Prisma.sql`d.gone_at IS NULL AND ${sight(actor)}`;
  return seesEverything(actor) ? { head: Prisma.empty, rows: Prisma.sql`deal d`, where } : gathered(where);
}

/** What is little of the whole, read first and whole. */
export function gathered(where: Prisma.Sql): Ground {
  return {
    head: Prisma.sql`WITH seen AS MATERIALIZED (
      SELECT d.id, d.kind, d.version, d.status, d.stage, d.origin, d.owner_email, d.submitted_by, d.close_date,
        d.invited_at, d.due_at, d.partner_updated_at, d.status_since, d.submitted_at, d.shared_at, d.psf, d.successor,
        d.detail
      FROM deal d WHERE ${where}) `,
    rows: Prisma.sql`seen d`,
    where: Prisma.sql`true`,
  };
}

export interface Wanted {
  /** Comes back in `section`. */
  id: string;
  where: Prisma.Sql;
  order: Prisma.Sql;
  limit: number;
  offset?: number;
}

export interface LineRow extends DealRow {
  section: string;
  total: number;
  version: number;
  partner_updated_at: Date | null;
  status_since: Date | null;
  /** Our journal began after the last partner update that AWS's record shows. */
  before_journal: boolean | null;
}

export const LINE_COLUMNS = Prisma.sql`d.version, d.partner_updated_at, d.status_since,
  d.partner_updated_at < (SELECT synced_at FROM agent WHERE id = 1) AS before_journal, ${DEAL_COLUMNS}`;

/** One SELECT in parentheses; several may be put together with UNION ALL. */
export const linesSql = (
  { rows, where: visible }: Ground,
  { id, where, order, limit, offset = 0 }: Wanted,
): Prisma.Sql =>
  Prisma.sql`(SELECT ${id}::text AS section,
      (SELECT count(*) FROM (SELECT 1 FROM ${rows} WHERE ${visible} AND ${where} LIMIT ${COUNT_CAP + 1}) c)::int AS total,
      ${LINE_COLUMNS}
    FROM ${rows} WHERE ${visible} AND ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset})`;

export const toLine = (row: LineRow): Line => ({
  deal: withLocal(row),
  version: row.version,
  ...(row.partner_updated_at ? { partnerUpdatedAt: row.partner_updated_at } : {}),
  ...(row.status_since ? { statusSince: row.status_since } : {}),
  ...(row.before_journal ? { beforeJournal: true as const } : {}),
});

export const toLines = (rows: readonly LineRow[]): Lines => ({
  lines: rows.map(toLine),
  total: Math.min(rows[0]?.total ?? 0, COUNT_CAP),
  capped: (rows[0]?.total ?? 0) > COUNT_CAP,
});
