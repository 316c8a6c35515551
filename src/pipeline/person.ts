/** Sales guide, Permissions. The ACE manager is a role, not a line manager. */
export const ROLES = ['alliance lead', 'alliance team', 'ACE manager', 'ACE user'] as const;
export type Role = (typeof ROLES)[number];

export interface Person {
  id: string;
  /** The one Partner Central knows; lower case, as it wants it. */
  email: string;
  /** Others of the same person, lower case; in chat, or as owner of a deal, they mean this person as well. */
  otherEmails: string[];
  firstName: string;
  lastName: string;
  /** none: on record, but not let in: revoked, or asked for access and not granted yet. */
  role: Role | 'none';
  /** IANA name, such as "Europe/Berlin". */
  timeZone: string;
}

/** Whether that address is this person's; an empty one is nobody's. */
export const isTheirs = (
  { email, otherEmails }: Pick<Person, 'email' | 'otherEmails'>,
  address = '',
): boolean => address !== '' && [email, ...otherEmails].includes(address.toLowerCase());

/** What the desk and its clock need to know of a colleague, all optional. */
export interface Colleague extends Person {
  /** Ids of other people. */
  reportsTo?: string;
  backup?: string;
  /** ISO-3166 alpha-2: whose public holidays count. */
  country?: string;
  /** ISO weekdays, 1 is Monday. */
  workingDays: number[];
}

/** Sales guide, Permissions: "The ACE manager role can be assigned to up to 20 users". */
export const MOST_ACE_MANAGERS = 20;

export const fullName = (person: Pick<Person, 'firstName' | 'lastName'>): string =>
  `${person.firstName} ${person.lastName}`.trim();

/**
 * Sales guide, Permissions and Opportunities: alliance lead, alliance team and ACE managers have the complete view (of
 * Partner Solutions Finder leads the alliance lead alone).
 */
export const seesEverything = ({ role }: Pick<Person, 'role'>): boolean =>
  role !== 'ACE user' && role !== 'none';
