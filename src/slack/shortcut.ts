/** Shortcuts, of a message or of none: each opens a view at once, and what it asks is a verb of the house. */
import type { GlobalShortcut, MessageShortcut } from '@slack/bolt';
import { z } from 'zod';
import type { Intent } from '../bot/intent.ts';
import { note } from '../views/view.ts';
import { ask, openView, report, showIn } from './answer.ts';
import type { Door } from './door.ts';
import { placesUnder } from './ref.ts';
import { LOADING, OLD_SHORTCUT, typed } from './text.ts';
import { isOf, keyOf, type Who } from './who.ts';

type Shortcut = GlobalShortcut | MessageShortcut;
type Wish = Pick<Intent, 'verb' | 'input' | 'under'>;

/** By `callback_id`, as the manifest names them. */
const SHORTCUTS: Record<string, (body: Shortcut, door: Door) => Wish | undefined> = {
  find_deal: () => ({ verb: 'find', input: {} }),
  my_desk: () => ({ verb: 'desk', input: {} }),
  add_next_step: (body, { workspace }) => {
    const { data } = messageSchema.safeParse(body);
    if (!data) return undefined;
    const { message, channel } = data;
    const under = placesUnder(workspace.team, channel.id, message.thread_ts ?? message.ts);
    return { verb: 'next-step', input: { deal: '', text: typed(message.text, workspace.bot) }, under };
  },
};

export async function onShortcut(door: Door, body: Shortcut, ack: () => Promise<void>): Promise<void> {
  await ack();
  const who = whoOf(body, door);
  const wish = Object.hasOwn(SHORTCUTS, body.callback_id)
    ? SHORTCUTS[body.callback_id]?.(body, door)
    : undefined;
  const way = { c: who.conversation };
  const viewId = await openView(door, body.trigger_id, note(wish ? LOADING : OLD_SHORTCUT), way);
  if (!wish) return;
  const key = keyOf(door.workspace, who.user, body.trigger_id);
  const asked = await ask(door, who, (from) => door.desk.handle({ ...wish, from, key }));
  if (viewId) return showIn(door, viewId, asked, way);
  const { team: tenant } = door.workspace;
  // Nobody of ours is told nothing.
  if (asked.from)
    await report(door, asked, await door.messenger.tell({ tenant, user: who.user }, asked.answer.reply));
}

function whoOf(body: Shortcut, { workspace }: Door): Who {
  const { user, team, enterprise } = body;
  const claims = { team: team?.id, actor: user.team_id, enterprise: enterprise?.id ?? team?.enterprise_id };
  const conversation = 'channel' in body ? body.channel.id : 'view';
  return { user: user.id, conversation, ofWorkspace: isOf(workspace, claims) };
}

const messageSchema = z.object({
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional(), text: z.string().default('') }),
});
