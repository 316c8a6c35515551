/** Counting and timing: plain numbers, milliseconds throughout. */

/** The value below which `share` (0 to 1) of the samples lie. @param {number[]} samples @param {number} share */
export function percentile(samples, share) {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** @param {number[]} samples */
export const median = (samples) => percentile(samples, 0.5);

/** How long one run of `work` takes. @param {() => Promise<unknown>} work */
export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Each contestant by turns, round after round, so that whatever else the machine does falls on all of them.
 * @template T
 * @param {number} rounds
 * @param {Record<string, () => Promise<T>>} contestants
 * @returns {Promise<Record<string, T[]>>} what each answered, a line for each round
 */
export async function interleaved(rounds, contestants) {
  const found = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = Object.entries(contestants);
    for (const [name, run] of round % 2 ? order.reverse() : order) found[name].push(await run());
  }
  return found;
}

/** `count` pieces of work, `concurrency` of them under way at any time; the time of each. */
export async function load(count, concurrency, work) {
  /** @type {number[]} */
  const times = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const nth = next++;
      times.push(await timed(() => work(nth)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return times;
}
