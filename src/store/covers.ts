/** Who looks after whose desk. A cover's own entitlement decides what they see; this says only whose desk it is. */
import { dayIn } from '../pipeline/calendar.ts';
import { type Cover, isOn } from '../pipeline/cover.ts';
import type { Day } from '../pipeline/deal.ts';
import type { Notice } from '../pipeline/notice.ts';
import type { Role } from '../pipeline/person.ts';
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { telling } from './notices.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface Covering {
  personId: string;
  coverId: string;
  /** First and last day, by the clock of whoever is away. */
  from: string;
  until: string;
}

/** One that has not been ended; it may be over. */
export interface KnownCover extends Cover {
  /** Of whoever is away; IANA. */
  timeZone: string;
  /** What the colleague is let in as. */
  coverRole: Role;
  setAt: Date;
  /** Its first day has come, and what was offered was passed on. */
  hasBegun: boolean;
  /** Whoever is away, or the cover, is let in no more: it covers nobody, and ends with the next tick. */
  isVoid: boolean;
}

/**
 * The covers that run at that moment, by whose desk it is. A colleague who is not let in any more, or is away and covered
 * themselves, covers nobody: then messages go to whoever is away rather than to nobody. One query, however many there are.
 */
export async function coversNow(store: Store, now: Date): Promise<Map<string, Covering>> {
  return new Map(
    running(await knownCovers(store), now).map(({ personId, coverId, from, until }) => [
      personId,
      { personId, coverId, from, until },
    ]),
  );
}

/** Those that are not ended and not over, also those still to begin; both are let in. One query. */
export async function coversAhead(store: Store, now: Date): Promise<KnownCover[]> {
  const known = await knownCovers(store);
  return known.filter(({ until, timeZone, isVoid }) => !isVoid && dayIn(now, timeZone) <= until);
}

export function running(known: readonly KnownCover[], now: Date): KnownCover[] {
  const on = known.filter((it) => !it.isVoid && isOn(it, dayIn(now, it.timeZone)));
  const away = new Set(on.map(({ personId }) => personId));
  return on.filter(({ coverId }) => !away.has(coverId));
}

export const knownCovers = (store: Store): Promise<KnownCover[]> =>
  rowsOf<KnownCover>(
    store,
    Prisma.sql`
    SELECT c.id, c.person_id AS "personId", c.cover_id AS "coverId", c.from::text, c.until::text, c.by_id AS "byId",
      c.at AS "setAt", c.begun_at IS NOT NULL AS "hasBegun", p.time_zone AS "timeZone", k.role AS "coverRole",
      'none' IN (p.role, k.role) AS "isVoid"
    FROM cover c JOIN person p ON p.id = c.person_id JOIN person k ON k.id = c.cover_id
    WHERE c.ended_at IS NULL`,
  );

/** What a cover is set with: when it is there, whom that concerns, and which one it takes the place of. */
export interface Setting {
  now: Date;
  /** Of whoever is away. */
  today: Day;
  tells: readonly Tell[];
  instead?: string;
}

/**
 * Parts of an act: from now on that colleague covers the desk, and nobody else does.
 * Fails with a unique violation where another was set meanwhile; writes none where the colleague is let in no more.
 */
export const covering = (cover: Cover, { now, today, tells, instead }: Setting): Also[] => [
  // One that is over, or whose colleague is let in no more, ends with it unasked.
  Prisma.sql`
    UPDATE cover SET ended_at = ${now}::timestamptz FROM acted
    WHERE person_id = ${cover.personId}::uuid AND ended_at IS NULL
      AND (cover.id = ${instead ?? null}::uuid OR cover.until < ${today}::date
        OR EXISTS (SELECT FROM person k WHERE k.id = cover.cover_id AND k.role = 'none'))
    RETURNING cover.id, cover.cover_id`,
  // The one before is counted first: a desk has one cover.
  Prisma.sql`
    INSERT INTO cover (id, person_id, cover_id, "from", until, by_id, at)
    SELECT ${cover.id}::uuid, ${cover.personId}::uuid, k.id, ${cover.from}::date, ${cover.until}::date,
      ${cover.byId}::uuid, ${now}::timestamptz
    FROM acted, person k, (SELECT count(*) AS many FROM also_0) before
    WHERE k.id = ${cover.coverId}::uuid AND k.role <> 'none' AND before.many >= 0 RETURNING 1`,
  // The same colleague goes on: what it brought stays.
  ...takingBack(2, now, cover.from <= today ? cover.coverId : undefined),
  ...tells.map(({ personId, notice }) => telling(personId, notice)),
];

