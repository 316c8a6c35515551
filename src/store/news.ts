/** What happened to people's deals: written down by `note_news` and by what follows here, gathered into messages. */
import { BURST_MS, NEWS_AT_ONCE, type NewsEvent, type NewsKind } from '../pipeline/news.ts';
import type { Sleeper } from '../pipeline/waking.ts';
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Somebody for whom there is news, and when they may be spoken to. */
export type Expectant = Sleeper & {
  personId: string;
  /** Some of it is told at night too (NEWS_AT_ONCE). */
  isUrgent: boolean;
};

/**
 * Whom there is something to tell, whether they are asleep or not; not within minutes of the last message, and `patienceMs`
 * more. One query.
 */
export async function expectants(store: Store, now: Date, patienceMs = 0): Promise<Expectant[]> {
  const rows = await rowsOf<
    Expectant & { country: string | null; from: number | null; until: number | null }
  >(
    store,
    Prisma.sql`
    SELECT p.id AS "personId", p.time_zone AS "timeZone", p.working_days AS "workingDays", p.country, q.from, q.until,
      EXISTS (SELECT FROM news n WHERE n.person_id = p.id AND n.told_at IS NULL AND n.kind = ANY(${[...NEWS_AT_ONCE]}::text[]))
        AS "isUrgent"
    FROM person p LEFT JOIN quiet q ON q.person_id = p.id
    WHERE p.id IN (SELECT n.person_id FROM news n WHERE n.told_at IS NULL)
      AND ${isQuietSince(now, patienceMs)}`,
  );
  return rows.map(({ country, from, until, ...row }) => ({
    ...row,
    ...(country === null ? {} : { country }),
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  }));
}

/** Each message names so many events at most; the others are counted. */
const MOST_EVENTS = 100;

/**
 * All that these people have not been told becomes one notice each, in one statement. Of several processes one comes first
 * for a person, by compare-and-set on when they were last told; what they have switched off is let go.
 * @param only of these kinds; the rest goes on waiting.
 */
export async function tellNews(
  store: Store,
  people: readonly string[],
  now: Date,
  only?: readonly NewsKind[],
): Promise<void> {
  if (people.length === 0) return;
  const wanted = only ? Prisma.sql`AND n.kind = ANY(${[...only]}::text[])` : Prisma.empty;
  await rowsOf(
    store,
    Prisma.sql`
    WITH claimed AS (
      INSERT INTO quiet AS q (person_id, news_told_at)
      SELECT id, ${now}::timestamptz FROM unnest(${[...people]}::uuid[]) AS p(id)
      WHERE EXISTS (SELECT FROM news n WHERE n.person_id = p.id AND n.told_at IS NULL ${wanted}) ORDER BY id
      ON CONFLICT (person_id) DO UPDATE SET news_told_at = excluded.news_told_at
      WHERE ${isQuietSince(now)}
      RETURNING person_id, off
    ), marked AS (
      UPDATE news n SET told_at = ${now}::timestamptz FROM claimed c
      WHERE n.person_id = c.person_id AND n.told_at IS NULL ${wanted}
      RETURNING n.id, n.person_id, n.at, n.kind = ANY(c.off) AS muted
    ), gathered AS (
      SELECT person_id, (array_agg(id ORDER BY at DESC, id))[1:${MOST_EVENTS}::int] AS ids, count(*)::int AS many
      FROM marked WHERE NOT muted GROUP BY person_id
    )
    SELECT tell(person_id, 'news', jsonb_build_object('ids', ids, 'more', greatest(0, many - ${MOST_EVENTS}::int)))
    FROM gathered`,
  );
}

/** Lets go what people have switched off, so that it is not told when they switch it on again. */
export async function letGoOfMuted(store: Store, now: Date): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE news n SET told_at = ${now}::timestamptz FROM quiet q
    WHERE q.person_id = n.person_id AND n.told_at IS NULL AND n.kind = ANY(q.off) RETURNING n.id`,
  );
}

/**
 * Of a row of `quiet` under the alias `q`: not told anything within the last minutes, and `patienceMs` more. A moment that is
 * still to come is a clock's that was ahead: it counts for nothing.
 */
export const isQuietSince = (now: Date, patienceMs = 0): Prisma.Sql => Prisma.sql`(q.news_told_at IS NULL
  OR q.news_told_at <= ${new Date(now.getTime() - BURST_MS - patienceMs)}::timestamptz OR q.news_told_at > ${now}::timestamptz)`;

/** An offer by hand; ids. `body`: as its notice has it. `awayId`: to whom it is offered, whose desk `personId` covers. */
export interface ByHand {
  personId: string;
  dealId: string;
  byId: string;
  awayId?: string;
  body: { by: string; away?: string };
}

/** Part of an act: told at once; within minutes of another message it becomes news, and one message with all the rest. */
export const tellingOffer = ({ personId, dealId, byId, awayId, body }: ByHand, now: Date): Also => Prisma.sql`
  SELECT tell_offer(${personId}::uuid, ${dealId}, ${byId}::uuid, ${awayId ?? null}::uuid,
    ${JSON.stringify(body)}::text::jsonb, ${now}::timestamptz, ${BURST_MS}::int) FROM acted`;

interface EventRow {
  id: string;
  deal_id: string;
  kind: NewsKind;
  by: string | null;
  away: string | null;
  body: { change?: string; from?: string; to?: string; before?: string[] };
}

/** Oldest first; those of `personId` alone. One query. */
export async function newsByIds(
  store: Store,
  personId: string,
  ids: readonly string[],
): Promise<NewsEvent[]> {
  const rows = await rowsOf<EventRow>(
    store,
    Prisma.sql`
    SELECT n.id, n.deal_id, n.kind, n.body - 'away' AS body, trim(p.first_name || ' ' || p.last_name) AS by,
      trim(a.first_name || ' ' || a.last_name) AS away
    FROM news n LEFT JOIN person p ON p.id = n.by_id LEFT JOIN person a ON a.id = (n.body->>'away')::uuid
    WHERE n.id = ANY(${[...ids]}::uuid[]) AND n.person_id = ${personId}::uuid ORDER BY n.at, n.id`,
  );
  return rows.map(({ id, deal_id: dealId, kind, by, away, body: { change: changeId, ...rest } }) => ({
    ...{ id, dealId, kind },
    ...(by ? { by } : {}),
    ...(away ? { away } : {}),
    ...(changeId ? { changeId } : {}),
    ...rest,
  }));
}
