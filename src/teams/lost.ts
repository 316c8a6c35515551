/** What becomes of what Teams did not take: said again where that is sure to make no second one, or kept quiet about. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GoneForGood, MaybePosted } from '../bot/intent.ts';
import type { PaceClock } from '../bot/turns.ts';
import type { Address, Door } from './door.ts';
import { ConversationGone } from './faults.ts';
import { GaveUp } from './retry.ts';

/**
 * Says something there that the inbox holds: once this answers, it need not be said again. False where they have removed or
 * blocked us; what is over there ends. @throws what may pass, when most likely nothing was posted.
 */
export async function reaches(
  { references, log }: Pick<Door, 'references' | 'log'>,
  to: Address,
  say: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await say();
  } catch (error) {
    if (error instanceof GoneForGood) {
      if (error instanceof ConversationGone) await references.end(to);
      return false;
    }
    // It may stand there: said again it might stand there twice.
    if (!mayStand(error)) throw error;
    log.info({ err: error }, 'teams: nobody knows whether an answer was posted');
  }
  return true;
}

/** Most likely not after a 504: then it is said again. */
const mayStand = (error: unknown): boolean => error instanceof MaybePosted && !(error instanceof GaveUp);

/** An answer nobody can be given is logged, and lost. */
export async function unlessLost(
  { log }: Pick<Door, 'log'>,
  say: () => Promise<unknown>,
): Promise<'said' | 'gone' | 'lost'> {
  try {
    await say();
    return 'said';
  } catch (err) {
    // Gone, or it may stand there already: saying it again might say it twice.
    const level = err instanceof GoneForGood || err instanceof MaybePosted ? 'info' : 'warn';
    log[level]({ err }, 'teams: an answer was not posted');
    return err instanceof GoneForGood ? 'gone' : 'lost';
  }
}

const AGAIN_AFTER_MS = [30_000, 2 * 60_000, 10 * 60_000];

/**
 * The same where no inbox holds it: what may pass is tried again, four times in all within a quarter of an hour, and not
 * any more once the door stops.
 */
export const untilSaid = (
  door: Pick<Door, 'log' | 'rest'>,
  say: () => Promise<unknown>,
): Promise<'said' | 'gone' | 'lost'> =>
  unlessLost(door, async () => {
    for (const ms of AGAIN_AFTER_MS)
      try {
        return await say();
      } catch (error) {
        if (error instanceof GoneForGood || mayStand(error) || !(await door.rest(ms))) throw error;
      }
    return say();
  });

export interface Rest {
  /** Waits so many ms; false once the door stops, which waits for nobody who rests. */
  rest(ms: number): Promise<boolean>;
  stop(): void;
}

/** @param clock for tests. */
export function createRest(clock?: Pick<PaceClock, 'sleep'>): Rest {
  const stopping = new AbortController();
  const { signal } = stopping;
  const wait = clock?.sleep ?? ((ms: number) => sleep(ms, undefined, { ref: false }));
  return {
    async rest(ms) {
      let wake = () => {};
      const stopped = new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener('abort', wake);
      });
      if (!signal.aborted) await Promise.race([wait(ms), stopped]);
      signal.removeEventListener('abort', wake);
      return !signal.aborted;
    },
    stop: () => stopping.abort(),
  };
}
