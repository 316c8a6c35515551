/** Cards that several read: one of a deal in a room, sent once, redrawn at most once in 3 s; links beside it. */
import { AGED } from './aged.ts';
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import type { InRoom, Posting } from './postings.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** A channel or a group of one platform. */
export interface RoomKey {
  platform: string;
  /** Slack team, Teams tenant. */
  tenant: string;
  room: string;
}

/** A card in a room is drawn anew at most this often, in seconds. */
const REDRAW_S = 3;
/** So many seconds after it was sent its answer is lost: whoever sent it waits less, or is dead. */
export const LOST_S = 30;

const IN_ROOM = ({ platform, tenant, room }: RoomKey): Prisma.Sql =>
  Prisma.sql`platform = ${platform} AND tenant = ${tenant} AND room = ${room} AND ended_at IS NULL`;

/**
 * Part of an act: a card of that deal is to stand in the room, and is sent soon. Where a live one stands, or is on its way,
 * nothing is written. One of which nobody knows whether it stands there is given up for it: the new one has an id, and so
 * a key, of its own.
 */
export const placing = (
  { platform, tenant, room }: RoomKey,
  { dealId, personId, userId }: { dealId: string; personId: string; userId: string },
): Also[] => [
  Prisma.sql`
    INSERT INTO posting (id, deal_id, person_id, platform, tenant, room, user_id, state, ref, version, shown)
    SELECT gen_random_uuid(), ${dealId}::text, ${personId}::uuid, ${platform}::text, ${tenant}::text, ${room}::text,
      ${userId}::text, 'wanted', '{}'::jsonb, 0, ''
    FROM acted
    ON CONFLICT (platform, room, deal_id) WHERE ended_at IS NULL AND room IS NOT NULL AND shows = 'card'
    DO UPDATE SET id = excluded.id, person_id = excluded.person_id, tenant = excluded.tenant, user_id = excluded.user_id,
      state = 'wanted', ref = excluded.ref, version = 0, shown = '', at = now(), redrawn_at = NULL
    WHERE posting.state = 'unsure' AND posting.redrawn_at < now() - make_interval(secs => ${LOST_S})
    RETURNING 1`,
  Prisma.sql`SELECT deliver_at(${dealId}::text, ${platform}::text, now()) FROM acted`,
];

/** Part of an act: from now on next step and amounts stand on the cards of this room, what its digest may show too, or (undefined) no more. */
export const opening = (at: RoomKey, personId: string | undefined): Also[] => [
  personId
    ? Prisma.sql`
      INSERT INTO room (platform, tenant, conversation, opened_by)
      SELECT ${at.platform}::text, ${at.tenant}::text, ${at.room}::text, ${personId}::uuid FROM acted
      ON CONFLICT (platform, tenant, conversation) DO UPDATE SET opened_by = excluded.opened_by, at = now() RETURNING 1`
    : Prisma.sql`
      DELETE FROM room USING acted WHERE platform = ${at.platform} AND tenant = ${at.tenant}
        AND conversation = ${at.room} RETURNING 1`,
  Prisma.sql`UPDATE posting SET ${AGED} FROM acted WHERE ${IN_ROOM(at)} RETURNING 1`,
  Prisma.sql`
    SELECT deliver_at(d.deal_id, ${at.platform}::text, now())
    FROM acted, (SELECT DISTINCT deal_id FROM posting WHERE ${IN_ROOM(at)} AND state = 'posted') d`,
  Prisma.sql`
    SELECT redraw_digests(array_agg(g.id)) FROM acted, subscription s JOIN digest g ON g.subscription_id = s.id
    WHERE s.platform = ${at.platform} AND s.tenant = ${at.tenant} AND s.room = ${at.room}
      AND g.state = 'sent' AND g.ended_at IS NULL`,
];

/** Who reads along there may have changed: what stands there is looked at anew, soon. */
export async function lookAnew(store: Store, at: RoomKey): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH aged AS (
      UPDATE posting SET ${AGED} WHERE ${IN_ROOM(at)} RETURNING deal_id
    )
    SELECT deliver_at(d.deal_id, ${at.platform}::text, now()) FROM (SELECT DISTINCT deal_id FROM aged) d`,
  );
}

/** Whether an alliance lead, who is one still, has opened the room for next steps and amounts. */
export async function isOpened(store: Store, { platform, tenant, room }: RoomKey): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`
    SELECT 1 FROM room r JOIN person p ON p.id = r.opened_by AND p.role = 'alliance lead'
    WHERE r.platform = ${platform} AND r.tenant = ${tenant} AND r.conversation = ${room}`,
  );
  return rows.length > 0;
}

/** The live card of a deal in a room. `isLost`: sent long enough ago, and no answer came. */
export async function cardIn(
  store: Store,
  at: RoomKey,
  dealId: string,
): Promise<(Pick<Posting, 'id' | 'ref'> & Pick<InRoom, 'state'> & { isLost: boolean }) | undefined> {
  const [row] = await rowsOf<Pick<Posting, 'id' | 'ref'> & Pick<InRoom, 'state'> & { isLost: boolean }>(
    store,
    Prisma.sql`
    SELECT id, ref, state, state = 'unsure' AND ${IS_LOST} AS "isLost" FROM posting
    WHERE deal_id = ${dealId} AND shows = 'card' AND ${IN_ROOM(at)}`,
  );
  return row;
}

const IS_LOST = Prisma.sql`redrawn_at < now() - make_interval(secs => ${LOST_S})`;

/** Takes a wanted card to be sent. From now on it may stand there. @returns false when somebody else has taken it. */
export async function takeToSend(store: Store, id: string): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`
    UPDATE posting SET state = 'unsure', redrawn_at = now()
    WHERE id = ${id}::uuid AND state = 'wanted' AND ended_at IS NULL RETURNING 1`,
  );
  return rows.length > 0;
}

/** It was surely not sent: it may be taken again. */
export async function putBackToSend(store: Store, id: string): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE posting SET state = 'wanted' WHERE id = ${id}::uuid AND state = 'unsure' AND ended_at IS NULL RETURNING 1`,
  );
}

