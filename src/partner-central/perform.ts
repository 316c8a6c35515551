/** How each kind of wish is put to AWS: does it hold already? then send, then read back. */
import type { Job, Step } from '../store/agent.ts';
import type { Entry } from '../store/deals.ts';
import type { Hands } from './agent.ts';
import { TaskFailed } from './errors.ts';
import { fromEngagement, fromInvitation } from './mapping.ts';
import { listAt, valueAt } from './raw.ts';
import { idOf, readOpportunity } from './read.ts';
import { update } from './update.ts';

/** Carries a Change one step further. @throws what AWS throws; `agent.ts` knows what each fault means. */
export function perform(hands: Hands): Promise<Step> {
  const { wish } = hands.job;
  switch (wish.kind) {
    case 'accept':
      return accept(hands);
    case 'assign':
      return assign(hands, wish.to);
    case 'update':
      return update(hands, wish.base, wish.set);
  }
}

const ELSEWHERE = 'It was accepted in Partner Central, not from here, so its owner was left as it is.';

async function accept(hands: Hands): Promise<Step> {
  const { aws, job } = hands;
  const found = fromInvitation((await aws.getInvitation(job.dealId)).json);
  const invited =
    found.deal.kind === 'referral'
      ? found.deal
      : found.deal.kind === 'lead'
        ? found.deal.invitation
        : undefined;
  if (!invited) return { state: 'refused', answer: 'AWS no longer has this as an invitation.' };
  if (invited.status === 'EXPIRED') return lost(hands, found, 'AWS says it has expired: it is lost.');
  if (invited.status === 'REJECTED') return lost(hands, found, 'AWS says it was rejected before.');
  if (invited.status === 'ACCEPTED' && !job.sent) return lost(hands, found, ELSEWHERE);
  if (found.deal.kind === 'lead') return acceptLead(hands, invited);
  const running = job.sent ? await lookAfter(hands) : undefined;
  if (invited.status !== 'ACCEPTED' || running) return acceptReferral(hands, running);
  // AWS's list of tasks lags. Our own token answers our own task, and anybody else's acceptance is a conflict.
  const ours = await start(hands).catch((error: Error) => {
    if (error.name === 'ConflictException' || error.name === 'ValidationException') return undefined;
    throw error;
  });
  return ours ? acceptReferral(hands, ours) : lost(hands, found, ELSEWHERE);
}

async function lost(hands: Hands, found: Entry, answer: string): Promise<Step> {
  await hands.mirror([found]);
  return { state: 'refused', answer };
}

/** Asynchronous at AWS: started once with the Change's own token, then looked after by reading, which costs no write. */
async function acceptReferral(hands: Hands, running: Task | undefined): Promise<Step> {
  const { aws, job } = hands;
  const { task, requestId } = running ?? (await start(hands));
  const [status, opportunityId] = [valueAt(task, ['TaskStatus']), valueAt(task, ['OpportunityId'])];
  if (status === 'FAILED') throw new TaskFailed(valueAt(task, ['ReasonCode']) ?? 'no reason given');
  if (status !== 'COMPLETE' || !opportunityId) return stillWorking(hands);
  const opportunity = await readOpportunity(hands, opportunityId);
  const invitation = fromInvitation((await aws.getInvitation(job.dealId)).json, opportunityId);
  await hands.mirror([opportunity, { ...invitation, local: { successor: opportunityId } }]);
  return { state: 'confirmed', ...idOf(requestId) };
}

interface Task {
  task: unknown;
  requestId: string | undefined;
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
async function lookAfter({ aws, job }: Hands) {
  const { json, requestId } = await aws.listAcceptTasks(job.dealId);
  const task = listAt(json, ['TaskSummaries']).find((one) => valueAt(one, ['TaskStatus']) !== 'FAILED');
  return task ? { task, requestId } : undefined;
}

const POLL_MS = [100, 200, 400, 800, 1_500, 3_000, 5_000];
const LONG_MS = 60_000;

function stillWorking({ job, now }: Hands): Step {
  const wait = POLL_MS[Math.min(job.attempts - 1, POLL_MS.length - 1)] ?? LONG_MS;
  const long = now().getTime() - job.requestedAt.getTime() > LONG_MS;
  return {
    state: 'sending',
    restMs: wait,
    ...(long
      ? { answer: 'AWS is still working on it. There is nothing for you to do; I will tell you.' }
      : {}),
  };
}

/** Synchronous at AWS; the accepter becomes its owner here, as the API knows no owner of a lead. */
async function acceptLead(hands: Hands, invited: { status: string; engagementId?: string }): Promise<Step> {
  const { aws, job } = hands;
  let requestId: string | undefined;
  if (invited.status === 'PENDING') {
    await hands.sending();
    ({ requestId } = await aws.acceptInvitation(job.dealId));
    hands.wrote();
  }
  const after = fromInvitation((await aws.getInvitation(job.dealId)).json);
  const now = after.deal.kind === 'lead' ? after.deal.invitation : undefined;
  if (now?.status !== 'ACCEPTED' || !now.engagementId)
    return {
      state: 'waiting',
      waitsFor: 'answer',
      answer: 'AWS took it; it does not show yet.',
      restMs: soonMs(job),
    };
  const lead = fromEngagement((await aws.getEngagement(now.engagementId)).json);
  const { engagementId } = now;
  await hands.mirror([
    ...(lead ? [{ ...lead, local: { ownerEmail: job.person.email } }] : []),
    { ...after, local: { successor: engagementId } },
  ]);
  return { state: 'confirmed', ...idOf(requestId) };
}

/** AWS's own lists lag behind its writes; longer than this is no lag. */
const SHOWS_WITHIN_MS = 120_000;

async function assign(
  hands: Hands,
  to: { email: string; firstName: string; lastName: string },
): Promise<Step> {
  const { aws, job } = hands;
  const id = job.successor ?? job.dealId;
  const owns = (entry: Entry) =>
    entry.deal.kind === 'opportunity' && entry.deal.owner?.email?.toLowerCase() === to.email;
  const before = await readOpportunity(hands, id);
  if (owns(before)) {
    await hands.mirror([before]);
    return { state: 'confirmed' };
  }
  await hands.sending();
  const { requestId } = await aws.assignOpportunity(id, to);
  hands.wrote();
  const after = await readOpportunity(hands, id);
  await hands.mirror([after]);
  if (owns(after))
    return {
      state: 'confirmed',
      ...idOf(requestId),
    };
  if (hands.now().getTime() - (job.sentAt ?? hands.now()).valueOf() < SHOWS_WITHIN_MS)
    return {
      state: 'waiting',
      waitsFor: 'answer',
      answer: 'AWS took the new owner; it does not show yet.',
      restMs: soonMs(job),
    };
  return {
    state: 'refused',
    answer: 'AWS took the new owner but still shows the old one. Check the name in Partner Central.',
    ...idOf(requestId),
  };
}

const soonMs = ({ attempts }: Job) => 300 * 2 ** Math.min(attempts, 6);
