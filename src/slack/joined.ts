/** Somebody came to a channel where we are: ourselves, and then we say once what we are; or others, who read along from then on, a whole company perhaps. */
import { z } from 'zod';
import { forgetPerson, listedPeople } from './audience.ts';
import type { Door } from './door.ts';
import { eventOf } from './heard.ts';
import type { Inbox } from './inbox-app.ts';
import { say } from './messenger.ts';
import { turnIn } from './rooms.ts';
import { INTRODUCTION } from './text.ts';
import { keyOf } from './who.ts';

const id = z.string().min(1).max(200);
const channel = z.string().regex(/^[CG][A-Z0-9]+$/);
const joined = z.object({
  type: z.literal('member_joined_channel'),
  user: id,
  channel,
});
const shared = z.object({ type: z.literal('channel_shared'), channel });

/**
 * The event `member_joined_channel` (comes with channels:read and groups:read only), of ourselves: nobody else is greeted.
 * @throws what Slack and the database throw: nothing is said then.
 */
export async function onAdded(door: Door, body: unknown, inbox: Inbox): Promise<void> {
  const event = eventOf(body, door.workspace, joined);
  if (event?.user === door.workspace.bot) await introduce(door, event.channel, inbox);
}

/** The same of others. Done before Slack is told that it arrived. @throws when the database does not answer. */
export async function onJoined(door: Door, body: unknown): Promise<void> {
  const event = eventOf(body, door.workspace, joined);
  if (!event || event.user === door.workspace.bot) return;
  // A guest closes the cards there, and no change of a deal would.
  forgetPerson(door, event.user);
  await door.desk.joined('slack', { tenant: door.workspace.team, conversation: event.channel });
}

/**
 * At most once for each channel and day, also where Slack sends the event again: rather nothing than twice. Nothing where
 * guests or others read along, or may: that we are there is the house's own affair.
 */
async function introduce(door: Door, channel: string, inbox: Inbox): Promise<void> {
  await listedPeople(door);
  const room = await door.messenger.room?.({ tenant: door.workspace.team, conversation: channel });
  if (!room || room.isOpenToOthers || room.isUnclear) return;
  const day = door.now().toISOString().slice(0, 10);
  const key = keyOf(door.workspace, 'introduced', channel, day);
  if ((await inbox.receive(key, { introduced: channel })) === 'known') return;
  await inbox.handled?.(key);
  await turnIn(door, channel);
  await say({ web: door.once, workspace: door.workspace }, channel, door.draw.message(INTRODUCTION));
}

/**
 * The event `channel_shared` (comes with channels:read and groups:read only): another company reads along from now on. Done
 * before Slack is told that it arrived. @throws when the database does not answer.
 */
export async function onShared(door: Door, body: unknown): Promise<void> {
  const event = eventOf(body, door.workspace, shared);
  if (event) await door.desk.joined('slack', { tenant: door.workspace.team, conversation: event.channel });
}
