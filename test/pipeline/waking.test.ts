import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayIn, hourIn } from '../../src/pipeline/calendar.ts';
import { holidaysOf } from '../../src/pipeline/holidays.ts';
import { nextWaking, type Sleeper, wakingAfter } from '../../src/pipeline/waking.ts';

const BERLIN: Sleeper = { timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5], country: 'DE' };
const AUSTIN: Sleeper = { timeZone: 'America/Chicago', workingDays: [1, 2, 3, 4, 5], country: 'US' };

const waking = async (at: string, who: Sleeper) => (await nextWaking(new Date(at), who)).toISOString();

describe('when somebody may be spoken to', () => {
  test.each([
    ['by day: at once', '2026-12-09T10:12:13.014Z', BERLIN, '2026-12-09T10:12:13.014Z'],
    ['at night: at eight', '2026-12-09T02:00:00Z', BERLIN, '2026-12-09T07:00:00.000Z'],
    ['in the evening: the next morning', '2026-12-09T18:00:00Z', BERLIN, '2026-12-10T07:00:00.000Z'],
    ['a minute before the evening: at once', '2026-12-09T17:59:00Z', BERLIN, '2026-12-09T17:59:00.000Z'],
    ['on Friday evening: on Monday', '2026-12-11T19:00:00Z', BERLIN, '2026-12-14T07:00:00.000Z'],
    ['on a Saturday: on Monday', '2026-12-12T11:00:00Z', BERLIN, '2026-12-14T07:00:00.000Z'],
    [
      'at Christmas: after the weekend that follows',
      '2026-12-25T11:00:00Z',
      BERLIN,
      '2026-12-28T07:00:00.000Z',
    ],
    ['Good Friday and Easter Monday: on Tuesday', '2026-04-03T09:00:00Z', BERLIN, '2026-04-07T06:00:00.000Z'],
    [
      '4 July on a Saturday: its Friday too is off',
      '2026-07-02T23:59:00Z',
      { ...AUSTIN, until: 7 },
      '2026-07-02T23:59:00.000Z',
    ],
    ['4 July on a Saturday: nobody on Friday', '2026-07-03T15:00:00Z', AUSTIN, '2026-07-06T13:00:00.000Z'],
    [
      '4 July is a Friday elsewhere',
      '2026-07-03T15:00:00Z',
      { ...AUSTIN, country: 'DE' },
      '2026-07-03T15:00:00.000Z',
    ],
    [
      'the night in which clocks go forward',
      '2026-03-29T00:30:00Z',
      { ...BERLIN, workingDays: [7] },
      '2026-03-29T06:00:00.000Z',
    ],
    [
      'the night in which clocks go back',
      '2026-10-25T00:30:00Z',
      { ...BERLIN, workingDays: [7] },
      '2026-10-25T07:00:00.000Z',
    ],
    [
      'an hour that is skipped: right after it',
      '2026-03-29T00:30:00Z',
      { ...BERLIN, workingDays: [7], until: 2 },
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'another country knows no such holiday',
      '2026-12-25T02:00:00Z',
      { ...BERLIN, country: 'XX' },
      '2026-12-25T07:00:00.000Z',
    ],
    [
      'a zone nobody knows counts as UTC',
      '2026-12-09T02:00:00Z',
      { ...BERLIN, timeZone: 'Moon/Base' },
      '2026-12-09T08:00:00.000Z',
    ],
    [
      'their own hours',
      '2026-12-09T02:00:00Z',
      { ...BERLIN, from: 22, until: 3 },
      '2026-12-09T02:00:00.000Z',
    ],
    [
      'hours within one day',
      '2026-12-09T11:30:00Z',
      { ...BERLIN, from: 12, until: 14 },
      '2026-12-09T13:00:00.000Z',
    ],
    [
      'no quiet hours at all',
      '2026-12-09T02:00:00Z',
      { ...BERLIN, from: 8, until: 8 },
      '2026-12-09T02:00:00.000Z',
    ],
  ])('%s', async (_, at, who, expected) => {
    expect(await waking(at, who)).toBe(expected);
  });

  test('a holiday of several days is one on each of them, half a day is none', async () => {
    const saudi = await holidaysOf('SA');
    expect(['2026-03-18', '2026-03-19', '2026-03-22', '2026-03-23'].map(saudi)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const china = await holidaysOf('CN');
    expect([china('2026-03-08'), china('2026-10-01')]).toEqual([false, true]);
  });
});

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/Chicago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
);
const sleepers = fc.record({
  timeZone: zones,
  workingDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  from: fc.integer({ min: 0, max: 23 }),
  until: fc.integer({ min: 0, max: 23 }),
});
const moments = fc
  .integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') })
  .map((at) => new Date(at));

const MINUTES = 5 * 60_000;

describe('for whoever, whenever', () => {
  const isHoliday = (day: string) => day.endsWith('-25');
  const isAwake = (at: Date, { timeZone, workingDays, from, until }: Required<Omit<Sleeper, 'country'>>) => {
    const day = dayIn(at, timeZone);
    const hour = hourIn(at, timeZone);
    const weekday = new Date(day).getUTCDay() || 7;
    const night = Array.from({ length: (until - from + 24) % 24 }, (_, nth) => (from + nth) % 24);
    return workingDays.includes(weekday) && !isHoliday(day) && !night.includes(hour);
  };

  test('it is a moment when they are awake, not before it was asked, and none before it would do', () => {
    fc.assert(
      fc.property(moments, sleepers, (at, who) => {
        const next = wakingAfter(at, who, isHoliday);
        expect(next.getTime()).toBeGreaterThanOrEqual(at.getTime());
        expect(isAwake(next, who)).toBe(true);
        for (let sooner = at.getTime(); sooner < next.getTime(); sooner += MINUTES)
          expect(isAwake(new Date(sooner), who)).toBe(false);
        expect(next.getTime() === at.getTime() || !isAwake(new Date(next.getTime() - 1), who)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('whose days off never end is spoken to all the same', () => {
    const at = new Date('2026-12-09T02:00:00Z');
    expect(wakingAfter(at, BERLIN, () => true)).toEqual(at);
  });
});
