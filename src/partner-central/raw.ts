/** AWS's records as they travelled: exact numbers, unknown members, verbatim time stamps. */
import { decode } from 'html-entities';
import { isLosslessNumber, isSafeNumber, parse, stringify } from 'lossless-json';

/** Parses a response body; every number keeps all its digits. An operation that returns nothing reads as `{}`. */
export const parseRaw = (text: string): unknown => (text.trim() === '' ? {} : parse(text));

/** One value to be written into an update, at its path in AWS's record; without one the member is left out: emptied. */
export interface Setting {
  path: readonly string[];
  value?: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

/** Whatever stands at a path; undefined where the path ends early. Lists are entered by index ("0"). */
export function at(record: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, record);
}

/** The list at a path; empty where there is none. */
export function listAt(record: unknown, path: readonly string[]): unknown[] {
  const found = at(record, path);
  return Array.isArray(found) ? found : [];
}

/** The text (or the digits of the number) at a path, entities decoded; undefined for anything else. */
export function valueAt(record: unknown, path: readonly string[]): string | undefined {
  const found = at(record, path);
  if (typeof found === 'string') return decoded(found);
  return isLosslessNumber(found) || typeof found === 'number' ? String(found) : undefined;
}

/**
 * Undoes Partner Central's own encoding of texts: "&amp;" once, and colons, which it encodes twice
 * ("&amp;colon;"; AWS's sample code, commonUtils). An entity needs its semicolon, so "?a=1&copy=2" stays.
 */
export const decoded = (text: string): string =>
  decode(text.replaceAll('&amp;colon;', ':'), { level: 'html5', scope: 'strict' });

/**
 * What a database of text can hold: NUL and lone surrogates, which PostgreSQL's jsonb refuses, become U+FFFD. Without
 * this one hostile character in a customer's name would stop the mirror.
 */
export const storable = (text: string): string =>
  text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');

/** Whether AWS holds what we sent: its entities, line ends and outer blanks do not count as a difference. */
export function sameText(one: string | undefined, other: string | undefined): boolean {
  const bare = (text = '') => storable(decoded(text)).replaceAll('\r\n', '\n').trim();
  return bare(one) === bare(other);
}

/** The same record as plain JSON for the mirror. A number too large for JavaScript becomes the text of its digits. */
export function plain(value: unknown): unknown {
  if (isLosslessNumber(value)) {
    const digits = value.toString();
    return isSafeNumber(digits) ? Number(digits) : digits;
  }
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storable(key), plain(member)]));
}

/** Members of GetOpportunity's answer that UpdateOpportunity does not take (service model, apiVersion 2022-07-26). */
const NOT_ACCEPTED = [
  'Id',
  'Arn',
  'CreatedDate',
  'OpportunityTeam',
  'RelatedEntityIdentifiers',
  'Origin',
  'Catalog',
];

/** Notes of SDKs on what they parsed, found in stored records (AWS's sample code strips them as well). */
const NOT_AWS = ['$metadata', '__type', 'ResultMetadata'];

/** Service model, EstimationUrl. AWS returns others, but refuses an update that carries them. */
const ESTIMATION_URL =
  /^https:\/\/(calculator\.aws|pricing\.calculator\.aws\.eu)\/#\/estimate\?id=[a-f0-9]{32,64}$/;

/**
 * The body of UpdateOpportunity, which replaces the whole record (omitted = emptied): everything of the fresh record,
 * known to us or not, with `set` written into it. LastModifiedDate travels verbatim, for the optimistic lock.
 * Throws when the record is no opportunity.
 */
export function updateBody(fresh: unknown, catalog: string, set: readonly Setting[]): string {
  const identifier = at(fresh, ['Id']);
  const lastModified = at(fresh, ['LastModifiedDate']);
  if (typeof identifier !== 'string' || typeof lastModified !== 'string' || !isRecord(fresh))
    throw new Error('Not an opportunity: it has no Id or no LastModifiedDate');
  const accepted = Object.entries(fresh).filter(([key]) => !NOT_ACCEPTED.includes(key));
  const body: Record<string, unknown> = {
    Catalog: catalog,
    Identifier: identifier,
    ...echo(Object.fromEntries(accepted)),
    LastModifiedDate: lastModified,
  };
  for (const { path, value } of set) write(body, path, value);
  // One character is the least AWS takes here: emptying it means leaving it out.
  if (isRecord(body.Project) && body.Project.AdditionalComments === '')
    delete body.Project.AdditionalComments;
  return stringify(body) ?? '';
}

/**
 * The body of UpdateEngagementContext for a lead: its context as it stands, known to us or not, except the interactions,
 * of which AWS takes one, to be added. EngagementLastModifiedAt travels verbatim: AWS compares microseconds.
 * Throws when the record is no engagement, or the context none of its own.
 */
export function contextBody(
  fresh: unknown,
  catalog: string,
  context: unknown,
  set: { status?: string; interaction?: Record<string, unknown> },
): string {
  const identifier = at(fresh, ['Id']);
  const lastModified = at(fresh, ['ModifiedAt']);
  const contextId = at(context, ['Id']);
  const lead = at(context, ['Payload', 'Lead']);
  if (typeof identifier !== 'string' || typeof lastModified !== 'string' || !isRecord(lead) || !contextId)
    throw new Error('Not a lead: it has no Id, no ModifiedAt or no context');
  const { Interactions: _, ...standing } = echo(lead);
  const body = {
    Catalog: catalog,
    EngagementIdentifier: identifier,
    ContextIdentifier: contextId,
    EngagementLastModifiedAt: lastModified,
    Type: 'Lead',
    Payload: {
      Lead: {
        ...standing,
        ...(set.status === undefined ? {} : { QualificationStatus: set.status }),
        ...(set.interaction === undefined ? {} : { Interaction: echo(set.interaction) }),
      },
    },
  };
  return stringify(body) ?? '';
}

/** A record as it may be sent back: entities decoded, without nulls (omitted means the same) and SDKs' notes. */
function echo(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key, value]) => value !== null && !NOT_AWS.includes(key))
      .map(([key, value]) => [key, echoed(value)])
      .filter(
        ([key, value]) =>
          key !== 'EstimationUrl' || (typeof value === 'string' && ESTIMATION_URL.test(value)),
      ),
  );
}

function echoed(value: unknown): unknown {
  if (typeof value === 'string') return decoded(value);
  if (Array.isArray(value)) return value.map(echoed);
  return isRecord(value) ? echo(value) : value;
}

function write(target: Record<string, unknown>, path: readonly string[], value: string | undefined): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const inner = target[key];
  if (rest.length === 0) {
    if (value === undefined) delete target[key];
    else target[key] = value;
  } else
    target[key] = /^\d+$/.test(rest[0] ?? '') ? entered(inner, rest, value) : written(inner, rest, value);
}

/** A list is entered by index; the one after its last adds an entry. */
function entered(inner: unknown, [index, ...rest]: readonly string[], value: string | undefined): unknown[] {
  const list = Array.isArray(inner) ? inner : [];
  const entries = Number(index) === list.length ? [...list, {}] : list;
  return entries.map((item, i) => (String(i) === index ? written(item, rest, value) : item));
}

function written(inner: unknown, path: readonly string[], value: string | undefined): unknown {
  if (path.length === 0) return value;
  const record = isRecord(inner) ? inner : {};
  write(record, path, value);
  return record;
}
