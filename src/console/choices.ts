/** What the numbers of a reply stand for: what is printed as "[2] Next step…" is what 2 does. */
import type { Button, Card, List, Note, Reply } from '../views/view.ts';

/** The buttons of a reply in the order of their numbers, from 1. On a list the lines come first, one number each. */
export function choices(reply: Reply): Button[] {
  switch (reply.kind) {
    case 'card':
    case 'note':
      return ownButtons(reply);
    case 'list':
      return [...lineButtons(reply), ...ownButtons(reply)];
    case 'form':
      return [];
  }
}

/** The buttons that stand apart: those of a card or note, and on a list those that belong to no line. */
export function ownButtons(reply: Card | Note | List): Button[] {
  // Nobody else reads along here.
  if (reply.kind === 'card') return [...reply.buttons, ...(reply.more ?? [])].filter(({ where }) => !where);
  if (reply.kind === 'note') return reply.buttons ?? [];
  return [...reply.sections.flatMap(({ more }) => more ?? []), ...(reply.buttons ?? [])];
}

// Keeps the numbers of the lines and of the buttons in step.
const NOTHING: Button = { verb: 'help', label: 'Help', input: {} };

/** A line without a button of its own is shown. */
const lineButtons = ({ sections }: List): Button[] =>
  sections.flatMap(({ items }) =>
    items.flatMap(
      ({ id, button }) => button ?? (id ? { verb: 'show', label: 'Show', input: { id } } : NOTHING),
    ),
  );
