/** Beside the lines of a digest: what moved, how the pipeline stands, what was lost, who was asked. Of many readers at once. */
import type { Deal, Stage } from '../pipeline/deal.ts';
import { MOVED_DAYS, MOVES } from '../pipeline/digest.ts';
import { OPEN_STAGES } from '../pipeline/opportunity.ts';
import { seesEverything } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import type { DigestExtras, Lost, Moved } from '../views/digest-found.ts';
import { DEAL_COLUMNS, type DealRow, withLocal } from './deals.ts';
import type { DigestReader } from './digest-readers.ts';
import { schedulesOf } from './digest-schedules.ts';
import { Prisma } from './generated/client.ts';
import { grouped } from './grouped.ts';
import { askedOf } from './nudges.ts';
import { GOING } from './sections.ts';
import { SIGHT_OF_ROW, seesOf } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export const NO_EXTRAS: DigestExtras = {
  moved: [],
  lost: { deals: [], total: 0 },
  stages: [],
  asked: new Map(),
};

const NAMED = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * By reader: when it comes; what others did since the last digest, the pipeline by stage and of which deals a word was asked
 * for, for whoever others report to; once a week what was lost, for whoever sees everything. At most five statements; but for
 * the first none where nobody is to be told.
 */
export async function extrasOf(
  store: Store,
  readers: readonly DigestReader[],
  now: Date,
): Promise<Map<string, DigestExtras>> {
  const leading = readers.filter(({ reports }) => reports.length > 0);
  const weekly = readers.filter(({ person, lostSince }) => seesEverything(person) && lostSince);
  const [moved, stages, lost, asked, schedules] = await Promise.all([
    movesOf(store, leading, now),
    stagesOf(store, leading),
    lostOf(store, weekly, now),
    askedOf(store, new Set(leading.flatMap(({ reports }) => reports.map(({ id }) => id))), now),
    schedulesOf(store, readers, now),
  ]);
  return new Map(
    readers.map(({ person, reports }) => {
      const schedule = schedules.get(person.id);
      const extras = {
        moved: moved.get(person.id) ?? [],
        stages: stages.get(person.id) ?? [],
        lost: lost.get(person.id) ?? NO_EXTRAS.lost,
        asked: new Map(reports.flatMap(({ id }) => asked.get(id) ?? []).map((it) => [it.dealId, it])),
      };
      return [person.id, { ...extras, ...(schedule ? { schedule } : {}) }];
    }),
  );
}

/** A row for each reader and each of those whose deals count. */
function wanted(readers: readonly DigestReader[], now: Date): Prisma.Sql {
  const rows = readers.flatMap(({ person, reports, since }) =>
    [person, ...reports].map((whose) => ({
      reader: person.id,
      report: whose !== person,
      theirs: [whose.email, ...whose.otherEmails],
      sees: seesOf(person),
      mine: [person.email, ...person.otherEmails],
      since: sinceOf(now, since),
    })),
  );
  return Prisma.sql`SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
    AS w(reader uuid, report boolean, theirs text[], sees text, mine text[], since timestamptz)`;
}

function sinceOf(now: Date, since = new Date(now.getTime() - MOVED_DAYS.first * DAY_MS)): Date {
  return new Date(Math.max(since.getTime(), now.getTime() - MOVED_DAYS.most * DAY_MS));
}

interface MovedRow extends DealRow {
  version: number;
  reader: string;
  move: Moved['move'];
  total: number;
  by: string;
  to: string | null;
}

async function movesOf(
  store: Store,
  readers: readonly DigestReader[],
  now: Date,
): Promise<Map<string, Moved[]>> {
  if (readers.length === 0) return new Map();
  const rows = await rowsOf<MovedRow>(store, movesSql(readers, now));
  const people = new Map(readers.map(({ person }) => [person.id, person]));
  const moves = [...grouped(rows, ({ reader }) => reader)].map(([id, found]): [string, Moved[]] => {
    const person = people.get(id);
    const lawful = found.filter((row) => person && can(person, 'see', withLocal(row), now).yes);
    const byMove = grouped(lawful, ({ move }) => move);
    return [id, MOVES.flatMap((move) => movedOf(move, byMove.get(move) ?? []))];
  });
  return new Map(moves);
}

