/** The lines of many people's digests, read off the mirror at once: the cost of a reader is that of their own deals. */
import { dayIn } from '../pipeline/calendar.ts';
import {
  DIGEST_SECTIONS,
  type DigestSection,
  LINES_EACH,
  LOOKED_AT_EACH,
  WORD_SECTIONS,
} from '../pipeline/digest.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import type { DigestFound, Report } from '../views/digest-found.ts';
import type { Line, Lines } from '../views/list.ts';
import { deskLines } from './desk.ts';
import { extrasOf, NO_EXTRAS } from './digest-extras.ts';
import type { DigestReader } from './digest-readers.ts';
import { Prisma } from './generated/client.ts';
import { grouped } from './grouped.ts';
import { putOffSql } from './later.ts';
import { COUNT_CAP, LINE_COLUMNS, type LineRow, toLine } from './lines.ts';
import { GOING, launchedByAws, OPEN_CHANGE, sectionsSql } from './sections.ts';
import { SIGHT_OF_ROW, seesOf } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { PENDING } from './views.ts';

/**
 * What each reader's digest says, by their id. Theirs is what they own, submitted or were offered; the same of the desks
 * they cover; for alliance lead and team what is pending and nobody was offered. Never more than the reader may see, once
 * each, and without what they put off. Six statements at most, however many readers; a few lines of each in memory.
 */
export async function digestsFor(
  store: Store,
  readers: readonly DigestReader[],
  now: Date,
): Promise<Map<string, DigestFound>> {
  if (readers.length === 0) return new Map();
  const [rows, extras] = await Promise.all([
    rowsOf<DigestRow>(store, linesOf(readers, now)),
    extrasOf(store, readers, now),
  ]);
  const byReader = grouped(rows, ({ reader }) => reader);
  return new Map(
    readers.map((reader) => [
      reader.person.id,
      {
        ...foundOf(reader, byReader.get(reader.person.id) ?? [], now),
        ...(extras.get(reader.person.id) ?? NO_EXTRAS),
      },
    ]),
  );
}

/** For a channel: all that whoever set it up may see, so much of each section that what the room may be shown is among it. */
export async function pipelineDigest(
  store: Store,
  setter: Person,
  off: readonly string[],
  now: Date,
): Promise<DigestFound> {
  const { sections } = await deskLines(store, setter, now, LOOKED_AT_EACH);
  const on = DIGEST_SECTIONS.flatMap((id): [DigestSection, Lines][] => {
    const found = sections.get(id);
    return found && found.lines.length > 0 && !off.includes(id) ? [[id, found]] : [];
  });
  return { desks: [{ whose: setter, sections: new Map(on) }], reports: [], ...NO_EXTRAS };
}

interface DigestRow extends LineRow {
  reader: string;
  /** Of `desks`, then of `reports`. */
  nth: number;
  /** Of DIGEST_SECTIONS. */
  sec: number;
}

/** A line where it stands. */
interface Placed extends Pick<DigestRow, 'nth' | 'sec' | 'total'> {
  line: Line;
}

function foundOf(
  { person, desks, reports }: DigestReader,
  rows: readonly DigestRow[],
  now: Date,
): Pick<DigestFound, 'desks' | 'reports'> {
  const placed = rows.map(
    (row): Placed => ({ nth: row.nth, sec: row.sec, total: row.total, line: toLine(row) }),
  );
  // The statement asked the law already; what it lets through wrongly would end here.
  const lawful = placed.filter(({ line }) => can(person, 'see', line.deal, now).yes);
  const byDesk = grouped(lawful, ({ nth }) => nth);
  return {
    desks: desks.map((whose, nth) => ({ whose, sections: sectionsIn(byDesk.get(nth) ?? []) })),
    reports: reports.flatMap((owner, nth) => reportOf(owner, byDesk.get(desks.length + nth) ?? [])),
  };
}

