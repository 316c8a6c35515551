/** Of several invitations those that still wait for an answer of this reader. */
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { isPending } from '../pipeline/referral.ts';
import { answeredAmong } from '../store/clocks.ts';
import { type Loaded, loadMany } from '../store/deals.ts';
import type { Store } from '../store/store.ts';
import type { Answered } from '../views/clock.ts';

export interface Waiting {
  waiting: Loaded[];
  /** Answered or lost, as far as the reader may know. */
  answered: Answered[];
}

/** By their ids, in that order. Two queries. */
export async function waitingOf(store: Store, ids: string[], reader: Person, now: Date): Promise<Waiting> {
  const [found, answering] = await Promise.all([loadMany(store, ids), answeredAmong(store, ids)]);
  return {
    waiting: found.filter((it) => waits(it, reader, now) && !answering.has(it.deal.id)),
    answered: found.flatMap(({ deal, version, isGone }): Answered[] => {
      if (!can(reader, 'see', deal, now).yes) return [];
      const how = isPending(deal) ? pendingStill(isGone === true, answering.has(deal.id)) : 'as it says';
      return how ? [{ deal, version, how }] : [];
    }),
  };
}

function pendingStill(isGone: boolean, isAnswered: boolean): Answered['how'] | undefined {
  if (isGone) return 'lost';
  return isAnswered ? 'on its way' : undefined;
}

/** It may be accepted by them now. */
export const waits = ({ deal, isGone }: Loaded, reader: Person, now: Date): boolean =>
  !isGone && isPending(deal) && can(reader, 'accept', deal, now).yes;
