/** Every copy of a deal posted somewhere in chat, and the numbered lists people saw. */
import type { Person } from '../pipeline/person.ts';
import { AGED } from './aged.ts';
import { shutting } from './digest-looks.ts';
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
  /** The deal's card; the owner's contacts; what stands open under a link in a room; a line of a told list (told-lists.ts). */
  shows?: 'card' | 'contacts' | 'glimpse' | 'list';
}

/** Where several read it, with how far its sending has come: src/store/rooms.ts. */
export interface InRoom {
  tenant: string;
  room: string;
  /**
   * wanted: still to be sent. unsure: sent, and no answer has come: it may stand there. posted: it stands where `ref` says.
   */
  state: 'wanted' | 'unsure' | 'posted';
  /** The platform's own id of whoever posted it; empty once they were erased. */
  userId: string;
}

/**
 * Remembers a copy; it is redrawn when the deal changes. The deal is locked for the moment, so that a change that came
 * between drawing and remembering is not missed: then it is redrawn at once, as it is where its reader's role is no longer
 * `role`. What stood in that place before is redrawn no more: a message shows one deal, and shows it once. Of a person's
 * copies of a deal beyond the newest five the oldest is redrawn a last time. `at`: a glimpse stands in a room.
 */
export async function keepPosting(
  store: Store,
  posting: Omit<Posting, 'id'> & { at?: Omit<InRoom, 'state'>; role?: Person['role'] },
): Promise<void> {
  const { dealId, personId, platform, version, shown, timeZone, shows = 'card', at, role = null } = posting;
  const { tenant = null, room = null, userId = null } = at ?? {};
  const ref = JSON.stringify(posting.ref);
  const statement = Prisma.sql`
    WITH reader AS (SELECT role FROM person WHERE id = ${personId}::uuid FOR SHARE),
    drawn AS (SELECT CASE WHEN (SELECT role FROM reader) = coalesce(${role}::text, (SELECT role FROM reader)) THEN ${version}::int
      ELSE least(${version}::int, 0) - 1 END AS version),
    replaced AS (
      UPDATE posting SET ended_at = now() WHERE platform = ${platform} AND ref = ${ref}::text::jsonb AND ended_at IS NULL
        AND (SELECT count(*) FROM reader) >= 0 RETURNING 1
    ), older AS (
      UPDATE posting SET ${AGED} WHERE id IN (
        SELECT id FROM posting WHERE deal_id = ${dealId} AND person_id = ${personId}::uuid AND platform = ${platform}
          AND room IS NOT DISTINCT FROM ${room}::text AND shows = ${shows} AND ended_at IS NULL AND ref <> ${ref}::text::jsonb
        ORDER BY at DESC OFFSET ${COPIES - 1}) AND (SELECT count(*) FROM replaced) >= 0 RETURNING 1
    ), d AS (
      -- Locked in this order by whoever changes roles: person, copies, deal.
      SELECT id, deal.version FROM deal, (SELECT count(*) FROM older) AS o WHERE id = ${dealId} FOR SHARE OF deal
    ), kept AS (
      INSERT INTO posting (id, deal_id, person_id, platform, ref, version, shown, time_zone, shows, tenant, room, user_id)
      SELECT gen_random_uuid(), id, ${personId}::uuid, ${platform}, ${ref}::text::jsonb, drawn.version, ${shown}, ${timeZone},
        ${shows}, ${tenant}::text, ${room}::text, ${userId}::text
      FROM d, drawn RETURNING 1
    )
    SELECT CASE WHEN d.version > drawn.version OR EXISTS (SELECT FROM older) THEN deliver(d.id) END FROM d, drawn, kept`;
  await rowsOf(store, statement);
}

/** So many copies of one deal are kept true for one person on one platform, or under their links in one room. */
const COPIES = 5;
/** For so many days a private copy and a link in a room are kept true. */
export const KEPT_DAYS = 60;

/** A live copy as it is to be looked at. */
export interface LivePosting extends Posting {
  at?: InRoom;
  notice: string | null;
  /** It stands with an account that was its reader's and is nobody now. */
  isShut: boolean;
  /** Its reader has enough newer ones, or its link is too old: it says so, or closes, and is redrawn no more. */
  isOlder: boolean;
}

/** The live copies of a deal on a platform, the newest first. */
export async function postingsOf(store: Store, dealId: string, platform: string): Promise<LivePosting[]> {
  const rows = await rowsOf<Omit<LivePosting, 'at'> & { at: InRoom | null }>(
    store,
    Prisma.sql`
    SELECT id, deal_id AS "dealId", person_id AS "personId", platform, ref, version, shown, shows, notice, time_zone AS "timeZone",
      CASE WHEN room IS NOT NULL THEN
        json_build_object('tenant', tenant, 'room', room, 'state', state, 'userId', user_id) END AS at, shut AS "isShut",
      row_number() OVER (PARTITION BY person_id, shows, room ORDER BY posting.at DESC) > ${COPIES}
        OR shows = 'glimpse' AND posting.at < now() - make_interval(days => ${KEPT_DAYS}) AS "isOlder"
    FROM posting WHERE deal_id = ${dealId} AND platform = ${platform} AND ended_at IS NULL
    ORDER BY posting.at DESC`,
  );
  return rows.map(({ at, ...posting }) => ({ ...posting, ...(at ? { at } : {}) }));
}

/**
 * The copy now shows this version and stands there.
 * @returns false when it was moved otherwise since it was read: nobody knows then which drawing came last (`age`).
 */
export async function movePosting(
  store: Store,
  { id, version: read }: Pick<Posting, 'id' | 'version'>,
  { version, shown, ref }: Pick<Posting, 'version' | 'shown' | 'ref'>,
): Promise<boolean> {
  const { count } = await store.prisma.posting.updateMany({
    where: { id, OR: [{ version: read }, { version, shown }] },
    data: { version, shown, ref: ref as object },
  });
  return count > 0;
}

/** The message or its place is gone: no redraw is tried any more. */
export async function endPosting(store: Store, id: string, now: Date): Promise<void> {
  await store.prisma.posting.update({ where: { id }, data: { endedAt: now } });
}

/**
 * That account is a guest's by now, or closed: private copies there, its digests and its home are drawn empty. Whose the
 * copies are is the link's to say; copies in rooms go on. A digest on its way is drawn empty once it stands.
 */
export async function shutCopies(
  store: Store,
  { platform, tenant, user }: { platform: string; tenant: string; user: string },
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH aged AS (
      UPDATE posting p SET shut = true, ${AGED} FROM link l
      WHERE l.platform = ${platform} AND l.tenant = ${tenant} AND l.user_id = ${user} AND l.state IN ('live', 'frozen')
        AND p.person_id = l.person_id AND p.platform = l.platform AND p.room IS NULL AND NOT p.shut AND p.ended_at IS NULL
        AND coalesce(p.ref->>'team', p.ref->>'tenant', l.tenant) = l.tenant RETURNING p.deal_id
    ), shut AS (${shutting({ platform, tenant, user })})
    SELECT (SELECT count(*) FROM (SELECT deliver(deal_id) FROM (SELECT DISTINCT deal_id FROM aged) d) c)::int AS copies,
      (SELECT redraw_homes(array_agg(h.id)) FROM home h
        WHERE h.platform = ${platform} AND h.tenant = ${tenant} AND h.user_id = ${user})::int AS homes,
      (SELECT redraw_digests(array_agg(id)) FROM shut WHERE state = 'sent')::int AS digests`,
  );
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
export const storable = (body: object): string =>
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
