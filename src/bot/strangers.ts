/** Who acts; and whoever is not let in: not on the roster, revoked, barred, or everybody while the terms are not confirmed. */
import type { Command } from '../commands/command.ts';
import { isZone } from '../pipeline/calendar.ts';
import { type Actor, needsProof } from '../pipeline/identity.ts';
import type { Wanted } from '../pipeline/notice.ts';
import { isTheirs, type Person } from '../pipeline/person.ts';
import { oneLine } from '../pipeline/text.ts';
import { lastRequest } from '../store/access.ts';
import { establish, freeze, hasCut, type Link, linkOf, linksOf, noteSecond } from '../store/links.ts';
import { findPerson, keepZone } from '../store/people.ts';
import type { Store } from '../store/store.ts';
import { areTermsConfirmed } from '../store/terms.ts';
import { strangerNote, termsMissing } from '../views/access.ts';
import { barredNote } from '../views/link.ts';
import type { Note } from '../views/view.ts';
import type { Sender } from './intent.ts';

/**
 * An account that is not linked yet. linked: it is from now on, where its address is enough for that. looking: by the same
 * rules, but nothing is kept of it: whoever only looks, or is not understood, has not come. as found: whoever its address
 * finds, proven or not, for what only they would say and nobody is shown anything by.
 */
export type How = 'linked' | 'looking' | 'as found';

/**
 * Who acts: the person their account is linked to. An account that is not linked yet is found by its e-mail, which the door
 * vouches for, once: then the link is kept. At the console the operating system's user is trusted, and the address is who
 * they act as. The zone of their profile wins over the roster's, and is kept unless they only look: digests come by it. Who
 * is not on record has role none and no id. Undefined when the door knows no address of an account that is not linked.
 */
export async function identify(store: Store, from: Sender, how: How = 'linked'): Promise<Actor | undefined> {
  const email = oneLine(from.email ?? '').toLowerCase();
  const actor: Actor | undefined =
    from.platform === 'console' ? await byEmail(store, email, from) : await byLink(store, email, from, how);
  if (!actor || !from.timeZone) return actor;
  // A console says the zone of its machine.
  const isProfile = from.platform !== 'console' && isZone(from.timeZone);
  if (how === 'linked' && actor.id && !actor.barred && actor.timeZone !== from.timeZone && isProfile)
    await keepZone(store, actor.id, from.timeZone);
  return { ...actor, timeZone: from.timeZone };
}

const byEmail = async (store: Store, email: string, from: Sender): Promise<Person | undefined> =>
  email === '' ? undefined : ((await findPerson(store, email)) ?? newcomer(email, from));

async function byLink(store: Store, email: string, from: Sender, how: How): Promise<Actor | undefined> {
  // Whoever is outrun by another request finds what that one has written.
  for (let round = 0; round < ROUNDS; round++) {
    const { link, strict } = await linkOf(store, from);
    if (link) return behind(store, link, { email, from, strict });
    const found = await byEmail(store, email, from);
    // Who is not let in holds no door: their address may be somebody else's by the day they are.
    if (!found || found.role === 'none') return found;
    const doors = await linksOf(store, found.id);
    if (doors.some(({ platform, tenant }) => platform === from.platform && tenant === from.tenant))
      await noteSecond(store, from, found.id, email);
    else if (how === 'as found') return found;
    else if (strict && (needsProof(found) || doors.length > 0 || (await hasCut(store, found.id))))
      return { ...found, barred: 'code' };
    else if (how === 'looking') return found;
    else await establish(store, from, found.id, strict ? 'email' : 'practice');
  }
  throw new Error('An account could not be linked.');
}

const ROUNDS = 4;

interface Asking {
  email: string;
  from: Sender;
  strict: boolean;
}

/** Of a linked account: the link says who, and the address can only take from it. */
async function behind(store: Store, link: Link, { email, from, strict }: Asking): Promise<Actor | undefined> {
  const { state, person, proven } = link;
  const isStillTheirs = email === '' || isTheirs(person, email);
  switch (state) {
    case 'live':
      if (!isStillTheirs) {
        await freeze(store, link.id, email);
        return { ...person, barred: 'frozen' };
      }
      return strict && needsProof(person) && !proven ? { ...person, barred: 'code' } : person;
    case 'frozen':
      // Their record holds that address by now, and a code tells that it is them.
      return { ...person, barred: strict && email !== '' && isStillTheirs ? 'code' : 'frozen' };
    case 'second':
      return { ...person, barred: 'second' };
    case 'cut': {
      const found = await byEmail(store, email, from);
      return found && { ...found, barred: 'cut' };
    }
    default:
      return unknownState(state);
  }
}

const unknownState = (state: never): never => {
  throw new Error(`No such state of a link: ${JSON.stringify(state)}`);
};

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
  actor: Actor,
  asked: { verb(): string | undefined; wanted(): Wanted },
  now: Date,
): Promise<Note | undefined> {
  if (actor.barred) {
    const asks = asked.verb();
    return commands.some(({ verb, forBarred }) => verb === asks && forBarred)
      ? undefined
      : barredNote(actor.barred);
  }
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
