/** Waiting in line for several limits at once, on a driven clock. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createTurns, type Lane, type PaceClock, type Turns } from '../../src/bot/turns.ts';

let now: number;
let sleepers: { at: number; wake: () => void }[];
let turns: Turns;
beforeEach(() => {
  [now, sleepers] = [0, []];
  const clock: PaceClock = {
    now: () => now,
    sleep: (ms) => new Promise((wake) => void sleepers.push({ at: now + ms, wake })),
  };
  turns = createTurns({ clock, tooLong: (seconds) => new Error(`${seconds} s`) });
});

/** Until that moment; what is due goes on in the order it is due. */
async function passTo(end: number): Promise<void> {
  for (;;) {
    for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
    const [next] = sleepers.sort((a, b) => a.at - b.at);
    if (!next || next.at > end) break;
    sleepers = sleepers.slice(1);
    now = next.at;
    next.wake();
  }
  now = end;
}

const ALL: Lane = { name: 'all', everyMs: 50, atOnce: 5 };
const own = (name: string): Lane => ({ name: `own ${name}`, everyMs: 500, atOnce: 4 });
const most = (times: number[], ms: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));

interface Came {
  what: string;
  nth: number;
  since: number;
  at?: number;
  turnedAway?: number;
}
function come(what: string, nth: number, lanes = [ALL, own(what)]): Came {
  const it: Came = { what, nth, since: now };
  turns.of(what, lanes).then(
    () => {
      it.at = now;
    },
    () => {
      it.turnedAway = now;
    },
  );
  return it;
}

describe('turns in several lanes', () => {
  test('whatever comes and pauses, each goes once and in order or is turned away, and no lane is ever too full', async () => {
    // A generator of its own: the same run each time.
    let seed = 7;
    const chance = () => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      return seed / 0x7fffffff;
    };
    const all: Came[] = [];
    for (let nth = 0; nth < 1500; nth++) {
      const what = `c${Math.floor(chance() * 20)}`;
      all.push(come(what, nth));
      if (chance() < 0.01) turns.pause(what, chance() * 40_000);
      if (chance() < 0.3) await passTo(now + Math.floor(chance() * 100));
    }
    await passTo(now + 90_000);
    const went = all.filter(({ at }) => at !== undefined);
    expect(went.length).toBeGreaterThan(500);
    expect(all.filter(({ at, turnedAway }) => (at === undefined) === (turnedAway === undefined))).toEqual([]);
    const times = (of: Came[]) => of.map(({ at = 0 }) => at);
    expect(most(times(went), 1000)).toBeLessThanOrEqual(25);
    for (let nth = 0; nth < 20; nth++) {
      const theirs = went.filter(({ what }) => what === `c${nth}`);
      expect(times(theirs)).toEqual(times(theirs).sort((a, b) => a - b));
      expect(most(times(theirs), 2000)).toBeLessThanOrEqual(8);
    }
    expect(sleepers).toEqual([]);
  });

  test('nobody waits for longer than half a minute in all, however often it is paused meanwhile', async () => {
    const all = Array.from({ length: 100 }, (_, nth) => come('m', nth, [{ name: 'm', everyMs: 200 }]));
    for (let i = 0; i < 4; i++) {
      await passTo(now + 100);
      turns.pause('m', 29_000);
      await passTo(now + 29_500);
    }
    await passTo(now + 60_000);
    for (const { since, at, turnedAway } of all)
      expect((at ?? turnedAway ?? Infinity) - since).toBeLessThanOrEqual(30_000);
    expect(all.some(({ turnedAway }) => turnedAway !== undefined)).toBe(true);
  });

  test('lanes in which nobody was for a while are forgotten, but never one that somebody has just asked for', async () => {
    for (let nth = 0; nth < 998; nth++) {
      come(`old${nth}`, nth, [own(`old${nth}`)]);
      await passTo(now + 1);
    }
    come('first', 0, [ALL]);
    await passTo(now + 10_000);
    const all = Array.from({ length: 60 }, (_, nth) =>
      come(`new${nth}`, nth, [ALL, own(`one${nth}`), own(`two${nth}`)]),
    );
    await passTo(now + 4000);
    expect(all.filter(({ at, since }) => at === since)).toHaveLength(5);
    expect(all.every(({ at }) => at !== undefined)).toBe(true);
  });

  test('who shares a lane with a crowd that another lane holds back is not turned away for it', async () => {
    for (let nth = 0; nth < 60; nth++) come('busy', nth);
    for (let nth = 0; nth < 60; nth++) come('busier', nth);
    const other = come('other', 0);
    await passTo(1000);
    expect(other.at).toBeLessThanOrEqual(500);
  });
});
