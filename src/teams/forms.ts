/**
 * Forms that stand on somebody's screen, kept for a while: Teams sends back what was typed but not the form, and a dialog
 * keeps nothing by itself. With them a form comes back whole even while the database does not answer; without them (another
 * process, or too old) what was typed is shown as text.
 */
import { z } from 'zod';
import { length } from '../pipeline/text.ts';
import type { Form } from '../views/view.ts';
import type { Submit } from './button.ts';
import type { AdaptiveCard } from './card.ts';
import { FILL_IN, tooLong } from './strings.ts';

/** What a form was opened from: the message, where that stands, and what stood in it. */
export interface Over {
  conversation: string;
  card: string;
  stood: string;
}

interface Kept {
  user: string;
  form?: Form;
  over?: Over;
  at: number;
}

interface Where {
  now(): Date;
}

/** Of each door, by user and the form's key. */
const shown = new WeakMap<object, Map<string, Kept>>();
const MOST = 500;
/** Of one person: nobody pushes out what others have open. */
const MOST_OF_ONE = 20;
const KEPT_MS = 3_600_000;

/** Remembers a form as it was drawn. `user`: Teams' own id, which Teams vouches for. */
export function keepForm(door: Where, user: string, card: AdaptiveCard, form: Form, over?: Over): void {
  const key = keyIn(card);
  if (key) keep(door, user, key, { form, ...(over ? { over } : {}) });
}

/** Remembers of a question where it was asked. Only of whom we serve. */
export const keepOver = (door: Where, user: string, key: string, over: Over): void =>
  keep(door, user, key, { over });

function keep(door: Where, user: string, key: string, it: Omit<Kept, 'at' | 'user'>): void {
  const forms = shown.get(door) ?? new Map<string, Kept>();
  shown.set(door, forms);
  const name = nameOf(user, key);
  // Known already: it takes its own place, and is the newest.
  forms.delete(name);
  const own = [...forms].flatMap(([other, kept]) => (kept.user === user ? [other] : []));
  const [oldest] = own.length >= MOST_OF_ONE ? own : forms.size >= MOST ? forms.keys() : [];
  if (oldest !== undefined) forms.delete(oldest);
  forms.set(name, { ...it, user, at: door.now().getTime() });
}

/** Where a question was asked, by the key of the act it is about. */
export const overOf = (door: Where, user: string, key: string): Over | undefined =>
  formOf(door, user, { k: key })?.over;

/** The same card under the key of the form it repeats: sent again it is the same act. */
export function underKey(card: AdaptiveCard, key: string): AdaptiveCard {
  const own = keyIn(card);
  return own
    ? JSON.parse(JSON.stringify(card).replaceAll(JSON.stringify(own), () => JSON.stringify(key)))
    : card;
}

/** Undefined where it was drawn too long ago, or elsewhere. */
export function formOf(door: Where, user: string, { k }: Pick<Submit, 'k'>): Kept | undefined {
  const kept = shown.get(door)?.get(nameOf(user, k));
  return kept && door.now().getTime() - kept.at < KEPT_MS ? kept : undefined;
}

const nameOf = (user: string, key: string): string => `${user} ${key}`;

const carried = z.object({ ace: z.object({ s: z.literal(1), k: z.string() }) });

/** Of the button that sends it. */
function keyIn(it: unknown): string | undefined {
  if (typeof it !== 'object' || it === null) return undefined;
  const { data } = carried.safeParse(it);
  if (data) return data.ace.k;
  for (const part of Object.values(it)) {
    const found = keyIn(part);
    if (found) return found;
  }
  return undefined;
}

/** The same form with what was typed in it. `errors`: by field; what is under no field's id stands above. */
export const refilled = (
  form: Form,
  answers: Record<string, string>,
  errors: Record<string, string>,
): Form => ({
  ...form,
  errors,
  fields: form.fields.map(({ value: _, ...field }) =>
    answers[field.id] === undefined ? field : { ...field, value: answers[field.id] },
  ) as Form['fields'],
});

/** What can be told without asking the house: required, and length in code points as AWS counts. */
export function errorsIn({ q, m }: Submit, answers: Record<string, string>): Record<string, string> {
  const empty = q.flatMap((id) => ((answers[id] ?? '').trim() === '' ? [[id, FILL_IN]] : []));
  const long = Object.entries(m).flatMap(([id, most]) => {
    const count = length(answers[id] ?? '');
    return count > most ? [[id, tooLong(count, most)]] : [];
  });
  return Object.fromEntries([...empty, ...long]);
}
