/** What a person calls a view: exactly, as the guide or they name it; else the views whose names come nearest. */
import { STAGES } from './deal.ts';
import { VIEWS, type View } from './views.ts';

/**
 * The views of exactly that name: id, label or alias, in any case and with or without small words; "leads" or
 * "opportunities" beside it chooses the tab. Two where both tabs have a view of that name; none where nobody has.
 */
export function viewsCalled(said: string): View[] {
  const name = plain(SAME.get(plain(said)) ?? said);
  return name === '' ? [] : NAMES.filter(({ names }) => names.has(name)).map(({ view }) => view);
}

/** The nearest names, nearest first, at most `many`; only what is near at all. */
export function viewsLike(said: string, many: number): View[] {
  const name = plain(said);
  return NAMES.map(({ view, names }) => ({
    view,
    near: Math.max(...[...names].map((it) => likeness(name, it))),
  }))
    .filter(({ near }) => near > NEAR)
    .sort((one, other) => other.near - one.near)
    .slice(0, many)
    .map(({ view }) => view);
}

/** "Leads: Shared by AWS this Quarter": the two tabs have some labels in common. */
export const fullLabel = ({ tab, label }: View): string =>
  `${tab === 'leads' ? 'Leads' : 'Opportunities'}: ${label}`;

/**
 * Where deals of a state stand that none of the views is about; undefined for what is no such state. `desk`: there.
 */
export function withoutView(said: string): { where: string; desk?: true } | undefined {
  const name = plain(said).replace(/ ?(?:opportunities|deals)$/, '');
  return STATES.find(({ names }) => names.includes(name));
}

const ON_DESK = { desk: true } as const;
const STATES: { names: string[]; where: string; desk?: true }[] = [
  {
    names: ['rejected', 'declined', 'disapproved'],
    where: 'What AWS rejected in the last 14 days stands on your desk: say “desk”.',
    ...ON_DESK,
  },
  {
    names: ['past close date', 'overdue', 'past due'],
    where: 'What is past its close date stands on your desk: say “desk”.',
    ...ON_DESK,
  },
  {
    names: ['approved'],
    where:
      'Partner Central calls it validated: “list validated open”; in any stage, “list partner referred” and “list AWS referred”.',
  },
  {
    names: [...STAGES.map((stage) => stage.toLowerCase()), 'closed', 'lost', 'expired'],
    where:
      'Partner Central has no view of it. “list” is the whole pipeline, and each line says stage and status.',
  },
];

/** AWS’s names of states, for the views that are of them. */
const SAME = new Map([
  ['pending submission', 'drafts'],
  ['submitted', 'in review'],
  ['under review', 'in review'],
]);

const SMALL_WORDS = /\b(?:a|an|the|my|me|our|your|in|by|to|with|of|that|are)\b/g;
const NUMBERS: Record<string, string> = { two: '2', seven: '7' };

/** Lower case, only letters and digits, no small words: "Leads with campaigns" → "leads campaigns". */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(SMALL_WORDS, ' ')
    .replace(/\b(?:two|seven)\b/g, (word) => NUMBERS[word] ?? word)
    .replace(/ +/g, ' ')
    .trim();

const NAMES = VIEWS.map((view) => ({
  view,
  names: new Set(
    [view.id, view.label, ...view.aliases, `${view.tab} ${view.label}`, `${view.label} ${view.tab}`].map(
      plain,
    ),
  ),
}));

/** Of any names, such as a picklist’s, the one that comes nearest, if one is near at all. */
export function nearestName(said: string, names: readonly string[]): string | undefined {
  const near = (name: string) => likeness(plain(said), plain(name));
  const [best] = names.filter((it) => near(it) > NEAR).sort((one, other) => near(other) - near(one));
  return best;
}

/** Below this, names have little more in common than their letters. */
const NEAR = 0.35;

/** Dice’s coefficient of the pairs of letters, 0 to 1: typing mistakes cost little, other words much. */
function likeness(one: string, other: string): number {
  const [some, others] = [pairs(one), pairs(other)];
  const common = [...some].filter((pair) => others.has(pair)).length;
  return some.size + others.size === 0 ? 0 : (2 * common) / (some.size + others.size);
}

const pairs = (text: string): Set<string> =>
  new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
