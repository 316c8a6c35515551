/** What a digest is drawn from, as the store finds it. */
import type { Change } from '../pipeline/change.ts';
import type { Day, Deal, Money, Stage } from '../pipeline/deal.ts';
import type { DigestSection, Move } from '../pipeline/digest.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import type { Line, Lines } from './list.ts';

export interface DigestFound extends DigestExtras {
  /** The reader's own desk first, then those they cover. A deal stands once in all, where it is lost first. */
  desks: { whose: Person; sections: Map<DigestSection, Lines> }[];
  /** Of whoever reports to the reader: what needs a word, a few each, `total` of them in all. */
  reports: Report[];
}

/** Whoever reports to the reader, or to somebody whose desk the reader covers. */
type Reporting = Person & Pick<Colleague, 'reportsTo'>;

export interface Report {
  owner: Reporting;
  lines: (Line & { section: DigestSection })[];
  total: number;
}

/** Beside the lines: for whoever others report to, once a week, and how it comes. */
export interface DigestExtras {
  moved: Moved[];
  /** At most a few; `total` in all, in so many days (default: 7). */
  lost: { deals: Lost[]; total: number; days?: number };
  /** The open pipeline, in the order of the stages; amounts by currency, never added up across them. */
  stages: { stage: Stage; count: number; amounts: Money[] }[];
  /** Deals of whoever reports to the reader of which somebody asked a word within 7 days, by their ids. */
  asked: ReadonlyMap<string, Asked>;
  /** Absent: none comes by itself. */
  schedule?: DigestSchedule;
}

/** A word was asked for. */
export interface Asked {
  ownerId: string;
  byId: string;
  byName: string;
  at: Date;
}

/** When a person's own digest comes. */
export interface DigestSchedule {
  /** ISO weekdays: their working days where they chose none. */
  days: readonly number[];
  hour: number;
  timeZone: string;
  pausedUntil?: Day;
  /** Of the first that was sent; absent before there was one. */
  firstDay?: Day;
  /** It is so young that all of its digests are on record. */
  isNew: boolean;
}

/** What others did with the deals of whoever reports to the reader: all of one kind counted, the newest few named. */
export interface Moved {
  move: Move;
  total: number;
  first: { deal: Deal; version: number; by: string; stage?: string }[];
}

/** Nobody took it in time. */
export interface Lost {
  deal: Deal;
  version: number;
  /** AWS no longer gives it to us: nothing of it is said but its id. */
  isGone?: true;
  /** Names of those it was offered to. */
  offeredTo: string[];
}

/** A line of a digest that was sent, in the order shown. `underId`: whose it stood under, where that is not the reader. */
export interface KeptLine {
  section: DigestSection;
  dealId: string;
  underId?: string;
}

/** What became of kept lines, in their order. */
export interface Standing extends DigestExtras {
  lines: Stood[];
  /** Whom the reader covers, and who reports to them. */
  covered: readonly Person[];
  reports: readonly Reporting[];
  /** What it would say if it was sent now: how many there are of which it shows the first few. */
  now: Pick<DigestFound, 'desks' | 'reports'>;
}

/**
 * hidden: the reader may not see it any more. stands: as it was shown; `first`: the section that counts it by now, where that
 * is another. Else it is seen to, or somewhere else by now.
 */
export type Stood =
  | { is: 'hidden' }
  | { is: 'stands'; line: Line; first?: DigestSection }
  | { is: 'moved'; line: Line; section: DigestSection }
  | { is: 'done'; line: Line; change?: Change; isGone?: true; laterAt?: Date };
