/** Under a deal's card nobody has to name the deal; and a form may ask for its deal in words. */
import type { Command } from '../commands/command.ts';
import type { Deal } from '../pipeline/deal.ts';
import { UserError, unknownDeal } from '../pipeline/errors.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { load } from '../store/deals.ts';
import { toPick } from '../store/pick.ts';
import type { Store } from '../store/store.ts';
import { dealOfThread } from '../store/threads.ts';
import { nextStepOfForm } from '../views/pick.ts';
import { type Form, type List, type Note, problem } from '../views/view.ts';
import type { Intent, Ref, Sender } from './intent.ts';
import { inVerbs } from './phrases.ts';
import { resolve } from './resolve.ts';
import { shapeOf } from './usage.ts';
import { isTooLong } from './words.ts';

interface House {
  store: Store;
  commands: readonly Command[];
  now: () => Date;
}

/** What was said, with the deal put in under whose card it was said. The same where it is no deal's thread. */
export async function saidUnder(
  { store, commands }: House,
  text: string,
  { platform }: Sender,
  under: readonly Ref[] = [],
): Promise<string> {
  // What is not read needs no deal; looking for one in it would take long.
  if (isTooLong(text)) return text;
  const id = await dealOfThread(store, platform, under);
  return id === undefined ? text : withDeal(text, id, commands);
}

/**
 * Puts the deal in, by its id, where a verb that takes one is followed by its mark, by nothing, or by "this": "next step:
 * demo", "accept", "accept for Lucía", "move this to Committed". A bare mention shows the deal. Any other line stays as it
 * is: it names a deal of its own, or needs none. Pure.
 */
export function withDeal(text: string, id: string, commands: readonly Pick<Command, 'verb' | 'usage'>[]) {
  const line = inVerbs(text.trim());
  if (text.trim() === '') return `show ${id}`;
  for (const { verb, usage } of commands) {
    const [, mark, tail] = AFTER(verb).exec(line) ?? [];
    if (tail === undefined || !shapeOf(usage).takesDeal) continue;
    const filled = afterDeal(tail.trim(), mark !== undefined, shapeOf(usage).rest);
    return filled === undefined ? text : `${verb} ${id}${filled}`;
  }
  return text;
}

/** The verb as a whole word, its mark where there is one, and the rest of the line. */
const AFTER = (verb: string): RegExp =>
  new RegExp(`^${verb.replaceAll('-', '[-_\\s]*')}(?:(\\s*[:,])|(?=[\\s?!.]|$))[?!.\\s]*([\\s\\S]*)$`, 'i');

/** "for this deal" and what follows it; IT in capitals may be a company, but not under a deal's card. */
const THIS =
  /^(?:(?:for|of|on|to)\s+)?(?:this|it)(?:\s+(?:deal|one|referral|lead|opportunity))?(?=$|\s*[:(]|\s+(?:to|for|as)\s)\s*/i;

/** What stands after the deal; undefined where the line names one itself. */
function afterDeal(
  tail: string,
  isMarked: boolean,
  rest: { name: string; joint: string } | undefined,
): string | undefined {
  if (tail === '') return '';
  const after = tail.replace(THIS, '');
  if (after !== tail) return after === '' || after.startsWith(':') ? after : ` ${after}`;
  if (tail.startsWith('(')) return ` ${tail}`;
  if (!rest) return undefined;
  if (rest.joint !== ':') {
    if (new RegExp(`^${rest.joint}\\s`).test(tail)) return ` ${tail}`;
    return isMarked ? ` ${rest.joint} ${tail}` : undefined;
  }
  if (isMarked) return `: ${tail}`;
  const [, value] = /^(?:to|as)\s+([^:]+)$/i.exec(tail) ?? [];
  return value && CHOSEN.includes(rest.name) ? `: ${value}` : undefined;
}

/** "stage to Committed", "update lead to Qualified": what follows is no deal. */
const CHOSEN = ['stage', 'status'];

type Asked = Pick<Intent, 'verb' | 'input'>;

/**
 * A form that asked for its deal (`deal`, and no `id`): its id, or words, which are resolved as typed words are. What is
 * missing or means nothing comes back in the form, with all that was typed; of several deals one is chosen. Only a next step
 * is asked so.
 */
export async function named(
  house: House,
  { verb, input, from, under }: Pick<Intent, 'verb' | 'input' | 'from' | 'under'>,
  actor: Person,
): Promise<Asked | { reply: List | Form | Note; ok: boolean }> {
  const { deal, ...rest } = input;
  if (verb !== 'next-step' || typeof deal !== 'string' || 'id' in input) return { verb, input };
  const text = typeof rest.text === 'string' ? rest.text : '';
  if (deal.trim() === '')
    return pick(house, actor, { text, chosen: await visibleUnder(house, from, actor, under) });
  try {
    const { conversation } = from;
    const phrase = deal.slice(0, MOST_READ);
    const called = { phrase, verb, input: { text }, actor, conversation, now: house.now() };
    const found = await resolve(house.store, called);
    if (typeof found !== 'string') return { reply: found, ok: false };
    // Unknown and not allowed are the same answer, also beside the field.
    if (!(await seen(house, found, actor))) throw unknownDeal(phrase);
    return { verb, input: { ...rest, id: found } };
  } catch (error) {
    // What was typed stays: the error stands beside the field.
    if (!(error instanceof UserError)) throw error;
    return pick(house, actor, { text, error: error.message });
  }
}

/** UTF-16 units of what a deal is called; a name has 200 characters. */
const MOST_READ = 8000;

/** One more than a list takes. */
const MOST_LISTED = 101;

async function pick(
  { store }: House,
  actor: Person,
  asked: { text: string; chosen?: Deal | undefined; error?: string },
): Promise<{ reply: Form | Note; ok: boolean }> {
  const deals = await toPick(store, actor, '', MOST_LISTED);
  if (deals.length === 0 && !asked.chosen) return { reply: problem(asked.error ?? NO_DEAL), ok: false };
  return { reply: nextStepOfForm({ ...asked, deals }), ok: asked.error === undefined };
}

const NO_DEAL = 'There is no deal here that you see, so no next step was written.';

/** The deal of the thread, where there is one that this person may see. */
async function visibleUnder(
  house: House,
  { platform }: Sender,
  actor: Person,
  under: readonly Ref[] = [],
): Promise<Deal | undefined> {
  const id = await dealOfThread(house.store, platform, under);
  return id === undefined ? undefined : seen(house, id, actor);
}

async function seen({ store, now }: House, id: string, actor: Person): Promise<Deal | undefined> {
  const found = await load(store, id);
  return found && can(actor, 'see', found.deal, now()).yes ? found.deal : undefined;
}
