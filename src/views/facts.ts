/** The facts of a card, at most six, chosen by what the deal is. No customer contact is ever among them. */
import { acceptBy, businessTimeLeft, dayIn, plainDay, plainMoment, timeLeft } from '../pipeline/calendar.ts';
import type { Contact, Deal, Lead, Opportunity, Referral } from '../pipeline/deal.ts';
import { FIELDS } from '../pipeline/fields.ts';
import { isOnlyInvited, leadStatus } from '../pipeline/lead.ts';
import { isPastClose, lastNextSteps } from '../pipeline/opportunity.ts';
import { type Invitation, isFromAws } from '../pipeline/referral.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { customerInWords, isOver, moneyInWords } from './terms.ts';
import type { Fact } from './view.ts';

/** The reader's clock and zone. */
export interface Reader {
  now: Date;
  timeZone: string;
}

const MOST_FACTS = 6;

/** At most six; what is unknown is left out. `successor`: the opportunity or lead an invitation became. */
export function factsOf(deal: Deal, reader: Reader, successor?: Deal): Fact[] {
  return known(pairsOf(deal, reader, successor)).slice(0, MOST_FACTS);
}

type Pair = [label: string, value: string | undefined];

function pairsOf(deal: Deal, reader: Reader, successor?: Deal): Pair[] {
  if (deal.kind === 'opportunity') return ofOpportunity(deal, reader);
  if (deal.kind === 'lead')
    return isOnlyInvited(deal) ? ofOfferedLead(deal, reader) : ofLead(deal, successor);
  return ofReferral(deal, reader, successor);
}

const ofReferral = (referral: Referral, reader: Reader, successor?: Deal): Pair[] => [
  ...outlook(referral, reader, successor),
  ['Revenue', referral.spend && moneyInWords(referral.spend)],
  [FIELDS.company.label, customerInWords(referral)],
  ['Target date', referral.targetDate && plainDay(referral.targetDate, dayIn(reader.now, reader.timeZone))],
  ['AWS contact', nameOfContact(referral.awsContacts[0])],
];

const ofOfferedLead = (lead: Lead, reader: Reader): Pair[] => [
  ...(lead.invitation ? outlook(lead.invitation, reader) : []),
  [FIELDS.company.label, customerInWords(lead)],
  [FIELDS.useCase.label, lead.useCase],
  ['Campaign', lead.campaign ?? lead.source],
  ['Contact’s title', lead.contactTitle],
];

const ofLead = (lead: Lead, successor?: Deal): Pair[] => [
  ['Goes on as', successor?.id],
  [FIELDS.reviewStatus.label, leadStatus(lead)],
  [FIELDS.owner.label, nameOfContact(lead.owner) ?? 'nobody yet'],
  [FIELDS.company.label, customerInWords(lead)],
  [FIELDS.useCase.label, lead.useCase],
  ['Campaign', lead.campaign ?? lead.source],
];

const ofOpportunity = (opportunity: Opportunity, reader: Reader): Pair[] => [
  [FIELDS.stage.label, stageInWords(opportunity)],
  [FIELDS.nextStep.label, nextStepInWords(opportunity, reader)],
  [FIELDS.closeDate.label, closeDateInWords(opportunity, reader)],
  [FIELDS.owner.label, nameOfContact(opportunity.owner) ?? 'nobody yet'],
  ['Revenue', opportunity.spend && moneyInWords(opportunity.spend)],
];

/** While it is pending the clocks count; once accepted, what it became. */
function outlook(invitation: Invitation, reader: Reader, successor?: Deal): Pair[] {
  if (invitation.status === 'PENDING') return clocks(invitation, reader);
  if (invitation.status === 'EXPIRED')
    return [['Expired', plainMoment(invitation.expiresAt, reader.now, reader.timeZone)]];
  return [
    ['Goes on as', successor?.id],
    [FIELDS.owner.label, successor?.kind === 'referral' ? undefined : nameOfContact(successor?.owner)],
  ];
}

/** Both clocks: when AWS asks for an answer, and when AWS takes it away. */
function clocks(invitation: Invitation, { now, timeZone }: Reader): Pair[] {
  const when = (at: string) => plainMoment(at, now, timeZone);
  const { expiresAt } = invitation;
  const expiry: Pair = isOver(expiresAt, now)
    ? ['Ran out', `${when(expiresAt)}, AWS has not closed it yet`]
    : ['Expires', `${when(expiresAt)}, ${timeLeft(expiresAt, now)}`];
  if (!isFromAws(invitation)) return [expiry];
  const asked = acceptBy(invitation.invitedAt);
  if (Date.parse(asked) >= Date.parse(expiresAt)) return [expiry];
  const answer: Pair = isOver(asked, now)
    ? ['AWS asked for an answer by', when(asked)]
    : ['Answer AWS by', `${when(asked)}, ${businessTimeLeft(asked, now)}`];
  return [answer, expiry];
}

/**
 * "Closed Lost (Price)", "Committed; AWS says Launched". AWS's own stage counts once it is terminal (sales guide, AWS stage
 * visibility): the rest of it is AWS's business.
 */
function stageInWords({ stage, closedLostReason, aws }: Opportunity): string {
  const ours = stage === 'Closed Lost' ? because(stage, closedLostReason) : stage;
  if (!aws?.stage || aws.stage === stage || !TERMINAL.includes(aws.stage)) return ours;
  return `${ours}; AWS says ${because(aws.stage, aws.closedLostReason)}`;
}

const TERMINAL: readonly string[] = ['Launched', 'Closed Lost'];

const because = (stage: string, reason: string | undefined): string =>
  reason ? `${stage} (${oneLine(reason)})` : stage;

function nextStepInWords(opportunity: Opportunity, { now, timeZone }: Reader): string {
  const text = oneLine(opportunity.nextStep ?? '');
  if (text === '') return 'none yet';
  const entry = lastNextSteps(opportunity, 1)[0];
  const since = entry && oneLine(entry.text) === text ? ` (${plainMoment(entry.at, now, timeZone)})` : '';
  return `${text}${since}`;
}

function closeDateInWords(opportunity: Opportunity, { now, timeZone }: Reader): string {
  const today = dayIn(now, timeZone);
  if (opportunity.closeDate === undefined) return 'none yet';
  return `${plainDay(opportunity.closeDate, today)}${isPastClose(opportunity, today) ? ', past' : ''}`;
}

const nameOfContact = (contact: Contact | undefined): string | undefined =>
  contact && (oneLine(contact.name) || oneLine(contact.email ?? ''));

const MAX_VALUE = 300;

const known = (pairs: Pair[]): Fact[] =>
  pairs.flatMap(([label, value]) => (value ? [{ label, value: cut(oneLine(value), MAX_VALUE) }] : []));
