/** An opportunity, its facts, and the moves a person can make with it. */
import { isDay, plainDay } from './calendar.ts';
import type { Values, Wish } from './change.ts';
import { type Day, type NextStep, type Opportunity, type ReviewStatus, STAGES, type Stage } from './deal.ts';
import { type EditableId, FIELDS, reviewState, standing } from './fields.ts';
import { clean, cut, length, oneLine } from './text.ts';

/** Sales guide, List views: an open sales stage is not Launched and not Closed Lost. */
export const OPEN_STAGES: readonly Stage[] = STAGES.filter(
  (stage) => stage !== 'Launched' && stage !== 'Closed Lost',
);

/** In an open sales stage. */
export const isOpen = (opportunity: Pick<Opportunity, 'stage'>): boolean =>
  OPEN_STAGES.includes(opportunity.stage);

/** Its stored close date is over: AWS then refuses any update without a new one (ACE data model, TargetCloseDate). */
export const isPastClose = (opportunity: Pick<Opportunity, 'closeDate'>, today: Day): boolean =>
  opportunity.closeDate !== undefined && opportunity.closeDate < today;

/** The newest next steps, newest first. Partner Central keeps the last 50, without authors. */
export const lastNextSteps = (opportunity: Opportunity, many: number): NextStep[] =>
  [...opportunity.nextSteps].sort((one, other) => Date.parse(other.at) - Date.parse(one.at)).slice(0, many);

/** "AWS referral" or "Partner referral" (ours, sent to AWS). */
export const opportunityOrigin = (opportunity: Opportunity): string =>
  opportunity.origin === 'AWS Referral' ? 'AWS referral' : 'Partner referral';

/** Its review status in words. */
export const reviewInWords = (opportunity: Opportunity): string => REVIEW_IN_WORDS[reviewState(opportunity)];

/** Errors by field id, as the form shows them. */
export type NextStepErrors = { text?: string; closeDate?: string };

/**
 * The move of the verb `next-step`. Answers the wish to send to AWS, or what is wrong, by field.
 * @param text at most 255 code points once cleaned (sales guide, Updating next steps); must differ from what stands.
 * @param today the person's local day: the close date is a local due date.
 * @param closeDate required where the stored one is over; today or later, at most 60 years ahead (ACE data model).
 */
export function addNextStep(
  opportunity: Opportunity,
  text: string,
  today: Day,
  closeDate?: Day,
): { wish: Update } | { errors: NextStepErrors } {
  const nextStep = clean(text).trim();
  const wanted = closeDate?.trim() || undefined;
  const [wrongText, wrongDate] = [
    nextStepError(nextStep, opportunity),
    closeDateError(wanted, opportunity, today),
  ];
  if (wrongText || wrongDate)
    return {
      errors: { ...(wrongText ? { text: wrongText } : {}), ...(wrongDate ? { closeDate: wrongDate } : {}) },
    };
  return {
    wish: updateOf(opportunity, { nextStep, ...(wanted ? { closeDate: wanted } : {}) }, ['nextStep']),
  };
}

/** What is wrong with a cleaned next step, in words. */
export function nextStepError(nextStep: string, opportunity: Opportunity): string | undefined {
  const over = length(nextStep) - FIELDS.nextStep.limit;
  if (nextStep === '') return 'Write the next step: what happens next, who does it, and by when.';
  if (over > 0) return `${over} too many: AWS takes ${FIELDS.nextStep.limit} characters. Please shorten it.`;
  const stands = clean(opportunity.nextStep ?? '').trim();
  return nextStep === stands ? 'This is its next step already. Write what is new, or leave it.' : undefined;
}

/** What is wrong with a wanted close date, or with leaving the stored one as it is. */
export function closeDateError(
  wanted: Day | undefined,
  opportunity: Pick<Opportunity, 'closeDate'>,
  today: Day,
): string | undefined {
  const was = opportunity.closeDate;
  if (wanted === undefined)
    return was !== undefined && isPastClose(opportunity, today)
      ? `Its close date, ${plainDay(was, today)}, is past. AWS takes no update without a new one.`
      : undefined;
  if (!isDay(wanted))
    return `I do not know the date “${cut(oneLine(wanted), 80)}”. Write it like 2026-02-28.`;
  if (wanted < today) return `${plainDay(wanted, today)} is past. AWS takes today or later.`;
  return wanted > latestCloseDate(today) ? 'AWS takes a close date at most 60 years ahead.' : undefined;
}

export type Update = Extract<Wish, { kind: 'update' }>;

/**
 * The wish to set those values, without what stands there already (but for `anyway`), and with what stood there as its
 * base; a member of the base is absent where nothing stood.
 */
export function updateOf(opportunity: Opportunity, wanted: Values, anyway: EditableId[] = []): Update {
  const ids = (Object.keys(wanted) as EditableId[]).filter(
    (field) => anyway.includes(field) || wanted[field] !== standing(opportunity, field),
  );
  const pick = (from: (field: EditableId) => string | undefined): Values =>
    Object.fromEntries(
      ids.flatMap((field) => {
        const value = from(field);
        return value === undefined ? [] : [[field, value]];
      }),
    );
  return {
    kind: 'update',
    base: pick((field) => standing(opportunity, field)),
    set: pick((field) => wanted[field]),
  };
}

const latestCloseDate = (today: Day): Day => `${Number(today.slice(0, 4)) + 60}${today.slice(4)}`;

const REVIEW_IN_WORDS: Record<ReviewStatus, string> = {
  'Pending Submission': 'draft, not submitted',
  Submitted: 'submitted, waiting for AWS',
  'In review': 'in review by AWS',
  Approved: 'approved',
  Rejected: 'rejected by AWS',
  'Action Required': 'action required',
};
