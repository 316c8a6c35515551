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

/** A link as it was posted, and the id in it. */
interface Found {
  url: string;
  id: string;
}

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
  const kept = typeof from === 'string' ? undefined : await keep(door, event, from, cards, found);
  const unfurls = Object.fromEntries(
    found.flatMap(({ url, id }) => {
      const card = cards.get(id);
      const may = card?.copyOf && !kept?.has(url) ? closedGlimpse(card.copyOf.id) : card;
      const blocks = may ? blocksOf(door, may) : [];
      // Drawn without blocks an unfurl would be empty.
      return blocks.length > 0 ? [[url, { blocks }]] : [];
    }),
  );
  if (Object.keys(unfurls).length === 0) return;
  await door.web.chat.unfurl({ ...placeOf(event), unfurls });
  // Where one of these fails, or none is reached, the desk looks at it a little later.
  const looks = await Promise.allSettled([...(kept?.values() ?? [])].map((stands) => stands()));
  logFailures(door, looks, 'slack: a link is looked at later');
}

/**
 * Written down before they are shown: what stands open and is kept true by nobody would say for ever what stands there now.
 * @returns what to call once it stands there, by address; without what could not be kept.
 */
async function keep(
  door: Door,
  { channel, message_ts: ts = '' }: Shared,
  from: Sender,
  cards: ReadonlyMap<string, Card>,
  found: readonly Found[],
): Promise<Map<string, () => Promise<void>>> {
  const open = found.flatMap(({ url, id }) => {
    const card = cards.get(id);
    return card?.copyOf ? [{ url, card }] : [];
  });
  const outcomes = await Promise.allSettled(
    open.map(async ({ url, card }) => {
      const ref: UnfurlPlace = { kind: 'unfurl', team: door.workspace.team, channel, ts, url };
      return [url, await door.desk.glimpsed(card, from, ref)] as const;
    }),
  );
  logFailures(door, outcomes, 'slack: a link is shown closed, as it would not be kept true');
  return new Map(outcomes.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : [])));
}

function logFailures(door: Door, outcomes: readonly PromiseSettledResult<unknown>[], message: string): void {
  for (const it of outcomes)
    if (it.status === 'rejected') door.log.warn({ failure: failure(it.reason) }, message);
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
