/** The roster's law (sales guide, Permissions): who may give and take which role; and whom words mean. */
import { type Colleague, fullName, type Person, type Role } from './person.ts';
import { ROLE_WORDS } from './roster-fields.ts';
import { oneLine } from './text.ts';

/** As the database holds it: also those who are not let in. */
export interface Roster {
  people: Colleague[];
  /** Another one means: somebody changed a role meanwhile. */
  version: number;
}

export const ROSTER_FIELDS = [
  'email',
  'firstName',
  'lastName',
  'role',
  'otherEmails',
  'reportsTo',
  'backup',
  'country',
  'timeZone',
  'workingDays',
] as const;
export type RosterField = (typeof ROSTER_FIELDS)[number];

/** Sales guide, Permissions: "The alliance lead or an alliance team user can assign …". */
export const mayManage = ({ role }: Pick<Person, 'role'>): boolean =>
  role === 'alliance lead' || role === 'alliance team';

/** What that person may give and take. The alliance team itself is the alliance lead's to name. */
export function givable(actor: Pick<Person, 'role'>): Role[] {
  if (actor.role === 'alliance lead') return ['ACE user', 'ACE manager', 'alliance team'];
  return actor.role === 'alliance team' ? ['ACE user', 'ACE manager'] : [];
}

export const NOT_YOURS =
  'Only the alliance lead and the alliance team change who may use ace-desk. Ask one of them; nothing was changed.';

/** Why that person's role cannot become this one; undefined when it can. */
export function forbidden(actor: Person, whom: Person, role: Role | 'none'): string | undefined {
  if (!mayManage(actor)) return NOT_YOURS;
  if (whom.role === role) return undefined;
  if (whom.role === 'alliance lead' || role === 'alliance lead')
    return 'The alliance lead is named in the configuration (ALLIANCE_LEAD_EMAIL), not here.';
  if (whom.id === actor.id) return 'Nobody changes their own role. Ask the alliance lead.';
  if (actor.role !== 'alliance lead' && (whom.role === 'alliance team' || role === 'alliance team'))
    return 'Only the alliance lead says who is in the alliance team. Ask them.';
  return undefined;
}

/**
 * An address is who somebody is: whoever may write one into a record may become that person. So a record is changed by
 * those who may give its role, and one's own by oneself.
 */
export const mayEdit = (actor: Person, { id, role }: Person): boolean =>
  mayManage(actor) &&
  (actor.role === 'alliance lead' ||
    id === actor.id ||
    role === 'none' ||
    givable(actor).some((it) => it === role));

/** The role that words mean: "ACE user", "user", "manager", "alliance team", "team"; any case. */
export const roleNamed = (text: string): Role | undefined => ROLE_WORDS.get(fold(text));

/**
 * Whom words mean: a person id, an exact e-mail, else a full, first or last name; any case, accents do not count. Several
 * when several fit. Newcomers choose their own names, so no kind of name wins over another, and an e-mail is never a name.
 */
export function meant<Somebody extends Person>(people: readonly Somebody[], text: string): Somebody[] {
  const address = oneLine(text).toLowerCase();
  const said = fold(text);
  if (said === '') return [];
  const exact = people.filter(({ id, email, otherEmails }) => [id, email, ...otherEmails].includes(address));
  if (exact.length > 0 || said.includes('@')) return exact;
  return people.filter((person) =>
    [fullName(person), person.firstName, person.lastName].some((name) => fold(name) === said),
  );
}

/** The same, those who are let in first; with `all` also who is not, which is for those who may let them in. */
export function whom({ people }: Roster, said: string, all: boolean): Colleague[] {
  const inside = meant(
    people.filter(({ role }) => role !== 'none'),
    said,
  );
  return inside.length > 0 || !all ? inside : meant(people, said);
}

/** For comparing names: one line, lower case, without accents. */
const fold = (text: string): string => oneLine(text).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
