import { describe, expect, test } from '@jest/globals';
import {
  createPace,
  type Pace,
  type PaceOptions,
  type Priority,
  type Slots,
} from '../../src/partner-central/pace.ts';

const START = Date.parse('2026-11-23T09:00:00Z');
const READ_GAP = 110;
const WRITE_GAP = 1100;

/** A clock that stands still until everybody sleeps, then jumps to the next alarm. */
function world(options: Partial<PaceOptions> = {}) {
  let at = START;
  const alarms: { at: number; ring: () => void }[] = [];
  const sleep = (ms: number) => new Promise<void>((ring) => alarms.push({ at: at + ms, ring }));
  const pace = createPace({ now: () => new Date(at), sleep, ...options });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    pace,
    now: () => at - START,
    pass: (ms: number) => {
      at += ms;
    },
    async run() {
      for (await settle(); alarms.length > 0; await settle()) {
        alarms.sort((a, b) => a.at - b.at);
        const next = alarms.shift();
        if (next) at = Math.max(at, next.at);
        next?.ring();
      }
    },
  };
}

type World = ReturnType<typeof world>;

/** Takes slots and notes who got one when. */
function noting(it: World) {
  const got: [string, number][] = [];
  const take = (name: string, lane: 'read' | 'write', priority?: Priority) =>
    it.pace.take(lane, priority).then(
      () => got.push([name, it.now()]),
      (error: Error) => got.push([`${name}: ${error.message}`, it.now()]),
    );
  return { got, take };
}

