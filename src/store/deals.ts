/** The mirror of Partner Central: what every list and card is answered from. */
import type { Change } from '../pipeline/change.ts';
import type { Deal } from '../pipeline/deal.ts';
import { isPsf } from '../pipeline/lead.ts';
import type { Reminding } from '../pipeline/reminder.ts';
import { toColumns } from './columns.ts';
import { Prisma } from './generated/client.ts';
import { type ChangeRow, toChange } from './rows.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** A record of AWS: as a person reads it, and as it came. */
export interface Entry {
  deal: Deal;
  raw: unknown;
  /** AWS's own time stamp, verbatim: microseconds survive. */
  modified?: string;
  /** Local: who owns a lead from the first (the API knows no owner), what an invitation became. */
  local?: { ownerEmail?: string; successor?: string };
}

/** A deal with what is happening to it. */
export interface Loaded {
  deal: Deal;
  version: number;
  /** AWS's time stamp, verbatim. */
  modified?: string;
  /** Newest first: all that are open, and the last few settled. */
  changes: Change[];
  /** What it became once accepted, when that may be loaded too. */
  successor?: Deal;
  /** AWS no longer gives it to us: it is lost. */
  isGone?: true;
  /** The ids of the people who flagged it, or what it was before. */
  flaggedBy: string[];
  /** Who looks at it, or what it was before, again when; the earliest first. Only where its Changes were read too. */
  reminders: Reminding[];
}

/** What a record and our own columns say of a deal: the columns of `DEAL_COLUMNS`. */
export interface DealRow {
  detail: Deal;
  successor: string | null;
  owner_email: string | null;
  owner_name?: string | null;
  submitted_by?: string | null;
  offered_to?: string[] | null;
  psf?: boolean;
}

/** The columns of `LOADED_COLUMNS`, and of `load`. */
export interface LoadedRow extends DealRow {
  id: string;
  version: number;
  modified: string | null;
  gone_at: Date | null;
  flagged_by?: string[] | null;
  changes?: ChangeRow[];
  reminders?: Reminding[] | null;
  successor_row?: DealRow | null;
}

/** For `withLocal`, of a deal under the alias `d`. */
export const DEAL_COLUMNS = Prisma.sql`d.detail, d.successor, d.owner_email, d.submitted_by, d.psf,
  CASE WHEN d.kind = 'lead' AND d.owner_email IS NOT NULL THEN (SELECT trim(p.first_name || ' ' || p.last_name)
    FROM person p WHERE p.email = d.owner_email OR p.other_emails @> ARRAY[d.owner_email] LIMIT 1) END AS owner_name,
  CASE WHEN d.invited_at IS NOT NULL THEN (SELECT json_agg(o.person_id ORDER BY o.at, o.person_id)
    FROM offer o WHERE o.deal_id = d.id) END AS offered_to`;

/** For `toLoaded`, of a deal under the alias `d`. */
export const LOADED_COLUMNS = Prisma.sql`d.id, d.version, d.modified, d.gone_at, ${DEAL_COLUMNS},
  (SELECT json_agg(DISTINCT f.person_id) FROM flag f
    WHERE f.deal_id = ANY(ARRAY(SELECT d.id UNION SELECT i.id FROM deal i WHERE i.successor = d.id))) AS flagged_by`;

