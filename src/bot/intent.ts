/** An Intent is one act of one person, whichever door it came through. It is a value: no request, no client in it. */
import type { Person } from '../pipeline/person.ts';
import type { Verb } from '../pipeline/verbs.ts';
import type { Home } from '../views/home.ts';
import type { Card, Option, Reply, Source } from '../views/view.ts';

export type Platform = 'slack' | 'teams' | 'console';

/** Who acts, as the door knows them. Channel and membership prove nothing. */
export interface Sender {
  platform: Platform;
  /** Slack team, Teams tenant, 'local' for the console. */
  tenant: string;
  /** The platform's user id. */
  user: string;
  /** Lower case, from the profile the door vouches for. */
  email?: string;
  /** Numbers ("accept 2") belong to the person and this conversation. */
  conversation: string;
  /** Nobody sits there to answer a question (a script): what would be shown for a check is carried out. */
  unattended?: true;
  /** For the audit: console only, the operating-system user. */
  operator?: string;
  /** IANA zone from the profile, where the door knows it. */
  timeZone?: string;
  /** From the profile, where the door knows them: what a newcomer is called. */
  firstName?: string;
  lastName?: string;
}

export interface Intent {
  /** A verb of the house, or free text that `words.ts` reads. */
  verb: Verb;
  input: Record<string, unknown>;
  from: Sender;
  /**
   * Names this one act, unique for ever. Slash command: its trigger id. Modal: its view id. Button: the card's own
   * operation key, so that a double click is one act. Event: its event id.
   */
  key: string;
  /**
   * Said or asked under a message: the parts of a ref by which a copy that stands there is known, the likeliest first. Where
   * it is a deal's card, the deal needs no name.
   */
  under?: readonly Ref[];
  /** It was pressed on a card in a room: which post that is, and where it stands. A post whose answer was lost is found by it. */
  pressed?: { post: string; at: RoomAt; ref: Ref };
  /** A chat asks by itself what somebody would see, or they only opened something: nobody has come by that. */
  looks?: true;
}

/** The same, but typed: `words.ts` makes an Intent of it or says what it did not understand. */
export interface Utterance {
  text: string;
  from: Sender;
  key: string;
  /** As of an Intent. */
  under?: readonly Ref[];
  /** The conversation it was said in, when that is not the one it is answered in. */
  room?: string;
}

/** Where a posted message stands; its messenger wrote it and is alone in reading it. JSON. */
export type Ref = Record<string, unknown>;

/** A place in chat where several read: a channel, a group. */
export interface RoomAt {
  /** Slack team, Teams tenant. */
  tenant: string;
  conversation: string;
}

/** What a platform knows of a place, looked up right before something is shown there. */
export interface Room {
  /** "#deals"; absent where it has none. Never shown to whoever is not in it. */
  name?: string;
  /** The platform's user ids of the people in it, ourselves and other apps left out. */
  readers: readonly string[];
  /** Of readers whose confirmed address the platform told: lower case, by id. */
  addresses?: Readonly<Record<string, string>>;
  /** Shared with another organisation, or holding guests: what is shown there leaves the house. */
  isOpenToOthers: boolean;
  /** The platform did not say all of this (too many members, no permission): treated as open to others. */
  isUnclear: boolean;
  /** Whoever is of the workspace can open it unasked. Absent: not known, or not so. */
  isPublic?: boolean;
}

/** What a messenger says of a send that failed for good: this copy is not tried again. */
export class GoneForGood extends Error {
  override name = 'GoneForGood';
}

/** Surely not sent: the platform does not serve us at that place just now. Another place of theirs may do. */
export class NotServed extends Error {
  override name = 'NotServed';
}

/** The platform has not said all of it yet; it will: ask again in a moment. */
export class StillAsking extends Error {
  override name = 'StillAsking';
}

/** The answer to a send was lost: it may stand there. Sending again might make a second one. */
export class MaybePosted extends Error {
  override name = 'MaybePosted';
}

/**
 * The way out of the house, one for each platform. Throws `GoneForGood` where trying again cannot help; any other
 * error is tried again.
 */
export interface Messenger {
  platform: Platform;
  /**
   * Posts privately to a person of that platform; answers where it stands. `how`: once: never tried again by itself; throws
   * `MaybePosted` when the answer was lost, and anything else only where it is sure that nothing stands there.
   */
  tell(to: Pick<Sender, 'tenant' | 'user'>, reply: Reply, how?: 'once'): Promise<Ref>;
  /** Redraws what was posted; answers where it stands now (a reply may move, e.g. when its short-lived URL is used up). */
  redraw(ref: Ref, reply: Reply): Promise<Ref>;
  /**
   * Who reads along there; undefined where nobody but one person does. Throws `GoneForGood` where we are not a member, or it
   * is gone; `StillAsking` where a person must not wait for the answer. Absent: no such places here. `how`: soon, as
   * somebody waits for it; patiently (the default): within the platform's rates.
   */
  room?(at: RoomAt, how?: 'soon' | 'patiently'): Promise<Room | undefined>;
  /**
   * Waits until the platform's rates let a post go out there: `post` itself waits for nothing, as what was taken to be sent
   * may stand there. Throws what may pass when that is too long. Absent: no such rates.
   */
  turn?(at: RoomAt): Promise<void>;
  /**
   * Posts where several read; answers where it stands. `key` names this one post, for ever: a send whose answer was lost is
   * looked for by it and never sent again; throws `MaybePosted` when it cannot be told whether it stands there.
   */
  post?(at: RoomAt, reply: Reply, key: string): Promise<Ref>;
  /** A reply of its own under what stands there, seen by all who read it. */
  reply?(ref: Ref, reply: Reply): Promise<Ref>;
  /** The address under which people find what stands there; undefined when the platform does not say. */
  link?(ref: Ref): Promise<string | undefined>;
  /** Draws that person's home as it is for them now; false where it stands there like that. Absent: no such place here. */
  redrawHome?(to: Pick<Sender, 'tenant' | 'user'>): Promise<boolean>;
  /** Who there has that address (lower case), confirmed, and may be served; undefined when nobody. */
  find(email: string): Promise<Pick<Sender, 'tenant' | 'user'> | undefined>;
}

