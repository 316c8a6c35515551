/** A deal's card for one reader, and its posted copies kept true. */
import { createHash } from 'node:crypto';
import type { Command } from '../commands/command.ts';
import type { Log } from '../log.ts';
import { dayIn, plainDay } from '../pipeline/calendar.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { can, owns } from '../pipeline/policy.ts';
import { invitationOf } from '../pipeline/referral.ts';
import type { Loaded } from '../store/deals.ts';
import { personById } from '../store/people.ts';
import { endPosting, keepPosting, type LivePosting, movePosting, type Posting } from '../store/postings.ts';
import { age } from '../store/rooms.ts';
import type { Store } from '../store/store.ts';
import { areTermsConfirmed } from '../store/terms.ts';
import { noteTold, wasTold } from '../store/told.ts';
import { contactsNote, dealCard } from '../views/deal.ts';
import { type Card, note, problem, type Reply } from '../views/view.ts';
import { GoneForGood, MaybePosted, type Messenger, type Ref } from './intent.ts';
import { oneAtATime } from './one-at-a-time.ts';

export interface Postman {
  store: Store;
  messenger: Messenger;
  /** What a private message may offer. */
  commands: readonly Command[];
  log: Log;
  now: () => Date;
}

export const failuresOf = async (work: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(work)).flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  );

export const SHUT = 'This is shown here no more.';
const OLDER = 'You have newer copies of this deal; this one is not kept up to date any more.';

async function replyFor(store: Store, posting: LivePosting, found: Loaded, now: Date): Promise<Reply> {
  if (posting.isShut) return problem(SHUT);
  if (posting.isOlder) return note(OLDER);
  return posting.shows === 'contacts'
    ? contactsFor(store, posting, found, now)
    : cardFor(store, posting, found, now);
}

/** For its owner's eyes alone, as long as they are that. */
async function contactsFor(
  store: Store,
  { personId }: Posting,
  { deal, isGone }: Loaded,
  now: Date,
): Promise<Reply> {
  const person = await personById(store, personId);
  const isTheirs = person && owns(person, deal) && can(person, 'see', deal, now).yes && !isGone;
  return isTheirs ? contactsNote(deal) : problem('These contacts are no longer yours to see.');
}

/** The reader's entitlement is asked again each time: a card never shows more than they may see now. */
export async function redrawCopy(
  { store, messenger, now, log }: Postman,
  posting: LivePosting,
  found: Loaded,
): Promise<void> {
  try {
    const card = await replyFor(store, posting, found, now());
    const shown = digestOf(card);
    const ref = shown === posting.shown ? posting.ref : await messenger.redraw(posting.ref, card);
    if (!(await movePosting(store, posting, { version: found.version, shown, ref })))
      return age(store, posting);
    if (posting.isOlder) await endPosting(store, posting.id, now());
  } catch (error) {
    if (!(error instanceof GoneForGood)) throw error;
    await endPosting(store, posting.id, now());
    log.info({ platform: posting.platform }, 'a posted copy is gone and is no longer redrawn');
  }
}

/** What a reader sees of a reply; the versions that its buttons carry are not seen. */
export const digestOf = (reply: Reply): string =>
  createHash('sha256')
    .update(JSON.stringify(reply, (key, value: unknown) => (key === 'version' ? undefined : value)))
    .digest('base64');

/** `timeZone`: the reader's, where their door knew it. */
export async function cardFor(
  store: Store,
  { personId, timeZone }: { personId: string; timeZone?: string | null },
  found: Loaded,
  now: Date,
): Promise<Reply> {
  const person = await personById(store, personId);
  if (person && !(await isOpenTo(store, person))) return problem('ace-desk is not open yet.');
  if (!person || !can(person, 'see', found.deal, now).yes)
    return problem('This deal is no longer yours to see.');
  const lost = lostBy(person, found);
  if (lost) return problem(`This deal is no longer yours: ${lost}`);
  return cardAs(timeZone ? { ...person, timeZone } : person, found, now);
}

/** Why nobody has it any more; whoever sees everything still reads what came of an invitation. */
export function lostBy(person: Person, { deal, isGone }: Loaded): string | undefined {
  if (isGone) return `AWS no longer gives us ${deal.id}: it is lost.`;
  if (seesEverything(person)) return undefined;
  const invitation = invitationOf(deal);
  if (invitation?.status === 'REJECTED') return 'it was rejected, and AWS has taken it away.';
  if (invitation?.status !== 'EXPIRED') return undefined;
  const day = dayIn(new Date(invitation.expiresAt), person.timeZone);
  return `it expired on ${plainDay(day, day)} before it was accepted.`;
}

/** Before the terms are confirmed nobody but the alliance lead is shown anything, whoever sends it. */
export const isOpenTo = async (store: Store, { role }: Person): Promise<boolean> =>
  role === 'alliance lead' || areTermsConfirmed(store);

/** The card as that person may see it; whether they may is asked before. */
export function cardAs(actor: Person, found: Loaded, now: Date): Card {
  const { deal, version, changes, flaggedBy, reminders, successor } = found;
  const known = { version, changes, flaggedBy, reminders, ...(successor ? { successor } : {}) };
  return dealCard(deal, { ...known, actor, now });
}

/** A card that was told stands there now, and is kept true from then on. */
export const keepCopy = (
  { store, messenger: { platform } }: Postman,
  reader: { personId: string; timeZone: string | null; role?: Person['role'] },
  card: Reply,
  of: { dealId: string; version: number },
  ref: Ref,
  shows: 'card' | 'contacts' = 'card',
): Promise<void> => keepPosting(store, { ...reader, ...of, platform, ref, shows, shown: digestOf(card) });

/**
 * Said first, written down after: a kill in between repeats one message of each line rather than losing it. One, as in its
 * line each is written down before the next is said. `send` may not say anything else once.
 * @param line the workspace (tenant) it is said in: a slow one holds up no other.
 */
export const once = <T>(
  postman: Postman,
  { line, key }: { line: string; key: string },
  send: () => Promise<T>,
): Promise<T | undefined> => oneAtATime(postman.messenger, line, () => sayOnce(postman, key, send));

async function sayOnce<T>(
  { store, log, messenger }: Postman,
  key: string,
  send: () => Promise<T>,
): Promise<T | undefined> {
  if (await wasTold(store, key)) return undefined;
  try {
    const sent = await send();
    await noteTold(store, key);
    return sent;
  } catch (error) {
    // It may have arrived: a private text twice is better than never, but not over and over.
    const isOver = error instanceof MaybePosted && doubtsOf(messenger, key) >= MOST_DOUBTS;
    if (!isOver && !(error instanceof GoneForGood)) throw error;
    if (isOver) await noteTold(store, key);
    log.info(`a private message ${isOver ? 'may not have been' : 'could not be'} delivered`);
    return undefined;
  }
}

/** So often a private text is said whose answer was lost each time; then it is taken as told. */
const MOST_DOUBTS = 3;
const MANY = 1000;
/** Of each door, by key: in this process, as a new one may say it once more. */
const doubted = new WeakMap<Messenger, Map<string, number>>();

/** Counts one more. */
function doubtsOf(messenger: Messenger, key: string): number {
  const doubts = doubted.get(messenger) ?? new Map<string, number>();
  doubted.set(messenger, doubts);
  if (doubts.size >= MANY) doubts.clear();
  const count = (doubts.get(key) ?? 0) + 1;
  doubts.set(key, count);
  return count;
}
