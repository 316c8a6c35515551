/** The questions about a change of stage. */
import { plainDay } from '../pipeline/calendar.ts';
import { type Day, type Opportunity, STAGES, type Stage } from '../pipeline/deal.ts';
import { FIELDS } from '../pipeline/fields.ts';
import { CLOSED_LOST_REASONS } from '../pipeline/picklists.ts';
import {
  type Circumstances,
  isFinal,
  leap,
  questionsOf,
  reasonOf,
  STAGE_QUESTIONS,
  type StageErrors,
  type StageQuestion,
  solutionsCalled,
} from '../pipeline/stage.ts';
import { oneLine } from '../pipeline/text.ts';
import { closeDateField, lockedLines } from './form.ts';
import { nameOf, quoted } from './terms.ts';
import type { Field, Form, Option } from './view.ts';

/** What was said so far and what is wrong with it. */
export interface StageDraft {
  circumstances: Circumstances;
  stage?: Stage;
  values: Partial<Record<StageQuestion, string>>;
  errors: StageErrors;
}

/**
 * Without a stage it asks for one and the next step; with one, for what AWS wants for it. A final one is shown old → new,
 * and submitting it is the yes to it (`sure`). `shown` says which stage the questions are for.
 */
export function stageForm(opportunity: Opportunity, draft: StageDraft): Form {
  const { stage, errors } = draft;
  const ends = stage !== undefined && isFinal(stage);
  return {
    kind: 'form',
    verb: 'change-stage',
    title: 'Change stage',
    submit: ends ? `Set ${stage}` : 'Send to AWS',
    intro: [nameOf(opportunity), ...introOf(opportunity, draft), ...lockedLines(opportunity)],
    fields: [
      stageField(opportunity, stage),
      ...shownQuestions(opportunity, draft).map((question) => FIELD[question](opportunity, draft)),
    ],
    input: {
      id: opportunity.id,
      ...(stage ? { shown: stage } : {}),
      ...(ends ? { sure: 'yes' } : {}),
    },
    ...(Object.keys(errors).length > 0 ? { errors: { ...errors } } : {}),
  };
}

/** What must or may be answered, and what was said or is wrong although nobody asked. */
function shownQuestions(
  opportunity: Opportunity,
  { stage = opportunity.stage, circumstances, values, errors }: StageDraft,
): StageQuestion[] {
  const questions = questionsOf(opportunity, stage, circumstances);
  return STAGE_QUESTIONS.filter(
    (it) => questions[it] !== 'no' || values[it] !== undefined || errors[it] !== undefined,
  );
}

function introOf(opportunity: Opportunity, { stage, circumstances, values }: StageDraft): string[] {
  const { stage: from, closeDate: was, aws } = opportunity;
  const { today } = circumstances;
  const said = aws?.stage === 'Launched' || aws?.stage === 'Closed Lost' ? [`AWS says ${aws.stage}.`] : [];
  if (!stage || stage === from) return [`Stage now: ${from}`, ...said];
  const { closeDate, nextStep } = values;
  return [
    `Stage: ${from} → ${stage}${leapInWords(from, stage, ', ')}`,
    ...(closeDate && closeDate !== was
      ? [`Close date: ${was ? plainDay(was, today) : 'none'} → ${plainDay(closeDate, today)}`]
      : []),
    ...(nextStep ? [`Next step: ${quoted(nextStep)}`] : []),
    ...said,
    ...(stage === 'Launched' || stage === 'Closed Lost' ? [AFTERWARDS[stage]] : []),
  ];
}

/** Partner Central API, state machine: approved and launched, approved and closed lost. */
const AFTERWARDS = {
  Launched:
    'This cannot be taken back: once it is launched, AWS takes no next step, no other stage and no other close date.',
  'Closed Lost':
    'This cannot be taken back: once it is closed lost, AWS takes no change at all. If the deal comes back, clone it in Partner Central.',
} as const;

function leapInWords(from: Stage, to: Stage, before: string): string {
  const far = leap(from, to);
  if ('back' in far) return `${before}back from ${from}`;
  const { skipped } = far;
  if (skipped.length === 0) return '';
  return `${before}skips ${skipped.length === 1 ? skipped[0] : `${skipped.length} stages`}`;
}

function stageField({ stage: from }: Opportunity, value: Stage | undefined): Field {
  const options = STAGES.filter((stage) => stage !== from).map(
    (stage): Option => ({ value: stage, label: `${stage}${leapInWords(from, stage, ' – ')}` }),
  );
  return { id: 'stage', kind: 'choice', label: 'New stage', options, ...(value ? { value } : {}) };
}

/** As options of a choice: "Cloud Migration Factory (S-1234567)"; the value is the solution's id. */
export const solutionOptions = (solutions: readonly { id: string; name: string }[]): Option[] =>
  solutions.map(({ id, name }) => ({ value: id, label: `${oneLine(name)} (${id})` }));

const filled = (value: string | undefined) => (value === undefined ? {} : { value });

const FIELD: Record<StageQuestion, (opportunity: Opportunity, draft: StageDraft) => Field> = {
  solution: (_, { circumstances: { solutions }, values }) => ({
    id: 'solution',
    kind: 'choice',
    label: FIELDS.solutions.label,
    hint: 'AWS takes no “Other” at this stage. The solution is added first, then the stage changes.',
    options: solutionOptions(solutions),
    source: 'solutions',
    ...filled(solutionsCalled(values.solution ?? '', solutions)[0]?.id),
  }),
  closeDate: (opportunity, { stage, circumstances: { today }, values, errors }) => ({
    ...closeDateField(opportunity, {
      today,
      ...(values.closeDate === undefined ? {} : { closeDate: values.closeDate }),
      ...(errors.closeDate === undefined ? {} : { errors: { closeDate: errors.closeDate } }),
    }),
    ...(stage && isFinal(stage) && !errors.closeDate ? closedHint(opportunity, today) : {}),
  }),
  closedLostReason: (_, { values }) => ({
    id: 'closedLostReason',
    kind: 'choice',
    label: FIELDS.closedLostReason.label,
    options: CLOSED_LOST_REASONS.map((reason) => ({ value: reason, label: reason })),
    ...filled(values.closedLostReason && reasonOf(values.closedLostReason)),
  }),
  awsAccountId: ({ awsAccountId }, { circumstances, values }) => ({
    id: 'awsAccountId',
    kind: 'text',
    label: FIELDS.awsAccountId.label,
    hint: 'The customer’s, 12 digits.',
    maxLength: 20,
    ...(circumstances.partnerPath === 'services' ? {} : { optional: true }),
    ...filled(values.awsAccountId ?? awsAccountId),
  }),
  billing: (_, { values }) => ({
    id: 'billing',
    kind: 'choice',
    label: 'Has billing for the solution begun?',
    options: [{ value: 'yes', label: 'Yes, billing has begun' }],
    ...filled(values.billing),
  }),
  nextStep: (_, { values }) => ({
    id: 'nextStep',
    kind: 'text',
    label: FIELDS.nextStep.label,
    hint: 'AWS reads this. It goes out in the same update.',
    optional: true,
    maxLength: FIELDS.nextStep.limit,
    multiline: true,
    ...filled(values.nextStep),
  }),
};

/** AWS stage visibility (sales guide): at the end the close date becomes the day it closed; AWS refuses past days. */
function closedHint(opportunity: Opportunity, today: Day): { hint: string } {
  const { closeDate: was } = opportunity;
  const stands = was ? ` AWS has ${plainDay(was, today)}.` : '';
  return { hint: `The day it closed; AWS takes today, ${plainDay(today, today)}, at the earliest.${stands}` };
}
