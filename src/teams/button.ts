/** What a button carries to Teams and back. It comes back over a checked token, but it may be years old. */
import { z } from 'zod';
import { VERB_SHAPE } from '../pipeline/verbs.ts';
import type { Button, Confirm, Link } from '../views/view.ts';
import type { Action } from './card.ts';
import type { CardPlace } from './door.ts';
import { line } from './text.ts';

/** What kind of reply the button stood in: a card pressed on a list must not replace the list, and nothing a lasting one. */
export type Place = (typeof PLACES)[number];
const PLACES = ['card', 'list', 'note', 'form', 'room', 'lasting'] as const;

/** More than any form of ours has. Whoever sends a card back could put anything into it. */
const MOST_FIELDS = 50;
const MOST_NAME = 100;
const name = z.string().max(MOST_NAME);

const mapOf = <Value extends z.ZodType>(value: Value) =>
  z.record(name, value).refine((it) => Object.keys(it).length <= MOST_FIELDS);

const act = {
  v: z.string().max(40).regex(VERB_SHAPE),
  i: mapOf(z.string().max(2000)),
  k: z.string().min(1).max(40),
};

/** Twice what `toQuestion` draws and more: an emoji is two units. */
const question = z.object({
  ...{ t: z.string().max(300), x: z.string().max(1000), y: z.string().max(100), n: z.string().max(100) },
});

/**
 * v verb, i input, k operation key (unique for each button drawn), o the place it stood in, f it opens a form, r of a card
 * that several read: which post. c it asks first: title, text, yes, no (Teams knows no question of its own).
 */
const pressSchema = z.object({
  ...act,
  o: z.enum(PLACES),
  f: z.literal(1).optional(),
  r: z.string().max(60).optional(),
  c: question.optional(),
});
export type Press = z.infer<typeof pressSchema>;

/** v, i and k as of a press; s a form was sent; m longest answers (code points, by field), q the fields that must be filled in. */
const submitSchema = z.object({
  ...act,
  s: z.literal(1),
  m: mapOf(z.number()),
  q: z.array(name).max(MOST_FIELDS),
});
export type Submit = z.infer<typeof submitSchema>;

/** Verbs that only look, as their commands say (`reads`): what they show may come later, there is nothing to take. */
export const LOOKS: readonly string[] = ['desk', 'digest', 'find', 'help', 'history', 'list', 'show'];

/** Closes a dialog, and asks nothing. */
const closeSchema = z.object({ x: z.literal(1) });

export type Carried =
  | { kind: 'press'; press: Press }
  /** `answers` by field id, as Teams has them: many are joined by commas, a field without an answer is not there. */
  | { kind: 'submit'; submit: Submit; answers: Record<string, string> }
  | { kind: 'close' };

/** What `data` of an action holds when it comes back; undefined when it is not ours, or not any more. */
export function fromData(data: unknown): Carried | undefined {
  const { ace, ...beside } = z.looseObject({ ace: z.unknown() }).safeParse(data).data ?? {};
  const submit = submitSchema.safeParse(ace).data;
  if (submit) return { kind: 'submit', submit, answers: answersIn(beside) };
  const press = pressSchema.safeParse(ace).data;
  if (press) return { kind: 'press', press };
  return closeSchema.safeParse(ace).success ? { kind: 'close' } : undefined;
}

/** The name a field's input has in a card. */
export const inputId = (field: string): string => `f_${field}`;

/** UTF-16 units of one answer: five times what an input of a card takes. */
const MOST_TYPED = 20_000;

/** Answers by field, of the inputs that came back beside ours: 50 of at most 20,000 UTF-16 units, and no more. */
export const answersIn = (inputs: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(inputs)
      .flatMap(([id, it]) =>
        id.startsWith('f_') && id.length <= MOST_NAME && typeof it === 'string' && it !== ''
          ? [[id.slice(2), it.slice(0, MOST_TYPED)]]
          : [],
      )
      .slice(0, MOST_FIELDS),
  );

