/** What people asked of AWS and how far it has come, in plain words. */
import { plainDay, plainMoment } from '../pipeline/calendar.ts';
import { type Change, isOpen, type WaitsFor, type Wish } from '../pipeline/change.ts';
import type { Day } from '../pipeline/deal.ts';
import { fullName, type Person } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { quoted } from './terms.ts';
import type { Button, Progress } from './view.ts';

/** "acceptance", "next step", "next step and close date", "change of owner to Ana Silva". */
function wishInWords(wish: Wish): string {
  if (wish.kind === 'accept') return 'acceptance';
  if (wish.kind === 'assign')
    return `change of owner to ${oneLine(fullName(wish.to)) || oneLine(wish.to.email)}`;
  const parts = [
    ...(wish.set.nextStep === undefined ? [] : ['next step']),
    ...(wish.set.closeDate === undefined ? [] : ['close date']),
  ];
  return parts.join(' and ') || 'update';
}

/** What exactly was asked, old → new: "next step “demo” (was “call”), close date Fri 14 Nov → Fri 28 Nov". */
export function wishInFull(wish: Wish, today: Day): string {
  if (wish.kind !== 'update') return wishInWords(wish);
  const { base, set } = wish;
  const was = base.nextStep ? ` (was ${quoted(base.nextStep, 80)})` : '';
  const from = base.closeDate ? `${plainDay(base.closeDate, today)} → ` : '';
  const parts = [
    ...(set.nextStep === undefined ? [] : [`next step ${quoted(set.nextStep)}${was}`]),
    ...(set.closeDate === undefined ? [] : [`close date ${from}${plainDay(set.closeDate, today)}`]),
  ];
  return parts.join(', ') || 'update';
}

/** Why it waits. */
export const WAITS_FOR: Record<WaitsFor, string> = {
  locked: 'it is reviewing this deal',
  unavailable: 'it does not answer; this goes out as soon as it does',
  answer: 'it was sent and the answer was lost; I am finding out',
};

/** What is happening to an open Change: "Accepting…", "Waiting for AWS: it is reviewing this deal". */
export function doing(change: Change, now: Date): string {
  if (change.state === 'waiting') return `Waiting for AWS: ${WAITS_FOR[change.waitsFor ?? 'unavailable']}`;
  if (change.wish.kind === 'assign') return `Making ${fullName(change.wish.to)} the owner…`;
  if (now.getTime() - Date.parse(change.requestedAt) > PATIENCE_MS)
    return `AWS is still working on the ${wishInWords(change.wish)}; nothing to do, I’ll tell you`;
  return change.wish.kind === 'accept' ? 'Accepting…' : `Sending the ${wishInWords(change.wish)} to AWS…`;
}

/** What came of a Change; `whose` is "your", "Ana Silva’s" or "the". */
export function outcome({ state, wish, answer }: Change, whose = 'the'): string {
  const what = `${whose} ${wishInWords(wish)}`;
  const said = answer ? `: ${cut(oneLine(answer), 300)}` : '';
  if (state === 'confirmed') return `AWS confirmed ${what}`;
  if (state === 'refused') return `AWS refused ${what}${said}`;
  if (state === 'conflict') return `Not done, ${what} met somebody else’s change${said}`;
  return state === 'cancelled' ? `Taken back: ${what}` : `With AWS: ${what}`;
}

/** Whether AWS cannot have seen it yet, so that it can still be rewritten or taken back. */
const isRecallable = ({ state, waitsFor }: Change): boolean =>
  state === 'requested' || (state === 'waiting' && waitsFor !== 'answer');

/** Opens a form with the text that waits; only what has a text can be edited. */
export const editButton = (change: Change): Button | undefined =>
  isRecallable(change) && change.wish.kind === 'update'
    ? { verb: 'waiting', label: 'Edit…', input: { change: change.id, do: 'edit' }, opens: 'form' }
    : undefined;

/** Takes it back before AWS sees it; asks once. The other half of an act goes with it. */
export const cancelButton = (change: Change, label = 'Take back'): Button | undefined =>
  isRecallable(change) && change.wish.kind !== 'assign'
    ? {
        verb: 'waiting',
        label,
        input: { change: change.id, do: 'cancel' },
        style: 'danger',
        confirm: {
          title: 'Take it back?',
          text: `AWS has not seen this ${wishInWords(change.wish)} yet and then never will.`,
          yes: 'Take it back',
          no: 'Keep it',
        },
      }
    : undefined;

/** How far a deal's latest wishes have come, for its card. Changes come newest first. */
export function progressOf(
  changes: Change[],
  actor: Person,
  now: Date,
): { status?: string; progress: Progress } {
  const open = changes.filter(({ state }) => isOpen(state)).reverse();
  const news = newsOf(changes, now);
  const accepting = open.some(({ wish }) => wish.kind === 'accept');
  const shown = accepting ? open.filter(({ wish }) => wish.kind !== 'assign') : open;
  const onlyOwner = shown.every(({ wish }) => wish.kind === 'assign');
  const lines = [
    ...(onlyOwner ? news.map((change) => told(change, actor, now)) : []),
    ...shown.slice(0, MOST_SHOWN).map((change) => asking(change, actor, now)),
    ...(shown.length > MOST_SHOWN ? [`and ${shown.length - MOST_SHOWN} more`] : []),
  ];
  if (lines.length === 0) return { progress: 'idle' };
  return { status: lines.join(' · '), progress: open.length > 0 ? 'working' : progressOfNews(news) };
}

const PATIENCE_MS = 60_000;
const MOST_SHOWN = 3;

/** An outcome is news for so long; later it is found in the history. */
const NEWS_MS = 7 * 24 * 60 * 60 * 1000;

/** The outcome settled last; an acceptance beside the change of owner that came with it. Oldest first. */
function newsOf(changes: Change[], now: Date): Change[] {
  const settled = changes.filter(
    ({ settledAt, state }) => !isOpen(state) && settledAt && now.getTime() - Date.parse(settledAt) < NEWS_MS,
  );
  const last = settled[0];
  if (!last) return [];
  const accepted =
    last.wish.kind === 'assign' ? settled.find(({ wish }) => wish.kind === 'accept') : undefined;
  return accepted ? [accepted, last] : [last];
}

function progressOfNews(news: Change[]): Progress {
  if (news.some(({ state }) => state === 'refused' || state === 'conflict')) return 'problem';
  return news.some(({ state }) => state === 'confirmed') ? 'done' : 'idle';
}

/** "Accepting… (Ana Silva)", "Waiting for AWS: it is reviewing this deal (Ana Silva’s next step)". */
function asking(change: Change, actor: Person, now: Date): string {
  const waits = change.state === 'waiting';
  const by = waits ? `${whoseOf(change, actor)} ${wishInWords(change.wish)}` : oneLine(change.person.name);
  return change.wish.kind === 'assign' && !waits ? doing(change, now) : `${doing(change, now)} (${by})`;
}

/** "AWS confirmed your next step, 14:05". */
function told(change: Change, actor: Person, now: Date): string {
  const when = change.settledAt ? `, ${plainMoment(change.settledAt, now, actor.timeZone)}` : '';
  return `${outcome(change, change.wish.kind === 'assign' ? 'the' : whoseOf(change, actor))}${when}`;
}

const whoseOf = ({ person }: Change, actor: Person): string =>
  person.id === actor.id ? 'your' : `${oneLine(person.name)}’s`;
