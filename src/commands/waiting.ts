import { z } from 'zod';
import { dayIn } from '../pipeline/calendar.ts';
import type { Change } from '../pipeline/change.ts';
import { UserError } from '../pipeline/errors.ts';
import { addNextStep } from '../pipeline/opportunity.ts';
import { seesEverything } from '../pipeline/person.ts';
import { actedBefore, amend, changesById, open } from '../store/changes.ts';
import { nextStepForm } from '../views/form.ts';
import { waitingList } from '../views/history.ts';
import { done, problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';
import { visible } from './deal.ts';

const LINES = 20;

const Input = z.object({
  /** A Change by its id, or the one open on this deal. */
  change: z.uuid().optional(),
  id: z.string().max(40).optional(),
  do: z.enum(['cancel', 'edit']).optional(),
  text: z.string().max(2000).optional(),
});
type Input = z.infer<typeof Input>;

/** What has not reached AWS yet can be seen, rewritten or taken back. */
export const waiting = command({
  verb: 'waiting',
  summary: 'What waits for AWS: see it, edit it, cancel it',
  usage: 'waiting [cancel <n> | edit <n>: <text>]',
  takesDeal: true,
  input: Input,
  async run(input, context) {
    if (!input.do) {
      const entries = await open(context.store, context.actor, LINES);
      return { reply: waitingList(entries, { actor: context.actor, now: context.now }) };
    }
    const change = await mine(input, context);
    return input.do === 'cancel' ? cancel(change, context) : edit(change, input, context);
  },
});

/** Whoever asked may take it back, and so may those who see everything. */
async function mine(input: Input, context: Context): Promise<Change> {
  const { store, actor } = context;
  const changes = input.change
    ? await changesById(store, [input.change])
    : (await open(store, actor, 100)).map((it) => it.change).filter((change) => change.dealId === input.id);
  const change =
    changes.find((it) => it.person.id === actor.id) ?? (seesEverything(actor) ? changes[0] : undefined);
  if (!change) throw new UserError('Nothing of that waits for AWS any more. “waiting” shows what does.');
  return change;
}

async function cancel(change: Change, context: Context): Promise<Result> {
  const { deal } = await visible(change.dealId, context);
  const taken =
    (await amend(context.store, actOf(context, 'waiting'), change.id, 'cancel')) ||
    (await actedBefore(context.store, context.key));
  if (taken) return { reply: done(`${deal.company}: taken back. AWS never saw it.`) };
  return tooLate(deal.company, change);
}

async function edit(change: Change, input: Input, context: Context): Promise<Result> {
  const { deal } = await visible(change.dealId, context);
  if (deal.kind !== 'opportunity' || change.wish.kind !== 'update')
    return {
      reply: problem(`${deal.company}: there is no text in it to edit. “waiting cancel” takes it back.`),
      ok: false,
    };
  const today = dayIn(context.now, context.actor.timeZone);
  const asWaiting = { verb: 'waiting' as const, input: { change: change.id, do: 'edit' } };
  if (input.text === undefined)
    return {
      reply: {
        ...nextStepForm(deal, { today, text: change.wish.set.nextStep ?? '', askCloseDate: false }),
        ...asWaiting,
      },
    };
  const step = addNextStep(deal, input.text, today, change.wish.set.closeDate);
  if (!('wish' in step))
    return {
      reply: {
        ...nextStepForm(deal, { today, text: input.text, errors: step.errors, askCloseDate: false }),
        ...asWaiting,
      },
      ok: false,
    };
  const wish = { ...step.wish, base: change.wish.base };
  if (
    (await amend(context.store, actOf(context, 'waiting'), change.id, wish)) ||
    (await actedBefore(context.store, context.key))
  )
    return {
      reply: done(`${deal.company}: rewritten. It goes to AWS as it stands now.`),
      // AWS may hold a record for days: nobody waits for that at a prompt.
      ...(change.waitsFor === 'locked' ? {} : { changeIds: [change.id] }),
    };
  return tooLate(deal.company, change);
}

const actOf = ({ key, actor, source, until }: Context, verb: string) => ({
  key,
  verb,
  personId: actor.id,
  source,
  until,
});

const tooLate = (company: string, change: Change): Result => ({
  reply: problem(
    change.waitsFor === 'answer'
      ? `${company}: it may have reached AWS already; I am finding out. Once I know, “history” shows it.`
      : `${company}: too late, it has been sent. “history” shows what AWS answered.`,
  ),
  ok: false,
});
