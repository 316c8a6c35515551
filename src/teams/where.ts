/** Where something happened in Teams, and what Teams says of that place. Pure. */
import type { Scope } from './door.ts';
import type { Envelope } from './envelope.ts';
import { whole } from './ref.ts';

const SHARING = ['channelShared', 'channelUnshared'];

/** A channel is shared with a team, or no more: others read along there (github.com/microsoft/Agents, bots in shared channels). */
export const isSharing = ({ type, channelData: about }: Envelope): boolean =>
  type === 'conversationUpdate' && SHARING.includes(about?.eventType ?? '');

/** The teams it is shared with, or no more; the channel itself where Teams names none. */
export function teamsOf(it: Envelope): string[] {
  const { sharedWithTeams, unsharedFromTeams } = it.channelData ?? {};
  const teams = [...(sharedWithTeams ?? []), ...(unsharedFromTeams ?? [])].map(({ id }) => id);
  return teams.length > 0 ? teams : [whereOf(it)];
}

/** The conversation; of sharing the channel that it is about, wherever that is told. */
export function whereOf(it: Envelope): string {
  const about = isSharing(it) ? it.channelData?.channel?.id : undefined;
  return whole(about ?? it.conversation.id);
}

/** What happens to another channel is told here as well: neither its name nor its kind is this one's. */
function channelOf(it: Envelope) {
  const { channel } = it.channelData ?? {};
  return !channel?.id || channel.id === whereOf(it) ? channel : undefined;
}

/** Undefined where Teams does not tell it. */
export function nameOf(it: Envelope): string | undefined {
  const { id, name } = it.conversation;
  const own = whereOf(it) === whole(id) ? name : undefined;
  return channelOf(it)?.name ?? own ?? undefined;
}

/** A channel made to be shared, whether it is just now or not. */
export const isShared = (it: Envelope): boolean =>
  isSharing(it) || channelOf(it)?.type?.toLowerCase() === 'shared';

/** The team whose channels share what happens; a private or a shared channel has members of its own. */
export function teamOf({ channelData: about }: Envelope): { team?: string } {
  const isApart = ['private', 'shared'].includes(about?.channel?.type?.toLowerCase() ?? '');
  return about?.team?.id && !isApart ? { team: about.team.id } : {};
}

/** A chat of two people is "personal" to a message extension: it is not ours, and others read there. */
export function scopeOf({ conversation: { id: where, conversationType: type, isGroup } }: Envelope): Scope {
  if (type === 'channel' || where.includes('@thread.tacv2')) return 'channel';
  const isOurs = type === 'personal' && !where.startsWith('19:') && isGroup !== true;
  return isOurs || (type == null && where.startsWith('a:')) ? 'personal' : 'group';
}
