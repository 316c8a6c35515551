/** A deal's card for one reader, and its posted copies kept true. */
import { createHash } from 'node:crypto';
import type { Command } from '../commands/command.ts';
import type { Log } from '../log.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { type Loaded, load } from '../store/deals.ts';
import { personById } from '../store/people.ts';
import {
  endPosting,
  keepPosting,
  movePosting,
  noteTold,
  type Posting,
  postingsOf,
  wasTold,
} from '../store/postings.ts';
import type { Store } from '../store/store.ts';
import { areTermsConfirmed } from '../store/terms.ts';
import { dealCard } from '../views/deal.ts';
import { type Card, problem, type Reply } from '../views/view.ts';
import { GoneForGood, type Messenger, type Ref } from './intent.ts';

export interface Postman {
  store: Store;
  messenger: Messenger;
  /** What a private message may offer. */
  commands: readonly Command[];
  log: Log;
  now: () => Date;
}

/** @throws when a copy could not be redrawn in a way that may pass; the others are done all the same. */
export async function redrawCopies(postman: Postman, dealId: string): Promise<void> {
  const postings = await postingsOf(postman.store, dealId, postman.messenger.platform);
  if (postings.length === 0) return;
  const found = await load(postman.store, dealId);
  if (!found) return;
  const failures: unknown[] = [];
  for (const posting of postings)
    if (posting.version < found.version)
      failures.push(...(await failuresOf([redraw(postman, posting, found)])));
  if (failures.length > 0) throw failures[0];
}

export const failuresOf = async (work: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(work)).flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  );

/** The reader's entitlement is asked again each time: a card never shows more than they may see now. */
async function redraw(
  { store, messenger, now, log }: Postman,
  posting: Posting,
  found: Loaded,
): Promise<void> {
  try {
    const card = await cardFor(store, posting, found, now());
    const shown = digestOf(card);
    const ref = shown === posting.shown ? posting.ref : await messenger.redraw(posting.ref, card);
    await movePosting(store, posting.id, { version: found.version, shown, ref });
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
  if (found.isGone) return problem(`AWS no longer gives us ${found.deal.id}: it is lost.`);
  return cardAs(timeZone ? { ...person, timeZone } : person, found, now);
}

/** Before the terms are confirmed nobody but the alliance lead is shown anything, whoever sends it. */
export const isOpenTo = async (store: Store, { role }: Person): Promise<boolean> =>
  role === 'alliance lead' || areTermsConfirmed(store);

/** The card as that person may see it; whether they may is asked before. */
export function cardAs(actor: Person, found: Loaded, now: Date): Card {
  const { deal, version, changes, flaggedBy, successor } = found;
  return dealCard(deal, { version, actor, now, changes, flaggedBy, ...(successor ? { successor } : {}) });
}

/** A card that was told stands there now, and is kept true from then on. */
export const keepCopy = (
  { store, messenger: { platform } }: Postman,
  reader: { personId: string; timeZone: string | null },
  card: Reply,
  of: { dealId: string; version: number },
  ref: Ref,
): Promise<void> => keepPosting(store, { ...reader, ...of, platform, ref, shown: digestOf(card) });

/** Said first, written down after: a kill in between repeats one message rather than losing it. */
export async function once<T>(
  { store, log }: Postman,
  key: string,
  send: () => Promise<T>,
): Promise<T | undefined> {
  if (await wasTold(store, key)) return undefined;
  try {
    const sent = await send();
    await noteTold(store, key);
    return sent;
  } catch (error) {
    if (!(error instanceof GoneForGood)) throw error;
    log.info('a private message could not be delivered');
    return undefined;
  }
}
