import { z } from 'zod';
import { dayIn } from '../pipeline/calendar.ts';
import { isOpen } from '../pipeline/change.ts';
import { type Deal, type Opportunity, STAGES, type Stage } from '../pipeline/deal.ts';
import { CLOSED_LOST_REASONS } from '../pipeline/picklists.ts';
import { can } from '../pipeline/policy.ts';
import {
  isFinal,
  changeStage as move,
  questionsOf,
  STAGE_QUESTIONS,
  type StageErrors,
  type StageQuestion,
  stageOf,
} from '../pipeline/stage.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import type { Loaded } from '../store/deals.ts';
import { activeSolutions } from '../store/solutions.ts';
import { DROPPED, queueNote } from '../views/form.ts';
import { stageForm } from '../views/stage.ts';
import { quoted } from '../views/terms.ts';
import { problem } from '../views/view.ts';
import { ago } from '../views/words.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, type Decision } from './deal.ts';

const said = z.string().max(2000).optional();
const Input = z.object({
  id: DealId,
  stage: said,
  ...{ nextStep: said, closeDate: said, closedLostReason: said, awsAccountId: said, solution: said },
  /** The form's own answer; a typed "(yes)" says the same. */
  billing: z.literal('yes').optional(),
  /** A final stage was shown old → new, and they said yes to it. */
  sure: z.literal('yes').optional(),
  /** The stage the form's questions were for. */
  shown: said,
  /** The answer to "AWS has it locked: queue it or drop it?" */
  queue: z.enum(['yes', 'no']).optional(),
  /** "next Friday" was read as a date: show it before AWS reads it. */
  check: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** Moves an opportunity to another stage, with an optional next step (sales guide, Updating next steps and opportunity stage). */
export const changeStage = command({
  verb: 'change-stage',
  about: 'act',
  opensForm: (input) => input.stage === undefined,
  summary: 'Move an opportunity to another stage, with a next step if you like',
  usage:
    'change-stage <deal>: <stage> [(next step <nextStep>)] [(close <closeDate>)] [(reason <closedLostReason>)] [(account <awsAccountId>)] [(solution <solution>)] [(yes)] [(queue)]',
  more: [
    `Stages: ${STAGES.join(', ')}.`,
    `(reason …) is for Closed Lost, one of: ${CLOSED_LOST_REASONS.join('; ')}.`,
    '(next step …) goes out in the same update. (close …) takes a day: 2026-12-31, 31 Dec, next Friday.',
    '(account …) is the customer’s AWS account ID, 12 digits. (solution …) is the id or whole name of one of yours.',
    '(yes) says that you are sure: Launched and Closed Lost cannot be taken back; at Launched also that billing has begun.',
    '(queue) lets it wait where AWS is reviewing the deal.',
    'Such as: change-stage 3: Closed Lost (reason Price) (close today) (yes)',
  ],
  takesDeal: true,
  input: Input,
  run: (input, context) =>
    input.queue === 'no'
      ? Promise.resolve({ reply: DROPPED })
      : actOn('change-stage', input.id, context, (found) => decide(found, input, context)),
});

async function decide(found: Loaded, input: Input, context: Context): Promise<Decision> {
  const { deal } = found;
  const verdict = can(context.actor, 'change-stage', deal, context.now);
  if (deal.kind !== 'opportunity' || (!verdict.yes && !verdict.locked))
    return refuse(deal, verdict.yes ? '' : verdict.why);
  const decision = await ask(found, deal, input, context);
  if ('result' in decision || verdict.yes) return decision;
  if (input.queue === 'yes')
    return { wanted: decision.wanted.map((it) => ({ ...it, waitsFor: 'locked' as const })) };
  const { stage = '', sure } = input;
  const answers = answersOf(input);
  const what = [`${deal.stage} → ${stageOf(stage)}`, ...(answers.nextStep ? [quoted(answers.nextStep)] : [])];
  const kept = { id: deal.id, stage, ...answers, ...(sure ? { sure } : {}) };
  const reply = queueNote(deal, verdict.why, { verb: 'change-stage', what, input: kept });
  return { result: { reply, ok: false } };
}

const refuse = ({ company }: Deal, why: string): Decision => ({
  result: { reply: problem(`${company}: ${why}`), ok: false },
});

/** The form while anything is missing, wrong or not yet said yes to, values kept; else the wishes. */
async function ask(found: Loaded, deal: Opportunity, input: Input, context: Context): Promise<Decision> {
  const { store, actor, now, settings } = context;
  const stage = stageOf(input.stage ?? '');
  const today = dayIn(now, actor.timeZone);
  const questions = stage && questionsOf(deal, stage, { ...settings, today });
  const needsSolution = questions?.solution === 'must';
  const solutions = needsSolution || input.solution ? await activeSolutions(store, MOST_SOLUTIONS) : [];
  const circumstances = { ...settings, today, solutions };
  const values = answersOf(input);
  const form = (errors: StageErrors, kept = values): Decision => {
    const draft = { circumstances, values: kept, errors, ...(stage ? { stage } : {}) };
    const isWrong = Object.keys(errors).length > 0;
    return { result: { reply: stageForm(deal, draft), ...(isWrong ? { ok: false } : {}) } };
  };
  if (!stage || !questions)
    return form(input.stage === undefined ? {} : { stage: unknownStage(input.stage) });
  const faster = underWay(found, stage, context);
  if (faster) return refuse(deal, faster);
  if (needsSolution && solutions.length === 0) return refuse(deal, noSolution(stage));
  const shown = input.shown === undefined ? undefined : stageOf(input.shown);
  if (shown && differ(questions, questionsOf(deal, shown, circumstances)))
    return form({}, only(values, questions));
  const sure = input.sure === 'yes' && (shown ?? stage) === stage;
  const asked = { ...values, stage, billing: sure || values.billing === 'yes' };
  const moved = move(deal, asked, circumstances);
  if ('errors' in moved) return form(shown ? moved.errors : worthSaying(moved.errors, values));
  if (input.check || (isFinal(stage) && !sure)) return form({});
  return { wanted: moved.wishes.map((wish) => ({ wish })) };
}

// More than any partner has: a door asks while somebody types, so a form need not show them all at once.
const MOST_SOLUTIONS = 5000;

type Answers = Partial<Record<StageQuestion, string>>;

/** What was answered; what is blank was not. */
const answersOf = (input: Input): Answers =>
  Object.fromEntries(
    STAGE_QUESTIONS.flatMap((it) => {
      const answer = input[it]?.trim();
      return answer ? [[it, answer]] : [];
    }),
  );

const only = (answers: Answers, questions: Questions): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([it]) => questions[it as StageQuestion] !== 'no'));

