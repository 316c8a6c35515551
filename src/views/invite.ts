/** Inviting colleagues: who may be, what is said to them, what came of it. */
import { count, dayIn, plainDay } from '../pipeline/calendar.ts';
import { AGAIN_DAYS, NO_DAYS } from '../pipeline/invitation.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import { mayManage } from '../pipeline/roster.ts';
import { oneLine } from '../pipeline/text.ts';
import { namesInWords, nobodyCalled, personName, personOptions } from './people.ts';
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

/** Whose clock days are said by. */
interface Reading {
  now: Date;
  timeZone: string;
}

/** Whom? @param error what was wrong with those who were named. */
export function inviteForm({ free, ...others }: Sorted, at: Reading, error?: string): Form | Note {
  if (free.length === 0) return nobodyLeft({ free, ...others }, at, error);
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
        source: 'invitable',
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
export function everybodyForm(
  sorted: Sorted,
  { most, hasGrown, ...at }: Reading & { most: number; hasGrown: boolean },
): Form | Note {
  const { free } = sorted;
  if (free.length === 0) return nobodyLeft(sorted, at);
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

/** @param error what was wrong with those who were named: then that is the answer. */
function nobodyLeft({ invited, declined }: Sorted, at: Reading, error?: string): Note {
  const nobody = 'There is nobody to invite: everybody on the roster uses ace-desk, or was asked.';
  const left = [
    ...(invited.length > 0
      ? [`Invited in the last ${AGAIN_DAYS} days: ${few(datedNames(invited, at))}.`]
      : []),
    ...(declined.length > 0
      ? [`Said no in the last ${NO_DAYS} days: ${few(datedNames(declined, at))}.`]
      : []),
  ];
  return error ? problem(error, [nobody, ...left]) : note(nobody, left);
}

const datedNames = (some: readonly LeftOut[], { now, timeZone }: Reading): string[] =>
  some.map(
    ({ person, again }) =>
      `${personName(person)} (again from ${plainDay(dayIn(again, timeZone), dayIn(now, timeZone))})`,
  );

/** Beside a name that no message reaches in chat: how somebody gets there. @param name of one; absent: of several. */
export const inviteHint = (reader: Pick<Person, 'role'>, name?: string): string =>
  mayManage(reader)
    ? `“invite ${name ?? '<people>'}” asks ${name ? 'them' : 'these'} to come.`
    : `Your alliance lead can ask ${name ? 'them' : 'these'} to come, with “invite”.`;

/** Said of a name that is not on the roster, to whoever keeps it. @param said the name or e-mail. */
export const notOnRoster = (said: string): string =>
  `${nobodyCalled(said)} “people grant ${isEmail(said) ? oneLine(said).trim() : '<e-mail>'}: ACE user” puts them on the roster first.`;

const isEmail = (said: string): boolean => said.length < 100 && /^[^\s@“”:]+@[^\s@“”:]+$/.test(said.trim());

interface Others extends Omit<Sorted, 'free'> {
  /** Somebody else was faster, or they came, or said no, at that very moment. */
  late: readonly Person[];
  /** Of those invited: an e-mail alone does not let them in. */
  codes: readonly Person[];
}

/** Who was invited, and who not and why. */
export function invitedNote(
  invited: readonly Person[],
  { uses, invited: before, declined, late, codes }: Others,
  at: Reading,
): Note {
  const left = [
    ...(uses.length > 0 ? [`Left out, as they use it already: ${few(uses.map(personName))}.`] : []),
    ...(before.length > 0
      ? [`Left out, as they were invited in the last ${AGAIN_DAYS} days: ${few(datedNames(before, at))}.`]
      : []),
    ...(declined.length > 0
      ? [`Left out, as they said no in the last ${NO_DAYS} days: ${few(datedNames(declined, at))}.`]
      : []),
    ...(late.length > 0
      ? [
          `Left out, as they came, answered, or were invited by somebody else a moment ago: ${few(late.map(personName))}.`,
        ]
      : []),
  ];
  if (invited.length === 0) return problem('Nobody was invited.', left);
  return done(`Invited: ${few(invited.map(personName))}.`, [
    `${invited.length === 1 ? 'They get' : 'Each gets'} one private message, in their working hours. You hear who could not be found.`,
    ...(codes.length > 0
      ? [
          `Asked for a one-time code before their yes counts: ${few(codes.map(personName))}. Whoever runs ace-desk gets it with npm run link -- <e-mail>.`,
        ]
      : []),
    ...left,
  ]);
}

const MOST_NAMES = 10;

const few = (names: readonly string[]): string =>
  names.length > MOST_NAMES
    ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
    : namesInWords(names);

/** To who has never come: who asks, and what this is. Whoever has their address may read it. `needsCode`: to say yes. */
export const invitationNote = (by: string, needsCode: boolean): Note => ({
  ...note(`${by} invites you to ace-desk.`, [
    'It tells you here what your deals with AWS need, and when a referral is about to be lost.',
    'You accept, write the next step and change the stage here; Partner Central keeps the record.',
    'With a yes your digest comes on your working days, where there is something in it; “schedule off” ends it.',
    'You are then also told what happens to your deals, as it happens; “notify off” ends that.',
    ...(needsCode ? ['You are asked for a one-time code first: whoever runs ace-desk gives it to you.'] : []),
    'Nothing of deals is in this message. You get nothing more unless you say yes.',
  ]),
  buttons: [
    { verb: 'invite', label: 'Yes, send my digest', style: 'primary', input: { do: 'accept' } },
    { verb: 'invite', label: 'No, thanks', input: { do: 'decline' } },
  ],
});

/** To whoever invited: these were not found, or for days nothing could be sent to them. */
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
    '“schedule” changes it, “schedule off” ends it.',
    'What happens to your deals you are told as it happens; “notify off” ends that.',
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
