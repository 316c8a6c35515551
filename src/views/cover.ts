/** Who looks after whose desk, and from when to when: the answers, and what whom it concerns is told. */
import { addDays, plainDay } from '../pipeline/calendar.ts';
import type { Cover } from '../pipeline/cover.ts';
import type { Day, Deal } from '../pipeline/deal.ts';
import type { Person } from '../pipeline/person.ts';
import { inviteHint } from './invite.ts';
import { nameOf } from './terms.ts';
import { type Button, done, type Note, note } from './view.ts';

/** Names as they are shown; `today`: the day of whoever is away. */
export interface CoverNames {
  away: string;
  cover: string;
  by: string;
  today: Day;
}

/** Ends this cover, and no other that has come in its place. */
export const endButton = ({ id, personId }: Pick<Cover, 'id' | 'personId'>): Button => ({
  verb: 'cover',
  label: 'End the cover',
  input: { do: 'off', whose: personId, cover: id },
});

/** By the cover, before or while it stands. */
export const refuseButton = ({ id }: Pick<Cover, 'id'>, away: string): Button => ({
  verb: 'cover',
  label: `Refuse to cover ${away}`,
  input: { do: 'refuse', cover: id },
});

const chooseButton = (personId: string): Button => ({
  verb: 'cover',
  label: 'Choose a colleague…',
  input: { whose: personId },
  opens: 'form',
});

/** Of one that stands. */
const changeButton = (personId: string): Button => ({ ...chooseButton(personId), label: 'Change…' });

/** "from today until Fri 5 Dec", "from Mon 1 Dec until Fri 5 Dec". */
export const daysInWords = ({ from, until }: Pick<Cover, 'from' | 'until'>, today: Day): string =>
  `from ${from <= today ? 'today' : plainDay(from, today)} until ${plainDay(until, today)}`;

/** "until Fri 5 Dec", "from Mon 1 Dec until Fri 5 Dec". */
export const whenInWords = (days: Pick<Cover, 'from' | 'until'>, today: Day): string =>
  days.from <= today ? `until ${plainDay(days.until, today)}` : daysInWords(days, today);

/** "Tom Keller covers your desk until Fri 5 Dec.", for the reader, who may be either of both. */
export function coverInWords(
  cover: Cover,
  { away, cover: name, today }: CoverNames,
  reader: Pick<Person, 'id'>,
): string {
  const when = whenInWords(cover, today);
  const isReader = cover.coverId === reader.id;
  const whose = cover.personId === reader.id ? 'your' : `${away}’s`;
  return `${isReader ? 'You cover' : `${name} covers`} ${whose} desk ${when}.`;
}

/** To whoever chose a colleague who is in no chat; what to do. */
export const unheard = (name: string, actor: Pick<Person, 'role'>): string =>
  `Nothing would reach ${name}, whom ace-desk does not know in chat yet. Once they have come there, and confirmed who they are where it asks, say it again; or choose somebody else. ${inviteHint(actor, name)}`;

/**
 * Of the digest of whoever is away. comes: with the cover's own. off, paused, gone: the cover's does not come, so whoever is
 * away keeps theirs (`planDigests` of bot/digests.ts); gone: its place in chat is gone.
 */
export type CoverDigest = { is: 'comes' | 'off' | 'gone' } | { is: 'paused'; until: Day };

export const coverEnded = (names: CoverNames, isMine: boolean): Note =>
  done(`${names.cover} no longer covers ${isMine ? 'your' : `${names.away}’s`} desk.`, [
    'What came to them with it is offered to them no more.',
  ]);

/** A button of a cover that is over, where another stands by now. */
export const otherCover = (cover: Cover, names: CoverNames, reader: Pick<Person, 'id'>): Note => ({
  ...note(`That cover is over already. Nothing was changed: ${coverInWords(cover, names, reader)}`),
  buttons: [endButton(cover)],
});