const movedOf = (move: Moved['move'], rows: readonly MovedRow[]): Moved[] =>
  rows[0]
    ? [
        {
          move,
          total: rows[0].total,
          first: rows.map((row) => ({
            deal: withLocal(row),
            version: row.version,
            by: row.by,
            ...(row.to ? { stage: row.to } : {}),
          })),
        },
      ]
    : [];

/** By confirmed Changes, which say who; nobody is told what they did themselves. Of a deal the last of each kind counts. */
const movesSql = (readers: readonly DigestReader[], now: Date): Prisma.Sql => Prisma.sql`
  WITH want AS MATERIALIZED (${wanted(readers, now)}),
  recent AS MATERIALIZED (
    SELECT coalesce(i.successor, c.deal_id) AS id, c.seq, c.person_id, c.settled_at, c.wish->'set'->>'stage' AS stage,
      CASE WHEN c.kind = 'accept' THEN 'accepted' WHEN c.wish->'set'->>'stage' = 'Launched' THEN 'launched'
        WHEN c.wish->'set'->>'stage' = 'Closed Lost' THEN 'closed lost' ELSE 'stage' END AS move
    FROM change c JOIN deal i ON i.id = c.deal_id
    WHERE c.state = 'confirmed' AND c.settled_at > (SELECT min(since) FROM want)
      AND (c.kind = 'accept' OR c.kind = 'update' AND c.wish->'set'->>'stage' IS NOT NULL)
  ), once AS (
    SELECT DISTINCT ON (w.reader, d.id, r.move) w.reader, d.id, r.move, r.seq, r.person_id, r.stage
    FROM recent r JOIN deal d ON d.id = r.id JOIN want w ON w.report AND d.owner_email = ANY(w.theirs)
    WHERE r.settled_at > w.since AND r.person_id <> w.reader AND d.invited_at IS NULL AND d.gone_at IS NULL AND ${SIGHT_OF_ROW}
    ORDER BY w.reader, d.id, r.move, r.seq DESC
  ), ranked AS (
    SELECT o.*, (count(*) OVER (PARTITION BY reader, move))::int AS total,
      row_number() OVER (PARTITION BY reader, move ORDER BY seq DESC) AS rank FROM once o
  )
  SELECT r.reader, r.move, r.total, r.stage AS to, trim(p.first_name || ' ' || p.last_name) AS by, d.version, ${DEAL_COLUMNS}
  FROM ranked r JOIN deal d ON d.id = r.id JOIN person p ON p.id = r.person_id
  WHERE r.rank <= ${NAMED} ORDER BY r.reader, r.move, r.rank`;

interface StageRow {
  reader: string;
  stage: Stage;
  currency: string | null;
  amount: string | null;
  count: number;
}

