/**
 * A checker for whatever we send. Teams drops a card that is too large or not to its liking without a word, and clients cut
 * what is too long, so every card passes here first.
 */
import { length } from '../pipeline/text.ts';
import type { AdaptiveCard } from './card.ts';
import type { CardPlace } from './door.ts';
import { isJson, type Json } from './fill.ts';

/** What Teams takes, or shows, at most; the stricter figure where sources differ. */
export const MAX = {
  /** Of a card, as JSON: what message extensions take; messages take more. */
  bytes: 28_000,
  /** Characters; a phone cuts longer ones. */
  title: 20,
  actions: 4,
  columns: 3,
  summary: 250,
  /** Characters of what an action carries for us. */
  data: 2000,
  inputLength: 4000,
  /** Of a choice, before it is asked for while somebody types. */
  options: 100,
  /** People whose own view Teams asks for (Up-to-date views). */
  viewers: 60,
} as const;

export const bytesOf = (it: unknown): number => Buffer.byteLength(JSON.stringify(it) ?? '');

const CHART = 'Chart.HorizontalBar';

/** The kinds that every Teams client shows, back to Adaptive Cards 1.2; a newer one needs a fallback before it is added. */
const KINDS = [
  ...['AdaptiveCard', 'TextBlock', 'RichTextBlock', 'TextRun', 'FactSet', 'Container', 'ColumnSet', 'Column'],
  ...['ActionSet', 'Input.Text', 'Input.ChoiceSet', 'Input.Date', 'Data.Query'],
  // Of Teams alone, whatever the version (Teams, Charts in Adaptive Cards): others show its fallback.
  CHART,
  ...['Action.Execute', 'Action.Submit', 'Action.OpenUrl', 'Action.ToggleVisibility', 'task/fetch'],
];

interface Found {
  type: string;
  it: Json;
  path: string;
}

/**
 * Names every limit a card breaks, as "path: what is wrong"; empty when Teams will take it and show it whole. Never
 * contains content.
 */
export function limitErrors(card: AdaptiveCard, place: CardPlace['in']): string[] {
  const parts = visit(card, '');
  const ids = parts.flatMap(({ it }) => (typeof it.id === 'string' ? [it.id] : []));
  const errors = [
    ...(bytesOf(card) > MAX.bytes ? [`/: over ${MAX.bytes} bytes`] : []),
    ...(card.version === '1.5' ? [] : ['/version: not 1.5']),
    ...(new Set(ids).size < ids.length ? ['/: the same id twice'] : []),
    ...(Array.isArray(card.body) && card.body.length > 0 ? [] : ['/body: empty']),
    ...textErrors(card, ''),
    ...parts.flatMap((part) => partErrors(part, place, ids)),
    ...refreshErrors(card, place),
  ];
  return [...new Set(errors)];
}

/** As of a card: what a phone's notification shows. */
export function summaryErrors(summary: string | undefined): string[] {
  if (!summary?.trim()) return ['/summary: missing'];
  return [
    ...(length(summary) > MAX.summary ? [`/summary: longer than ${MAX.summary}`] : []),
    ...textErrors(summary, '/summary'),
  ];
}

/** Every part that says what it is. */
function visit(it: unknown, path: string): Found[] {
  if (Array.isArray(it)) return it.flatMap((child, index) => visit(child, `${path}/${index}`));
  if (!isJson(it)) return [];
  const below = Object.entries(it).flatMap(([name, child]) =>
    // What an action carries is ours.
    name === 'data' ? [] : visit(child, `${path}/${name}`),
  );
  return typeof it.type === 'string' ? [{ type: it.type, it, path }, ...below] : below;
}

/** Of everything that is written there: what a client or a template tool would take for its own. */
function textErrors(it: unknown, path: string): string[] {
  if (Array.isArray(it)) return it.flatMap((child, index) => textErrors(child, `${path}/${index}`));
  if (isJson(it))
    return Object.entries(it).flatMap(([name, child]) =>
      name === 'data' ? [] : textErrors(child, `${path}/${name}`),
    );
  if (typeof it !== 'string') return [];
  return [
    ...(it.includes('${') ? [`${path}: an unfilled template`] : []),
    ...(/<\/?at\b/i.test(it) ? [`${path}: a mention`] : []),
    ...(it.includes('{{') ? [`${path}: a text function`] : []),
  ];
}

function partErrors({ type, it, path }: Found, place: CardPlace['in'], ids: readonly string[]): string[] {
  const wrong = (name: string, what: string) => `${path}/${name}: ${what}`;
  if (!KINDS.includes(type)) return [wrong('type', 'not a kind we know')];
  const errors: [is: boolean, name: string, what: string][] = [
    [type === 'TextBlock' && it.wrap !== true, 'wrap', 'missing'],
    [(type === 'TextBlock' || type === 'TextRun') && !it.text, 'text', 'empty'],
    [type === 'TextBlock' && isUnescaped(it.text), 'text', 'unescaped'],
    [type === 'FactSet' && listOf(it.facts).some((fact) => isUnescaped(fact.title)), 'facts', 'unescaped'],
    [type === 'FactSet' && listOf(it.facts).some((fact) => isUnescaped(fact.value)), 'facts', 'unescaped'],
    [listOf(it.columns).length > MAX.columns, 'columns', `more than ${MAX.columns}`],
    [listOf(it.actions).length > MAX.actions, 'actions', `more than ${MAX.actions}`],
    [type === CHART && !isJson(it.fallback), 'fallback', 'missing'],
    [type === CHART && !listOf(it.data).every(isPoint), 'data', 'not all numbers from 0'],
    [type === 'ActionSet' && listOf(it.actions).length === 0, 'actions', 'none'],
  ];
  return [
    ...errors.flatMap(([is, name, what]) => (is ? [wrong(name, what)] : [])),
    ...(type.startsWith('Input.') ? inputErrors(type, it, wrong) : []),
    ...(type.startsWith('Action.') ? actionErrors({ type, it, path }, place, wrong, ids) : []),
  ];
}