/** The hidden input of a form whose choices are asked for while somebody types: the form's own input, as JSON. */
export const HIDDEN_INPUT = 'ace_input';

/** The form's input out of the data that came with such a question; undefined when it is not ours. */
export function hiddenIn(data: unknown): Record<string, string> | undefined {
  const text = z.looseObject({ [HIDDEN_INPUT]: z.string().max(2000) }).safeParse(data).data?.[HIDDEN_INPUT];
  try {
    return act.i.safeParse(JSON.parse(String(text))).data;
  } catch {
    return undefined; // no JSON: not ours
  }
}

/** Hands out the operation keys of one drawing: two buttons of one card are two acts, a double click is one. */
export type Keys = () => string;

/** `key` is random for each drawing; the keys are `key.0`, `key.1`, … */
export function keysOf(key: string): Keys {
  let count = 0;
  return () => `${key}.${count++}`;
}

export interface Drawing {
  keys: Keys;
  place: CardPlace;
}

/**
 * `about` names the thing for a screen reader: "Accept: Acme". Where one person reads, pressing is answered in the card;
 * a form or a question opens a dialog, and in a room everything does: only the presser sees it.
 */
export function toAction(button: Button, { keys, place }: Drawing, stood: Place, about = ''): Action {
  const press: Press = {
    ...{ v: button.verb, i: button.input, k: keys(), o: place.in === 'room' ? 'room' : stood },
    ...(button.opens ? { f: 1 } : {}),
    ...(place.in === 'room' ? { r: place.post } : {}),
    ...(button.confirm ? { c: toQuestion(button.confirm) } : {}),
  };
  const style = button.style && { style: button.style === 'danger' ? 'destructive' : 'positive' };
  const plain = { ...titled(button.label, about), ...style };
  const look = { ...plain, associatedInputs: 'none' };
  if (place.in === 'dialog') return submits({ ace: press }, look);
  if (place.in === 'room' || press.f || press.c)
    return submits({ ace: press, msteams: { type: 'task/fetch' } }, look);
  // No inputs stand beside it: forms have one button, their own.
  return executes({ ace: press }, plain);
}

type Data = { ace: Press | Submit | { x: 1 }; msteams?: { type: 'task/fetch' } };
type Look = { title: string; [member: string]: unknown };

export const submits = (data: Data, look: Look): Action => ({ type: 'Action.Submit', ...look, data });

/** With the way for clients that do not know it. */
export const executes = (data: Data, look: Look): Action => {
  const { style: _, tooltip: __, ...plain } = look;
  return { type: 'Action.Execute', verb: 'ace', ...look, data, fallback: submits(data, plain) };
};

const toQuestion = ({ title, text, yes, no }: Confirm): Press['c'] => ({
  ...{ t: line(title, 100), x: line(text, 300), y: line(yes, 30), n: line(no, 30) },
});

const MAX_TITLE = 20;

/** A title that no phone cuts; what it leaves out is told by the tooltip. */
export function titled(label: string, about = ''): Look {
  const title = line(label, MAX_TITLE);
  const tooltip = line(about ? `${label}: ${about}` : label, 75);
  return tooltip === title ? { title } : { title, tooltip };
}

/** The last button of a dialog's last page. */
export const closing = (label = 'Close'): Action =>
  submits({ ace: { x: 1 } }, { ...titled(label), associatedInputs: 'none' });

/** Leads to an address; only https does, any other is written out. */
export const toLink = ({ label, url }: Link): Action => ({ type: 'Action.OpenUrl', ...titled(label), url });

export const isWeb = ({ url }: Link): boolean => /^https:\/\//i.test(url);

/** The act for whom a room's card is drawn anew by Teams itself: what that person may see of it. */
export const refreshOf = (id: string, { keys, place }: Drawing): Action | undefined =>
  place.in === 'room'
    ? {
        ...{ type: 'Action.Execute', verb: 'ace', title: 'Refresh' },
        data: { ace: { v: 'show', i: { id }, k: keys(), o: 'room', r: place.post } satisfies Press },
      }
    : undefined;
