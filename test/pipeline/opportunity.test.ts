import { describe, expect, test } from '@jest/globals';
import { dayIn } from '../../src/pipeline/calendar.ts';
import type { Opportunity } from '../../src/pipeline/deal.ts';
import { addNextStep, isOpen, lastNextSteps, OPEN_STAGES, updateOf } from '../../src/pipeline/opportunity.ts';
import { opportunity } from './samples.ts';

const TODAY = '2025-11-21';
const add = (text: string, closeDate?: string, more: Partial<Opportunity> = {}) =>
  addNextStep(opportunity(more), text, TODAY, closeDate);
const errors = (result: ReturnType<typeof addNextStep>) => ('errors' in result ? result.errors : {});

describe('adding a next step', () => {
  test('asks AWS for exactly that, with what stood there before', () => {
    expect(add(' Demo with the CFO \n')).toEqual({
      wish: { kind: 'update', base: { nextStep: 'Call the CTO' }, set: { nextStep: 'Demo with the CFO' } },
    });
  });

  test('the first one has nothing before it', () => {
    const { nextStep: _, ...without } = opportunity();
    expect(addNextStep(without, 'Hello', TODAY)).toEqual({
      wish: { kind: 'update', base: {}, set: { nextStep: 'Hello' } },
    });
  });

  test('hostile characters are gone before it is measured or sent', () => {
    expect(add('\u001b[31mDemo\u202E \u0000now')).toMatchObject({ wish: { set: { nextStep: 'Demo now' } } });
  });

  test.each([
    ['255 letters', 'x'.repeat(255)],
    ['255 emoji, though 510 UTF-16 units', '😀'.repeat(255)],
    ['255 after a combining accent found its letter', `${'x'.repeat(254)}e\u0301`],
    ['255 and white space around', `  ${'x'.repeat(255)}\n`],
  ])('%s fit', (_, text) => {
    expect(add(text)).toHaveProperty('wish');
  });

  test.each([
    ['nothing', '', /Write the next step/],
    ['only white space and invisible characters', ' \u200B\n', /Write the next step/],
    ['256', 'x'.repeat(256), /^1 too many/],
    ['37 emoji over', '😀'.repeat(292), /^37 too many/],
    ['what stands there already', ' Call the CTO ', /already/],
  ])('%s is refused with what to do', (_, text, words) => {
    expect(errors(add(text))).toEqual({ text: expect.stringMatching(words) });
  });
});

describe('a close date that is past', () => {
  const past = { closeDate: '2025-11-20' };
  test('needs a new one in the same update', () => {
    expect(errors(add('Demo', undefined, past))).toEqual({
      closeDate: 'Its close date, Thu 20 Nov, is past. AWS takes no update without a new one.',
    });
    expect(add('Demo', '2025-12-01', past)).toEqual({
      wish: {
        kind: 'update',
        base: { nextStep: 'Call the CTO', closeDate: '2025-11-20' },
        set: { nextStep: 'Demo', closeDate: '2025-12-01' },
      },
    });
  });

  test('both mistakes are told at once', () => {
    expect(Object.keys(errors(add('', '2025-11-20', past)))).toEqual(['text', 'closeDate']);
  });

  test.each([
    ['today', '2025-11-21', true],
    ['60 years ahead', '2085-11-21', true],
    ['a day more', '2085-11-22', false],
    ['yesterday', '2025-11-20', false],
    ['no date', 'next week', false],
    ['a day that does not exist', '2026-02-30', false],
    ['nothing, in a form', '  ', false],
  ])('%s', (_, closeDate, taken) => {
    expect('wish' in add('Demo', closeDate, past)).toBe(taken);
  });

  test('today is not past, and no date at all is not either', () => {
    expect(add('Demo', undefined, { closeDate: TODAY })).toHaveProperty('wish');
    const { closeDate: _, ...without } = opportunity();
    expect(addNextStep(without, 'Demo', TODAY)).toHaveProperty('wish');
  });

  test('the same date again is not sent', () => {
    expect(add('Demo', '2026-01-16')).toMatchObject({
      wish: { set: { nextStep: 'Demo' }, base: { nextStep: 'Call the CTO' } },
    });
    expect(add('Demo', '2026-01-16')).not.toHaveProperty('wish.set.closeDate');
  });
});

describe('a midnight in another time zone moves no close date by a day', () => {
  // 21 Nov 23:30 in Los Angeles is 22 Nov 16:30 in Tokyo.
  const now = new Date('2025-11-22T07:30:00Z');
  const due = opportunity({ closeDate: '2025-11-21' });
  test.each([
    ['America/Los_Angeles', true],
    ['Asia/Tokyo', false],
    ['UTC', false],
  ])('due today, by the day of %s', (timeZone, taken) => {
    const today = dayIn(now, timeZone);
    expect('wish' in addNextStep(due, 'Demo', today)).toBe(taken);
    expect('wish' in addNextStep(due, 'Demo', today, '2025-11-21')).toBe(taken);
  });
});

test('an update sets only what differs, and remembers what stood there', () => {
  expect(updateOf(opportunity(), { stage: 'Committed', closeDate: '2026-01-16', awsAccountId: '1' })).toEqual(
    {
      kind: 'update',
      base: { stage: 'Qualified' },
      set: { stage: 'Committed', awsAccountId: '1' },
    },
  );
});

test('open stages are all but Launched and Closed Lost', () => {
  expect(OPEN_STAGES).toEqual([
    'Prospect',
    'Qualified',
    'Technical Validation',
    'Business Validation',
    'Committed',
  ]);
  expect([
    isOpen({ stage: 'Committed' }),
    isOpen({ stage: 'Launched' }),
    isOpen({ stage: 'Closed Lost' }),
  ]).toEqual([true, false, false]);
});

test('the last next steps come newest first, whatever order AWS sent', () => {
  const steps = ['2025-01-02', '2025-03-01', '2025-02-01'].map((day) => ({
    text: day,
    at: `${day}T00:00:00Z`,
  }));
  expect(lastNextSteps(opportunity({ nextSteps: steps }), 2).map((step) => step.text)).toEqual([
    '2025-03-01',
    '2025-02-01',
  ]);
});
