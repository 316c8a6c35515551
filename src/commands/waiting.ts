import { z } from 'zod';
import { dayIn } from '../pipeline/calendar.ts';
import type { Change, Wish } from '../pipeline/change.ts';
import { UserError } from '../pipeline/errors.ts';
import { addNextStep } from '../pipeline/opportunity.ts';
import { seesEverything } from '../pipeline/person.ts';
import { actedBefore, amend, changesById, open } from '../store/changes.ts';
import { nextStepForm } from '../views/form.ts';
import { waitingList } from '../views/history.ts';
import { done, type Form, problem } from '../views/view.ts';
import { type Context, command, DealId, type Result } from './command.ts';
import { visible } from './deal.ts';

const LINES = 20;

const Input = z.object({
  /** A Change by its id, or the one open on this deal. */
  change: z.uuid().optional(),
  id: DealId.optional(),
  do: z.enum(['cancel', 'edit']).optional(),
  text: z.string().max(2000).optional(),
  closeDate: z.string().max(10).optional(),
  /** "next Friday" was read as a date: show it before AWS reads it. */
  check: z.literal('yes').optional(),
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
  if (await amended(change, 'cancel', context))
    return { reply: done(`${deal.company}: taken back. AWS never saw it.`) };
  return tooLate(deal.company, change);
}

async function edit(change: Change, input: Input, context: Context): Promise<Result> {
  const { deal } = await visible(change.dealId, context);
  const { wish } = change;
  if (deal.kind !== 'opportunity' || wish.kind !== 'update')
    return {
      reply: problem(`${deal.company}: there is no text in it to edit. “waiting cancel” takes it back.`),
      ok: false,
    };
  const today = dayIn(context.now, context.actor.timeZone);
  const closeDate = input.closeDate ?? wish.set.closeDate;
  const ask = (text: string, errors = {}): Form => ({
    ...nextStepForm(deal, { today, text, errors, ...(closeDate ? { closeDate } : {}) }),
    verb: 'waiting',
    input: { change: change.id, do: 'edit' },
  });
  if (input.text === undefined) return { reply: ask(wish.set.nextStep ?? '') };
  if (input.check) return { reply: ask(input.text) };
  const step = addNextStep(deal, input.text, today, closeDate);
  if (!('wish' in step)) return { reply: ask(input.text, step.errors), ok: false };
  const base = { ...step.wish.base, ...wish.base };
  if (await amended(change, { ...step.wish, base }, context))
    return { reply: done(`${deal.company}: rewritten. It goes to AWS as it stands now.`) };
  return tooLate(deal.company, change);
}

/** Also when this very act did it before. */
async function amended(change: Change, wish: Wish | 'cancel', context: Context): Promise<boolean> {
  const { key, actor, source, until, store } = context;
  context.writes();
  const act = { key, verb: 'waiting', personId: actor.id, source, until };
  return (await amend(store, act, change.id, wish)) || (await actedBefore(store, key));
}

const tooLate = (company: string, change: Change): Result => ({
  reply: problem(
    change.waitsFor === 'answer'
      ? `${company}: it may have reached AWS already; I am finding out. Once I know, “history” shows it.`
      : `${company}: too late, it has been sent. “history” shows what AWS answered.`,
  ),
  ok: false,
});
