/** What happened to people's deals, gathered and told. */
import { NEWS_AT_ONCE } from '../pipeline/news.ts';
import { nextWaking } from '../pipeline/waking.ts';
import { type Expectant, expectants, letGoOfMuted, tellNews } from '../store/news.ts';
import type { Store } from '../store/store.ts';

/**
 * What happened is told to those whom it concerns: the first thing at once, what comes within some minutes of it as one
 * message; at night and on days off it waits for their next morning, but for offers. A constant number of statements, however many people;
 * any number of processes may do it at once.
 */
export async function gatherNews(store: Store, now: Date): Promise<void> {
  await letGoOfMuted(store, now);
  const waiting = await expectants(store, now);
  const moments = await Promise.all(waiting.map((person) => nextWaking(now, person)));
  const isAwake = (nth: number) => (moments[nth] ?? now).getTime() <= now.getTime();
  const [awake, asleep] = [
    waiting.filter((_, nth) => isAwake(nth)),
    waiting.filter((person, nth) => person.isUrgent && !isAwake(nth)),
  ];
  await tellNews(store, idsOf(awake), now);
  await tellNews(store, idsOf(asleep), now, NEWS_AT_ONCE);
}

/**
 * The same of offers alone, by day and by night: where nothing comes by the clock, what was offered within minutes of
 * another offer is still told. `patienceMs`: so much later, as another process that has a clock goes first.
 */
export async function gatherOffers(store: Store, now: Date, patienceMs: number): Promise<void> {
  const waiting = await expectants(store, now, patienceMs);
  await tellNews(store, idsOf(waiting.filter(({ isUrgent }) => isUrgent)), now, NEWS_AT_ONCE);
}

const idsOf = (people: readonly Expectant[]): string[] => people.map(({ personId }) => personId);