/** What somebody types into a long choice of a form. */
export interface Asking {
  source: Source;
  /** What stands there so far; may be empty. */
  query: string;
  /** The form's hidden answers: of its deal, who may ask is asked again. */
  input: Record<string, string>;
  from: Sender;
}

/** Links to deals, posted where others may read along. */
export interface Linked {
  /** As they were written; at most a few. */
  ids: readonly string[];
  /** Who posted them; absent when it is nobody we serve. */
  from?: Sender;
  /** Everybody who reads there belongs to the house. */
  isOpen: boolean;
}

/**
 * Puts a home where that person alone sees it; answers what the platform calls the drawing. `hash`: only where that drawing
 * still stands there; else 'outrun'.
 */
export type PublishHome = (home: Home, hash: string | undefined) => Promise<string | 'outrun' | undefined>;

/** What the doors need of the house. */
export interface Desk {
  /**
   * Carries out one act. Never throws for what a person did; a bug is logged and apologised for.
   * `until`: the moment after which nothing may be committed any more (the door has promised an answer by then).
   */
  handle(intent: Intent, until?: Date): Promise<Answer>;
  /** The same for typed text. */
  say(utterance: Utterance, until?: Date): Promise<Answer>;
  /**
   * The options that fit, best first, at most 100; none for whoever could not submit that form. Throws when the database
   * does not answer.
   */
  options(asking: Asking): Promise<Option[]>;
  /**
   * Shows somebody their home; from the first time on it follows what changes. One that changed is shown only where it looks
   * different now (else false). Throws when the database does not answer, and what `publish` throws.
   */
  home(from: Sender, why: 'opened' | 'changed', publish: PublishHome): Promise<boolean>;
  /** A card for each well-formed id of a deal, by the id as written. Throws when the database does not answer. */
  glimpses(linked: Linked): Promise<Map<string, Card>>;
  /**
   * An open card is about to be shown there under their link: it is kept true from now on, also where nobody learns whether
   * it was shown. Throws where it is not kept: then it must not be shown. Answers what to call once it stands there.
   */
  glimpsed(card: Card, from: Sender, ref: Ref): Promise<() => Promise<void>>;
  /** Whether that account is linked to somebody, be the link frozen. Cheap. Throws when the database does not answer. */
  knows(account: Pick<Sender, 'platform' | 'tenant' | 'user'>): Promise<boolean>;
  /** That account is a guest's by now, or closed: its private copies are drawn empty. */
  left(account: Pick<Sender, 'platform' | 'tenant' | 'user'>): Promise<void>;
  /**
   * Somebody came to that room, or it was shared: what stands there is looked at anew, soon. Without a conversation: somebody
   * who may read along anywhere in that tenant is a guest by now. Throws when the database does not answer.
   */
  joined(platform: Platform, at: Pick<RoomAt, 'tenant'> & Partial<RoomAt>): Promise<void>;
  /** A door posted this reply there: from now on the copy is kept true. */
  posted(answer: Answer, from: Sender, ref: Ref): Promise<void>;
  /**
   * That answer has reached nobody, as far as the door knows: how its Changes end is told privately, however soon that is.
   * Throws when the database does not answer.
   */
  unanswered(answer: Answer): Promise<void>;
  /** Waits until the Changes of an answer have settled; answers the reply as it is then, or undefined when time ran out. */
  settled(answer: Answer, withinMs: number, onProgress?: (reply: Reply) => void): Promise<Answer | undefined>;
}

/** A reply, with what the doors need to know about it. */
export interface Answer {
  reply: Reply;
  /** The Changes this act asked for; empty when it asked nothing of AWS. */
  changeIds: string[];
  /** They wait behind AWS's lock, for days if need be: a door does not wait for them. */
  queued?: boolean;
  /** Lines that stand below the outcome too. */
  besides?: readonly string[];
  /** False when the act did not do what was asked: exit code 1 in a script. */
  ok: boolean;
  /** Something was saved, also where the reply asks on. */
  wrote?: true;
  /** Of whoever it was drawn for: who has lost it before their copy is written down reads it no longer. */
  role?: Person['role'];
}
