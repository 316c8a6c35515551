/** Keeps every posted copy of a deal true, and says privately what has to be said once. */
import { createHash } from 'node:crypto';
import type { Log } from '../log.ts';
import { isOpen } from '../pipeline/change.ts';
import { can } from '../pipeline/policy.ts';
import { changeSource } from '../store/changes.ts';
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
import { contactsNote, dealCard } from '../views/deal.ts';
import { problem, type Reply } from '../views/view.ts';
import { GoneForGood, type Messenger } from './intent.ts';

/** A job of a platform's queue: redraw this deal's copies there; `settled` names the Change that has just settled. */
export interface Delivery {
  deal: string;
  settled?: string | null;
}

export interface Postman {
  store: Store;
  messenger: Messenger;
  log: Log;
  now: () => Date;
}

/** After this long a card may have scrolled away: the outcome is also told privately. */
const SLOW_MS = 60_000;

/**
 * One batch of jobs: a deal named twice is redrawn once, as it is now. Redrawing is idempotent, so a job may run again.
 * One copy that cannot be redrawn holds up no other.
 * @throws when a send failed in a way that may pass: the batch is tried again.
 */
export async function deliver(postman: Postman, jobs: Delivery[]): Promise<void> {
  const dealIds = [...new Set(jobs.map((job) => job.deal))];
  const settled = [...new Set(jobs.flatMap((job) => job.settled ?? []))];
  const failures = await failuresOf([
    ...dealIds.map((id) => redrawCopies(postman, id)),
    ...settled.map((id) => tellAsker(postman, id)),
  ]);
  if (failures.length > 0) throw failures[0];
}

const failuresOf = async (work: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(work)).flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  );

async function redrawCopies(postman: Postman, dealId: string): Promise<void> {
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
async function cardFor(
  store: Store,
  { personId, timeZone }: { personId: string; timeZone?: string | null },
  found: Loaded,
  now: Date,
): Promise<Reply> {
  const person = await personById(store, personId);
  if (!person || !can(person, 'see', found.deal, now).yes)
    return problem('This deal is no longer yours to see.');
  if (found.isGone) return problem(`AWS no longer gives us ${found.deal.id}: it is lost.`);
  const actor = timeZone ? { ...person, timeZone } : person;
  const { deal, version, changes, successor } = found;
  return dealCard(deal, { version, actor, now, changes, ...(successor ? { successor } : {}) });
}

/**
 * To whoever asked, once each: the contacts that an accepted deal brings (they belong to nobody else's eyes), and the
 * outcome of what took long. At the console whoever waits is told by their own wait.
 */
async function tellAsker(postman: Postman, changeId: string): Promise<void> {
  const { store, messenger, now } = postman;
  const asked = await changeSource(store, changeId);
  if (!asked || asked.source.platform !== messenger.platform || isOpen(asked.change.state)) return;
  const { change, source } = asked;
  const actor = await personById(store, change.person.id);
  const found = await load(store, change.dealId);
  if (!actor || !found) return;
  const deal = found.successor ?? found.deal;
  const say = (key: string, reply: Reply) => once(postman, key, () => messenger.tell(source, reply));
  if (change.wish.kind === 'accept' && change.state === 'confirmed' && can(actor, 'see', deal, now()).yes)
    await say(`contacts:${changeId}`, contactsNote(deal));
  const slow = Date.parse(change.settledAt ?? change.requestedAt) - Date.parse(change.requestedAt) > SLOW_MS;
  if (!slow || change.state === 'cancelled' || messenger.platform === 'console') return;
  const timeZone = source.timeZone ?? null;
  const card = await cardFor(store, { personId: actor.id, timeZone }, found, now());
  const ref = await say(`settled:${changeId}`, card);
  if (!ref) return;
  const { platform } = messenger;
  const place = { dealId: change.dealId, personId: actor.id, platform, timeZone };
  await keepPosting(store, { ...place, ref, shown: digestOf(card), version: found.version });
}

/** Said first, written down after: a kill in between repeats one message rather than losing the contacts. */
async function once<T>({ store, log }: Postman, key: string, send: () => Promise<T>): Promise<T | undefined> {
  if (await wasTold(store, key)) return undefined;
  try {
    const ref = await send();
    await noteTold(store, key);
    return ref;
  } catch (error) {
    if (!(error instanceof GoneForGood)) throw error;
    log.info('a private message could not be delivered');
    return undefined;
  }
}
