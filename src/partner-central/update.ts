/** Changing fields of an opportunity: UpdateOpportunity replaces the whole record, so each try starts from a fresh one. */
import type { Values, Wish } from '../pipeline/change.ts';
import type { Opportunity } from '../pipeline/deal.ts';
import { EDITABLE, type EditableId, mayEdit, reviewState, standing } from '../pipeline/fields.ts';
import { reviewInWords } from '../pipeline/opportunity.ts';
import { type Action, can } from '../pipeline/policy.ts';
import type { Step } from '../store/agent.ts';
import type { Hands } from './agent.ts';
import { actorOf, noLonger, withOurs } from './law.ts';
import { fromOpportunity } from './mapping.ts';
import { LOCKED, notShown } from './outcome.ts';
import { updateBody, valueAt } from './raw.ts';
import { idOf, readOpportunity } from './read.ts';
import { foundOf, missing, same, settings } from './values.ts';

type Updating = Extract<Wish, { kind: 'update' }>;

const TRIES = 3;

/**
 * A fresh record first. Holds it the wanted values, it is done (a lost answer is no conflict); holds it some, the rest is
 * sent. Stands something else there than the person saw, another tool wrote it: theirs stays, and the person decides.
 */
export async function update(hands: Hands, wish: Updating): Promise<Step> {
  const { aws, job } = hands;
  for (let attempt = 1; ; attempt++) {
    const fresh = await aws.getOpportunity(job.dealId);
    // Only an accepted AWS referral has no review status; it counts as Approved.
    const opportunity = fromOpportunity(fresh.json, undefined, 'AWS Referral').deal as Opportunity;
    const fields = missing(opportunity, wish.set);
    const stop: Step | undefined =
      fields.length === 0
        ? { state: 'confirmed', ...idOf(fresh.requestId) }
        : await hindrance(hands, opportunity, wish, fields);
    if (stop) {
      await hands.mirror([await readOpportunity(hands, job.dealId, fresh.json)]);
      return stop;
    }
    await hands.sending();
    try {
      const body = updateBody(fresh.json, aws.catalog, settings(fresh.json, wish.set, fields));
      const { json, requestId } = await aws.updateOpportunity(body);
      hands.wrote();
      return await readBack(hands, wish.set, { before: fresh.json, answer: json, requestId });
    } catch (error) {
      if ((error as Error).name !== 'ConflictException' || attempt >= TRIES) throw error;
    }
  }
}

/** The record that was sent on, and what AWS answered. */
interface Written {
  before: unknown;
  answer: unknown;
  requestId: string | undefined;
}

async function readBack(hands: Hands, set: Values, written: Written): Promise<Step> {
  const after = await readOpportunity(hands, hands.job.dealId);
  await hands.mirror([after]);
  const left = missing(after.deal as Opportunity, set);
  const id = idOf(written.requestId);
  if (left.length === 0) return { state: 'confirmed', ...id };
  const instead = `AWS answered yes but kept what it had: ${labels(left)}. Check the deal in Partner Central.`;
  return isStale(after.modified, written)
    ? notShown(hands, { what: 'the update', instead }, written.requestId)
    : { state: 'refused', answer: instead, ...id };
}

/** From before the write: the stamp has not moved, or is older than the one AWS answered the write with. */
function isStale(stamp: string | undefined, { before, answer }: Written): boolean {
  const stampOf = (json: unknown) => valueAt(json, ['LastModifiedDate']);
  return stamp === stampOf(before) || Date.parse(stamp ?? '') < Date.parse(stampOf(answer) ?? '');
}

/** What keeps those fields from being sent: the law, AWS's lock, or somebody else's hand. */
async function hindrance(
  hands: Hands,
  opportunity: Opportunity,
  wish: Updating,
  fields: EditableId[],
): Promise<Step | undefined> {
  return (
    (await noLonger(hands, opportunity)) ??
    (await locked(hands, opportunity, wish.set, fields)) ??
    conflict(hands, opportunity, wish, fields)
  );
}

/** Under review it waits; where AWS will not open it again, or not for these fields, it is over. */
async function locked(
  hands: Hands,
  opportunity: Opportunity,
  set: Values,
  fields: EditableId[],
): Promise<Step | undefined> {
  const closed = fields.filter((field) => !mayEdit(field, opportunity));
  if (closed.length === 0) return undefined;
  const state = reviewState(opportunity);
  if (state === 'Submitted' || state === 'In review') return LOCKED;
  const deal = await withOurs(hands, opportunity);
  const verdict = can(actorOf(hands.job), actionOf(set), deal, hands.now());
  const answer = verdict.yes
    ? `AWS takes no change of this as it stands (${reviewInWords(opportunity)}): ${labels(closed)}.`
    : verdict.why;
  return { state: 'refused', answer };
}

/** The verb whose words fit: a Change carries what to set, not what it was called. */
function actionOf(set: Values): Action {
  if (set.stage !== undefined) return 'change-stage';
  return set.nextStep !== undefined ? 'next-step' : 'repair';
}

/** Theirs stays where it is neither what the person saw, nor what they put there since, nor what they want. */
function conflict(
  { job }: Hands,
  opportunity: Opportunity,
  { base, set }: Updating,
  fields: EditableId[],
): Step | undefined {
  const isKnown = (field: EditableId) =>
    [base, ...job.earlier.filter((values) => field in values)].some((values) =>
      same(field, standing(opportunity, field), values[field]),
    );
  const moved = fields.filter((field) => !isKnown(field));
  if (moved.length === 0) return undefined;
  const told = moved.map(
    (field) =>
      `${EDITABLE[field].label}: there now “${standing(opportunity, field) ?? 'nothing'}”, you wanted “${set[field] || 'nothing'}”.`,
  );
  return {
    state: 'conflict',
    answer: `Somebody else changed it meanwhile, so ${job.sent ? 'theirs stays' : 'yours was not sent'}. ${told.join(' ')}`,
    found: foundOf(opportunity, set),
  };
}

const labels = (fields: EditableId[]): string => fields.map((field) => EDITABLE[field].label).join(', ');
