import { z } from 'zod';
import { fullName, type Person, seesEverything } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import type { Loaded } from '../store/deals.ts';
import { telling } from '../store/notices.ts';
import { offering } from '../store/offers.ts';
import { everybody } from '../store/people.ts';
import { offerForm } from '../views/ask.ts';
import { namesInWords, personName } from '../views/people.ts';
import { done, problem } from '../views/view.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, answeredBefore, type Decision, meantAmong } from './deal.ts';

const Input = z.object({
  id: DealId,
  /** Names, e-mails or ids, separated by commas or "and"; "nobody" withdraws it from all. */
  people: z.string().max(3000).optional(),
  /** From the form: whom it showed as chosen (ids). Only what was changed there is changed. */
  shown: z.string().max(2000).optional(),
});
type Input = z.infer<typeof Input>;

const SUMMARY = 'Offer a pending referral or lead to colleagues, who may then accept it';

/** As many as a person still means one by one; each of them is told. */
const MOST = 20;

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
  if (now.length > MOST) return ask(chosen, `${MOST} people at most. Choose those who fit best.`);
  return decided(found, before, now, context);
}

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
  const parts = said
    .split(/\s*[,;&]\s*|\s+and\s+/i)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !NOBODY.test(part));
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

function decided(found: Loaded, before: Person[], now: Person[], { actor }: Context): Decision {
  const { deal } = found;
  const added = now.filter(({ id }) => !before.some((it) => it.id === id));
  const withdrawn = before.filter(({ id }) => !now.some((it) => it.id === id));
  if (added.length === 0 && withdrawn.length === 0)
    return {
      result: {
        reply: done(`${deal.company}: it is offered to ${names(now)} already. Nothing was changed.`),
      },
    };
  const to = now.map((person) => ({ id: person.id, name: personName(person) }));
  const ids = to.map(({ id }) => id);
  const by = fullName(actor);
  const news = [
    now.length > 0 ? `offered to ${names(now)}` : '',
    withdrawn.length > 0 ? `no longer offered to ${names(withdrawn)}` : '',
  ];
  return {
    said: `${sentence(news.filter(Boolean).join('; '))}.`,
    wanted: [{ wish: { kind: 'offer', to } }],
    also: [
      ...offering(deal.id, ids, actor.id),
      ...added.map((person) => telling(person.id, { kind: 'offered', by }, deal.id)),
    ],
  };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const names = (people: Person[]): string => namesInWords(people.map(personName));
