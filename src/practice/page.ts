/** Lists, a page at a time. A token marks the last line given, so lines that come or go between pages shift nothing. */
import { createHash } from 'node:crypto';
import { canonical, type Doc, type Json, without } from './json.ts';
import { malformed } from './wire.ts';

export interface Page<Row> {
  rows: Row[];
  NextToken?: string;
}

export interface Paged {
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
  Sort?: { SortBy: string; SortOrder: string } | undefined;
}

/**
 * One page of `rows`, sorted by `key` and then by id. `fallback` is the page size when none is asked. A token belongs
 * to its question: with other filters it is refused (ValidationException).
 */
export function paginate<Row>(
  rows: Row[],
  request: Paged,
  body: Doc,
  { key, id, fallback = 20, descending }: Order<Row>,
): Page<Row> {
  const down = request.Sort ? request.Sort.SortOrder === 'DESCENDING' : descending;
  const lines = rows.map((row) => ({ row, place: [key(row), id(row)] as const }));
  lines.sort((a, b) => (down ? -1 : 1) * compare(a.place, b.place));
  const question = questionOf(body);
  const after = request.NextToken === undefined ? undefined : placeIn(request.NextToken, question);
  const rest = after ? lines.filter(({ place }) => (down ? -1 : 1) * compare(place, after) > 0) : lines;
  const shown = rest.slice(0, request.MaxResults ?? fallback);
  const last = shown.at(-1);
  const more = last && rest.length > shown.length;
  return {
    rows: shown.map(({ row }) => row),
    ...(more ? { NextToken: tokenOf([...last.place, question]) } : {}),
  };
}

export interface Order<Row> {
  /** Empty text where the record has no such value. */
  key(row: Row): string;
  id(row: Row): string;
  fallback?: number;
  /** Without a Sort in the request. */
  descending: boolean;
}

type Place = readonly [key: string, id: string];

const compare = (a: Place, b: Place): number => compareText(a[0], b[0]) || compareText(a[1], b[1]);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const questionOf = (body: Doc): string =>
  createHash('sha256')
    .update(canonical(without(body, ['NextToken', 'MaxResults'])))
    .digest('hex')
    .slice(0, 16);

const tokenOf = (parts: string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

function placeIn(token: string, question: string): Place {
  const [key, id, asked] = partsOf(token);
  if (typeof key === 'string' && typeof id === 'string' && asked === question) return [key, id];
  throw malformed([
    { FieldName: 'nextToken', Code: 'INVALID_VALUE', Message: 'The token does not belong to this request.' },
  ]);
}

function partsOf(token: string): Json[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    // A token we never gave out: the caller words the refusal.
    return [];
  }
}
