/** What a person sees of an Adaptive Card, and the buttons and fields on it. */
import { createRequire } from 'node:module';
import { decode } from 'html-entities';

export type Json = Record<string, unknown>;

export const isJson = (it: unknown): it is Json =>
  typeof it === 'object' && it !== null && !Array.isArray(it);
/** The members of it; none where it is no object. */
export const parts = (it: unknown): Json => (isJson(it) ? it : {});
export const list = (it: unknown): Json[] => (Array.isArray(it) ? it.filter(isJson) : []);
export const words = (it: unknown): string => (typeof it === 'string' ? it : '');

interface Event {
  event: number;
  message: string;
}
interface Parser {
  Versions: { v1_5: unknown };
  SerializationContext: new (version: unknown) => { eventCount: number; getEventAt(at: number): Event };
  AdaptiveCard: new () => { parse(card: unknown, context: unknown): void };
}
// Its ESM build does not load in Node.
const parser: Parser = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js');

/** What the parser has against a card; `choices.data` and charts are Teams' own additions to 1.5. */
export function parseErrors(card: unknown): string[] {
  if (!isJson(card) || card.type !== 'AdaptiveCard' || card.version !== '1.5')
    return ['no Adaptive Card 1.5'];
  const context = new parser.SerializationContext(parser.Versions.v1_5);
  new parser.AdaptiveCard().parse(card, context);
  return Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message).filter(
    (it) => !it.includes('choices.data') && !it.startsWith('Unknown element type "Chart.HorizontalBar"'),
  );
}

/** Markdown as Teams shows it in a TextBlock. */
const shown = (text: unknown): string =>
  decode(
    words(text)
      .replace(/(?<!\\)(\*\*|__)(.+?)(?<!\\)\1/g, '$2')
      .replace(/(?<!\\)\[((?:\\.|[^\]\\])+)\]\([^)]*\)/g, '$1')
      .replace(/\\([!-/:-@[-`{-~])/g, '$1'),
  );

const run = (it: unknown): string => (isJson(it) ? words(it.text) : words(it));

/** All that is visible, a line each: texts, facts, labels with what stands in the field, titles of buttons. */
export function screenOf(card: unknown): string {
  return elements(card).flatMap(linesOf).filter(Boolean).join('\n');
}

function linesOf(it: Json): string[] {
  if (it.type === 'TextBlock') return [shown(it.text)];
  if (it.type === 'RichTextBlock') return [(Array.isArray(it.inlines) ? it.inlines : []).map(run).join('')];
  if (it.type === 'FactSet') return list(it.facts).map((fact) => `${shown(fact.title)} ${shown(fact.value)}`);
  if (String(it.type).startsWith('Input.')) {
    const choices = list(it.choices).map(({ title }) => words(title));
    return [words(it.label), words(it.placeholder), words(it.value), ...choices];
  }
  return String(it.type).startsWith('Action.') ? [labelOf(it)] : [];
}

/** Every element and action in reading order; `hidden`: also what “More” would show. */
function elements(it: unknown, hidden = false): Json[] {
  if (Array.isArray(it)) return it.flatMap((one) => elements(one, hidden));
  if (!isJson(it) || (it.isVisible === false && !hidden)) return [];
  // As a client shows it that knows no charts.
  if (String(it.type).startsWith('Chart.')) return elements(it.fallback, hidden);
  const inside = ['body', 'items', 'columns', 'rows', 'cells', 'actions', 'card', 'selectAction'];
  return [it, ...inside.flatMap((name) => elements(it[name], hidden))];
}

/** Every action on it, those behind “More” as well. */
export const buttonsOf = (card: unknown): Json[] =>
  elements(card, true).filter(({ type }) => String(type).startsWith('Action.'));

/** The title, or where it is cut what its tooltip says. */
export function labelOf(button: Json): string {
  const [title, tooltip] = [words(button.title), words(button.tooltip)];
  return title.endsWith('…') && tooltip && !tooltip.startsWith(`${title}: `) ? tooltip : title;
}

/** `Label: about` is what a tooltip may say of it. */
export const isCalled = (button: Json, label: string | RegExp): boolean => {
  const names = [words(button.title), words(button.tooltip)];
  return typeof label === 'string'
    ? names.some((it) => it === label || it.startsWith(`${label}: `))
    : names.some((it) => label.test(it));
};

export interface ShownField {
  id: string;
  label: string;
  type: string;
  value: string;
}

/** The inputs of a card and what stands in them. */
export const fieldsOf = (card: unknown): ShownField[] =>
  elements(card, true)
    .filter(({ type }) => String(type).startsWith('Input.'))
    .map((it) => ({
      id: words(it.id),
      label: words(it.label),
      type: words(it.type),
      value: words(it.value),
    }));
