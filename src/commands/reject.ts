import { z } from 'zod';
import { MAX_REJECTION_REASON, REJECTION_REASONS } from '../pipeline/picklists.ts';
import { can } from '../pipeline/policy.ts';
import { type RejectionErrors, readRejection, rejectionText } from '../pipeline/rejection.ts';
import type { Loaded } from '../store/deals.ts';
import { duplicatesOf } from '../store/find.ts';
import { rejectForm } from '../views/ask.ts';
import { problem } from '../views/view.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, answeredBefore, type Decision } from './deal.ts';

const MOST_DUPLICATES = 3;

const Input = z.object({
  id: DealId,
  /** One of AWS's reasons, or words of one's own. */
  reason: z.string().max(1000).optional(),
  /** From the form: what is added to the reason. */
  own: z.string().max(1000).optional(),
  sure: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** Rejects a referral or a lead for good; AWS is told why and access is lost (Partner Central API, RejectEngagementInvitation). */
export const reject = command({
  verb: 'reject',
  about: 'act',
  opensForm: ({ sure }) => sure === undefined,
  summary: 'Reject a referral or lead for good, with the reason AWS is told',
  usage: 'reject <deal>: <reason> [(yes)]',
  more: [
    `Reasons AWS names: ${REJECTION_REASONS.join('; ')}.`,
    `Words of your own do as well, at most ${MAX_REJECTION_REASON} characters: AWS reads them.`,
    '(yes) says that you are sure: rejected, AWS takes it away, and it cannot be taken back.',
    'Such as: reject 2: Unable to support (yes)',
  ],
  takesDeal: true,
  input: Input,
  run: (input, context) => actOn('reject', input.id, context, (found) => decide(found, input, context)),
});

async function decide(found: Loaded, input: Input, context: Context): Promise<Decision> {
  const { deal } = found;
  const faster = answeredBefore(found, 'reject', context);
  if (faster) return { result: faster };
  const verdict = can(context.actor, 'reject', deal, context.now);
  if (!verdict.yes) return { result: { reply: problem(`${deal.company}: ${verdict.why}`), ok: false } };
  const said = readRejection(input.reason, input.own);
  const read = rejectionText(said);
  if (input.sure && 'text' in read) return { wanted: [{ wish: { kind: 'reject', reason: read.text } }] };
  const isAsked = input.sure !== undefined || said.reason !== undefined;
  const errors: RejectionErrors | undefined = isAsked && 'errors' in read ? read.errors : undefined;
  const alike = await duplicatesOf(context.store, context.actor, deal, MOST_DUPLICATES);
  const duplicates = alike.map((it) => it.deal);
  return {
    result: { reply: rejectForm(deal, { said, duplicates, ...(errors ? { errors } : {}) }), ok: !errors },
  };
}
