/** Keeps the world in its state, and counts calls without a write for each. */
import type { Operation } from './operation.ts';
import type { State, World } from './world.ts';

/** A step may be tried more than once before it is kept: it has no other effect than what it answers. */
export type Step<T> = (world: World) => { world: World; answer: T };

export interface Keep {
  /** The world as it was last written. */
  look(): Promise<World>;
  move<T>(step: Step<T>): Promise<T>;
  /** A read is tried on `seen` and writes only if it moved something. */
  perform<T>(group: Operation['group'], seen: World, step: Step<T>): Promise<T>;
  /** Calls are written down with the next move: a read costs no write. */
  count(operation: string): void;
}

/** `opened` makes a world of nothing, and brings one up to now; it answers the same object when nothing is due. */
export function createKeep(state: State, opened: (world: World | undefined) => World): Keep {
  let uncounted: Record<string, number> = {};

  async function move<T>(step: Step<T>): Promise<T> {
    const counted = uncounted;
    uncounted = {};
    try {
      return await state.update((before) => step(withCalls(opened(before), counted)));
    } catch (error) {
      // Nothing was written: these calls are still to be counted.
      uncounted = added(uncounted, counted);
      throw error;
    }
  }

  return {
    look: async () => (await state.read()) ?? move((world) => ({ world, answer: world })),
    move,
    async perform(group, seen, step) {
      if (group === 'read') {
        const { world, answer } = step(opened(seen));
        if (world === seen) return answer;
      }
      return move(step);
    },
    count(operation) {
      uncounted = added(uncounted, { [operation]: 1 });
    },
  };
}

const withCalls = (world: World, calls: Record<string, number>): World =>
  Object.keys(calls).length === 0 ? world : { ...world, calls: added(world.calls, calls) };

function added(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const sums = Object.entries(other).map(([name, count]) => [name, (one[name] ?? 0) + count]);
  return { ...one, ...Object.fromEntries(sums) };
}
