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
 * What was lent goes back; whom the clock told in somebody's place was not told, and it asks whoever is there now instead.
 * A cover that was set since these were read counts as one that runs.
 * @param ahead those still to begin. @param idle these, and those whose colleague is away.
 */
const puttingRight = (
  { ahead, idle }: { ahead: string[]; idle: string[] },
  now: Date,
): Prisma.Sql => Prisma.sql`
    WITH stands AS (
      SELECT id, person_id, cover_id FROM cover WHERE ended_at IS NULL AND id <> ALL(${ahead}::uuid[])
    ), taken AS (
      DELETE FROM offer o WHERE ${isLentWithout(Prisma.sql`stands`)} RETURNING o.deal_id
    ), unsaid AS (
      DELETE FROM rung r WHERE r.away IS NOT NULL AND NOT EXISTS (SELECT FROM stands s
        WHERE s.person_id = r.away AND s.cover_id = r.person_id AND s.id <> ALL(${idle}::uuid[]))
      RETURNING r.deal_id, r.away, r.name
    ), unheard AS (
      UPDATE offer o SET unheard = true FROM unsaid u
      WHERE u.name = 'offered' AND o.deal_id = u.deal_id AND o.person_id = u.away AND NOT o.by_cover RETURNING 1
    ), again AS (
      ${lookingAgain(Prisma.sql`(SELECT deal_id FROM taken UNION SELECT deal_id FROM unsaid) t`, now)}
    ), bumped AS (
      UPDATE deal SET version = version + 1 WHERE id IN (SELECT deal_id FROM taken) RETURNING id
    )
    SELECT count(deliver(id))::int AS n FROM bumped`;

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
