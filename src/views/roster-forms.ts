/** The questions about the roster. */
import { count } from '../pipeline/calendar.ts';
import type { Day } from '../pipeline/deal.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import { forbidden, givable } from '../pipeline/roster.ts';
import { COLUMNS, type Fault, MAX_CSV } from '../pipeline/roster-csv.ts';
import type { Answers, Errors } from '../pipeline/roster-entry.ts';
import { DAY_NAMES, MAX_EMAIL, MAX_NAME } from '../pipeline/roster-fields.ts';
import { personName } from './people.ts';
import { withAddress } from './roster.ts';
import type { Field, Form } from './view.ts';

/** What stands in a record, as a form shows it and a person may type it. */
export function answersOf(person: Colleague, people: readonly Colleague[]): Answers {
  const emailOf = (id?: string) => people.find((it) => it.id === id)?.email ?? '';
  return {
    email: person.email,
    firstName: person.firstName,
    lastName: person.lastName,
    ...(person.role === 'none' ? {} : { role: person.role }),
    otherEmails: person.otherEmails.join(', '),
    reportsTo: emailOf(person.reportsTo),
    backup: emailOf(person.backup),
    country: person.country ?? '',
    timeZone: person.timeZone,
    workingDays: person.workingDays.join(','),
  };
}

/** Adds somebody, or edits `person`; the role is asked only where the actor may change it. */
export function personForm(
  actor: Person,
  answers: Answers,
  { person, errors = {} }: { person?: Colleague | undefined; errors?: Errors } = {},
): Form {
  const roles = givable(actor).filter((role) => !person || !forbidden(actor, person, role));
  const isFree = !person || (person.id !== actor.id && roles.length > 0);
  const wrong = Object.entries(errors).flatMap(([field, error]) => (error ? [[field, error]] : []));
  return {
    kind: 'form',
    verb: 'people',
    title: person ? 'Edit a person' : 'Add a person',
    submit: 'Save',
    intro: person ? [personName(person)] : ['They sign in nowhere: their e-mail in chat says who they are.'],
    fields: fieldsOf(answers, isFree ? roles : []),
    input: { do: 'save', ...(person ? { person: person.id, was: person.role } : {}) },
    ...(wrong.length > 0 ? { errors: Object.fromEntries(wrong) } : {}),
  };
}

function fieldsOf(answers: Answers, roles: readonly string[]): Field[] {
  const text = (
    id: keyof Answers,
    label: string,
    maxLength: number,
    more: { hint?: string; optional?: true } = {},
  ): Field => ({
    id,
    kind: 'text',
    label,
    maxLength,
    ...more,
    ...(answers[id] ? { value: answers[id] } : {}),
  });
  const optional = (hint: string) => ({ hint, optional: true as const });
  return [
    text('email', 'E-mail', MAX_EMAIL, { hint: 'The one Partner Central knows.' }),
    text('firstName', 'First name', MAX_NAME, { hint: 'As Partner Central has it.' }),
    text('lastName', 'Last name', MAX_NAME),
    ...(roles.length > 0 ? [roleField(roles, answers.role)] : []),
    text(
      'otherEmails',
      'Other e-mails',
      800,
      optional('Of the same person, in chat or on deals; separated by commas.'),
    ),
    text('reportsTo', 'Reports to', MAX_EMAIL, optional('A colleague’s name or e-mail.')),
    text('backup', 'Backup', MAX_EMAIL, optional('A colleague’s name or e-mail.')),
    text('country', 'Country', 60, optional('Two letters, such as DE, or the English name.')),
    text('timeZone', 'Time zone', 60, optional('Such as Europe/Berlin; UTC when empty.')),
    {
      id: 'workingDays',
      kind: 'choices',
      label: 'Working days',
      optional: true,
      options: DAY_NAMES.map((label, at) => ({ value: String(at + 1), label })),
      value: answers.workingDays || '1,2,3,4,5',
    },
  ];
}

const roleField = (roles: readonly string[], value?: string): Field => ({
  id: 'role',
  kind: 'choice',
  label: 'Role',
  hint: 'An ACE user sees what they own, submitted or were offered; an ACE manager sees everything.',
  options: roles.map((role) => ({ value: role, label: role })),
  ...(value && roles.includes(value) ? { value } : {}),
});

const MOST_FAULTS = 15;

/** Asks for a CSV list; every wrong line is named, and what was pasted stays. */
export function importForm(csv = '', faults: readonly Fault[] = []): Form {
  const said = faults
    .slice(0, MOST_FAULTS)
    .map(({ line, error }): [string, string] => [`line ${line}`, `Line ${line}: ${error}`]);
  const rest = faults.length - said.length;
  const errors = [...said, ...(rest > 0 ? [['more', `And ${count(rest, 'more line')}.`]] : [])];
  return {
    kind: 'form',
    verb: 'people',
    title: 'Import people',
    submit: 'Import',
    intro: [
      ...(faults.length > 0 ? ['Nothing was imported yet.'] : []),
      `The first line names the columns: ${COLUMNS.join(', ')}. The first four are needed, any order will do.`,
      'Whoever is on the roster already is updated. Commas or semicolons separate.',
    ],
    fields: [
      {
        id: 'csv',
        kind: 'text',
        label: 'CSV',
        hint: 'Where only one line can be typed, “|” ends a line.',
        maxLength: MAX_CSV,
        multiline: true,
        ...(csv ? { value: csv } : {}),
      },
    ],
    input: { do: 'import' },
    ...(errors.length > 0 ? { errors: Object.fromEntries(errors) } : {}),
  };
}

/** Asks once: what ends, and what stays theirs. */
export const revokeForm = (
  person: Colleague,
  { unsent, owned }: { unsent: number; owned: number },
): Form => ({
  kind: 'form',
  verb: 'people',
  title: 'Revoke access',
  submit: 'Revoke',
  intro: [
    `${withAddress(person)}, ${person.role} → no access. From then on they see nothing here.`,
    unsent > 0
      ? `What they asked and AWS has not seen is taken back (${unsent}); what was sent stands.`
      : 'Nothing of theirs waits for AWS.',
    owned > 0
      ? `They stay the owner of ${count(owned, 'open deal')} at AWS. Hand them on first with “transfer”, or from the list that follows.`
      : 'They own no open deal.',
  ],
  fields: [],
  input: { do: 'revoke', person: person.id, sure: 'yes' },
});

/** When the alliance lead accepted the terms in Partner Central. */
export const termsForm = (value?: Day, error?: string): Form => ({
  kind: 'form',
  verb: 'people',
  title: 'ACE terms',
  submit: 'Confirm',
  intro: [
    'Before anybody else comes in, the ACE terms and conditions have to be accepted by the alliance lead, in Partner Central under Sell.',
    'When that was, it says there under AWS Partner Path, View Scorecard, Additional Details.',
  ],
  fields: [
    {
      id: 'acceptedOn',
      kind: 'date',
      label: 'ACE Program Terms Acceptance Date',
      ...(value ? { value } : {}),
    },
  ],
  input: { do: 'terms' },
  ...(error ? { errors: { acceptedOn: error } } : {}),
});
