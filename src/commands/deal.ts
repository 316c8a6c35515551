/** What every command that takes a deal does first and last. */
import { isLocal, isOpen, type Wish } from '../pipeline/change.ts';
import { UserError, unknownDeal } from '../pipeline/errors.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { meant as fitting } from '../pipeline/roster.ts';
import { oneLine } from '../pipeline/text.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { type Also, changesOf, request, TooLate, type Wanted } from '../store/changes.ts';
import { type Loaded, load } from '../store/deals.ts';
import { called } from '../store/people.ts';
import { dealCard } from '../views/deal.ts';
import { nobodyCalled, severalCalled } from '../views/people.ts';
import { type Card, done, problem, type Reply } from '../views/view.ts';
import { ago } from '../views/words.ts';
import type { Context, Result } from './command.ts';

/** Loads a deal as far as this person may see it. @throws UserError: unknown and not allowed are the same answer. */
export async function visible(id: string, context: Context): Promise<Loaded> {
  const found = await seen(id, context);
  if (!found) throw unknownDeal(id);
  return found;
}

export const cardOf = (found: Loaded, { actor, now }: Context): Card =>
  dealCard(found.deal, {
    version: found.version,
    actor,
    now,
    changes: found.changes,
    flaggedBy: found.flaggedBy,
    reminders: found.reminders,
    ...(found.successor ? { successor: found.successor } : {}),
  });

/** What a person decided on the deal as they found it: an answer at once, or wishes to put to AWS. */
export type Decision =
  | { result: Result }
  /** `also`: written in the same statement. `said`: what was done, in a sentence, where the card cannot tell. */
  | { wanted: Wanted[]; also?: Also[]; said?: string };

// The agent raises versions as well: while a deal is being settled, several looks in a row may be old at once.
const TRIES = 10;

/**
 * Load, decide, write by compare-and-set; when somebody was faster, load and decide again. An act that was written before
 * is answered by its card; where it took the deal out of the person's sight, in words.
 */
export async function actOn(
  verb: Verb,
  id: string,
  context: Context,
  decide: (found: Loaded) => Decision | Promise<Decision>,
): Promise<Result> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = await seen(id, context);
    if (!found) return unlessRepeated(context, OUT_OF_SIGHT, unknownDeal(id));
    const decision = await decide(found);
    if ('result' in decision) return unlessRepeated(context, cardOf(found, context), decision.result);
    const { store, actor, key, until, source } = context;
    context.writes();
    const taken = await request(
      store,
      { key, verb, personId: actor.id, source, until },
      { id, version: found.version },
      decision.wanted,
      decision.also,
    );
    if (taken.outcome !== 'stale') return receiptOf(found, decision, taken.changeIds, context);
  }
  throw new TooLate();
}

/** What was said of an invitation before: of two who press, the second is told who was faster, and when. */
export function answeredBefore(
  found: Loaded,
  kind: 'accept' | 'reject',
  context: Context,
): Result | undefined {
  const change = found.changes.find(
    ({ wish, state }) =>
      (wish.kind === 'accept' || wish.kind === 'reject') && (isOpen(state) || state === 'confirmed'),
  );
  if (!change) return undefined;
  const isMine = change.person.id === context.actor.id;
  if (isMine && change.wish.kind === kind && isOpen(change.state))
    return { reply: cardOf(found, context), ok: false };
  const who = isMine ? 'you' : oneLine(change.person.name) || 'a colleague';
  const when = ago(change.settledAt ?? change.requestedAt, context.now);
  const how = isOpen(change.state)
    ? `${who} asked AWS to ${ASKED[change.wish.kind] ?? 'change it'} ${when}; AWS is working on it`
    : `${change.wish.kind === 'accept' ? 'accepted' : 'rejected'} by ${who} ${when}`;
  return { reply: problem(`${found.deal.company}: ${how}. Nothing more was sent.`), ok: false };
}

const ASKED: Partial<Record<Wish['kind'], string>> = { accept: 'accept it', reject: 'reject it' };

/** The one colleague that words name; else what is wrong with them, for the person. "me" is whoever asks. */
export async function meant(said: string, { store, actor }: Context): Promise<Person | string> {
  return isMe(said) ? actor : theOne(said, await called(store, said));
}

/** The same among people who are at hand already. */
export const meantAmong = (said: string, people: readonly Person[], actor: Person): Person | string =>
  isMe(said) ? actor : theOne(said, fitting(people, said));

/** "Tom, Priya and Lucía" → each of them, as a person lists people. */
export const namesIn = (said: string): string[] =>
  said
    .split(/[,;&]|\sand\s/i)
    .map((name) => name.trim())
    .filter(Boolean);

const isMe = (said: string): boolean => /^(?:me|myself)$/i.test(said.trim());

function theOne(said: string, found: Person[]): Person | string {
  const [only, ...more] = found;
  if (!only) return nobodyCalled(said);
  return more.length === 0 ? only : severalCalled(said, found);
}

/** Undefined: there is none, or not for this person. @throws UserError when AWS no longer gives it to us. */
async function seen(id: string, { store, actor, now }: Context): Promise<Loaded | undefined> {
  const found = await load(store, id);
  if (!found || !can(actor, 'see', found.deal, now).yes) return undefined;
  if (found.isGone) throw new UserError(`AWS no longer gives us ${id}: it is lost.`);
  return found;
}

/** A person sees what they asked for within this, or is told in words: it is committed, whatever reading it back does. */
const DRAW_MS = 300;

/** What the desk settled itself is done: then nobody waits, and the card says what was done. */
async function receiptOf(
  { deal }: Loaded,
  { wanted, said = ON_ITS_WAY }: Extract<Decision, { wanted: Wanted[] }>,
  ids: string[],
  context: Context,
): Promise<Result> {
  const isDone = wanted.every(({ wish }) => isLocal(wish));
  const inWords = done(`${deal.company}: ${said}`);
  const drawn = visible(deal.id, context).then(
    (now) => (isDone ? { ...cardOf(now, context), status: said } : cardOf(now, context)),
    () => inWords,
  );
  const late = new Promise<Reply>((resolve) => setTimeout(resolve, DRAW_MS, inWords).unref());
  const queued = wanted.some(({ waitsFor }) => waitsFor);
  return { reply: await Promise.race([drawn, late]), changeIds: isDone ? [] : ids, queued };
}

const ON_ITS_WAY = 'taken down and on its way to AWS. “history” shows what comes of it.';

const OUT_OF_SIGHT = done('This was taken down when you first asked; the deal is no longer yours to see.');

/** The same act again (double click, retry): what it asked for stands. Else the answer to one that was never written. */
async function unlessRepeated(
  { store, key, actor }: Context,
  again: Reply,
  answer: Result | UserError,
): Promise<Result> {
  const changeIds = await changesOf(store, { key, personId: actor.id });
  if (changeIds.length > 0) return { reply: again, changeIds };
  if (answer instanceof UserError) throw answer;
  return answer;
}
