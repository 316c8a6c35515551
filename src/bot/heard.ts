/** What was typed → what is asked: the verb, its input, the exact deal. */
import type { Command } from '../commands/command.ts';
import { UserError } from '../pipeline/errors.ts';
import type { Actor } from '../pipeline/identity.ts';
import type { Person } from '../pipeline/person.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { keepListing } from '../store/postings.ts';
import type { Store } from '../store/store.ts';
import { talkNote } from '../views/talk.ts';
import { type Button, type Note, problem, type Reply } from '../views/view.ts';
import type { Sender } from './intent.ts';
import { resolve } from './resolve.ts';
import { hear } from './words.ts';

interface House {
  store: Store;
  commands: readonly Command[];
  now: () => Date;
}

/** Ready to be carried out; or the answer already. */
export type Asked =
  | { verb: Verb; input: Record<string, unknown>; actor: Person }
  | { reply: Reply; ok: boolean };

/** Undefined when it is not understood. A code alone is for `link`: `heard` says whether it was asked for. */
export function meantBy(
  { commands, now }: House,
  text: string,
): { verb: Verb; input: Record<string, string> } | undefined {
  const understood = hear(text, { now: now(), timeZone: 'UTC', commands: [...commands] });
  if (understood.kind === 'unclear') return understood.code ? { verb: 'link', input: {} } : undefined;
  return understood.kind === 'said' ? understood.said : undefined;
}

/**
 * Or what was not understood. Only suggestions are fuzzy: a guess never writes.
 * @throws UserError where it needs a deal and names none, and what `resolve` throws.
 */
export async function heard(
  house: House,
  { text, from }: { text: string; from: Sender },
  actor: Actor,
): Promise<Asked> {
  const { store, commands, now } = house;
  const suits = (verb: Verb) => commands.every((it) => it.verb !== verb || isFor(it, actor));
  const understood = hear(text, {
    ...{ now: now(), timeZone: actor.timeZone, suits },
    commands: [...commands],
  });
  if (understood.kind === 'talk') return { reply: talkNote(understood.talk), ok: true };
  if (understood.kind === 'unclear') {
    const { code } = understood;
    if (code && actor.barred) return { verb: 'link', input: { code }, actor };
    return { reply: unclear(understood, house), ok: false };
  }
  const { verb, deal: phrase, input: said, datesRead } = understood.said;
  const input = datesRead && !from.unattended ? { ...said, check: 'yes' } : said;
  if (phrase === undefined) {
    const needs = commands.find(
      (it) => it.verb === verb && it.takesDeal && !it.input.safeParse(input).success,
    );
    if (needs) throw new UserError(`Which deal? Say it like this: ${needs.usage}`);
    return { verb, input, actor };
  }
  const called = { phrase, verb, input, actor, conversation: from.conversation, now: now() };
  const found = await resolve(store, called);
  if (typeof found === 'string') return { verb, input: { ...input, id: found }, actor };
  await remember(store, found, actor, from);
  return { reply: found, ok: false };
}

const isFor = ({ summaryFor }: Command, actor: Person): boolean =>
  !summaryFor || summaryFor(actor) !== undefined;

function unclear({ suggestions, reason }: { suggestions: string[]; reason?: string }, house: House): Note {
  const buttons = suggestions.flatMap((line) => buttonFor(line, house) ?? []);
  const meant = suggestions.length > 0 ? ['Did you mean:', ...suggestions.map((line) => `· ${line}`)] : [];
  return {
    ...problem(reason ?? 'I did not understand that, so nothing was done.', [
      ...meant,
      '“help” lists what you can say.',
    ]),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

/** What only looks, and needs no more to be said, can be pressed. */
function buttonFor(line: string, { commands, now }: House): Button | undefined {
  const understood = hear(line, { now: now(), timeZone: 'UTC', commands: [...commands] });
  if (understood.kind !== 'said' || understood.said.deal) return undefined;
  const { verb, input } = understood.said;
  const command = commands.find((it) => it.verb === verb);
  if (!command?.reads || !command.input.safeParse(input).success) return undefined;
  const label = verb === 'desk' ? 'My desk' : `${line[0]?.toUpperCase()}${line.slice(1)}`;
  return { verb, label, input, ...(command.opensForm?.(input) ? { opens: 'form' as const } : {}) };
}

/** "accept 2" means the second line of this list, for its reader, in this conversation. */
export async function remember(store: Store, reply: Reply, actor: Person, from: Sender): Promise<void> {
  if (reply.kind !== 'list') return;
  const ids = reply.sections.flatMap((section) => section.items.flatMap((item) => item.id ?? []));
  if (ids.length > 0) await keepListing(store, actor.id, from.conversation, ids);
}
