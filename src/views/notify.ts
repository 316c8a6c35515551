/** What somebody is told as it happens, and when they are left alone. */

import type { DigestSection } from '../pipeline/digest.ts';
import { type Hearing, NEWS, NEWS_KINDS, type NewsKind, type QuietHours } from '../pipeline/news.ts';
import { sectionCalled } from '../pipeline/schedule.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { type Button, done, type Form, type Note, note, problem } from './view.ts';

/** Steps of the acceptance clock after an arrival (pipeline/escalation.ts). */
const WARNING =
  'the warning that a referral or lead waits for you and its time runs short (no switch ends it: unanswered, it is lost)';

const DIGEST = 'your digest (“schedule off” ends it)';
const OTHERS =
  'what colleagues ask of you (such as a nudge, a desk to cover), what you wanted to be reminded of (“my reminders”)';

/** What comes by itself whatever is switched off here. */
const whatElse = (hasDigest: boolean): string =>
  `${[...(hasDigest ? [DIGEST] : []), OTHERS].join(', ')}, and ${WARNING}`;

/** Every kind with its switch, and the hours between which nobody is disturbed. */
export const notifyForm = ({ off, from, until }: Hearing, hasDigest: boolean): Form => ({
  kind: 'form',
  verb: 'notify',
  title: 'What you are told',
  submit: 'Save',
  intro: [
    'Each as a private message, soon after it happens; several within minutes become one. Never what you did yourself.',
    `Not among these: ${whatElse(hasDigest)}.`,
  ],
  fields: [
    {
      id: 'told',
      kind: 'choices',
      label: 'Tell me when',
      hint: 'None of them: no such messages at all.',
      optional: true,
      options: NEWS_KINDS.map((kind) => ({ value: kind, label: capital(NEWS[kind]) })),
      value: NEWS_KINDS.filter((kind) => !off.includes(kind)).join(','),
    },
    {
      id: 'from',
      kind: 'choice',
      label: 'Quiet from',
      hint: 'By your own clock. What happens then waits for your morning.',
      options: HOURS,
      value: `${from}`,
    },
    {
      id: 'until',
      kind: 'choice',
      label: 'Quiet until',
      hint: 'The same hour twice: never quiet.',
      options: HOURS,
      value: `${until}`,
    },
  ],
  input: { do: 'save' },
});

const clock = (hour: number): string => `${`${hour}`.padStart(2, '0')}:00`;
const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: `${hour}`, label: clock(hour) }));
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What was switched, and what is off since then. */
export interface Switched {
  off: readonly NewsKind[];
  on: readonly NewsKind[];
  nowOff: readonly NewsKind[];
  /** Their digest is not off. */
  hasDigest: boolean;
  hours?: QuietHours;
}

/** In a sentence for each, with a way back to what it was, and to nothing else. */
export function switchedNote({ off, on, nowOff, hasDigest, hours }: Switched): Note {
  const undo: Record<string, string> = {
    ...(off.length > 0 ? { on: off.join(',') } : {}),
    ...(on.length > 0 ? { off: on.join(',') } : {}),
  };
  const [first = 'Nothing was changed: it is set so already.', ...lines] = [
    ...sentences('You are no longer told', off, isAll(nowOff)),
    ...sentences('You are told', on, nowOff.length === 0),
    ...(hours ? [hoursInWords(hours)] : []),
  ];
  if (off.length + on.length === 0) return done(first, lines.length > 0 ? lines : undefined);
  const typed = off.length > 0 ? `“notify with ${named(off)}”` : `“notify without ${named(on)}”`;
  const said = [
    ...lines,
    ...(off.length > 0 ? goesOn(off, nowOff, hasDigest) : []),
    `${typed} takes it back.`,
  ];
  return { ...done(first, said), buttons: [undoButton(undo), ALL] };
}

