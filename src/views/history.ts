/** What was asked of AWS: the history, what still waits, and the receipt of one act. */
import { dayIn, plainMoment } from '../pipeline/calendar.ts';
import { type Change, isLocal, isOpen, type Transition } from '../pipeline/change.ts';
import type { Deal } from '../pipeline/deal.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { cancelButton, conflictButtons, doing, editButton, outcome, WAITS_FOR } from './change.ts';
import { showButton } from './deal.ts';
import { handOverReceipt } from './hand-over.ts';
import { companyOf, nameOf, quoted } from './terms.ts';
import { type Button, done, type Item, type List, type Note, note, problem } from './view.ts';
import { deedInWords, textsOf, wishInFull } from './wish.ts';

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
  // Of many deals one sees but what is theirs to see: there may be more.
  if (entries.length === 0)
    return deal || seesEverything(reader.actor)
      ? note(`Nothing has been asked of AWS from here${what} yet.`)
      : note('Nothing stands here that you may see.');
  return note(
    `What was asked of AWS${what}, newest first`,
    entries.flatMap((entry) => life(entry, reader, deal === undefined)),
  );
}

/**
 * What has not been confirmed yet, oldest first; what AWS cannot have seen can be edited or taken back. Then what met
 * somebody else's change and waits for the reader's word.
 */
export function waitingList(entries: readonly Told[], reader: Reader, undecided: readonly Told[] = []): List {
  const items = entries.map((entry) => waitingItem(entry, reader));
  const met = undecided.map((entry) => conflictItem(entry, reader));
  const buttons = [
    ...undecided.flatMap(({ change }, at) => otherWays(change, reader.actor, entries.length + at + 1)),
    ...entries.flatMap(({ change }, at) => cancelButton(change, `Take back ${at + 1}`) ?? []),
  ];
  const [first] = undecided;
  return {
    kind: 'list',
    title: 'Waiting for AWS',
    sections: [
      { title: 'Asked first comes first', items, total: items.length },
      { title: 'Somebody else changed it: yours to decide', items: met, total: met.length },
    ].filter(({ total }) => total > 0),
    empty: 'Nothing waits for AWS.',
    ...(first ? { footer: waysInWords(first.change, entries.length + 1) } : {}),
    ...(buttons.length > 0 ? { buttons: buttons.slice(0, MOST_BUTTONS) } : {}),
  };
}

/** Its line keeps theirs; the buttons of these ways name the line. */
const otherWays = (change: Change, actor: Person, line: number): Button[] =>
  conflictButtons([change], actor)
    .slice(1)
    .map((button) => ({
      ...button,
      label: `${button.label.replace('…', '')} ${line}${button.opens ? '…' : ''}`,
    }));

/** As it is typed; only a next step can be rewritten. */
function waysInWords({ wish }: Change, line: number): string {
  const edit =
    wish.kind === 'update' && wish.set.nextStep !== undefined
      ? `, “waiting edit ${line}: …” sends other words`
      : '';
  return `“waiting keep ${line}” leaves what AWS has, “waiting mine ${line}” puts yours${edit}.`;
}

/**
 * How far one act has come, to whoever asked: a sentence for each of its wishes, what is under way first; each names the
 * customer. Where it met somebody else's change they can decide at once.
 */
export function receipt(changes: readonly Change[], now: Date): Note {
  const ofDesk = handOverReceipt(changes, now);
  if (ofDesk) return ofDesk;
  const [first = 'Nothing was asked of AWS.', ...rest] = [...changes]
    .sort((a, b) => Number(isOpen(b.state)) - Number(isOpen(a.state)))
    .map((change) => sentence(change, now));
  const lines = [...rest, ...whereItGoesOn(changes)];
  const more = lines.length > 0 ? lines : undefined;
  if (changes.some(({ state }) => isOpen(state))) return note(first, more);
  if (changes.every(({ state }) => state === 'confirmed')) return done(first, more);
  const buttons = changes.flatMap((change) =>
    conflictButtons([change], { ...change.person, role: 'ACE user' }),
  );
  return buttons.length === 0
    ? problem(first, more)
    : { ...problem(first, [...lines, YOURS_TO_DECIDE]), buttons };
}