const listOf = (it: unknown): Json[] => (Array.isArray(it) ? it.filter(isJson) : []);

const isPoint = ({ x, y }: Json): boolean => typeof x === 'string' && Number.isFinite(y) && Number(y) >= 0;

type Wrong = (name: string, what: string) => string;

function inputErrors(type: string, it: Json, wrong: Wrong): string[] {
  const most = Number(it.maxLength ?? Number.POSITIVE_INFINITY);
  const isHidden = it.isVisible === false;
  const values = listOf(it.choices).map(({ value }) => value);
  const chosen = type === 'Input.ChoiceSet' && typeof it.value === 'string' ? it.value.split(',') : [];
  const isBounded = type !== 'Input.Text' || isHidden || (most >= 1 && most <= MAX.inputLength);
  return [
    ...(typeof it.id === 'string' && it.id ? [] : [wrong('id', 'missing')]),
    ...(isHidden || it.label ? [] : [wrong('label', 'missing')]),
    ...(it.isRequired && !it.errorMessage ? [wrong('errorMessage', 'missing')] : []),
    ...(isBounded ? [] : [wrong('maxLength', `not 1 to ${MAX.inputLength}`)]),
    ...(String(it.value ?? '').length > most ? [wrong('value', 'longer than maxLength')] : []),
    ...(chosen.some((value) => !values.includes(value)) ? [wrong('value', 'not a choice')] : []),
    ...(type === 'Input.Date' && it.value !== undefined && !/^\d{4}-\d\d-\d\d$/.test(String(it.value))
      ? [wrong('value', 'not YYYY-MM-DD')]
      : []),
  ];
}

function actionErrors(
  { type, it, path }: Found,
  place: CardPlace['in'],
  wrong: Wrong,
  ids: readonly string[],
): string[] {
  const title = typeof it.title === 'string' ? length(it.title) : 0;
  const data = isJson(it.data) ? it.data : {};
  const isRefresh = path.endsWith('/refresh/action');
  const targets = Array.isArray(it.targetElements) ? it.targetElements : [];
  const errors: [is: boolean, name: string, what: string][] = [
    [title < 1 || title > MAX.title, 'title', `not 1 to ${MAX.title}`],
    [length(JSON.stringify(data.ace) ?? '') > MAX.data, 'data', `longer than ${MAX.data}`],
    [(type === 'Action.Execute' || type === 'Action.Submit') && !data.ace, 'data', 'missing'],
    [type === 'Action.Execute' && it.verb !== 'ace', 'verb', 'not ours'],
    [type === 'Action.Execute' && place !== 'message' && !isRefresh, 'type', `not in a ${place}`],
    [type === 'Action.Execute' && !isRefresh && !isFallback(it), 'fallback', 'not the same by Action.Submit'],
    [type === 'Action.Submit' && place === 'room' && !data.msteams, 'data', 'answered into a room'],
    [type === 'Action.Submit' && place === 'dialog' && 'msteams' in data, 'data', 'a dialog over a dialog'],
    [type === 'Action.OpenUrl' && !/^https:\/\//i.test(String(it.url)), 'url', 'not https'],
    [type === 'Action.ToggleVisibility' && targets.length === 0, 'targetElements', 'none'],
    [targets.some((id) => !ids.includes(String(id))), 'targetElements', 'not there'],
  ];
  return errors.flatMap(([is, name, what]) => (is ? [wrong(name, what)] : []));
}

const isFallback = ({ fallback, data }: Json): boolean =>
  isJson(fallback) &&
  fallback.type === 'Action.Submit' &&
  JSON.stringify(fallback.data) === JSON.stringify(data);

function refreshErrors({ refresh }: AdaptiveCard, place: CardPlace['in']): string[] {
  if (!refresh) return [];
  return [
    ...(place === 'room' ? [] : ['/refresh: not in a room']),
    ...(refresh.userIds.length >= 1 && refresh.userIds.length <= MAX.viewers
      ? []
      : [`/refresh/userIds: not 1 to ${MAX.viewers}`]),
  ];
}

/** Markdown or HTML that would be read as such: what `escaped` leaves has none. */
const isUnescaped = (text: unknown): boolean =>
  /[<>]|&(?!(?:amp|lt|gt);)|^\s*(?:[-+#=]|\d{1,9}[.)])/.test(String(text)) ||
  /[`*_[\]~|]/.test(String(text).replace(/\\[\\`*_[\]~|]/g, ''));
