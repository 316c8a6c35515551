/** What one person is told in private because somebody else did something. `by`, `to`, `from`: names as they are shown. */
import type { Cover } from './cover.ts';
import type { Moment } from './deal.ts';
import type { RungName } from './escalation.ts';
import type { Role } from './person.ts';

export type Notice =
  /** A pending referral or lead was offered to them; `away`: to whom it was offered, whose desk they look after. */
  | { kind: 'offered'; by: string; away?: string }
  /** Several of these at once, with a desk that was handed over; the ids of deals. */
  | { kind: 'offered-many'; by: string; away?: string; deals: string[] }
  /** A deal is theirs now. `from`: the owner before. Both of these are told as news by now; some wait to be told as they are. */
  | { kind: 'received'; by: string; from?: string }
  /** A deal of theirs went to somebody else, by a third person's hand. */
  | { kind: 'handed-over'; by: string; to: string }
  /** To the alliance lead: a newcomer asks to be let in. */
  | { kind: 'access-asked'; request: string; name: string; email: string }
  /** To the newcomer; `wanted` brings them back to where they were. */
  | { kind: 'access-granted'; by: string; role: Role; wanted?: Wanted }
  | { kind: 'access-refused'; by: string }
  /** To somebody on the roster who has never come: an invitation. */
  | { kind: 'invited'; batch: string }
  /** To whoever invited: some of that batch could not be found. */
  | { kind: 'invited-in-vain'; batch: string }
  /** What happened to deals: rows of `news`, and how many more there are than are named. */
  | { kind: 'news'; ids: string[]; more: number }
  /** They wanted to look at it again now; when they said so. */
  | { kind: 'reminder'; setAt: Moment }
  /** A colleague asks for a word on deals of theirs; ids. */
  | { kind: 'nudged'; byId: string; deals: string[] }
  /**
   * What is pending waits for an answer, and time shrinks. `of`: whose backup or superior the reader is; `away`: for whom
   * they look after the desk. Ids.
   */
  | { kind: 'clock'; rung: RungName; of?: string; away?: string }
  /** Several of these at once; the ids of deals. `new`: all of them have just arrived. */
  | { kind: 'clock-many'; deals: string[]; new?: boolean }
  /** Who looks after whose desk. */
  | CoverNotice
  /** To the alliance lead: 80% of the account's day is used up. */
  | { kind: 'quota'; writes: number }
  /** To the alliance lead: an account says it is somebody whom it may not be; the link's id. */
  | { kind: 'link-frozen'; link: string };

/**
 * asked: to the cover, who may refuse. begun: to the cover, on its first day; `deals`: what is offered to them too by that.
 * set, refused: to whoever is away. ended: to whomever of both did not end it. gap: to whoever is away, as their cover is
 * going to be away too. Ids, and days.
 */
export interface CoverNotice extends Omit<Cover, 'id'> {
  kind: 'covering';
  what: 'asked' | 'begun' | 'set' | 'refused' | 'ended' | 'gap';
  /** The cover's own id. */
  cover: string;
  deals?: string[];
}

/** Of access, not of deals: these may go to whoever has the address of somebody who is not linked yet. */
export const OPEN_KINDS: readonly Notice['kind'][] = [
  'access-granted',
  'access-refused',
  'access-asked',
  'invited',
  'quota',
];

/** What a newcomer wanted when they were turned away. */
export type Wanted = { text: string } | { verb: string; input: Record<string, string> };
