/** What Teams did not take is said again while that is sure to make no second one; a door that stops waits for nobody. */
import { expect, test } from '@jest/globals';
import { GoneForGood, MaybePosted } from '../../src/bot/intent.ts';
import { createRest, untilSaid } from '../../src/teams/lost.ts';
import { GaveUp } from '../../src/teams/retry.ts';
import { silentLog } from '../support/databases.ts';

async function trying(failures: readonly Error[]) {
  const waits: number[] = [];
  let tries = 0;
  const { rest } = createRest({ sleep: async (ms) => void waits.push(ms) });
  const came = await untilSaid({ log: silentLog, rest }, async () => {
    const failure = failures[tries++];
    if (failure) throw failure;
  });
  return { came, tries, waits };
}
const [passing, minutes] = [new Error('away'), (count: number) => count * 60_000];

test.each([
  ['what may pass', [passing, new GaveUp(), passing], { came: 'said', tries: 4 }],
  ['what does not pass, four times', Array(9).fill(passing), { came: 'lost', tries: 4 }],
])('%s is tried after 30 s, 2 and 10 minutes', async (_, failures, outcome) => {
  expect(await trying(failures)).toEqual({ ...outcome, waits: [minutes(0.5), minutes(2), minutes(10)] });
});

test.each([
  ['may stand there', new MaybePosted(), 'lost'],
  ['has no place any more', new GoneForGood(), 'gone'],
])('what %s is not said again', async (_, failure, came) => {
  expect(await trying([failure])).toEqual({ came, tries: 1, waits: [] });
});

test('whoever rests when the door stops, or after it, goes on at once and tries nothing', async () => {
  const { rest, stop } = createRest();
  let tries = 0;
  const came = untilSaid({ log: silentLog, rest }, async () => {
    tries += 1;
    throw passing;
  });
  await new Promise((resolve) => setImmediate(resolve));
  stop();
  expect([await came, tries, await rest(minutes(10))]).toEqual(['lost', 1, false]);
});
