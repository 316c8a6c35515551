/** Somebody came to a channel where we are: ourselves, and then we say once what we are; or others, who read along from then on. */
import { z } from 'zod';
import { oneLine } from '../pipeline/text.ts';
import { forgetPerson } from './audience.ts';
import type { Door } from './door.ts';
import { eventOf } from './heard.ts';
import type { Inbox } from './inbox-app.ts';
import { say } from './messenger.ts';
import { turnIn } from './rooms.ts';
import { introduction } from './text.ts';
import { keyOf } from './who.ts';

const id = z.string().min(1).max(200);
const joined = z.object({
  type: z.literal('member_joined_channel'),
  user: id,
  channel: z.string().regex(/^[CG][A-Z0-9]+$/),
  inviter: id.optional(),
});
const delivery = z.object({ event_id: id });

/**
 * The event `member_joined_channel` (comes with channels:read and groups:read only). Nobody is greeted but by ourselves, on
 * our own arrival. @throws what Slack and the database throw: nothing is said then.
 */
export async function onJoined(door: Door, body: unknown, inbox: Inbox): Promise<void> {
  const event = eventOf(body, door.workspace, joined);
  if (!event) return;
  if (event.user === door.workspace.bot) return introduce(door, event, body, inbox);
  // A guest closes the cards there, and no change of a deal would.
  forgetPerson(door, event.user);
  await door.desk.joined('slack', { tenant: door.workspace.team, conversation: event.channel });
}

/** At most once for each time we are added, also where Slack sends the event again: rather nothing than twice. */
async function introduce(
  door: Door,
  { channel, inviter }: z.infer<typeof joined>,
  body: unknown,
  inbox: Inbox,
): Promise<void> {
  const key = keyOf(door.workspace, delivery.parse(body).event_id);
  if ((await inbox.receive(key, { introduced: channel })) === 'known') return;
  await inbox.handled?.(key);
  const message = door.draw.message(introduction(await nameOf(door, inviter)));
  await turnIn(door, channel);
  await say({ web: door.once, workspace: door.workspace }, channel, message);
}

/** Who has no profile that Slack shows us, or is not of this workspace, stays somebody. */
async function nameOf({ profiles }: Door, user: string | undefined): Promise<string> {
  const profile = user ? await profiles.find(user).catch(() => undefined) : undefined;
  const { firstName = '', lastName = '' } = profile?.member ? profile : {};
  return oneLine(`${firstName} ${lastName}`).slice(0, 100) || 'Somebody';
}
