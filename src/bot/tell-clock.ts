/** What the acceptance clock tells, drawn as things stand when it is told: of what is answered nothing is said. */
import { fullName } from '../pipeline/person.ts';
import { answeredAmong } from '../store/clocks.ts';
import { load } from '../store/deals.ts';
import { personById } from '../store/people.ts';
import { hearingOf } from '../store/quiet.ts';
import { routedBy } from '../store/routes.ts';
import type { Store } from '../store/store.ts';
import { clockCard, clockList } from '../views/clock.ts';
import type { Reader } from '../views/lines.ts';
import { cardAs } from './copies.ts';
import type { Drawer } from './tell.ts';
import type { Listed, Redrawer } from './told-lists.ts';
import { dealsOf, type Invited, invitedOf, waits } from './unanswered.ts';

export const drawClock: Drawer<'clock'> = async ({ store, now }, { dealId, notice }, reader) => {
  const found = dealId === undefined ? undefined : await load(store, dealId);
  if (!found || !waits(found, reader, now())) return undefined;
  if ((await answeredAmong(store, [found.deal.id])).size > 0) return undefined;
  const { rung } = notice;
  const [of, away] = await Promise.all([nameOf(store, notice.of), nameOf(store, notice.away)]);
  const route = rung === 'offered' ? await routedBy(store, found.deal.id) : undefined;
  // On the last rung, of what is offered to nobody: those alone had no word of it before who wanted none.
  const unheard =
    rung === 'alliance lead' && (await hearingOf(store, reader.id)).off.includes('new-referral');
  const why = {
    rung,
    ...(of ? { of } : {}),
    ...(away ? { away } : {}),
    ...(route ? { route } : {}),
    ...(unheard ? { unheard } : {}),
  };
  const card = cardAs(reader, found, now());
  return { reply: clockCard(card, found.deal, why, { actor: reader, now: now() }), of: found };
};

export const drawClocks: Drawer<'clock-many'> = async ({ store, now }, { notice }, reader) => {
  const at = now();
  const { waiting } = await invitedOf(store, notice.deals, reader, at);
  return waiting.length === 0
    ? undefined
    : listed({ waiting, answered: [] }, notice.new === true, { actor: reader, now: at });
};

/** What is answered by now is ticked off, as far as its reader may know that. */
export const clocksAsTheyAre: Redrawer<'clock-many'> = async ({ store, now }, { notice }, reader) => {
  const at = now();
  const found = await invitedOf(store, notice.deals, reader, at);
  if (found.waiting.length + found.answered.length === 0) return undefined;
  return listed(found, notice.new === true, { actor: reader, now: at });
};

const listed = (found: Invited, areNew: boolean, reader: Reader): Listed => ({
  reply: clockList(found, areNew, reader),
  list: dealsOf(found),
});

const nameOf = async (store: Store, id?: string): Promise<string | undefined> => {
  const person = id === undefined ? undefined : await personById(store, id);
  return person && (fullName(person) || 'a colleague');
};
