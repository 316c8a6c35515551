/** Whoever is not let in: not on the roster, revoked, or everybody while the terms are not confirmed. */
import type { Command } from '../commands/command.ts';
import type { Wanted } from '../pipeline/notice.ts';
import type { Person } from '../pipeline/person.ts';
import { oneLine } from '../pipeline/text.ts';
import { lastRequest } from '../store/access.ts';
import { findPerson } from '../store/people.ts';
import type { Store } from '../store/store.ts';
import { areTermsConfirmed } from '../store/terms.ts';
import { strangerNote, termsMissing } from '../views/access.ts';
import type { Note } from '../views/view.ts';
import type { Sender } from './intent.ts';

/**
 * An e-mail finds a person; the door vouches for it. The zone of their profile wins over the roster's. Who is not on
 * record has role none and no id. Undefined when the door knows no address.
 */
export async function identify(store: Store, from: Sender): Promise<Person | undefined> {
  const email = oneLine(from.email ?? '').toLowerCase();
  if (email === '') return undefined;
  const person = (await findPerson(store, email)) ?? newcomer(email, from);
  return from.timeZone ? { ...person, timeZone: from.timeZone } : person;
}

const newcomer = (email: string, { firstName = '', lastName = '' }: Sender): Person => ({
  id: '',
  email,
  otherEmails: [],
  firstName,
  lastName,
  role: 'none',
  timeZone: 'UTC',
});

/** Why this person is not answered; undefined when they are. */
export async function turnedAway(
  { store, commands }: { store: Store; commands: readonly Command[] },
  actor: Person,
  asked: { verb(): string | undefined; wanted(): Wanted },
  now: Date,
): Promise<Note | undefined> {
  if (actor.role === 'none') {
    const asks = asked.verb();
    if (commands.some(({ verb, forStrangers }) => verb === asks && forStrangers)) return undefined;
    const request = actor.id ? await lastRequest(store, actor.id) : undefined;
    const open = request && !request.decided ? request.at : undefined;
    return strangerNote(actor, asked.wanted(), now, open);
  }
  if (actor.role === 'alliance lead' || (await areTermsConfirmed(store))) return undefined;
  return termsMissing();
}
