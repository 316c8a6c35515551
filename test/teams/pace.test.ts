/** Teams' rates, counted on a driven clock. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createPace, type Pace, TooFast } from '../../src/teams/pace.ts';
import { type DrivenClock, drivenClock, most } from '../support/driven-clock.ts';

let clock: DrivenClock;
let pace: Pace;
beforeEach(() => {
  clock = drivenClock();
  pace = createPace(clock);
});

const chat = (conversation: string, tenant = 'T1') => ({ tenant, conversation });
describe('Teams’ rates', () => {
  test('a conversation never gets more than it may: 7 in 1 s, 8 in 2 s, 60 in 30 s, its threads among them', async () => {
    const times: number[] = [];
    for (let second = 0; second < 90; second++) {
      for (let i = 0; i < 3; i++)
        pace.send(chat(i === 0 ? '19:a' : `19:a;messageid=${i}`)).then(
          () => times.push(clock.now()),
          () => undefined,
        );
      await clock.passTo((second + 1) * 1000);
    }
    expect(most(times, 1000)).toBeLessThanOrEqual(7);
    expect(most(times, 2000)).toBeLessThanOrEqual(8);
    expect(most(times, 30_000)).toBeLessThanOrEqual(60);
    expect(times.filter((at) => at < 30_000).length).toBeGreaterThan(50);
  });

  test('a tenant gets at most 25 in a second, and another does not wait for it', async () => {
    const times: number[] = [];
    for (let i = 0; i < 100; i++) void pace.send(chat(`a:${i}`)).then(() => times.push(clock.now()));
    let other: number | undefined;
    void pace.send(chat('a:1', 'T2')).then(() => {
      other = clock.now();
    });
    await clock.passTo(6000);
    expect(other).toBe(0);
    expect(times).toHaveLength(100);
    expect(most(times, 1000)).toBeLessThanOrEqual(25);
  });

  test('calls that a busy conversation holds back go out within the tenant’s 25 a second, and hold up nobody', async () => {
    const times: { conversation: string; at: number }[] = [];
    const send = (conversation: string) =>
      pace.send(chat(conversation)).then(() => times.push({ conversation, at: clock.now() }));
    const of = (conversation: string) => times.filter((it) => it.conversation === conversation);
    // They come first and stand in front; a conversation takes two a second.
    for (let i = 0; i < 12; i++) for (const busy of ['19:a', '19:b', '19:c']) void send(busy);
    for (let i = 0; i < 150; i++) void send(`a:${i}`);
    await clock.passTo(60_000);
    expect(times).toHaveLength(186);
    expect(
      most(
        times.map(({ at }) => at),
        1000,
      ),
    ).toBeLessThanOrEqual(25);
    for (const busy of ['19:a', '19:b', '19:c']) {
      const own = of(busy).map(({ at }) => at);
      expect(most(own, 1000)).toBeLessThanOrEqual(7);
      expect(most(own, 2000)).toBeLessThanOrEqual(8);
    }
    // 20 a second go out evenly as long as any can: 186 after five at once.
    expect(Math.max(...times.map(({ at }) => at))).toBeLessThanOrEqual(181 * 50);
  });

  test('a conversation that pauses takes no turn of its tenant’s', async () => {
    const times: Record<string, number> = {};
    const send = (id: string) =>
      pace.send(chat(id)).then(() => {
        times[id] = clock.now();
      });
    pace.pause(chat('19:a'), 5000);
    for (let i = 0; i < 40; i++) void pace.send(chat('19:a')).catch(() => undefined);
    for (let i = 0; i < 10; i++) void send(`a:${i}`);
    await clock.passTo(4000);
    expect(Object.values(times)).toEqual([0, 0, 0, 0, 0, 50, 100, 150, 200, 250]);
  });

  test('members are looked up at most 14 times in a second, beside the messages', async () => {
    const times: number[] = [];
    for (let i = 0; i < 40; i++) void pace.members(chat('19:a')).then(() => times.push(clock.now()));
    await clock.passTo(6000);
    expect(times).toHaveLength(40);
    expect(most(times, 1000)).toBeLessThanOrEqual(14);
  });

  test('a 429 pauses that conversation with its threads, and no other', async () => {
    const times: Record<string, number> = {};
    pace.pause(chat('19:a;messageid=1'), 5000);
    for (const id of ['19:a', '19:b'])
      void pace.send(chat(id)).then(() => {
        times[id] = clock.now();
      });
    await clock.passTo(4900);
    expect(times).toEqual({ '19:b': 0 });
    await clock.passTo(5000);
    expect(times['19:a']).toBe(5000);
  });

  test('a short pause turns nobody away: whoever waits for it goes out soon after', async () => {
    pace.pause(chat('19:a'), 1000);
    const went = await (async () => {
      const all = Promise.allSettled(Array.from({ length: 12 }, () => pace.send(chat('19:a'))));
      await clock.passTo(20_000);
      return all;
    })();
    expect(went.map(({ status }) => status)).toEqual(Array(12).fill('fulfilled'));
  });

  test('whoever would wait longer than half a minute is turned away', async () => {
    pace.pause(chat('19:a'), 31_000);
    await expect(pace.send(chat('19:a'))).rejects.toBeInstanceOf(TooFast);
    await pace.send(chat('19:b'));
  });
});
