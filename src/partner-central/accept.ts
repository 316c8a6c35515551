/** Accepting: a task at AWS for referrals, at once for leads. */
import type { Wish } from '../pipeline/change.ts';
import { invitationOf } from '../pipeline/referral.ts';
import type { Step } from '../store/agent.ts';
import type { Entry } from '../store/deals.ts';
import type { Hands } from './agent.ts';
import { noLonger } from './law.ts';
import { fromEngagement, fromInvitation } from './mapping.ts';
import { contradiction, soonMs, stillWorking, type Task, unfinished } from './outcome.ts';
import { listAt, valueAt } from './raw.ts';
import { idOf, readOpportunity } from './read.ts';

type Accepting = Extract<Wish, { kind: 'accept' }>;

const ELSEWHERE = 'It was accepted in Partner Central, not from here, so its owner was left as it is.';

export async function accept(hands: Hands, wish: Accepting): Promise<Step> {
  const { aws, job } = hands;
  const found = fromInvitation((await aws.getInvitation(job.dealId)).json);
  const invited = invitationOf(found.deal);
  if (!invited) return { state: 'refused', answer: 'AWS no longer has this as an invitation.' };
  if (invited.status === 'EXPIRED') return lost(hands, found, 'AWS says it has expired: it is lost.');
  if (invited.status === 'REJECTED') return lost(hands, found, 'AWS says it was rejected before.');
  if (invited.status === 'ACCEPTED' && !job.sent) return lost(hands, found, ELSEWHERE);
  if (found.deal.kind === 'lead') return acceptLead(hands, wish, found);
  const running = job.sent ? await lookAfter(hands) : undefined;
  if (running) return acceptReferral(hands, running);
  if (invited.status !== 'ACCEPTED')
    return (await noLonger(hands, found.deal)) ?? acceptReferral(hands, await start(hands));
  // AWS's list of tasks lags. Our own token answers our own task, and anybody else's acceptance is a conflict.
  const ours = await start(hands).catch(contradiction);
  return ours instanceof Error ? lost(hands, found, ELSEWHERE) : acceptReferral(hands, ours);
}

async function lost(hands: Hands, found: Entry, answer: string): Promise<Step> {
  await hands.mirror([found]);
  return { state: 'refused', answer };
}

/** Asynchronous at AWS: started once with the Change's own token, then looked after by reading, which costs no write. */
async function acceptReferral(hands: Hands, running: Task): Promise<Step> {
  const { aws, job } = hands;
  const working = unfinished(hands, running);
  const opportunityId = valueAt(running.task, ['OpportunityId']);
  if (working) return working;
  if (!opportunityId) return stillWorking(hands);
  const opportunity = await readOpportunity(hands, opportunityId);
  const invitation = fromInvitation((await aws.getInvitation(job.dealId)).json, opportunityId);
  await hands.mirror([opportunity, { ...invitation, local: { successor: opportunityId } }]);
  return { state: 'confirmed', ...idOf(running.requestId) };
}

async function start(hands: Hands): Promise<Task> {
  await hands.sending();
  const { json, requestId } = await hands.aws.startAccept(hands.job.clientToken, hands.job.dealId);
  hands.wrote();
  return { task: json, requestId };
}

/**
 * The task that runs, or has done it. One that failed may be of an earlier Change, as AWS's list does not name tokens:
 * starting again with our own answers our own, whatever became of it.
 */
async function lookAfter({ aws, job }: Hands): Promise<Task | undefined> {
  const { json, requestId } = await aws.listAcceptTasks(job.dealId);
  const task = listAt(json, ['TaskSummaries']).find((one) => valueAt(one, ['TaskStatus']) !== 'FAILED');
  return task ? { task, requestId } : undefined;
}

/** Its owner is kept here, as the API knows no owner of a lead: who accepts, or for whom they accept. */
async function acceptLead(hands: Hands, wish: Accepting, found: Entry): Promise<Step> {
  const { aws, job } = hands;
  let requestId: string | undefined;
  if (invitationOf(found.deal)?.status === 'PENDING') {
    const stop = await noLonger(hands, found.deal);
    if (stop) return stop;
    await hands.sending();
    ({ requestId } = await aws.acceptInvitation(job.dealId));
    hands.wrote();
  }
  const after = fromInvitation((await aws.getInvitation(job.dealId)).json);
  const { status, engagementId } = invitationOf(after.deal) ?? {};
  if (status !== 'ACCEPTED' || !engagementId)
    return {
      state: 'waiting',
      waitsFor: 'answer',
      answer: 'AWS took it; it does not show yet.',
      restMs: soonMs(job),
    };
  const lead = fromEngagement((await aws.getEngagement(engagementId)).json);
  const ownerEmail = (wish.for ?? job.person).email.toLowerCase();
  await hands.mirror([
    ...(lead ? [{ ...lead, local: { ownerEmail } }] : []),
    { ...after, local: { successor: engagementId } },
  ]);
  return { state: 'confirmed', ...idOf(requestId) };
}
