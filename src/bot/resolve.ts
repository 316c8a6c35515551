/** What a person called a deal → its exact id. Finding may be fuzzy; writing needs an exact id, one exact match, or a choice. */
import * as vocabulary from '../commands/index.ts';
import { UserError, unknownDeal } from '../pipeline/errors.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { loadMany } from '../store/deals.ts';
import { find } from '../store/find.ts';
import { lastListing } from '../store/postings.ts';
import type { Store } from '../store/store.ts';
import { choiceList } from '../views/found.ts';
import type { List } from '../views/view.ts';

const ID = /^(O\d{1,19}|engi-[0-9a-z]{13}|eng-[0-9a-z]{14})$/i;
const NUMBER = /^#?(\d{1,3})$/;
/** More are no choice. */
const MOST = 10;

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
  if (ID.test(phrase)) return /^o/i.test(phrase) ? phrase.toUpperCase() : phrase.toLowerCase();
  const { verb, input } = called;
  const command = Object.values(vocabulary).find((it) => it.verb === verb);
  const { deals, exact } = await find(store, called.actor, phrase, MOST);
  const found = deals.map(({ deal }, nth) => ({ deal, isExact: nth < exact }));
  const seen = found.filter(({ deal }) => can(called.actor, 'see', deal, called.now).yes);
  const same = seen.filter(({ isExact }) => isExact);
  const fits = (same.length > 0 ? same : seen).map(({ deal }) => deal);
  const [one, another] = fits;
  if (!one) throw unknownDeal(phrase);
  if (!another && (same.length > 0 || command?.reads)) return one.id;
  return choiceList(fits, {
    title:
      same.length > 0
        ? `Which “${phrase}” do you mean?`
        : `Nothing is called exactly “${phrase}”. Did you mean:`,
    verb,
    input,
    opens: command?.opensForm?.(input) ?? false,
  });
}

async function byNumber(store: Store, { actor, conversation, now }: Called, number: number): Promise<string> {
  const ids = await lastListing(store, actor.id, conversation);
  if (!ids)
    throw new UserError(
      'Numbers belong to your last list here, for 30 minutes. Type “desk” or “list” to get one.',
    );
  const id = ids[number - 1];
  if (!id)
    throw new UserError(
      `Your last list here has no number ${number} (it has ${ids.length}). Type “desk” or “list” for a new one.`,
    );
  const [found] = await loadMany(store, [id]);
  // Gone or no longer theirs: the same words.
  if (!found || !can(actor, 'see', found.deal, now).yes)
    throw new UserError(
      `Number ${number} of your last list is no deal you can see any more. Type “desk” or “list” for a new one.`,
    );
  return found.deal.id;
}
