/** What a cover brings comes with its first day, and goes with it. */
import { dayIn } from '../pipeline/calendar.ts';
import { isLentWithout, type KnownCover, knownCovers, lookingAgain, running } from './covers.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { PENDING } from './views.ts';

/**
 * By the tick, before the clocks: covers that are over, or of whom one is let in no more, end. Of each whose first day has
 * come, what is pending and offered to whoever is away is offered to the cover too, where they would not see it otherwise, and
 * the cover is told; in the name of whoever offered it, where they may still do so. Once, whichever process comes first; missed
 * days are made up for while it lasts. Then what no cover brings any more is put right, however it ended. Four statements at most.
 */
export async function tendCovers(store: Store, now: Date): Promise<void> {
  const known = await knownCovers(store);
  const over = known.filter((it) => it.isVoid || it.until < todayOf(it, now));
  if (over.length > 0) await rowsOf(store, ending(idsOf(over), now));
  const run = running(known, now);
  const due = run.filter(({ hasBegun }) => !hasBegun);
  if (due.length > 0) await rowsOf(store, beginning(due, now));
  const ahead = known.filter((it) => it.from > todayOf(it, now));
  const idle = known.filter((it) => !run.includes(it));
  await rowsOf(store, puttingRight({ ahead: idsOf(ahead), idle: idsOf(idle) }, now));
}

const todayOf = ({ timeZone }: KnownCover, now: Date): string => dayIn(now, timeZone);
const idsOf = (covers: readonly KnownCover[]): string[] => covers.map(({ id }) => id);

const ending = (ids: readonly string[], now: Date): Prisma.Sql => Prisma.sql`
    UPDATE cover SET ended_at = ${now}::timestamptz WHERE id = ANY(${[...ids]}::uuid[]) AND ended_at IS NULL RETURNING id`;

/**
 * What was lent goes back. Whom the clock told in somebody's place was not told, and what was offered by hand meanwhile was
 * not told to whose desk it is: it asks whoever is there now instead. A cover that was set since these were read counts as
 * one that runs; one that has begun is ahead no more, whichever zone its owner has come to.
 * @param ahead those still to begin. @param idle these, and those whose colleague is away.
 */
const puttingRight = (
  { ahead, idle }: { ahead: string[]; idle: string[] },
  now: Date,
): Prisma.Sql => Prisma.sql`
    WITH stands AS (
      SELECT id, person_id, cover_id FROM cover WHERE ended_at IS NULL AND (begun_at IS NOT NULL OR id <> ALL(${ahead}::uuid[]))
    ), taken AS (
      DELETE FROM offer o WHERE ${isLentWithout(Prisma.sql`stands`)} RETURNING o.deal_id, o.person_id
    ), runs AS (
      SELECT * FROM stands WHERE id <> ALL(${idle}::uuid[])
    ), void AS (
      SELECT r.deal_id, r.person_id, (SELECT s.person_id FROM runs s JOIN offer b ON b.person_id = s.person_id
        WHERE s.cover_id = r.person_id AND b.deal_id = r.deal_id AND r.name = 'offered' LIMIT 1) AS other
      FROM rung r WHERE r.away IS NOT NULL AND NOT EXISTS (
        SELECT FROM runs s WHERE s.person_id = r.away AND s.cover_id = r.person_id)
    ), heard AS (
      -- For somebody else, whose desk they cover as well, they have heard of it.
      UPDATE rung r SET away = v.other FROM void v
      WHERE (r.deal_id, r.person_id) = (v.deal_id, v.person_id) AND v.other IS NOT NULL RETURNING 1
    ), unsaid AS (
      DELETE FROM rung r WHERE (r.deal_id, r.person_id) IN (
        SELECT deal_id, person_id FROM taken UNION SELECT deal_id, person_id FROM void WHERE other IS NULL) RETURNING r.deal_id
    ), unheard AS (
      UPDATE offer o SET unheard = true FROM cover c, deal d
      WHERE c.person_id = o.person_id AND c.ended_at > ${now}::timestamptz - ${LATELY} AND NOT o.by_cover AND NOT o.unheard
        AND o.at >= coalesce(c.begun_at, c.at) - ${A_TICK} AND o.at <= c.ended_at AND d.id = o.deal_id AND ${PENDING}
        AND NOT EXISTS (SELECT FROM rung r WHERE r.deal_id = o.deal_id AND r.person_id = o.person_id)
      RETURNING o.deal_id
    ), again AS (
      ${lookingAgain(Prisma.sql`(SELECT deal_id FROM taken UNION SELECT deal_id FROM unsaid UNION SELECT deal_id FROM unheard) t`, now)}
    ), bumped AS (
      UPDATE deal SET version = version + 1 WHERE id IN (SELECT deal_id FROM taken) RETURNING id
    )
    SELECT count(deliver(id))::int AS n FROM bumped`;

/** Ended covers are looked at for so long: no process is away for longer while people wait. */
const LATELY = Prisma.sql`interval '7 days'`;
/** From its first moment on a cover is told; that it began is written down by the next tick. */
const A_TICK = Prisma.sql`interval '2 minutes'`;

const beginning = (due: readonly KnownCover[], now: Date): Prisma.Sql => Prisma.sql`
    WITH due AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(due.map(asRow))}::text::jsonb) AS w(id uuid, "isLater" boolean)
    ), begun AS (
      UPDATE cover c SET begun_at = ${now}::timestamptz FROM due w
      WHERE c.id = w.id AND c.begun_at IS NULL AND c.ended_at IS NULL RETURNING c.*, w."isLater"
    ), passed AS (
      INSERT INTO offer (deal_id, person_id, by_id, at, by_cover)
      SELECT o.deal_id, b.cover_id, o.by_id, ${now}::timestamptz, true FROM begun b
      JOIN person k ON k.id = b.cover_id AND k.role = 'ACE user'
      JOIN offer o ON o.person_id = b.person_id AND NOT o.by_cover
      JOIN person q ON q.id = o.by_id AND q.role NOT IN ('none', 'ACE user') JOIN deal d ON d.id = o.deal_id
      WHERE ${PENDING} AND d.gone_at IS NULL AND NOT d.psf AND d.expires_at > ${now}::timestamptz
      ORDER BY o.deal_id ON CONFLICT (deal_id, person_id) DO NOTHING RETURNING deal_id, person_id
    ), bumped AS (
      UPDATE deal SET version = version + 1 WHERE id IN (SELECT deal_id FROM passed) RETURNING id
    ), redrawn AS (
      SELECT deliver(id) FROM bumped
    ), told AS (
      SELECT tell(b.cover_id, 'covering', jsonb_build_object('what', 'begun', 'cover', b.id, 'personId', b.person_id,
        'coverId', b.cover_id, 'byId', b.by_id, 'from', b.from, 'until', b.until, 'deals', p.deals))
      FROM begun b, LATERAL (SELECT coalesce(jsonb_agg(q.deal_id ORDER BY q.deal_id), '[]') AS deals FROM passed q
        JOIN offer o ON o.deal_id = q.deal_id AND o.person_id = b.person_id WHERE q.person_id = b.cover_id) p
      WHERE b."isLater" OR p.deals <> '[]'
    )
    SELECT (SELECT count(*) FROM redrawn)::int + (SELECT count(*) FROM told)::int AS n`;

const asRow = ({ id, from, setAt, timeZone }: KnownCover) => ({
  id,
  // Who was asked to on that very day has been told today.
  isLater: from > dayIn(new Date(setAt), timeZone),
});
