/** Putting one of the partner's solutions on an opportunity, in place of "Other". */
import type { Wish } from '../pipeline/change.ts';
import type { Opportunity } from '../pipeline/deal.ts';
import { reviewState } from '../pipeline/fields.ts';
import type { Step } from '../store/agent.ts';
import type { Entry } from '../store/deals.ts';
import type { Hands } from './agent.ts';
import { noLonger } from './law.ts';
import { contradiction, LOCKED, notShown } from './outcome.ts';
import { idOf, readOpportunity } from './read.ts';

/** AWS has no lock on this and no conflict: whatever it says no to is read once more, as it may stand there already. */
export async function associate(
  hands: Hands,
  { solution }: Extract<Wish, { kind: 'associate' }>,
): Promise<Step> {
  const { aws, job } = hands;
  const holds = ({ deal }: Entry): boolean =>
    deal.kind === 'opportunity' && deal.solutions.includes(solution.id);
  const before = await readOpportunity(hands, job.dealId);
  const stop: Step | undefined = holds(before)
    ? { state: 'confirmed' }
    : ((await noLonger(hands, before.deal)) ?? asItStands(before));
  if (stop) {
    await hands.mirror([before]);
    return stop;
  }
  await hands.sending();
  const sent = await aws.associateOpportunity(job.dealId, 'Solutions', solution.id).catch(contradiction);
  if (!(sent instanceof Error)) hands.wrote();
  const after = await readOpportunity(hands, job.dealId);
  await hands.mirror([after]);
  if (sent instanceof Error && !holds(after)) return asItStands(after) ?? fail(sent);
  const requestId = sent instanceof Error ? undefined : sent.requestId;
  if (holds(after)) return { state: 'confirmed', ...idOf(requestId) };
  return notShown(hands, SOLUTION, requestId);
}

const SOLUTION = {
  what: 'the solution',
  instead: 'AWS took the solution but does not show it. Check the deal in Partner Central.',
};

/** "At any stage of the opportunity lifecycle" (developer guide, associating), but not while AWS reviews it. */
function asItStands({ deal }: Entry): Step | undefined {
  const state = reviewState(deal as Opportunity);
  if (state === 'Submitted' || state === 'In review') return LOCKED;
  return state === 'Rejected'
    ? { state: 'refused', answer: 'AWS rejected the deal, so it takes no solution any more.' }
    : undefined;
}

function fail(error: Error): never {
  throw error;
}
