import { z } from 'zod';
import type { Lead } from '../pipeline/deal.ts';
import { LEAD_STATUSES, MAX_HAPPENED, updateLead as move } from '../pipeline/lead.ts';
import { can } from '../pipeline/policy.ts';
import type { Loaded } from '../store/deals.ts';
import { leadForm } from '../views/lead-form.ts';
import { problem } from '../views/view.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, type Decision } from './deal.ts';

const Input = z.object({
  id: DealId,
  status: z.string().max(2000).optional(),
  happened: z.string().max(2000).optional(),
  /** Disqualifying was shown old → new, and they said yes to it. */
  sure: z.literal('yes').optional(),
  /** "next Friday" was read as a date: show it before AWS reads it. */
  check: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** Tells AWS how a lead is coming on: its status, what happened, or both (sales guide, Lead status and Updating a lead). */
export const updateLead = command({
  verb: 'update-lead',
  about: 'act',
  opensForm: (input) => input.status === undefined && input.happened === undefined,
  summary: 'Set the status of a lead, or note what happened',
  usage: 'update-lead <deal>: <status> [(happened <happened>)] [(yes)]',
  more: [
    `Statuses: ${LEAD_STATUSES.join(', ')}.`,
    `(happened …) notes in at most ${MAX_HAPPENED} characters what happened; it may stand without a status.`,
    '(yes) says that you are sure: Disqualified is asked once more.',
    'Such as: update-lead 3: Qualified (happened Met the head of IT)',
  ],
  takesDeal: true,
  input: Input,
  run: (input, context) => actOn('update-lead', input.id, context, (found) => decide(found, input, context)),
});

function decide({ deal }: Loaded, input: Input, context: Context): Decision {
  const verdict = can(context.actor, 'update-lead', deal, context.now);
  if (deal.kind !== 'lead' || !verdict.yes)
    return {
      result: { reply: problem(`${deal.company}: ${verdict.yes ? '' : verdict.why}`), ok: false },
    };
  return ask(deal, input, context.now);
}

/** The form while anything is missing, wrong or not yet said yes to, values kept; else the wish. */
function ask(lead: Lead, input: Input, now: Date): Decision {
  const { sure, check } = input;
  const status = input.status?.trim() || undefined;
  const happened = input.happened?.trim() || undefined;
  const said = { ...(status ? { status } : {}), ...(happened ? { happened } : {}) };
  if (!status && !happened) return { result: { reply: leadForm(lead, { errors: {} }) } };
  const moved = move(lead, said, now.toISOString());
  if ('errors' in moved)
    return { result: { reply: leadForm(lead, { ...said, errors: moved.errors }), ok: false } };
  const asksOnce = moved.wish.set.status === 'Disqualified' && !sure;
  if (asksOnce || check) return { result: { reply: leadForm(lead, { ...said, errors: {} }) } };
  return { wanted: [{ wish: moved.wish }] };
}
