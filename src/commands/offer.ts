import { z } from 'zod';
import { fullName, type Person, seesEverything } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { coversNow } from '../store/covers.ts';
import type { Loaded } from '../store/deals.ts';
import { tellingOffer } from '../store/news.ts';
import { offeredByCover, offering } from '../store/offers.ts';
import { everybody } from '../store/people.ts';
import { offerForm } from '../views/ask.ts';
import { namesInWords, personName } from '../views/people.ts';
import { done, problem } from '../views/view.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, answeredBefore, type Decision, meantAmong, namesIn } from './deal.ts';

/** As many as a person still means one by one; each of them is told. */
const MOST = 20;
const TOO_MANY = `${MOST} people at most. Choose those who fit best`;

const Input = z.object({
  id: DealId,
  /** Names, e-mails or ids, separated by commas or "and"; "nobody" withdraws it from all. */
  people: z.string().max(10_000, `${TOO_MANY}; nothing was changed.`).optional(),
  /** From the form: whom it showed as chosen (ids). Only what was changed there is changed. */
  shown: z.string().max(10_000, 'That is no form of ours.').optional(),
});
type Input = z.infer<typeof Input>;

const SUMMARY = 'Offer a pending referral or lead to colleagues, who may then accept it';

/**
 * Offers a pending referral or lead to ACE users, who else never see one; kept here. A typed line adds; the form also
 * withdraws. Nobody's offer of meanwhile is overwritten, and naming the same people twice changes nothing.
 */
export const offer = command({
  verb: 'offer',
  about: 'act',
  opensForm: ({ people, shown }) => people === undefined && shown === undefined,
  summary: SUMMARY,
  summaryFor: (actor) => (seesEverything(actor) ? SUMMARY : undefined),
  usage: 'offer <deal> to <people>',
  takesDeal: true,
  input: Input,
  run: (input, context) => actOn('offer', input.id, context, (found) => decide(found, input, context)),
});

async function decide(found: Loaded, { people, shown }: Input, context: Context): Promise<Decision> {
  const { deal } = found;
  const faster = answeredBefore(found, 'accept', context);
  if (faster) return { result: faster };
  const verdict = can(context.actor, 'offer', deal, context.now);
  if (!verdict.yes) return { result: { reply: problem(`${deal.company}: ${verdict.why}`), ok: false } };
  const roster = await everybody(context.store);
  const users = roster.filter(({ role }) => role === 'ACE user');
  if (users.length === 0) return { result: { reply: problem(NO_USERS), ok: false } };
  const before = roster.filter(({ id }) => deal.offeredTo?.includes(id));
  const offered = shown?.split(',').filter(Boolean) ?? idsOf(before);
  const ask = (chosen: readonly Person[], error?: string): Decision => ({
    result: {
      reply: offerForm(deal, { people: users, offered, chosen: idsOf(chosen), ...(error ? { error } : {}) }),
      ok: error === undefined,
    },
  });
  if (people === undefined && shown === undefined) return ask(before);
  const named = read(people ?? '', roster, context.actor);
  const chosen = shown === undefined ? merged(before, named.people, []) : named.people;
  if (named.error) return ask(chosen, named.error);
  const left = shown !== undefined || NOBODY.test(people ?? '') ? offered : [];
  const now = merged(before, named.people, left);
  if (now.length === 0 && before.length === 0) return ask([], 'Choose whom to offer it to.');
  if (now.length > MOST) return ask(chosen, `${TOO_MANY}.`);
  const covers = await coversNow(context.store, context.now);
  const coversAny = ({ id }: Person, people: readonly Person[]) =>
    people.some((away) => covers.get(away.id)?.coverId === id);
  const withdrawn = before.filter(({ id }) => !now.some((it) => it.id === id));
  const isMeant = (it: Person) =>
    shown === undefined ? named.people.includes(it) : coversAny(it, withdrawn) && !coversAny(it, now);
  // Whoever has it only with a desk they cover gets it for themselves: named now, or kept where whose desk it is is not.
  const lent = await offeredByCover(context.store, deal.id);
  const again = now.filter((it) => lent.includes(it.id) && isMeant(it));
  const known = before.filter((it) => !again.some(({ id }) => id === it.id));
  return decided(found, known, now, standIns(known, now, roster, covers), context);
}

/** Somebody who looks after the desk of one to whom it is offered now. */
interface StandIn {
  person: Person;
  away: Person;
}

