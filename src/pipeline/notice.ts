/** What one person is told in private because somebody else did something. `by`, `to`, `from`: names as they are shown. */
import type { Role } from './person.ts';

export type Notice =
  /** A pending referral or lead was offered to them. */
  | { kind: 'offered'; by: string }
  /** A deal is theirs now. `from`: the owner before. */
  | { kind: 'received'; by: string; from?: string }
  /** A deal of theirs went to somebody else, by a third person's hand. */
  | { kind: 'handed-over'; by: string; to: string }
  /** To the alliance lead: a newcomer asks to be let in. */
  | { kind: 'access-asked'; request: string; name: string; email: string }
  /** To the newcomer; `wanted` brings them back to where they were. */
  | { kind: 'access-granted'; by: string; role: Role; wanted?: Wanted }
  | { kind: 'access-refused'; by: string }
  /** To the alliance lead: 80% of the account's day is used up. */
  | { kind: 'quota'; writes: number }
  /** To the alliance lead: an account says it is somebody whom it may not be; the link's id. */
  | { kind: 'link-frozen'; link: string };

/** What a newcomer wanted when they were turned away. */
export type Wanted = { text: string } | { verb: string; input: Record<string, string> };
