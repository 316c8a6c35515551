/** Teams' activities, read once: who acts, where, and what is asked. Pure; what has no shape we know is `other`. */
import { z } from 'zod';
import type { Reference, Scope } from './door.ts';
import { ofInvoke } from './invokes.ts';
import { threadOf, whole } from './ref.ts';
import { type Mention, said } from './said.ts';

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
  | { kind: 'installed' }
  /** `conversation`: another one than it came from. `team`: all of its channels, of which Teams tells in the first one. */
  | { kind: 'removed'; conversation?: string; team?: string }
  /** Who came and who went: Teams' own ids, and Entra's where Teams told them. `team`: they are in all of its channels. */
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

const text = z.string();
const id = text.min(1).max(1000);
const account = z.looseObject({ id, aadObjectId: id.nullish() });
const named = z
  .looseObject({ id: id.nullish(), name: text.max(300).nullish(), type: text.nullish() })
  .nullish();
const envelope = z.looseObject({
  type: text,
  name: text.nullish(),
  action: text.nullish(),
  id: id.nullish(),
  serviceUrl: id,
  from: account,
  recipient: z.looseObject({ id }),
  conversation: z.looseObject({
    id,
    conversationType: text.nullish(),
    tenantId: id.nullish(),
    isGroup: z.boolean().nullish(),
    name: text.max(300).nullish(),
  }),
  channelData: z
    .looseObject({ tenant: named, team: named, channel: named, eventType: text.nullish() })
    .nullish(),
  localTimezone: text.max(100).nullish(),
  replyToId: id.nullish(),
  value: z.unknown().optional(),
});
type Envelope = z.infer<typeof envelope>;

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
      ...{ serviceUrl: it.serviceUrl, tenant, conversation: whole(conversation.id), scope },
      ...(scope === 'personal' && user ? { user } : {}),
      ...(scope !== 'personal' && name ? { name } : {}),
      ...(team ? { team } : {}),
      ...(about?.channel?.type?.toLowerCase() === 'shared' ? { isShared: true } : {}),
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

/** What happens to another channel is told here as well: its name is not this one's. */
function nameOf({ conversation: { id: own, name }, channelData: about }: Envelope): string | undefined {
  const { id: other, name: said } = about?.channel ?? {};
  return (!other || other === whole(own) ? said : undefined) ?? name ?? undefined;
}

/** The team whose channels share what happens; a private or a shared channel has members of its own. */
function teamOf({ channelData: about }: Envelope): { team?: string } {
  const isApart = ['private', 'shared'].includes(about?.channel?.type?.toLowerCase() ?? '');
  return about?.team?.id && !isApart ? { team: about.team.id } : {};
}

/** A chat of two people is "personal" to a message extension: it is not ours, and others read there. */
function scopeOf({ conversation: { id: where, conversationType: type, isGroup } }: Envelope): Scope {
  if (type === 'channel' || where.includes('@thread.tacv2')) return 'channel';
  const isOurs = type === 'personal' && !where.startsWith('19:') && isGroup !== true;
  return isOurs || (type == null && where.startsWith('a:')) ? 'personal' : 'group';
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
  if (it.type === 'installationUpdate' && it.action === 'add') return { kind: 'installed' };
  if (it.type === 'installationUpdate' && it.action === 'remove') return { kind: 'removed', ...teamOf(it) };
  return it.type === 'conversationUpdate' ? ofUpdate(it) : { kind: 'other' };
}

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
  const { membersAdded = [], membersRemoved = [] } = came.safeParse(it).data ?? {};
  const [added, removed] = [membersAdded, membersRemoved].map((all) => (all ?? []).map(toAccount));
  if (!added?.length && !removed?.length) return { kind: 'other' };
  return { kind: 'members', added: added ?? [], removed: removed ?? [], ...teamOf(it) };
}

const toAccount = ({ id: own, aadObjectId: user }: z.infer<typeof account>): Account => ({
  id: own,
  ...(user ? { user: user.toLowerCase() } : {}),
});
