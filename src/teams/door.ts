/** What the handlers of the Teams door share. Nothing of botbuilder's is known here. */
import type { Desk } from '../bot/intent.ts';
import type { Log } from '../log.ts';
import type { Reply } from '../views/view.ts';
import type { AdaptiveCard, Outgoing } from './card.ts';
import type { TeamsMessenger } from './messenger.ts';
import type { Profiles } from './profiles.ts';

/** Milliseconds after a request's arrival; Teams gives up on an invoke after 5000. */
export interface Budget {
  /** Until then the desk may commit. */
  commit: number;
  /** Then the answer is given, whatever it is. */
  answer: number;
}

/** A conversation, and the address under which Teams' connector serves it. */
export interface Address {
  serviceUrl: string;
  tenant: string;
  /** `a:…` one person, `19:…@thread.tacv2` a channel (with `;messageid=…` a thread of it), `19:…@thread.v2` a group chat. */
  conversation: string;
}

/** personal: one person and we. group: a group chat. channel: a team's channel. */
export type Scope = 'personal' | 'group' | 'channel';

/** A conversation we are in, as it was last heard of. */
export interface Reference extends Address {
  scope: Scope;
  /** Of a personal one: the Entra object id of the person. */
  user?: string;
  /** Of a channel or a group chat, where Teams told it. */
  name?: string;
  /** A channel that other organisations may share, as Teams said (`channelData.channel.type`). */
  isShared?: boolean;
  /** Of a channel: the team it belongs to. */
  team?: string;
  /** Another one than before: somebody came or went since. */
  membersAt?: string;
}

/** Where references are kept; the newest service URL wins. */
export interface References {
  keep(it: Reference): Promise<void>;
  /** Something came from there that does not show that we are in it: only of one that is kept the address is renewed. */
  refresh(it: Address): Promise<void>;
  /** The personal conversation with somebody; undefined where there is none (any more). */
  ofUser(tenant: string, user: string): Promise<Reference | undefined>;
  /** They had one, and removed or blocked us: none is opened unasked. */
  hasLeft(tenant: string, user: string): Promise<boolean>;
  ofConversation(tenant: string, conversation: string): Promise<Reference | undefined>;
  /** The channels of that team that we are in. */
  ofTeam(tenant: string, team: string): Promise<Reference[]>;
  /** Where a new conversation of that tenant can be opened: the address that was heard of last. */
  serviceUrl(tenant: string): Promise<string | undefined>;
  /**
   * Accounts that may be behind that address (lower case): from which access was asked under it, or that have the app and are
   * nobody's yet. To be checked with the roster, in this order.
   */
  behind(email: string): Promise<{ tenant: string; user: string }[]>;
  /** Uninstalled, blocked, or gone: nothing is sent there until it is kept anew. `team`: nor to any of its channels. */
  end(it: Pick<Address, 'tenant' | 'conversation'> & { team?: string }): Promise<void>;
  /** A team has added us again: all its channels are served, under that address. Answers those that were over. */
  revive(it: Pick<Address, 'tenant' | 'serviceUrl'> & { team: string }): Promise<Reference[]>;
  /** Somebody came or went; without a conversation: perhaps anywhere in that tenant. */
  membersChanged(it: Pick<Address, 'tenant'> & { conversation?: string }): Promise<void>;
}

/** Somebody in a conversation, as Teams' roster has them. */
export interface Member {
  /** Teams' own id (`29:…`). */
  id: string;
  /** The Entra object id; absent for apps. */
  user?: string;
  tenant?: string;
  /** Lower case. Only finds, never proves. */
  email?: string;
  firstName?: string;
  lastName?: string;
  isGuest: boolean;
}

/** The way to Teams' connector: 10 s a call, tried again only where it cannot make a second message. */
export interface Connector {
  /** Answers the id of the message. Throws `MaybePosted` when the answer was lost, `GoneForGood`, or what may pass. */
  send(at: Address, activity: Outgoing): Promise<string>;
  update(at: Address, id: string, activity: Outgoing): Promise<void>;
  /** The personal conversation with somebody (idempotent at Teams); its id. */
  open(at: Pick<Address, 'serviceUrl' | 'tenant'>, user: string): Promise<string>;
  /** Undefined when nobody there has that id (Teams' own or Entra's). */
  member(at: Address, user: string): Promise<Member | undefined>;
  /** At most so many; `isWhole` when there are no more. */
  members(at: Address, most: number): Promise<{ members: Member[]; isWhole: boolean }>;
}

/** Where a card stands decides what its buttons may do. */
export type CardPlace =
  /** One person reads it, in the personal chat. */
  | { in: 'message' }
  /** A dialog over a card; private to whoever opened it. */
  | { in: 'dialog' }
  /** Several read it: every button leads to something private. `post`: which post; `viewers`: Teams' ids, at most 60. */
  | { in: 'room'; post: string; viewers?: readonly string[] };

/** Draws a reply within Teams' limits. */
export interface Draw {
  card(reply: Reply, place: CardPlace): AdaptiveCard;
  /** A message with that card, and the words that a phone shows of it. */
  message(reply: Reply, place: CardPlace): Outgoing;
}

export interface Door {
  /** The bot's app id. */
  appId: string;
  /** Tenants that are served. */
  tenants: ReadonlySet<string>;
  desk: Desk;
  connector: Connector;
  references: References;
  messenger: TeamsMessenger;
  profiles: Profiles;
  draw: Draw;
  budget: Budget;
  log: Log;
  now(): Date;
  /** Waits so many ms before something is tried again; false once the door stops. */
  rest(ms: number): Promise<boolean>;
}