/** One deal by its exact id, with its Changes: one query. */
export async function load(store: Store, id: string): Promise<Loaded | undefined> {
  const statement = Prisma.sql`
    SELECT ${LOADED_COLUMNS},
      (SELECT row_to_json(s) FROM (SELECT ${DEAL_COLUMNS} FROM deal d WHERE d.id = it.successor) s) AS successor_row,
      (SELECT coalesce(json_agg(c), '[]') FROM (
         SELECT c.*, p.first_name, p.last_name FROM change c JOIN person p ON p.id = c.person_id
         WHERE c.deal_id = it.id ORDER BY c.seq DESC LIMIT 20) c) AS changes,
      (SELECT json_agg(json_build_object('personId', r.person_id, 'name', trim(p.first_name || ' ' || p.last_name), 'at', r.at)
         ORDER BY r.at, r.person_id)
       FROM reminder r JOIN person p ON p.id = r.person_id
       WHERE r.told_at IS NULL AND p.role <> 'none'
         AND r.deal_id = ANY(ARRAY(SELECT it.id UNION SELECT i.id FROM deal i WHERE i.successor = it.id))) AS reminders
    FROM deal it JOIN deal d ON d.id = it.id WHERE it.id = ${id}`;
  const [row] = await rowsOf<LoadedRow>(store, statement);
  return row && toLoaded(row);
}

