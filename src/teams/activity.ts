/** Teams' activities, read once: who acts, where, and what is asked. Pure; what has no shape we know is `other`. */
import { z } from 'zod';
import type { Reference } from './door.ts';
import { account, type Envelope, envelope } from './envelope.ts';
import { ofInvoke } from './invokes.ts';
import { threadOf } from './ref.ts';
import { type Mention, said } from './said.ts';
import { isShared, isSharing, nameOf, scopeOf, teamOf, teamsOf, whereOf } from './where.ts';

/** One person at one place. */
export interface Common {
  /** The activity's own; '' where Teams gave it none. */
  id: string;
  at: Reference;
  /** The Entra object id; absent for apps and whoever has none. */
  user?: string;
  /** Teams' own id. */
  teamsId: string;
  /** IANA. */
  timeZone?: string;
  /** The message at the head of the thread it was said in. */
  thread?: string;
  /** The message that holds what was pressed. */
  card?: string;
  /** Our own id there. */
  bot: string;
  /** Somebody waits for the answer's body. We need not be in that conversation: cards of ours are put into others too. */
  isInvoke: boolean;
  /** It came through the message extension. */
  isElsewhere: boolean;
  /** Teams itself asks what they may see of a card: where many look at it, for all of them at once. */
  isRefresh?: boolean;
}

export type Incoming = Common & What;

export type What =
  /** Only in a personal chat, or where we were mentioned. */
  | { kind: 'words'; text: string }
  /** Action.Submit on a card in a conversation: from clients that do not know Action.Execute. */
  | { kind: 'sent'; data: unknown }
  /** Action.Execute. */
  | { kind: 'press'; data: unknown; isRefresh: boolean }
  /** A dialog is to be opened, or was sent. */
  | { kind: 'fetch'; data: unknown }
  | { kind: 'submit'; data: unknown }
  /** Somebody types into a long choice. */
  | { kind: 'typeahead'; dataset: string; query: string; data: unknown }
  /** The message extension: words to find by, a link that was pasted, an action on a message. */
  | { kind: 'search'; command: string; query: string }
  | { kind: 'link'; url: string }
  | { kind: 'message'; command: string; text: string }
  /** `team`: in all of its channels. */
  | { kind: 'installed'; team?: string }
  /** `conversation`: another one than it came from. `team`: all of its channels, of which Teams tells in the first one. */
  | { kind: 'removed'; conversation?: string; team?: string }
  /**
   * Who came and who went: Teams' own ids, and Entra's where Teams told them. `team`: they are in all of its channels. A
   * channel that is shared with a team, or no more: that team came, whoever is in it; it happens at that channel.
   */
  | { kind: 'members'; added: Account[]; removed: Account[]; team?: string }
  | { kind: 'other' };

export interface Account {
  id: string;
  user?: string;
}

export type Of<Kind extends What['kind']> = Common & Extract<What, { kind: Kind }>;

/** Undefined where it does not even say where it comes from: nobody can be answered. */
export function readActivity(body: unknown): Incoming | undefined {
  const { data } = envelope.safeParse(body);
  if (!data) return undefined;
  const common = commonOf(data);
  return { ...common, ...whatOf(data, common) };
}

function commonOf(it: Envelope): Common {
  const { conversation, channelData: about, from, localTimezone: zone } = it;
  const scope = scopeOf(it);
  const tenant = (conversation.tenantId ?? about?.tenant?.id ?? '').toLowerCase();
  const user = from.aadObjectId?.toLowerCase();
  const team = scope === 'channel' ? about?.team?.id : undefined;
  const name = nameOf(it);
  const card = it.replyToId ?? undefined;
  const thread = scope === 'channel' ? threadOf(conversation.id) : card;
  return {
    id: it.id ?? '',
    at: {
      ...{ serviceUrl: it.serviceUrl, tenant, conversation: whereOf(it), scope },
      ...(scope === 'personal' && user ? { user } : {}),
      ...(scope !== 'personal' && name ? { name } : {}),
      ...(team ? { team } : {}),
      ...(isShared(it) ? { isShared: true } : {}),
    },
    ...(user ? { user } : {}),
    teamsId: from.id,
    ...(zone && isZone(zone) ? { timeZone: zone } : {}),
    ...(thread ? { thread } : {}),
    ...(card ? { card } : {}),
    bot: it.recipient.id,
    isInvoke: it.type === 'invoke',
    isElsewhere: it.name?.startsWith('composeExtension/') ?? false,
  };
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    // Rescues a name that no clock knows: then the roster's zone counts.
    return false;
  }
}

function whatOf(it: Envelope, common: Common): What {
  if (it.type === 'message') return ofMessage(it, common);
  if (it.type === 'invoke') return ofInvoke(it.name ?? '', it.value) ?? { kind: 'other' };
  // An upgrade is neither.
  if (it.type === 'installationUpdate' && it.action === 'add') return { kind: 'installed', ...teamOf(it) };
  if (it.type === 'installationUpdate' && it.action === 'remove') return { kind: 'removed', ...teamOf(it) };
  return it.type === 'conversationUpdate' ? ofUpdate(it) : { kind: 'other' };
}

const text = z.string();
const message = z.object({
  text: text.nullish(),
  entities: z
    .array(
      z.looseObject({ type: text, text: text.nullish(), mentioned: z.looseObject({ id: text }).nullish() }),
    )
    .nullish()
    .catch([]),
});

const MOST_MENTIONS = 50;

/** Attachments alone are what people share with each other, such as a card of our own message extension. */
function ofMessage(it: Envelope, { at, bot }: Common): What {
  const { text: words = '', entities } = message.safeParse(it).data ?? {};
  const mentions: Mention[] = (entities ?? [])
    .slice(0, MOST_MENTIONS)
    .flatMap(({ type, text: mark, mentioned }) =>
      type === 'mention' && mark && mentioned ? [{ mark, isOurs: mentioned.id === bot }] : [],
    );
  const heard = said(words ?? '', mentions);
  if (heard === '' && typeof it.value === 'object' && it.value !== null)
    return { kind: 'sent', data: it.value };
  const isForUs = at.scope === 'personal' ? heard !== '' : mentions.some(({ isOurs }) => isOurs);
  return isForUs ? { kind: 'words', text: heard } : { kind: 'other' };
}

const came = z.object({
  membersAdded: z.array(account).nullish().catch([]),
  membersRemoved: z.array(account).nullish().catch([]),
});
const TEAM_GONE = ['teamDeleted', 'teamHardDeleted'];

function ofUpdate(it: Envelope): What {
  const { eventType = '', channel } = it.channelData ?? {};
  // What happens to a channel is told in the team's first one.
  if (eventType === 'channelDeleted' && channel?.id) return { kind: 'removed', conversation: channel.id };
  if (TEAM_GONE.includes(eventType ?? '')) return { kind: 'removed', ...teamOf(it) };
  if (isSharing(it)) return { kind: 'members', added: teamsOf(it).map((it) => ({ id: it })), removed: [] };
  const { membersAdded = [], membersRemoved = [] } = came.safeParse(it).data ?? {};
  const [added, removed] = [membersAdded, membersRemoved].map((all) => (all ?? []).map(toAccount));
  if (!added?.length && !removed?.length) return { kind: 'other' };
  return { kind: 'members', added: added ?? [], removed: removed ?? [], ...teamOf(it) };
}

const toAccount = ({ id: own, aadObjectId: user }: z.infer<typeof account>): Account => ({
  id: own,
  ...(user ? { user: user.toLowerCase() } : {}),
});
