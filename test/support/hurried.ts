/** The real pacer; only that its time passes at once. */
import type { PaceClock } from '../../src/slack/pace.ts';

export function hurried(): PaceClock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}
