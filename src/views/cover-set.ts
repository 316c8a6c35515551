/** What whoever set a cover is told: what goes where, who was told of it, and whom they have to tell themselves. */
import { plainDay } from '../pipeline/calendar.ts';
import type { Cover } from '../pipeline/cover.ts';
import type { Person } from '../pipeline/person.ts';
import { type CoverDigest, type CoverNames, coverInWords, endButton } from './cover.ts';
import { done, type Note } from './view.ts';

/** Beside the cover itself. `seen`: how many of the open deals the cover sees as it is. */
export interface CoverFound {
  seen: number;
  /** Those whom whoever is away was to cover in these days. */
  gaps: readonly { name: string; isTold: boolean }[];
  /** Whether a message finds whoever is away. */
  isAwayTold: boolean;
  /** Absent where no chat is connected: nobody's digest comes by itself, and nobody is told. */
  digest?: CoverDigest;
}

/** What the reader who set it is told. */
export function coverSet(
  cover: Cover,
  names: CoverNames,
  reader: Pick<Person, 'id'>,
  found: CoverFound,
): Note {
  const { seen, gaps, isAwayTold, digest } = found;
  const isMine = cover.personId === reader.id;
  const isCover = cover.coverId === reader.id;
  const [whose, to] = [isMine ? 'your' : 'their', isCover ? 'you' : names.cover];
  const sees = isCover ? 'You see what your role lets you' : `${names.cover} sees what their role lets them`;
  const lines = [
    `${isMine ? 'Your' : 'Their'} ${goesInWords(to, digest)}.${isCover || !digest ? '' : ' They were told and can refuse.'}`,
    ...staysInWords(names, { isMine, isCover }, digest),
    `${sees} see: ${seen} of ${whose} open deals. Handing deals over is “hand-over”.`,
    ...(isMine || isCover || !isAwayTold ? [] : [`${names.away} is told.`]),
    ...gaps.map(
      ({ name, isTold }) =>
        `${name} counts on ${isMine ? 'you' : names.away} in these days${isTold ? ', and is told' : ''}.`,
    ),
    ...untoldInWords(names, { isMine, isCover }, found),
  ];
  return { ...done(coverInWords(cover, names, reader), lines), buttons: [endButton(cover)] };
}

/** Whom no message finds: the reader tells them. */
function untoldInWords(
  { away, cover }: CoverNames,
  { isMine, isCover }: { isMine: boolean; isCover: boolean },
  { gaps, isAwayTold, digest }: CoverFound,
): string[] {
  const untold = [
    ...(isCover || digest ? [] : [cover]),
    ...(isMine || isAwayTold ? [] : [away]),
    ...gaps.flatMap(({ name, isTold }) => (isTold ? [] : [name])),
  ];
  if (untold.length === 0) return [];
  const names = ALL.format(new Set(untold));
  if (!digest) return [`No chat is connected: tell ${names} yourself.`];
  return [`No message of ours finds ${names} in chat: tell them yourself.`];
}

const ALL = new Intl.ListFormat('en');

function goesInWords(to: string, digest?: CoverDigest): string {
  if (digest?.is === 'comes') return `offers, acceptance clock and digest go to ${to}`;
  return `offers and acceptance clock go to ${to}${digest ? '' : ', and the digest where they have one'}`;
}

/** The digest of whoever is away goes on coming to them where the cover's own does not come. */
function staysInWords(
  { away, cover, today }: CoverNames,
  { isMine, isCover }: { isMine: boolean; isCover: boolean },
  digest?: CoverDigest,
): string[] {
  if (!digest || digest.is === 'comes') return [];
  const why =
    digest.is === 'paused' ? `is paused until ${plainDay(digest.until, today)}` : NOT_COMING[digest.is];
  const stays = isMine ? 'Your digest stays with you' : `${away}’s digest stays with them`;
  return [`${stays}: ${isCover ? 'yours' : `${cover}’s`} ${why}.`];
}

const NOT_COMING = { off: 'is switched off', gone: 'has no place in chat any more' };
