/** When a digest comes, by the wall clock of its zone: over every night on which clocks are set. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayIn, hourIn } from '../../src/pipeline/calendar.ts';
import type { Day } from '../../src/pipeline/deal.ts';
import {
  cameInstead,
  digestsBetween,
  hourCalled,
  isLate,
  nextAfter,
  nextDigest,
  type Plan,
  planKey,
  sectionCalled,
} from '../../src/pipeline/schedule.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const daily = (timeZone: string, hour: number): Plan => ({ days: EVERY_DAY, hour, timeZone });
const next = (after: string, plan: Plan): string => nextDigest(new Date(after), plan).at.toISOString();

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Atlantic/Azores',
  'No/Such_Zone',
];

describe('the hour of a digest', () => {
  test('is the one on the wall, in summer and in winter', () => {
    expect(next('2026-07-01T00:00:00Z', daily('Europe/Berlin', 9))).toBe('2026-07-01T07:00:00.000Z');
    expect(next('2026-12-01T00:00:00Z', daily('Europe/Berlin', 9))).toBe('2026-12-01T08:00:00.000Z');
    expect(next('2026-12-01T00:00:00Z', daily('Asia/Kathmandu', 9))).toBe('2026-12-01T03:15:00.000Z');
    expect(next('2026-12-01T00:00:00Z', daily('America/New_York', 9))).toBe('2026-12-01T14:00:00.000Z');
  });

  test('comes at the first moment after the gap where a spring night leaves it out', () => {
    // 02:00 to 03:00 does not exist.
    expect(next('2026-03-28T12:00:00Z', daily('Europe/Berlin', 2))).toBe('2026-03-29T01:00:00.000Z');
    // Half an hour is left out: 02:00 to 02:30.
    expect(next('2026-10-03T12:00:00Z', daily('Australia/Lord_Howe', 2))).toBe('2026-10-03T15:30:00.000Z');
    // The day begins at 01:00.
    expect(next('2026-03-07T12:00:00Z', daily('America/Havana', 0))).toBe('2026-03-08T05:00:00.000Z');
  });

  test('that comes twice in an autumn night comes once, the first time', () => {
    const plan = daily('Europe/Berlin', 2);
    const first = nextDigest(new Date('2026-10-24T12:00:00Z'), plan);
    expect(first).toEqual({ day: '2026-10-25', at: new Date('2026-10-25T00:00:00.000Z') });
    expect(nextDigest(first.at, plan).day).toBe('2026-10-26');
  });

  test('a day that a zone left out brings none', () => {
    // Samoa went from the 29th to the 31st.
    const came = digestsBetween(
      new Date('2011-12-28T00:00:00Z'),
      new Date('2012-01-02T00:00:00Z'),
      daily('Pacific/Apia', 9),
      9,
    );
    expect(came.map(({ day }) => day)).toEqual([
      '2011-12-28',
      '2011-12-29',
      '2011-12-31',
      '2012-01-01',
      '2012-01-02',
    ]);
  });

  test('in every zone it is the first moment of its day at which the clock shows that hour or a later one, once a day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 0, max: 23 }),
        fc.date({ min: new Date('2024-01-01'), max: new Date('2029-01-01'), noInvalidDate: true }),
        (timeZone, hour, after) => {
          const plan = daily(timeZone, hour);
          const one = nextDigest(after, plan);
          const two = nextDigest(one.at, plan);
          expect(one.at > after).toBe(true);
          expect(two.day).toBe(addDays(one.day, 1));
          const shows = (at: number) => {
            const then = new Date(at);
            return dayIn(then, timeZone) === one.day && hourIn(then, timeZone) >= hour;
          };
          expect(shows(one.at.getTime())).toBe(true);
          expect(shows(one.at.getTime() - 60_000)).toBe(false);
          // Nowhere earlier on that day either, also not in the hour that comes twice.
          for (let back = 1; back < 27; back++)
            expect(shows(one.at.getTime() - back * 3_600_000)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the days of a digest', () => {
  test('are those of the plan, by the calendar of its zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 23 }),
        fc.date({ min: new Date('2024-01-01'), max: new Date('2029-01-01'), noInvalidDate: true }),
        (timeZone, days, hour, after) => {
          const { day, at } = nextDigest(after, { days, hour, timeZone });
          expect(dayIn(at, timeZone)).toBe(day);
          expect(days).toContain(new Date(`${day}T00:00:00Z`).getUTCDay() || 7);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a pause ends on its day; without any day they are Monday to Friday', () => {
    const plan = { days: [], hour: 9, timeZone: 'UTC' };
    expect(next('2026-11-20T10:00:00Z', plan)).toBe('2026-11-23T09:00:00.000Z');
    expect(next('2026-11-20T10:00:00Z', { ...plan, pausedUntil: '2026-12-03' })).toBe(
      '2026-12-03T09:00:00.000Z',
    );
    expect(next('2026-11-20T10:00:00Z', { ...plan, pausedUntil: '2026-11-02' })).toBe(
      '2026-11-23T09:00:00.000Z',
    );
  });

  test('one that had its digest has no second one', () => {
    const plan = daily('UTC', 15);
    const now = new Date('2026-11-20T10:00:00Z');
    expect(nextAfter(now, plan, '2026-11-20').day).toBe('2026-11-21');
    expect(nextAfter(now, plan, '2026-11-19').day).toBe('2026-11-20');
    expect(nextAfter(now, plan, null).day).toBe('2026-11-20');
  });

  test('one that a clock which was ahead has planned holds up nothing; a zone may be a day ahead', () => {
    const plan = daily('UTC', 15);
    const now = new Date('2026-11-20T10:00:00Z');
    expect(nextAfter(now, plan, '2027-11-20').day).toBe('2026-11-20');
    expect(nextAfter(now, plan, '2026-11-22').day).toBe('2026-11-20');
    expect(nextAfter(now, plan, '2026-11-21').day).toBe('2026-11-22');
  });

  test('by another plan a morning of the last three hours comes, unless that day had one', () => {
    const days = (now: string, lastDay: Day | null) =>
      cameInstead(new Date(now), daily('UTC', 9), lastDay).map(({ day }) => day);
    expect(days('2026-11-20T09:00:00Z', '2026-11-19')).toEqual(['2026-11-20']);
    expect(days('2026-11-20T12:00:00Z', null)).toEqual(['2026-11-20']);
    expect(days('2026-11-20T12:00:01Z', null)).toEqual([]);
    expect(days('2026-11-20T08:59:00Z', null)).toEqual([]);
    expect(days('2026-11-20T10:00:00Z', '2026-11-20')).toEqual([]);
    expect(days('2026-11-20T10:00:00Z', '2026-11-21')).toEqual([]);
    expect(days('2026-11-20T10:00:00Z', '2027-11-20')).toEqual(['2026-11-20']);
  });

  test('of a longer sleep the last few are named', () => {
    const came = digestsBetween(
      new Date('2026-11-01T00:00:00Z'),
      new Date('2026-11-20T09:00:00Z'),
      daily('UTC', 9),
      2,
    );
    expect(came.map(({ day }) => day)).toEqual(['2026-11-19', '2026-11-20']);
  });
});

test('three hours late is sent, more is not', () => {
  const due = new Date('2026-11-20T09:00:00Z');
  expect(isLate(due, new Date('2026-11-20T12:00:00Z'))).toBe(false);
  expect(isLate(due, new Date('2026-11-20T12:00:01Z'))).toBe(true);
});

test('a plan is known by zone, days, hour and pause', () => {
  const plan = daily('UTC', 9);
  const keys = [
    plan,
    { ...plan, hour: 8 },
    { ...plan, days: [1] },
    { ...plan, pausedUntil: '2026-12-01' },
    daily('Asia/Tokyo', 9),
  ].map(planKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test('an hour is a full one', () => {
  const said = ['8', '08:00', '8 am', '5pm', '12 am', '12pm', '0', '23', '24', '8:30', '13 pm', 'nine', ''];
  expect(said.map(hourCalled)).toEqual([8, 8, 8, 17, 0, 12, 0, 23, ...Array(5).fill(undefined)]);
});

test('a section is called by its name, its title or the beginning of one', () => {
  expect(['stale', 'Past close', 'past-close', 'no update', 'Action Required'].map(sectionCalled)).toEqual([
    'stale',
    'past-close',
    'past-close',
    'stale',
    'action-required',
  ]);
  expect(['flagged', 'florb', '', 'p', 're'].map(sectionCalled)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'rejected',
  ]);
});
