import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  acceptBy,
  addDays,
  businessDaysAgo,
  businessDaysSince,
  businessTimeLeft,
  dayIn,
  daysBetween,
  dueAt,
  isDay,
  monthOf,
  plainDay,
  plainMoment,
  quarterOf,
  startOfDay,
  timeLeft,
} from '../../src/pipeline/calendar.ts';

describe('AWS asks for an answer within 5 business days', () => {
  test.each([
    ['Monday', '2025-11-17T10:00:00Z', '2025-11-24T10:00:00.000Z'],
    ['Wednesday', '2025-11-19T09:30:00Z', '2025-11-26T09:30:00.000Z'],
    ['Friday', '2025-11-21T15:00:00Z', '2025-11-28T15:00:00.000Z'],
    ['the last minute of Friday', '2025-11-21T23:59:00Z', '2025-11-28T23:59:00.000Z'],
    ['Saturday', '2025-11-22T15:00:00Z', '2025-12-01T00:00:00.000Z'],
    ['Sunday', '2025-11-23T23:59:59Z', '2025-12-01T00:00:00.000Z'],
    ['the first minute of Monday', '2025-11-24T00:00:00Z', '2025-12-01T00:00:00.000Z'],
    ['Christmas week, no holiday considered', '2025-12-22T10:00:00Z', '2025-12-29T10:00:00.000Z'],
    ['a week in which Europe sets its clocks', '2026-03-26T23:30:00Z', '2026-04-02T23:30:00.000Z'],
    ['a moment with an offset, on Monday in UTC', '2025-11-23T23:30:00-05:00', '2025-12-01T04:30:00.000Z'],
    ['a moment with microseconds', '2025-11-03T03:12:02.078035+00:00', '2025-11-10T03:12:02.078Z'],
  ])('invited on %s', (_, invited, due) => {
    expect(acceptBy(invited)).toBe(due);
  });
});

describe('what is pending is due', () => {
  const invitedAt = '2025-11-19T09:00:00Z';
  test.each([
    [
      'by AWS’s 5 business days where they end first',
      'aws',
      '2025-12-04T09:00:00Z',
      '2025-11-26T09:00:00.000Z',
    ],
    ['when it expires where that is earlier', 'aws', '2025-11-21T09:00:00+01:00', '2025-11-21T08:00:00.000Z'],
    [
      'only when it expires where a partner sent it',
      '123456789012',
      '2025-12-04T09:00:00Z',
      '2025-12-04T09:00:00.000Z',
    ],
  ])('%s', (_, account, expiresAt, due) => {
    expect(dueAt({ invitedAt, expiresAt, sender: { account } })).toBe(due);
  });
});

describe('time left', () => {
  const now = new Date('2025-11-21T12:00:00Z');
  test.each([
    ['2025-12-03T13:00:00Z', '12 days left'],
    ['2025-11-23T12:00:00Z', '2 days left'],
    ['2025-11-23T11:59:00Z', '47 h left'],
    ['2025-11-21T13:00:00Z', '1 h left'],
    ['2025-11-21T12:59:59Z', '59 min left'],
    ['2025-11-21T12:00:30Z', '0 min left'],
    ['2025-11-21T12:00:00Z', 'over for 0 min'],
    ['2025-11-21T07:00:00Z', 'over for 5 h'],
    ['2025-11-18T07:00:00Z', 'over for 3 days'],
  ])('until %s is %j, never rounded up', (until, words) => {
    expect(timeLeft(until, now)).toBe(words);
  });

  test.each([
    ['2025-11-21T15:00:00Z', '2025-11-28T15:00:00Z', '5 business days left'],
    ['2025-11-21T15:00:01Z', '2025-11-28T15:00:00Z', '4 business days left'],
    ['2025-11-22T03:00:00Z', '2025-11-28T15:00:00Z', '4 business days left'],
    ['2025-11-27T12:00:00Z', '2025-11-28T15:00:00Z', '1 business day left'],
    ['2025-11-28T12:00:00Z', '2025-11-28T15:00:00Z', '3 h left'],
    ['2025-11-28T18:00:00Z', '2025-12-01T15:00:00Z', '2 days left'],
    ['2025-11-30T18:00:00Z', '2025-12-01T15:00:00Z', '21 h left'],
    ['2025-12-01T16:00:00Z', '2025-12-01T15:00:00Z', 'over for 1 h'],
  ])('on AWS’s clock from %s to %s is %j, weekends not counted', (from, until, words) => {
    expect(businessTimeLeft(until, new Date(from))).toBe(words);
  });
});

