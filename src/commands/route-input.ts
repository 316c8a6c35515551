/** What is said of routing rules: the fields of the form, and how a typed line names a rule and what to do with it. */
import { z } from 'zod';
import type { Route } from '../pipeline/routing.ts';
import { oneLine } from '../pipeline/text.ts';

/** All of them are told of whatever it sends on. */
export const MOST_PEOPLE = 50;
export const TOO_MANY = `${MOST_PEOPLE} people at most. Choose those who fit best.`;

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
