import { z } from 'zod';
import { dayIn } from '../pipeline/calendar.ts';
import { type Change, isOpen, type Wish } from '../pipeline/change.ts';
import { type Conflict, conflictOf, decides, mine } from '../pipeline/conflict.ts';
import { UserError } from '../pipeline/errors.ts';
import { addNextStep } from '../pipeline/opportunity.ts';
import { ACTIONS, type Action, can } from '../pipeline/policy.ts';
import { type Act, actedBefore, amend, changesById, keepTheirs } from '../store/changes.ts';
import { type Loaded, load } from '../store/deals.ts';
import { conflicts, open } from '../store/past.ts';
import { conflictButtons, outcome } from '../views/change.ts';
import { nextStepForm } from '../views/form.ts';
import { waitingList } from '../views/history.ts';
import { done, type Form, problem } from '../views/view.ts';
import { type Context, command, DealId, type Result } from './command.ts';
import { actOn, type Decision, visible } from './deal.ts';

const LINES = 20;

const Input = z.object({
  /** A Change by its id, or the one on this deal that is open or in conflict. */
  change: z.uuid().optional(),
  id: DealId.optional(),
  do: z.enum(['cancel', 'edit', 'keep', 'mine']).optional(),
  text: z.string().max(2000).optional(),
  closeDate: z.string().max(2000).optional(),
  /** "next Friday" was read as a date: show it before AWS reads it. */
  check: z.literal('yes').optional(),
  /** What cannot be taken back is put in the place of AWS's value only with this. */
  sure: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** What has not reached AWS yet can be seen, rewritten or taken back; what met somebody else's change can be decided. */
export const waiting = command({
  verb: 'waiting',
  about: 'look',
  summary: 'What waits for AWS or for your word: edit it, cancel it, keep theirs, put mine',
  usage: 'waiting [cancel <n> | edit <n>: <text> | keep <n> | mine <n>]',
  takesDeal: true,
  input: Input,
  async run(input, context) {
    const { store, actor, now } = context;
    if (!input.do) {
      const [entries, undecided] = await Promise.all([
        open(store, actor, LINES),
        conflicts(store, actor, LINES),
      ]);
      return { reply: waitingList(entries, { actor, now }, undecided) };
    }
    const change = await meant(input, context);
    if (input.do === 'cancel') return cancel(change, context);
    if (input.do === 'keep') return keep(change, context);
    if (input.do === 'edit' && isOpen(change.state)) return edit(change, input, context);
    return actOn(change.verb, change.dealId, context, (found) => decide(found, change, input, context));
  },
});

const NOTHING = 'Nothing of that waits for AWS any more. “waiting” shows what does.';

/** Whoever asked may take it back or decide, and so may those who see everything. What is hidden is as if it were not. */
async function meant(input: Input, { store, actor, now }: Context): Promise<Change> {
  const [named] = input.change ? await changesById(store, [input.change]) : [];
  const found = await load(store, named?.dealId ?? input.id ?? '');
  if (!found || !can(actor, 'see', found.deal, now).yes) throw new UserError(NOTHING);
  const changes = named ? [named] : input.change ? [] : candidates(found.changes, input);
  const change = changes.find(({ person }) => person.id === actor.id) ?? changes[0];
  if (!change || !decides(actor, change)) throw new UserError(NOTHING);
  return change;
}

/** Of one deal: what is open, oldest first, and to decide about, its conflict. */
function candidates(changes: Change[], input: Input): Change[] {
  const conflict = conflictOf(changes);
  const undecided = conflict ? [conflict] : [];
  if (input.do === 'keep' || input.do === 'mine') return undecided;
  const waits = changes.filter(({ state }) => isOpen(state)).reverse();
  return input.do === 'edit' ? [...waits, ...undecided] : waits;
}

async function cancel(change: Change, context: Context): Promise<Result> {
  const { deal } = await visible(change.dealId, context);
  if (await was(amend, change, 'cancel', context))
    return { reply: done(`${deal.company}: taken back. AWS never saw it.`) };
  return tooLate(deal.company, change);
}

async function keep(change: Change, context: Context): Promise<Result> {
  const { deal } = await visible(change.dealId, context);
  if (await was(keepTheirs, change, undefined, context))
    return { reply: done(`${deal.company}: AWS keeps what it has. Nothing was sent.`) };
  return decided(deal.company);
}

async function edit(change: Change, input: Input, context: Context): Promise<Result> {
  const { deal } = await visible(change.dealId, context);
  const { wish } = change;
  if (!isNextStep(wish)) return noText(deal.company, '“waiting cancel” takes it back.');
  const step = rewrite(deal, change, wish, input, context);
  if (!('wish' in step)) return step;
  if (await was(amend, change, { ...step.wish, base: { ...step.wish.base, ...wish.base } }, context))
    return { reply: done(`${deal.company}: rewritten. It goes to AWS as it stands now.`) };
  return tooLate(deal.company, change);
}

/** Puts the person's own in the place of what AWS has, as it was or rewritten; their right is asked again. */
function decide(found: Loaded, change: Change, input: Input, context: Context): Decision {
  const { deal } = found;
  const conflict = conflictOf(found.changes);
  if (conflict?.id !== change.id) return { result: decided(deal.company) };
  const verdict = can(context.actor, actionOf(conflict), deal, context.now);
  if (!verdict.yes && !verdict.locked)
    return { result: { reply: problem(`${deal.company}: ${verdict.why}`), ok: false } };
  const wish = input.do === 'edit' ? edited(found, conflict, input, context) : put(conflict, input, context);
  if (!('kind' in wish)) return { result: wish };
  return { wanted: [{ wish, ...(verdict.yes ? {} : { waitsFor: 'locked' as const }) }] };
}

const actionOf = ({ verb, wish }: Conflict): Action =>
  ACTIONS.find((action) => action === verb) ?? (wish.kind === 'update' ? 'next-step' : 'update-lead');

/** AWS has no way back from these: typed, it is asked once more what they replace. */
const FINAL = ['Launched', 'Closed Lost', 'Disqualified'];

function put(conflict: Conflict, input: Input, { actor, now }: Context): Wish | Result {
  const { wish } = conflict;
  const target = wish.kind === 'update' ? wish.set.stage : wish.set.status;
  if (input.sure || !FINAL.includes(target ?? '')) return mine(conflict);
  const words = outcome(conflict, dayIn(now, actor.timeZone), 'your');
  const how = `Nobody can take ${target} back afterwards. In a typed line “(yes)” says that you are sure.`;
  const buttons = conflictButtons([conflict], actor);
  return { reply: { ...problem(words, [how]), buttons }, ok: false };
}

function edited(found: Loaded, conflict: Conflict, input: Input, context: Context): Wish | Result {
  const wish = mine(conflict);
  if (!isNextStep(wish)) return noText(found.deal.company, '“waiting mine” and “waiting keep” decide it.');
  const step = rewrite(found.deal, conflict, wish, input, context);
  if (!('wish' in step)) return step;
  return { ...step.wish, base: { ...step.wish.base, ...wish.base } };
}

type NextStepWish = Extract<Wish, { kind: 'update' }>;

const isNextStep = (wish: Wish): wish is NextStepWish =>
  wish.kind === 'update' && wish.set.nextStep !== undefined;

/** The wish with another next step, the rest of it as it was; the form while anything is missing or wrong. */
function rewrite(
  deal: Loaded['deal'],
  change: Change,
  wish: NextStepWish,
  input: Input,
  { actor, now }: Context,
): { wish: NextStepWish } | Result {
  if (deal.kind !== 'opportunity') return noText(deal.company, 'It is no opportunity any more.');
  const today = dayIn(now, actor.timeZone);
  const closeDate = input.closeDate ?? wish.set.closeDate;
  // What still waits was agreed to when it was asked; after a conflict it replaces something else.
  const isLast = change.state === 'conflict' && FINAL.includes(wish.set.stage ?? '');
  const ask = (text: string, errors = {}): Form => {
    const form = nextStepForm(deal, { today, text, errors, ...(closeDate ? { closeDate } : {}) });
    const met = change.state === 'conflict' ? [outcome(change, today, 'your')] : [];
    const [name = '', ...intro] = form.intro ?? [];
    const last = isLast ? [`Nobody can take ${wish.set.stage} back afterwards.`] : [];
    return {
      ...form,
      verb: 'waiting',
      intro: [name, ...met, ...last, ...intro],
      input: { change: change.id, do: 'edit', ...(isLast ? { sure: 'yes' } : {}) },
    };
  };
  if (input.text === undefined) return { reply: ask(wish.set.nextStep ?? '') };
  if (input.check || (isLast && !input.sure)) return { reply: ask(input.text), ok: !isLast };
  const step = addNextStep(deal, input.text, today, closeDate);
  if (!('wish' in step)) return { reply: ask(input.text, step.errors), ok: false };
  return { wish: { ...step.wish, set: { ...wish.set, ...step.wish.set } } };
}

/** Whether it was done now, or by this very act before. */
async function was<What>(
  does: (store: Context['store'], act: Act, id: string, what: What) => Promise<boolean>,
  change: Change,
  what: What,
  context: Context,
): Promise<boolean> {
  const { key, actor, source, until, store } = context;
  context.writes();
  const act = { key, verb: 'waiting', personId: actor.id, source, until };
  return (await does(store, act, change.id, what)) || (await actedBefore(store, key));
}

const tooLate = (company: string, change: Change): Result => ({
  reply: problem(
    change.waitsFor === 'answer'
      ? `${company}: it may have reached AWS already; I am finding out. Once I know, “history” shows it.`
      : `${company}: too late, it has been sent. “history” shows what AWS answered.`,
  ),
  ok: false,
});

const decided = (company: string): Result => ({
  reply: problem(`${company}: that is decided already. “history” shows how.`),
  ok: false,
});

const noText = (company: string, instead: string): Result => ({
  reply: problem(`${company}: there is no text in it to edit. ${instead}`),
  ok: false,
});
