/** When somebody looks at a deal again: the form, and how it is said. */
import { plainMoment } from '../pipeline/calendar.ts';
import type { Deal, Moment } from '../pipeline/deal.ts';
import { deadlineOf, momentsFor } from '../pipeline/reminder.ts';
import { cut, oneLine, weekdayHint } from '../pipeline/text.ts';
import type { About } from './deal.ts';
import type { Reader } from './lines.ts';
import type { Lines } from './list.ts';
import { nameOf, stateInWords } from './terms.ts';
import { type Button, type Card, type Form, type Item, type List, type Note, note } from './view.ts';

export interface ReminderDraft {
  now: Date;
  timeZone: string;
  /** As it is set by now. */
  set?: Moment;
  /** What was said, and what is wrong with it. */
  day?: string;
  errors?: Record<string, string>;
}

/** Asks when. Nothing past the deal's deadline is offered. */
export function remindForm(deal: Deal, { now, timeZone, set, day, errors }: ReminderDraft): Form {
  const deadline = deadlineOf(deal, now);
  const when = (at: Moment) => plainMoment(at, now, timeZone);
  const options = momentsFor(deal, now, timeZone).map(({ at, called }) => ({
    value: at,
    label: `${called}, ${when(at)}`,
  }));
  const never: Button = { verb: 'remind', label: 'No reminder', input: { id: deal.id, when: 'never' } };
  return {
    kind: 'form',
    verb: 'remind',
    title: 'Remind me',
    submit: 'Remind me',
    intro: [
      nameOf(deal),
      ...(set ? [`You look at it again ${when(set)}; what you choose takes its place.`] : []),
      ...(deadline ? [`Its time is over ${when(deadline)}: a reminder comes before that.`] : []),
      'Until then it is out of your digest, its clock and your sprint, unless somebody asks you for a word on it. Colleagues see on its card that you look at it again.',
    ],
    fields: [
      // A choice needs options.
      ...(options.length > 0
        ? [{ id: 'when', kind: 'choice' as const, label: 'When', optional: true, options }]
        : []),
      {
        id: 'day',
        kind: 'date',
        label: 'Or on a day',
        hint: 'At 09:00 your time.',
        optional: true,
        ...(day ? { value: day } : {}),
      },
    ],
    input: { id: deal.id, shown: 'yes' },
    ...(set ? { others: [never] } : {}),
    ...(errors ? { errors } : {}),
  };
}

/** "You look at it again Thu 26 Nov 14:00", "Ana Silva looks at it again 14:00": their reader's clock; at most three. */
export function remindersInWords({ reminders = [], actor, now }: About): string[] {
  const mine = reminders.filter(({ personId }) => personId === actor.id);
  const others = reminders.filter(({ personId }) => personId !== actor.id);
  return [...mine, ...others].slice(0, MOST).map(({ personId, name, at }) => {
    const who = personId === actor.id ? 'You look' : `${oneLine(name) || 'A colleague'} looks`;
    return `${who} at it again ${plainMoment(at, now, actor.timeZone)}`;
  });
}

const MOST = 3;

/** The deal's card when its time has come, with a way to put it off once more. */
export function remindedCard(card: Card, id: string, setOn: string): Card {
  const later: Button = { verb: 'remind', label: 'Later…', input: { id }, opens: 'form' };
  const [first, second, ...others] = card.buttons;
  const why = `You wanted to be reminded (set ${setOn})`;
  return {
    ...card,
    subtitle: card.subtitle ? `${why} · ${card.subtitle}` : why,
    buttons: [first, second, later].filter((it) => it !== undefined),
    more: [...others, ...(card.more ?? []).filter(({ verb }) => verb !== 'remind')],
  };
}

/** What came of it before its time had come: one line. */
export const overNote = (deal: Deal, what: string): Note =>
  note(`You wanted to be reminded of ${nameOf(deal)}: ${what}.`);

/** All that its reader looks at again, the next first. `at`: when, by the deal's id. */
export const remindersList = (
  { lines, total, capped, at }: Lines & { at: ReadonlyMap<string, Date> },
  { actor, now }: Reader,
): List => ({
  kind: 'list',
  title: 'What you put off',
  sections:
    lines.length > 0
      ? [
          {
            title: 'The next first',
            items: lines.map(({ deal }) => againItem(deal, at.get(deal.id), { actor, now })),
            total,
            ...(capped ? { capped } : {}),
          },
        ]
      : [],
  empty: 'You have put off nothing.',
  ...(lines.length > 0 ? { footer: MOVED } : {}),
});

const MOVED = '“snooze 1 until Monday” moves the first of them, “unsnooze 1” takes it away.';

const againItem = (deal: Deal, at: Date | undefined, { actor, now }: Reader): Item => ({
  id: deal.id,
  title: nameOf(deal),
  detail: [
    ...(at ? [`again ${plainMoment(at.toISOString(), now, actor.timeZone)}`] : []),
    stateInWords(deal),
  ].join(' · '),
  button: { verb: 'remind', label: 'Change…', input: { id: deal.id }, opens: 'form' },
});

/** It is no moment that we know. */
export const unknownMoment = (said: string): string =>
  `I do not know the time “${cut(oneLine(said), 80)}”${weekdayHint(said)} Say it like “Thursday”, “tomorrow 14:00”, “in two hours” or “2026-12-01”; “never” takes a reminder away.`;
