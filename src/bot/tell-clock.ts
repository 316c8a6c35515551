/** What the acceptance clock tells, drawn as things stand when it is told: of what is answered nothing is said. */
import { fullName, type Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { isPending } from '../pipeline/referral.ts';
import { type Loaded, load, loadMany } from '../store/deals.ts';
import { personById } from '../store/people.ts';
import { hearingOf } from '../store/quiet.ts';
import { routedBy } from '../store/routes.ts';
import type { Store } from '../store/store.ts';
import { clockCard, clockList } from '../views/clock.ts';
import { cardAs, isOpenTo } from './copies.ts';
import type { Drawer } from './tell.ts';

export const drawClock: Drawer<'clock'> = async ({ store, now }, { dealId, notice }, reader) => {
  const found = dealId === undefined ? undefined : await load(store, dealId);
  if (!found || !(await isOpenTo(store, reader)) || !waits(found, reader, now())) return undefined;
  if (isAnswered(found)) return undefined;
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
  if (!(await isOpenTo(store, reader))) return undefined;
  const found = await loadMany(store, notice.deals);
  const waiting = found.filter((it) => waits(it, reader, now()));
  if (waiting.length === 0) return undefined;
  const lines = waiting.slice(0, MOST_LINES).map(({ deal, version }) => ({ deal, version }));
  return {
    reply: clockList(
      lines,
      { total: waiting.length, areNew: notice.new === true },
      { actor: reader, now: now() },
    ),
  };
};

const MOST_LINES = 10;

const waits = ({ deal, isGone }: Loaded, reader: Person, now: Date): boolean =>
  !isGone && isPending(deal) && can(reader, 'accept', deal, now).yes;

/** Somebody’s answer is with AWS: the outcome will say so. */
const isAnswered = ({ changes }: Loaded): boolean =>
  changes.some(({ wish, state }) => ANSWERS.includes(wish.kind) && ANSWERING.includes(state));
const ANSWERS: readonly string[] = ['accept', 'reject'];
const ANSWERING: readonly string[] = ['requested', 'sending', 'waiting', 'confirmed'];

const nameOf = async (store: Store, id?: string): Promise<string | undefined> => {
  const person = id === undefined ? undefined : await personById(store, id);
  return person && (fullName(person) || 'a colleague');
};
