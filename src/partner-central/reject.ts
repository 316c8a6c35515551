/** Rejecting an invitation, a referral's or a lead's. Access to it is lost with it. */
import type { Wish } from '../pipeline/change.ts';
import { type Invitation, invitationOf } from '../pipeline/referral.ts';
import type { Step } from '../store/agent.ts';
import type { Entry } from '../store/deals.ts';
import type { Hands } from './agent.ts';
import { noLonger } from './law.ts';
import { fromInvitation } from './mapping.ts';
import { notShown } from './outcome.ts';
import { idOf } from './read.ts';

const TOO_LATE: Record<Exclude<Invitation['status'], 'PENDING'>, string> = {
  ACCEPTED: 'It was accepted in Partner Central meanwhile, so there is nothing left to reject.',
  REJECTED: 'It was rejected in Partner Central already, not from here.',
  EXPIRED: 'AWS says it has expired, so there is nothing left to reject.',
};

export async function reject(hands: Hands, { reason }: Extract<Wish, { kind: 'reject' }>): Promise<Step> {
  const { aws, job } = hands;
  const found = fromInvitation((await aws.getInvitation(job.dealId)).json);
  const status = invitationOf(found.deal)?.status ?? 'PENDING';
  if (status === 'REJECTED' && job.sent) return rejected(hands, found, undefined);
  if (status !== 'PENDING') {
    await hands.mirror([found]);
    return { state: 'refused', answer: TOO_LATE[status] };
  }
  const stop = await noLonger(hands, found.deal);
  if (stop) return stop;
  const wasSent = job.sent;
  await hands.sending();
  const sent = await aws.rejectInvitation(job.dealId, reason).catch(async (error: unknown) => {
    // What was sent before and lost its answer may be what stands in the way now.
    if (wasSent && (await statusOf(hands)) === 'REJECTED') return { requestId: undefined };
    throw error;
  });
  hands.wrote();
  const after = await readBack(hands);
  if (after && invitationOf(after.deal)?.status !== 'REJECTED')
    return notShown(hands, REJECTION, sent.requestId);
  return rejected(hands, after ?? asRejected(found), sent.requestId);
}

const REJECTION = {
  what: 'the rejection',
  instead: 'AWS took the rejection but still shows it as open. Look at it in Partner Central.',
};

async function rejected(hands: Hands, entry: Entry, requestId: string | undefined): Promise<Step> {
  await hands.mirror([entry]);
  return { state: 'confirmed', ...idOf(requestId) };
}

const statusOf = async (hands: Hands) => {
  const found = await readBack(hands);
  return found && invitationOf(found.deal)?.status;
};

/** Undefined where AWS does not show it any more ("access is lost"), which after its yes is no contradiction. */
async function readBack({ aws, job }: Hands): Promise<Entry | undefined> {
  try {
    return fromInvitation((await aws.getInvitation(job.dealId)).json);
  } catch (error) {
    if (['AccessDeniedException', 'ResourceNotFoundException'].includes((error as Error).name))
      return undefined;
    throw error;
  }
}

function asRejected({ deal, ...rest }: Entry): Entry {
  if (deal.kind === 'referral') return { ...rest, deal: { ...deal, status: 'REJECTED' } };
  if (deal.kind !== 'lead' || !deal.invitation) return { ...rest, deal };
  return { ...rest, deal: { ...deal, invitation: { ...deal.invitation, status: 'REJECTED' } } };
}
