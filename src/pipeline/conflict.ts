/** Somebody else changed at AWS what a person wanted to change: both values, and what the person can decide. */
import type { Change, ChangeState, Found, Wish } from './change.ts';
import { type Person, seesEverything } from './person.ts';

/** A Change that met somebody else's, with what it met. */
export type Conflict = Change & { found: Found; wish: Extract<Wish, { kind: 'update' | 'update-lead' }> };

/** After these, on the same fields, there is nothing left to decide about an earlier conflict. */
const SETTLES: readonly ChangeState[] = ['requested', 'sending', 'waiting', 'confirmed', 'conflict'];

/**
 * The newest conflict that is still to be decided: nothing newer was asked for the same fields, unless in vain.
 * @param changes of one deal, newest first.
 */
export function conflictOf(changes: readonly Change[]): Conflict | undefined {
  return changes.find(
    (change, at): change is Conflict =>
      isConflict(change) &&
      !changes
        .slice(0, at)
        .some((newer) => SETTLES.includes(newer.state) && overlaps(newer.wish, change.wish)),
  );
}

/** Whoever asked decides, and so may those who see everything. */
export const decides = ({ id, role }: Pick<Person, 'id' | 'role'>, { person }: Change): boolean =>
  person.id === id || seesEverything({ role });

/** The same wish, this time by somebody who saw what stands at AWS. */
export function mine({ wish, found }: Conflict): Wish {
  if (wish.kind === 'update') {
    const { status: _, ...base } = found;
    return { ...wish, base };
  }
  return { ...wish, base: found.status === undefined ? {} : { status: found.status } };
}

const isConflict = ({ state, found, wish }: Change): boolean =>
  state === 'conflict' && found !== undefined && (wish.kind === 'update' || wish.kind === 'update-lead');

const overlaps = (one: Wish, other: Wish): boolean => {
  const fields = fieldsOf(one);
  return fieldsOf(other).some((field) => fields.includes(field));
};

const fieldsOf = (wish: Wish): string[] =>
  wish.kind === 'update' || wish.kind === 'update-lead' ? Object.keys(wish.set) : [];
