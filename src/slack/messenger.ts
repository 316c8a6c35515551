/** The way out to Slack: private messages, and redrawing what was posted. */
import { webApi } from '@slack/bolt';
import { GoneForGood, type Messenger, type Ref, type Sender } from '../bot/intent.ts';
import type { Reply } from '../views/view.ts';
import { roomOf } from './audience.ts';
import { MAX } from './block-kit.ts';
import { context } from './blocks.ts';
import { DEAD } from './client.ts';
import type { Door, Doors } from './door.ts';
import { showHome } from './home.ts';
import { toProfile } from './profiles.ts';
import { fromRef, isSettled, messageRef, type Place, progressOf, type ResponsePlace } from './ref.ts';
import type { Message } from './render.ts';
import { QUIET, ResponseGone } from './respond.ts';
import { BAD_BLOCKS, linkTo, postIn, replyUnder, standing, turnIn } from './rooms.ts';
import { TYPE_ELSEWHERE } from './text.ts';

type Parts = Pick<Door, 'patient' | 'workspace' | 'respond' | 'draw' | 'now'>;

/** One for all workspaces: a place knows which one it stands in. */
export function createMessenger(doors: Doors): Messenger {
  const at = async <T>(team: string, work: (door: Door) => Promise<T>): Promise<T> => {
    const door = await doors.of(team);
    if (!door || (team !== '' && door.workspace.team !== team)) throw new GoneForGood('another workspace');
    try {
      return await forGood(() => work(door));
    } catch (error) {
      if (!(error instanceof GoneForGood) || !DEAD.includes(error.message)) throw error;
      // The app may have been installed anew, with another token, as another process of ours was told.
      const anew = await doors.of(team);
      if (!anew || anew.token === door.token) throw error;
      return forGood(() => work(anew));
    }
  };
  return {
    platform: 'slack',
    tell: ({ tenant, user }, reply) =>
      at(tenant, async (door) => {
        if (!(await door.profiles.find(user)).member) throw new GoneForGood('not a member');
        return tell(door, user, reply);
      }),
    redrawHome: ({ tenant, user }) => at(tenant, (door) => showHome(door, user, 'changed', door.patient)),
    redraw: (ref, reply) => {
      const place = fromRef(ref);
      return at(place.team, (door) => redraw(door, place, reply));
    },
    room: ({ tenant, conversation }) => at(tenant, (door) => roomOf(door, conversation)),
    turn: (where) => at(where.tenant, (door) => turnIn(door, where.conversation)),
    post: (where, reply, key) => at(where.tenant, (door) => postIn(door, where, reply, key)),
    reply: (ref, reply) => {
      const place = messageOf(ref);
      return at(place.team, (door) => replyUnder(door, place, reply));
    },
    link: (ref) => {
      const place = messageOf(ref);
      return at(place.team, (door) => linkTo(door, place));
    },
    async find(email) {
      for (const door of await doors.all()) {
        const found = await forGood(() => find(door, email)).catch(unlessGone);
        if (found) return found;
      }
      return undefined;
    },
  };
}

/** One workspace that is served no longer does not keep the others from being asked. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof GoneForGood)) throw error;
}

/** Posts to a conversation; `thread` hangs it under a message. Answers where it stands. */
export async function say(
  { web, workspace }: Pick<Door, 'web' | 'workspace'>,
  channel: string,
  message: Message,
  thread?: string,
): Promise<Place> {
  const posted = await orPlain(message, (it) =>
    web.chat.postMessage({ channel, ...it, ...QUIET, ...(thread ? { thread_ts: thread } : {}) }),
  );
  return messageRef(workspace.team, posted.channel ?? channel, posted.ts ?? '');
}

/** The conversation that only this person and we see. */
export async function privately(web: webApi.WebClient, user: string): Promise<string> {
  return (await conversationWith(web, user)).id;
}

/** `hears`: Slack gives us what is written there (the optional scope im:history), or does not say. */
async function conversationWith(
  web: webApi.WebClient,
  user: string,
): Promise<{ id: string; hears: boolean }> {
  const { channel, response_metadata: about } = await web.conversations.open({ users: user });
  if (!channel?.id) throw new Error('Slack opened no conversation');
  return { id: channel.id, hears: about?.scopes?.includes('im:history') ?? true };
}

/** Where an answer would reach nobody the message says where to type. */
async function tell({ patient: web, workspace, draw }: Parts, user: string, reply: Reply): Promise<Place> {
  const { id, hears } = await conversationWith(web, user);
  const message = draw.message(reply);
  const isFull = message.blocks.length === 0 || message.blocks.length >= MAX.messageBlocks;
  const blocks = hears || isFull ? message.blocks : [...message.blocks, context(TYPE_ELSEWHERE)];
  return say({ web, workspace }, id, { ...message, blocks });
}

