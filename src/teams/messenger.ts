/** The way out to Teams: private messages, cards where several read, and redrawing what was posted. */
import { GoneForGood, type Messenger, type RoomAt } from '../bot/intent.ts';
import type { Reply } from '../views/view.ts';
import { type Audience, createAudience } from './audience.ts';
import type { CardPlace, Connector, Draw, Reference, References } from './door.ts';
import { ConnectorFault, ConversationGone } from './faults.ts';
import type { Pace } from './pace.ts';
import { patiently } from './patient.ts';
import { personalWith } from './personal.ts';
import type { Profiles } from './profiles.ts';
import { fromRef, inThread, messageRef, type Place } from './ref.ts';

export interface MessengerOptions {
  /** Waits for nothing. */
  connector: Connector;
  pace: Pace;
  references: References;
  profiles: Pick<Profiles, 'find' | 'known' | 'learning'>;
  draw: Draw;
  /** Those that are served. */
  tenants: ReadonlySet<string>;
  now(): Date;
}

interface Parts extends MessengerOptions {
  /** The same connector, within Teams' rates: nobody waits. */
  patient: Connector;
  audience: Audience;
}

export interface TeamsMessenger extends Messenger {
  /**
   * Others read along there now: who was found there before counts no more, in no process. Without a conversation: perhaps
   * anywhere in that tenant. Throws when the database does not answer.
   */
  forgetReaders(at: Pick<RoomAt, 'tenant'> & Partial<RoomAt>): Promise<void>;
}

/** One for all tenants: a place knows which one it stands in. */
export function createMessenger(options: MessengerOptions): TeamsMessenger {
  const patient = patiently(options.connector, options.pace);
  const parts: Parts = { ...options, patient, audience: createAudience({ ...options, patient }) };
  return {
    platform: 'teams',
    tell: (to, reply) => tell(parts, to, reply),
    redraw: (ref, reply) => redraw(parts, fromRef(ref), reply),
    room: async (at, how) => {
      served(parts, at.tenant);
      return atPlace(parts, at, () => parts.audience.roomOf(at, how));
    },
    turn: (at) => options.pace.send(at),
    post: (at, reply, key) => post(parts, at, reply, key),
    reply: (ref, reply) => replyUnder(parts, fromRef(ref), reply),
    link: (ref) => linkTo(parts, fromRef(ref)),
    find: (email) => find(parts, email),
    forgetReaders: (at) => options.references.membersChanged(at),
  };
}

function served({ tenants }: Pick<Parts, 'tenants'>, tenant: string): void {
  if (!tenants.has(tenant)) throw new GoneForGood('another tenant');
}

/** Where they have us, else in a chat opened for it; a guest, or somebody who has removed us, is told nothing. */
async function tell(parts: Parts, to: { tenant: string; user: string }, reply: Reply): Promise<Place> {
  const { patient, pace, references, profiles, draw } = parts;
  served(parts, to.tenant);
  const place = await personalWith({ connector: patient, references }, to);
  return atPlace(parts, place, async () => {
    // They are looked up now, and nobody waits for it: a whole morning's look-ups count too.
    if (!profiles.known(to.tenant, to.user)) await pace.members(place);
    if (!(await profiles.find(to.tenant, to.user, place)).member) throw new GoneForGood('not a member');
    return messageRef(place, await patient.send(place, draw.message(reply, { in: 'message' })));
  });
}

async function redraw(parts: Parts, place: Place, reply: Reply): Promise<Place> {
  const at = await standing(parts, place);
  return atPlace(parts, at, async () => {
    await parts.patient.update(at, place.id, parts.draw.message(reply, cardPlace(parts, place)));
    return place;
  });
}

