/** What may stand where several read: the card of a room, and the lines in its thread. */
import { dayIn, plainDay } from '../pipeline/calendar.ts';
import { type Change, isLocal } from '../pipeline/change.ts';
import type { Deal } from '../pipeline/deal.ts';
import { FIELDS } from '../pipeline/fields.ts';
import { isPsf, leadStatus } from '../pipeline/lead.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { INVITATION_IN_WORDS, successorOf } from '../pipeline/referral.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { showButton } from './actions.ts';
import { companyOf, moneyInWords } from './terms.ts';
import type { Button, Card, Fact } from './view.ts';
import { fieldsOf, labelOf, nameOfPerson } from './wish.ts';

/** Who reads along there, as a door told it. */
export interface Audience {
  /** "#deals"; absent where it has none. */
  name?: string;
  readers: readonly string[];
  isOpenToOthers: boolean;
  isUnclear: boolean;
  /** Whoever is in the workspace can open it unasked. Absent: not known, or not so. */
  isPublic?: boolean;
}

/** closed: the id alone. open: company, and stage or status. opened: owner, close date, next step and amount as well. */
export type Openness = 'closed' | 'open' | 'opened';

/**
 * What a room may show. A room that is shared outside, holds guests or is not known well enough sees nothing; of a national
 * security opportunity, or a Partner Solutions Finder lead (for the alliance lead alone), no room sees anything.
 */
export function opennessOf(
  deal: Deal,
  { isOpenToOthers, isUnclear }: Pick<Audience, 'isOpenToOthers' | 'isUnclear'>,
  isOpened: boolean,
  successor?: Deal,
): Openness {
  if (isOpenToOthers || isUnclear || isHidden(deal, successor)) return 'closed';
  return isOpened ? 'opened' : 'open';
}

/** Itself, or what it became; what that is may not be known yet. */
export const isHidden = (deal: Deal, successor?: Deal): boolean =>
  isSecret(deal) ||
  (deal.kind === 'lead' && isPsf(deal)) ||
  (successor ? isHidden(successor) : successorOf(deal) !== undefined);

/** Marked national security. */
export const isSecret = (deal: Deal): boolean => deal.kind === 'opportunity' && deal.nationalSecurity;

/**
 * A deal for a whole room. Never contacts, account ID or AWS's remark; more than company and stage only where the alliance
 * lead opened the room. Its buttons act as whoever presses, whom the law is asked about then.
 * @param actor who posted it and may see it: what they may do is worth a button.
 */
export function roomCard(deal: Deal, how: Openness, { actor, now }: { actor: Person; now: Date }): Card {
  const privately = showButton(deal.id, 'Open privately');
  const id = cut(oneLine(deal.id), 40);
  if (how === 'closed') return { kind: 'card', title: id, facts: [], progress: 'idle', buttons: [privately] };
  return {
    kind: 'card',
    title: companyOf(deal),
    subtitle: id,
    facts: factsOf(deal, how, dayIn(now, 'UTC')),
    progress: 'idle',
    buttons: [
      privately,
      ...WORK.filter(({ verb }) => applies(verb, actor, deal, now)).map((it) => ({
        ...it,
        input: { id: deal.id },
      })),
    ],
  };
}

const WORK: readonly (Omit<Button, 'input' | 'verb'> & { verb: 'next-step' | 'change-stage' })[] = [
  { verb: 'next-step', label: 'Next step…', opens: 'form' },
  { verb: 'change-stage', label: 'Change stage…', opens: 'form' },
];

function applies(verb: 'next-step' | 'change-stage', actor: Person, deal: Deal, now: Date): boolean {
  const verdict = can(actor, verb, deal, now);
  return verdict.yes || verdict.locked === true;
}

function factsOf(deal: Deal, how: Openness, today: string): Fact[] {
  const pairs: [label: string, value: string | undefined][] = [
    stateOf(deal),
    ...(how === 'opened' ? moreOf(deal, today) : []),
  ];
  return pairs.flatMap(([label, value]) =>
    value && oneLine(value) ? [{ label, value: cut(oneLine(value), 300) }] : [],
  );
}

function stateOf(deal: Deal): [label: string, value: string] {
  if (deal.kind === 'opportunity') return [FIELDS.stage.label, deal.stage];
  const status = deal.kind === 'lead' ? leadStatus(deal) : INVITATION_IN_WORDS[deal.status];
  return [FIELDS.reviewStatus.label, status];
}

function moreOf(deal: Deal, today: string): [label: string, value: string | undefined][] {
  if (deal.kind === 'lead') return [[FIELDS.owner.label, deal.owner?.name]];
  const revenue = deal.spend && moneyInWords(deal.spend);
  if (deal.kind === 'referral') return [['Revenue', revenue]];
  return [
    [FIELDS.owner.label, deal.owner?.name],
    [FIELDS.closeDate.label, deal.closeDate && plainDay(deal.closeDate, today)],
    [FIELDS.nextStep.label, deal.nextStep],
    ['Revenue', revenue],
  ];
}

/**
 * A line for the thread of a card, once AWS has answered; only words that every reader of the room may see: who owns the
 * deal only where it is opened. Undefined where there is nothing to say.
 */
export function threadLine(change: Change, how: Openness): string | undefined {
  if (how === 'closed') return undefined;
  const { state, wish } = change;
  if (isLocal(wish) || change.notSent) return undefined;
  const who = oneLine(change.person.name) || 'A colleague';
  if (state === 'refused') return `AWS did not take it: ${subjectOf(change)}, asked by ${who}`;
  if (state !== 'confirmed') return undefined;
  if (wish.kind === 'update' && wish.set.stage) return `${who} moved it to ${oneLine(wish.set.stage)}`;
  if (wish.kind === 'update-lead' && wish.set.status)
    return `${who} set the lead status to ${oneLine(wish.set.status)}`;
  if (wish.kind === 'accept')
    return wish.for && how === 'opened'
      ? `${who} accepted it for ${nameOfPerson(wish.for)}`
      : `${who} accepted it`;
  if (wish.kind === 'reject') return `${who} rejected it`;
  if (wish.kind === 'assign' && !wish.as)
    return how === 'opened'
      ? nameOfPerson(wish.to) === who
        ? `${who} took it`
        : `${nameOfPerson(wish.to)} owns it now, by ${who}`
      : `${who} gave it another owner`;
  const subject = subjectOf(change);
  return `${subject[0]?.toUpperCase()}${subject.slice(1)} updated by ${who}`;
}

/** What was asked, without any of its values. */
function subjectOf({ wish }: Change): string {
  switch (wish.kind) {
    case 'update': {
      const labels = fieldsOf(wish).map(labelOf);
      return labels.length > 2 ? `${labels.length} fields` : labels.join(' and ');
    }
    case 'update-lead':
      return wish.set.status ? 'lead status' : 'note on what happened';
    case 'accept':
      return 'acceptance';
    case 'reject':
      return 'rejection';
    case 'assign':
    case 'own':
      return wish.kind === 'assign' && wish.as ? 'AWS Partner sales contact' : 'change of owner';
    case 'associate':
      return 'solution';
    case 'submit':
      return 'submission to AWS';
    case 'offer':
      return 'offer';
  }
}