type Questions = ReturnType<typeof questionsOf>;

const differ = (one: Questions, other: Questions): boolean =>
  STAGE_QUESTIONS.some((it) => (one[it] === 'no') !== (other[it] === 'no'));

/** Nobody was asked yet: what is missing is a question, not a mistake, unless the yes is all that is missing. */
function worthSaying(errors: StageErrors, answers: Answers): StageErrors {
  if (Object.keys(errors).join() === 'billing') return errors;
  const { stage } = errors;
  const wrong = STAGE_QUESTIONS.filter((it) => answers[it] !== undefined && errors[it] !== undefined);
  return { ...(stage ? { stage } : {}), ...Object.fromEntries(wrong.map((it) => [it, errors[it]])) };
}

/** Somebody, perhaps the same person, asked AWS for that very stage and it is not settled yet. */
function underWay({ changes }: Loaded, stage: Stage, { actor, now }: Context): string | undefined {
  const change = changes.find(
    ({ wish, state }) => wish.kind === 'update' && wish.set.stage === stage && isOpen(state),
  );
  if (!change) return undefined;
  const who = change.person.id === actor.id ? 'You' : oneLine(change.person.name);
  return `${who} asked AWS for ${stage} ${ago(change.requestedAt, now)}; it is on its way. Nothing more was sent.`;
}

const unknownStage = (said: string): string =>
  /^\s*(?:closed[\s/-]*)?won\s*$/i.test(said)
    ? 'Partner Central calls it Launched, once billing for the solution has begun.'
    : `“${cut(oneLine(said), 40)}” is no stage. The stages are ${STAGES.join(', ')}.`;

/** ACE data model: "Solution offered cannot be 'Other' when Opportunity stage is Committed or Launched". */
const noSolution = (stage: Stage): string =>
  `AWS takes ${stage} only with a solution of yours on the opportunity, and I know no active one. In Partner Central, create one under Solutions or have it activated, or add one to the opportunity there; then say this again. ace-desk reads your solutions every night.`;
