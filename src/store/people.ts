/** The roster: who may use the desk. An e-mail finds a person. */
import { type Person, ROLES, type Role } from '../pipeline/person.ts';
import type { Store } from './store.ts';

/** By e-mail, any case. */
export async function findPerson(store: Store, email: string): Promise<Person | undefined> {
  const row = await store.prisma.person.findUnique({ where: { email: email.toLowerCase() } });
  return row ? toPerson(row) : undefined;
}

export async function personById(store: Store, id: string): Promise<Person | undefined> {
  const row = await store.prisma.person.findUnique({ where: { id } });
  return row ? toPerson(row) : undefined;
}

/** Adds who is missing; who is there keeps what is known of them, except the role given here. */
export async function enrol(store: Store, people: Omit<Person, 'id'>[]): Promise<void> {
  for (const { email, ...rest } of people)
    await store.prisma.person.upsert({
      where: { email: email.toLowerCase() },
      create: { email: email.toLowerCase(), ...rest },
      update: { role: rest.role },
    });
}

const toRole = (text: string): Role => ROLES.find((role) => role === text) ?? 'ACE user';

const toPerson = (row: Omit<Person, 'role'> & { role: string; createdAt: Date }): Person => {
  const { createdAt: _, ...person } = row;
  return { ...person, role: toRole(row.role) };
};
