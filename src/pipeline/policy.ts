/**
 * Who may do what, and when: the law (sales guide, Permissions, Accessing leads, Transferring ownership; Partner Central
 * API, state machine). Read it from the top: whoever may not see a deal may nothing; then the article of each action.
 * National security changes nothing here: what is shown in a room is not a matter of who may act. A refusal tells the
 * person why and what to do next.
 */
import { plainMoment } from './calendar.ts';
import type { Deal, Lead, Opportunity, Referral } from './deal.ts';
import { unknownDeal } from './errors.ts';
import { type EditState, editState, mayEdit, reviewState } from './fields.ts';
import { isPsf } from './lead.ts';
import { isOpen } from './opportunity.ts';
import { isTheirs, type Person, seesEverything } from './person.ts';
import { invitationOf } from './referral.ts';

export const ACTIONS = [
  'see',
  'accept',
  'accept-for',
  'offer',
  'reject',
  'next-step',
  'change-stage',
  'repair',
  'submit',
  'update-lead',
  'transfer',
  'flag',
] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * `hide`: the answer must be exactly that to an unknown deal, in every list, count and suggestion too. `locked`: AWS
 * holds the record while it reviews; the wish can be queued until it is done.
 */
export type Verdict = { yes: true } | { yes: false; why: string; hide?: true; locked?: true };

/** Whether this person may do that with this deal now. `now` meets the invitation's expiry, nothing else. */
export function can(actor: Person, action: Action, deal: Deal, now: Date): Verdict {
  if (!sees(actor, deal)) return { yes: false, hide: true, why: unknownDeal(deal.id).message };
  return ARTICLES[action](actor, deal, now);
}

const YES: Verdict = { yes: true };
const no = (why: string): Verdict => ({ yes: false, why });

/**
 * The alliance lead sees all. Alliance team and ACE managers see all but Partner Solutions Finder leads. An ACE user sees
 * what they own, what they submitted, and the invitations that were offered to them. Nobody else sees anything.
 */
function sees(actor: Person, deal: Deal): boolean {
  if (actor.role === 'none') return false;
  if (actor.role === 'alliance lead') return true;
  if (deal.kind === 'lead' && isPsf(deal)) return false;
  return seesEverything(actor) || owns(actor, deal) || submitted(actor, deal) || isOfferedTo(actor, deal);
}

/** An invitation is nobody's yet, whatever it carries. */
export function owns(actor: Person, deal: Deal): boolean {
  if (deal.kind === 'referral' || isInvitation(deal)) return false;
  return isTheirs(actor, deal.owner?.email);
}

const submitted = (actor: Person, deal: Deal): boolean =>
  deal.kind === 'opportunity' && isTheirs(actor, deal.submittedBy);

const isOfferedTo = ({ id }: Person, deal: Deal): boolean =>
  isInvitation(deal) && (deal.offeredTo?.includes(id) ?? false);

/** The record of an invitation, whatever came of it: what it became has a record of its own. */
const isInvitation = ({ id }: Deal): boolean => id.startsWith('engi-');

type Article = (actor: Person, deal: Deal, now: Date) => Verdict;

const ARTICLES: Record<Action, Article> = {
  see: () => YES,
  flag: () => YES,
  accept: acceptable,
  reject: acceptable,
  'accept-for': (actor, deal, now) =>
    forOthers(actor, deal, 'accept it for somebody else') ?? acceptable(actor, deal, now),
  offer: (actor, deal, now) => forOthers(actor, deal, 'offer it') ?? acceptable(actor, deal, now),
  'next-step': takesNextStep,
  'change-stage': (_, deal) => takesStage(deal),
  repair: (_, deal) => takesRepair(deal),
  submit: (_, deal) => takesRepair(deal),
  'update-lead': (_, deal) => takesLeadUpdate(deal),
  transfer: transferable,
};

/** Offering and accepting for others is for who sees everything; a Partner Solutions Finder lead goes to nobody else. */
function forOthers(actor: Person, deal: Deal, what: string): Verdict | undefined {
  if (!seesEverything(actor))
    return no(`Only the alliance lead, the alliance team and ACE managers can ${what}. Ask one of them.`);
  return deal.kind === 'lead' && isPsf(deal)
    ? no('A Partner Solutions Finder lead is for the alliance lead alone: AWS shows it to nobody else.')
    : undefined;
}

function acceptable(actor: Person, deal: Deal, now: Date): Verdict {
  const invitation = invitationOf(deal);
  if (deal.kind === 'opportunity')
    return no('This is an opportunity already: there is nothing left to accept or reject.');
  if (!invitation) return no('This lead is yours already: there is nothing left to accept or reject.');
  if (invitation.status !== 'PENDING') return no(tooLate(deal, invitation.status, goesOnAs(actor, deal)));
  if (Date.parse(invitation.expiresAt) > now.getTime()) return YES;
  const ended = plainMoment(invitation.expiresAt, now, actor.timeZone);
  return no(`The invitation ran out (${ended}). Ask ${asker(deal)} to send it again.`);
}

