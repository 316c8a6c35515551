/** The mirror of Partner Central: what every list and card is answered from. */
import { dueAt } from '../pipeline/calendar.ts';
import type { Change } from '../pipeline/change.ts';
import type { Deal, Moment } from '../pipeline/deal.ts';
import { reviewState } from '../pipeline/fields.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { oneLine } from '../pipeline/text.ts';
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
  /** Local: who owns a lead (the API knows no owner), what an invitation became. */
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
}

interface Row {
  id: string;
  version: number;
  detail: Deal;
  modified: string | null;
  successor: string | null;
  owner_email: string | null;
  gone_at: Date | null;
  changes?: ChangeRow[];
  successor_detail?: Deal | null;
}

/** One deal by its exact id, with its Changes: one query. */
export async function load(store: Store, id: string): Promise<Loaded | undefined> {
  const statement = Prisma.sql`
    SELECT d.id, d.version, d.detail, d.modified, d.successor, d.owner_email, d.gone_at,
      (SELECT s.detail FROM deal s WHERE s.id = d.successor) AS successor_detail,
      (SELECT coalesce(json_agg(c), '[]') FROM (
         SELECT c.*, p.first_name, p.last_name FROM change c JOIN person p ON p.id = c.person_id
         WHERE c.deal_id = d.id ORDER BY c.seq DESC LIMIT 20) c) AS changes
    FROM deal d WHERE d.id = ${id}`;
  const [row] = await rowsOf<Row>(store, statement);
  return row && toLoaded(row);
}

