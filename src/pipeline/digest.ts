/** What a digest says, of what, and when something is said once a week. */
import { SECTION_IDS, type SectionId } from './attention.ts';
import { addDays, daysBetween } from './calendar.ts';
import type { Day } from './deal.ts';

/** What a person flagged is their own mark: nobody sends them that. */
export type DigestSection = Exclude<SectionId, 'flagged'>;

/** In the order in which things are lost. */
export const DIGEST_SECTIONS: readonly DigestSection[] = SECTION_IDS.filter((id) => id !== 'flagged');

/** Of the deals of whoever reports to the reader only these are shown: a word is wanted, or something is lost. */
export const WORD_SECTIONS = [
  'pending',
  'action-required',
  'launch-pending',
  'closing',
  'past-close',
  'stale',
] as const satisfies readonly DigestSection[];

/** Of these the owner can be asked for a word; what is pending has no owner yet. */
export const NUDGED_SECTIONS: readonly DigestSection[] = WORD_SECTIONS.filter((id) => id !== 'pending');

/** Lines of a section, or of one colleague; the rest is counted. */
export const LINES_EACH = 5;

/** So many of a section are looked at for a channel, where not everything may stand. */
export const LOOKED_AT_EACH = 50;

/** So far back at least a week's first digest tells what was lost. */
export const LOST_DAYS = 7;

/** Without a digest before, what moved is counted from so many days ago; never further back than a week. */
export const MOVED_DAYS = { first: 1, most: 7 } as const;

/** What others did with a deal, as a digest counts it; stage: any stage but the last two. */
export const MOVES = ['accepted', 'launched', 'closed lost', 'stage'] as const;
export type Move = (typeof MOVES)[number];

/** Monday of the week a day is in. */
export const weekOf = (day: Day): Day => addDays(day, -((daysBetween(A_MONDAY, day) % 7) + 7) % 7);

const A_MONDAY: Day = '2024-01-01';

/** Whether the week has had no digest yet. `before`: the day of the digest before this one. */
export const isFirstOfWeek = (day: Day, before?: Day): boolean =>
  before === undefined || weekOf(before) < weekOf(day);
