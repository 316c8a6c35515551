/** The roster: who is on it, one person, and what was done about them. */
import { count, plainDay, plainMoment } from '../pipeline/calendar.ts';
import type { Day } from '../pipeline/deal.ts';
import { type Colleague, type Person, seesEverything } from '../pipeline/person.ts';
import { mayEdit, mayManage } from '../pipeline/roster.ts';
import { countryName, daysInWords } from '../pipeline/roster-fields.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { personName } from './people.ts';
import { type Button, done, type Item, type List, type Note, note } from './view.ts';

export interface Page {
  page: number;
  pageSize: number;
}

/** A page of them; an ACE user reads names and roles only. Pages count from 1. */
export function rosterList(people: readonly Colleague[], actor: Person, { page, pageSize }: Page): List {
  const shown = people.slice((page - 1) * pageSize, page * pageSize);
  const names = new Map(people.map((it) => [it.id, personName(it)]));
  const buttons = [
    ...(mayManage(actor)
      ? [button('Add…', { do: 'add' }, 'form'), button('Import…', { do: 'import' }, 'form'), INVITE]
      : []),
    ...(page > 1 ? [button('Previous page', { page: String(page - 1) })] : []),
    ...(page * pageSize < people.length ? [button('Next page', { page: String(page + 1) })] : []),
  ];
  return {
    kind: 'list',
    title: page > 1 ? `Who uses ace-desk, page ${page}` : 'Who uses ace-desk',
    sections:
      shown.length > 0
        ? [{ title: 'The roster', items: shown.map((it) => itemOf(it, actor, names)), total: people.length }]
        : [],
    empty: page > 1 ? 'There are no more.' : 'Nobody.',
    footer: mayManage(actor)
      ? '“people grant <e-mail>: <role>” lets somebody in, “people revoke <name>” ends it, “invite” asks them to come.'
      : 'The alliance lead and the alliance team change this list.',
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

/** Whoever has never used it in chat; it asks whom. */
const INVITE: Button = { verb: 'invite', label: 'Invite…', input: {}, opens: 'form' };

function itemOf(person: Colleague, actor: Person, names: ReadonlyMap<string, string>): Item {
  const boss = person.reportsTo && names.get(person.reportsTo);
  const more = seesEverything(actor) ? [oneLine(person.email), boss ? `reports to ${boss}` : ''] : [];
  return {
    title: personName(person),
    detail: [person.role, ...more].filter(Boolean).join(' · '),
    button: mayEdit(actor, person)
      ? button('Edit…', { do: 'edit', person: person.id }, 'form')
      : button('Show', { person: person.id }),
  };
}

/** Several are called that. */
export const whichPerson = (said: string, found: readonly Colleague[], actor: Person): List => ({
  ...rosterList(found, actor, { page: 1, pageSize: 20 }),
  title: oneLine(`Which “${said}” do you mean?`),
});

/** `by` absent: the configuration. */
export interface Step {
  role: Person['role'];
  at: Date;
  by?: string;
}

/** One person, as far as the reader may know them. */
export function personNote(
  person: Colleague,
  about: { actor: Person; people: readonly Colleague[]; steps: readonly Step[]; now: Date },
): Note {
  const { actor, people, steps, now } = about;
  const nameOf = (id?: string) => people.find((it) => it.id === id);
  const said = (id?: string) => {
    const found = nameOf(id);
    return found ? personName(found) : '';
  };
  const facts: [string, string][] = [
    ['E-mail', person.email],
    ['Other e-mails', person.otherEmails.join(', ')],
    ['Reports to', said(person.reportsTo)],
    ['Backup', said(person.backup)],
    ['Country', (person.country && countryName(person.country)) ?? ''],
    ['Time zone', person.timeZone],
    ['Working days', daysInWords(person.workingDays)],
  ];
  const lines = seesEverything(actor)
    ? [
        ...facts.flatMap(([label, value]) => (value ? [`${label}: ${oneLine(value)}`] : [])),
        ...steps.map((step) => stepLine(step, now, actor.timeZone)),
      ]
    : [];
  const buttons = buttonsFor(person, actor);
  return {
    ...note(`${personName(person)}, ${roleInWords(person.role)}`, lines),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

function buttonsFor(person: Colleague, actor: Person): Button[] {
  if (!mayEdit(actor, person)) return [];
  const edit = button('Edit…', { do: 'edit', person: person.id }, 'form');
  const theirs = person.id !== actor.id && person.role !== 'alliance lead' && person.role !== 'none';
  return theirs
    ? [edit, { ...button('Revoke…', { do: 'revoke', person: person.id }, 'form'), style: 'danger' }]
    : [edit];
}

const roleInWords = (role: Person['role']): string => (role === 'none' ? 'no access' : role);

const stepLine = ({ role, at, by }: Step, now: Date, timeZone: string): string =>
  `${plainMoment(at.toISOString(), now, timeZone)}: ${roleInWords(role)}, by ${by ? oneLine(by) : 'the configuration'}`;

/** Sales guide, Permissions. A grant here opens nothing at AWS. */
export const OPENS_HERE_ONLY =
  'This opens ace-desk only. Partner Central grants its own access, under My Company, User Management, Manage ACE Pipeline Manager Users; there it may take up to an hour.';

/** Newcomers name themselves in chat; the address is confirmed there. So whoever gives and takes access reads it. */
export function withAddress(person: Colleague): string {
  const [name, email] = [personName(person), oneLine(person.email)];
  return name === email ? email : `${name} (${email})`;
}

/** Somebody is let in, or does something else now. */
export const grantedNote = (person: Colleague): Note =>
  withEdit(
    done(`${withAddress(person)} is ${articleOf(person.role)} on ace-desk now.`, [
      OPENS_HERE_ONLY,
      `If they have never used ace-desk in chat: “invite ${personName(person)}” asks them to come.`,
    ]),
    person,
  );

export const isAlready = (person: Colleague): Note =>
  note(`${withAddress(person)} is ${articleOf(person.role)} already. Nothing was changed.`, [
    OPENS_HERE_ONLY,
  ]);

/** To whoever revokes what is not there. */
export const hasNone = (person: Colleague): Note =>
  note(`${withAddress(person)} has no access. Nothing was changed.`);

export const ROLES_THERE_ARE =
  'The roles are ACE user, ACE manager and alliance team: people grant priya@company.example: ACE user';

export const noSuchRole = (said: string): string =>
  `“${cut(oneLine(said), 40)}” is no role. ${ROLES_THERE_ARE}`;

const articleOf = (role: Person['role']): string =>
  role === 'alliance team'
    ? 'in the alliance team'
    : role === 'ACE user' || role === 'ACE manager'
      ? `an ${role}`
      : `the ${role}`;

/** Names come from chat or an address at first: AWS wants them as Partner Central has them. */
const withEdit = (said: Note, { id }: Colleague): Note => ({
  ...said,
  buttons: [button('Edit…', { do: 'edit', person: id }, 'form')],
});

/** A form was opened on another role than they have now. */
export const roleMoved = (person: Colleague): string =>
  `The role of ${personName(person)} was changed meanwhile (${person.role === 'none' ? 'no access' : person.role}). Nothing was saved; open the form again.`;

/** A record was written down. `isMoved`: the role is another one now. */
export const savedNote = (person: Colleague, isNew: boolean, isMoved: boolean): Note =>
  done(
    `${isMoved ? withAddress(person) : personName(person)}: ${isNew ? 'added' : 'saved'}, ${roleInWords(person.role)}.`,
    isMoved ? [OPENS_HERE_ONLY] : [],
  );

/** How an import went. */
export const importedNote = (added: number, changed: number, same: number): Note =>
  done(
    `Imported: ${added} added, ${changed} changed${same > 0 ? `, ${same} as they were` : ''}.`,
    added + changed > 0 ? [OPENS_HERE_ONLY] : [],
  );

/** Somebody’s access has ended: what they leave behind, each with a way to hand it on. */
export function revokedList(
  person: Colleague,
  {
    taken,
    deals,
    total,
  }: { taken: number; deals: readonly { id: string; name: string; mayTransfer: boolean }[]; total: number },
): Note | List {
  const [name, who] = [personName(person), withAddress(person)];
  const wishes =
    taken > 0
      ? [`${count(taken, 'change')} that AWS had not seen ${taken === 1 ? 'is' : 'are'} taken back.`]
      : [];
  const elsewhere = 'Partner Central keeps its own list: revoke it there too.';
  if (total === 0) return done(`${who} has no access to ace-desk any more.`, [...wishes, elsewhere]);
  const items = deals.map(
    ({ id, name: title, mayTransfer }): Item => ({
      id,
      title,
      detail: id,
      ...(mayTransfer
        ? { button: { verb: 'transfer', label: 'Transfer…', input: { id }, opens: 'form' as const } }
        : {}),
    }),
  );
  return {
    kind: 'list',
    title: `${who} has no access to ace-desk any more`,
    sections: [{ title: `Still ${name}’s at AWS`, items, total }],
    empty: '',
    footer: [...wishes, elsewhere].join(' '),
  };
}

/** The alliance lead has said when the terms were accepted. */
export const termsNote = (acceptedOn: Day, today: Day): Note =>
  done(
    `Confirmed: the ACE terms and conditions were accepted on ${plainDay(acceptedOn, today)}. Your colleagues can come in now.`,
    ['“people grant <e-mail>: <role>” lets somebody in.'],
  );

function button(label: string, input: Record<string, string>, opens?: 'form'): Button {
  return { verb: 'people', label, input, ...(opens ? { opens } : {}) };
}
