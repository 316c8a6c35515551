/** Cards where several read: sent once, kept true, and closed where the room may not, or no longer, see the deal. */
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { changeSource } from '../store/changes.ts';
import { type Loaded, load } from '../store/deals.ts';
import { digestFound } from '../store/digests.ts';
import { personById } from '../store/people.ts';
import { endPosting, type InRoom, type LivePosting, movePosting, postingsOf } from '../store/postings.ts';
import * as cards from '../store/rooms.ts';
import type { Store } from '../store/store.ts';
import { closedGlimpse, openGlimpse } from '../views/glimpse.ts';
import { type Openness, opennessOf, roomCard, threadLine } from '../views/room.ts';
import { type Card, note } from '../views/view.ts';
import { lookAround } from './around.ts';
import { digestOf, failuresOf, isOpenTo, lostBy, once, type Postman } from './copies.ts';
import {
  GoneForGood,
  type Intent,
  MaybePosted,
  type Platform,
  type Ref,
  type RoomAt,
  type Sender,
} from './intent.ts';
import { tellWhoAsked, unlessGone } from './room-gone.ts';

/** One copy that several read. */
type RoomPosting = LivePosting & { at: InRoom };

/** Sends it, redraws it, or says that nobody knows where it is. @throws what may pass: then it is tried again. */
export async function keepRoomCard(postman: Postman, posting: RoomPosting, found: Loaded): Promise<void> {
  if (posting.at.state === 'wanted') return send(postman, posting, found);
  if (posting.at.state === 'posted') return redraw(postman, posting, found);
  if (await cards.isLost(postman.store, posting.id)) return tellDoubt(postman, posting);
  return cards.untilLost(postman.store, posting);
}

const atOf = ({ tenant, room }: InRoom): RoomAt => ({ tenant, conversation: room });
const keyOf = ({ platform, at }: RoomPosting): cards.RoomKey => ({
  platform,
  tenant: at.tenant,
  room: at.room,
});

/** From the moment it is taken it may stand there: whoever comes after a kill in between does not send it again. */
async function send(postman: Postman, posting: RoomPosting, found: Loaded): Promise<void> {
  const { store, messenger } = postman;
  if (!messenger.post) return;
  // Waited for before it is taken: what waits while taken looks lost, and would be posted twice.
  const ended = () => notPosted(postman, posting);
  const card = await unlessGone(async () => {
    await messenger.turn?.(atOf(posting.at));
    return compose(postman, posting, found);
  }, ended);
  if (!card || !(await cards.takeToSend(store, posting.id))) return;
  const ref = await unlessGone(() => sent(postman, posting, card), ended);
  if (!ref) return;
  const drawn = { ref, version: found.version, shown: digestOf(card) };
  await cards.stands(store, keyOf(posting), posting.id, drawn);
}

/** Undefined when nobody knows; what surely was not sent is tried again. */
async function sent(postman: Postman, posting: RoomPosting, card: Card): Promise<Ref | undefined> {
  const { store, messenger } = postman;
  try {
    return await messenger.post?.(atOf(posting.at), card, posting.id);
  } catch (error) {
    if (error instanceof MaybePosted) {
      await tellDoubt(postman, posting);
      return undefined;
    }
    await cards.putBackToSend(store, posting.id);
    throw error;
  }
}

async function notPosted(postman: Postman, posting: RoomPosting): Promise<void> {
  await endPosting(postman.store, posting.id, postman.now());
  await tellPoster(postman, posting, `not-posted:${posting.id}`, NOT_THERE[postman.messenger.platform]);
}

async function redraw(postman: Postman, posting: RoomPosting, found: Loaded): Promise<void> {
  const { store, messenger, now, log } = postman;
  if (posting.version >= found.version) return;
  const { version } = found;
  if (!(await cards.takeTurn(store, posting.id))) return cards.nextTurn(store, posting);
  try {
    const card = await compose(postman, posting, found);
    const shown = digestOf(card);
    const ref = shown === posting.shown ? posting.ref : await messenger.redraw(posting.ref, card);
    if (!(await movePosting(store, posting, { version, shown, ref }))) return cards.age(store, posting);
    if (posting.isOlder) await endPosting(store, posting.id, now());
  } catch (error) {
    if (!(error instanceof GoneForGood)) throw error;
    await endPosting(store, posting.id, now());
    log.info({ platform: posting.platform }, 'a card in a room is gone and is no longer redrawn');
  }
}

async function compose(postman: Postman, posting: RoomPosting, found: Loaded): Promise<Card> {
  const { store, now } = postman;
  const poster = await personById(store, posting.personId);
  if (posting.shows === 'glimpse') return underLink(postman, posting, found, poster);
  const how = await howOpen(postman, posting, found, poster);
  const actor = poster ?? NOBODY;
  return roomCard(found.deal, how, { actor, now: now() });
}

