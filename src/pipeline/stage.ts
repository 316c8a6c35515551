/** The move of the verb `change-stage`: what each stage asks for, and the wishes that come of it. */
import type { Values, Wish } from './change.ts';
import { type Day, type Opportunity, STAGES, type Stage } from './deal.ts';
import { reviewState } from './fields.ts';
import { closeDateError, isPastClose, nextStepError, updateOf } from './opportunity.ts';
import { CLOSED_LOST_REASONS } from './picklists.ts';
import { clean, oneLine } from './text.ts';

/** What may be asked beside the stage. `billing` is said, never sent. */
export const STAGE_QUESTIONS = [
  'solution',
  'closeDate',
  'closedLostReason',
  'awsAccountId',
  'billing',
  'nextStep',
] as const;
export type StageQuestion = (typeof STAGE_QUESTIONS)[number];
export type StageErrors = Partial<Record<'stage' | StageQuestion, string>>;

/** What a person asked for, as they wrote it. */
export interface AskedStage {
  stage: Stage;
  /** Its id, or its name. */
  solution?: string;
  closeDate?: string;
  closedLostReason?: string;
  awsAccountId?: string;
  /** They say that billing for the solution has begun. */
  billing?: boolean;
  nextStep?: string;
}

export interface Circumstances {
  /** The person's local day: the close date is a local due date. */
  today: Day;
  /** On the services path AWS wants the customer's account ID at launch (ACE data model, AwsAccountId). */
  partnerPath?: 'services' | 'software';
  /** The partner's active ones. */
  solutions: readonly Solution[];
}

export interface Solution {
  id: string;
  name: string;
}

/** Once it is there AWS takes it back no more (Partner Central API, state machine: approved, launched and closed lost). */
export const isFinal = (stage: Stage): boolean => stage === 'Launched' || stage === 'Closed Lost';

/**
 * What has to be answered for that stage. Sales guide, AWS stage visibility: at the end the close date and, if applicable,
 * the AWS account ID; AWS sales stages: launched is when billing has begun. ACE data model: Closed Lost needs its reason,
 * Committed and Launched a solution that is not "Other", and no update goes through while the close date is past.
 */
export function questionsOf(
  opportunity: Opportunity,
  stage: Stage,
  { today, partnerPath }: Omit<Circumstances, 'solutions'>,
): Record<StageQuestion, 'must' | 'may' | 'no'> {
  const launches = stage === 'Launched';
  const needsSolution = launches || stage === 'Committed';
  return {
    solution: needsSolution && opportunity.solutions.length === 0 ? 'must' : 'no',
    closeDate: isFinal(stage) || isPastClose(opportunity, today) ? 'must' : 'no',
    closedLostReason: stage === 'Closed Lost' ? 'must' : 'no',
    awsAccountId: launches ? (partnerPath === 'services' ? 'must' : 'may') : 'no',
    billing: launches ? 'must' : 'no',
    nextStep: 'may',
  };
}

/**
 * The wishes, in their order: a solution is associated first, since AWS looks for it when the stage comes. Or what is wrong
 * or missing, by question.
 */
export function changeStage(
  opportunity: Opportunity,
  asked: AskedStage,
  circumstances: Circumstances,
): { wishes: Wish[] } | { errors: StageErrors } {
  const errors = errorsOf(opportunity, asked, circumstances);
  if (Object.keys(errors).length > 0) return { errors };
  const [solution] = solutionsCalled(asked.solution ?? '', circumstances.solutions);
  const isNew = solution && !opportunity.solutions.includes(solution.id);
  return {
    wishes: [
      ...(isNew ? [{ kind: 'associate', solution } as const] : []),
      updateOf(opportunity, valuesOf(asked)),
    ],
  };
}

/** Those a text means: by id, or by the whole name in any case. */
export const solutionsCalled = (said: string, solutions: readonly Solution[]): Solution[] =>
  solutions.filter(
    ({ id, name }) =>
      id.toLowerCase() === said.toLowerCase() || oneLine(name).toLowerCase() === oneLine(said).toLowerCase(),
  );

/** A stage as people write it: any case, "closed-lost", "Closed/Lost"; undefined when it is none. */
export function stageOf(text: string): Stage | undefined {
  const said = plain(text);
  return STAGES.find((stage) => plain(stage) === said);
}

