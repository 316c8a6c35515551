/** Changing fields of an opportunity: UpdateOpportunity replaces the whole record, so each try starts from a fresh one. */
import type { Values } from '../pipeline/change.ts';
import type { Opportunity } from '../pipeline/deal.ts';
import { FIELDS, mayEdit } from '../pipeline/fields.ts';
import type { Job, Step } from '../store/agent.ts';
import type { Hands } from './agent.ts';
import { fromOpportunity } from './mapping.ts';
import { sameText, updateBody } from './raw.ts';
import { idOf, readOpportunity } from './read.ts';

const TRIES = 3;

/**
 * A fresh record first. Holds it the wanted values, it is done (a lost answer is no conflict). Stands something else
 * there than the person saw, another tool wrote it: theirs stays, and the person decides.
 */
export async function update(hands: Hands, base: Values, set: Values): Promise<Step> {
  const { aws, job } = hands;
  for (let attempt = 1; ; attempt++) {
    const fresh = await aws.getOpportunity(job.dealId);
    // Only an accepted AWS referral has no review status; it counts as Approved.
    const opportunity = fromOpportunity(fresh.json, undefined, 'AWS Referral').deal as Opportunity;
    if (holds(opportunity, set)) {
      await hands.mirror([await readOpportunity(hands, job.dealId, fresh.json)]);
      return { state: 'confirmed', ...idOf(fresh.requestId) };
    }
    const stop = hindrance(opportunity, [base, ...job.earlier], set, job);
    if (stop) {
      await hands.mirror([await readOpportunity(hands, job.dealId, fresh.json)]);
      return stop.state === 'waiting' ? { ...stop, restMs: LOCK_RECHECK_MS } : stop;
    }
    await hands.sending();
    try {
      const { requestId } = await aws.updateOpportunity(updateBody(fresh.json, aws.catalog, toSets(set)));
      hands.wrote();
      return await readBack(hands, set, requestId);
    } catch (error) {
      if ((error as Error).name !== 'ConflictException' || attempt >= TRIES) throw error;
    }
  }
}

const LOCK_RECHECK_MS = 15 * 60_000;

async function readBack(hands: Hands, set: Values, requestId: string | undefined): Promise<Step> {
  const after = await readOpportunity(hands, hands.job.dealId);
  await hands.mirror([after]);
  if (holds(after.deal as Opportunity, set)) return { state: 'confirmed', ...idOf(requestId) };
  return {
    state: 'refused',
    answer: 'AWS answered yes but kept what it had. Check the deal in Partner Central.',
    ...idOf(requestId),
  };
}

const keys = (values: Values) => Object.keys(values) as (keyof Values)[];
const holds = (opportunity: Opportunity, set: Values) =>
  keys(set).every((key) => sameText(opportunity[key], set[key]));

/** `known`: what the person saw, and what their own earlier Changes have put there since. */
function hindrance(
  opportunity: Opportunity,
  known: Values[],
  set: Values,
  { sent, person }: Job,
): Step | undefined {
  if (person.role === 'ACE user' && opportunity.owner?.email?.toLowerCase() !== person.email)
    return { state: 'refused', answer: 'The deal is no longer yours, so nothing was sent.' };
  const locked = keys(set).filter((key) => !mayEdit(key, opportunity));
  if (locked.length > 0) {
    if (
      opportunity.stage === 'Launched' ||
      opportunity.stage === 'Closed Lost' ||
      opportunity.reviewStatus === 'Rejected'
    )
      return {
        state: 'refused',
        answer: `AWS takes no change any more: it is ${opportunity.reviewStatus === 'Rejected' ? 'rejected' : opportunity.stage}.`,
      };
    if (opportunity.reviewStatus === 'Action Required')
      return {
        state: 'refused',
        answer: 'AWS wants its remark answered first and takes no next step until then.',
      };
    return {
      state: 'waiting',
      waitsFor: 'locked',
      answer: 'AWS has the record locked while it reviews it; it goes out as soon as AWS opens it.',
    };
  }
  const isKnown = (key: keyof Values) =>
    [...known, set].some((values) => sameText(opportunity[key], values[key]));
  const moved = keys(set).filter((key) => !isKnown(key));
  if (moved.length === 0) return undefined;
  const told = moved.map(
    (key) => `${FIELDS[key].label}: there now “${opportunity[key] ?? 'nothing'}”, you wanted “${set[key]}”.`,
  );
  return {
    state: 'conflict',
    answer: `Somebody else changed it meanwhile, so ${sent ? 'theirs stays' : 'yours was not sent'}. ${told.join(' ')}`,
  };
}

const toSets = (set: Values) =>
  keys(set).map((key) => ({ path: [...FIELDS[key].awsPath], value: set[key] ?? '' }));
