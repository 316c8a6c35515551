/** What every command that takes a deal does first and last. */
import { UserError, unknownDeal } from '../pipeline/errors.ts';
import { can } from '../pipeline/policy.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { changesOf, request, TooLate, type Wanted } from '../store/changes.ts';
import { type Loaded, load } from '../store/deals.ts';
import { dealCard } from '../views/deal.ts';
import { type Card, done, type Reply } from '../views/view.ts';
import type { Context, Result } from './command.ts';

/** Loads a deal as far as this person may see it. @throws UserError: unknown and not allowed are the same answer. */
export async function visible(id: string, { store, actor, now }: Context): Promise<Loaded> {
  const found = await load(store, id);
  if (!found || !can(actor, 'see', found.deal, now).yes) throw unknownDeal(id);
  if (found.isGone) throw new UserError(`AWS no longer gives us ${id}: it is lost.`);
  return found;
}

export const cardOf = (found: Loaded, { actor, now }: Context): Card =>
  dealCard(found.deal, {
    version: found.version,
    actor,
    now,
    changes: found.changes,
    ...(found.successor ? { successor: found.successor } : {}),
  });

/** What a person decided on the deal as they found it: an answer at once, or wishes to put to AWS. */
export type Decision = { result: Result } | { wanted: Wanted[] };

const TRIES = 3;

/**
 * Load, decide, write by compare-and-set; when somebody was faster, load and decide again. An act that was written before
 * is answered by its card.
 */
export async function actOn(
  verb: Verb,
  id: string,
  context: Context,
  decide: (found: Loaded) => Decision,
): Promise<Result> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = await visible(id, context);
    const decision = decide(found);
    if ('result' in decision) return (await already(found, context)) ?? decision.result;
    const { store, actor, key, until, source } = context;
    context.writes();
    const taken = await request(
      store,
      { key, verb, personId: actor.id, source, until },
      { id, version: found.version },
      decision.wanted,
    );
    if (taken.outcome !== 'stale') return receiptOf(found, decision.wanted, taken.changeIds, context);
  }
  throw new TooLate();
}

/** A person sees what they asked for within this, or is told in words: it is committed, whatever reading it back does. */
const DRAW_MS = 300;

async function receiptOf(found: Loaded, wanted: Wanted[], ids: string[], context: Context): Promise<Result> {
  const inWords = done(
    `${found.deal.company}: taken down and on its way to AWS. “history” shows what comes of it.`,
  );
  const drawn = visible(found.deal.id, context).then(
    (now) => cardOf(now, context),
    () => inWords,
  );
  const late = new Promise<Reply>((resolve) => setTimeout(resolve, DRAW_MS, inWords).unref());
  const queued = wanted.some(({ waitsFor }) => waitsFor);
  return { reply: await Promise.race([drawn, late]), changeIds: ids, queued };
}

/** The same act again (double click, retry): what it asked for stands, and its card is the answer. */
async function already(found: Loaded, context: Context): Promise<Result | undefined> {
  const changeIds = await changesOf(context.store, { key: context.key, personId: context.actor.id });
  return changeIds.length > 0 ? { reply: cardOf(found, context), changeIds } : undefined;
}
