/** A desk was handed over: whoever asked hears once, when AWS has answered the last; and what was offered goes on. */
import { type Change, isOpen } from '../pipeline/change.ts';
import type { Person } from '../pipeline/person.ts';
import { asTheySee, handedOverWith } from '../store/hand-over.ts';
import type { Account } from '../store/links.ts';
import { personById } from '../store/people.ts';
import { hearingOf } from '../store/quiet.ts';
import type { Store } from '../store/store.ts';
import { handOverReceipt } from '../views/hand-over.ts';
import type { Reader } from '../views/lines.ts';
import { offersList } from '../views/offered.ts';
import { isOpenTo, once, type Postman } from './copies.ts';
import type { Drawer } from './tell.ts';
import type { Listed, Redrawer } from './told-lists.ts';
import { dealsOf, type Invited, invitedOf } from './unanswered.ts';

/** At the console whoever waits is told by their own wait. @param isStill whether that account is theirs now. */
export async function tellHandOver(
  postman: Postman,
  { change, source }: { change: Change; source: Account },
  isStill: (store: Store, actor: Person, source: Account) => Promise<boolean>,
): Promise<void> {
  const { store, messenger, now } = postman;
  if (messenger.platform === 'console') return;
  const actor = await personById(store, change.person.id);
  if (!actor || actor.role === 'none' || !(await isOpenTo(store, actor))) return;
  if (!(await isStill(store, actor, source))) return;
  const changes = await handedOverWith(store, change.id);
  const reply = handOverReceipt(await asTheySee(store, changes, now()), now());
  if (!reply || changes.some(({ state }) => isOpen(state))) return;
  await once(postman, { line: source.tenant, key: `hand-over:${changes[0]?.id}` }, () =>
    messenger.tell(source, reply),
  );
}

/** Of these what the reader may still answer; nothing to whoever wants to hear of no offers. */
export const drawOffers: Drawer<'offered-many'> = async ({ store, now }, { notice }, reader) => {
  if ((await hearingOf(store, reader.id)).off.includes('offered')) return undefined;
  const at = now();
  const { waiting } = await invitedOf(store, notice.deals, reader, at);
  return waiting.length === 0
    ? undefined
    : offered({ waiting, answered: [] }, notice, { actor: reader, now: at });
};

/** What is answered by now is ticked off, as far as its reader may know that. */
export const offersAsTheyAre: Redrawer<'offered-many'> = async ({ store, now }, { notice }, reader) => {
  const at = now();
  const found = await invitedOf(store, notice.deals, reader, at);
  if (found.waiting.length + found.answered.length === 0) return undefined;
  return offered(found, notice, { actor: reader, now: at });
};

const offered = (found: Invited, notice: { by: string; away?: string }, reader: Reader): Listed => ({
  reply: offersList(found, notice, reader),
  list: dealsOf(found),
});
