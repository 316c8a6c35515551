/** A person's home: their desk, and below it what else there is. Plain data; a door draws it where it has such a place. */
import type { Actor } from '../pipeline/identity.ts';
import { mayManage } from '../pipeline/roster.ts';
import type { Button, Reply } from './view.ts';

export interface Home {
  /** The worklist; or why there is none. */
  main: Reply;
  /** Help, settings, other lists. */
  buttons: Button[];
  lines: string[];
}

/** `main` is what the verb `desk` answers this person. Whoever is not let in reads what this is, and sees nothing else. */
export function homeOf(main: Reply, actor: Pick<Actor, 'role' | 'barred'> | undefined): Home {
  if (!actor || actor.role === 'none' || actor.barred) return { main, buttons: [], lines: WHAT_THIS_IS };
  const people = mayManage(actor) ? [PEOPLE] : [];
  return main.kind === 'list'
    ? { main, buttons: [FIND, LISTS, WAITING, HISTORY, ...people, HELP], lines: LINES }
    : { main, buttons: [...people, HELP], lines: WHAT_THIS_IS };
}

const FIND: Button = { verb: 'find', label: 'Find a deal…', input: {}, opens: 'form' };
const LISTS: Button = { verb: 'list', label: 'List views', input: { view: 'views' } };
const WAITING: Button = { verb: 'waiting', label: 'Waiting for AWS', input: {} };
const HISTORY: Button = { verb: 'history', label: 'History', input: {} };
const PEOPLE: Button = { verb: 'people', label: 'People', input: {} };
const HELP: Button = { verb: 'help', label: 'Help', input: {} };

const WHAT_THIS_IS = [
  'ace-desk brings your company’s AWS Partner Central pipeline to where you talk: referrals and leads to accept in time, next steps that AWS reads, and what else would be lost first.',
  'Who may see what there may see it here, and nobody else. Nothing counts as done before AWS confirmed it.',
];

const LINES = [
  'This is your desk as you alone may see it; it follows what changes. Nothing counts as done before AWS confirmed it.',
];
