import { describe, expect, test } from '@jest/globals';
import { type Opportunity, STAGES } from '../../src/pipeline/deal.ts';
import {
  type AskedStage,
  type Circumstances,
  changeStage,
  leap,
  questionsOf,
  reasonOf,
  stageOf,
} from '../../src/pipeline/stage.ts';
import { opportunity } from './samples.ts';

const TODAY = '2025-11-21';
const LAKE = { id: 'S-1', name: 'Lake in a week' };
const here = (more: Partial<Circumstances> = {}): Circumstances => ({
  today: TODAY,
  solutions: [LAKE],
  ...more,
});
const move = (
  asked: AskedStage,
  more: Partial<Opportunity> = {},
  circumstances: Partial<Circumstances> = {},
) => changeStage(opportunity(more), asked, here(circumstances));
const wrong = (result: ReturnType<typeof changeStage>) => ('errors' in result ? result.errors : {});

const LOST: AskedStage = { stage: 'Closed Lost', closeDate: TODAY, closedLostReason: 'Price' };
const LAUNCH: AskedStage = {
  stage: 'Launched',
  closeDate: TODAY,
  awsAccountId: '1234-5678 9012',
  billing: true,
};

describe('changing the stage', () => {
  test('sets the stage and nothing else', () => {
    expect(move({ stage: 'Technical Validation' })).toEqual({
      wishes: [{ kind: 'update', base: { stage: 'Qualified' }, set: { stage: 'Technical Validation' } }],
    });
  });

  test('a next step goes out in the same update, by the rules of next steps', () => {
    expect(move({ stage: 'Prospect', nextStep: ' Demo\u202E now ' })).toEqual({
      wishes: [
        {
          kind: 'update',
          base: { stage: 'Qualified', nextStep: 'Call the CTO' },
          set: { stage: 'Prospect', nextStep: 'Demo now' },
        },
      ],
    });
    const step = (nextStep: string) => wrong(move({ stage: 'Prospect', nextStep })).nextStep;
    expect(step('Call the CTO')).toMatch(/already/);
    expect(step('😀'.repeat(255))).toBeUndefined();
    expect(step(`${'x'.repeat(254)}e\u0301`)).toBeUndefined();
    expect(step(`${'😀'.repeat(255)}x`)).toMatch(/^1 too many/);
  });

  test('going back and skipping is allowed, and known', () => {
    expect(move({ stage: 'Prospect' })).toHaveProperty('wishes');
    expect(leap('Committed', 'Qualified')).toEqual({ back: true });
    expect(leap('Qualified', 'Committed')).toEqual({
      skipped: ['Technical Validation', 'Business Validation'],
    });
    expect(leap('Prospect', 'Closed Lost')).toEqual({ skipped: [] });
  });

  test('the stage it is in is no change', () => {
    expect(wrong(move({ stage: 'Qualified' }))).toEqual({ stage: expect.stringMatching(/already/) });
  });

  test('a close date that is past needs a new one for any stage', () => {
    const past = { closeDate: '2025-11-20' };
    expect(wrong(move({ stage: 'Prospect' }, past)).closeDate).toMatch(/past/);
    expect(move({ stage: 'Prospect', closeDate: '2025-12-01' }, past)).toEqual({
      wishes: [
        {
          kind: 'update',
          base: { stage: 'Qualified', closeDate: '2025-11-20' },
          set: { stage: 'Prospect', closeDate: '2025-12-01' },
        },
      ],
    });
  });
});

describe('closed lost', () => {
  test('takes the day and AWS’s own reason, in any spelling of it', () => {
    expect(move({ ...LOST, closedLostReason: 'lost to competitor – google' })).toMatchObject({
      wishes: [
        { set: { stage: 'Closed Lost', closeDate: TODAY, closedLostReason: 'Lost to Competitor - Google' } },
      ],
    });
  });

  test.each([
    ['no reason', { closedLostReason: '' }, 'closedLostReason'],
    ['a reason of our own', { closedLostReason: 'bad luck' }, 'closedLostReason'],
    ['no day', { closeDate: '' }, 'closeDate'],
    ['yesterday', { closeDate: '2025-11-20' }, 'closeDate'],
  ])('%s is asked for', (_, more, field) => {
    expect(Object.keys(wrong(move({ ...LOST, ...more })))).toEqual([field]);
  });

  test('only it takes a reason', () => {
    expect(wrong(move({ stage: 'Prospect', closedLostReason: 'Price' }))).toHaveProperty('closedLostReason');
  });
});

