/** A desk was handed over: whoever asked hears once, when AWS has answered the last; and what was offered goes on. */
import { type Change, isOpen } from '../pipeline/change.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { isPending } from '../pipeline/referral.ts';
import { loadMany } from '../store/deals.ts';
import { asTheySee, handedOverWith } from '../store/hand-over.ts';
import type { Account } from '../store/links.ts';
import { personById } from '../store/people.ts';
import { hearingOf } from '../store/quiet.ts';
import type { Store } from '../store/store.ts';
import { handOverReceipt } from '../views/hand-over.ts';
import { offersList } from '../views/offered.ts';
import { isOpenTo, once, type Postman } from './copies.ts';
import type { Drawer } from './tell.ts';

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
  if (!(await isOpenTo(store, reader))) return undefined;
  if ((await hearingOf(store, reader.id)).off.includes('offered')) return undefined;
  const lines = (await loadMany(store, notice.deals)).filter(
    ({ deal, isGone }) => !isGone && isPending(deal) && can(reader, 'accept', deal, now()).yes,
  );
  return lines.length === 0 ? undefined : { reply: offersList(lines, notice, { actor: reader, now: now() }) };
};