function sectionsIn(placed: readonly Placed[]): Map<DigestSection, Lines> {
  const bySection = grouped(placed, ({ sec }) => sec);
  return new Map(
    DIGEST_SECTIONS.flatMap((id, sec): [DigestSection, Lines][] => {
      const found = bySection.get(sec) ?? [];
      const total = found[0]?.total ?? 0;
      const lines = found.map(({ line }) => line);
      return total > 0 ? [[id, { lines, total: Math.min(total, COUNT_CAP), capped: total > COUNT_CAP }]] : [];
    }),
  );
}

const reportOf = (owner: Report['owner'], placed: readonly Placed[]): Report[] =>
  placed[0]
    ? [
        {
          owner,
          lines: placed.map(({ line, ...it }) => ({ ...line, section: sectionOf(it) })),
          total: placed[0].total,
        },
      ]
    : [];

const sectionOf = ({ sec }: { sec: number }): DigestSection => DIGEST_SECTIONS[sec] ?? 'waiting';

/** Of a deal that stands under several desks the first has it; a desk's lines are ranked by section, a report's in all. */
const linesOf = (readers: readonly DigestReader[], now: Date): Prisma.Sql => Prisma.sql`
  WITH want AS MATERIALIZED (${wanted(readers, now)}),
  launched AS MATERIALIZED (${launchedByAws()}),
  busy AS MATERIALIZED (${BUSY}),
  later AS MATERIALIZED (${putOffSql(now)}),
  ended AS MATERIALIZED (${ENDED}),
  placed AS (
    SELECT w.reader, w.nth, w.report, d.id, s.sec, ${KEY} AS key
    FROM want w, LATERAL (${ARMS}) d, LATERAL (SELECT ${sectionSql(now)} AS sec OFFSET 0) s
    WHERE s.sec < w.sections AND ${SIGHT_OF_ROW} AND NOT EXISTS (SELECT FROM later r WHERE r.person_id = w.reader AND r.deal_id = d.id)
  ), once AS (
    SELECT DISTINCT ON (reader, id) * FROM placed ORDER BY reader, id, nth
  ), ranked AS (
    SELECT reader, nth, id, sec, (count(*) OVER part)::int AS total,
      row_number() OVER (part ORDER BY sec, key, CASE WHEN ${isNewestFirst} THEN id END DESC, id) AS rank
    FROM once WINDOW part AS (PARTITION BY reader, nth, CASE WHEN report THEN -1 ELSE sec END)
  )
  SELECT r.reader, r.nth, r.sec, r.total, '' AS section, ${LINE_COLUMNS}
  FROM ranked r JOIN deal d ON d.id = r.id WHERE r.rank <= ${LINES_EACH} ORDER BY r.reader, r.nth, r.sec, r.rank`;

/** A row for each desk of each reader. */
export function wanted(readers: readonly DigestReader[], now: Date): Prisma.Sql {
  const rows = readers.flatMap(({ person, desks, reports }) =>
    [...desks, ...reports].map((whose, nth) => ({
      reader: person.id,
      nth,
      report: nth >= desks.length,
      whose: whose.id,
      theirs: [whose.email, ...whose.otherEmails],
      sees: seesOf(person),
      mine: [person.email, ...person.otherEmails],
      today: dayIn(now, person.timeZone),
      off: whose.off,
      sections: nth < desks.length ? DIGEST_SECTIONS.length : WORD_SECTIONS.length,
      unclaimed: nth < desks.length && (whose.role === 'alliance lead' || whose.role === 'alliance team'),
    })),
  );
  return Prisma.sql`SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS w(reader uuid, nth int,
    report boolean, whose uuid, theirs text[], sees text, mine text[], today date, off text[], sections int, unclaimed boolean)`;
}

const COLUMNS = Prisma.sql`d.id, d.version, d.kind, d.status, d.stage, d.invited_at, d.close_date, d.due_at, d.partner_updated_at,
  d.status_since, d.successor, d.psf, d.owner_email, d.submitted_by`;

