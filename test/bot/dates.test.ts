import { describe, expect, test } from '@jest/globals';
import { dayCalled, withPlainDates } from '../../src/bot/dates.ts';

const friday = new Date('2025-11-21T10:30:00Z');
const inBerlin = (text: string) => withPlainDates(text, friday, 'Europe/Berlin');

describe('relative days become plain ones', () => {
  test.each([
    ['demo with the CFO next Friday', 'demo with the CFO Fri 28 Nov'],
    ['demo tomorrow at 15:00, then contract', 'demo Sat 22 Nov at 15:00, then contract'],
    ['TOMORROW: call', 'Sat 22 Nov: call'],
    ['call on Thursday 3pm', 'call on Thu 27 Nov 3pm'],
    ['call Thursday 10:30 h', 'call Thu 27 Nov 10:30 h'],
    ['send the offer in two weeks', 'send the offer Fri 5 Dec'],
    ['POC ends in 3 days', 'POC ends Mon 24 Nov'],
    ['review in a month', 'review Sun 21 Dec'],
    ['review in 8 weeks', 'review Fri 16 Jan 2026'],
    ['two weeks from now: sign', 'Fri 5 Dec: sign'],
    ['workshop the day after tomorrow', 'workshop Sun 23 Nov'],
    ['as agreed yesterday, they sign Monday', 'as agreed Thu 20 Nov, they sign Mon 24 Nov'],
    ['spoke last Friday', 'spoke Fri 14 Nov'],
    ['met 2 days ago', 'met Wed 19 Nov'],
    ['Tuesday next week we meet', 'Tue 25 Nov we meet'],
    ['this coming Tuesday', 'Tue 25 Nov'],
    ['by next wed', 'by Wed 26 Nov'],
    ['Thu or Tue', 'Thu 27 Nov or Tue 25 Nov'],
    ['prepare tomorrow’s demo', 'prepare Sat 22 Nov’s demo'],
    ['today they decide', 'Fri 21 Nov they decide'],
    ['Wednesday to Monday: tests', 'Wed 26 Nov to Mon 1 Dec: tests'],
    ['Friday', 'Fri 21 Nov'],
    ['first line\nnext Monday', 'first line\nMon 24 Nov'],
    ['tomorrow may work', 'Sat 22 Nov may work'],
  ])('%j → %j', (typed, plain) => {
    expect(inBerlin(typed)).toBe(plain);
  });
});

describe('what is no relative day stays as typed', () => {
  test.each([
    '',
    'security review with the CISO',
    'They may sign in march, on the second of the talks',
    'upgrade to version 2.5.1, then 1.2 and v10.2.3',
    'demo on 28 Nov at 10:00',
    'demo on 2025-11-28',
    'demo Fri 28 Nov',
    'demo Friday, 28 November at 3pm',
    'demo Friday the 28th',
    'demo Friday (28 Nov)',
    'demo 28 Nov (Friday)',
    'demo on 28.11.2025, Friday',
    'call at 3pm, 2nd attempt',
    'demo next week, contract next month, launch next quarter',
    'status call every Friday and each Monday',
    'Fridays are busy',
    'Black Friday campaign, Cyber Monday traffic',
    'migrate the Monday.com boards',
    'meet the Sunday Ltd people',
    'an article in USA Today, offer for Bank Tomorrow',
    'we sat with the CFO, sun is out, wed to Oracle, mon ami',
    'Friday week',
    'two weeks from tomorrow',
    'the last Friday of the month',
    'first Monday of December',
    'mid-Friday sync',
    'mail friday@acme.example or @tomorrow',
    'in 2 hours, in 10 business days, within two weeks',
    'second Friday',
    'trial of 3 weeks',
  ])('%j', (typed) => {
    expect(inBerlin(typed)).toBe(typed);
  });

  test('writing the days out twice changes nothing more', () => {
    for (const text of [
      'next Friday 3pm',
      'Monday to Wednesday',
      'tomorrow’s demo',
      'in 8 weeks, then Friday',
    ])
      expect(inBerlin(inBerlin(text))).toBe(inBerlin(text));
  });

  test('a long hostile text is read without getting stuck', () => {
    for (const piece of ['Friday ', 'next ', '28 Nov ', '1.1.', '((((', 'in 1 ', 'day '])
      expect(inBerlin(piece.repeat(2000 / piece.length)).length).toBeGreaterThan(0);
  });
});

