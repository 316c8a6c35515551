/** A desk goes to a colleague: which of its deals go, and which do not and why. */
import type { Named, Wish } from './change.ts';
import type { Deal, Lead, Opportunity } from './deal.ts';
import { reviewState } from './fields.ts';
import { isPsf } from './lead.ts';
import { isOpen } from './opportunity.ts';
import type { Person } from './person.ts';
import { can, ineligible } from './policy.ts';

/** So many at a time: more nobody reads through, and AWS takes one a second. */
export const MOST_AT_ONCE = 100;

export type Owned = Opportunity | Lead;
/** `why`: a sentence. `state`: the same in a few words, so that deals can be counted by it. */
type Staying<It> = It & { why: string; state: StayingState };
/** In the order in which they are told; what comes first goes another time. */
export const STAYING = [
  'in review at AWS',
  'with a change of owner under way at AWS',
  'rejected by AWS',
  'for the alliance lead alone',
  'for other reasons',
] as const;
export type StayingState = (typeof STAYING)[number];

/**
 * By the law of `transfer`, each deal by itself; what the actor may not see is in neither list.
 * @param underWay ids of deals whose change of owner is with AWS already.
 */
export function preflight<It extends { deal: Deal }>(
  found: readonly It[],
  { actor, to, underWay, now }: { actor: Person; to: Person; underWay: ReadonlySet<string>; now: Date },
): { moving: (It & { deal: Owned })[]; staying: Staying<It>[] } {
  const moving: (It & { deal: Owned })[] = [];
  const staying: Staying<It>[] = [];
  for (const it of found) {
    const { deal } = it;
    const verdict = can(actor, 'transfer', deal, now);
    if (deal.kind === 'referral' || (!verdict.yes && verdict.hide)) continue;
    const why = underWay.has(deal.id) ? WITH_AWS : verdict.yes ? ineligible(to, deal) : verdict.why;
    if (why) staying.push({ ...it, why, state: stateOf(deal, underWay.has(deal.id), verdict.yes) });
    else moving.push({ ...it, deal });
  }
  return { moving, staying };
}

/** @param mayGo by the law of `transfer`: then it is the colleague who cannot have it. */
function stateOf(deal: Owned, isUnderWay: boolean, mayGo: boolean): StayingState {
  if (isUnderWay) return 'with a change of owner under way at AWS';
  if (mayGo) return 'for other reasons';
  if (deal.kind === 'lead') return isPsf(deal) ? 'for the alliance lead alone' : 'for other reasons';
  if (!isOpen(deal)) return 'for other reasons';
  return reviewState(deal) === 'Rejected' ? 'rejected by AWS' : 'in review at AWS';
}

const WITH_AWS = 'A change of its owner is with AWS already.';

/** As the verb `transfer` asks it: an opportunity of AWS; a lead changes hands here, at once. */
export function handing({ kind, owner }: Owned, to: Person): Wish {
  const { email, firstName, lastName } = to;
  const named: Named = { email, firstName, lastName };
  const was = owner ? { was: { email: owner.email ?? '', name: owner.name } } : {};
  return { kind: kind === 'lead' ? 'own' : 'assign', to: named, ...was };
}
