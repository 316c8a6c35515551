import { z } from 'zod';
import { dayIn } from '../pipeline/calendar.ts';
import type { Opportunity } from '../pipeline/deal.ts';
import { FIELDS } from '../pipeline/fields.ts';
import { addNextStep } from '../pipeline/opportunity.ts';
import { can } from '../pipeline/policy.ts';
import type { Loaded } from '../store/deals.ts';
import { DROPPED, nextStepForm, queueNote } from '../views/form.ts';
import { quoted } from '../views/terms.ts';
import { problem } from '../views/view.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, type Decision } from './deal.ts';

const Input = z.object({
  id: DealId,
  text: z.string().max(2000).optional(),
  closeDate: z.string().max(2000).optional(),
  /** The answer to "AWS has it locked: queue it or drop it?" */
  queue: z.enum(['yes', 'no']).optional(),
  /** "next Friday" was read as a date: show it before AWS reads it. */
  check: z.literal('yes').optional(),
});

/** Adds a next step that AWS reads, at most 255 characters (sales guide, Updating next steps and opportunity stage). */
export const nextStep = command({
  verb: 'next-step',
  about: 'act',
  opensForm: (input) => input.text === undefined,
  summary: 'Write the next step of an opportunity; AWS reads it',
  usage: 'next-step <deal>: <text> [(close <closeDate>)] [(queue)]',
  more: [
    `<text> has at most ${FIELDS.nextStep.limit} characters: what happens next, who does it, by when.`,
    '(close …) sets a new close date: 2026-12-31, 31 Dec, next Friday.',
    '(queue) lets it wait where AWS is reviewing the deal.',
    'Such as: next-step 3: Demo with the CFO (close 31 Dec)',
  ],
  takesDeal: true,
  input: Input,
  run: (input, context) =>
    input.queue === 'no'
      ? Promise.resolve({ reply: DROPPED })
      : actOn('next-step', input.id, context, (found) => decide(found, input, context)),
});

function decide(found: Loaded, input: z.infer<typeof Input>, context: Context): Decision {
  const { deal } = found;
  const { actor, now } = context;
  const verdict = can(actor, 'next-step', deal, now);
  if (deal.kind !== 'opportunity' || (!verdict.yes && !verdict.locked))
    return { result: { reply: problem(`${deal.company}: ${verdict.yes ? '' : verdict.why}`), ok: false } };
  const asked = ask(deal, input, context);
  if ('result' in asked || verdict.yes) return asked;
  if (input.queue === 'yes')
    return { wanted: asked.wanted.map((it) => ({ ...it, waitsFor: 'locked' as const })) };
  const { id, text = '', closeDate } = input;
  const queued = {
    verb: 'next-step',
    what: [quoted(text)],
    input: { id, text, ...(closeDate ? { closeDate } : {}) },
  };
  return { result: { reply: queueNote(deal, verdict.why, queued), ok: false } };
}

/** The form while anything is missing or wrong, values kept; else the wish. */
function ask(deal: Opportunity, input: z.infer<typeof Input>, { actor, now }: Context): Decision {
  const today = dayIn(now, actor.timeZone);
  const { text, closeDate } = input;
  const values = { ...(text === undefined ? {} : { text }), ...(closeDate ? { closeDate } : {}) };
  if (text === undefined) return { result: { reply: nextStepForm(deal, { today, ...values }) } };
  if (input.check) return { result: { reply: nextStepForm(deal, { today, ...values }) } };
  const step = addNextStep(deal, text, today, closeDate);
  if ('wish' in step) return { wanted: [{ wish: step.wish }] };
  return { result: { reply: nextStepForm(deal, { today, ...values, errors: step.errors }), ok: false } };
}
