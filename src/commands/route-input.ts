/** What is said of routing rules: the fields of the form, how a typed line names a rule, and what is wrong with it. */
import { z } from 'zod';
import { fullName, type Person } from '../pipeline/person.ts';
import { meant as fitting } from '../pipeline/roster.ts';
import { MAX_ROUTE_NAME, type Route } from '../pipeline/routing.ts';
import { cut, length, oneLine } from '../pipeline/text.ts';
import { quoted } from '../views/terms.ts';
import { meantAmong, namesIn } from './deal.ts';

/** All of them are told of whatever it sends on. */
const MOST_PEOPLE = 50;
const TOO_MANY = `${MOST_PEOPLE} people at most. Choose those who fit best.`;

const Said = z.string().max(400, 'That is longer than any field here.').optional();
export const Input = z.object({
  /** All that was typed after “route”, its parts apart. */
  what: Said,
  do: z.enum(['add', 'edit', 'save', 'remove', 'up']).optional(),
  route: z.uuid('That is no rule’s id.').optional(),
  name: Said,
  countries: Said,
  industries: z.string().max(1000, 'Those are more industries than there are.').optional(),
  solutions: Said,
  campaign: Said,
  atLeast: Said,
  /** Ids or names, separated by commas. */
  people: z
    .string()
    .max(100 * MOST_PEOPLE, TOO_MANY)
    .optional(),
  place: z.enum(['nowhere', 'kept', 'here']).optional(),
  /** Typed: post it where this is said. */
  here: z.literal('yes').optional(),
  /** The channel that the form named. */
  room: z.string().min(1).max(200).optional(),
  /** That it takes everything is meant. */
  sure: z.literal('yes').optional(),
});
export type RouteInput = z.infer<typeof Input>;

/** Whether both are the name of one rule. */
export const isSame = (one: string, other = ''): boolean =>
  one.toLowerCase() === oneLine(other).toLowerCase();

/** What “route …” asks: "add Nordics", "remove Nordics", "up Nordics", "edit Nordics", "Nordics". */
export function errandOf(what: string, routes: readonly Route[]): Pick<RouteInput, 'do' | 'name'> {
  if (LISTING.test(what) && !routes.some(({ name }) => isSame(name, what))) return {};
  const [, verb = '', name = ''] =
    /^(add|new|edit|remove|delete|up)(?:[\s:]+([\s\S]*))?$/i.exec(what.trim()) ?? [];
  const act = ERRANDS[verb.toLowerCase()];
  return act ? { do: act, ...(name ? { name } : {}) } : { ...(what.trim() ? { name: what } : {}) };
}

/** Unless a rule is called so. */
const LISTING = /^(?:list|all|rules|show|status)?[\s?.!]*$/i;

const ERRANDS: Record<string, RouteInput['do']> = {
  ...{ add: 'add', new: 'add', edit: 'edit', remove: 'remove', delete: 'remove', up: 'up' },
};

/** A name that a rule has already may stay, whatever stands in it. */
export function nameError(
  name: string,
  it: Route | undefined,
  { routes, people }: { routes: readonly Route[]; people: readonly Person[] },
): { name?: string } {
  if (name === '') return { name: 'Give it a name.' };
  if (name !== it?.name && hasSlip(name, people)) return slip(name);
  if (length(name) > MAX_ROUTE_NAME)
    return { name: `A rule’s name has at most ${MAX_ROUTE_NAME} characters.` };
  return routes.some((other) => other !== it && isSame(other.name, name)) ? { name: taken(name) } : {};
}

export const taken = (name: string): string =>
  `Another rule is called that already: “route edit ${cut(oneLine(name), MAX_ROUTE_NAME)}” changes that one.`;

/** A condition, or whom to offer it to, that was not read as one: the rule would take more than was meant. */
export const slipError = (name = '', people: readonly Person[]): { name?: string } =>
  hasSlip(name, people) ? slip(name) : {};

const slip = (name: string): { name: string } => ({
  name: `Part of ${quoted(name, MAX_ROUTE_NAME)} was not understood: here stands the name alone, without “(”, “)”, “:” or whom it goes to. A line takes (country …), (industry …), (solution …), (campaign …), (value …), (to …) and (here) after the name.`,
});

function hasSlip(name: string, people: readonly Person[]): boolean {
  const [, said = ''] = /\sto\s+(\S.*)$/is.exec(name) ?? [];
  const [first] = namesIn(said);
  return /[():]/.test(name) || (first !== undefined && fitting(people, first).length > 0);
}

interface Named {
  ids: string[];
  error?: string;
}

/** ACE users, by id or name; with what is wrong with the first that cannot be taken. */
export function readPeople(said: string, people: readonly Person[], actor: Person): Named {
  const found = new Set<string>();
  for (const part of namesIn(said)) {
    const person = meantAmong(part, people, actor);
    if (typeof person === 'string') return { ids: [...found], error: person };
    if (person.role !== 'ACE user')
      return {
        ids: [...found],
        error: `${fullName(person)} is ${person.role} and sees it anyway. Offer it to ACE users.`,
      };
    found.add(person.id);
  }
  return { ids: [...found], ...(found.size > MOST_PEOPLE ? { error: TOO_MANY } : {}) };
}
