/** Asking a colleague to come: once, and not again for a while. What they say no to is left alone for longer. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** Nobody is invited twice within so many days. */
export const AGAIN_DAYS = 30;
/** Who said no is left alone for so many. */
export const NO_DAYS = 90;
/** Looked for so long without an answer of the chat, nobody was reached: they may be invited anew. */
export const LOOKED_FOR_DAYS = 3;

/** The newest invitation of somebody. */
export interface Invited {
  at: Date;
  declinedAt?: Date;
  /** It was sent to them. */
  isReached: boolean;
  /** They were looked for everywhere. */
  isOver: boolean;
}

/** uses: an account of theirs is linked. invited, declined: not so long ago. free: they may be invited. */
export type Standing = 'free' | 'uses' | 'invited' | 'declined';

/** Whether somebody may be invited now, and why not. Whom no message reached was not invited. */
export function standingOf({ uses, invited }: { uses: boolean; invited?: Invited }, now: Date): Standing {
  if (uses) return 'uses';
  if (!invited) return 'free';
  const { at, declinedAt, isReached, isOver } = invited;
  if (declinedAt && isWithin(NO_DAYS, declinedAt, now)) return 'declined';
  if (!isReached && (isOver || !isWithin(LOOKED_FOR_DAYS, at, now))) return 'free';
  return isWithin(AGAIN_DAYS, at, now) ? 'invited' : 'free';
}

const isWithin = (days: number, at: Date, now: Date): boolean => now.getTime() - at.getTime() < days * DAY_MS;

const YES = /^(?:yes|yes please|yes send my digest|yep|yeah|sure|accept|ja|oui|s[ií])$/;
const NO =
  /^(?:no|nope|no (?:thanks|thank you|thx)|not interested|decline|stop|stop (?:messages|messaging me)|unsubscribe(?: me)?|opt out|nein(?: danke)?|non(?: merci)?|no gracias)$/;

/** What somebody typed, as the answer to an invitation; undefined for any other line. */
export function answerIn(text: string): 'accept' | 'decline' | undefined {
  if (text.length > 60) return undefined;
  const words = text
    .toLowerCase()
    .replace(/[\p{P}\p{S}\p{Cf}\s]+/gu, ' ')
    .trim();
  if (YES.test(words)) return 'accept';
  return NO.test(words) ? 'decline' : undefined;
}

/** When somebody may be invited again. */
export const againAt = ({ at, declinedAt }: Invited): Date =>
  new Date(declinedAt ? declinedAt.getTime() + NO_DAYS * DAY_MS : at.getTime() + AGAIN_DAYS * DAY_MS);
