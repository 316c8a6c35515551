/** What was asked of AWS: the history, what still waits, and the receipt of one act. */
import { dayIn, plainMoment } from '../pipeline/calendar.ts';
import { type Change, isOpen, type Transition } from '../pipeline/change.ts';
import type { Deal } from '../pipeline/deal.ts';
import type { Person } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { cancelButton, doing, editButton, outcome, WAITS_FOR, wishInFull } from './change.ts';
import { showButton } from './deal.ts';
import { companyOf, nameOf, quoted } from './terms.ts';
import { done, type Item, type List, type Note, note, problem } from './view.ts';

/** A Change with its life and its customer. */
export interface Told {
  change: Change;
  transitions: Transition[];
  company: string;
}

/** The reader: moments are in their zone. */
export interface Reader {
  actor: Person;
  now: Date;
}

/** Who did what, when, from where, and what AWS answered; newest first. Of one deal, or of all a person may know. */
export function historyNote(entries: readonly Told[], reader: Reader & { deal?: Deal }): Note {
  const { deal } = reader;
  const what = deal ? ` for ${nameOf(deal)}` : '';
  if (entries.length === 0) return note(`Nothing has been asked of AWS from here${what} yet.`);
  return note(
    `What was asked of AWS${what}, newest first`,
    entries.flatMap((entry) => life(entry, reader, deal === undefined)),
  );
}

/** What has not been confirmed yet, oldest first; what AWS cannot have seen can be edited or taken back. */
export function waitingList(entries: readonly Told[], reader: Reader): List {
  const items = entries.map((entry) => waitingItem(entry, reader));
  const buttons = entries.flatMap(({ change }, at) => cancelButton(change, `Take back ${at + 1}`) ?? []);
  return {
    kind: 'list',
    title: 'Waiting for AWS',
    sections: items.length === 0 ? [] : [{ title: 'Asked first comes first', items, total: items.length }],
    empty: 'Nothing waits for AWS.',
    ...(buttons.length > 0 ? { buttons: buttons.slice(0, MOST_BUTTONS) } : {}),
  };
}

/** How far one act has come, in a sentence for each of its wishes, what is under way first; each names the customer. */
export function receipt(changes: readonly Change[], now: Date): Note {
  const [first = 'Nothing was asked of AWS.', ...rest] = [...changes]
    .sort((a, b) => Number(isOpen(b.state)) - Number(isOpen(a.state)))
    .map((change) => sentence(change, now));
  const lines = [...rest, ...whereItGoesOn(changes)];
  const more = lines.length > 0 ? lines : undefined;
  if (changes.some(({ state }) => isOpen(state))) return note(first, more);
  return changes.every(({ state }) => state === 'confirmed') ? done(first, more) : problem(first, more);
}

/** What is under way comes first and the customer after, so that a short line still says it; an outcome is the customer's. */
function sentence(change: Change, now: Date): string {
  const company = change.company && companyOf({ company: change.company });
  if (isOpen(change.state)) return `${doing(change, now)}${company ? ` (${company})` : ''}`;
  return `${company ? `${company}: ` : ''}${outcome(change)}${sentText(change)}`;
}

/** An accepted invitation leads to what it became. */
const whereItGoesOn = (changes: readonly Change[]): string[] =>
  changes
    .filter(({ wish, state }) => wish.kind === 'accept' && state === 'confirmed')
    .map(({ dealId }) => `“show ${oneLine(dealId)}” shows where it goes on.`);

/** What AWS reads from now on, word for word. */
const sentText = ({ state, wish }: Change): string =>
  state === 'confirmed' && wish.kind === 'update' && wish.set.nextStep
    ? `: ${quoted(wish.set.nextStep)}`
    : '';

const MOST_BUTTONS = 5;

/** One line for the asking, one for each step that says something. */
function life(
  { change, transitions, company }: Told,
  { actor, now }: Reader,
  withCompany: boolean,
): string[] {
  const at = (moment: string) => plainMoment(moment, now, actor.timeZone);
  const whose = withCompany ? `${companyOf({ company })}: ` : '';
  const what = wishInFull(change.wish, dayIn(now, actor.timeZone));
  const asked = `${at(change.requestedAt)} · ${whose}${oneLine(change.person.name)} asked for ${what} (${oneLine(change.from)})`;
  const steps = transitions.filter(({ state }) => state !== 'requested' && state !== 'sending');
  return [asked, ...steps.map((step) => `    ${at(step.at)} · ${stepInWords(step)}`)];
}

function stepInWords({ state, by, answer, awsRequestId }: Transition): string {
  if (by) return `${oneLine(by)}: ${cut(oneLine(answer ?? STEPS[state]), 300)}`;
  const said = answer ? `: ${cut(oneLine(answer), 300)}` : '';
  // Why it waits names AWS already.
  if (state === 'waiting' && answer) return `waiting${said}`;
  const request = awsRequestId ? ` (AWS request ${oneLine(awsRequestId)})` : '';
  return `${STEPS[state]}${said}${request}`;
}

const STEPS: Record<Change['state'], string> = {
  requested: 'asked',
  sending: 'sent to AWS',
  waiting: 'waiting for AWS',
  confirmed: 'AWS confirmed',
  refused: 'AWS refused',
  conflict: 'met somebody else’s change',
  cancelled: 'taken back',
};

function waitingItem({ change, company }: Told, { actor, now }: Reader): Item {
  const since = `since ${plainMoment(change.requestedAt, now, actor.timeZone)}`;
  const why = change.state === 'waiting' ? WAITS_FOR[change.waitsFor ?? 'unavailable'] : 'on its way';
  const who = change.person.id === actor.id ? 'you' : oneLine(change.person.name);
  return {
    id: change.dealId,
    title: cut(`${companyOf({ company })}: ${wishInFull(change.wish, dayIn(now, actor.timeZone))}`, 150),
    detail: `${who}, ${since}: ${why}`,
    button: editButton(change) ?? showButton(change.dealId),
  };
}
