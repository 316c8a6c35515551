/** What a button carries to Slack and back. Slack hands it back signed, but it may be years old. */
import { z } from 'zod';
import { VERBS } from '../pipeline/verbs.ts';
import type { Button } from '../views/view.ts';

/** What kind of reply the button stood in: a card pressed on a list must not replace the list. */
export type Place = 'card' | 'list' | 'note' | 'form';

/** v verb, i input, k operation key (unique for each button drawn), o the place it stood in, f it opens a form. */
const pressSchema = z.object({
  v: z.enum(VERBS),
  i: z.record(z.string(), z.string()),
  k: z.string().min(1).max(40),
  o: z.enum(['card', 'list', 'note', 'form']),
  f: z.literal(1).optional(),
});
export type Press = z.infer<typeof pressSchema>;

/** The button's value: JSON, at most 2000 characters, which the limit checker watches. */
export const toValue = (button: Button, key: string, place: Place): string =>
  JSON.stringify({
    v: button.verb,
    i: button.input,
    k: key,
    o: place,
    ...(button.opens ? { f: 1 } : {}),
  } satisfies Press);

/** Undefined when it does not parse or names no verb of ours. */
export const fromValue = (value: string | undefined): Press | undefined =>
  pressSchema.safeParse(fromJson(value)).data;

/** Undefined for what is not JSON. */
export function fromJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // not ours, or from another version: the caller's schema refuses it
  }
}
