/** The partner account's quota: two token buckets, filled by the practice's own clock. */
import type { Operation } from './operation.ts';
import { Refusal } from './wire.ts';

/** Calls a second, and how many may come at once (quotas page of Partner Central). */
const RATES: Record<Operation['group'], number> = { read: 10, write: 1 };

/** Takes one call out of its bucket. Throws ThrottlingException when the bucket is empty. */
export function createQuota(now: () => Date): (group: Operation['group']) => void {
  const buckets = {
    read: { left: RATES.read, at: now().getTime() },
    write: { left: RATES.write, at: now().getTime() },
  };
  return (group) => {
    const bucket = buckets[group];
    const at = now().getTime();
    const filled = bucket.left + (Math.max(0, at - bucket.at) / 1000) * RATES[group];
    bucket.left = Math.min(RATES[group], filled);
    bucket.at = at;
    if (bucket.left < 1) throw throttled();
    bucket.left -= 1;
  };
}

export const throttled = (): Refusal => new Refusal('ThrottlingException', 'Rate exceeded.');
