/** Which moments of a reminder can be chosen on what is pending. */
import { describe, expect, test } from '@jest/globals';
import { deadlineOf, momentsFor, reminderError } from '../../src/pipeline/reminder.ts';
import { NOW, referral } from './samples.ts';

/** AWS asks by Wed 26 Nov 09:00 UTC; it expires on Thu 4 Dec 09:00. */
const deal = referral();
const LATER = new Date('2025-11-27T12:00:00Z');
const error = (at: string, now = NOW) => reminderError(at, deal, now, 'UTC');

describe('a reminder', () => {
  test('comes within AWS’s 5 business days while these last, then before the invitation ends', () => {
    expect(deadlineOf(deal, NOW)).toBe('2025-11-26T09:00:00.000Z');
    expect(deadlineOf(deal, LATER)).toBe('2025-12-04T09:00:00.000Z');
    expect(error('2025-11-27T09:00:00.000Z')).toBe(
      'AWS’s 5 business days for it end Wed 26 Nov 09:00. The latest is Wed 26 Nov 08:50.',
    );
    expect(error('2025-12-04T09:00:00.000Z', LATER)).toBe(
      'It is lost Thu 4 Dec 09:00. The latest is Thu 4 Dec 08:50.',
    );
  });

  test('leaves the last ten minutes: it rings after its moment, and somebody has to answer', () => {
    expect(error('2025-11-26T08:50:00.000Z')).toBeUndefined();
    expect(error('2025-11-26T08:50:01.000Z')).toContain('The latest is Wed 26 Nov 08:50.');
    expect(error('2025-11-26T08:59:00.000Z', new Date('2025-11-26T08:55:00Z'))).toBe(
      'AWS’s 5 business days for it end 09:00. Decide now.',
    );
  });

  test('calls lost only what AWS takes away, also in what is offered', () => {
    const last = (now: Date) => momentsFor(deal, now, 'UTC').at(-1);
    expect(last(NOW)).toEqual({
      at: '2025-11-26T08:00:00.000Z',
      called: 'An hour before AWS’s 5 business days end',
    });
    expect(last(LATER)).toEqual({ at: '2025-12-04T08:00:00.000Z', called: 'An hour before it is lost' });
  });
});