describe('the pace', () => {
  test('a free slot is given at once, the next ones evenly spaced: 10 reads and 1 write a second', async () => {
    const it = world();
    const { got, take } = noting(it);
    for (const name of ['r1', 'r2', 'r3']) take(name, 'read');
    for (const name of ['w1', 'w2']) take(name, 'write');
    await it.run();
    expect(Object.fromEntries(got)).toEqual({ r1: 0, r2: READ_GAP, r3: 2 * READ_GAP, w1: 0, w2: WRITE_GAP });
  });

  test('never more than 10 reads in any second, however many want one', async () => {
    const it = world();
    const { got, take } = noting(it);
    for (let i = 0; i < 50; i++) take(String(i), 'read', i % 3 ? 'sync' : 'interactive');
    await it.run();
    const times = got.map(([, at]) => at);
    expect(times).toHaveLength(50);
    for (const from of times)
      expect(times.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(10);
  });

  test('a person goes before synchronisation that waited longer; each in their own order', async () => {
    const it = world();
    const { got, take } = noting(it);
    for (const name of ['s1', 's2', 's3']) take(name, 'read', 'sync');
    for (const name of ['p1', 'p2']) take(name, 'read', 'interactive');
    await it.run();
    expect(got.map(([name]) => name)).toEqual(['p1', 'p2', 's1', 's2', 's3']);
  });

  test('idle time is not saved up: after a rest there is no burst', async () => {
    const it = world();
    const { got, take } = noting(it);
    take('a', 'write');
    await it.run();
    it.pass(60_000);
    take('b', 'write');
    take('c', 'write');
    await it.run();
    expect(got).toEqual([
      ['a', 0],
      ['b', 60_000],
      ['c', 60_000 + WRITE_GAP],
    ]);
  });

  test('after AWS says slow down, that lane rests and the other goes on', async () => {
    const it = world();
    const { got, take } = noting(it);
    it.pace.backOff('write', 4000);
    take('w', 'write');
    take('r', 'read');
    await it.run();
    expect(got).toEqual([
      ['r', 0],
      ['w', 4000],
    ]);
  });

  test('a back-off that comes while somebody already waits for the slot holds for them too', async () => {
    const it = world();
    const { got, take } = noting(it);
    take('a', 'write');
    take('b', 'write');
    await new Promise((resolve) => setImmediate(resolve));
    it.pace.backOff('write', 5000);
    await it.run();
    expect(got).toEqual([
      ['a', 0],
      ['b', 5000],
    ]);
  });

  test('without a limit nobody waits and nothing is saved', async () => {
    const saves: Slots[] = [];
    const it = world({
      readsPerSecond: Number.POSITIVE_INFINITY,
      writesPerSecond: Number.POSITIVE_INFINITY,
      save: async (slots) => void saves.push(slots),
    });
    const { got, take } = noting(it);
    for (let i = 0; i < 30; i++) take(String(i), i % 2 ? 'read' : 'write');
    await it.run();
    expect(got.every(([, at]) => at === 0)).toBe(true);
    expect(got).toHaveLength(30);
    expect(saves).toEqual([]);
  });

  test('after stop, whoever waits and whoever comes is turned away', async () => {
    const it = world();
    const { got, take } = noting(it);
    take('a', 'write');
    take('b', 'write');
    await new Promise((resolve) => setImmediate(resolve));
    it.pace.stop();
    await it.run();
    expect(got.map(([name]) => name)).toEqual(['a', 'b: The pace was stopped']);
    await expect(it.pace.take('read')).rejects.toThrow('The pace was stopped');
  });
});

describe('the hand-over', () => {
  const at = (ms: number) => new Date(START + ms);

  test('a successor begins where the predecessor had reserved', async () => {
    const it = world({ saved: { nextReadAt: at(700), nextWriteAt: at(900) } });
    const { got, take } = noting(it);
    take('r', 'read');
    take('w', 'write');
    await it.run();
    expect(got).toEqual([
      ['r', 700],
      ['w', 900],
    ]);
  });

  test("another machine's wrong clock does not stop us for hours", async () => {
    const it = world({ saved: { nextReadAt: at(9_000_000), nextWriteAt: at(0) } });
    const { got, take } = noting(it);
    take('r', 'read');
    await it.run();
    expect(got).toEqual([['r', 15 * 60_000]]);
  });

  test('every slot lies inside what was written down before it was used', async () => {
    let saved: Slots = { nextReadAt: at(0), nextWriteAt: at(0) };
    const it = world({
      save: async (slots) => {
        saved = slots;
      },
    });
    const wrong: string[] = [];
    const check = (lane: 'read' | 'write', pace: Pace) =>
      pace.take(lane).then(() => {
        const [end, gap] = lane === 'read' ? [saved.nextReadAt, READ_GAP] : [saved.nextWriteAt, WRITE_GAP];
        if (end.getTime() < START + it.now() + gap) wrong.push(`${lane} at ${it.now()}`);
      });
    for (let i = 0; i < 40; i++) check(i % 8 ? 'read' : 'write', it.pace);
    await it.run();
    expect(wrong).toEqual([]);
  });

  test('reads are written down at most once a second, and a later save never sets a slot back', async () => {
    const saves: { at: number; slots: Slots }[] = [];
    const it = world({ save: async (slots) => void saves.push({ at: it.now(), slots }) });
    const { take } = noting(it);
    for (let i = 0; i < 45; i++) take(String(i), 'read');
    take('w', 'write');
    await it.run();
    const reads = saves.map(({ slots }) => slots.nextReadAt.getTime());
    const changed = saves.filter((_, i) => i === 0 || reads[i] !== reads[i - 1]);
    for (const [i, one] of changed.entries())
      if (i > 0) expect(one.at - (changed[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(900);
    expect(changed.length).toBeGreaterThan(3);
    expect(reads).toEqual([...reads].sort((a, b) => a - b));
  });

  test('a slot that cannot be written down is not given: who lost the lease does not send', async () => {
    let lost = true;
    const saves: Slots[] = [];
    const it = world({
      save: async (slots) => {
        if (lost) throw new Error('Not the agent any more');
        saves.push(slots);
      },
    });
    const { got, take } = noting(it);
    take('a', 'write');
    await it.run();
    lost = false;
    take('b', 'write');
    await it.run();
    expect(got).toEqual([
      ['a: Not the agent any more', 0],
      ['b', 0],
    ]);
    expect(saves.map(({ nextWriteAt }) => nextWriteAt)).toEqual([at(WRITE_GAP)]);
  });

  test('when AWS says slow down while the slot is being written down, the slot is not used', async () => {
    const said = [3000];
    const it = world({ save: async () => it.pace.backOff('write', said.pop() ?? 0) });
    const { got, take } = noting(it);
    take('a', 'write');
    await it.run();
    expect(got).toEqual([['a', 3000]]);
  });
});
