/** What was typed of colleagues, in a form or lines of CSV, checked whole: nothing is kept unless all of it is right. */
import { type Colleague, fullName, MOST_ACE_MANAGERS, type Person } from './person.ts';
import { forbidden, mayEdit, meant, ROSTER_FIELDS, type Roster, type RosterField } from './roster.ts';
import { PARSERS, type PlainField } from './roster-fields.ts';
import { oneLine } from './text.ts';

/** What was typed; a field that is absent stays as it is, an empty one is emptied. */
export type Answers = Partial<Record<RosterField, string>>;
export type Errors = Partial<Record<RosterField, string>>;

/** One person to be written down. `of`: who it is, where that was chosen; else the e-mail says it. */
export interface Row {
  answers: Answers;
  of?: string;
  /** It is meant as somebody new. */
  isNew?: boolean;
}

/** Everybody that differs from before, whole; or what is wrong, by row. */
export type Entered = { people: Colleague[] } | { errors: Map<Row, Errors> };

/** Checks all rows against the roster and against each other. @param newId makes the id of somebody new. */
export function enter(roster: Roster, actor: Person, rows: readonly Row[], newId: () => string): Entered {
  const errors = new Map<Row, Errors>();
  const drafts = rows.map((row) => {
    const draft = draftOf(roster, actor, row, newId);
    if (Object.keys(draft.errors).length > 0) errors.set(row, draft.errors);
    return { row, ...draft };
  });
  const written = new Map(drafts.map(({ person }) => [person.id, person]));
  const all = [
    ...roster.people.map((person) => written.get(person.id) ?? person),
    ...drafts.filter(({ before }) => !before).map(({ person }) => person),
  ];
  for (const draft of drafts) {
    const wrong = { ...together(draft, all, drafts), ...errors.get(draft.row) };
    if (Object.keys(wrong).length > 0) errors.set(draft.row, wrong);
  }
  for (const row of tooManyManagers(drafts, all)) errors.set(row, { role: FULL, ...errors.get(row) });
  if (errors.size > 0) return { errors };
  return {
    people: drafts.filter(({ person, before }) => !isSame(person, before)).map(({ person }) => person),
  };
}

const FULL = `There are ${MOST_ACE_MANAGERS} ACE managers already, and Partner Central takes no more. Revoke one first, or make this person an ACE user.`;

interface Draft {
  person: Colleague;
  before?: Colleague;
  errors: Errors;
  /** As typed: whom they mean is known once all rows are read. */
  links: Partial<Record<'reportsTo' | 'backup', string>>;
}

const NOBODY: Omit<Colleague, 'id'> = {
  email: '',
  otherEmails: [],
  firstName: '',
  lastName: '',
  role: 'none',
  timeZone: 'UTC',
  workingDays: [1, 2, 3, 4, 5],
};

function draftOf(roster: Roster, actor: Person, { answers, of, isNew }: Row, newId: () => string): Draft {
  const email = oneLine(answers.email ?? '').toLowerCase();
  const before = roster.people.find((it) => (of ? it.id === of : isAddress(it, email)));
  const taken = isNew && before && before.role !== 'none';
  const start: Colleague = before ?? { id: newId(), ...NOBODY };
  const { set, errors } = read(of || !before ? answers : { ...answers, email: before.email }, start);
  const person = keptAddress({ ...start, ...set }, before);
  if (!person.country) delete person.country;
  if (taken) errors.email = `${fullName(before)} has this address already. “people ${email}” shows them.`;
  const why = forbidden(actor, start, person.role);
  if (why && !errors.role) errors.role = why;
  if (before && !isSame(person, before)) Object.assign(errors, notTheirs(actor, before, person));
  const { reportsTo, backup } = answers;
  const links = {
    ...(reportsTo === undefined ? {} : { reportsTo }),
    ...(backup === undefined ? {} : { backup }),
  };
  return { person, ...(before ? { before } : {}), errors, links };
}

