/** The questions about a next step, and what other forms about an opportunity share with it. */
import { isDay, plainDay } from '../pipeline/calendar.ts';
import type { Day, Opportunity, ReviewStatus } from '../pipeline/deal.ts';
import { FIELDS, reviewState } from '../pipeline/fields.ts';
import { isPastClose, lastNextSteps, type NextStepErrors } from '../pipeline/opportunity.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { nameOf, quoted } from './terms.ts';
import { type Button, type Field, type Form, type Note, note } from './view.ts';

/** What was typed so far and what is wrong with it. */
export interface NextStepDraft {
  /** The person's local day. */
  today: Day;
  text?: string;
  closeDate?: Day;
  errors?: NextStepErrors;
}

/** Asks for the next step of an opportunity, with its last three beside it. */
export function nextStepForm(opportunity: Opportunity, draft: NextStepDraft): Form {
  const { today, text, closeDate, errors = {} } = draft;
  const past = isPastClose(opportunity, today);
  const asksDate = past || closeDate !== undefined || errors.closeDate !== undefined;
  return {
    kind: 'form',
    verb: 'next-step',
    title: FIELDS.nextStep.label,
    submit: 'Send to AWS',
    intro: [nameOf(opportunity), ...introOf(opportunity, today)],
    fields: [textField(text), ...(asksDate ? [closeDateField(opportunity, draft)] : [])],
    input: { id: opportunity.id },
    ...(errors.text || errors.closeDate ? { errors: { ...errors } } : {}),
  };
}

/**
 * AWS holds the record: queue it, or drop it. Both buttons are that verb again, with all that was asked.
 * @param why the verdict's own words (policy.ts).
 * @param what the text or values that would wait, a line each.
 */
export function queueNote(
  opportunity: Opportunity,
  why: string,
  { verb, what, input }: { verb: Verb; what: string[]; input: Record<string, string> },
): Note {
  const queue: Button = { verb, label: 'Queue it', style: 'primary', input: { ...input, queue: 'yes' } };
  const drop: Button = { verb, label: 'Drop it', input: { id: opportunity.id, queue: 'no' } };
  const lines = [
    ...what,
    'If you queue it, it goes to AWS by itself once the review is over; until then “waiting” can take it back.',
    'In a typed line “(queue)” at its end queues it.',
  ];
  return { ...note(`${nameOf(opportunity)}: ${why}`, lines), buttons: [queue, drop] };
}

/** The answer to "Drop it". */
export const DROPPED = note('Dropped. Nothing was sent to AWS and nothing waits.');

/** Said in a form beforehand where AWS holds the record. */
export const lockedLines = (opportunity: Opportunity): string[] =>
  LOCKED.includes(reviewState(opportunity))
    ? ['AWS is reviewing this deal: you will be asked whether to queue it.']
    : [];

const LOCKED: readonly ReviewStatus[] = ['Submitted', 'In review'];

function introOf(opportunity: Opportunity, today: Day): string[] {
  const steps = lastNextSteps(opportunity, 3).map(
    ({ text, at }) => `${plainDay(at.slice(0, 10), today)}: ${quoted(text)}`,
  );
  return [
    'AWS reads this.',
    ...lockedLines(opportunity),
    ...(steps.length > 0 ? ['Last next steps:', ...steps] : [standing(opportunity)]),
  ];
}

/** AWS may know a next step and no history of it. */
const standing = ({ nextStep }: Opportunity): string =>
  nextStep ? `The next step now: ${quoted(nextStep)}` : 'There is no next step yet.';

const textField = (value: string | undefined): Field => ({
  id: 'text',
  kind: 'text',
  label: FIELDS.nextStep.label,
  hint: 'What happens next, who does it, by when.',
  maxLength: FIELDS.nextStep.limit,
  multiline: true,
  ...(value === undefined ? {} : { value }),
});

/** Says why it is asked, unless the error beside it does. */
export function closeDateField(
  opportunity: Opportunity,
  {
    today,
    closeDate,
    errors,
  }: Pick<NextStepDraft, 'today' | 'closeDate'> & { errors?: { closeDate?: string } },
): Field {
  const { closeDate: was } = opportunity;
  const past = isPastClose(opportunity, today);
  const stands = was === undefined ? [] : [`AWS has ${plainDay(was, today)}.`];
  const why = past ? ['AWS takes no update while it is past.'] : [];
  const hint = errors?.closeDate ? '' : [...stands, ...why].join(' ');
  return {
    id: 'closeDate',
    kind: 'date',
    label: 'New close date',
    ...(hint ? { hint } : {}),
    // A date field holds nothing else; the error beside it says so.
    ...(closeDate !== undefined && isDay(closeDate) ? { value: closeDate } : {}),
  };
}
