/** The jobs of a platform's queue: copies of a deal are redrawn, and what has to be said privately is said once. */
import { isOpen } from '../pipeline/change.ts';
import { isTheirs, type Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { changeSource, history } from '../store/changes.ts';
import { type Loaded, load } from '../store/deals.ts';
import { type Account, linkOf } from '../store/links.ts';
import { personById } from '../store/people.ts';
import { postingsOf } from '../store/postings.ts';
import type { Store } from '../store/store.ts';
import { wasUnanswered } from '../store/told.ts';
import { contactsNote } from '../views/deal.ts';
import { receipt } from '../views/history.ts';
import { problem, type Reply } from '../views/view.ts';
import { cardFor, failuresOf, keepCopy, once, type Postman, redrawCopy } from './copies.ts';
import { deliverDigests } from './digests.ts';
import { republish } from './home.ts';
import { inRoom, keepRoomCard, tellThreads } from './rooms.ts';
import { tellNotice } from './tell.ts';
import { tellHandOver } from './tell-hand-over.ts';
import { redrawList } from './told-lists.ts';

/** Redraw this deal's copies there; `settled` names the Change that has just settled. */
export interface Delivery {
  deal: string;
  settled?: string | null;
}
/** Or tell somebody what was written down for them; or draw somebody's home anew; or send a digest, or tick it off. */
export type Job = Delivery | { notice: string; waited?: boolean } | { home: string } | { digest: string };

/** After this long a card may have scrolled away: the outcome is also told privately. */
const SLOW_MS = 60_000;

/**
 * One batch of jobs: a deal named twice is redrawn once, as it is now. Redrawing is idempotent, so a job may run again.
 * One copy that cannot be redrawn holds up no other.
 * @throws when a send failed in a way that may pass: the batch is tried again.
 */
export async function deliver(postman: Postman, jobs: readonly Job[]): Promise<void> {
  const deliveries = jobs.flatMap((job) => ('deal' in job ? [job] : []));
  const told = jobs.flatMap((job) => ('notice' in job ? [job] : []));
  const notices = new Set(told.map(({ notice }) => notice));
  const waited = new Set(told.flatMap((job) => (job.waited ? [job.notice] : [])));
  const homes = new Set(jobs.flatMap((job) => ('home' in job ? [job.home] : [])));
  const digests = new Set(jobs.flatMap((job) => ('digest' in job ? [job.digest] : [])));
  const dealIds = new Set(deliveries.map((job) => job.deal));
  const settled = new Set(deliveries.flatMap((job) => job.settled ?? []));
  const failures = await failuresOf([
    ...[...dealIds].map((id) => redrawCopies(postman, id)),
    ...[...settled].map((id) => tellAsker(postman, id)),
    ...[...settled].map((id) => tellThreads(postman, id)),
    ...[...notices].map((id) => tellNotice(postman, id, waited.has(id))),
    republish(postman, [...homes]),
    deliverDigests(postman, [...digests]),
  ]);
  if (failures.length > 0) throw failures[0];
}

/** @throws when a copy could not be redrawn in a way that may pass; the others are done all the same. */
async function redrawCopies(postman: Postman, dealId: string): Promise<void> {
  const postings = await postingsOf(postman.store, dealId, postman.messenger.platform);
  if (postings.length === 0) return;
  const found = await load(postman.store, dealId);
  if (!found) return;
  const failures: unknown[] = [];
  for (const posting of postings) {
    const shared = inRoom(posting);
    if (posting.notice) failures.push(...(await failuresOf([redrawList(postman, posting.notice)])));
    else if (shared) failures.push(...(await failuresOf([keepRoomCard(postman, shared, found)])));
    else if (posting.version < found.version)
      failures.push(...(await failuresOf([redrawCopy(postman, posting, found)])));
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * To whoever asked, once each: the contacts that an accepted deal brings (they belong to its owner's eyes alone), and
 * the outcome of what took long, or was not answered. At the console whoever waits is told by their own wait; nobody waits for what they queued.
 */
async function tellAsker(postman: Postman, changeId: string): Promise<void> {
  const { store, messenger, now } = postman;
  const asked = await changeSource(store, changeId);
  if (!asked || asked.source.platform !== messenger.platform || isOpen(asked.change.state)) return;
  // Of a colleague who was erased meanwhile it is no longer known which account it was.
  if (!asked.source.user) return;
  const { change, source } = asked;
  // A desk that was handed over is told as one.
  if (change.verb === 'hand-over') return tellHandOver(postman, asked, isStill);
  const actor = await personById(store, change.person.id);
  const found = await load(store, change.dealId);
  if (!actor || !found || !(await isStill(store, actor, source))) return;
  const deal = found.successor ?? found.deal;
  const say = (key: string, reply: Reply) =>
    once(postman, { line: source.tenant, key }, () => messenger.tell(source, reply));
  const isTheirOwn = isTheirs(actor, newOwnerOf(found, change) ?? actor.email);
  if (change.wish.kind === 'accept' && change.state === 'confirmed' && isTheirOwn)
    if (can(actor, 'see', deal, now()).yes) {
      const contacts = contactsNote(deal);
      const to = await say(`contacts:${changeId}`, contacts);
      const place = { personId: actor.id, role: actor.role, timeZone: source.timeZone ?? null };
      if (to) await keepCopy(postman, place, contacts, { dealId: deal.id, version: 0 }, to, 'contacts');
    }
  if (change.state === 'cancelled') return;
  if (messenger.platform === 'console') {
    if (await wasQueued(store, actor, change))
      await say(`settled:${changeId}`, outcomeOf(actor, found, change, now()));
    return;
  }
  // Of what failed slowly they hear as news, which they can switch off (store/settle.ts).
  const isDue = change.state === 'confirmed' && isSlow(change);
  if (!isDue && !(await wasUnanswered(store, changeId))) return;
  const reader = { personId: actor.id, role: actor.role, timeZone: source.timeZone ?? null };
  const card = await cardFor(store, reader, found, now());
  const ref = await say(`settled:${changeId}`, card);
  if (ref) await keepCopy(postman, reader, card, { dealId: change.dealId, version: found.version }, ref);
}

/** The account that asked is theirs now as well: it may have been frozen or cut off meanwhile. At the console there are no links. */
async function isStill(store: Store, { id }: Person, source: Account): Promise<boolean> {
  if (source.platform === 'console') return true;
  const { link } = await linkOf(store, source);
  return link?.state === 'live' && link.person.id === id;
}

type Asked = Loaded['changes'][number];

const isSlow = ({ requestedAt, settledAt }: Asked): boolean =>
  Date.parse(settledAt ?? requestedAt) - Date.parse(requestedAt) > SLOW_MS;

/** Their own word, behind AWS's lock: it began by waiting. */
async function wasQueued(store: Store, actor: Person, { id, dealId }: Asked): Promise<boolean> {
  const lives = await history(store, actor, dealId, MOST_CHANGES);
  return lives.find(({ change }) => change.id === id)?.transitions[0]?.state === 'waiting';
}

const MOST_CHANGES = 100;

/** As their own wait would have told it; what they may not see any more is named to nobody. */
const outcomeOf = (actor: Person, { deal }: Loaded, change: Asked, now: Date): Reply =>
  can(actor, 'see', deal, now).yes
    ? receipt([{ ...change, company: deal.company }], now)
    : problem('This deal is no longer yours to see.');

/** For whom it was accepted, where that is somebody else: they get the contacts with the word that it is theirs. */
function newOwnerOf({ changes }: Loaded, { wish, person, requestedAt }: Asked) {
  if (wish.kind === 'accept' && wish.for) return wish.for.email;
  // The other half of the act was written in the same moment.
  const assign = changes.find(
    (it) => it.wish.kind === 'assign' && it.person.id === person.id && it.requestedAt === requestedAt,
  );
  return assign?.wish.kind === 'assign' ? assign.wish.to.email : undefined;
}
