/** Of several invitations what still waits for an answer of this reader, and what came of the others. */
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { invitationOf, isPending } from '../pipeline/referral.ts';
import { answeredAmong } from '../store/clocks.ts';
import { type Loaded, loadMany } from '../store/deals.ts';
import { isTakenAway } from '../store/digest-standing.ts';
import type { Store } from '../store/store.ts';
import type { OfList } from '../store/told-lists.ts';
import type { Answered } from '../views/clock.ts';

export interface Invited {
  waiting: Loaded[];
  /** Answered or lost, as far as the reader may know. */
  answered: Answered[];
}

/** By their ids, in that order. Two queries. */
export async function invitedOf(store: Store, ids: string[], reader: Person, now: Date): Promise<Invited> {
  const [found, answering] = await Promise.all([loadMany(store, ids), answeredAmong(store, ids)]);
  return {
    waiting: found.filter((it) => waits(it, reader, now) && !answering.has(it.deal.id)),
    answered: found.flatMap((it): Answered[] => {
      const { deal, version } = it;
      if (!can(reader, 'see', deal, now).yes) return [];
      const how = howOf(it, reader, answering.has(deal.id), now);
      return how ? [{ deal, version, how }] : [];
    }),
  };
}

/** All of which such a list speaks. */
export const dealsOf = ({ waiting, answered }: Invited): OfList[] =>
  [...waiting, ...answered].map(({ deal, version }) => ({ id: deal.id, version }));

/** Undefined of what waits, or may not be accepted by this reader. */
function howOf(
  { deal, isGone }: Loaded,
  reader: Person,
  isAnswered: boolean,
  now: Date,
): Answered['how'] | undefined {
  if (isGone || isTakenAway(reader, deal)) return 'gone';
  if (!isPending(deal)) return 'as it says';
  if (isAnswered) return 'on its way';
  return Date.parse(invitationOf(deal)?.expiresAt ?? '') <= now.getTime() ? 'over' : undefined;
}

/** It may be accepted by them now. */
export const waits = ({ deal, isGone }: Loaded, reader: Person, now: Date): boolean =>
  !isGone && isPending(deal) && can(reader, 'accept', deal, now).yes;
