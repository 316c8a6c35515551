/** The law once more, right before AWS is asked: between the click and the sending a deal may have gone to somebody else. */
import type { Deal } from '../pipeline/deal.ts';
import { isPsf } from '../pipeline/lead.ts';
import { type Person, ROLES } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import type { Job, Step } from '../store/agent.ts';
import type { Hands } from './agent.ts';
import { present } from './members.ts';

/** The asker as policy knows people. A role this code does not know lets nobody in. */
export const actorOf = ({ person }: Job): Person => ({
  id: person.id,
  email: person.email.toLowerCase(),
  otherEmails: person.otherEmails,
  firstName: person.name,
  lastName: '',
  role: ROLES.find((role) => role === person.role) ?? 'none',
  timeZone: 'UTC',
});

/** Why nothing goes out for this person any more; undefined while they may see the deal as it stands now. */
export async function noLonger(hands: Hands, fresh: Deal): Promise<Step | undefined> {
  const [actor, now] = [actorOf(hands.job), hands.now()];
  // Nothing that only we know takes an opportunity or a referral away from whoever sees it by AWS's word.
  if (fresh.kind !== 'lead' && can(actor, 'see', fresh, now).yes) return undefined;
  return can(actor, 'see', await withOurs(hands, fresh), now).yes ? undefined : notTheirs(hands.job);
}

/** Refused by the desk itself: AWS was not asked, or not again. */
export const notTheirs = ({ sent }: Job): Step => ({
  state: 'refused',
  answer: sent
    ? 'The deal is no longer yours, so it was not sent again. AWS may have it all the same: look in Partner Central.'
    : 'The deal is no longer yours, so nothing was sent.',
});

/**
 * AWS's fresh record with what only we know of it: who submitted it, whom it was offered to, who owns a lead, and that a
 * lead once came from the Partner Solutions Finder, whatever is said of it later.
 */
export async function withOurs({ known }: Hands, fresh: Deal): Promise<Deal> {
  const ours = await known(fresh.id);
  if (!ours) return fresh;
  if (fresh.kind === 'opportunity')
    return ours.kind === 'opportunity' ? present({ ...fresh, submittedBy: ours.submittedBy }) : fresh;
  const { offeredTo } = ours;
  if (fresh.kind !== 'lead' || ours.kind !== 'lead') return present({ ...fresh, offeredTo });
  const source = isPsf(ours) ? ours.source : fresh.source;
  return present({ ...fresh, offeredTo, owner: ours.owner, source });
}