/** For whoever is away; what is offered to a cover by hand as well, is offered to them themselves. */
const standIns = (
  before: readonly Person[],
  now: readonly Person[],
  roster: readonly Person[],
  covers: ReadonlyMap<string, { coverId: string }>,
): StandIn[] =>
  now.flatMap((away) => {
    const person = roster.find(({ id }) => id === covers.get(away.id)?.coverId);
    const isNew = !before.some(({ id }) => id === away.id);
    return person && isNew && !now.some(({ id }) => id === person.id) ? [{ person, away }] : [];
  });

const idsOf = (people: readonly Person[]): string[] => people.map(({ id }) => id);

/** Of `left` only who is named keeps it; whoever else has it keeps it; who is named comes. */
function merged(before: Person[], named: Person[], left: readonly string[]): Person[] {
  const kept = before.filter(({ id }) => !left.includes(id) || named.some((it) => it.id === id));
  return [...kept, ...named.filter(({ id }) => !before.some((it) => it.id === id))];
}

const NO_USERS =
  'There is no ACE user on the roster yet, and everybody else sees it anyway. “people” adds somebody.';

const NOBODY = /^\s*(?:nobody|no one|none)[\s.!]*$/i;

/** Whom a text names, once each; with what is wrong about the first that cannot be taken. */
function read(said: string, roster: readonly Person[], actor: Person): { people: Person[]; error?: string } {
  const parts = namesIn(said).filter((part) => !NOBODY.test(part));
  const people = new Map<string, Person>();
  for (const part of parts) {
    const person = meantAmong(part, roster, actor);
    const error = typeof person === 'string' ? person : seesAnyway(person);
    if (error) return { people: [...people.values()], error };
    if (typeof person === 'object') people.set(person.id, person);
  }
  return { people: [...people.values()] };
}

const seesAnyway = (person: Person): string | undefined =>
  seesEverything(person)
    ? `${personName(person)} is ${person.role} and sees it anyway. Offer it to ACE users.`
    : undefined;

function decided(
  found: Loaded,
  before: Person[],
  named: Person[],
  covers: StandIn[],
  { actor, now: moment }: Context,
): Decision {
  const { deal } = found;
  // Who sees everything needs no offer, and is told all the same.
  const asked = covers.map(({ person }) => person).filter(({ role }) => role === 'ACE user');
  const now = [...named, ...asked.filter(({ id }, nth) => asked.findIndex((it) => it.id === id) === nth)];
  const added = named.filter(({ id }) => !before.some((it) => it.id === id));
  const withdrawn = before.filter(({ id }) => !now.some((it) => it.id === id));
  if (added.length === 0 && withdrawn.length === 0)
    return {
      result: {
        reply: done(`${deal.company}: it is offered to ${names(now)} already. Nothing was changed.`),
      },
    };
  const to = now.map((person) => ({ id: person.id, name: personName(person) }));
  const by = fullName(actor);
  return {
    said: `${sentence(newsOf(named, withdrawn, covers).join('; '))}.`,
    wanted: [{ wish: { kind: 'offer', to } }],
    also: [
      ...offering({
        ...{ dealId: deal.id, to: idsOf(now), byId: actor.id, named: idsOf(added) },
        covering: idsOf(asked),
        now: moment,
      }),
      ...tellsOf(added, covers, actor).map(({ id, away }) => {
        const body = { by, ...(away ? { away: fullName(away) } : {}) };
        const ids = { personId: id, dealId: deal.id, byId: actor.id, ...(away ? { awayId: away.id } : {}) };
        return tellingOffer({ ...ids, body }, moment);
      }),
    ],
  };
}

/** Whoever is away and covered is left alone; their cover is told in their place. */
const tellsOf = (
  added: readonly Person[],
  covers: readonly StandIn[],
  actor: Person,
): { id: string; away?: Person }[] => [
  ...added.filter(({ id }) => !covers.some(({ away }) => away.id === id)).map(({ id }) => ({ id })),
  ...covers
    .filter(({ person }) => person.id !== actor.id)
    .map(({ person, away }) => ({ id: person.id, away })),
];

const newsOf = (now: Person[], withdrawn: Person[], covers: readonly StandIn[]): string[] => [
  ...(now.length > 0 ? [`offered to ${names(now)}`] : []),
  ...covers.map(({ person, away }) => `also to ${personName(person)}, who covers ${personName(away)}’s desk`),
  ...(withdrawn.length > 0 ? [`no longer offered to ${names(withdrawn)}`] : []),
];

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const names = (people: Person[]): string => namesInWords(people.map(personName));
