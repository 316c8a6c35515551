/** Erasing a colleague who left: what is removed, what stays, and what came of it. */
import { count } from '../pipeline/calendar.ts';
import type { Colleague } from '../pipeline/person.ts';
import { cut } from '../pipeline/text.ts';
import { withAddress } from './roster.ts';
import { done, type Form, type Note } from './view.ts';

/** How much of a person is kept, besides their record. */
export interface Traces {
  links: number;
  flags: number;
  copies: number;
  messages: number;
  requests: number;
  reminders: number;
  /** By them, or of their desk. */
  covers: number;
  /** Routing rules that offer to them. */
  rules: number;
  /** Changes they asked for: which account it was is forgotten. */
  changes: number;
}

/** The open deals that still name them as their owner: the first few by name, and how many in all. */
export interface Owned {
  names: readonly string[];
  total: number;
}

const MOST_NAME = 300;

/** Who is meant. */
export const eraseWhom = (who?: string, error?: string): Form => ({
  kind: 'form',
  verb: 'erase',
  title: 'Erase a person',
  submit: 'Go on',
  intro: ['A colleague who left. What is removed is shown before anything happens.'],
  fields: [
    {
      id: 'person',
      kind: 'text',
      label: 'Name or e-mail',
      maxLength: MOST_NAME,
      ...(who ? { value: cut(who, MOST_NAME) } : {}),
    },
  ],
  input: {},
  ...(error ? { errors: { person: error } } : {}),
});

/** Asks once: all that goes, and what stays. */
export const eraseForm = (person: Colleague, traces: Traces, owned: Owned): Form => ({
  kind: 'form',
  verb: 'erase',
  title: 'Erase a person',
  submit: 'Erase',
  intro: [
    `${withAddress(person)}, ${person.role === 'none' ? 'no access' : person.role} → “Former colleague”, no access. This cannot be taken back.`,
    ...handOver(owned),
    'Removed:',
    ...removed(traces).map((it) => `· ${it}`),
    `Stays here: ${traces.changes === 0 ? '' : `that a former colleague asked for ${count(traces.changes, 'change')}, when, with the hashes that prove it; and `}what colleagues wrote about them in their own words.`,
    STAYS_AT_AWS,
  ],
  fields: [],
  input: { person: person.id, sure: 'yes' },
});

const STAYS_AT_AWS =
  'What was written to AWS stays there, their name as an owner too. Remove their user in Partner Central as well; messages in chat stay your company’s, in Slack and in Teams.';

/** One deal in a line. */
const handOver = (owned: Owned): string[] =>
  owned.total === 0
    ? ['They own no open deal.']
    : [
        'Hand these over first, with “hand-over” or “transfer” (erasing does not: at AWS they stay the owner):',
        ...namesOf(owned).map((it) => `· ${it}`),
      ];

const namesOf = ({ names, total }: Owned): string[] =>
  total > names.length ? [...names, `and ${total - names.length} more`] : [...names];

/** A line each; of what there is none, nothing is said. */
const removed = ({
  links,
  flags,
  copies,
  messages,
  requests,
  reminders,
  covers,
  rules,
}: Traces): string[] => [
  'names, e-mails, time zone, country, working days, whom they report to and who stands in for them',
  ...(links > 0 ? [`${count(links, 'link')} to chat accounts`] : []),
  ...(flags > 0 ? [count(flags, 'flag')] : []),
  ...(copies > 0
    ? [
        `${copies === 1 ? '1 copy' : `${copies} copies`} of deals in chat (within two hours; where chat cannot be reached, a day)`,
      ]
    : []),
  ...(messages > 0 ? [count(messages, 'private message')] : []),
  ...(requests > 0 ? [`${count(requests, 'request')} for access`] : []),
  ...(reminders > 0 ? [count(reminders, 'reminder')] : []),
  ...(covers > 0 ? [`${count(covers, 'cover')}, by them or of their desk`] : []),
  ...(rules > 0
    ? [`their place in ${count(rules, 'routing rule')}; one that is left with nobody and no channel ends`]
    : []),
  'digests, invitations, what they are told and when, numbered lists, codes, offers to them; what they asked, and what would give them a deal, as far as AWS has not seen it',
  'their name where others gave them a deal or took it; from which account they acted',
];

/** Nobody has that name any more. The deals come last, one in a line: what does not fit is cut there. */
export const erasedNote = (nth: number, owned: Owned): Note =>
  done(`Erased. They are “Former colleague ${nth}” from now on.`, [
    STAYS_AT_AWS,
    ...(owned.total === 0
      ? []
      : [
          'Still to be handed over, with “hand-over” or “transfer” (at AWS they stay the owner):',
          ...namesOf(owned),
        ]),
  ]);