async function stagesOf(
  store: Store,
  readers: readonly DigestReader[],
): Promise<Map<string, DigestExtras['stages']>> {
  if (readers.length === 0) return new Map();
  const rows = await rowsOf<StageRow>(
    store,
    Prisma.sql`
    WITH want AS MATERIALIZED (${wanted(readers, new Date(0))}),
    once AS (
      SELECT DISTINCT ON (w.reader, d.id) w.reader, d.stage, m.spend FROM want w JOIN LATERAL (
        SELECT d.id, d.kind, d.stage, d.psf, d.owner_email, d.invited_at, d.submitted_by, d.detail FROM deal d
        WHERE d.owner_email = ANY(w.theirs) AND d.kind = 'opportunity' AND d.invited_at IS NULL AND d.gone_at IS NULL AND ${GOING}
          AND d.stage IN (${Prisma.join([...OPEN_STAGES])}) AND d.status NOT IN ('Rejected', 'Pending Submission')) d ON true,
      -- OFFSET: the record is unpacked once for each.
      LATERAL (SELECT d.detail->'spend' AS spend OFFSET 0) m
      WHERE ${SIGHT_OF_ROW} ORDER BY w.reader, d.id
    )
    SELECT o.reader, o.stage, s.currency, count(*)::int AS count,
      sum(CASE WHEN s.amount ~ '^[0-9]{1,15}([.][0-9]{1,6})?$' THEN s.amount::numeric END)::text AS amount
    FROM once o, LATERAL (SELECT o.spend->>'currency' AS currency, o.spend->>'amount' AS amount) s
    GROUP BY o.reader, o.stage, s.currency ORDER BY o.reader, s.currency`,
  );
  const found = [...grouped(rows, ({ reader }) => reader)];
  return new Map(found.map(([reader, of]) => [reader, OPEN_STAGES.flatMap((stage) => atStage(stage, of))]));
}

function atStage(stage: Stage, rows: readonly StageRow[]): DigestExtras['stages'] {
  const here = rows.filter((row) => row.stage === stage);
  const amounts = here.flatMap(({ amount, currency }) => (amount && currency ? [{ amount, currency }] : []));
  return here.length > 0 ? [{ stage, count: here.reduce((sum, { count }) => sum + count, 0), amounts }] : [];
}

interface LostRow extends DealRow {
  version: number;
  reader: string;
  total: number;
  gone_at: Date | null;
  offered: string[] | null;
}

async function lostOf(
  store: Store,
  readers: readonly DigestReader[],
  now: Date,
): Promise<Map<string, DigestExtras['lost']>> {
  if (readers.length === 0) return new Map();
  const rows = readers.map(({ person, lostSince: since }) => ({
    ...{ reader: person.id, sees: seesOf(person), mine: [], since },
  }));
  const found = await rowsOf<LostRow>(
    store,
    Prisma.sql`
    WITH want AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS w(reader uuid, sees text, mine text[], since timestamptz)),
    ranked AS (
      SELECT w.reader, d.id, (count(*) OVER (PARTITION BY w.reader))::int AS total,
        row_number() OVER (PARTITION BY w.reader ORDER BY c.ended_at DESC, d.id) AS rank
      FROM clock c JOIN deal d ON d.id = c.deal_id, want w
      WHERE c.outcome = 'lost' AND c.ended_at > (SELECT min(since) FROM want) AND c.ended_at > w.since
        AND c.ended_at <= ${now}::timestamptz AND ${SIGHT_OF_ROW}
    )
    SELECT r.reader, r.total, d.gone_at, d.version, ${DEAL_COLUMNS},
      (SELECT json_agg(trim(p.first_name || ' ' || p.last_name) ORDER BY o.at, p.last_name, p.first_name)
        FROM offer o JOIN person p ON p.id = o.person_id WHERE o.deal_id = d.id) AS offered
    FROM ranked r JOIN deal d ON d.id = r.id WHERE r.rank <= ${NAMED} ORDER BY r.reader, r.rank`,
  );
  const byReader = grouped(found, ({ reader }) => reader);
  return new Map(
    readers.map(({ person: { id }, lostSince = now }) => {
      const of = byReader.get(id) ?? [];
      const days = Math.round((now.getTime() - lostSince.getTime()) / DAY_MS);
      return [id, { deals: of.map(toLost), total: of[0]?.total ?? 0, days }];
    }),
  );
}

function toLost(row: LostRow): Lost {
  const deal: Deal = withLocal(row);
  return {
    deal,
    version: row.version,
    ...(row.gone_at ? { isGone: true as const } : {}),
    offeredTo: row.offered ?? [],
  };
}
