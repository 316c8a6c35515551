/**
 * Takes a customer's people out of a record: names, e-mails, phones, titles. AWS's people and our own team stay, a card
 * needs them. `detail` is a deal as a person reads it, `raw` AWS's records by the operation that gave them.
 */

export interface Purged {
  detail: unknown;
  raw: unknown;
  /** Whether a text, or any text in that JSON, names one of them. */
  mentions(it: unknown): boolean;
}

/** What stands where a person was named in the middle of a text. */
const GONE = '…';

export function withoutContacts(detail: unknown, raw: unknown): Purged {
  const find = finder([...peopleIn(detail), ...peopleIn(raw)]);
  return {
    detail: purged(detail, find),
    raw: purged(raw, find),
    mentions: (it) => textsIn(it).some((text) => find(text) !== text),
  };
}

/** Partner Central's model: Customer.Contacts, AwsOpportunityCustomer.Contacts, LeadInteraction.Contact; and ours. */
const CONTACTS = ['Contacts', 'Contact', 'contacts'];
/** LeadInvitationInteraction, and our name of it. */
const TITLES = ['ContactBusinessTitle', 'contactTitle'];
/** AWS's people, our own, and what the deal is called: never taken for the customer's people. */
const KEPT = [
  ...['OpportunityTeam', 'SenderContacts', 'awsContacts', 'owner', 'salesContact', 'sender', 'offeredTo'],
  ...['CompanyName', 'company', 'Title', 'title', 'EngagementTitle', 'WebsiteUrl', 'website'],
  ...['Id', 'id', 'kind', 'stage', 'Stage', 'status', 'Status', 'reviewStatus', 'ReviewStatus', 'origin'],
];
/** In our reading AWS's people stand under `aws`. */
const isContacts = (key: string, parent: string): boolean => CONTACTS.includes(key) && parent !== 'aws';

type Json = Record<string, unknown>;
const isObject = (it: unknown): it is Json => typeof it === 'object' && it !== null && !Array.isArray(it);

function purged(it: unknown, find: Find, parent = ''): unknown {
  if (typeof it === 'string') return find(it);
  if (Array.isArray(it)) return it.map((one) => purged(one, find, parent));
  if (!isObject(it)) return it;
  return Object.fromEntries(
    Object.entries(it).flatMap(([key, value]): [string, unknown][] => {
      if (TITLES.includes(key)) return [];
      if (isContacts(key, parent)) return Array.isArray(value) ? [[key, []]] : [];
      return [[key, KEPT.includes(key) ? value : purged(value, find, key)]];
    }),
  );
}

function peopleIn(it: unknown, parent = ''): Json[] {
  if (Array.isArray(it)) return it.flatMap((one) => peopleIn(one, parent));
  if (!isObject(it)) return [];
  return Object.entries(it).flatMap(([key, value]) => {
    if (KEPT.includes(key)) return [];
    if (isContacts(key, parent)) return [value].flat().filter(isObject);
    return peopleIn(value, key);
  });
}

const textsIn = (it: unknown): string[] => {
  if (typeof it === 'string') return [it];
  return typeof it === 'object' && it !== null ? Object.values(it).flatMap(textsIn) : [];
};

/** The text without the people. */
type Find = (text: string) => string;

/** A name alone ("Jane") is a person's only in running text: a word by itself may be anything. */
function finder(people: readonly Json[]): Find {
  const exact = oneOf(people.flatMap(wordsFor));
  const loose = oneOf(people.flatMap(namesOf).map(spelled));
  return (text) => {
    const without = exact ? text.replace(exact, GONE) : text;
    return loose && /\S\s+\S/.test(without) ? without.replace(loose, GONE) : without;
  };
}

/** Longest first, so that a full name is not found in halves. Undefined where there is nobody to look for. */
function oneOf(patterns: readonly string[]): RegExp | undefined {
  const all = [...new Set(patterns)].sort((a, b) => b.length - a.length);
  return all.length === 0
    ? undefined
    : RegExp(`(?<![\\p{L}\\p{N}])(?:${all.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

const text = (it: unknown): string => (typeof it === 'string' ? it.trim() : '');

/** What is one person's wherever it stands: name, e-mail, phone however it is spaced, a title of several words. */
function wordsFor(person: Json): string[] {
  const names = [text(person.name), `${text(person.FirstName)} ${text(person.LastName)}`.trim()];
  const emails = [text(person.email), text(person.Email)];
  const titles = [text(person.title), text(person.BusinessTitle)].filter((it) => it.includes(' '));
  const phones = [text(person.phone), text(person.Phone)].map((it) => it.replace(/\D/g, ''));
  return [
    ...[...names.filter((it) => it.includes(' ')), ...emails, ...titles].filter(Boolean).map(spelled),
    ...phones.filter(({ length }) => length >= 6).map((digits) => `\\+?${[...digits].join('[\\s().\\/-]*')}`),
  ];
}

/** First and last name, of at least three letters: shorter ones are words of many languages. */
const namesOf = ({ name, FirstName, LastName }: Json): string[] =>
  [name, FirstName, LastName].flatMap((it) => text(it).split(/\s+/)).filter(({ length }) => length >= 3);

const spelled = (word: string): string =>
  word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+');
