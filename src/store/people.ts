/** The roster: who may use the desk. An e-mail finds a person. */
import { type Person, ROLES, type Role } from '../pipeline/person.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

type PersonRow = Omit<Person, 'role'> & { role: string };

const PEOPLE = Prisma.sql`
  SELECT id, email, first_name AS "firstName", last_name AS "lastName", role, time_zone AS "timeZone" FROM person`;

/** By e-mail, any case. */
export async function findPerson(store: Store, email: string): Promise<Person | undefined> {
  const [row] = await rowsOf<PersonRow>(store, Prisma.sql`${PEOPLE} WHERE email = ${email.toLowerCase()}`);
  return row && toPerson(row);
}

export async function personById(store: Store, id: string): Promise<Person | undefined> {
  const [row] = await rowsOf<PersonRow>(store, Prisma.sql`${PEOPLE} WHERE id = ${id}::uuid`);
  return row && toPerson(row);
}

/** The whole roster, by role and name. */
export async function everybody(store: Store): Promise<Person[]> {
  return (await rowsOf<PersonRow>(store, Prisma.sql`${PEOPLE} ORDER BY role, last_name LIMIT 1000`)).map(
    toPerson,
  );
}

/**
 * Adds who is missing; who is there keeps what is known of them, except the role given here. There is one alliance lead:
 * whoever was it before becomes an ACE user.
 */
export async function enrol(store: Store, people: Omit<Person, 'id'>[]): Promise<void> {
  const leads = people.filter(({ role }) => role === 'alliance lead').map(({ email }) => email.toLowerCase());
  if (leads.length > 0)
    await store.prisma.person.updateMany({
      where: { role: 'alliance lead', email: { notIn: leads } },
      data: { role: 'ACE user' },
    });
  for (const { email, ...rest } of people)
    await store.prisma.person.upsert({
      where: { email: email.toLowerCase() },
      create: { email: email.toLowerCase(), ...rest },
      update: { role: rest.role },
    });
}

const toRole = (text: string): Role => ROLES.find((role) => role === text) ?? 'ACE user';

const toPerson = (row: PersonRow): Person => ({ ...row, role: toRole(row.role) });
