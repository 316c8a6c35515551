/**
 * Random people, random verbs, random moves of AWS and other tools, random faults, on a whole house: the law is never
 * broken, every Change ends with a reason, the mirror equals practice's record, nothing is applied twice, nobody is
 * overwritten. The same seed plays the same run: MODEL_SEED=7 MODEL_STEPS=20000 npm run jest -- test/model.test.ts
 */
import { describe, expect, test } from '@jest/globals';
import { verifyChain } from '../src/store/audit.ts';
import { brokenLaws } from './model/laws.ts';
import { newRun, play } from './model/run.ts';
import { type Step, steps } from './model/steps.ts';
import { databases } from './support/databases.ts';
import { openTestHouse } from './support/house.ts';

const SEED = Number(process.env.MODEL_SEED ?? 20261122);
const STEPS = Number(process.env.MODEL_STEPS ?? 1000);
const VERBS = [
  'next-step',
  'change-stage',
  'accept',
  'offer',
  'reject',
  'transfer',
  'update-lead',
  'waiting',
];

describe.each(databases)('on $name', (database) => {
  test(`${STEPS} random steps (seed ${SEED}) keep every law`, async () => {
    const house = await openTestHouse(database);
    try {
      const run = await newRun(house);
      const told: string[] = [];
      for (const [nth, step] of [...steps(SEED, STEPS), { kind: 'calm' } as const].entries()) {
        told.push(`${nth}: ${JSON.stringify(step)}`);
        await play(run, step satisfies Step, nth);
        if (step.kind !== 'calm') continue;
        const broken = await brokenLaws(run);
        if (broken.length > 0)
          throw new Error([...broken, 'The last steps:', ...told.slice(-110)].join('\n'));
      }
      const { outcomes } = run;
      // A run in which nothing succeeds, or nothing is refused, would prove nothing; a short one need not have it all.
      const missing = VERBS.flatMap((verb) => [`${verb} ok`, `${verb} no`]).filter((it) => !outcomes.has(it));
      if (STEPS >= 1000) expect(missing).toEqual([]);
      expect(run.effects.length).toBeGreaterThan(STEPS / 10);
      expect(await verifyChain(house.store)).toMatchObject({ breaks: [] });
    } finally {
      await house.stop();
    }
  }, 600_000);
});