/** Several deals by exact id, in the order asked; those that do not exist are left out. One query. */
export async function loadMany(store: Store, ids: string[]): Promise<Loaded[]> {
  if (ids.length === 0) return [];
  const statement = Prisma.sql`SELECT ${LOADED_COLUMNS} FROM deal d WHERE d.id = ANY(${ids})`;
  const rows = await rowsOf<LoadedRow>(store, statement);
  const byId = new Map(rows.map((row) => [row.id, toLoaded(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * Writes what AWS returned into the mirror, in one statement. Fenced: nothing is written by an agent that is no longer
 * the one. Raises a deal's version when it really changed, wakes what waited for a lock, and has its copies redrawn. A
 * reading may end after a newer one did: an older record never replaces a newer, nor PENDING what came of an invitation;
 * what only we know (`local`) is kept whichever comes first. Once a Partner Solutions Finder lead, always one, whatever is
 * said of it later.
 * @returns the ids that changed.
 */
export async function saveMirror(store: Store, entries: Entry[], epoch: bigint): Promise<string[]> {
  if (entries.length === 0) return [];
  const rows = await store.prisma.$queryRaw<{ id: string }[]>`
    WITH input AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(entries.map(toColumns))}::text::jsonb) AS x(
        id text, kind text, company text, title text, status text, stage text, origin text, owner_email text,
        close_date date, invited_at timestamptz, expires_at timestamptz, due_at timestamptz,
        partner_updated_at timestamptz, created_at timestamptz, modified text, successor text, psf boolean, domain text,
        detail jsonb, raw jsonb)
    ), dated AS (
      ${DATED}
    ), saved AS (
      INSERT INTO deal AS d (id, kind, company, title, status, stage, origin, owner_email, close_date, invited_at,
        expires_at, due_at, partner_updated_at, created_at, modified, successor, detail, raw, domain, psf, status_since,
        submitted_at, shared_at)
      SELECT id, kind::"DealKind", company, title, status, stage, origin, owner_email, close_date, invited_at,
        expires_at, due_at, partner_updated_at, created_at, modified, successor, detail, raw, domain, psf, status_since,
        submitted_at, shared_at
      FROM dated WHERE (SELECT epoch FROM agent WHERE id = 1) = ${epoch} ORDER BY id
      ON CONFLICT (id) DO UPDATE SET version = d.version + CASE WHEN ${SHOWS} THEN 1 ELSE 0 END, ${NEWER},
        successor = coalesce(excluded.successor, d.successor), psf = d.psf OR excluded.psf,
        partner_updated_at = greatest(d.partner_updated_at, excluded.partner_updated_at),
        shared_at = coalesce(excluded.shared_at, d.shared_at)
      WHERE ${SHOWS} OR ${FILLS}
      RETURNING id, version
    ), moved AS (
      SELECT s.id FROM saved s LEFT JOIN deal b ON b.id = s.id WHERE b.version IS DISTINCT FROM s.version
    ), woken AS (
      UPDATE change SET due_at = now() FROM moved
      WHERE change.deal_id = moved.id AND change.state = 'waiting' AND change.waits_for = 'locked' RETURNING deal_id
    ), called AS (
      SELECT pg_notify('change_wanted', deal_id) FROM woken
    ), redrawn AS (
      SELECT deliver(id) FROM moved
    )
    SELECT id FROM moved WHERE (SELECT count(*) FROM redrawn) + (SELECT count(*) FROM called) >= 0`;
  return rows.map((row) => row.id);
}

/** AWS's time stamp as a moment; null where it is none, so that a strange one stops nothing. */
const momentOf = (column: 'excluded.modified' | 'd.modified' | 'x.modified'): Prisma.Sql =>
  Prisma.raw(
    `CASE WHEN ${column} ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:]{8}([.][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})$' THEN ${column}::timestamptz END`,
  );

/**
 * The records with the moments that AWS's record does not hold, as they are for one that is new to us. What an
 * invitation became takes over its date and source; when this very reading brings both, we have just accepted it.
 */
const DATED = Prisma.sql`
  SELECT x.id, x.kind, x.company, x.title, x.status, x.stage, x.origin, x.owner_email, x.close_date, x.invited_at,
    x.expires_at, x.due_at, x.created_at, x.modified, x.successor, x.domain, x.detail, x.raw,
    x.psf OR coalesce(i.psf, false) AS psf,
    CASE WHEN i.is_new THEN now() ELSE x.partner_updated_at END AS partner_updated_at,
    coalesce(${momentOf('x.modified')}, x.created_at, x.invited_at) AS status_since,
    CASE WHEN x.kind = 'opportunity' AND x.origin = 'Partner Referral' AND x.status IN ('Submitted', 'In review')
      THEN coalesce(${momentOf('x.modified')}, now()) END AS submitted_at,
    CASE WHEN x.invited_at IS NOT NULL THEN CASE WHEN x.origin = 'AWS Referral' THEN x.invited_at END
      WHEN i.invited_at IS NOT NULL THEN CASE WHEN i.origin = 'AWS Referral' THEN i.invited_at END
      WHEN x.kind = 'lead' OR x.origin = 'AWS Referral' THEN x.created_at END AS shared_at
  FROM input x LEFT JOIN LATERAL (
    SELECT n.invited_at, n.origin, n.psf, NOT EXISTS (SELECT FROM deal b WHERE b.id = n.id AND b.successor IS NOT NULL) AS is_new
    FROM input n WHERE n.successor = x.id AND n.invited_at IS NOT NULL
    UNION ALL
    SELECT b.invited_at, b.origin, b.psf, false FROM deal b WHERE b.successor = x.id AND b.invited_at IS NOT NULL
    ORDER BY is_new DESC LIMIT 1) i ON x.invited_at IS NULL`;

/** A reading that began before the one we have. Of an invitation that was answered, any that still shows it as pending. */
const OLDER = Prisma.sql`(coalesce(${momentOf('excluded.modified')} < ${momentOf('d.modified')}, false)
  OR d.kind <> 'opportunity' AND excluded.status = 'PENDING' AND d.status <> 'PENDING')`;

/** What people may see is another: of AWS's side only where the reading is no older, of ours always. */
const SHOWS = Prisma.sql`(NOT ${OLDER} AND (d.detail IS DISTINCT FROM excluded.detail OR d.raw IS DISTINCT FROM excluded.raw
    OR d.gone_at IS NOT NULL OR d.kind <> 'lead' AND d.owner_email IS DISTINCT FROM excluded.owner_email)
  OR d.kind = 'lead' AND d.owner_email IS NULL AND excluded.owner_email IS NOT NULL
  OR excluded.successor IS NOT NULL AND d.successor IS NULL
  OR excluded.psf AND NOT d.psf OR excluded.partner_updated_at > d.partner_updated_at
  OR excluded.shared_at IS NOT NULL AND excluded.shared_at IS DISTINCT FROM d.shared_at) IS TRUE`;

/** The record is the same, but a migration left open what is read from it: nobody need hear of it. */
const FILLS = Prisma.sql`NOT ${OLDER} AND (d.modified IS DISTINCT FROM excluded.modified
  OR d.domain IS DISTINCT FROM excluded.domain OR d.status_since IS NULL AND excluded.status_since IS NOT NULL)`;

/** What only AWS says. */
const AWS_COLUMNS = [
  ...['company', 'title', 'status', 'stage', 'origin', 'close_date', 'invited_at', 'expires_at', 'due_at'],
  ...['created_at', 'modified', 'detail', 'raw', 'domain', 'gone_at'],
];
const ofRow = (row: string, columns: readonly string[] = AWS_COLUMNS): Prisma.Sql =>
  Prisma.raw(columns.map((column) => `${row}.${column}`).join(', '));
const READ = [...AWS_COLUMNS, 'owner_email', 'status_since', 'submitted_at'];

/**
 * From `n`, the newer of the two rows: the one we have, where the reading is older. A lead's owner is ours: whom an
 * acceptance names is the first, and a transfer since then stands. A review is one status for its clock, from Submitted to
 * AWS's word. Submitted is when we first saw it so; a draft that has a word of AWS's already was submitted in between.
 */
const NEWER = Prisma.sql`(${Prisma.raw(READ.join(', '))}) = (SELECT ${ofRow('n')},
    CASE WHEN d.kind = 'lead' THEN coalesce(d.owner_email, excluded.owner_email) ELSE n.owner_email END,
    CASE WHEN d.status = n.status OR d.status IN ('Submitted', 'In review') AND n.status IN ('Submitted', 'In review')
      THEN coalesce(d.status_since, n.status_since) ELSE now() END,
    CASE WHEN d.submitted_at IS NOT NULL OR d.status = n.status OR n.origin <> 'Partner Referral'
      THEN coalesce(d.submitted_at, n.submitted_at)
      WHEN d.status = 'Pending Submission' OR d.status NOT IN ('Submitted', 'In review') AND n.submitted_at IS NOT NULL
      THEN now() ELSE n.submitted_at END
  FROM (SELECT ${ofRow('d', READ)} WHERE ${OLDER} UNION ALL SELECT ${ofRow('excluded', READ)} WHERE NOT ${OLDER}) n)`;

/** @param row of `LOADED_COLUMNS`; its Changes only where `load` read them along. */
export function toLoaded(row: LoadedRow): Loaded {
  return {
    deal: withLocal(row),
    version: row.version,
    ...(row.modified ? { modified: row.modified } : {}),
    changes: (row.changes ?? []).map(toChange),
    ...(row.successor_row ? { successor: withLocal(row.successor_row) } : {}),
    ...(row.gone_at ? { isGone: true as const } : {}),
    flaggedBy: row.flagged_by ?? [],
    reminders: (row.reminders ?? []).map((it) => ({ ...it, at: new Date(it.at).toISOString() })),
  };
}

/** What only we know is kept beside the record, so that the next reading of it loses nothing. */
export function withLocal({ detail: deal, successor, ...row }: DealRow): Deal {
  const offered = row.offered_to ? { offeredTo: row.offered_to } : {};
  if (deal.kind === 'referral') return { ...deal, ...offered, ...(successor ? { successor } : {}) };
  if (deal.kind === 'opportunity')
    return { ...deal, ...(row.submitted_by ? { submittedBy: row.submitted_by } : {}) };
  const { owner_email: email } = row;
  return {
    ...deal,
    ...offered,
    ...(row.psf && !isPsf(deal) ? { source: FINDER } : {}),
    ...(email ? { owner: { name: row.owner_name || email, email } } : {}),
    ...(deal.invitation && successor ? { invitation: { ...deal.invitation, successor } } : {}),
  };
}

/** The source of a lead that was one once, where AWS's record names another by now. */
const FINDER = 'AWS Partner Solutions Finder';