/** By the cover. @param isTold whether a message finds whoever is away. */
export const coverRefused = (away: string, isTold: boolean): Note =>
  done(
    `You do not cover ${away}’s desk. ${isTold ? `${away} is told.` : `No message of ours finds ${away} now: tell them yourself.`}`,
  );

/** To whoever asks who covers a desk, and may end or change it. */
export const standingNote = (cover: Cover, names: CoverNames, reader: Pick<Person, 'id'>): Note => ({
  ...note(coverInWords(cover, names, reader)),
  buttons: [endButton(cover), changeButton(cover.personId)],
});

/** To whoever asks who covers a desk, and may set it. @param whose absent: the reader's own. */
export const nobodyNote = (personId: string, whose: string | undefined, today: Day): Note => ({
  ...note(`Nobody covers ${whose ? `${whose}’s` : 'your'} desk.`, [
    `“cover ${whose ? `${whose}’s desk ` : ''}until ${plainDay(addDays(today, 7), today)}: <who covers it>” sets one.`,
  ]),
  buttons: [chooseButton(personId)],
});

export const noCover = (whose?: string): Note =>
  note(`Nobody covers ${whose ? `${whose}’s` : 'your'} desk. Nothing was changed.`);

/** To the cover: what comes to them, and a way to say no. */
export function askedNote(
  cover: Cover,
  { away, by, today }: CoverNames,
  { seen, isTheirs }: { seen: number; isTheirs: boolean },
): Note {
  return {
    ...note(
      `${away} is away ${daysInWords(cover, today)}: their offers and acceptance clock come to you, and their digest where you have one.`,
      [
        `You see what your role lets you see: ${seen} of their open deals.`,
        ...(isTheirs ? [] : [`${by} set it up.`]),
      ],
    ),
    buttons: [{ ...refuseButton(cover, away), label: 'I cannot' }],
  };
}

/** To the cover, on the first day. */
export function begunNote(cover: Cover, { away, today }: CoverNames, deals: readonly Deal[]): Note {
  const offered = deals.length > 0 ? ['Offered to you as well from now on:'] : [];
  return {
    ...note(`From today you look after ${away}’s desk, until ${plainDay(cover.until, today)}.`, [
      ...offered,
      ...deals.slice(0, MOST_NAMED).map((deal) => `· ${nameOf(deal)}`),
      ...(deals.length > MOST_NAMED ? [`and ${deals.length - MOST_NAMED} more`] : []),
    ]),
    ...(deals.length > 0
      ? { buttons: [{ verb: 'list', label: 'All pending', input: { view: 'pending' } }] }
      : {}),
  };
}
const MOST_NAMED = 10;

/** To whoever is away. */
export const setNote = (cover: Cover, names: CoverNames, reader: Pick<Person, 'id'>): Note => ({
  ...note(`${names.by} set it up: ${coverInWords(cover, names, reader)}`, [
    'Your offers and acceptance clock go to them, and your digest where they have one.',
  ]),
  buttons: [endButton(cover)],
});

/** To whoever is away, or whoever set it up for them. */
export const refusedNote = (cover: Cover, { away, cover: name }: CoverNames, isMine: boolean): Note => ({
  ...note(`${name} cannot cover ${isMine ? 'your' : `${away}’s`} desk, so nobody does now.`),
  buttons: [chooseButton(cover.personId)],
});

/** To whomever of both did not end it. */
export const endedNote = ({ away, cover, by }: CoverNames, isMine: boolean): Note =>
  note(
    isMine
      ? `${by} ended it: ${cover} no longer covers your desk.`
      : `${by} ended it: you no longer cover ${by === away ? 'their' : `${away}’s`} desk. What came to you with it is offered to you no more.`,
  );

/** To whoever is away: nobody looks after their desk for some of the time. */
export const gapNote = (cover: Cover, { cover: name, today }: CoverNames): Note => ({
  ...note(`${name}, who covers your desk, is away too, ${daysInWords(cover, today)}.`, [
    'In these days what comes to your desk comes to you again, unless you choose somebody else.',
  ]),
  buttons: [chooseButton(cover.personId)],
});