describe('one day, said in words', () => {
  test.each([
    ['today', '2025-11-21'],
    ['Tomorrow', '2025-11-22'],
    ['yesterday', '2025-11-20'],
    ['next friday', '2025-11-28'],
    ['on Monday', '2025-11-24'],
    ['in two weeks', '2025-12-05'],
    ['2026-02-28', '2026-02-28'],
    ['28 Nov', '2025-11-28'],
    ['by 31 December', '2025-12-31'],
    ['Jan 31', '2026-01-31'],
    ['Fri 28 Nov 2025', '2025-11-28'],
    ['March 3rd, 2026', '2026-03-03'],
    ['Friday, 28 November', '2025-11-28'],
    ['Fri 2025-11-28', '2025-11-28'],
  ])('%j is %s', (said, day) => {
    expect(dayCalled(said, friday, 'Europe/Berlin')).toBe(day);
  });

  test.each([
    ...['', 'soon', 'next week', 'November', '2026-02-30', '12/11/2026', '12.11.2026', '28', '3pm', 'Q4'],
    ...[
      'Monday to Friday',
      '28 Nov or so',
      'today and tomorrow',
      'end of the year',
      '29 Feb 2027',
      'in 2 hours',
    ],
  ])('%j is none', (said) => {
    expect(dayCalled(said, friday, 'Europe/Berlin')).toBeUndefined();
  });

  test.each([
    ...['Sat 28 Nov', 'Fri 29 Nov', 'Friday, 29 November', 'Thu Nov 28 2025', 'Mon 2025-11-28', 'Fri 21 Oct'],
  ])('a weekday that is not that of its date is no day: %j', (said) => {
    expect(dayCalled(said, friday, 'Europe/Berlin')).toBeUndefined();
  });

  test('it is the day of whoever says it', () => {
    const late = new Date('2026-01-01T02:00:00Z');
    expect(dayCalled('today', late, 'America/New_York')).toBe('2025-12-31');
    expect(dayCalled('3 January', late, 'Pacific/Auckland')).toBe('2026-01-03');
  });
});

describe('the day that counts is the person’s own', () => {
  const lateInAuckland = new Date('2025-11-20T10:30:00Z'); // Thu 23:30 there, still Thu morning in London
  const earlyInAuckland = new Date('2025-11-20T11:30:00Z'); // Fri 00:30 there
  const newYearsEve = new Date('2026-01-01T02:00:00Z'); // still Wed 31 Dec in New York
  test.each([
    ['tomorrow', lateInAuckland, 'Pacific/Auckland', 'Fri 21 Nov'],
    ['tomorrow', earlyInAuckland, 'Pacific/Auckland', 'Sat 22 Nov'],
    ['tomorrow', earlyInAuckland, 'Europe/London', 'Fri 21 Nov'],
    ['tomorrow', earlyInAuckland, 'America/Los_Angeles', 'Fri 21 Nov'],
    ['today', newYearsEve, 'America/New_York', 'Wed 31 Dec'],
    ['tomorrow', newYearsEve, 'America/New_York', 'Thu 1 Jan 2026'],
    ['today', newYearsEve, 'Europe/London', 'Thu 1 Jan'],
    ['yesterday', newYearsEve, 'Europe/London', 'Wed 31 Dec 2025'],
    ['next Friday', lateInAuckland, 'Pacific/Auckland', 'Fri 28 Nov'],
    ['tomorrow', new Date('2025-03-29T23:30:00Z'), 'Europe/Berlin', 'Mon 31 Mar'], // the night the clocks change
    ['tomorrow', lateInAuckland, 'Nowhere/At-All', 'Fri 21 Nov'],
  ])('%s at %j in %s is %s', (typed, now, zone, plain) => {
    expect(withPlainDates(typed, now, zone)).toBe(plain);
  });
});
