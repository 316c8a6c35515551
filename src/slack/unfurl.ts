/** Links to deals (PUBLIC_URL/o/<id>): what everybody who reads along may see of them, kept true where it is more than an id. */
import { z } from 'zod';
import type { Sender } from '../bot/intent.ts';
import { closedGlimpse } from '../views/glimpse.ts';
import type { Card } from '../views/view.ts';
import { identify } from './answer.ts';
import type { Door } from './door.ts';
import { eventOf } from './heard.ts';
import { failure } from './log.ts';
import type { UnfurlPlace } from './ref.ts';

const shared = z.object({
  type: z.literal('link_shared'),
  user: z.string(),
  channel: z.string(),
  message_ts: z.string().optional(),
  unfurl_id: z.string().optional(),
  source: z.enum(['composer', 'conversations_history']).optional(),
  links: z.array(z.object({ url: z.string().max(3000) })),
});
type Shared = z.infer<typeof shared>;

/** More in one message are left as they are. */
const MOST = 10;
/** Slack names only links to hosts that the manifest names: what they end in says the rest. */
const DEAL_LINK = /^https?:\/\/[^/?#]+\/o\/([A-Za-z0-9-]{1,40})\/?(?:[?#].*)?$/;

/** Acknowledged before. A draft (composer) and a place we know nothing of are closed. @throws what Slack and the desk throw. */
export async function onLinks(door: Door, body: unknown): Promise<void> {
  const event = eventOf(body, door.workspace, shared);
  if (!event) return;
  const links = event.links.flatMap(({ url }) => {
    const id = DEAL_LINK.exec(url)?.[1];
    return id ? [{ url, id }] : [];
  });
  const found = links.slice(0, MOST);
  if (found.length === 0) return;
  const from = await identify(door, { user: event.user, conversation: event.channel, ofWorkspace: true });
  const cards = await door.desk.glimpses({
    ids: found.map(({ id }) => id),
    isOpen: typeof from !== 'string' && (await isOpenPlace(door, event)),
    ...(typeof from === 'string' ? {} : { from }),
  });
  const unfurls = Object.fromEntries(
    found.flatMap(({ url, id }) => {
      const card = cards.get(id);
      const blocks = card ? blocksOf(door, card) : [];
      // Drawn without blocks an unfurl would be empty.
      return blocks.length > 0 ? [[url, { blocks }]] : [];
    }),
  );
  if (Object.keys(unfurls).length === 0) return;
  await door.web.chat.unfurl({ ...placeOf(event), unfurls });
  const open = found.flatMap(({ url, id }) => {
    const card = cards.get(id);
    return card?.copyOf && url in unfurls ? [{ url, card }] : [];
  });
  if (typeof from !== 'string') for (const it of open) await keep(door, event, from, it);
}

/** Kept true from now on. What nobody keeps true is closed: it would say for ever what stands there now. */
async function keep(
  door: Door,
  { channel, message_ts: ts = '' }: Shared,
  from: Sender,
  { url, card }: { url: string; card: Card },
): Promise<void> {
  const ref: UnfurlPlace = { kind: 'unfurl', team: door.workspace.team, channel, ts, url };
  try {
    await door.desk.glimpsed(card, from, ref);
  } catch (error) {
    door.log.warn({ failure: failure(error) }, 'slack: a link that was shown open is not kept true: closed');
    await door.messenger.redraw(ref, closedGlimpse(card.copyOf?.id ?? ''));
  }
}

const blocksOf = (door: Door, card: Card) => door.draw.message(card).blocks;

const placeOf = ({ source, unfurl_id: id, channel, message_ts: ts }: Shared) =>
  source && id ? { source, unfurl_id: id } : { channel, ts: ts ?? '' };

/** Everybody there is of the house, as far as Slack says; where it says nothing, nobody knows who reads along. */
async function isOpenPlace(door: Door, { source, channel, message_ts: ts }: Shared): Promise<boolean> {
  // A draft, or a message that could not be found again to be kept true.
  if (source === 'composer' || !ts) return false;
  try {
    const at = { tenant: door.workspace.team, conversation: channel };
    const room = await door.messenger.room?.(at);
    return room !== undefined && !room.isOpenToOthers && !room.isUnclear;
  } catch (error) {
    // Not a member, or no answer: closed.
    door.log.info({ failure: failure(error) }, 'slack: a room was not looked up');
    return false;
  }
}
