/** People in forms: as options, and what to say when words do not mean exactly one of them. */
import { fullName, type Person } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import type { Option } from './view.ts';

/** "Priya Raman"; who has no name there is called by their address. At most 80 code points. */
export const personName = (person: Pick<Person, 'firstName' | 'lastName' | 'email'>): string =>
  cut(oneLine(fullName(person)) || oneLine(person.email), 80);

/**
 * As options of a choice, by name: "Priya Raman, ACE user"; of two who are called the same, with their addresses. The value
 * is the person's id.
 */
export function personOptions(people: readonly Person[]): Option[] {
  const named = people
    .map((person) => ({ person, name: personName(person) }))
    .sort((one, other) => byName.compare(one.name, other.name));
  const isTwin = (name: string, at: number) => named[at - 1]?.name === name || named[at + 1]?.name === name;
  return named.map(({ person: { id, email, role }, name }, at) => ({
    value: id,
    label: `${name}${isTwin(name, at) && name !== email ? ` (${oneLine(email)})` : ''}, ${role}`,
  }));
}

// One for all: made anew for each comparison it would be most of the work.
const byName = new Intl.Collator('en');

/** "Ana Silva", "Ana Silva and Tom Keller", "Ana Silva, Tom Keller and Lucía Ferro". */
export function namesInWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Nobody is called that. */
export const nobodyCalled = (said: string): string =>
  `I know nobody called “${cut(oneLine(said), 60)}” here. Give the name or e-mail as “people” shows it.`;

/** Several are called that; their addresses tell them apart. */
export function severalCalled(said: string, found: readonly Person[]): string {
  const who = found.slice(0, 5).map((person) => `${personName(person)} (${oneLine(person.email)})`);
  const more = found.length > 5 ? ` and ${found.length - 5} more` : '';
  return `“${cut(oneLine(said), 60)}” could be ${who.join(', ')}${more}. Give the full name or the e-mail.`;
}
