/** What became of the lines of a digest that was sent. */
import { dayIn } from '../pipeline/calendar.ts';
import type { Change } from '../pipeline/change.ts';
import type { Deal } from '../pipeline/deal.ts';
import { DIGEST_SECTIONS, type DigestSection } from '../pipeline/digest.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { invitationOf } from '../pipeline/referral.ts';
import type { DigestFound, KeptLine, Standing, Stood } from '../views/digest-found.ts';
import { NO_EXTRAS } from './digest-extras.ts';
import { digestsFor } from './digest-lines.ts';
import type { DigestReader } from './digest-readers.ts';
import { Prisma } from './generated/client.ts';
import { LINE_COLUMNS, type LineRow, toLine } from './lines.ts';
import { type ChangeRow, toChange } from './rows.ts';
import { sectionsSql } from './sections.ts';
import { sight } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

interface StoodRow extends LineRow {
  nth: number;
  stands: boolean;
  /** The first section it belongs in now, of DIGEST_SECTIONS. */
  sec: number | null;
  gone_at: Date | null;
  change: ChangeRow | null;
  later_at: string | null;
}

/**
 * Which of the lines stand in their section still, and who did what with the others since `sentAt` (a day ago, unless
 * told), and how many there are by now. Whether the reader may see each is asked anew. One statement.
 * @param found as `digestsFor` has it at that moment; absent: it is asked.
 */
export async function standingOf(
  store: Store,
  reader: DigestReader,
  kept: readonly KeptLine[],
  now: Date,
  sentAt = new Date(now.getTime() - 24 * 60 * 60 * 1000),
  found?: DigestFound,
): Promise<Standing> {
  const rows =
    kept.length > 0 ? await rowsOf<StoodRow>(store, stoodSql(reader.person, kept, now, sentAt)) : [];
  const byNth = new Map(rows.map((row) => [row.nth, row]));
  const here = found ?? (await digestsFor(store, [reader], now)).get(reader.person.id);
  const { desks, reports, ...extras } = here ?? { desks: [], reports: [], ...NO_EXTRAS };
  return {
    ...extras,
    now: { desks, reports },
    lines: kept.map(({ section }, nth) => stoodOf(byNth.get(nth), section, reader.person, now)),
    covered: reader.desks.slice(1),
    reports: reader.reports,
  };
}

function stoodOf(row: StoodRow | undefined, kept: DigestSection, person: Person, now: Date): Stood {
  if (!row) return { is: 'hidden' };
  const line = toLine(row);
  if (!can(person, 'see', line.deal, now).yes) return { is: 'hidden' };
  if (row.gone_at || isTakenAway(person, line.deal)) return { is: 'done', line, isGone: true };
  const change: Change | undefined = row.change ? toChange(row.change) : undefined;
  const laterAt = row.later_at ? new Date(row.later_at) : undefined;
  if (laterAt) return { is: 'done', line, laterAt };
  const section = row.sec === null ? undefined : DIGEST_SECTIONS[row.sec];
  if (row.stands && !(change && isHandedOn(change)))
    return { is: 'stands', line, ...(section && section !== kept ? { first: section } : {}) };
  if (section && !change) return { is: 'moved', line, section };
  return { is: 'done', line, ...(change ? { change } : {}) };
}

/** What was rejected or ran out leaves an ACE user's sight; who sees everything reads what came of it. */
export const isTakenAway = (person: Person, deal: Deal): boolean =>
  !seesEverything(person) && ['REJECTED', 'EXPIRED'].includes(invitationOf(deal)?.status ?? '');

/** It is somebody else's to look after. */
const isHandedOn = ({ wish }: Change): boolean => wish.kind === 'own' || (wish.kind === 'assign' && !wish.as);

function stoodSql(person: Person, kept: readonly KeptLine[], now: Date, sentAt: Date): Prisma.Sql {
  const rows = kept.map(({ section, dealId }, nth) => ({ nth, section, id: dealId }));
  const where = sectionsSql(now, Prisma.sql`${dayIn(now, person.timeZone)}::date`);
  const each = (says: (id: DigestSection, nth: number) => Prisma.Sql) =>
    Prisma.join(DIGEST_SECTIONS.map(says), ' ');
  return Prisma.sql`
    SELECT k.nth, d.gone_at, '' AS section, 0 AS total, ${LINE_COLUMNS},
      coalesce(CASE k.section ${each((id) => Prisma.sql`WHEN ${id} THEN ${where[id]}`)} END, false) AS stands,
      CASE ${each((id, nth) => Prisma.sql`WHEN ${where[id]} THEN ${Prisma.raw(String(nth))}`)} END AS sec,
      (SELECT row_to_json(c) FROM (
        SELECT c.*, p.first_name, p.last_name FROM change c JOIN person p ON p.id = c.person_id
        WHERE c.deal_id = d.id AND c.state = 'confirmed' AND c.settled_at >= ${sentAt}::timestamptz
        ORDER BY c.seq DESC LIMIT 1) c) AS change,
      (SELECT r.at FROM reminder r WHERE r.deal_id = d.id AND r.person_id = ${person.id}::uuid AND r.told_at IS NULL
        AND r.at > ${now}::timestamptz) AS later_at
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS k(nth int, section text, id text)
    JOIN deal d ON d.id = k.id WHERE ${sight(person)} ORDER BY k.nth`;
}
