/** The questions about an invitation and about an owner: who, and why. */
import type { Deal, Opportunity } from '../pipeline/deal.ts';
import { isTheirs, type Person, seesEverything } from '../pipeline/person.ts';
import { DUPLICATE, MAX_REJECTION_REASON, REJECTION_REASONS } from '../pipeline/picklists.ts';
import type { Rejection, RejectionErrors } from '../pipeline/rejection.ts';
import { oneLine } from '../pipeline/text.ts';
import { personOptions } from './people.ts';
import { nameOf, stateInWords } from './terms.ts';
import type { Field, Form } from './view.ts';

/** Who may be chosen, and what was wrong with the name that was given. */
export interface Choosing {
  people: readonly Person[];
  error?: string;
}

/** For whom it is accepted. */
export const acceptForForm = (deal: Deal, { people, error }: Choosing): Form => ({
  kind: 'form',
  verb: 'accept',
  title: 'Accept for a colleague',
  submit: 'Accept',
  intro: [nameOf(deal), 'They become its owner and get the contacts; you are told what AWS answers.'],
  fields: [personField('Who becomes the owner?', people)],
  input: { id: deal.id, ask: 'person' },
  ...(error ? { errors: { person: error } } : {}),
});

/** `offered`: the ids of those who have it by now. `chosen`: of those who are chosen on the form. */
export type Offering = Choosing & { offered: readonly string[]; chosen: readonly string[] };

/** To whom a pending referral or lead is offered; who has it already is chosen, and left out it is withdrawn. */
export function offerForm(deal: Deal, { people, error, offered, chosen }: Offering): Form {
  const isOffered = offered.length > 0;
  return {
    kind: 'form',
    verb: 'offer',
    title: 'Offer',
    submit: 'Offer',
    intro: [
      nameOf(deal),
      'They see it from then on, and may accept or reject it.',
      ...(isOffered ? ['Whoever is not chosen any more no longer sees it.'] : []),
    ],
    fields: [
      {
        id: 'people',
        kind: 'choices',
        label: 'Offer it to',
        hint: 'Only ACE users need an offer: everybody else sees it anyway.',
        ...(isOffered ? { optional: true } : {}),
        options: personOptions(people),
        source: 'offerable',
        ...(chosen.length > 0 ? { value: chosen.join(',') } : {}),
      },
    ],
    input: { id: deal.id, shown: offered.join(',') },
    ...(error ? { errors: { people: error } } : {}),
  };
}

/** What was said so far, and what is in the pipeline already that may be the same. */
export interface Rejecting {
  said: Rejection;
  errors?: RejectionErrors;
  duplicates: readonly Deal[];
}

/** Why it is rejected; says what is lost, and asks once. */
export function rejectForm(deal: Deal, { said, errors, duplicates }: Rejecting): Form {
  const reason = said.reason ?? (duplicates.length > 0 ? DUPLICATE : undefined);
  const alike = duplicates.map((it) => `· ${duplicateInWords(it)}`);
  return {
    kind: 'form',
    verb: 'reject',
    title: 'Reject',
    submit: 'Reject it',
    intro: [
      nameOf(deal),
      'Rejected, AWS takes it away: you lose access to it, and it cannot be taken back.',
      ...(alike.length > 0 ? ['In your pipeline already, perhaps the same:', ...alike] : []),
    ],
    fields: [
      {
        id: 'reason',
        kind: 'choice',
        label: 'Reason',
        options: REJECTION_REASONS.map((it) => ({ value: it, label: it })),
        ...(reason ? { value: reason } : {}),
      },
      {
        id: 'own',
        kind: 'text',
        label: 'Details in your own words',
        hint: `AWS reads it behind the reason, ${MAX_REJECTION_REASON} characters in all; alone, where the reason is “Other”.`,
        optional: true,
        maxLength: MAX_REJECTION_REASON,
        ...(said.own ? { value: said.own } : {}),
      },
    ],
    input: { id: deal.id, sure: 'yes' },
    ...(errors ? { errors: { ...errors } } : {}),
  };
}

/** Who gets it. */
export function transferForm(deal: Deal, actor: Person, { people, error }: Choosing): Form {
  const owner = deal.kind === 'referral' ? undefined : deal.owner;
  const now = oneLine(owner?.name || owner?.email || '') || 'nobody';
  const keepsSight =
    seesEverything(actor) || (deal.kind === 'opportunity' && isTheirs(actor, deal.submittedBy));
  return {
    kind: 'form',
    verb: 'transfer',
    title: 'Transfer',
    submit: 'Transfer',
    intro: [
      nameOf(deal),
      `Owner now: ${now}.`,
      ...(keepsSight ? [] : ['Once it is theirs you no longer see it.']),
    ],
    fields: [personField('New owner', people), ...(deal.kind === 'opportunity' ? [calledField(deal)] : [])],
    input: { id: deal.id, was: owner?.email ?? '' },
    ...(error ? { errors: { person: error } } : {}),
  };
}

/** Asked in the same form: whoever gives a deal away may not see it afterwards. */
const calledField = ({ salesContact }: Opportunity): Field => ({
  id: 'contact',
  kind: 'choice',
  label: 'AWS Partner sales contact',
  hint: `Whom AWS calls${salesContact ? `; now ${oneLine(salesContact.name)}` : ''}. Left empty, AWS goes on as before.`,
  optional: true,
  options: [{ value: 'yes', label: 'The new owner too' }],
});

const personField = (label: string, people: readonly Person[]): Field => ({
  id: 'person',
  kind: 'choice',
  label,
  options: personOptions(people),
  source: 'people',
});

function duplicateInWords(deal: Deal): string {
  const owner = deal.kind === 'referral' ? undefined : deal.owner;
  const state = deal.kind === 'opportunity' ? deal.stage : stateInWords(deal);
  return [nameOf(deal), state, oneLine(owner?.name || owner?.email || '')].filter(Boolean).join(' · ');
}
