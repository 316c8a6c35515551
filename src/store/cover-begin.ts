/** A cover begins: what is pending and offered to whoever is away is offered to the cover too; and it goes when it is over. */
import { dayIn } from '../pipeline/calendar.ts';
import { knownCovers, rewound, running, takenBack, unsaid } from './covers.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/**
 * By the tick: of each cover whose first day has come, what is pending and offered to whoever is away is offered to the
 * cover too, where they would not see it otherwise, and the cover is told; in the name of whoever offered it, where they may
 * still do so. Once, whichever process comes first; missed days are made up for while it lasts. Those that are over end, and
 * those of whom one is let in no more.
 */
export async function beginCovers(store: Store, now: Date): Promise<void> {
  const known = await knownCovers(store);
  const over = known.filter(({ until, timeZone, isVoid }) => isVoid || until < dayIn(now, timeZone));
  if (over.length > 0)
    await rowsOf(
      store,
      ending(
        over.map(({ id }) => id),
        now,
      ),
    );
  const due = running(known, now).filter(({ hasBegun }) => !hasBegun);
  if (due.length === 0) return;
  const rows = due.map(({ id, from, setAt, timeZone }) => ({
    id,
    // Who was asked to on that very day has been told today.
    isLater: from > dayIn(new Date(setAt), timeZone),
  }));
  await rowsOf(store, beginning(rows, now));
}

const ending = (ids: readonly string[], now: Date): Prisma.Sql => Prisma.sql`
    WITH ended AS (
      UPDATE cover SET ended_at = ${now}::timestamptz WHERE id = ANY(${[...ids]}::uuid[]) AND ended_at IS NULL
      RETURNING id, cover_id
    ), taken AS (
      ${takenBack(Prisma.sql`ended`)} RETURNING o.deal_id, o.person_id
    ), unsaid AS (
      ${unsaid(Prisma.sql`taken`)}
    ), rewound AS (
      ${rewound(Prisma.sql`taken`, now)}
    ), bumped AS (
      UPDATE deal SET version = version + 1 WHERE id IN (SELECT deal_id FROM taken) RETURNING id
    )
    SELECT count(deliver(id))::int AS n FROM bumped`;

const beginning = (rows: readonly { id: string; isLater: boolean }[], now: Date): Prisma.Sql => Prisma.sql`
    WITH due AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS w(id uuid, "isLater" boolean)
    ), begun AS (
      UPDATE cover c SET begun_at = ${now}::timestamptz FROM due w
      WHERE c.id = w.id AND c.begun_at IS NULL AND c.ended_at IS NULL RETURNING c.*, w."isLater"
    ), passed AS (
      INSERT INTO offer (deal_id, person_id, by_id, at, by_cover)
      SELECT o.deal_id, b.cover_id, o.by_id, ${now}::timestamptz, true FROM begun b
      JOIN person k ON k.id = b.cover_id AND k.role = 'ACE user'
      JOIN offer o ON o.person_id = b.person_id AND NOT o.by_cover
      JOIN person q ON q.id = o.by_id AND q.role NOT IN ('none', 'ACE user') JOIN deal d ON d.id = o.deal_id
      WHERE d.status = 'PENDING' AND d.successor IS NULL AND d.invited_at IS NOT NULL AND d.gone_at IS NULL AND NOT d.psf
        AND d.expires_at > ${now}::timestamptz
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