/**
 * It stands there. What changed while it was on its way is shown soon: nobody redraws what does not stand yet.
 * @param id as a button carried it: any text. @returns false when that post is over or was found before.
 */
export async function stands(
  store: Store,
  { platform, tenant, room }: RoomKey,
  id: string,
  drawn: Pick<Posting, 'ref' | 'version' | 'shown'>,
): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`
    WITH found AS (
      UPDATE posting SET state = 'posted', ref = ${JSON.stringify(drawn.ref)}::text::jsonb,
        version = CASE WHEN version < 0 THEN version ELSE ${drawn.version} END,
        shown = ${drawn.shown}
      WHERE id::text = ${id} AND platform = ${platform} AND tenant = ${tenant} AND room = ${room} AND state = 'unsure'
        AND ended_at IS NULL RETURNING deal_id, version
    )
    SELECT CASE WHEN d.version > f.version THEN deliver_at(d.id, ${platform}::text, now()) END
    FROM found f JOIN deal d ON d.id = f.deal_id`,
  );
  return rows.length > 0;
}

/** Takes the next turn to redraw a card. @returns false while the last one is younger than 3 s. */
export async function takeTurn(store: Store, id: string): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`
    UPDATE posting SET redrawn_at = now() WHERE id = ${id}::uuid AND ended_at IS NULL
      AND (redrawn_at IS NULL OR redrawn_at <= now() - make_interval(secs => ${REDRAW_S})) RETURNING 1`,
  );
  return rows.length > 0;
}

/** The card is looked at again once its turn has come, by whichever process is there then. */
export async function nextTurn(store: Store, { id, platform, dealId }: Posting): Promise<void> {
  await later(store, { id, platform, dealId }, REDRAW_S);
}

/** The card of which no answer came yet is looked at again once that is sure. */
export async function untilLost(store: Store, posting: Posting): Promise<void> {
  await later(store, posting, LOST_S + 1);
}

async function later(
  store: Store,
  { id, platform, dealId }: Pick<Posting, 'id' | 'platform' | 'dealId'>,
  seconds: number,
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    SELECT deliver_at(${dealId}::text, ${platform}::text, coalesce(redrawn_at, now()) + make_interval(secs => ${seconds}))
    FROM posting WHERE id = ${id}::uuid`,
  );
}

/** Whether the answer of a card that was sent is lost for good. */
export async function isLost(store: Store, id: string): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`SELECT 1 FROM posting WHERE id = ${id}::uuid AND state = 'unsure' AND ${IS_LOST}`,
  );
  return rows.length > 0;
}

/**
 * An older drawing may have covered a newer one: it is drawn once more, also where it had drawn its last. Not where its
 * place shows something else by now, or a newer card stands in its room.
 */
export async function age(store: Store, posting: Posting): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE posting p SET ${AGED}, shown = '', ended_at = CASE WHEN p.ref = '{}'
      OR EXISTS (SELECT FROM posting o WHERE o.ended_at IS NULL AND o.id <> p.id AND o.platform = p.platform
        AND (o.ref = p.ref OR o.deal_id = p.deal_id AND o.room = p.room AND (o.shows, p.shows) = ('card', 'card')))
      THEN ended_at END
    WHERE id = ${posting.id}::uuid RETURNING 1`,
  );
  await nextTurn(store, posting);
}

/** As `lookAnew`, in every room of a tenant: nobody wrote down in which of them somebody is who is a guest by now. */
export async function lookAnewAll(
  store: Store,
  { platform, tenant }: Pick<RoomKey, 'platform' | 'tenant'>,
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH aged AS (
      UPDATE posting SET ${AGED} WHERE platform = ${platform} AND tenant = ${tenant}
        AND room IS NOT NULL AND ended_at IS NULL RETURNING deal_id
    )
    SELECT deliver_at(d.deal_id, ${platform}::text, now()) FROM (SELECT DISTINCT deal_id FROM aged) d`,
  );
}
