/** A person's home: their desk, and below it what else there is. Plain data; a door draws it where it has such a place. */
import type { Actor } from '../pipeline/identity.ts';
import { mayManage } from '../pipeline/roster.ts';
import { type Support, supportOf } from './support.ts';
import { type Button, type Link, type Note, note, type Reply } from './view.ts';

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
        ...{ main, buttons: [FIND, LISTS, WAITING, HISTORY, ...people, SETTINGS, HELP], typed: 'all' },
      }
    : {
        ...withSupport(asked, [WHAT_THIS_IS, WHO_SEES]),
        main,
        buttons: [...people, SETTINGS, HELP],
        typed: 'all',
      };
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
const SETTINGS: Button = { verb: 'help', label: 'Settings…', input: { topic: 'settings' } };
const HELP: Button = { verb: 'help', label: 'Help', input: {} };

/** What comes by itself, and where each of it is set. */
export const settingsNote = (): Note => ({
  ...note('What comes by itself, and how it is set', [
    'schedule: when your digest comes, and what stands in it; “schedule off” ends it.',
    'notify: what you are told as it happens, and your quiet hours; “notify off” ends it.',
    'cover: who looks after your desk while you are away.',
    'sprint: your deals that need a word, one after the other. “my reminders”: what you put off.',
  ]),
  buttons: [
    { verb: 'schedule', label: 'Schedule…', input: {}, opens: 'form' },
    { verb: 'notify', label: 'Notify…', input: {}, opens: 'form' },
    { verb: 'cover', label: 'Cover…', input: {}, opens: 'form' },
    { verb: 'sprint', label: 'Sprint', input: {} },
  ],
  apart: true,
});

const WHAT_THIS_IS =
  'ace-desk brings your company’s AWS Partner Central pipeline to where you talk: referrals and leads to accept in time, next steps that AWS reads, and what else would be lost first.';
const WHO_SEES =
  'Whoever may see a deal in Partner Central may see it here, and nobody else. Nothing counts as done before AWS confirmed it.';

const LINES = [
  'This is your desk as you alone may see it; it follows what changes. Nothing counts as done before AWS confirmed it.',
];
