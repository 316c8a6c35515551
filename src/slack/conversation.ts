/** A person's own conversation with us, remembered for a while. */
import type { Door } from './door.ts';

/** The conversation that only this person and we see. */
export async function privately(
  door: Pick<Door, 'web' | 'workspace' | 'now'>,
  user: string,
): Promise<string> {
  return (await conversationWith(door, user)).id;
}

interface Conversation {
  id: string;
  /** Slack gives us what is written there (the optional scope im:history), or does not say. */
  hears: boolean;
  at: number;
}
/** Of a door, by user: at most 2000, for an hour, as the scopes may change. */
const conversations = new WeakMap<object, Map<string, Conversation>>();
const MOST = 2000;
const KEPT_MS = 3_600_000;

/** The same, with whether we hear what is written there. Throws what Slack's API throws. */
export async function conversationWith(
  { web, workspace, now }: Pick<Door, 'web' | 'workspace' | 'now'>,
  user: string,
): Promise<Conversation> {
  const known = conversations.get(workspace) ?? new Map<string, Conversation>();
  conversations.set(workspace, known);
  const before = known.get(user);
  const at = now().getTime();
  if (before && at - before.at < KEPT_MS) return before;
  const { channel, response_metadata: about } = await web.conversations.open({ users: user });
  if (!channel?.id) throw new Error('Slack opened no conversation');
  if (known.size >= MOST) known.clear();
  const opened = { id: channel.id, hears: about?.scopes?.includes('im:history') ?? true, at };
  known.set(user, opened);
  return opened;
}
