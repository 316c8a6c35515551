/** A pacer's clock that stands still until it is told to pass; whoever is due goes on in the order they are due. */
import type { PaceClock } from '../../src/bot/turns.ts';

export interface DrivenClock extends PaceClock {
  /** Until that moment, in ms since it was made. */
  passTo(end: number): Promise<void>;
  /** How many wait for a moment still to come. */
  sleepers(): number;
}

export function drivenClock(): DrivenClock {
  let now = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => void sleepers.push({ at: now + ms, wake })),
    sleepers: () => sleepers.length,
    async passTo(end) {
      for (;;) {
        for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
        const [next] = sleepers.sort((a, b) => a.at - b.at);
        if (!next || next.at > end) break;
        sleepers = sleepers.slice(1);
        now = next.at;
        next.wake();
      }
      now = end;
    },
  };
}

/** No window of so many ms, its end left out, holds more of these moments than that. */
export const most = (times: readonly number[], ms: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));
