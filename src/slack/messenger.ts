/** The way out to Slack: private messages, and redrawing what was posted. */
import { webApi } from '@slack/bolt';
import { GoneForGood, type Messenger, NotServed, type Ref, type Sender } from '../bot/intent.ts';
import type { Reply } from '../views/view.ts';
import { roomOf } from './audience.ts';
import { orPlain } from './bad-blocks.ts';
import { MAX } from './block-kit.ts';
import { context } from './blocks.ts';
import { conversationWith } from './conversation.ts';
import type { Door, Doors } from './door.ts';
import { forGood, isDead } from './for-good.ts';
import { showHome } from './home.ts';
import { toProfile } from './profiles.ts';
import {
  fromRef,
  isSettled,
  type MessagePlace,
  messageRef,
  type Place,
  progressOf,
  type ResponsePlace,
  type UnfurlPlace,
} from './ref.ts';
import type { Message } from './render.ts';
import { QUIET, ResponseGone } from './respond.ts';
import { linkTo, postIn, replyUnder, sendOnce, standing, turnIn } from './rooms.ts';
import { TYPE_ELSEWHERE } from './text.ts';
import { withPicture } from './upload.ts';

type Parts = Pick<Door, 'patient' | 'turns' | 'log' | 'workspace' | 'respond' | 'draw' | 'now'>;

/** One for all workspaces: a place knows which one it stands in. */
export function createMessenger(doors: Doors): Messenger {
  const served = async (team: string): Promise<Door> => {
    const door = await doors.of(team);
    if (!door || (team !== '' && door.workspace.team !== team)) throw new GoneForGood('another workspace');
    return door;
  };
  const at = async <T>(team: string, work: (door: Door) => Promise<T>): Promise<T> => {
    const door = await served(team);
    try {
      return await forGood(() => work(door));
    } catch (error) {
      if (!isDead(error)) throw error;
      // The app may have been installed anew, with another token, as another process of ours was told. Where it was
      // uninstalled nothing is served; else a better token is waited for, as long as the queue tries again.
      const anew = await served(team);
      if (anew.token === door.token) throw new NotServed('the token', { cause: error });
      return forGood(() => work(anew));
    }
  };
  return {
    platform: 'slack',
    tell: ({ tenant, user }, reply, how) =>
      at(tenant, async (door) => {
        if (!(await door.profiles.find(user, 'patiently')).member) throw new GoneForGood('not a member');
        return tell(door, user, reply, how === 'once' ? sayingOnce(door) : undefined);
      }),
    redrawHome: ({ tenant, user }) => at(tenant, (door) => showHome(door, user, 'changed', door.patient)),
    redraw: (ref, reply) => {
      const place = fromRef(ref);
      return at(place.team, (door) => redraw(door, place, reply));
    },
    room: ({ tenant, conversation }, how) =>
      at(tenant, (door) => roomOf(door, conversation, how === 'soon' ? door.web : door.patient)),
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
    find: async (email) => findAmong(await doors.all(), email),
  };
}

/**
 * One workspace that does not answer our token does not keep the others from being asked; that nobody has the address is
 * said only where all have answered.
 */
async function findAmong(doors: readonly Door[], email: string): ReturnType<Messenger['find']> {
  let silent: unknown;
  for (const door of doors)
    try {
      const found = await forGood(() => find(door, email));
      if (found) return found;
    } catch (error) {
      if (isDead(error)) silent = error;
      else if (!(error instanceof GoneForGood)) throw error;
    }
  if (silent) throw silent;
  return undefined;
}

/** Posts to a conversation; `thread` hangs it under a message. Answers where it stands. */
export async function say(
  { web, workspace }: Pick<Door, 'web' | 'workspace'>,
  channel: string,
  message: Message,
  thread?: string,
): Promise<MessagePlace> {
  const posted = await orPlain(message, (it) =>
    web.chat.postMessage({ channel, ...it, ...QUIET, ...(thread ? { thread_ts: thread } : {}) }),
  );
  return messageRef(workspace.team, posted.channel ?? channel, posted.ts ?? '');
}

type Saying = (channel: string, message: Message) => Promise<MessagePlace>;

/** In its turn; what it is not sure of is not sent again. */
const sayingOnce =
  (door: Door): Saying =>
  async (channel, message) => {
    await turnIn(door, channel);
    return sendOnce(door, channel, message);
  };

/** Where an answer would reach nobody the message says where to type. Its picture is uploaded before anything is said. */
async function tell(
  parts: Parts,
  user: string,
  reply: Reply,
  saying: Saying = (channel, message) => say({ ...parts, web: parts.patient }, channel, message),
): Promise<Place> {
  const { patient: web, workspace, draw, now } = parts;
  const { id, hears } = await conversationWith({ web, workspace, now }, user);
  const { sent, picture } = await withPicture(parts, reply, (file) => {
    const message = draw.message(reply, { file });
    const isFull = message.blocks.length === 0 || message.blocks.length >= MAX.messageBlocks;
    const blocks = hears || isFull ? message.blocks : [...message.blocks, context(TYPE_ELSEWHERE)];
    return saying(id, { ...message, blocks });
  });
  return { ...sent, ...(picture ? { picture } : {}) };
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
      return redrawMessage(parts, place, reply);
    case 'response':
      return (await respondAgain(parts, place, reply)) ?? lastWord(parts, place, reply);
    case 'view':
      return (await updateView(parts, place, reply)) ?? lastWord(parts, place, reply);
    case 'unfurl':
      await web.chat.unfurl(toUnfurl(place, draw.message(reply)));
      return place;
    default:
      return unknownKind(place);
  }
}

/** A picture that shows the same stays the file it is. */
async function redrawMessage(parts: Parts, place: MessagePlace, reply: Reply): Promise<Place> {
  const { picture: kept, ...where } = place;
  const update = (message: Message) =>
    parts.patient.chat.update({ channel: place.channel, ts: place.ts, ...message, link_names: false });
  const send = (file?: string) => orPlain(drawnAt(place, parts.draw.message(reply, { file })), update);
  const { picture } = await withPicture(parts, reply, send, kept);
  return { ...where, ...(picture ? { picture } : {}) };
}

/** Slack redraws what it put under that link before (docs.slack.dev, chat.unfurl). */
const toUnfurl = ({ channel, ts, url }: UnfurlPlace, { blocks }: Message) => ({
  ...{ channel, ts },
  unfurls: { [url]: { blocks } },
});

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
    await parts.respond(place.url, parts.draw.message(reply, { where: place.where }), place.inPlace);
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
async function lastWord(parts: Parts, place: Extract<Place, { user: string }>, reply: Reply): Promise<Place> {
  if (place.shown !== 'working') throw new GoneForGood('nobody waits for this copy');
  if (!isSettled(reply)) return place;
  return tell(parts, place.user, reply);
}

const unknownKind = (place: never): never => {
  throw new Error(`No way to redraw ${JSON.stringify(place)}`);
};
