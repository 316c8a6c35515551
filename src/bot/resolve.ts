/** What a person called a deal → its exact id. Finding may be fuzzy; writing needs an exact id, one exact match, or a choice. */
import { UserError, unknownDeal } from '../pipeline/errors.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { type Loaded, loadMany, named } from '../store/deals.ts';
import { lastListing } from '../store/postings.ts';
import type { Store } from '../store/store.ts';
import { choiceList } from '../views/list.ts';
import type { List } from '../views/view.ts';

const ID = /^(O\d{1,19}|engi-[0-9a-z]{13}|eng-[0-9a-z]{14})$/i;
const NUMBER = /^#?(\d{1,3})$/;
const READS: readonly Verb[] = ['show', 'history'];

export interface Called {
  phrase: string;
  verb: Verb;
  input: Record<string, string>;
  actor: Person;
  conversation: string;
  now: Date;
}

/** @returns the id, or a list to choose from. @throws UserError when there is no such deal, or no such number. */
export async function resolve(store: Store, called: Called): Promise<string | List> {
  const phrase = called.phrase.trim();
  const number = NUMBER.exec(phrase)?.[1];
  if (number) return byNumber(store, called, Number(number));
  if (ID.test(phrase)) return phrase.startsWith('o') ? phrase.toUpperCase() : phrase;
  const { exact, near } = await named(store, called.actor, phrase);
  const fits = (found: Loaded[]) =>
    found.filter(({ deal }) => can(called.actor, 'see', deal, called.now).yes);
  const [same, alike] = [fits(exact), fits(near)];
  if (same.length === 1 && same[0]) return same[0].deal.id;
  if (same.length > 1) return choice(called, same, `Which “${phrase}” do you mean?`);
  if (alike.length === 1 && alike[0] && READS.includes(called.verb)) return alike[0].deal.id;
  if (alike.length > 0) return choice(called, alike, `Nothing is called exactly “${phrase}”. Did you mean:`);
  throw unknownDeal(phrase);
}

async function byNumber(store: Store, { actor, conversation, now }: Called, number: number): Promise<string> {
  const ids = await lastListing(store, actor.id, conversation);
  if (!ids)
    throw new UserError(
      'Numbers belong to your last list here, for 30 minutes. Type “desk” or “list” to get one.',
    );
  const id = ids[number - 1];
  const [found] = id ? await loadMany(store, [id]) : [];
  if (!found || !can(actor, 'see', found.deal, now).yes)
    throw new UserError(
      `Your last list here has no number ${number} (it has ${ids.length}). Type “desk” or “list” for a new one.`,
    );
  return found.deal.id;
}

const choice = ({ verb, input, actor, now }: Called, found: Loaded[], title: string): List =>
  choiceList(
    found.map(({ deal, version }) => ({ deal, version })),
    { title, verb, input, actor, now },
  );
