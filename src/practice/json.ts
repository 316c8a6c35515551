/**
 * Records of Partner Central as plain JSON, read and changed by dotted path ("LifeCycle.NextSteps"). Nothing here
 * mutates its argument. A number that JavaScript would round is kept as `{ $number: '9007199254740993' }`.
 */

export type Json = string | number | boolean | null | Json[] | Doc;

export interface Doc {
  [name: string]: Json;
}

export const isDoc = (value: Json | undefined): value is Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a dotted path, or undefined where any step is missing. */
export function at(doc: Doc, path: string): Json | undefined {
  let value: Json | undefined = doc;
  for (const name of path.split('.')) {
    if (!isDoc(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** The text at a dotted path; anything but a text reads as absent. */
export function textAt(doc: Doc, path: string): string | undefined {
  const value = at(doc, path);
  return typeof value === 'string' ? value : undefined;
}

/** The object at a dotted path, empty where there is none. */
export function docAt(doc: Doc, path: string): Doc {
  const value = at(doc, path);
  return isDoc(value) ? value : {};
}

/** The list at a dotted path, empty where there is none. */
export function listAt(doc: Doc, path: string): Json[] {
  const value = at(doc, path);
  return Array.isArray(value) ? value : [];
}

/**
 * A copy with another value at a dotted path; undefined takes the member away. Missing steps are made. A list's members
 * are named by their place ("Project.ExpectedCustomerSpend.0.Amount").
 */
export function put(doc: Doc, path: string, value: Json | undefined): Doc {
  const [name = '', ...rest] = path.split('.');
  const next = rest.length > 0 ? inside(doc[name], rest, value) : value;
  if (next === undefined) return without(doc, [name]);
  return { ...doc, [name]: next };
}

function inside(inner: Json | undefined, [name = '', ...rest]: string[], value: Json | undefined): Json {
  const path = [name, ...rest].join('.');
  if (!Array.isArray(inner)) return put(isDoc(inner) ? inner : {}, path, value);
  return inner.map((one, place) =>
    String(place) === name && isDoc(one) && rest.length > 0 ? put(one, rest.join('.'), value) : one,
  );
}

export const without = (doc: Doc, names: readonly string[]): Doc =>
  Object.fromEntries(Object.entries(doc).filter(([name]) => !names.includes(name)));

export const only = (doc: Doc, names: readonly string[]): Doc =>
  Object.fromEntries(Object.entries(doc).filter(([name]) => names.includes(name)));

/** One text for one value, whatever the order of its members. */
export function canonical(value: Json | undefined): string {
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isDoc(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/**
 * The dotted paths of the leaves that differ. Places in a list are left out ("Project.ExpectedCustomerSpend.Amount"),
 * and an absent member equals an empty one.
 */
export function changedPaths(before: Json | undefined, after: Json | undefined, path = ''): string[] {
  if (canonical(before) === canonical(after) || (isNothing(before) && isNothing(after))) return [];
  const names = new Set([...members(before), ...members(after)]);
  if (names.size === 0) return [path];
  const inner = [...names].flatMap((name) => {
    const inList = Array.isArray(before) || Array.isArray(after);
    return changedPaths(member(before, name), member(after, name), inList ? path : join(path, name));
  });
  return [...new Set(inner)];
}

const isNothing = (value: Json | undefined): boolean =>
  value === undefined || (typeof value === 'object' && members(value).length === 0);

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const members = (value: Json | undefined): string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

function member(value: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isDoc(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A copy with every text replaced, at any depth. */
export function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, change));
  return isDoc(value) ? mapMembers(value, (inner) => mapTexts(inner, change)) : value;
}

const mapMembers = (doc: Doc, change: (value: Json) => Json): Doc =>
  Object.fromEntries(Object.entries(doc).map(([name, value]) => [name, change(value)]));
