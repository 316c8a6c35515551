/** Erasing a colleague who left: what is removed, what stays, and what came of it. */
import { count } from '../pipeline/calendar.ts';
import type { Colleague } from '../pipeline/person.ts';
import { cut } from '../pipeline/text.ts';
import { withAddress } from './roster.ts';
import { done, type Form, type Note } from './view.ts';

/** Counted as the store keeps them. */
export interface Traces {
  links: number;
  flags: number;
  copies: number;
  messages: number;
  requests: number;
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
    ...handOver(owned),
    `${withAddress(person)}, ${person.role === 'none' ? 'no access' : person.role} → “Former colleague”, no access. This cannot be taken back.`,
    `Removed: names, e-mails, time zone, country, working days, whom they report to and who stands in for them; ${tracesInWords(traces)}; numbered lists, codes, offers to them, what they asked and AWS has not seen; their name where others gave them a deal or took it; from which account they acted.`,
    `Stays here: that a former colleague asked for ${count(traces.changes, 'change')}, when, with the hashes that prove it; and what colleagues wrote about them in their own words.`,
    STAYS_AT_AWS,
  ],
  fields: [],
  input: { person: person.id, sure: 'yes' },
});

const STAYS_AT_AWS =
  'What was written to AWS stays there, their name as an owner too. Remove their user in Partner Central as well; messages in chat are your workspace’s.';

const handOver = ({ names, total }: Owned): string[] =>
  total === 0
    ? ['They own no open deal.']
    : [
        `Hand these over first, with “transfer”: ${names.join('; ')}${total > names.length ? ` and ${total - names.length} more` : ''}. Erasing does not: at AWS they stay the owner.`,
      ];

const tracesInWords = ({ links, flags, copies, messages, requests }: Traces): string =>
  [
    `${count(links, 'link')} to chat accounts`,
    count(flags, 'flag'),
    `${copies === 1 ? '1 copy' : `${copies} copies`} of deals in chat (within two hours)`,
    count(messages, 'private message'),
    `${count(requests, 'request')} for access`,
  ].join(', ');

/** Nobody has that name any more. */
export const erasedNote = (nth: number, owned: Owned): Note =>
  done(`Erased. They are “Former colleague ${nth}” from now on.`, [
    ...(owned.total === 0
      ? []
      : handOver(owned).map((it) => it.replace('Hand these over first', 'Still to be handed over'))),
    STAYS_AT_AWS,
  ]);
