/** Sales guide, Permissions. The ACE manager is a role, not a line manager. */
export const ROLES = ['alliance lead', 'alliance team', 'ACE manager', 'ACE user'] as const;
export type Role = (typeof ROLES)[number];

export interface Person {
  id: string;
  /** Lower case, as Partner Central wants it. */
  email: string;
  firstName: string;
  lastName: string;
  role: Role;
  /** IANA name, such as "Europe/Berlin". */
  timeZone: string;
}

export const fullName = (person: Pick<Person, 'firstName' | 'lastName'>): string =>
  `${person.firstName} ${person.lastName}`.trim();

/** Sales guide, Permissions: everybody but an ACE user has the complete view. */
export const seesEverything = (person: Pick<Person, 'role'>): boolean => person.role !== 'ACE user';
