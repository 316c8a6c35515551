/** What a link to a deal shows where many read along. */
import type { Command } from '../commands/command.ts';
import { type Deal, isDealId } from '../pipeline/deal.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { successorOf } from '../pipeline/referral.ts';
import { type Loaded, loadMany } from '../store/deals.ts';
import { keepPosting } from '../store/postings.ts';
import type { Store } from '../store/store.ts';
import { beforeDrawing, stands } from '../store/under-links.ts';
import { closedGlimpse, openGlimpse } from '../views/glimpse.ts';
import { isHidden } from '../views/room.ts';
import type { Card } from '../views/view.ts';
import { digestOf, lostBy } from './copies.ts';
import type { Linked, Ref, Sender } from './intent.ts';
import { identify, turnedAway } from './strangers.ts';

/**
 * A card for each well-formed id, by the id as it was written. Open where the room may show it and whoever posted the link
 * may see the deal; never a Partner Solutions Finder lead, never national security. All else looks the same.
 */
export async function glimpsesOf(
  house: { store: Store; commands: readonly Command[]; now: () => Date },
  { ids, from, isOpen }: Linked,
): Promise<Map<string, Card>> {
  const exact = new Map(ids.filter(isDealId).map((id) => [id, exactly(id)]));
  const actor = isOpen && from ? await identify(house.store, from, 'looking') : undefined;
  const shown =
    actor && (await isLetIn(house, actor)) ? await visible(house, actor, [...exact.values()]) : [];
  const byId = new Map(shown.map(({ deal, version }) => [deal.id, openGlimpse(deal, version)]));
  return new Map([...exact].map(([said, id]) => [said, byId.get(id) ?? closedGlimpse(id)]));
}

/** As Partner Central writes them. */
const exactly = (id: string): string => (/^o/i.test(id) ? id.toUpperCase() : id.toLowerCase());

async function isLetIn(
  house: { store: Store; commands: readonly Command[]; now: () => Date },
  actor: Person,
): Promise<boolean> {
  const asked = { verb: () => 'show', wanted: () => ({ verb: 'show', input: {} }) };
  return (await turnedAway(house, actor, asked, house.now())) === undefined;
}

async function visible(
  { store, now }: { store: Store; now: () => Date },
  actor: Person,
  ids: string[],
): Promise<Loaded[]> {
  const found = await loadMany(store, ids);
  const next = await loadMany(
    store,
    found.flatMap(({ deal }) => successorOf(deal) ?? []),
  );
  const nextOf = (deal: Deal) => next.find((it) => it.deal.id === successorOf(deal))?.deal;
  return found.filter(
    (it) =>
      can(actor, 'see', it.deal, now()).yes && !lostBy(actor, it) && !isHidden(it.deal, nextOf(it.deal)),
  );
}

/**
 * An open card is about to be shown under a link that `from` posted: it is kept true from now on (bot/rooms.ts). It is looked
 * at once more when it stands there, as what they and the room may see can have changed while it was drawn; where nobody
 * says that it does, once that is sure.
 * @returns to be called when it stands there.
 * @throws when it could not be written down: then it must not be shown.
 */
export async function keepGlimpse(
  { store }: { store: Store },
  card: Card,
  from: Sender,
  ref: Ref,
): Promise<() => Promise<void>> {
  const actor = await identify(store, from, 'looking');
  if (!actor?.id || !card.copyOf) throw new Error('A glimpse that is nobody’s.');
  const { platform, tenant, conversation: room, user: userId } = from;
  await keepPosting(store, {
    ...{ dealId: card.copyOf.id, personId: actor.id, platform, ref, timeZone: null },
    ...{ version: card.copyOf.version, shown: '', shows: 'glimpse', at: { tenant, room, userId } },
  });
  const job = await beforeDrawing(store, { platform, ref });
  if (!job) throw new Error('A glimpse of a deal that is gone.');
  return () => stands(store, { platform, ref, job, shown: digestOf(card) });
}