describe('launched', () => {
  test('takes the day, the account ID in digits, and that billing has begun', () => {
    expect(move(LAUNCH)).toMatchObject({
      wishes: [{ set: { stage: 'Launched', closeDate: TODAY, awsAccountId: '123456789012' } }],
    });
    expect(JSON.stringify(move(LAUNCH))).not.toContain('billing');
  });

  test.each([
    ['11 digits', '12345678901'],
    ['letters', '12345678901a'],
    ['digits of another script', '١٢٣٤٥٦٧٨٩٠١٢'],
  ])('%s are no account ID', (_, awsAccountId) => {
    expect(wrong(move({ ...LAUNCH, awsAccountId }))).toEqual({
      awsAccountId: expect.stringMatching(/12 digits/),
    });
  });

  test('the account ID is a must on the services path only, and one that is known is kept', () => {
    const { awsAccountId: _, ...bare } = LAUNCH;
    expect(move(bare)).toHaveProperty('wishes');
    expect(move(bare, {}, { partnerPath: 'software' })).toHaveProperty('wishes');
    expect(wrong(move(bare, {}, { partnerPath: 'services' }))).toHaveProperty('awsAccountId');
    const known = move(bare, { awsAccountId: '123456789012' }, { partnerPath: 'services' });
    expect(known).toHaveProperty('wishes');
    expect(JSON.stringify(known)).not.toContain('123456789012');
  });

  test('without billing, and from a draft, it is not', () => {
    expect(Object.keys(wrong(move({ ...LAUNCH, billing: false })))).toEqual(['billing']);
    expect(wrong(move(LAUNCH, { reviewStatus: 'Pending Submission' })).stage).toMatch(/draft/);
  });
});

describe('the solution “Other”', () => {
  const other = { solutions: [], otherSolution: 'Something of ours' };
  test.each(['Committed', 'Launched'] as const)('does not do at %s: one is associated first', (stage) => {
    const asked = stage === 'Launched' ? LAUNCH : { stage };
    expect(wrong(move(asked, other))).toEqual({ solution: expect.stringMatching(/Choose one/) });
    const moved = move({ ...asked, solution: 'lake in a WEEK' }, other);
    expect(moved).toMatchObject({
      wishes: [
        { kind: 'associate', solution: LAKE },
        { kind: 'update', set: { stage } },
      ],
    });
  });

  test('one that is there already is not added twice, and one nobody knows is not guessed', () => {
    expect(move({ stage: 'Committed', solution: 'S-1' }, { solutions: ['S-1'] })).toMatchObject({
      wishes: [{ kind: 'update' }],
    });
    expect(wrong(move({ stage: 'Committed', solution: 'Lake' }, other)).solution).toMatch(
      /no active solution/,
    );
  });

  test('two of the same name are told apart by their ids', () => {
    const twins = { solutions: [LAKE, { id: 'S-2', name: 'lake in a week' }] };
    expect(wrong(move({ stage: 'Committed', solution: LAKE.name }, other, twins)).solution).toMatch(
      /S-1, S-2/,
    );
    expect(move({ stage: 'Committed', solution: 's-2' }, other, twins)).toMatchObject({
      wishes: [{ solution: { id: 'S-2' } }, {}],
    });
  });
});

test('each stage asks for what AWS wants there', () => {
  const asks = (more: Partial<Opportunity>) =>
    Object.fromEntries(
      STAGES.map((stage) => {
        const questions = questionsOf(opportunity(more), stage, here({ partnerPath: 'services' }));
        return [stage, Object.entries(questions).flatMap(([it, how]) => (how === 'must' ? [it] : []))];
      }),
    );
  expect(asks({ solutions: [] })).toEqual({
    Prospect: [],
    Qualified: [],
    'Technical Validation': [],
    'Business Validation': [],
    Committed: ['solution'],
    Launched: ['solution', 'closeDate', 'awsAccountId', 'billing'],
    'Closed Lost': ['closeDate', 'closedLostReason'],
  });
  expect(asks({ closeDate: '2025-11-20' }).Prospect).toEqual(['closeDate']);
});

test('stages and reasons are heard in any case and with any marks, and nothing else is', () => {
  expect(
    ['closed-lost', 'CLOSED LOST', 'Closed/Lost', 'technical_validation', 'won', 'lost', ''].map(stageOf),
  ).toEqual([
    'Closed Lost',
    'Closed Lost',
    'Closed Lost',
    'Technical Validation',
    undefined,
    undefined,
    undefined,
  ]);
  expect([reasonOf('financial / commercial'), reasonOf('google')]).toEqual([
    'Financial/Commercial',
    undefined,
  ]);
});
