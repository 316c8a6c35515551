/** What a button carries to Slack and back. Slack hands it back signed, but it may be years old. */
import { z } from 'zod';
import { VERB_SHAPE } from '../pipeline/verbs.ts';
import type { Button } from '../views/view.ts';

/** What kind of reply the button stood in: a card pressed on a list must not replace the list, and nothing a lasting one. */
export type Place = (typeof PLACES)[number];
const PLACES = ['card', 'list', 'note', 'form', 'room', 'lasting'] as const;

/**
 * v verb, i input, k operation key (unique for each button drawn), o the place it stood in, f it opens a form, r of a card
 * that several read: which post.
 */
const pressSchema = z.object({
  v: z.string().max(40).regex(VERB_SHAPE),
  i: z.record(z.string(), z.string()),
  k: z.string().min(1).max(40),
  o: z.enum(PLACES),
  f: z.literal(1).optional(),
  r: z.string().max(60).optional(),
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

/** The same button on a card that several read: what comes of it is for whoever presses, and takes no place there. */
export function inRoom(value: string, post: string): string {
  const press = fromValue(value);
  return press ? JSON.stringify({ ...press, o: 'room', r: post } satisfies Press) : value;
}

/**
 * The same for a line of an overflow menu, which carries at most 75 characters: "accept engi-… k3y.2 cf ask=person".
 * Undefined where the input is more than the deal's id and one word; the version seen is only a hint and stays behind.
 */
export function toOption(button: Button, key: string, place: Place): string | undefined {
  const { id, version: _, ...rest } = button.input;
  const words = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  const option = [button.verb, id, key, `${place[0]}${button.opens ? 'f' : ''}`, ...words].join(' ');
  return id && OPTION.test(option) ? option : undefined;
}

const OPTION =
  /^(?<v>\S+) (?<id>\S+) (?<k>\S+) (?<o>[clnf])(?<f>f?)(?: (?<name>[a-zA-Z]+)=(?<word>[\w-]+))?$/;

function fromOption(value = ''): unknown {
  const found = OPTION.exec(value)?.groups;
  if (!found) return undefined;
  const { v, id, k, o, f, name, word } = found;
  return {
    v,
    i: { id, ...(name ? { [name]: word } : {}) },
    k,
    o: PLACES.find((it) => it[0] === o),
    ...(f ? { f: 1 } : {}),
  };
}

/** Undefined when it does not parse. */
export const fromValue = (value: string | undefined): Press | undefined =>
  pressSchema.safeParse(fromOption(value) ?? fromJson(value)).data;

/** Undefined for what is not JSON. */
export function fromJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // not ours, or from another version: the caller's schema refuses it
  }
}
