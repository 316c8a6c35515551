/** The definitions of `pipeline/views.ts` as SQL over deal under the alias `d`; test/store/views.test.ts compares both. */
import type { Person } from '../pipeline/person.ts';
import { type Bounds, MARKETING, type Order, type Tab, type View, type Which } from '../pipeline/views.ts';
import { Prisma } from './generated/client.ts';

/** An invitation that waits for an answer, and has not become anything yet. */
export const PENDING = Prisma.sql`d.status = 'PENDING' AND d.successor IS NULL AND d.invited_at IS NOT NULL`;

/** Whether a deal stands in that view of this reader. */
export const viewSql = ({ tab, which }: View, actor: Person, bounds: Bounds): Prisma.Sql =>
  Prisma.sql`(${Prisma.join(
    which.map((one) => whichSql(tab, one, actor, bounds)),
    ' OR ',
  )})`;

/** One of a view's alternatives. */
export function whichSql(tab: Tab, which: Which, actor: Pick<Person, 'id'>, bounds: Bounds): Prisma.Sql {
  const { status, notStatus, stage, origin, shared, submitted, closes, quiet } = which;
  const parts = [
    RECORDS[tab][which.only ?? 'both'],
    status && Prisma.sql`d.status IN (${Prisma.join([...status])})`,
    notStatus && Prisma.sql`d.status <> ${notStatus}`,
    stage && Prisma.sql`d.stage IN (${Prisma.join([...stage])})`,
    origin && Prisma.sql`d.origin = ${origin}`,
    shared && Prisma.sql`d.shared_at >= ${bounds.since[shared]}::timestamptz`,
    submitted && Prisma.sql`d.submitted_at >= ${bounds.since[submitted]}::timestamptz`,
    closes && Prisma.sql`d.close_date BETWEEN ${bounds.month.first}::date AND ${bounds.month.last}::date`,
    quiet && Prisma.sql`d.partner_updated_at < ${bounds.quiet}::timestamptz`,
    which.flagged && flaggedSql(actor),
    which.psf && Prisma.sql`d.psf`,
    which.marketing && FROM_MARKETING,
  ];
  const said = parts.filter((part) => part instanceof Prisma.Sql);
  return Prisma.sql`(${Prisma.join(said, ' AND ')})`;
}

/** A flag on an invitation goes on with what it became. */
export const flaggedSql = (actor: Pick<Person, 'id'>): Prisma.Sql =>
  Prisma.sql`d.id = ANY(ARRAY(SELECT coalesce(i.successor, f.deal_id) FROM flag f LEFT JOIN deal i ON i.id = f.deal_id
    WHERE f.person_id = ${actor.id}::uuid))`;

/** Each is the order of an index, read forwards or backwards; `open first` of one for the pipeline's list alone. */
export const ORDERS: Record<Order | 'open first', Prisma.Sql> = {
  due: Prisma.sql`d.due_at, d.id`,
  close: Prisma.sql`d.close_date, d.id`,
  'open first': Prisma.sql`(coalesce(d.stage, '') IN ('Launched', 'Closed Lost')), d.close_date, d.id`,
  'latest close': Prisma.sql`d.close_date DESC, d.id DESC`,
  quiet: Prisma.sql`d.partner_updated_at, d.id`,
  review: Prisma.sql`d.status_since, d.id`,
  shared: Prisma.sql`d.shared_at DESC, d.id DESC`,
  submitted: Prisma.sql`d.submitted_at DESC, d.id DESC`,
};

type Only = 'pending' | 'ours' | 'both';

/** What is both answered and an invitation stands nowhere: it goes on as what it became. */
const RECORDS: Record<Tab, Record<Only, Prisma.Sql>> = {
  leads: {
    pending: Prisma.sql`d.kind = 'lead' AND ${PENDING}`,
    ours: Prisma.sql`d.kind = 'lead' AND d.invited_at IS NULL`,
    both: Prisma.sql`d.kind = 'lead' AND (d.invited_at IS NULL OR ${PENDING})`,
  },
  opportunities: {
    pending: Prisma.sql`d.kind = 'referral' AND ${PENDING}`,
    ours: Prisma.sql`d.kind = 'opportunity'`,
    both: Prisma.sql`d.kind IN ('opportunity', 'referral') AND (d.kind = 'opportunity' OR ${PENDING})`,
  },
};

// A literal, as an index speaks of it.
const FROM_MARKETING = Prisma.sql`d.detail->>'source' ~* '${Prisma.raw(MARKETING)}' AND NOT d.psf`;
