/** Inviting colleagues: who may be, what is said to them, what came of it. */
import { count, dayIn, plainDay } from '../pipeline/calendar.ts';
import { AGAIN_DAYS, NO_DAYS } from '../pipeline/invitation.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import { namesInWords, personName, personOptions } from './people.ts';
import { withAddress } from './roster.ts';
import { type Button, done, type Form, type Note, note, problem } from './view.ts';

/** Sorted by what keeps them from being invited now. `again`: from when on they may be. */
export interface Sorted {
  free: readonly Person[];
  uses: readonly Person[];
  invited: readonly LeftOut[];
  declined: readonly LeftOut[];
}
export interface LeftOut {
  person: Person;
  again: Date;
}

const EVERYBODY: Button = {
  ...{ verb: 'invite', label: 'Everybody…', input: { do: 'everybody' }, opens: 'form' },
};

/** Whom? @param error what was wrong with those who were named. */
export function inviteForm({ free, ...others }: Sorted, error?: string): Form | Note {
  if (free.length === 0) return nobodyLeft({ free, ...others });
  return {
    kind: 'form',
    verb: 'invite',
    title: 'Invite to ace-desk',
    submit: 'Invite',
    intro: ['These are on the roster and have never used it in chat.', WHAT_THEY_GET],
    fields: [
      {
        id: 'people',
        kind: 'choices',
        label: 'Whom',
        options: personOptions(free),
        source: 'colleagues',
      },
    ],
    input: {},
    ...(free.length > 1 ? { others: [EVERYBODY] } : {}),
    ...(error ? { errors: { people: error } } : {}),
  };
}

const WHAT_THEY_GET =
  'Each gets one private message, in their working hours, where Slack or Teams knows their address. Nothing of deals is in it.';

/** Counts before it asks everybody. `most`: so many at once. */
export function everybodyForm(sorted: Sorted, most: number, hasGrown: boolean): Form | Note {
  const { free } = sorted;
  if (free.length === 0) return nobodyLeft(sorted);
  return {
    kind: 'form',
    verb: 'invite',
    title: 'Invite everybody',
    submit: 'Invite them',
    intro: [
      ...(hasGrown ? ['There are more of them by now, so nobody was invited yet.'] : []),
      `${count(free.length, 'person').replace('persons', 'people')} on the roster ${free.length === 1 ? 'has' : 'have'} not used ace-desk in chat.`,
      ...leftOutCounted(sorted),
      ...(free.length > most ? [`The first ${most} are invited now; say it again for the others.`] : []),
      WHAT_THEY_GET,
    ],
    fields: [],
    input: { do: 'everybody', shown: String(free.length), sure: 'yes' },
  };
}

const leftOutCounted = ({ invited, declined }: Sorted): string[] => [
  ...(invited.length > 0
    ? [
        `${invited.length} more ${invited.length === 1 ? 'was' : 'were'} invited in the last ${AGAIN_DAYS} days and ${are(invited)} left out.`,
      ]
    : []),
  ...(declined.length > 0
    ? [`${declined.length} said no in the last ${NO_DAYS} days and ${are(declined)} left out.`]
    : []),
];

const are = ({ length }: { length: number }): string => (length === 1 ? 'is' : 'are');

const nobodyLeft = (sorted: Sorted): Note =>
  note('There is nobody to invite: everybody on the roster uses ace-desk, or was asked.', [
    ...leftOutCounted(sorted),
  ]);

/** Who was invited, and who not and why. `late`: somebody else was faster, or they came at that very moment. */
export function invitedNote(
  invited: readonly Person[],
  { uses, invited: before, declined, late }: Omit<Sorted, 'free'> & { late: readonly Person[] },
  { now, timeZone }: { now: Date; timeZone: string },
): Note {
  const dated = ({ person, again }: LeftOut) =>
    `${personName(person)} (again from ${plainDay(dayIn(again, timeZone), dayIn(now, timeZone))})`;
  const left = [
    ...(uses.length > 0 ? [`Left out, as they use it already: ${few(uses.map(personName))}.`] : []),
    ...(before.length > 0
      ? [`Left out, as they were invited in the last ${AGAIN_DAYS} days: ${few(before.map(dated))}.`]
      : []),
    ...(declined.length > 0
      ? [`Left out, as they said no in the last ${NO_DAYS} days: ${few(declined.map(dated))}.`]
      : []),
    ...(late.length > 0
      ? [`Left out, as they came, or somebody else invited them, a moment ago: ${few(late.map(personName))}.`]
      : []),
  ];
  if (invited.length === 0) return problem('Nobody was invited.', left);
  return done(`Invited: ${few(invited.map(personName))}.`, [
    `${invited.length === 1 ? 'They get' : 'Each gets'} one private message, in their working hours. You hear who could not be found.`,
    ...left,
  ]);
}

const MOST_NAMES = 10;

const few = (names: readonly string[]): string =>
  names.length > MOST_NAMES
    ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
    : namesInWords(names);

/** To who has never come: who asks, and what this is. Whoever has their address may read it. */
export const invitationNote = (by: string): Note => ({
  ...note(`${by} invites you to ace-desk.`, [
    'It tells you here what your deals with AWS need, and when a referral is about to be lost.',
    'You accept, write the next step and change the stage here; Partner Central keeps the record.',
    'The digest comes on your working days, where there is something in it, and ends with one word.',
    'Nothing of deals is in this message. You get nothing more unless you say yes.',
  ]),
  buttons: [
    { verb: 'invite', label: 'Yes, send my digest', style: 'primary', input: { do: 'accept' } },
    { verb: 'invite', label: 'No, thanks', input: { do: 'decline' } },
  ],
});

/** To whoever invited: of these nobody knows the address. */
export const inVainNote = (missed: readonly Colleague[]): Note =>
  problem(`I could not find ${few(missed.map((it) => withAddress(it)))}, so nothing was sent to them.`, [
    'In Slack their profile needs that address, confirmed; in Teams the app has to be installed for them.',
    '“people edit <name>” changes an address. You may invite them again at once.',
  ]);

/** After a yes: `schedule` says when their digest comes. */
export const welcomeNote = (schedule: Note): Note => ({
  ...schedule,
  lines: [
    ...(schedule.lines ?? []),
    '“schedule” changes it, “schedule off” ends it. “notify” is about what you are told as it happens.',
  ],
  buttons: [
    { verb: 'desk', label: 'My desk', input: {}, style: 'primary' },
    { verb: 'schedule', label: 'Schedule…', input: {}, opens: 'form' },
  ],
});

export const declinedNote = (): Note =>
  done(`Noted. You get nothing more, and nobody can invite you for ${NO_DAYS} days.`, [
    'If you change your mind, say “desk” here.',
  ]);

/** To who says no and is in already. */
export const usesAlready = (): Note =>
  note('You use ace-desk already, so nothing was changed.', [
    '“schedule off” ends your digest, “stop” shows what else comes by itself.',
  ]);

export const noInvitation = (): Note => note('There is no invitation for you, so nothing was changed.');

export const noChatOpen = (): Note =>
  problem('Neither Slack nor Teams is connected, so nobody can be invited. Nothing was sent.');

export const termsFirst = (): Note => ({
  ...problem('First confirm that the ACE terms and conditions were accepted. Nobody was invited.'),
  buttons: [{ verb: 'people', label: 'Confirm ACE terms…', input: { do: 'terms' }, opens: 'form' }],
});