/** An address that the configuration names next would make them alliance lead: the team writes none of its own. */
function notTheirs(actor: Person, before: Colleague, after: Colleague): Errors {
  if (!mayEdit(actor, before)) return { email: 'Only the alliance lead changes this record. Ask them.' };
  const isMoved = after.email !== before.email;
  if (before.role === 'alliance lead' && isMoved)
    return {
      email: 'The alliance lead’s address is named in the configuration (ALLIANCE_LEAD_EMAIL), not here.',
    };
  const isOther = String(after.otherEmails) !== String(before.otherEmails);
  if (actor.role === 'alliance lead' || before.role !== 'alliance team' || !(isMoved || isOther)) return {};
  return {
    [isMoved ? 'email' : 'otherEmails']:
      'Only the alliance lead changes the addresses of the alliance team. Ask them.',
  };
}

/** Deals at AWS still name the address of before: it goes on meaning the same person. */
function keptAddress(person: Colleague, before?: Colleague): Colleague {
  if (!before || before.email === '' || before.email === person.email) return person;
  return { ...person, otherEmails: [...new Set([...person.otherEmails, before.email])] };
}

/** Somebody new needs those that are required, whether they were typed or not. */
function read(answers: Answers, start: Colleague): { set: Partial<Colleague>; errors: Errors } {
  const set: Partial<Colleague> = {};
  const errors: Errors = {};
  for (const field of PLAIN_FIELDS) {
    const text = answers[field] ?? (REQUIRED.includes(field) && start.email === '' ? '' : undefined);
    if (text === undefined) continue;
    const parsed = PARSERS[field](oneLine(text));
    if ('error' in parsed) errors[field] = parsed.error;
    else Object.assign(set, parsed.set);
  }
  return { set, errors };
}

const PLAIN_FIELDS: readonly PlainField[] = [
  'email',
  'firstName',
  'lastName',
  'role',
  'otherEmails',
  'country',
  'timeZone',
  'workingDays',
];
const REQUIRED: readonly PlainField[] = ['email', 'firstName', 'lastName', 'role'];

/** What can be seen only beside the others: addresses of two, names of whom somebody reports to. */
function together(
  { person, links, errors }: Draft,
  all: readonly Colleague[],
  drafts: readonly Draft[],
): Errors {
  const wrong: Errors = {};
  const twice = drafts.filter((it) => it.person.id === person.id).length > 1;
  if (twice) wrong.email = 'This person stands here twice. Keep one line.';
  const other = (addresses: string[]) =>
    all.find((it) => it.id !== person.id && addresses.some((address) => isAddress(it, address)));
  const [owner, owns] = [other([person.email]), other(person.otherEmails)];
  if (owner && !errors.email) wrong.email = `This address is ${nameOf(owner)}’s already.`;
  if (owns) wrong.otherEmails = `One of these is ${nameOf(owns)}’s already.`;
  for (const [field, text] of Object.entries(links) as ['reportsTo' | 'backup', string][]) {
    const found = linked(all, person, text);
    if ('error' in found) wrong[field] = found.error;
    else if (found.id) person[field] = found.id;
    else delete person[field];
  }
  return wrong;
}

function linked(
  all: readonly Colleague[],
  person: Colleague,
  text: string,
): { id?: string } | { error: string } {
  if (oneLine(text) === '') return {};
  const found = meant(
    all.filter(({ role }) => role !== 'none'),
    text,
  );
  if (found.length > 1) return { error: 'Several people are called that. Give the e-mail.' };
  if (!found[0]) return { error: 'Nobody here is called that. Give a name or e-mail as “people” shows it.' };
  return found[0].id === person.id ? { error: 'That is the same person.' } : { id: found[0].id };
}

/** The rows that would make one manager too many; who is one already is never in the way. */
function tooManyManagers<Row>(drafts: readonly (Draft & { row: Row })[], all: readonly Colleague[]): Row[] {
  const over = all.filter(({ role }) => role === 'ACE manager').length - MOST_ACE_MANAGERS;
  const added = drafts.filter(
    ({ person, before }) => person.role === 'ACE manager' && before?.role !== 'ACE manager',
  );
  return over > 0 ? added.slice(-over).map(({ row }) => row) : [];
}

const isAddress = ({ email, otherEmails }: Colleague, address: string): boolean =>
  address !== '' && (email === address || otherEmails.includes(address));

const nameOf = (person: Colleague): string => fullName(person) || person.email;

const isSame = (one: Colleague, other?: Colleague): boolean =>
  other !== undefined &&
  ROSTER_FIELDS.every((field) => String(one[field] ?? '') === String(other[field] ?? ''));
