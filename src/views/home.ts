/** A person's home: their desk, and below it what else there is. Plain data; a door draws it where it has such a place. */
import type { Actor } from '../pipeline/identity.ts';
import { mayManage } from '../pipeline/roster.ts';
import { type Support, supportOf } from './support.ts';
import type { Button, Link, Reply } from './view.ts';

export interface Home {
  /** The worklist; or why there is none. */
  main: Reply;
  /** Help, settings, other lists. */
  buttons: Button[];
  links?: Link[];
  lines: string[];
  /** What they may type: everything, a one-time code, or nothing that helps. */
  typed: 'all' | 'code' | 'none';
}

/**
 * `main` is what the verb `desk` answers this person. Whoever is not let in reads what this is, and sees nothing else; nor who
 * the alliance lead is.
 */
export function homeOf(
  main: Reply,
  actor: Pick<Actor, 'role' | 'barred'> | undefined,
  support: Support = { leads: [] },
): Home {
  const isRefused = main.kind === 'note' && main.tone === 'problem';
  if (!actor || actor.role === 'none' || actor.barred || isRefused) {
    const typed = actor?.barred === 'code' ? 'code' : 'none';
    return {
      ...withSupport({ ...support, leads: [] }, [WHO_SEES]),
      main: introduced(main),
      buttons: [],
      typed,
    };
  }
  const asked = { ...support, isLead: actor.role === 'alliance lead' };
  const people = mayManage(actor) ? [PEOPLE] : [];
  return main.kind === 'list'
    ? {
        ...withSupport(asked, LINES),
        ...{ main, buttons: [FIND, LISTS, WAITING, HISTORY, ...people, HELP], typed: 'all' },
      }
    : { ...withSupport(asked, [WHAT_THIS_IS, WHO_SEES]), main, buttons: [...people, HELP], typed: 'all' };
}

function withSupport(support: Support, said: readonly string[]): Pick<Home, 'lines' | 'links'> {
  const { lines, links } = supportOf(support);
  return { lines: [...said, ...lines], ...(links.length > 0 ? { links } : {}) };
}

/** What this is comes first, then why it is not theirs. They asked for nothing and did nothing but look. */
const introduced = (main: Reply): Reply =>
  main.kind === 'note'
    ? { ...main, tone: 'info', text: WHAT_THIS_IS, lines: [lookedOnly(main.text), ...(main.lines ?? [])] }
    : main;

/** A refusal, to somebody who did not ask for anything: without its "so nothing was done". */
export const lookedOnly = (refusal: string): string =>
  refusal.replace(/[,;] (so )?nothing was done( and nothing changed)?\b| Nothing was done\./g, '');

const FIND: Button = { verb: 'find', label: 'Find a deal…', input: {}, opens: 'form' };
const LISTS: Button = { verb: 'list', label: 'List views', input: { view: 'views' } };
const WAITING: Button = { verb: 'waiting', label: 'Waiting for AWS', input: {} };
const HISTORY: Button = { verb: 'history', label: 'History', input: {} };
const PEOPLE: Button = { verb: 'people', label: 'People', input: {} };
const HELP: Button = { verb: 'help', label: 'Help', input: {} };

const WHAT_THIS_IS =
  'ace-desk brings your company’s AWS Partner Central pipeline to where you talk: referrals and leads to accept in time, next steps that AWS reads, and what else would be lost first.';
const WHO_SEES =
  'Whoever may see a deal in Partner Central may see it here, and nobody else. Nothing counts as done before AWS confirmed it.';

const LINES = [
  'This is your desk as you alone may see it; it follows what changes. Nothing counts as done before AWS confirmed it.',
];
