/** Every outgoing card passes the limit checker here. */
import { randomBytes } from 'node:crypto';
import type { Log } from '../log.ts';
import { problem, type Reply } from '../views/view.ts';
import type { AdaptiveCard } from './card.ts';
import type { CardPlace, Draw } from './door.ts';
import { limitErrors, summaryErrors } from './limits.ts';
import { toCard, toSummary } from './render.ts';
import { TOO_LONG } from './text.ts';

/**
 * In development a card that breaks a limit is an error; in production its limits are logged (never its content) and plain
 * words go out instead.
 */
export function createDraw(development: boolean, log: Log): Draw {
  const isFine = (errors: string[]): boolean => {
    if (errors.length === 0) return true;
    if (development) throw new Error(`Teams would not show this: ${errors.join('; ')}`);
    log.error({ errors }, 'a card broke a limit of Teams; sent as plain words');
    return false;
  };
  const drawn = (reply: Reply, place: CardPlace): AdaptiveCard | undefined => {
    const card = toCard(reply, place, newKey());
    return isFine(limitErrors(card, place.in)) ? card : undefined;
  };
  return {
    card: (reply, place) => drawn(reply, place) ?? toCard(problem(TOO_LONG), place, newKey()),
    message(reply, place) {
      const summary = toSummary(reply);
      isFine(summaryErrors(summary));
      const content = drawn(reply, place);
      if (!content) return { type: 'message', text: summary, textFormat: 'plain', summary };
      const contentType = 'application/vnd.microsoft.card.adaptive';
      return { type: 'message', summary, attachments: [{ contentType, content }] };
    },
  };
}

/** 60 bits: two drawings a person ever presses must not meet. */
const newKey = (): string => randomBytes(8).toString('base64url').slice(0, 10);
