import { z } from 'zod';
import { UserError } from '../pipeline/errors.ts';
import { fromInput, type Sprint, stepFieldsOf, toInput } from '../pipeline/sprint.ts';
import { changesOf } from '../store/changes.ts';
import type { Loaded } from '../store/deals.ts';
import { onTheirWay, wordless } from '../store/nudges.ts';
import { putOff } from '../store/reminded.ts';
import { inSprint, meanwhileForm, sprintEnd, sprintForm, sprintOverview, wordBy } from '../views/sprint.ts';
import { companyOf } from '../views/terms.ts';
import { type Button, type Form, type Note, note, type Reply } from '../views/view.ts';
import { type Command, type Context, command, DealId, type Result, readInput } from './command.ts';
import { visible } from './deal.ts';
import { nextStep } from './next-step.ts';
import { remind } from './remind.ts';
import { repair } from './repair.ts';
import { transfer } from './transfer.ts';
import { updateLead } from './update-lead.ts';

/** As many as somebody does in one go; the others come with the next. */
const MOST = 20;

const Text = z.string().max(2000);
const Input = z
  .object({
    do: z.enum(['start', 'show', 'pass', 'stop', 'next-step', 'transfer', 'remind', 'repair', 'update-lead']),
    id: DealId,
    rest: z.string().max(600),
    written: z.string().max(600),
    skipped: z.string().max(3),
    given: z.string().max(3),
    total: z.string().max(3),
    turn: z.string().max(5),
    /** What stood there when the form was shown. */
    mark: z.string().max(100),
  })
  .partial()
  // Answers of the other verbs' forms, which check them.
  .catchall(Text);
type Input = z.infer<typeof Input>;

/** What can be done with a deal on the way; each is that verb, with all its rules. */
const VERBS: Record<string, Command> = {
  'next-step': nextStep,
  'update-lead': updateLead,
  transfer,
  remind,
  repair,
};

/**
 * One deal after the other that needs a word from its owner. Where it stands travels in its forms; nothing of it is kept.
 */
export const sprint = command({
  verb: 'sprint',
  about: 'organise',
  summary: 'Write a word on each of your deals that needs one, one after the other',
  usage: 'sprint',
  more: [
    'Your deals without an update for over 14 days, and those a colleague asked you about, also where you had put them off; the longest silent first.',
    'Each is asked once: a next step, “Not mine…”, “Skip until…”. What you do not answer stays as it is.',
  ],
  takesDeal: false,
  opensForm: (input) => input.do !== undefined && input.do !== 'stop',
  input: Input,
  async run(input, context) {
    if (input.do === undefined) return overview(context);
    if (input.do === 'start') return start(context);
    const state = fromInput(input);
    if (input.do === 'stop') return end(state, [], context);
    if (input.do === 'show') return ask(state, [], context);
    if (input.do === 'pass') return ask(past(state, { skipped: state.skipped + 1 }), [], context);
    return act(input.do, input, state, context);
  },
});

async function overview({ store, actor, now }: Context): Promise<Result> {
  const { deals, total, backToo } = await wordless(store, actor, now, MOST);
  return { reply: sprintOverview(deals.length, total, (await putOff(store, actor, now)) - backToo) };
}

async function start(context: Context): Promise<Result> {
  const { deals } = await wordless(context.store, context.actor, context.now, MOST);
  const state = {
    rest: deals.map(({ id }) => id),
    written: [],
    skipped: 0,
    given: 0,
    total: deals.length,
    turn: 0,
  };
  return deals.length === 0 ? overview(context) : ask(state, [], context);
}

/** The first of the rest is done with. */
const past = (state: Sprint, more: Partial<Sprint> = {}): Sprint => ({
  ...state,
  ...more,
  rest: state.rest.slice(1),
  turn: state.turn + 1,
});

/** The form of the next deal that still needs a word; those that do not are passed over. `words`: what was done just now. */
async function ask(state: Sprint, words: string[], context: Context): Promise<Result> {
  const { store, actor, now } = context;
  const open = new Map((await wordless(store, actor, now, MOST, state.rest)).deals.map((it) => [it.id, it]));
  let left = state;
  for (const said = [...words]; left.rest.length > 0; left = past(left)) {
    const [id = ''] = left.rest;
    const found = await seen(id, context);
    const still = open.get(id);
    if (found && still)
      return {
        reply: sprintForm(found, {
          state: left,
          words: said,
          actor,
          now,
          ...(still.asker ? { asker: still.asker } : {}),
        }),
      };
    said.push(found ? wordBy(found, actor) : GONE);
    words = said;
  }
  return end(left, words, context);
}