/** Once `turn` has let it. `key` stands on its buttons: whoever presses one tells where it stands. */
async function post(parts: Parts, at: RoomAt, reply: Reply, key: string): Promise<Place> {
  const { connector, draw } = parts;
  const place = await standing(parts, at);
  return atPlace(parts, place, async () => {
    const message = draw.message(reply, inRoom(parts, at, key));
    return messageRef(at, await connector.send(place, message), { post: key });
  });
}

/** A line under a card: in its thread in a channel; a chat has no threads, there it names the card it belongs to. */
async function replyUnder(parts: Parts, under: Place, reply: Reply): Promise<Place> {
  const { patient, draw } = parts;
  const at = await standing(parts, under);
  const head = under.thread ?? under.id;
  return atPlace(parts, at, async () => {
    const message = draw.message(reply, under.post ? { in: 'room', post: under.post } : { in: 'message' });
    const id =
      at.scope === 'channel'
        ? await patient.send({ ...at, conversation: inThread(at.conversation, head) }, message)
        : await patient.send(at, { ...message, replyToId: under.id });
    return messageRef(at, id, { thread: head });
  });
}

/** Throws GoneForGood where we are not (any more). */
async function standing(parts: Parts, { tenant, conversation }: RoomAt): Promise<Reference> {
  served(parts, tenant);
  const place = await parts.references.ofConversation(tenant, conversation);
  if (!place) throw new GoneForGood('not in that conversation');
  return place;
}

const cardPlace = (parts: Parts, place: Place): CardPlace =>
  place.post ? inRoom(parts, place, place.post) : { in: 'message' };

/** There some see more than the others do: the door draws that for each of them, when Teams asks. */
function inRoom({ audience }: Parts, at: RoomAt, post: string): CardPlace {
  const viewers = audience.viewersOf(at);
  return { in: 'room', post, ...(viewers.length > 0 ? { viewers } : {}) };
}

/** Where the conversation itself is over for us nothing is sent until something comes from there. */
async function atPlace<T>(
  { references }: Pick<Parts, 'references'>,
  at: RoomAt,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A message that somebody deleted ends nothing but itself.
    if (error instanceof ConversationGone) await references.end(at);
    throw error;
  }
}

/** Microsoft's deep link to a message (learn.microsoft.com, deep links). Undefined in a personal chat. */
async function linkTo(
  { references }: Pick<Parts, 'references'>,
  { tenant, conversation, id, thread }: Place,
): Promise<string | undefined> {
  const at = await references.ofConversation(tenant, conversation);
  if (!at || at.scope === 'personal') return undefined;
  const query: Record<string, string> =
    at.scope === 'channel'
      ? { tenantId: tenant, ...(thread ? { parentMessageId: thread } : {}) }
      : { tenantId: tenant, context: JSON.stringify({ contextType: 'chat' }) };
  const path = `${encodeURIComponent(conversation)}/${encodeURIComponent(id)}`;
  return `https://teams.microsoft.com/l/message/${path}?${new URLSearchParams(query)}`;
}

/**
 * Without Graph nobody can be looked up by an address. Whoever is linked is known by their link; of the others whoever asked
 * for access from there, and whoever has the app, as far as Teams' roster has that address for them.
 * @throws ConnectorFault where none of them is it and Teams did not tell of all.
 */
async function find({ references, profiles, tenants, pace }: Parts, email: string) {
  let fault: ConnectorFault | undefined;
  for (const { tenant, user } of await references.behind(email)) {
    if (!tenants.has(tenant)) continue;
    // Each in a chat of their own; what is kept asks nothing of Teams.
    if (!profiles.known(tenant, user)) await pace.members({ tenant, conversation: user });
    try {
      const profile = await profiles.find(tenant, user);
      if (profile.member && profile.email === email) return { tenant, user };
    } catch (error) {
      // One account that Teams cannot read hides nobody else.
      if (error instanceof ConnectorFault) fault ??= error;
      else if (!(error instanceof GoneForGood)) throw error;
    }
  }
  // It may have been that one.
  if (fault) throw fault;
  return undefined;
}
