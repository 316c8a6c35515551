/** The options of a long choice while somebody types: those of the form they have open, under its law. */
import type { Command } from '../commands/command.ts';
import type { Deal } from '../pipeline/deal.ts';
import { standingOf } from '../pipeline/invitation.ts';
import type { Person } from '../pipeline/person.ts';
import { type Action, can, ineligible, type Verdict } from '../pipeline/policy.ts';
import { mayManage } from '../pipeline/roster.ts';
import { fitting } from '../pipeline/typeahead.ts';
import { load } from '../store/deals.ts';
import { guests } from '../store/invitations.ts';
import { everybody } from '../store/people.ts';
import { toPick } from '../store/pick.ts';
import { activeSolutions } from '../store/solutions.ts';
import type { Store } from '../store/store.ts';
import { personOptions } from '../views/people.ts';
import { dealOptions } from '../views/post.ts';
import { solutionOptions } from '../views/stage.ts';
import type { Option, Source } from '../views/view.ts';
import type { Asking } from './intent.ts';
import { identify, turnedAway } from './strangers.ts';

/** As many as a list that opens under a field takes (Slack: 100). */
const MOST = 100;
/** More than any partner has; a bound all the same. */
const MOST_SOLUTIONS = 5000;

/** What is asked about the form's deal; the others are about the person alone. */
type OfDeal = Exclude<Source, 'deals' | 'colleagues' | 'invitable'>;

/** Whoever may do one of these with the form's deal may see the names: they could choose them there anyway. */
const LAW: Record<OfDeal, readonly Action[]> = {
  people: ['accept-for', 'transfer'],
  offerable: ['offer'],
  solutions: ['change-stage'],
};

/** Each with the words it is found by. */
type Choosable = { option: Option; words: string };
/** Everything to choose from. */
type All = (store: Store, deal: Deal) => Promise<Choosable[]>;

const ALL: Record<OfDeal, All> = {
  people: async (store, deal) => choosable((await everybody(store)).filter((it) => !ineligible(it, deal))),
  offerable: users,
  solutions: async (store) =>
    solutionOptions(await activeSolutions(store, MOST_SOLUTIONS)).map((option) => ({
      option,
      words: option.label,
    })),
};

async function users(store: Store): Promise<Choosable[]> {
  return choosable((await everybody(store)).filter(({ role }) => role === 'ACE user'));
}

/** All but whose desk the form is about. */
async function colleagues(store: Store, whose: string): Promise<Choosable[]> {
  return choosable((await everybody(store)).filter(({ id }) => id !== whose));
}

/** As the form of `invite` lists them, for whoever may open it. */
async function invitable(store: Store, actor: Person, now: Date): Promise<Choosable[]> {
  if (!mayManage(actor)) return [];
  const all = await guests(store);
  return choosable(all.filter((it) => it.id !== actor.id && standingOf(it, now) === 'free'));
}

/** People are found by their address too, though the list does not show it. */
function choosable(people: readonly Person[]) {
  const emails = new Map(people.map(({ id, email }) => [id, email]));
  return personOptions(people).map((option) => ({
    option,
    words: `${option.label} ${emails.get(option.value)}`,
  }));
}

/** See `Desk.options`. A stranger, an unknown deal and a deal that is not theirs are the same: nothing. */
export async function optionsFor(
  house: { store: Store; commands: readonly Command[]; now: () => Date },
  { source, query, input, from }: Asking,
): Promise<Option[]> {
  const { store } = house;
  const now = house.now();
  const actor = await identify(store, from, 'looking');
  if (!actor || (await turnedAway(house, actor, ASKS_NOTHING, now))) return [];
  if (source === 'deals') return dealOptions(await toPick(store, actor, query, MOST));
  if (source === 'colleagues') return typed(await colleagues(store, input.whose ?? actor.id), query);
  if (source === 'invitable') return typed(await invitable(store, actor, now), query);
  // A rule is about deals to come: whoever makes one may offer any of them (commands/route.ts).
  if (source === 'offerable' && input.id === undefined && mayManage(actor))
    return typed(await users(store), query);
  const found = input.id === undefined ? undefined : await load(store, input.id);
  if (!found || found.isGone || !can(actor, 'see', found.deal, now).yes) return [];
  if (!LAW[source].some((action) => mayFillIn(can(actor, action, found.deal, now)))) return [];
  return typed(await ALL[source](store, found.deal), query);
}

const typed = (all: readonly Choosable[], query: string): Option[] =>
  fitting(all, { typed: query, textOf: ({ words }) => words, most: MOST }).map(({ option }) => option);

/** Where AWS has it locked the form is filled in all the same, and queued. */
const mayFillIn = (verdict: Verdict): boolean => verdict.yes || verdict.locked === true;

const ASKS_NOTHING = { verb: () => undefined, wanted: () => ({ text: '' }) };
