/** Waiting in line for several limits at once, on a driven clock. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createTurns, type Lane, type Turns } from '../../src/bot/turns.ts';
import { type DrivenClock, drivenClock, most } from '../support/driven-clock.ts';

let clock: DrivenClock;
let turns: Turns;
beforeEach(() => {
  clock = drivenClock();
  turns = createTurns({ clock, tooLong: (seconds) => new Error(`${seconds} s`) });
});

const ALL: Lane = { name: 'all', everyMs: 50, atOnce: 5 };
const own = (name: string): Lane => ({ name: `own ${name}`, everyMs: 500, atOnce: 4 });
interface Came {
  what: string;
  nth: number;
  since: number;
  at?: number;
  turnedAway?: number;
}
function come(what: string, nth: number, lanes = [ALL, own(what)]): Came {
  const it: Came = { what, nth, since: clock.now() };
  turns.of(what, lanes).then(
    () => {
      it.at = clock.now();
    },
    () => {
      it.turnedAway = clock.now();
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
      if (chance() < 0.3) await clock.passTo(clock.now() + Math.floor(chance() * 100));
    }
    await clock.passTo(clock.now() + 90_000);
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
    expect(clock.sleepers()).toBe(0);
  });

  test('nobody waits for longer than half a minute in all, however often it is paused meanwhile', async () => {
    const all = Array.from({ length: 100 }, (_, nth) => come('m', nth, [{ name: 'm', everyMs: 200 }]));
    for (let i = 0; i < 4; i++) {
      await clock.passTo(clock.now() + 100);
      turns.pause('m', 29_000);
      await clock.passTo(clock.now() + 29_500);
    }
    await clock.passTo(clock.now() + 60_000);
    for (const { since, at, turnedAway } of all)
      expect((at ?? turnedAway ?? Infinity) - since).toBeLessThanOrEqual(30_000);
    expect(all.some(({ turnedAway }) => turnedAway !== undefined)).toBe(true);
  });

  test('lanes in which nobody was for a while are forgotten, but never one that somebody has just asked for', async () => {
    for (let nth = 0; nth < 998; nth++) {
      come(`old${nth}`, nth, [own(`old${nth}`)]);
      await clock.passTo(clock.now() + 1);
    }
    come('first', 0, [ALL]);
    await clock.passTo(clock.now() + 10_000);
    const all = Array.from({ length: 60 }, (_, nth) =>
      come(`new${nth}`, nth, [ALL, own(`one${nth}`), own(`two${nth}`)]),
    );
    await clock.passTo(clock.now() + 4000);
    expect(all.filter(({ at, since }) => at === since)).toHaveLength(5);
    expect(all.every(({ at }) => at !== undefined)).toBe(true);
  });

  test('who shares a lane with a crowd that another lane holds back is not turned away for it', async () => {
    for (let nth = 0; nth < 60; nth++) come('busy', nth);
    for (let nth = 0; nth < 60; nth++) come('busier', nth);
    const other = come('other', 0);
    await clock.passTo(1000);
    expect(other.at).toBeLessThanOrEqual(500);
  });
});