const GONE = 'One deal is no longer yours to see; passed over.';

async function end(state: Sprint, words: string[], { store, actor }: Context): Promise<Result> {
  const open = state.written.length > 0 ? await onTheirWay(store, actor, state.written) : [];
  return { reply: sprintEnd(state, words, open) };
}

/** Undefined: there is none, or not for this person any more. */
async function seen(id: string, context: Context): Promise<Loaded | undefined> {
  try {
    return await visible(id, context);
  } catch (error) {
    // Rescues a deal that went meanwhile: the sprint goes on without it.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Does it by its own verb: a question of that verb is asked on the way, a refusal is said, and then it goes on. */
async function act(verb: string, input: Input, state: Sprint, context: Context): Promise<Result> {
  const { id = state.rest[0] ?? '' } = input;
  const ids = stepFieldsOf(state);
  const [text, closeDate] = [input[ids.text], input[ids.closeDate]];
  const found = await seen(id, context);
  if (!found) return { ...(await ask(past(state), [GONE], context)), ok: false };
  const draft = { ...(text === undefined ? {} : { text }), ...(closeDate ? { closeDate } : {}) };
  const about = { state, words: [], actor: context.actor, now: context.now };
  if (verb === 'next-step' && text !== undefined && !(await isRepeated(context))) {
    const meanwhile = meanwhileForm(found, {
      ...about,
      ...draft,
      ...(input.mark === undefined ? {} : { mark: input.mark }),
    });
    if (meanwhile) return { reply: meanwhile, ok: false };
  }
  const command = VERBS[verb];
  if (!command) throw new UserError('Say it once more.');
  const read = readInput(command, { ...toAnswers(input), ...draft, id });
  const { reply, ok = true } = await command.run(read, context);
  if (reply.kind === 'form')
    return verb === 'next-step'
      ? {
          reply: sprintForm(found, { ...about, ...draft, ...(reply.errors ? { errors: reply.errors } : {}) }),
          ok,
        }
      : { reply: inSprint(reply, toInput(state)), ok };
  if (!ok) return { reply: refusedIn(reply, state), ok };
  return ask(...afterwards(verb, input, { id, text, found, state }), context);
}

const isRepeated = async ({ store, key, actor }: Context): Promise<boolean> =>
  (await changesOf(store, { key, personId: actor.id })).length > 0;

/** What belongs to the other verb alone. */
const toAnswers = (input: Input): Record<string, string | undefined> => {
  const { do: _, rest, written, skipped, given, total, turn, mark, ...answers } = input;
  return answers;
};

/** A question or a refusal of the other verb: its buttons lead back into the sprint. */
function refusedIn(reply: Exclude<Reply, Form>, state: Sprint): Note {
  const said = reply.kind === 'note' ? reply : note(reply.title);
  const buttons = (said.buttons ?? []).map(
    (it): Button =>
      it.verb in VERBS
        ? { ...it, verb: 'sprint', input: { ...toInput(state), ...typedOf(it), do: it.verb } }
        : it,
  );
  const on: Button = {
    verb: 'sprint',
    label: 'Next deal',
    input: { ...toInput(state), do: 'pass' },
    opens: 'form',
  };
  return { ...said, buttons: [...buttons, on] };
}

/** Here `do` says which verb: submitting again is said to repair as it is typed. */
const typedOf = ({ input: { do: what, ...input } }: Button): Record<string, string> =>
  what === 'submit' ? { ...input, changes: what } : input;

interface Done {
  id: string;
  text: string | undefined;
  found: Loaded;
  state: Sprint;
}

function afterwards(verb: string, input: Input, { id, text, found, state }: Done): [Sprint, string[]] {
  const company = companyOf(found.deal);
  if (verb === 'remind')
    return [past(state, { skipped: state.skipped + 1 }), [`${company}: skipped for now.`]];
  if (verb === 'transfer') return [past(state, { given: state.given + 1 }), [`${company}: given away.`]];
  if (input.queue === 'no')
    return [past(state, { skipped: state.skipped + 1 }), [`${company}: nothing was sent.`]];
  // The words stand alone: a door gives back what an answer does not say.
  const words = [
    `${company}, on its way to AWS${text === undefined ? '' : ':'}`,
    ...(text === undefined ? [] : [text]),
  ];
  return [past(state, { written: [...state.written, id] }), words];
}