/** Who is told what. */
export interface Tell {
  personId: string;
  notice: Notice;
}

/** Parts of an act: it ends now, once, and what it brought to the cover with it. */
export const endingCover = (id: string, now: Date, tells: readonly Tell[]): Also[] => [
  Prisma.sql`
    UPDATE cover SET ended_at = ${now}::timestamptz FROM acted
    WHERE cover.id = ${id}::uuid AND ended_at IS NULL RETURNING cover.id, cover.cover_id`,
  ...takingBack(1, now),
  ...tells.map(({ personId, notice: { kind, ...body } }) => {
    const json = JSON.stringify(body);
    return Prisma.sql`SELECT tell(${personId}::uuid, ${kind}, ${json}::text::jsonb) FROM also_0`;
  }),
];

/** As parts `first` to `first` + 3, where part 0 gives the covers that end (also_0, also_1, …: `withAlso`). @param but a colleague who goes on. */
function takingBack(first: number, now: Date, but?: string): Also[] {
  const part = (nth: number) => Prisma.raw(`also_${nth}`);
  const [taken, aged] = [part(first), part(first + 1)];
  return [
    Prisma.sql`${takenBack(Prisma.sql`also_0`)} AND o.person_id IS DISTINCT FROM ${but ?? null}::uuid
      RETURNING o.deal_id`,
    Prisma.sql`UPDATE deal SET version = version + 1 WHERE id IN (SELECT deal_id FROM ${taken}) RETURNING id`,
    Prisma.sql`SELECT deliver(id) FROM ${aged}`,
    lookingAgain(taken, now),
  ];
}

/** Who was told is out: all rungs that were due are taken again, now, by whoever stands there and has not heard. */
export const lookingAgain = (deals: Prisma.Sql, now: Date): Prisma.Sql => Prisma.sql`
    UPDATE clock SET rung = 0, next_at = ${now}::timestamptz
    WHERE deal_id IN (SELECT deal_id FROM ${deals}) AND outcome IS NULL RETURNING 1`;

/** @param ended (id, cover_id) of each that ends in this statement. */
const takenBack = (ended: Prisma.Sql): Prisma.Sql => Prisma.sql`
    DELETE FROM offer o WHERE ${isLent(ended)}`;

/** Of an offer under the alias `o`: it ends with these covers. */
export const isLent = (ended: Prisma.Sql): Prisma.Sql => Prisma.sql`
    o.person_id IN (SELECT cover_id FROM ${ended})
      AND ${isLentWithout(Prisma.sql`(SELECT * FROM cover WHERE ended_at IS NULL AND id NOT IN (SELECT id FROM ${ended}))`)}`;

/**
 * Of an offer under the alias `o`: none of these covers brings it, neither as it is offered to whoever is away nor as they
 * stand on a rung of its clock; and nobody has offered it by name.
 */
export const isLentWithout = (covers: Prisma.Sql): Prisma.Sql => Prisma.sql`
    o.by_cover AND NOT EXISTS (SELECT FROM ${covers} c WHERE c.cover_id = o.person_id AND (
      EXISTS (SELECT FROM offer b WHERE b.person_id = c.person_id AND b.deal_id = o.deal_id)
      OR EXISTS (SELECT FROM rung r WHERE r.deal_id = o.deal_id AND r.person_id = o.person_id AND r.away = c.person_id
        AND r.name <> 'offered')))`;

/** Of the open deals of whoever is away, how many the cover sees as it is; how many there are is not theirs to know. */
export async function seenBy(store: Store, emails: readonly string[], sees: Prisma.Sql): Promise<number> {
  const [row] = await rowsOf<{ seen: number }>(
    store,
    Prisma.sql`
    SELECT count(*)::int AS seen FROM deal d
    WHERE ${sees} AND d.owner_email = ANY(${[...emails]}::text[]) AND d.kind <> 'referral' AND d.invited_at IS NULL AND d.gone_at IS NULL
      AND d.successor IS NULL AND coalesce(d.stage, '') NOT IN ('Launched', 'Closed Lost')`,
  );
  return row?.seen ?? 0;
}
