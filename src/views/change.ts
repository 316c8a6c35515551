/** What people asked of AWS and how far it has come, in plain words. */
import { dayIn, plainMoment } from '../pipeline/calendar.ts';
import { type Change, isLocal, isOpen, type WaitsFor } from '../pipeline/change.ts';
import { conflictOf, decides } from '../pipeline/conflict.ts';
import type { Day } from '../pipeline/deal.ts';
import type { EditableId } from '../pipeline/fields.ts';
import type { Person } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { quoted } from './terms.ts';
import type { Button, Progress } from './view.ts';
import { deedInWords, fieldsOf, labelOf, nameOfPerson, textsOf, valueInWords, wishInWords } from './wish.ts';

/** Why it waits. */
export const WAITS_FOR: Record<WaitsFor, string> = {
  locked: 'AWS is reviewing this deal',
  unavailable: 'AWS does not answer; this goes out as soon as it does',
  answer: 'it was sent and the answer was lost; I am finding out',
};

/** What is happening to an open Change: "Accepting…", "Waiting: AWS is reviewing this deal". */
export function doing(change: Change, now: Date): string {
  const { wish } = change;
  if (change.state === 'waiting') return `Waiting: ${WAITS_FOR[change.waitsFor ?? 'unavailable']}`;
  if (wish.kind === 'assign')
    return `Making ${nameOfPerson(wish.to)} the ${wish.as ? 'AWS Partner sales contact' : 'owner'}…`;
  if (now.getTime() - Date.parse(change.requestedAt) > PATIENCE_MS)
    return `AWS is still working on the ${wishInWords(wish)}; nothing to do, I’ll tell you`;
  if (wish.kind === 'accept') return wish.for ? `Accepting for ${nameOfPerson(wish.for)}…` : 'Accepting…';
  if (wish.kind === 'reject') return 'Rejecting…';
  return wish.kind === 'submit' ? 'Submitting it to AWS…' : `Sending the ${wishInWords(wish)} to AWS…`;
}

/** What came of a Change; `whose` is "your", "Ana Silva’s" or "the". A receipt says "the" to whoever asked. */
export function outcome(change: Change, today: Day, whose = 'the'): string {
  const { state, wish, answer, notSent } = change;
  const what = `${whose} ${wishInWords(wish)}`;
  const said = answer ? `: ${cut(oneLine(answer), 300)}` : '';
  if (state === 'confirmed') return isLocal(wish) ? deedOf(change, whose) : `AWS confirmed ${what}`;
  if (state === 'refused')
    return `${notSent ? 'Not done,' : 'AWS refused'} ${what}${said}${kept(change, said)}`;
  if (state === 'conflict')
    return `Not done, ${what} met somebody else’s change${bothValues(change, today, whose) ?? said}`;
  if (state === 'cancelled')
    return answer ? `Not done, ${what}${said}${kept(change, said)}` : `Taken back: ${what}`;
  return `With AWS: ${what}`;
}

const deedOf = (change: Change, whose: string): string =>
  deedInWords(change, whose === 'your' ? 'You' : oneLine(change.person.name));

/** What somebody wrote comes back to them. */
const kept = ({ wish }: Pick<Change, 'wish'>, said: string): string =>
  textsOf(wish)
    .map((text) => `${/[.!?…]$/.test(said) ? '' : '.'} It said: ${quoted(text)}`)
    .join('');

/** ". Next step: AWS has now “call”, you wanted “demo”"; undefined where it is not known what AWS has. */
function bothValues({ wish, found, person }: Change, today: Day, whose: string): string | undefined {
  if (!found) return undefined;
  const who = whose === 'your' || whose === 'the' ? 'you' : oneLine(person.name);
  const pair = (label: string, theirs: string, mine: string) =>
    `. ${label[0]?.toUpperCase()}${label.slice(1)}: AWS has now ${theirs}, ${who} wanted ${mine}`;
  if (wish.kind === 'update-lead' && wish.set.status)
    return `${pair('lead status', oneLine(found.status ?? 'nothing'), wish.set.status)}${kept({ wish }, '')}`;
  if (wish.kind !== 'update') return undefined;
  const value = (field: EditableId, text: string | undefined) =>
    text ? valueInWords(field, text, today, 150) : 'nothing';
  return fieldsOf(wish)
    .filter((field) => found[field] !== wish.set[field])
    .map((field) => pair(labelOf(field), value(field, found[field]), value(field, wish.set[field])))
    .join('');
}

/** Whether AWS cannot have seen it yet, so that it can still be rewritten or taken back. */
const isRecallable = ({ state, waitsFor }: Change): boolean =>
  state === 'requested' || (state === 'waiting' && waitsFor !== 'answer');