/** A script has no buttons. */
const YOURS_TO_DECIDE = '“waiting” holds it until you decide: keep theirs, put mine, or edit.';

/** What is under way comes first and the customer after, so that a short line still says it; an outcome is the customer's. */
function sentence(change: Change, now: Date): string {
  const company = change.company && companyOf({ company: change.company });
  if (isOpen(change.state)) return `${doing(change, now)}${company ? ` (${company})` : ''}`;
  return `${company ? `${company}: ` : ''}${outcome(change, dayIn(now, 'UTC'))}${sentText(change)}`;
}

/** An accepted invitation leads to what it became; a new owner is not yet the one whom AWS calls. */
const whereItGoesOn = (changes: readonly Change[]): string[] => {
  const done = changes.filter(({ state }) => state === 'confirmed');
  const accepted = done.filter(({ wish }) => wish.kind === 'accept');
  const handedOn = done.filter(({ wish }) => wish.kind === 'assign' && accepted.length === 0);
  const called = handedOn.some(({ wish }) => wish.kind === 'assign' && wish.as === 'sales contact');
  return [
    ...accepted.map(({ dealId }) => `“show ${oneLine(dealId)}” shows where it goes on.`),
    ...(called ? [] : handedOn.map(({ dealId }) => `“show ${oneLine(dealId)}” says whom AWS calls.`)),
  ];
};

/** What AWS reads from now on, word for word. */
const sentText = ({ state, wish }: Change): string =>
  state === 'confirmed' && textsOf(wish)[0] ? `: ${quoted(textsOf(wish)[0] ?? '')}` : '';

const MOST_BUTTONS = 5;

/** One line for the asking, one for each step that says something. */
function life(
  { change, transitions, company }: Told,
  { actor, now }: Reader,
  withCompany: boolean,
): string[] {
  const at = (moment: string) => plainMoment(moment, now, actor.timeZone);
  const whose = withCompany ? `${companyOf({ company })}: ` : '';
  const who = oneLine(change.person.name);
  const deed = isLocal(change.wish)
    ? deedInWords(change, who)
    : `${who} asked for ${wishInFull(change.wish, dayIn(now, actor.timeZone))}`;
  const asked = `${at(change.requestedAt)} · ${whose}${deed} (${oneLine(change.from)})`;
  const steps = isLocal(change.wish) ? [] : transitions.filter(saysSomething);
  return [asked, ...steps.map((step) => `    ${at(step.at)} · ${stepInWords(step, change)}`)];
}

/** That it was asked stands in the first line already; that it was rewritten before it was sent does not. */
const saysSomething = ({ state, by, answer }: Transition): boolean =>
  (state !== 'requested' && state !== 'sending') || (by !== undefined && answer !== undefined);

function stepInWords({ state, by, answer, awsRequestId }: Transition, { notSent }: Change): string {
  if (by && answer) return `${oneLine(by)}: ${cut(oneLine(answer), 300)}`;
  if (by) return state === 'waiting' ? 'queued' : `${oneLine(by)}: ${STEPS[state]}`;
  const said = answer ? `: ${cut(oneLine(answer), 300)}` : '';
  // Why it waits names AWS already.
  if (state === 'waiting' && answer) return `waiting${said}`;
  const request = awsRequestId ? ` (AWS request ${oneLine(awsRequestId)})` : '';
  // The desk's own no, or a second half whose first did not succeed: AWS never heard of it.
  const isOurs = notSent && (state === 'refused' || state === 'cancelled');
  return `${isOurs ? 'not done' : STEPS[state]}${said}${request}`;
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

function conflictItem({ change, company }: Told, { actor, now }: Reader): Item {
  const today = dayIn(now, actor.timeZone);
  const button = conflictButtons([change], actor)[0] ?? showButton(change.dealId);
  return {
    id: change.dealId,
    title: cut(`${companyOf({ company })}: ${wishInFull(change.wish, today)}`, 150),
    detail: outcome(change, today, 'your'),
    button,
  };
}
