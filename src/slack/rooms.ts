/** Cards that several read in Slack: posted once, with lines in their thread. */
import { webApi } from '@slack/bolt';
import { MaybePosted, type RoomAt } from '../bot/intent.ts';
import type { Reply } from '../views/view.ts';
import { isOf, orPlain } from './bad-blocks.ts';
import type { Block } from './blocks.ts';
import { inRoom } from './button.ts';
import type { Door } from './door.ts';
import { type MessagePlace, messageRef, type Place } from './ref.ts';
import type { Message } from './render.ts';
import { QUIET } from './respond.ts';

/** Waits until a post there is within Slack's rates. Throws WebAPIRateLimitedError where that would take too long. */
export const turnIn = ({ turns }: Pick<Door, 'turns'>, channel: string): Promise<void> =>
  turns.of('chat.postMessage', { channel });

/**
 * Posts a card, once `turnIn` has let it. `key` stands in the message's metadata and on its buttons: whoever presses one tells where it stands. Ids
 * only, as every app of the workspace can read metadata. Throws MaybePosted when the answer was lost.
 */
export async function postIn(
  door: Door,
  { conversation }: RoomAt,
  reply: Reply,
  key: string,
): Promise<Place> {
  const metadata = { event_type: 'ace_desk_card', event_payload: { key } };
  const place = await sendOnce(door, conversation, standing(door.draw.message(reply), key), { metadata });
  return { ...place, post: key };
}

/** A line under a card, in its thread alone, in its turn. Throws MaybePosted when the answer was lost. */
export async function replyUnder(door: Door, { channel, ts }: MessagePlace, reply: Reply): Promise<Place> {
  await turnIn(door, channel);
  return sendOnce(door, channel, door.draw.message(reply), { thread_ts: ts });
}

/** Where people find it; undefined when Slack does not say. */
export async function linkTo({ web }: Pick<Door, 'web'>, { channel, ts }: MessagePlace) {
  try {
    const { permalink } = await web.chat.getPermalink({ channel, message_ts: ts });
    return permalink;
  } catch {
    // Only a shortcut: that it stands there is said anyway.
    return undefined;
  }
}

/** The buttons say that they stand in a room, and in which post. */
export const standing = (message: Message, key: string): Message => ({
  ...message,
  blocks: message.blocks.map((block) => marked(block, key)),
});

const marked = (block: Block, key: string): Block =>
  block.type === 'actions'
    ? {
        ...block,
        elements: block.elements.map((it) =>
          it.type === 'button' && it.value ? { ...it, value: inRoom(it.value, key) } : it,
        ),
      }
    : block;

interface More {
  thread_ts?: string;
  metadata?: { event_type: string; event_payload: { key: string } };
}

/**
 * Never tried again by itself. Where Slack refuses the blocks nothing was posted: the words go out (`orPlain`). Throws
 * MaybePosted when the answer was lost.
 */
export async function sendOnce(
  door: Pick<Door, 'once' | 'workspace'>,
  channel: string,
  message: Message,
  more: More = {},
): Promise<MessagePlace> {
  const send = (it: Message) => door.once.chat.postMessage({ channel, ...it, ...QUIET, ...more });
  try {
    const posted = await orPlain(message, send);
    return messageRef(door.workspace.team, posted.channel ?? channel, posted.ts ?? '');
  } catch (error) {
    if (wasNotSent(error)) throw error;
    throw new MaybePosted('the answer was lost', { cause: error });
  }
}

/** With these Slack says that some of it may have happened (docs.slack.dev, chat.postMessage). */
const HALF = ['fatal_error', 'internal_error'];
/** It never reached Slack. */
const UNREACHED = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** Whether it is sure that nothing stands there. */
export function wasNotSent(error: unknown): boolean {
  if (error instanceof webApi.WebAPIPlatformError) return !isOf(error, HALF);
  if (error instanceof webApi.WebAPIRateLimitedError) return true;
  if (error instanceof webApi.WebAPIHTTPError) return error.statusCode < 500;
  return error instanceof webApi.WebAPIRequestError && UNREACHED.includes(codeOf(error.original.cause));
}

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
