/** Submitting to AWS for review: a task at AWS. */
import type { Wish } from '../pipeline/change.ts';
import type { Opportunity } from '../pipeline/deal.ts';
import { reviewState } from '../pipeline/fields.ts';
import type { Step } from '../store/agent.ts';
import type { Entry } from '../store/deals.ts';
import type { Hands } from './agent.ts';
import { noLonger } from './law.ts';
import { notShown, stillWorking, type Task, unfinished } from './outcome.ts';
import { listAt, valueAt } from './raw.ts';
import { idOf, readOpportunity } from './read.ts';

type Submitting = Extract<Wish, { kind: 'submit' }>;

export async function submit(hands: Hands, wish: Submitting): Promise<Step> {
  const before = await readOpportunity(hands, hands.job.dealId);
  const stop: Step | undefined = isSubmitted(before)
    ? { state: 'confirmed' }
    : await hindrance(hands, before);
  if (stop) {
    await hands.mirror([before]);
    return stop;
  }
  if (hands.job.sent && (await isRunning(hands))) return stillWorking(hands);
  // Sent before or not: the same token answers the same task, so this asks what became of it and starts nothing twice.
  const task = await start(hands, wish);
  return unfinished(hands, task) ?? readBack(hands, task);
}

/** AWS has it, or has judged it by now. */
const isSubmitted = ({ deal }: Entry): boolean =>
  deal.kind === 'opportunity' && ['Submitted', 'In review', 'Approved'].includes(reviewState(deal));

async function hindrance(hands: Hands, { deal }: Entry): Promise<Step | undefined> {
  if (reviewState(deal as Opportunity) === 'Rejected')
    return { state: 'refused', answer: 'AWS rejected the deal, so it cannot be submitted again.' };
  return noLonger(hands, deal);
}

/** AWS's list does not name tokens, and tasks of earlier submissions stay in it: only one that still runs is a sign. */
async function isRunning({ aws, job }: Hands): Promise<boolean> {
  const { json } = await aws.listSubmitTasks(job.dealId);
  return listAt(json, ['TaskSummaries']).some((one) => valueAt(one, ['TaskStatus']) === 'IN_PROGRESS');
}

async function start(hands: Hands, { involvement, visibility }: Submitting): Promise<Task> {
  const { aws, job } = hands;
  await hands.sending();
  const { json, requestId } = await aws.startSubmit(job.clientToken, job.dealId, involvement, visibility);
  hands.wrote();
  return { task: json, requestId };
}

async function readBack(hands: Hands, { task, requestId }: Task): Promise<Step> {
  const after = await readOpportunity(hands, hands.job.dealId);
  await hands.mirror([after]);
  if (isSubmitted(after) || hasMovedOn(after, task)) return { state: 'confirmed', ...idOf(requestId) };
  return notShown(hands, SUBMISSION, requestId);
}

/** AWS took it and has answered it by now, with a further question or a rejection: this reading is from after the task began. */
const hasMovedOn = ({ modified }: Entry, task: unknown): boolean =>
  Date.parse(modified ?? '') > Date.parse(valueAt(task, ['StartTime']) ?? '');

/** Counted from the sending: the task itself may take its minutes. */
const SUBMISSION = {
  what: 'the submission',
  instead: 'AWS took the submission but does not show it. Check the deal in Partner Central.',
  withinMs: 600_000,
};
