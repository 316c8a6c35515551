/** Whose digests are composed: their desks, who reports to them, what they switched off. */
import { dayIn } from '../pipeline/calendar.ts';
import type { Day } from '../pipeline/deal.ts';
import { isFirstOfWeek, LOST_DAYS, weekOf } from '../pipeline/digest.ts';
import type { Colleague } from '../pipeline/person.ts';
import { coversNow } from './covers.ts';
import { Prisma } from './generated/client.ts';
import { grouped } from './grouped.ts';
import { COLLEAGUE, type ColleagueRow, toColleague } from './people.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Somebody whose deals are looked at. */
export interface Desk extends Colleague {
  /** Sections that are left out of these: by the switches of whose digest it is, or would be without a cover. */
  off: readonly string[];
}

export interface DigestReader {
  person: Colleague;
  /** Sections they switched off. */
  off: readonly string[];
  /** Their own first, then those they cover. */
  desks: readonly Desk[];
  /** Who reports to them, then who reports to those they cover; nobody twice, and nobody whose desk they cover with that. */
  reports: readonly Desk[];
  /** When their last digest of an earlier day was taken to be sent: what came after it did not name. */
  since?: Date;
  /** From when on this one names what was lost; absent: an earlier one of that week has done so. */
  lostSince?: Date;
  /** When the next one is looked at; absent while they have none. */
  nextAt?: Date;
}

interface Row extends ColleagueRow {
  off: string[] | null;
  next_at: Date | null;
  sent: { day: string; at: string }[] | null;
}

/** A digest that was sent. */
interface Sent {
  day: Day;
  at: Date;
}

/**
 * By these ids, in any order; who is not let in, or before the terms are confirmed anybody but the alliance lead, is left
 * out. Two queries, however many there are. @param days of the digests that are looked at, by person; absent: today's.
 */
export async function digestReaders(
  store: Store,
  personIds: readonly string[],
  now: Date,
  days: ReadonlyMap<string, Day> = new Map(),
): Promise<DigestReader[]> {
  if (personIds.length === 0) return [];
  const wanted = new Set(personIds);
  const covers = [...(await coversNow(store, now)).values()].filter(({ coverId }) => wanted.has(coverId));
  const rows = await around(store, [...wanted], [...new Set(covers.map(({ personId }) => personId))]);
  const people = peopleOf(rows);
  return rows
    .filter(({ id, isIn }) => wanted.has(id) && isIn)
    .map((row) => {
      const person = toColleague(row);
      const off = row.off ?? [];
      const away = covers.filter(({ coverId }) => coverId === row.id).map(({ personId }) => personId);
      return {
        ...{ person, off, ...desksOf({ ...person, off }, away, people) },
        ...sinceWhen(row, days.get(row.id) ?? dayIn(now, person.timeZone), now),
        ...(row.next_at ? { nextAt: row.next_at } : {}),
      };
    });
}

interface People {
  byId: ReadonlyMap<string, Desk>;
  /** Who reports to whom. */
  under: ReadonlyMap<string | null, readonly Row[]>;
}

const peopleOf = (rows: readonly Row[]): People => ({
  byId: new Map(rows.map((row) => [row.id, { ...toColleague(row), off: row.off ?? [] }])),
  under: grouped(rows, ({ reportsTo }) => reportsTo),
});

/** A covered desk stands in the cover's digest as it would in its owner's: with who reports to them, and by their switches. */
function desksOf(
  own: Desk,
  away: readonly string[],
  { byId, under }: People,
): Pick<DigestReader, 'desks' | 'reports'> {
  const covered = away.flatMap((id) => byId.get(id) ?? []);
  const reportsOf = ({ id, off }: Desk): Desk[] =>
    (under.get(id) ?? []).filter((row) => row.id !== own.id).map((row) => ({ ...toColleague(row), off }));
  const desks = [own, ...covered];
  const mine = reportsOf(own);
  const known = new Set([...mine, ...desks].map(({ id }) => id));
  const theirs = covered.flatMap(reportsOf).filter(({ id }) => !known.has(id));
  return { desks, reports: [...mine, ...theirs] };
}

/** Themselves, those they cover, and those who report to any of these. */
const around = (store: Store, wanted: string[], covered: string[]): Promise<(Row & { isIn: boolean })[]> => {
  const desks = Prisma.sql`${[...new Set([...wanted, ...covered])]}::uuid[]`;
  return rowsOf<Row & { isIn: boolean }>(
    store,
    Prisma.sql`
    SELECT ${COLLEAGUE}, p.role = 'alliance lead' OR EXISTS (SELECT FROM terms) AS "isIn", s.off,
      CASE WHEN s.off_at IS NULL AND NOT s.gone THEN s.next_at END AS next_at,
      (SELECT json_agg(json_build_object('day', g.day::text, 'at', coalesce(g.taken_at, g.sent_at)) ORDER BY g.day)
        FROM digest g WHERE g.subscription_id = s.id AND g.sent_at IS NOT NULL AND g.ref IS NOT NULL) AS sent
    FROM person p LEFT JOIN subscription s ON s.person_id = p.id AND s.room IS NULL AND p.id = ANY(${desks})
    WHERE p.role <> 'none' AND (p.id = ANY(${desks}) OR p.reports_to = ANY(${desks}))
    ORDER BY p.last_name, p.first_name, p.email`,
  );
};

/** The days of these digests, by whose they are. */
export const daysOf = (digests: readonly { personId: string; day: Day }[]): Map<string, Day> =>
  new Map(digests.map(({ personId, day }) => [personId, day]));

/** Of the digest of that day: the same before it is sent and after, whenever it is drawn anew. Digests are kept for 30 days. */
function sinceWhen(row: Row, day: Day, now: Date): Pick<DigestReader, 'since' | 'lostSince'> {
  const sent = (row.sent ?? []).map((it): Sent => ({ day: it.day, at: new Date(it.at) }));
  const before = sent.filter((it) => it.day < day);
  const lostSince = lostSinceOf(before, day, sent.find((it) => it.day === day)?.at ?? now);
  const last = before.at(-1);
  return { ...(last ? { since: last.at } : {}), ...(lostSince ? { lostSince } : {}) };
}

const MINUTE_MS = 60_000;

/**
 * Back to the first digest of the week before this one that had any, and a week at least: what was noted in the very minute
 * in which that was composed may stand in both.
 */
function lostSinceOf(before: readonly Sent[], day: Day, composed: Date): Date | undefined {
  const last = before.at(-1)?.day;
  if (!isFirstOfWeek(day, last)) return undefined;
  const first = before.find((it) => last && weekOf(it.day) === weekOf(last));
  const aWeek = composed.getTime() - LOST_DAYS * 24 * 60 * MINUTE_MS;
  return new Date(Math.min(aWeek, first ? first.at.getTime() - MINUTE_MS : aWeek));
}
