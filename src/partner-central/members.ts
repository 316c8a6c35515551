/** Reads the members that AWS's records share, whichever is absent or newer than this code. */
import type { Contact, Day, Moment, Money } from '../pipeline/deal.ts';
import { listAt, storable, valueAt } from './raw.ts';

/** Said where AWS withholds the name (national security) or a list does not carry it. */
const UNDISCLOSED = 'Undisclosed customer';
/** Where AWS gives no date: long ago, so that it comes first; or without end, so that nothing is called lost. */
export const LONG_AGO = '1970-01-01T00:00:00.000Z';
export const NO_END = '9999-12-31T00:00:00.000Z';

/** ACE data model, OpportunityTeam.BusinessTitle. */
const AWS_ROLES: Record<string, string> = {
  AWSSalesRep: 'AWS sales rep',
  AWSAccountOwner: 'AWS account executive',
  PDM: 'AWS partner development manager',
  WWPSPDM: 'AWS worldwide public sector partner development manager',
  PSM: 'AWS partner success manager',
  ISVSM: 'AWS ISV success manager',
};

export const customer = (record: unknown, ...path: string[]) =>
  present({
    company: text(record, ...path, 'CompanyName') ?? UNDISCLOSED,
    industry: text(record, ...path, 'Industry'),
    country: text(record, ...path, 'CountryCode') ?? text(record, ...path, 'Address', 'CountryCode'),
    website: text(record, ...path, 'WebsiteUrl'),
  });

/** Where the spend on AWS stands among the entries; a second one may hold the partner's own total (Self). -1: nowhere. */
export function spendIndex(entries: readonly unknown[]): number {
  const aws = entries.findIndex((one) => text(one, 'TargetCompany') === 'AWS');
  return aws >= 0 ? aws : entries.findIndex((one) => text(one, 'TargetCompany') !== 'Self');
}

export const spendEntry = (record: unknown, ...path: string[]): unknown => {
  const entries = listAt(record, [...path, 'ExpectedCustomerSpend']);
  return entries[spendIndex(entries)];
};

export function spend(record: unknown, ...path: string[]): Money | undefined {
  const entry = spendEntry(record, ...path);
  const amount = text(entry, 'Amount');
  return amount === undefined ? undefined : { amount, currency: text(entry, 'CurrencyCode') ?? 'USD' };
}

export const contacts = (record: unknown, ...path: string[]): Contact[] =>
  listAt(record, path).flatMap((one) => contact(one) ?? []);

/** Undefined for one with neither a name nor an e-mail. */
export function contact(record: unknown): Contact | undefined {
  const name = [text(record, 'FirstName'), text(record, 'LastName')].filter(Boolean).join(' ');
  const email = text(record, 'Email')?.toLowerCase();
  const title = text(record, 'BusinessTitle');
  if (!name && !email) return undefined;
  return present({
    name: name || (email ?? ''),
    email,
    phone: text(record, 'Phone'),
    title: title && Object.hasOwn(AWS_ROLES, title) ? AWS_ROLES[title] : title,
  });
}

/** The same person may have answered two campaigns. */
export const unique = (all: Contact[]): Contact[] =>
  all.filter(
    (one, i) => all.findIndex((other) => (other.email ?? other.name) === (one.email ?? one.name)) === i,
  );

/** AWS's texts and docs differ in case and hyphens ("In-Review" for "In review"). */
export const known = <Value extends string>(
  values: readonly Value[],
  word: string | undefined,
): Value | undefined => {
  const bare = (it = '') => it.toLowerCase().replace(/[^a-z]+/g, ' ');
  return values.find((value) => bare(value) === bare(word));
};

export const text = (record: unknown, ...path: string[]): string | undefined => {
  const found = valueAt(record, path);
  return found?.trim() ? storable(found.trim()) : undefined;
};

/** AWS's moments come with microseconds and "+00:00" or "Z". */
export const moment = (word: string | undefined): Moment | undefined => {
  const ms = Date.parse(/^\d{4}-/.test(word ?? '') ? (word ?? '') : '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
};

export const newest = (a: string | undefined, b: string | undefined): number =>
  (moment(b) ?? LONG_AGO).localeCompare(moment(a) ?? LONG_AGO);

/** Only days that exist: a database refuses 31 February, and with it the whole batch. */
export const day = (word: string | undefined): Day | undefined => {
  const found = word?.match(/^\d{4}-\d{2}-\d{2}/)?.[0];
  return found && moment(`${found}T00:00:00Z`)?.startsWith(found) ? found : undefined;
};

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without the members that are undefined. */
export const present = <T extends object>(it: T): Present<T> =>
  Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined)) as Present<T>;