describe('days', () => {
  test.each([
    ['2025-11-21T10:59:00Z', 'Pacific/Auckland', '2025-11-21'],
    ['2025-11-21T11:01:00Z', 'Pacific/Auckland', '2025-11-22'],
    ['2025-11-21T07:59:00Z', 'America/Los_Angeles', '2025-11-20'],
    ['2025-11-21T08:01:00Z', 'America/Los_Angeles', '2025-11-21'],
    ['2026-03-28T23:30:00Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T22:30:00Z', 'Europe/Berlin', '2026-03-30'],
    ['2026-10-25T22:30:00Z', 'Europe/Berlin', '2026-10-25'],
    ['2025-12-31T18:45:00Z', 'Asia/Kolkata', '2026-01-01'],
    ['2025-11-21T23:59:00Z', 'UTC', '2025-11-21'],
    ['2025-11-21T23:59:00Z', 'Not/AZone', '2025-11-21'],
  ])('%s is, in %s, the day %s', (now, timeZone, day) => {
    expect(dayIn(new Date(now), timeZone)).toBe(day);
  });

  test.each([
    ['2025-11-21', '2025-11-28', 7],
    ['2026-03-28', '2026-03-30', 2],
    ['2025-11-21', '2025-11-20', -1],
    ['2024-02-28', '2024-03-01', 2],
  ])('from %s to %s they are counted whole, whatever the clocks do', (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
    expect(addDays(from, days)).toBe(to);
  });

  test.each([
    ['2025-11-28', 'Fri 28 Nov'],
    ['2026-09-01', 'Tue 1 Sep 2026'],
    ['soon', 'soon'],
  ])('%s is written %j', (day, words) => {
    expect(plainDay(day, '2025-11-21')).toBe(words);
  });

  test.each(['2026-02-29', '2025-13-01', '2025-1-1', '28 Nov', '', '2025-11-31'])('%j is no day', (text) => {
    expect(isDay(text)).toBe(false);
  });

  test('a moment is told in the reader’s zone, with its day unless that is today', () => {
    const now = new Date('2025-11-21T12:00:00Z');
    expect(plainMoment('2025-11-21T13:05:00Z', now, 'Europe/Berlin')).toBe('14:05');
    expect(plainMoment('2025-11-20T23:30:00Z', now, 'Europe/Berlin')).toBe('00:30');
    expect(plainMoment('2025-11-20T22:30:00Z', now, 'Europe/Berlin')).toBe('Thu 20 Nov 23:30');
    expect(plainMoment('2025-11-21T13:05:00Z', now, 'Pacific/Auckland')).toBe('02:05');
  });
});

describe('business days gone by', () => {
  const now = new Date('2025-11-21T12:00:00Z');
  test.each([
    ['on Friday noon, ten back is a Friday noon', '2025-11-21T12:00:00Z', 10, '2025-11-07T12:00:00.000Z'],
    ['on a Sunday the weekend has not counted', '2025-11-23T12:00:00Z', 1, '2025-11-21T00:00:00.000Z'],
    ['on Monday morning', '2025-11-24T10:00:00Z', 1, '2025-11-21T10:00:00.000Z'],
    ['back to the end of a week', '2025-11-25T00:00:00Z', 1, '2025-11-22T00:00:00.000Z'],
    ['none at all', '2025-11-21T12:00:00Z', 0, '2025-11-21T12:00:00.000Z'],
  ])('%s', (_, at, days, ago) => {
    expect(businessDaysAgo(days, new Date(at))).toBe(ago);
  });

  test('are whole days', () => {
    expect(businessDaysSince('2025-11-07T12:00:00Z', now)).toBe(10);
    expect(businessDaysSince('2025-11-07T12:00:01Z', now)).toBe(9);
    expect(businessDaysSince('2025-11-22T12:00:00Z', now)).toBe(0);
  });

  test('what began before that moment has lasted longer, what began later has not', () => {
    const base = Date.parse('2025-10-01T00:00:00Z') / QUARTER;
    const quarters = (most: number) => fc.integer({ min: 0, max: most });
    fc.assert(
      fc.property(quarters(700), quarters(2000), fc.integer({ min: 0, max: 12 }), (ahead, back, days) => {
        const [then, began] = [base + ahead, base + ahead - back];
        let worked = 0;
        for (let at = began; at < then; at++) if (isWorkday(at)) worked++;
        const before = businessDaysAgo(days, new Date(then * QUARTER));
        expect(began * QUARTER < Date.parse(before)).toBe(worked > days * 96);
      }),
    );
  });
});

/** Of an hour, in ms. */
const QUARTER = 900_000;
const isWorkday = (quarter: number): boolean => ![0, 6].includes(new Date(quarter * QUARTER).getUTCDay());

describe('calendar months and quarters', () => {
  test.each([
    ['2025-11-21', '2025-11-01', '2025-11-30', '2025-10-01', '2025-12-31'],
    ['2024-02-29', '2024-02-01', '2024-02-29', '2024-01-01', '2024-03-31'],
    ['2025-01-01', '2025-01-01', '2025-01-31', '2025-01-01', '2025-03-31'],
    ['2025-12-31', '2025-12-01', '2025-12-31', '2025-10-01', '2025-12-31'],
    ['2025-06-30', '2025-06-01', '2025-06-30', '2025-04-01', '2025-06-30'],
  ])('of %s', (day, monthFirst, monthLast, quarterFirst, quarterLast) => {
    expect(monthOf(day)).toEqual({ first: monthFirst, last: monthLast });
    expect(quarterOf(day)).toEqual({ first: quarterFirst, last: quarterLast });
  });
});

describe('a day begins', () => {
  test.each([
    ['in UTC', '2025-10-01', 'UTC', '2025-10-01T00:00:00.000Z'],
    ['ahead of UTC', '2025-10-01', 'Asia/Kathmandu', '2025-09-30T18:15:00.000Z'],
    ['behind UTC', '2025-10-01', 'America/Los_Angeles', '2025-10-01T07:00:00.000Z'],
    ['at the far end', '2025-10-01', 'Pacific/Kiritimati', '2025-09-30T10:00:00.000Z'],
    ['an hour later where clocks skip midnight', '2025-04-25', 'Africa/Cairo', '2025-04-24T22:00:00.000Z'],
    ['where midnight comes twice', '2025-10-31', 'Africa/Cairo', '2025-10-30T22:00:00.000Z'],
    ['on a day on which clocks are set', '2025-10-26', 'Europe/Berlin', '2025-10-25T22:00:00.000Z'],
    ['in a zone nobody knows, as in UTC', '2025-10-01', 'Mars/Base', '2025-10-01T00:00:00.000Z'],
  ])('%s', (_, day, timeZone, at) => {
    expect(startOfDay(day, timeZone)).toBe(at);
    expect(dayIn(new Date(at), timeZone)).toBe(day);
    expect(dayIn(new Date(Date.parse(at) - 1), timeZone) < day).toBe(true);
  });
});
