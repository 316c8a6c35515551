/** Replies that tests change as they need, and what Teams would say of them. */
import type { AdaptiveCard } from '../../src/teams/card.ts';
import type { CardPlace } from '../../src/teams/door.ts';
import { limitErrors, summaryErrors } from '../../src/teams/limits.ts';
import { toCard, toSummary } from '../../src/teams/render.ts';
import type { Button, Card, Field, Form, Item, List, Note, Reply } from '../../src/views/view.ts';
import { parseErrors } from '../support/teams-screen.ts';

export const KEY = 'aaaaaaaaaa';
export const MESSAGE: CardPlace = { in: 'message' };
export const DIALOG: CardPlace = { in: 'dialog' };
export const ROOM: CardPlace = { in: 'room', post: 'p1', viewers: ['29:ana', '29:tom'] };

export const button = (more: Partial<Button> = {}): Button => ({
  verb: 'show',
  label: 'Show',
  input: { id: 'O1' },
  ...more,
});
export const item = (index: number, more: Partial<Item> = {}): Item => ({
  id: `O${index}`,
  title: `Customer ${index}`,
  detail: 'closes Fri 28 Nov',
  button: button({ input: { id: `O${index}` } }),
  ...more,
});
export const items = (count: number, more: Partial<Item> = {}) =>
  Array.from({ length: count }, (_, it) => item(it + 1, more));
export const card = (more: Partial<Card> = {}): Card => ({
  kind: 'card',
  title: 'Acme',
  subtitle: 'AWS referral · pending acceptance',
  facts: [{ label: 'Expires', value: 'Fri 28 Nov' }],
  progress: 'idle',
  buttons: [{ verb: 'accept', label: 'Accept', input: { id: 'engi-1' }, style: 'primary' }],
  copyOf: { id: 'engi-1', version: 1 },
  ...more,
});
export const list = (more: Partial<List> = {}): List => ({
  kind: 'list',
  title: 'Your desk',
  sections: [{ title: 'Pending acceptance', items: items(2), total: 2 }],
  empty: 'Nothing waits for you.',
  ...more,
});
export const text = (more: object = {}): Field => ({
  id: 'nextStep',
  kind: 'text',
  label: 'Next step',
  maxLength: 255,
  ...more,
});
export const form = (more: Partial<Form> = {}): Form => ({
  kind: 'form',
  verb: 'next-step',
  title: 'Next step',
  submit: 'Save',
  fields: [text()],
  input: { id: 'O1' },
  ...more,
});
export const note = (more: Partial<Note> = {}): Note => ({
  kind: 'note',
  tone: 'info',
  text: 'Hello',
  ...more,
});

export const drawn = (reply: Reply, place: CardPlace = MESSAGE): AdaptiveCard => toCard(reply, place, KEY);

/** Of a reply, wherever it may stand: limits of ours, and what the parser of Adaptive Cards 1.5 has against it. */
export const errorsOf = (reply: Reply): string[] => [
  ...summaryErrors(toSummary(reply)),
  ...[MESSAGE, DIALOG, ROOM].flatMap((place) => {
    const it = drawn(reply, place);
    return [...limitErrors(it, place.in), ...parseErrors(it)].map((error) => `${place.in}${error}`);
  }),
];
