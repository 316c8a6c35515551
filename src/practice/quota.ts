/** The partner account's quota: calls a second and calls in 24 hours, by the practice's own clock. */
import type { Operation } from './operation.ts';
import { Refusal } from './wire.ts';

export type PerDay = Record<Operation['group'], number>;

/** Takes one call out of its quota. Throws ThrottlingException when there is none left. */
export type TakeQuota = (group: Operation['group']) => void;

/** Calls a second, and how many may come at once (quotas page of Partner Central). */
const RATES: Record<Operation['group'], number> = { read: 10, write: 1 };

/** In any 24 hours (quotas page of Partner Central). */
export const AWS_PER_DAY: PerDay = { read: 100_000, write: 10_000 };
const DAY_MS = 86_400_000;

/** Two token buckets. */
export function createRate(now: () => Date): TakeQuota {
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

/** A rolling window: a call counts until it is 24 hours old. A refused call does not count. */
export function createDay(now: () => Date, perDay: PerDay): TakeQuota {
  const calls: Record<Operation['group'], number[]> = { read: [], write: [] };
  return (group) => {
    const times = calls[group];
    const at = now().getTime();
    while (times[0] !== undefined && times[0] <= at - DAY_MS) times.shift();
    if (times.length >= perDay[group]) throw throttled();
    times.push(at);
  };
}

export const throttled = (): Refusal => new Refusal('ThrottlingException', 'Rate exceeded.');
