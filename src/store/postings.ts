/** Every copy of a deal posted somewhere in chat, the numbered lists people saw, and what was said once. */
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface Posting {
  id: string;
  dealId: string;
  personId: string;
  platform: string;
  ref: Record<string, unknown>;
  version: number;
  /** A digest of what it shows. */
  shown: string;
  /** The reader's, where the door knew it. */
  timeZone: string | null;
  /** The deal's card, or the contacts that its owner was told. */
  shows?: 'card' | 'contacts';
}

/** Where several read it, with how far its sending has come: src/store/rooms.ts. */
export interface InRoom {
  tenant: string;
  room: string;
  /**
   * wanted: still to be sent. unsure: sent, and no answer has come: it may stand there. posted: it stands where `ref` says.
   */
  state: 'wanted' | 'unsure' | 'posted';
  /** The platform's own id of whoever posted it. */
  userId: string;
}

/**
 * Remembers a copy; it is redrawn when the deal changes. The deal is locked for the moment, so that a change that came
 * between drawing and remembering is not missed: then it is redrawn at once. What stood in that place before is redrawn
 * no more: a message shows one deal, and shows it once.
 */
export async function keepPosting(store: Store, posting: Omit<Posting, 'id'>): Promise<void> {
  const { dealId, personId, platform, version, shown, timeZone, shows = 'card' } = posting;
  const ref = JSON.stringify(posting.ref);
  const statement = Prisma.sql`
    WITH d AS (SELECT id, version FROM deal WHERE id = ${dealId} FOR SHARE),
    replaced AS (
      UPDATE posting SET ended_at = now() WHERE platform = ${platform} AND ref = ${ref}::text::jsonb AND ended_at IS NULL
    ), older AS (
      UPDATE posting SET ended_at = now() WHERE id IN (
        SELECT id FROM posting WHERE deal_id = ${dealId} AND person_id = ${personId}::uuid AND platform = ${platform}
          AND room IS NULL AND shows = ${shows} AND ended_at IS NULL AND ref <> ${ref}::text::jsonb ORDER BY at DESC OFFSET ${COPIES - 1})
    ), kept AS (
      INSERT INTO posting (id, deal_id, person_id, platform, ref, version, shown, time_zone, shows)
      SELECT gen_random_uuid(), id, ${personId}::uuid, ${platform}, ${ref}::text::jsonb, ${version}, ${shown}, ${timeZone}, ${shows}
      FROM d RETURNING 1
    )
    SELECT CASE WHEN d.version > ${version} THEN deliver(d.id) END FROM d, kept`;
  await rowsOf(store, statement);
}

/** So many copies of one deal are kept true for one person on one platform; older ones have scrolled away. */
const COPIES = 5;

/**
 * The live copies of a deal on a platform, the newest first; `at` where several read it. `isShut`: it stands with an account
 * that was its reader's and is nobody now.
 */
export async function postingsOf(
  store: Store,
  dealId: string,
  platform: string,
): Promise<(Posting & { at?: InRoom; isShut: boolean })[]> {
  const rows = await rowsOf<Posting & { at: InRoom | null; isShut: boolean }>(
    store,
    Prisma.sql`
    SELECT id, deal_id AS "dealId", person_id AS "personId", platform, ref, version, shown, shows, time_zone AS "timeZone",
      CASE WHEN room IS NOT NULL THEN
        json_build_object('tenant', tenant, 'room', room, 'state', state, 'userId', user_id) END AS at, shut AS "isShut"
    FROM posting WHERE deal_id = ${dealId} AND platform = ${platform} AND ended_at IS NULL
    ORDER BY posting.at DESC`,
  );
  return rows.map(({ at, ...posting }) => ({ ...posting, ...(at ? { at } : {}) }));
}

/**
 * The copy now shows this version and stands there.
 * @returns false when a newer drawing was written down already: it is never replaced by an older one.
 */
