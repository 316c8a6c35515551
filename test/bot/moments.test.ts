import { describe, expect, test } from '@jest/globals';
import { momentCalled } from '../../src/bot/moments.ts';

/** A Thursday, 10:12 in Berlin. */
const NOW = new Date('2025-11-20T09:12:00Z');
const berlin = (text: string, now = NOW) => momentCalled(text, now, 'Europe/Berlin');

describe('a moment in words', () => {
  test.each([
    ['in two hours', '2025-11-20T11:12:00.000Z'],
    ['in 30 minutes', '2025-11-20T09:42:00.000Z'],
    ['in half an hour', '2025-11-20T09:42:00.000Z'],
    ['for 3 hours', '2025-11-20T12:12:00.000Z'],
    ['in 3 days', '2025-11-23T08:00:00.000Z'],
    ['Thursday', '2025-11-27T08:00:00.000Z'],
    ['thu 14:00', '2025-11-20T13:00:00.000Z'],
    ['on Friday', '2025-11-21T08:00:00.000Z'],
    ['until Monday', '2025-11-24T08:00:00.000Z'],
    ['tomorrow', '2025-11-21T08:00:00.000Z'],
    ['tomorrow 9', '2025-11-21T08:00:00.000Z'],
    ['tomorrow at 2pm', '2025-11-21T13:00:00.000Z'],
    ['tomorrow afternoon', '2025-11-21T13:00:00.000Z'],
    ['this afternoon', '2025-11-20T13:00:00.000Z'],
    ['tonight', '2025-11-20T19:00:00.000Z'],
    ['at 14', '2025-11-20T13:00:00.000Z'],
    ['at 9', '2025-11-21T08:00:00.000Z'],
    ['next week', '2025-11-24T08:00:00.000Z'],
    ['28 Nov', '2025-11-28T08:00:00.000Z'],
    ['Fri 28 Nov 09:00', '2025-11-28T08:00:00.000Z'],
    ['Friday, 28 November', '2025-11-28T08:00:00.000Z'],
    ['2025-12-01', '2025-12-01T08:00:00.000Z'],
    ['2025-12-01 14:30', '2025-12-01T13:30:00.000Z'],
  ])('“%s”', (text, at) => {
    expect(berlin(text)).toBe(at);
  });

  test.each([
    'florb',
    '12/11/2026',
    '28.11. 14:00',
    'Thursday to Friday',
    'tomorrow call them',
    'Sat 28 Nov 09:00',
    'Friday, 29 November',
    'Fri 2025-11-29 09:00',
    '',
    'x'.repeat(500),
  ])('“%s” is none', (text) => {
    expect(berlin(text)).toBeUndefined();
  });

  test('hours are counted by the clock, days by the wall: on the nights when clocks are set', () => {
    const spring = new Date('2026-03-28T23:30:00Z');
    expect(berlin('in two hours', spring)).toBe('2026-03-29T01:30:00.000Z');
    expect(berlin('today at 14:00', spring)).toBe('2026-03-29T12:00:00.000Z');
    // Skipped: later by what is skipped. Twice: the first.
    expect(berlin('at 2:30', spring)).toBe('2026-03-29T01:30:00.000Z');
    expect(berlin('tomorrow at 2:30', new Date('2026-10-24T10:00:00Z'))).toBe('2026-10-25T00:30:00.000Z');
  });

  test('an unknown zone counts as UTC', () => {
    expect(momentCalled('tomorrow', NOW, 'Mars/Olympus')).toBe('2025-11-21T09:00:00.000Z');
  });
});