/** By the rules of profiles: a full member of this workspace, whose own address it is, confirmed. */
async function find(
  { patient: web, workspace }: Parts,
  email: string,
): Promise<Pick<Sender, 'tenant' | 'user'> | undefined> {
  try {
    const { user } = await web.users.lookupByEmail({ email });
    const profile = user && toProfile(user, workspace);
    return user?.id && profile?.member && profile.email === email
      ? { tenant: workspace.team, user: user.id }
      : undefined;
  } catch (error) {
    // Nobody here has it: that is an answer.
    if (error instanceof webApi.WebAPIPlatformError && error.data.error === 'users_not_found')
      return undefined;
    throw error;
  }
}

async function redraw(parts: Parts, place: Place, reply: Reply): Promise<Place> {
  const { patient: web, draw } = parts;
  switch (place.kind) {
    case 'message':
      await orPlain(drawnAt(place, draw.message(reply)), (it) =>
        web.chat.update({ channel: place.channel, ts: place.ts, ...it, link_names: false }),
      );
      return place;
    case 'response':
      return (await respondAgain(parts, place, reply)) ?? lastWord(parts, place, reply);
    case 'view':
      return (await updateView(parts, place, reply)) ?? lastWord(parts, place, reply);
    default:
      return unknownKind(place);
  }
}

const drawnAt = ({ post }: { post?: string | undefined }, message: Message): Message =>
  post ? standing(message, post) : message;

/** Nothing hangs under a view or a private answer. */
function messageOf(ref: Ref) {
  const place = fromRef(ref);
  if (place.kind !== 'message') throw new GoneForGood('no message');
  return place;
}

/**
 * Undefined when the URL is gone. An answer to typed words cannot be replaced (Slack posts another one: bolt-js#2287),
 * so only the last word on what was waited for follows it. The last use is kept for that word too.
 */
async function respondAgain(parts: Parts, place: ResponsePlace, reply: Reply): Promise<Place | undefined> {
  const isLastWord = place.shown === 'working' && isSettled(reply);
  if (place.left < 1 || parts.now().getTime() >= place.until) return undefined;
  if (!isLastWord && (!place.inPlace || (place.left === 1 && place.shown === 'working'))) return undefined;
  try {
    await parts.respond(place.url, parts.draw.message(reply), place.inPlace);
  } catch (error) {
    if (error instanceof ResponseGone) return undefined;
    throw error;
  }
  return { ...place, left: place.left - 1, shown: progressOf(reply) };
}

async function updateView(
  { patient: web, draw }: Parts,
  place: Place & { kind: 'view' },
  reply: Reply,
): Promise<Place | undefined> {
  try {
    await web.views.update({ view_id: place.id, view: draw.modal(reply, { c: 'view' }) });
    return { ...place, shown: progressOf(reply) };
  } catch (error) {
    // Closed by the person, or gone with the time.
    if (error instanceof webApi.WebAPIPlatformError) return undefined;
    throw error;
  }
}

/** Whoever was left with "working" hears how it ended, in a message of its own; nobody else is disturbed. */
async function lastWord(
  parts: Parts,
  place: Exclude<Place, { kind: 'message' }>,
  reply: Reply,
): Promise<Place> {
  if (place.shown !== 'working') throw new GoneForGood('nobody waits for this copy');
  if (!isSettled(reply)) return place;
  return tell(parts, place.user, reply);
}

/** Slack refused our blocks: the words still go out. */
async function orPlain<Sent>(message: Message, send: (message: Message) => Promise<Sent>): Promise<Sent> {
  try {
    return await send(message);
  } catch (error) {
    const isRefused = error instanceof webApi.WebAPIPlatformError && BAD_BLOCKS.includes(error.data.error);
    if (!isRefused || message.blocks.length === 0) throw error;
    return send({ ...message, blocks: [] });
  }
}

/** Slack's answers after which trying again cannot help; all others may pass. */
const PERMANENT = [
  'account_inactive',
  'cannot_dm_bot',
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'invalid_auth',
  'is_archived',
  'message_not_found',
  'missing_scope',
  'not_authed',
  'not_in_channel',
  'restricted_action',
  'team_access_not_granted',
  'token_revoked',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
];

async function forGood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError && PERMANENT.includes(error.data.error)) {
      throw new GoneForGood(error.data.error);
    }
    throw error;
  }
}

const unknownKind = (place: never): never => {
  throw new Error(`No way to redraw ${JSON.stringify(place)}`);
};