export async function movePosting(
  store: Store,
  { id, version: read }: Pick<Posting, 'id' | 'version'>,
  now: Pick<Posting, 'version' | 'shown' | 'ref'>,
): Promise<boolean> {
  const where = { id, version: { gte: read, lte: now.version } };
  const { count } = await store.prisma.posting.updateMany({
    where,
    data: { ...now, ref: now.ref as object },
  });
  return count > 0;
}

/** The message or its place is gone: no redraw is tried any more. */
export async function endPosting(store: Store, id: string, now: Date): Promise<void> {
  await store.prisma.posting.update({ where: { id }, data: { endedAt: now } });
}

/** Whether what this key stands for has been said. */
export const wasTold = async (store: Store, key: string): Promise<boolean> =>
  (await store.prisma.told.count({ where: { key } })) > 0;

/** It has been said: the key is the memory. */
export async function noteTold(store: Store, key: string): Promise<void> {
  await store.prisma.$executeRaw`INSERT INTO told (key) VALUES (${key}) ON CONFLICT DO NOTHING`;
}

const LISTING_MINUTES = 30;

/** The numbers of this list belong to the person in this conversation. */
export async function keepListing(
  store: Store,
  personId: string,
  conversation: string,
  dealIds: string[],
): Promise<void> {
  const statement = Prisma.sql`
    INSERT INTO listing (person_id, conversation, deal_ids) VALUES (${personId}::uuid, ${conversation}, ${dealIds})
    ON CONFLICT (person_id, conversation) DO UPDATE SET deal_ids = excluded.deal_ids, at = now()`;
  await rowsOf(store, statement);
}

/** The ids of a person's last list there, in order; undefined when it is older than 30 minutes or there was none. */
export async function lastListing(
  store: Store,
  personId: string,
  conversation: string,
): Promise<string[] | undefined> {
  const rows = await store.prisma.$queryRaw<{ deal_ids: string[] }[]>`
    SELECT deal_ids FROM listing WHERE person_id = ${personId}::uuid AND conversation = ${conversation}
      AND at > now() - make_interval(mins => ${LISTING_MINUTES})`;
  return rows[0]?.deal_ids;
}

/** Writes down what was received before it is acknowledged. @returns 'known' when it was received before. */
export async function receive(
  store: Store,
  platform: string,
  key: string,
  body: object,
): Promise<'new' | 'known'> {
  const count = await store.prisma.$executeRaw`
    INSERT INTO inbox (key, platform, body) VALUES (${key}, ${platform}, ${storable(body)}::text::jsonb) ON CONFLICT DO NOTHING`;
  return count === 1 ? 'new' : 'known';
}

/** Without NUL and lone surrogates, which no database keeps. JSON.stringify writes either only as an escape. */
const storable = (body: object): string =>
  JSON.stringify(body).replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '$1');

/** It was answered. */
export async function handled(store: Store, key: string, now: Date): Promise<void> {
  await store.prisma.inbox.updateMany({ where: { key }, data: { handledAt: now } });
}

/**
 * What was received and never answered: a crash came between. Older than a minute, so that nobody is at it; at most a
 * quarter of an hour, as nobody means today what they said then. Each row is handed out once.
 */
export async function unanswered(
  store: Store,
  platform: string,
  now: Date,
): Promise<{ key: string; body: unknown }[]> {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  return rowsOf(
    store,
    Prisma.sql`
    UPDATE inbox SET handled_at = ${now}::timestamptz WHERE key IN (
      SELECT key FROM inbox WHERE platform = ${platform} AND handled_at IS NULL AND at < ${ago(1)}::timestamptz
        AND at > ${ago(15)}::timestamptz ORDER BY at LIMIT 100 FOR UPDATE SKIP LOCKED)
    RETURNING key, body`,
  );
}

/** It could not be answered: the next round may, while it is young. */
export async function putBack(store: Store, key: string): Promise<void> {
  await store.prisma.inbox.update({ where: { key }, data: { handledAt: null } });
}