/** Several deals by exact id, in the order asked; those that do not exist are left out. One query. */
export async function loadMany(store: Store, ids: string[]): Promise<Loaded[]> {
  if (ids.length === 0) return [];
  const rows = await store.prisma.$queryRaw<Row[]>`
    SELECT id, version, detail, modified, successor, owner_email, gone_at FROM deal WHERE id = ANY(${ids})`;
  const byId = new Map(rows.map((row) => [row.id, toLoaded(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * Writes what AWS returned into the mirror, in one statement. Fenced: nothing is written by an agent that is no longer
 * the one. Raises a deal's version when it really changed, wakes what waited for a lock, and has its copies redrawn. A
 * reading may end after a newer one did: an older record never replaces a newer, nor PENDING what came of an invitation.
 * @returns the ids that changed.
 */
export async function saveMirror(store: Store, entries: Entry[], epoch: bigint): Promise<string[]> {
  if (entries.length === 0) return [];
  const rows = await store.prisma.$queryRaw<{ id: string }[]>`
    WITH input AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(entries.map(toColumns))}::text::jsonb) AS x(
        id text, kind text, company text, title text, status text, stage text, origin text, owner_email text,
        close_date date, invited_at timestamptz, expires_at timestamptz, due_at timestamptz,
        partner_updated_at timestamptz, created_at timestamptz, modified text, successor text, detail jsonb, raw jsonb)
    ), saved AS (
      INSERT INTO deal AS d (id, kind, company, title, status, stage, origin, owner_email, close_date, invited_at,
        expires_at, due_at, partner_updated_at, created_at, modified, successor, detail, raw)
      SELECT id, kind::"DealKind", company, title, status, stage, origin, owner_email, close_date, invited_at,
        expires_at, due_at, partner_updated_at, created_at, modified, successor, detail, raw
      FROM input WHERE (SELECT epoch FROM agent WHERE id = 1) = ${epoch} ORDER BY id
      ON CONFLICT (id) DO UPDATE SET version = d.version + 1, company = excluded.company, title = excluded.title,
        status = excluded.status, stage = excluded.stage, origin = excluded.origin,
        owner_email = CASE WHEN excluded.kind = 'lead' THEN coalesce(excluded.owner_email, d.owner_email)
          ELSE excluded.owner_email END, close_date = excluded.close_date,
        invited_at = excluded.invited_at, expires_at = excluded.expires_at, due_at = excluded.due_at,
        partner_updated_at = greatest(d.partner_updated_at, excluded.partner_updated_at),
        created_at = excluded.created_at, modified = excluded.modified,
        successor = coalesce(excluded.successor, d.successor), detail = excluded.detail, raw = excluded.raw,
        gone_at = NULL
      WHERE (d.detail IS DISTINCT FROM excluded.detail OR d.raw IS DISTINCT FROM excluded.raw
        OR d.gone_at IS NOT NULL OR (excluded.successor IS NOT NULL AND d.successor IS NULL)
        OR (d.owner_email IS DISTINCT FROM excluded.owner_email AND (excluded.owner_email IS NOT NULL OR d.kind <> 'lead')))
        AND NOT coalesce(${momentOf('excluded.modified')} < ${momentOf('d.modified')}, false)
        AND NOT (d.kind <> 'opportunity' AND excluded.status = 'PENDING' AND d.status <> 'PENDING')
      RETURNING id
    ), woken AS (
      UPDATE change SET due_at = now() FROM saved
      WHERE change.deal_id = saved.id AND change.state = 'waiting' AND change.waits_for = 'locked' RETURNING deal_id
    ), called AS (
      SELECT pg_notify('change_wanted', deal_id) FROM woken
    ), redrawn AS (
      SELECT deliver(id) FROM saved
    )
    SELECT id FROM saved WHERE (SELECT count(*) FROM redrawn) + (SELECT count(*) FROM called) >= 0`;
  return rows.map((row) => row.id);
}

/** AWS's time stamp as a moment; null where it is none, so that a strange one stops nothing. */
const momentOf = (column: 'excluded.modified' | 'd.modified'): Prisma.Sql =>
  Prisma.raw(
    `CASE WHEN ${column} ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:]{8}([.][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})$' THEN ${column}::timestamptz END`,
  );

/** What a person may mean by words: those whose company is exactly that, else those that begin so. Two queries at most. */
export async function named(
  store: Store,
  actor: Person,
  phrase: string,
): Promise<{ exact: Loaded[]; near: Loaded[] }> {
  const mine = seesEverything(actor) ? null : actor.email;
  const like = `${phrase.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await store.prisma.$queryRaw<(Row & { same: boolean })[]>`
    SELECT id, version, detail, modified, successor, owner_email, gone_at, lower(company) = lower(${phrase}) AS same FROM deal
    WHERE lower(company) LIKE ${like} AND gone_at IS NULL AND successor IS NULL
      AND (${mine}::text IS NULL OR owner_email = ${mine})
    ORDER BY same DESC, kind DESC, id LIMIT 11`;
  return {
    exact: rows.filter((row) => row.same).map(toLoaded),
    near: rows.filter((row) => !row.same).map(toLoaded),
  };
}

function toLoaded(row: Row): Loaded {
  return {
    deal: withLocal(row),
    version: row.version,
    ...(row.modified ? { modified: row.modified } : {}),
    changes: (row.changes ?? []).map(toChange),
    ...(row.successor_detail ? { successor: row.successor_detail } : {}),
    ...(row.gone_at ? { isGone: true as const } : {}),
  };
}

/** What only we know is kept in columns, so that the next reading of AWS's record does not lose it. */
export function withLocal(row: { detail: Deal; successor: string | null; owner_email: string | null }): Deal {
  const { detail: deal, successor, owner_email: email } = row;
  if (deal.kind === 'referral') return successor ? { ...deal, successor } : deal;
  if (deal.kind === 'opportunity') return deal;
  return {
    ...deal,
    ...(email ? { owner: { name: email, email } } : {}),
    ...(deal.invitation && successor ? { invitation: { ...deal.invitation, successor } } : {}),
  };
}

function toColumns({ deal, raw, modified, local }: Entry) {
  return {
    id: deal.id,
    kind: deal.kind,
    // As a person sees and types them.
    company: oneLine(deal.company),
    title: oneLine(deal.title),
    modified: modified ?? null,
    successor: local?.successor ?? null,
    detail: deal,
    raw,
    ...kindColumns(deal),
    ...(local?.ownerEmail ? { owner_email: local.ownerEmail } : {}),
  };
}

function kindColumns(deal: Deal) {
  if (deal.kind === 'opportunity')
    return {
      status: reviewState(deal),
      stage: deal.stage,
      origin: deal.origin,
      owner_email: deal.owner?.email?.toLowerCase() ?? null,
      close_date: deal.closeDate ?? null,
      partner_updated_at: newest(deal.nextSteps[0]?.at, deal.createdAt),
      created_at: deal.createdAt,
    };
  const invited = deal.kind === 'referral' ? deal : deal.invitation;
  if (!invited)
    return { status: deal.kind === 'lead' ? (deal.qualification ?? 'Open') : '', created_at: null };
  return {
    status: invited.status,
    origin: invited.sender.account === 'aws' ? 'AWS Referral' : 'Partner Referral',
    invited_at: invited.invitedAt,
    expires_at: invited.expiresAt,
    due_at: dueAt(invited),
  };
}

const newest = (...moments: (Moment | undefined)[]): Moment | null =>
  moments
    .filter((moment) => moment !== undefined)
    .sort()
    .at(-1) ?? null;