/** Under somebody's link: closed also where we are no longer, as long as the platform lets us draw there. */
async function underLink(
  postman: Postman,
  posting: RoomPosting,
  found: Loaded,
  poster: Person | undefined,
): Promise<Card> {
  const { deal, version } = found;
  const how = posting.isOlder
    ? 'closed'
    : await howOpen(postman, posting, found, poster).catch((error: unknown): Openness => {
        if (!(error instanceof GoneForGood)) throw error;
        return 'closed';
      });
  return how === 'closed' ? closedGlimpse(deal.id) : openGlimpse(deal, version);
}

const NOBODY: Person = {
  id: '',
  email: '',
  otherEmails: [],
  firstName: '',
  lastName: '',
  role: 'none',
  timeZone: 'UTC',
};

/** What the room may show now: who posted it must be allowed to see the deal still, and the room be what it was. */
async function howOpen(
  { store, messenger, now }: Postman,
  posting: RoomPosting,
  found: Loaded,
  poster: Person | undefined,
): Promise<Openness> {
  const { deal, successor } = found;
  const room = await lookAround(messenger, atOf(posting.at));
  const isEntitled =
    poster &&
    can(poster, 'see', deal, now()).yes &&
    !lostBy(poster, found) &&
    (await isOpenTo(store, poster));
  if (!room || !isEntitled) return 'closed';
  return opennessOf(deal, room, await cards.isOpened(store, keyOf(posting)), successor);
}

const NAMES: Record<Platform, string> = { slack: 'Slack', teams: 'Teams', console: 'The console' };

const NOT_POSTED = 'The card was not posted: I am not in that channel, or it is gone.';
const NOT_THERE: Record<Platform, string> = {
  slack: `${NOT_POSTED} Say “/invite @ace-desk” there, then post it again.`,
  teams: `${NOT_POSTED} Add the app ace-desk to that team or chat, then post it again.`,
  console: NOT_POSTED,
};

async function tellDoubt(postman: Postman, posting: RoomPosting): Promise<void> {
  const { messenger } = postman;
  // Its name is only a kindness.
  const room = await lookAround(messenger, atOf(posting.at)).catch(() => undefined);
  const text = `${NAMES[messenger.platform]} did not say whether the card stands in ${room?.name ?? 'that channel'}. If it does not, post it again.`;
  await tellPoster(postman, posting, `unsure:${posting.id}`, text);
}

const tellPoster = (postman: Postman, { at }: RoomPosting, key: string, text: string): Promise<void> =>
  tellWhoAsked(postman, { tenant: at.tenant, user: at.userId }, key, text);

/** A line in the thread of each open card of its deal, once each, when AWS has answered. Never in the room itself. */
export async function tellThreads(postman: Postman, changeId: string): Promise<void> {
  const { store, messenger } = postman;
  const { reply, platform } = messenger;
  const asked = reply && (await changeSource(store, changeId));
  if (!asked || !threadLine(asked.change, 'open')) return;
  const { dealId } = asked.change;
  const rooms = (await postingsOf(store, dealId, platform)).flatMap((it) => inRoom(it) ?? []);
  const found = rooms.length > 0 ? await load(store, dealId) : undefined;
  if (!found) return;
  const failures = await failuresOf(
    rooms
      .filter(({ at, shows }) => at.state === 'posted' && shows !== 'glimpse')
      .map((posting) =>
        once(postman, { line: posting.at.tenant, key: `thread:${posting.id}:${changeId}` }, async () => {
          const poster = await personById(store, posting.personId);
          const line = threadLine(asked.change, await howOpen(postman, posting, found, poster));
          if (line) await unlessLost(() => reply(posting.ref, note(line)));
        }),
      ),
  );
  if (failures.length > 0) throw failures[0];
}

export const inRoom = ({ at, ...posting }: LivePosting): RoomPosting | undefined => at && { ...posting, at };

/** A line whose answer was lost is not said twice. */
async function unlessLost(say: () => Promise<unknown>): Promise<void> {
  try {
    await say();
  } catch (error) {
    if (!(error instanceof MaybePosted)) throw error;
  }
}

/** Somebody pressed a card whose post was never answered: now it is known where it stands, and it is live again. */
export async function foundAgain(
  { store }: { store: Store },
  { platform }: Pick<Sender, 'platform'>,
  { post, at, ref }: NonNullable<Intent['pressed']>,
): Promise<void> {
  const key = { platform, tenant: at.tenant, room: at.conversation };
  if (!(await cards.stands(store, key, post, { ref, version: 0, shown: '' })))
    await digestFound(store, key, post, ref);
}
