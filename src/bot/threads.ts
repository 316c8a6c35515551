/** Under a deal's card nobody has to name the deal; and a form may ask for its deal in words. */
import type { Command } from '../commands/command.ts';
import { UserError, unknownDeal } from '../pipeline/errors.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { load } from '../store/deals.ts';
import type { Store } from '../store/store.ts';
import { dealOfThread } from '../store/threads.ts';
import { nextStepOfForm } from '../views/pick.ts';
import type { List } from '../views/view.ts';
import type { Intent, Ref, Sender } from './intent.ts';
import { inVerbs } from './phrases.ts';
import { resolve } from './resolve.ts';
import { shapeOf } from './usage.ts';

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
 * A form that asked for its deal in words (`deal`, and no `id`): they are resolved as typed words are. What is missing or
 * means nothing comes back in the form, with all that was typed; of several deals one is chosen. Only a next step is asked so.
 */
export async function named(
  house: House,
  { verb, input, from, under }: Pick<Intent, 'verb' | 'input' | 'from' | 'under'>,
  actor: Person,
): Promise<Asked | { reply: List | ReturnType<typeof nextStepOfForm>; ok: boolean }> {
  const { deal, ...rest } = input;
  if (verb !== 'next-step' || typeof deal !== 'string' || 'id' in input) return { verb, input };
  const text = typeof rest.text === 'string' ? rest.text : '';
  if (deal.trim() === '')
    return { reply: nextStepOfForm({ deal: await visibleUnder(house, from, actor, under), text }), ok: true };
  try {
    const { conversation } = from;
    const called = { phrase: deal, verb, input: { text }, actor, conversation, now: house.now() };
    const found = await resolve(house.store, called);
    if (typeof found !== 'string') return { reply: found, ok: false };
    // Unknown and not allowed are the same answer, also beside the field.
    if (!(await sees(house, found, actor))) throw unknownDeal(deal);
    return { verb, input: { ...rest, id: found } };
  } catch (error) {
    // What was typed stays: the error stands beside the field.
    if (!(error instanceof UserError)) throw error;
    return { reply: nextStepOfForm({ deal, text, error: error.message }), ok: false };
  }
}

/** The deal of the thread, where there is one that this person may see; else ''. */
async function visibleUnder(
  house: House,
  { platform }: Sender,
  actor: Person,
  under: readonly Ref[] = [],
): Promise<string> {
  const id = await dealOfThread(house.store, platform, under);
  return id !== undefined && (await sees(house, id, actor)) ? id : '';
}

async function sees({ store, now }: House, id: string, actor: Person): Promise<boolean> {
  const found = await load(store, id);
  return found !== undefined && can(actor, 'see', found.deal, now()).yes;
}