/** AWS's own word for a reason, in any case; undefined when it is none of them. */
export function reasonOf(text: string): string | undefined {
  const said = plain(text);
  return CLOSED_LOST_REASONS.find((reason) => plain(reason) === said);
}

/** How far a stage is from where it stands: how many it skips, or that it goes back. */
export function leap(from: Stage, to: Stage): { back: true } | { skipped: Stage[] } {
  const [start, end] = [STAGES.indexOf(from), STAGES.indexOf(to)];
  if (end < start) return { back: true };
  return { skipped: to === 'Closed Lost' ? [] : STAGES.slice(start + 1, end) };
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();

/** "1234-5678 9012" → "123456789012". */
const digits = (text: string): string => text.replace(/[\s-]/g, '');

function valuesOf({ stage, closeDate, closedLostReason, awsAccountId, nextStep }: AskedStage): Values {
  const reason = closedLostReason && reasonOf(closedLostReason);
  return {
    stage,
    ...(closeDate ? { closeDate } : {}),
    ...(reason ? { closedLostReason: reason } : {}),
    ...(awsAccountId ? { awsAccountId: digits(awsAccountId) } : {}),
    ...(nextStep ? { nextStep: clean(nextStep).trim() } : {}),
  };
}

function errorsOf(opportunity: Opportunity, asked: AskedStage, circumstances: Circumstances): StageErrors {
  const { stage, closeDate, nextStep } = asked;
  const questions = questionsOf(opportunity, stage, circumstances);
  const dateError = closeDateError(closeDate, opportunity, circumstances.today);
  const wrong: Record<'stage' | StageQuestion, string | undefined> = {
    stage: stageError(opportunity, stage),
    solution: solutionError(asked.solution, circumstances.solutions, questions.solution === 'must'),
    closeDate: dateError ?? (questions.closeDate === 'must' && !closeDate ? NO_CLOSE_DATE : undefined),
    closedLostReason: reasonError(stage, asked.closedLostReason),
    awsAccountId: accountError(
      asked.awsAccountId,
      questions.awsAccountId === 'must' && !opportunity.awsAccountId,
    ),
    billing: questions.billing === 'must' && !asked.billing ? NO_BILLING : undefined,
    nextStep: nextStep === undefined ? undefined : nextStepError(clean(nextStep).trim(), opportunity),
  };
  return Object.fromEntries(Object.entries(wrong).filter(([, words]) => words));
}

const NO_CLOSE_DATE = 'AWS wants the day it closed: today or later.';
const NO_BILLING =
  'Launched means that billing for the solution has begun. If it has, say so here; in a typed line “(yes)” says it.';

function solutionError(
  said: string | undefined,
  solutions: readonly Solution[],
  isNeeded: boolean,
): string | undefined {
  if (!said)
    return isNeeded ? 'AWS takes this stage only with a solution of yours on it. Choose one.' : undefined;
  const found = solutionsCalled(said, solutions);
  if (found.length === 1) return undefined;
  return found.length === 0
    ? `You have no active solution “${oneLine(said)}” at AWS. Say its whole name, or its id, such as S-1234567.`
    : `There are several: ${found.map(({ id }) => id).join(', ')}. Say the id.`;
}

function stageError({ stage: from, ...opportunity }: Opportunity, to: Stage): string | undefined {
  if (from === to) return `It is in the stage ${from} already. Choose another, or leave it.`;
  // Sales guide, Creating a new opportunity: "Do not submit opportunities with Launched … status".
  if (to === 'Launched' && reviewState(opportunity) === 'Pending Submission')
    return 'It is a draft: AWS takes no opportunity that is launched already. Submit it first.';
  return undefined;
}

function reasonError(stage: Stage, said: string | undefined): string | undefined {
  if (stage !== 'Closed Lost') return said ? 'Only Closed Lost takes a reason.' : undefined;
  if (!said) return 'AWS wants to know why it was lost.';
  return reasonOf(said)
    ? undefined
    : `That is none of AWS’s reasons. They are: ${CLOSED_LOST_REASONS.join('; ')}.`;
}

function accountError(said: string | undefined, isNeeded: boolean): string | undefined {
  if (!said) return isNeeded ? 'AWS wants the customer’s AWS account ID at launch: 12 digits.' : undefined;
  return /^\d{12}$/.test(digits(said)) ? undefined : 'An AWS account ID has 12 digits, such as 123456789012.';
}
