/**
 * Who may do what, and when: the law (sales guide, Permissions; Partner Central API, state machine). A refusal tells
 * the person why and what to do next.
 */
import { plainMoment } from './calendar.ts';
import type { Deal, Lead, Referral } from './deal.ts';
import { unknownDeal } from './errors.ts';
import { type EditState, editState, mayEdit } from './fields.ts';
import { isOnlyInvited } from './lead.ts';
import { type Person, seesEverything } from './person.ts';
import { invitationOf } from './referral.ts';

export type Action = 'see' | 'accept' | 'next-step';

/**
 * `hide`: the answer must be exactly that to an unknown deal, in every list, count and suggestion too. `locked`: AWS
 * holds the record while it reviews; the wish can be queued until it is done.
 */
export type Verdict = { yes: true } | { yes: false; why: string; hide?: true; locked?: true };

/** Whether this person may do that with this deal now. `now` meets the invitation's expiry, nothing else. */
export function can(actor: Person, action: Action, deal: Deal, now: Date): Verdict {
  if (!sees(actor, deal)) return { yes: false, hide: true, why: unknownDeal(deal.id).message };
  if (action === 'accept') return acceptable(actor, deal, now);
  if (action === 'next-step') return takesNextStep(deal);
  return YES;
}

const YES: Verdict = { yes: true };
const no = (why: string): Verdict => ({ yes: false, why });

/** Alliance lead, alliance team and ACE managers see all. An ACE user sees what they own, and never an invitation. */
const sees = (actor: Person, deal: Deal): boolean => seesEverything(actor) || owns(actor, deal);

function owns(actor: Person, deal: Deal): boolean {
  if (deal.kind === 'referral' || (deal.kind === 'lead' && isOnlyInvited(deal))) return false;
  const owner = deal.owner?.email?.toLowerCase();
  return owner !== undefined && owner !== '' && owner === actor.email.toLowerCase();
}

function acceptable(actor: Person, deal: Deal, now: Date): Verdict {
  const invitation = invitationOf(deal);
  if (deal.kind === 'opportunity')
    return no('This is an opportunity already: there is nothing left to accept.');
  if (!invitation) return no('This lead is yours already: there is nothing left to accept.');
  if (invitation.status !== 'PENDING') return no(tooLate(deal, invitation.status, invitation.successor));
  if (Date.parse(invitation.expiresAt) > now.getTime()) return YES;
  const ended = plainMoment(invitation.expiresAt, now, actor.timeZone);
  return no(`The invitation ran out (${ended}). Ask ${asker(deal)} to send it again.`);
}

function tooLate(
  deal: Referral | Lead,
  status: 'ACCEPTED' | 'REJECTED' | 'EXPIRED',
  successor?: string,
): string {
  if (status === 'ACCEPTED')
    return successor
      ? `It is accepted already. It goes on as ${successor}.`
      : 'It is accepted already: nothing to do.';
  if (status === 'REJECTED')
    return `It was rejected, and AWS has closed it. If that was a mistake, ask ${asker(deal)} to send it again.`;
  return `It is lost: it expired before it was accepted. Ask ${asker(deal)} to send it again.`;
}

/** Whoever can invite us once more. */
function asker(deal: Referral | Lead): string {
  const sender = invitationOf(deal)?.sender;
  if (sender && sender.account !== 'aws') return sender.company;
  return (deal.kind === 'referral' && deal.awsContacts[0]?.name) || 'your AWS partner development manager';
}

function takesNextStep(deal: Deal): Verdict {
  if (deal.kind === 'opportunity')
    return mayEdit('nextStep', deal) ? YES : NEXT_STEP_REFUSED[editState(deal)];
  const successor = invitationOf(deal)?.successor;
  if (deal.kind === 'referral' && successor)
    return no(`It is accepted and goes on as ${successor}. Give the next step there.`);
  return no(
    deal.kind === 'referral'
      ? 'A next step belongs to an opportunity. Accept the referral first.'
      : 'A next step belongs to an opportunity. A lead becomes one when it is converted.',
  );
}

const REVIEWING: Verdict = {
  yes: false,
  locked: true,
  why: 'AWS is reviewing it and takes no changes until it is done. Queue your next step, or drop it.',
};

const NEXT_STEP_REFUSED: Record<EditState, Verdict> = {
  'Pending Submission': YES,
  Approved: YES,
  Submitted: REVIEWING,
  'In review': REVIEWING,
  'Action Required': no(
    'AWS wants changes first (see its remark) and takes no next step until then. Make them in Partner Central and submit again.',
  ),
  Rejected: no(
    'AWS rejected it, and the record is closed. Create a new opportunity in Partner Central if it lives on.',
  ),
  'Approved, Launched': no(
    'It is launched: AWS takes no more next steps for it. There is nothing left to do.',
  ),
  'Approved, Closed Lost': no(
    'It is closed lost: AWS takes no more next steps for it. If the deal came back, clone it in Partner Central.',
  ),
};