/** What waits for an answer from AWS. */
export const BUSY = Prisma.sql`SELECT deal_id, min(seq)::float8 AS seq FROM change WHERE ${OPEN_CHANGE} GROUP BY deal_id`;

/** Of that what is launched or lost. */
export const ENDED = Prisma.sql`SELECT ${COLUMNS} FROM busy JOIN deal d ON d.id = busy.deal_id
  WHERE d.gone_at IS NULL AND d.invited_at IS NULL AND NOT ${GOING}`;

/**
 * Each by an index: owned, submitted, of both what ended and waits for AWS; offered; and what waits for whoever gives it to
 * somebody.
 */
export const ARMS = Prisma.sql`
  SELECT ${COLUMNS} FROM deal d
  WHERE d.owner_email = ANY(w.theirs) AND d.invited_at IS NULL AND d.gone_at IS NULL AND ${GOING}
  UNION ALL
  SELECT ${COLUMNS} FROM deal d
  WHERE d.submitted_by = ANY(w.theirs) AND d.kind = 'opportunity' AND d.invited_at IS NULL AND d.gone_at IS NULL AND ${GOING}
    AND NOT w.report AND NOT coalesce(d.owner_email = ANY(w.theirs), false)
  UNION ALL
  SELECT ${COLUMNS} FROM ended d WHERE d.owner_email = ANY(w.theirs)
    OR d.submitted_by = ANY(w.theirs) AND d.kind = 'opportunity' AND NOT w.report
  UNION ALL
  SELECT ${COLUMNS} FROM offer o JOIN deal d ON d.id = o.deal_id
  WHERE o.person_id = w.whose AND ${PENDING} AND d.gone_at IS NULL
  UNION ALL
  (SELECT ${COLUMNS} FROM deal d WHERE w.unclaimed AND ${PENDING} AND d.gone_at IS NULL AND (w.sees = 'all' OR NOT d.psf)
    AND NOT EXISTS (SELECT FROM offer o WHERE o.deal_id = d.id)
    AND NOT EXISTS (SELECT FROM clock c WHERE c.deal_id = d.id AND c.route_id IS NOT NULL)
    ORDER BY d.due_at, d.id LIMIT ${COUNT_CAP + 1})`;

/** The first section a deal belongs in that its reader has not switched off, as its place in DIGEST_SECTIONS. */
function sectionSql(now: Date): Prisma.Sql {
  const where: Record<DigestSection, Prisma.Sql> = {
    ...sectionsSql(now, Prisma.sql`w.today`, Prisma.sql`d.id IN (SELECT id FROM launched)`),
    waiting: Prisma.sql`d.id IN (SELECT deal_id FROM busy)`,
  };
  const arms = DIGEST_SECTIONS.map(
    (id, nth) => Prisma.sql`WHEN ${where[id]} AND NOT ${id} = ANY(w.off) THEN ${Prisma.raw(String(nth))}`,
  );
  return Prisma.sql`CASE ${Prisma.join(arms, ' ')} END`;
}

const isIn = (...ids: DigestSection[]): Prisma.Sql =>
  Prisma.sql`sec IN (${Prisma.join(ids.map((id) => Prisma.raw(String(DIGEST_SECTIONS.indexOf(id)))))})`;

const isNewestFirst = isIn('rejected');

/** The order within a section: store/desk.ts has the same. */
const KEY = Prisma.sql`CASE WHEN ${isIn('pending')} THEN extract(epoch FROM d.due_at)
  WHEN ${isIn('stale')} THEN extract(epoch FROM d.partner_updated_at)
  WHEN ${isIn('in-review')} THEN extract(epoch FROM d.status_since)
  WHEN ${isNewestFirst} THEN -extract(epoch FROM d.status_since)
  WHEN ${isIn('waiting')} THEN (SELECT o.seq FROM busy o WHERE o.deal_id = d.id)
  ELSE extract(epoch FROM d.close_date) END`;