/** What comes all the same: a digest has sections of the same name. */
function goesOn(off: readonly NewsKind[], nowOff: readonly NewsKind[], hasDigest: boolean): string[] {
  if (isAll(nowOff)) return [`What goes on: ${whatElse(hasDigest)}.`];
  if (!hasDigest) return [];
  return off.flatMap((kind) => {
    const section = sectionCalled(kind)?.replaceAll('-', ' ');
    return section
      ? [`Your digest lists “${section}” all the same: “schedule without ${section}” leaves it out.`]
      : [];
  });
}

const undoButton = (input: Record<string, string>): Button => ({ verb: 'notify', label: 'Undo', input });
const ALL: Button = { verb: 'notify', label: 'What you are told…', input: {}, opens: 'form' };

const isAll = (kinds: readonly NewsKind[]): boolean => kinds.length === NEWS_KINDS.length;
const named = (kinds: readonly NewsKind[]): string => (isAll(kinds) ? 'all' : kinds.join(', '));

/** @param isWhole that was the rest of them. */
function sentences(so: string, kinds: readonly NewsKind[], isWhole: boolean): string[] {
  if (kinds.length === 0) return [];
  if (isWhole && kinds.length > 1) return [`${so} what happens to your deals.`];
  return [`${so} when ${kinds.map((kind) => NEWS[kind]).join('; when ')}.`];
}

const hoursInWords = ({ from, until }: QuietHours): string =>
  from === until ? 'No hour is quiet.' : `Quiet from ${clock(from)} to ${clock(until)}, by your own clock.`;

/** Where there is no form: all of it in words. */
export function hearingNote({ off, from, until }: Hearing): Note {
  const line = (kind: NewsKind) => `${off.includes(kind) ? 'off' : 'on'}: ${kind} (${NEWS[kind]})`;
  return {
    ...note('What you are told as it happens', [
      ...NEWS_KINDS.map(line),
      hoursInWords({ from, until }),
      '“notify without approved” switches one off, “notify with approved” on again; “notify off”, “notify on” all of them.',
    ]),
    buttons: [ALL],
  };
}

/** Words that name no kind; they may be meant for the digest. */
export function noSuchKind(said: string): Note {
  const called = oneLine(said).replace(/^(?:my|the)\s+|[\s.!?]+$/gi, '');
  const section = sectionCalled(called);
  const refusal = problem(`I know nothing to tell called “${cut(called, 60)}”, so nothing was changed.`, [
    ...(section ? [`“schedule without ${section.replaceAll('-', ' ')}” leaves it out of your digest.`] : []),
    ...(isDigest(called)
      ? ['“schedule off” ends your digest, “schedule pause until Monday” pauses it.']
      : []),
    `There is: ${NEWS_KINDS.join(', ')}; or “all”.`,
  ]);
  if (section) return { ...refusal, buttons: [leaveOut(section)] };
  return isDigest(called) ? { ...refusal, buttons: [NO_DIGEST] } : refusal;
}

const isDigest = (said: string): boolean => /^(?:daily\s+)?digests?$/i.test(said);
const leaveOut = (section: DigestSection): Button => ({
  verb: 'schedule',
  label: 'Leave it out',
  input: { do: 'without', section },
});
const NO_DIGEST: Button = { verb: 'schedule', label: 'No digest', input: { do: 'off' } };
const NO_NEWS: Button = {
  verb: 'notify',
  label: 'No more events',
  input: { off: NEWS_KINDS.join(',') },
};

/** To “stop”: all that comes by itself and can be ended, each with its switch. Nothing is changed by it. */
export const stopNote = (hasDigest: boolean): Note => ({
  ...note('What is to stop? Nothing was changed yet.', [
    ...(hasDigest ? ['The digest: “schedule off”; for some time: “schedule pause until Monday”.'] : []),
    'What happens to your deals: “notify off”; for some hours: “notify quiet 18 to 9”.',
    `What goes on: ${whatElse(false)}.`,
  ]),
  buttons: [...(hasDigest ? [NO_DIGEST] : []), NO_NEWS, ALL],
});

export const noSuchHours = (): Note =>
  problem(
    'Hours go from 0 to 23, such as “notify quiet 19 to 8”; “notify quiet never” for no such hours. Nothing was changed.',
  );
