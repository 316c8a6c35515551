/** Forms as Adaptive Cards: in the personal chat, or in a dialog. */
import type { Button, Field, Form, Option } from '../views/view.ts';
import {
  type Drawing,
  executes,
  HIDDEN_INPUT,
  inputId,
  type Submit,
  submits,
  titled,
  toAction,
} from './button.ts';
import type { Action, AdaptiveCard } from './card.ts';
import { isJson, type Json } from './fill.ts';
import { bytesOf, MAX } from './limits.ts';
import { fromTemplate } from './templates.ts';
import { editable, escaped, line, paragraphs, safeJson } from './text.ts';

/** What was typed stands in its fields again, each error under its field; a dialog shows the title in its own bar. */
export function formCard(form: Form, at: Drawing): AdaptiveCard {
  const { keys, place } = at;
  const submit: Submit = {
    ...{ v: form.verb, i: form.input, k: keys(), s: 1 },
    ...{ m: longest(form), q: form.fields.filter(({ optional }) => !optional).map(({ id }) => id) },
  };
  const look = { ...titled(form.submit), style: 'positive' };
  const send = place.in === 'dialog' ? submits({ ace: submit }, look) : executes({ ace: submit }, look);
  const frame = {
    ...{ hasTitle: place.in !== 'dialog', title: escaped(line(form.title, 150)) },
    errors: unplacedErrors(form).flatMap((it) => texts(it)),
    fields: fromTemplate('fields', {
      fields: form.fields.map((it) => ({ ...askedOf(it), ...saidUnder(it, form.errors?.[it.id]) })),
    }).body,
    ...{ asks: form.fields.some(isLong), hiddenId: HIDDEN_INPUT, input: safeJson(form.input) },
    actions: [send, ...(form.others ?? []).slice(0, MAX.actions - 1).map((it) => otherWay(it, at))],
  };
  const drawnWith = (most: number) =>
    fromTemplate('form', { ...frame, intro: (form.intro ?? []).flatMap((it) => texts(it, most)) });
  const whole = drawnWith(LONGEST);
  return bytesOf(whole) <= MAX.bytes ? whole : drawnWith(LONGEST / 4);
}

/** Of a line, in characters; where the card cannot hold them all, each is cut before one is left out: it may be the last word. */
const LONGEST = 600;

/** What comes of it takes the form's place, a form too; what was typed stays behind. */
function otherWay({ opens: _, ...button }: Button, at: Drawing): Action {
  const { fallback, ...action } = toAction(button, at, 'form');
  return {
    ...{ ...action, associatedInputs: 'none' },
    ...(isJson(fallback) ? { fallback: { ...fallback, associatedInputs: 'none' } } : {}),
  };
}

const texts = (said: string, most = LONGEST) => paragraphs(said, most).map((text) => ({ text }));

const longest = (form: Form): Record<string, number> =>
  Object.fromEntries(form.fields.flatMap((it) => (it.kind === 'text' ? [[it.id, it.maxLength]] : [])));

const unplacedErrors = (form: Form): string[] =>
  Object.entries(form.errors ?? {})
    .filter(([id]) => form.fields.every((field) => field.id !== id))
    .map(([, error]) => error);

const saidUnder = ({ hint }: Field, error?: string): Json => ({
  ...{ hasError: error !== undefined, error: line(error ?? '', 300) },
  ...{ hasHint: hint !== undefined, hint: line(hint ?? '', 300) },
});

/** What the template asks of any field, by its kind. */
function askedOf(field: Field): Json {
  const label = field.kind === 'text' ? `${field.label} (up to ${field.maxLength} characters)` : field.label;
  const common = {
    ...{ isText: false, isChoice: false, isLong: false, isDate: false },
    ...{ id: inputId(field.id), label: line(field.optional ? `${label} – optional` : label, 200) },
    ...{ isRequired: !field.optional, value: undefined },
  };
  switch (field.kind) {
    case 'text':
      return { ...common, ...textOf(field), isText: true };
    case 'choice':
    case 'choices':
      return { ...common, ...choicesOf(field), ...(isLong(field) ? { isLong: true } : { isChoice: true }) };
    case 'date': {
      const value = /^\d{4}-\d\d-\d\d$/.test(field.value ?? '') ? field.value : undefined;
      return { ...common, isDate: true, errorMessage: 'Please choose a day.', value };
    }
    default:
      return unknownKind(field);
  }
}

type Asks<Kind> = Extract<Field, { kind: Kind }>;

/** Clients count an emoji twice; the exact length is checked when it comes back, in code points. Too long a text comes back whole. */
function textOf(field: Asks<'text'>): Json {
  const value = field.value ? editable(field.value, MAX.inputLength) : undefined;
  return {
    ...{ errorMessage: 'Please fill this in.', isMultiline: field.multiline ?? false, value },
    maxLength: Math.min(Math.max(field.maxLength * 2, value?.length ?? 0), MAX.inputLength),
  };
}

/** More options than a card holds well, and a source to ask: Teams asks us while somebody types (`application/search`). */
const isLong = (field: Field): field is Asks<'choice' | 'choices'> & { source: string } =>
  (field.kind === 'choice' || field.kind === 'choices') &&
  field.source !== undefined &&
  field.options.length > MAX.options;

function choicesOf(field: Asks<'choice' | 'choices'>): Json {
  const values = field.kind === 'choices' ? (field.value ?? '').split(',') : [field.value];
  const chosen = field.options.filter(({ value }) => values.includes(value));
  return {
    isMultiSelect: field.kind === 'choices',
    errorMessage: 'Please choose.',
    style: field.options.length > 7 ? 'filtered' : 'compact',
    placeholder: isLong(field) ? 'Type a part of the name' : 'Choose',
    choices: (isLong(field) ? chosen : field.options).map(toChoice),
    source: field.source,
    value: chosen.length > 0 ? chosen.map(({ value }) => value).join(',') : undefined,
  };
}

/** What Teams cannot show whole ends with …. */
export const toChoice = ({ label, value }: Option): { title: string; value: string } => ({
  title: line(label, 75),
  value,
});

const unknownKind = (field: never): never => {
  throw new Error(`No way to ask ${JSON.stringify(Object.keys(field))}`);
};