/** What it became, for whoever sees everything: to a seller who was once offered it, that may be somebody else's deal. */
const goesOnAs = (actor: Person, deal: Deal): string | undefined =>
  seesEverything(actor) ? invitationOf(deal)?.successor : undefined;

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

function takesNextStep(actor: Person, deal: Deal): Verdict {
  if (deal.kind === 'opportunity')
    return mayEdit('nextStep', deal) ? YES : AS_IT_STANDS[editState(deal)]('next step');
  const successor = goesOnAs(actor, deal);
  if (deal.kind === 'referral' && successor)
    return no(`It is accepted and goes on as ${successor}. Give the next step there.`);
  return no(
    deal.kind === 'referral'
      ? 'A next step belongs to an opportunity. Accept the referral first.'
      : 'A next step belongs to an opportunity. A lead becomes one when it is converted.',
  );
}

function takesStage(deal: Deal): Verdict {
  if (deal.kind === 'opportunity')
    return mayEdit('stage', deal) ? YES : AS_IT_STANDS[editState(deal)]('change of stage');
  return no(
    deal.kind === 'lead'
      ? 'A lead has a status, not a stage. “update-lead” changes it.'
      : 'A stage belongs to an opportunity. Accept the referral first.',
  );
}

/** What AWS answers outside drafts and approved, open records, and what then helps. */
const AS_IT_STANDS: Record<EditState, (what: string) => Verdict> = {
  'Pending Submission': () => YES,
  Approved: () => YES,
  Submitted: reviewing,
  'In review': reviewing,
  'Action Required': (what) =>
    no(`AWS wants its remark answered first and takes no ${what} until then. “repair” does that.`),
  Rejected: () =>
    no(
      'AWS rejected it, and the record is closed. Create a new opportunity in Partner Central if it lives on.',
    ),
  'Approved, Launched': (what) =>
    no(`It is launched: AWS takes no ${what} any more. There is nothing left to do.`),
  'Approved, Closed Lost': (what) =>
    no(
      `It is closed lost: AWS takes no ${what} any more. If the deal came back, clone it in Partner Central.`,
    ),
};

function reviewing(what: string): Verdict {
  return {
    yes: false,
    locked: true,
    why: `AWS is reviewing it and takes no changes until it is done. Nothing was sent. Queue your ${what}, or drop it.`,
  };
}

function takesRepair(deal: Deal): Verdict {
  if (deal.kind !== 'opportunity') return no('Only an opportunity that AWS sent back is repaired.');
  const state = reviewState(deal);
  if (state === 'Action Required') return YES;
  if (state === 'Submitted' || state === 'In review')
    return no('AWS is reviewing it: nothing is asked of you now.');
  return no('AWS asks nothing of you here: only what has the status “action required” is repaired.');
}

function takesLeadUpdate(deal: Deal): Verdict {
  if (deal.kind === 'lead') return isInvitation(deal) ? no('Accept the lead first, then update it.') : YES;
  return no('This is no lead. “change-stage” and “next-step” update an opportunity.');
}

/**
 * Sales guide, Transfer Lead and Opportunity Ownership: open stages only; ours as draft, action required or approved;
 * AWS's once approved (before that it is offered); leads once accepted. An ACE user gives away what they own.
 */
function transferable(actor: Person, deal: Deal): Verdict {
  if (isInvitation(deal)) {
    const successor = goesOnAs(actor, deal);
    return no(
      successor
        ? `It is accepted and goes on as ${successor}. Transfer that.`
        : 'It is nobody’s yet. While it is pending, “offer” gives it to colleagues, or accept it for one of them.',
    );
  }
  if (deal.kind === 'lead' && isPsf(deal))
    return no('A Partner Solutions Finder lead is for the alliance lead alone: AWS shows it to nobody else.');
  if (deal.kind === 'opportunity') {
    const stuck = stays(deal);
    if (stuck) return no(stuck);
  }
  return seesEverything(actor) || owns(actor, deal)
    ? YES
    : no('You can give away only what you own. Ask its owner, or an ACE manager.');
}

function stays(opportunity: Opportunity): string | undefined {
  if (!isOpen(opportunity))
    return `It is ${opportunity.stage.toLowerCase()}: Partner Central transfers open stages only.`;
  const state = reviewState(opportunity);
  const takes: string[] =
    opportunity.origin === 'AWS Referral'
      ? ['Approved']
      : ['Pending Submission', 'Action Required', 'Approved'];
  if (takes.includes(state)) return undefined;
  return state === 'Rejected'
    ? 'AWS rejected it: Partner Central does not transfer it any more.'
    : 'AWS is reviewing it: Partner Central transfers it once that is done.';
}

/**
 * Whether that colleague can become the owner: on the roster with one of the four roles, and not the owner already
 * (sales guide, Transferring opportunity ownership). @returns why not, for the person who asks.
 */
export function ineligible(colleague: Person, deal: Deal): string | undefined {
  const name = `${colleague.firstName} ${colleague.lastName}`.trim() || colleague.email;
  if (colleague.role === 'none')
    return `${name} has no access to ace-desk. The alliance lead or team can grant it (“people”).`;
  if (owns(colleague, deal)) return `${name} owns it already.`;
  return undefined;
}