/** Opens a form with the text that waits; only a next step can be edited, the rest is taken back. */
export const editButton = (change: Change): Button | undefined =>
  isRecallable(change) && change.wish.kind === 'update' && change.wish.set.nextStep !== undefined
    ? { verb: 'waiting', label: 'Edit…', input: { change: change.id, do: 'edit' }, opens: 'form' }
    : undefined;

/** Takes it back before AWS sees it; asks once. The other half of an act goes with it. */
export const cancelButton = (change: Change, label = 'Take back'): Button | undefined =>
  isRecallable(change) && change.after === undefined
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

/**
 * What whoever asked (or sees everything) can do about a conflict. In front on the card, and under the note that tells.
 * @param changes of one deal, newest first.
 */
export function conflictButtons(changes: readonly Change[], actor: Pick<Person, 'id' | 'role'>): Button[] {
  const conflict = conflictOf(changes);
  if (!conflict || !decides(actor, conflict)) return [];
  const { id, wish } = conflict;
  return [
    { verb: 'waiting', label: 'Keep theirs', input: { change: id, do: 'keep' } },
    {
      verb: 'waiting',
      label: 'Put mine',
      input: { change: id, do: 'mine', sure: 'yes' },
      confirm: {
        title: 'Put yours there?',
        text: `It replaces the ${wishInWords(wish)} that AWS has now.`,
        yes: 'Put mine',
        no: 'Leave it',
      },
    },
    ...(wish.kind === 'update' && wish.set.nextStep !== undefined
      ? [
          {
            verb: 'waiting',
            label: 'Edit…',
            input: { change: id, do: 'edit' },
            opens: 'form' as const,
          },
        ]
      : []),
  ];
}

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
  const conflict = conflictOf(changes);
  const toDecide = conflict && decides(actor, conflict) ? conflict : undefined;
  const isSaid = toDecide && onlyOwner && news.includes(toDecide);
  const lines = [
    ...(toDecide && !isSaid ? [told(toDecide, actor, now)] : []),
    ...(onlyOwner ? news.map((change) => told(change, actor, now)) : []),
    ...shown.slice(0, MOST_SHOWN).map((change) => asking(change, actor, now)),
    ...(shown.length > MOST_SHOWN ? [`and ${shown.length - MOST_SHOWN} more`] : []),
  ];
  if (lines.length === 0) return { progress: 'idle' };
  const done = toDecide ? 'problem' : progressOfNews(news);
  return { status: lines.join(' · '), progress: open.length > 0 ? 'working' : done };
}

const PATIENCE_MS = 60_000;
const MOST_SHOWN = 3;

/** An outcome is news for so long; later it is found in the history. */
const NEWS_MS = 7 * 24 * 60 * 60 * 1000;

/** The outcome settled last, and that of the act's first half beside it. Oldest first. */
function newsOf(changes: Change[], now: Date): Change[] {
  const settled = changes.filter(
    ({ settledAt, state }) => !isOpen(state) && settledAt && now.getTime() - Date.parse(settledAt) < NEWS_MS,
  );
  const last = settled[0];
  if (!last) return [];
  const first = settled.find(({ id, wish }) =>
    last.after ? id === last.after : last.wish.kind === 'assign' && wish.kind === 'accept',
  );
  return first ? [first, last] : [last];
}

function progressOfNews(news: Change[]): Progress {
  if (news.some(({ state }) => state === 'refused' || state === 'conflict')) return 'problem';
  return news.some(({ state }) => state === 'confirmed') ? 'done' : 'idle';
}

/** "Accepting… (Ana Silva)", "Waiting: AWS is reviewing this deal (Ana Silva’s next step)". */
function asking(change: Change, actor: Person, now: Date): string {
  const waits = change.state === 'waiting';
  const by = waits ? `${whoseOf(change, actor)} ${wishInWords(change.wish)}` : oneLine(change.person.name);
  return change.wish.kind === 'assign' && !waits ? doing(change, now) : `${doing(change, now)} (${by})`;
}

/** "AWS confirmed your next step, 14:05". */
function told(change: Change, actor: Person, now: Date): string {
  const when = change.settledAt ? `, ${plainMoment(change.settledAt, now, actor.timeZone)}` : '';
  const whose = change.wish.kind === 'assign' ? 'the' : whoseOf(change, actor);
  return `${outcome(change, dayIn(now, actor.timeZone), whose)}${when}`;
}

const whoseOf = ({ person }: Change, actor: Person): string =>
  person.id === actor.id ? 'your' : `${oneLine(person.name)}’s`;
