/** The reason of a rejection, as AWS takes it: 1 to 80 printable characters. */
import { describe, expect, test } from '@jest/globals';
import { REJECTION_REASONS } from '../../src/pipeline/picklists.ts';
import { readRejection, rejectionText } from '../../src/pipeline/rejection.ts';
import { length } from '../../src/pipeline/text.ts';

const AWS = /^[\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD]{1,80}$/;
const said = (reason?: string, own?: string) => rejectionText(readRejection(reason, own));

describe('what AWS reads', () => {
  test.each(REJECTION_REASONS)('%s, in any case, is sent as AWS spells it', (reason) => {
    expect(said(reason.toUpperCase())).toEqual({ text: reason });
    expect(said(` ${reason}\n`)).toEqual({ text: reason });
  });

  test.each([
    ['Unable to support', 'no team in Peru', 'Unable to support: no team in Peru'],
    ['Other', 'they chose somebody else', 'they chose somebody else'],
    ['they chose somebody else', undefined, 'they chose somebody else'],
    [undefined, 'no\u0000 budget\nthis year', 'no budget this year'],
    ['Other', '', 'Other'],
    ['Zu klein für uns', undefined, 'Zu klein für uns'],
  ])('%j and %j: %j', (reason, own, text) => {
    expect(said(reason, own)).toEqual({ text });
    expect(text).toMatch(AWS);
  });
});

describe('what it does not take', () => {
  test('nothing at all', () => {
    for (const nothing of [undefined, '', ' \n\u200B'])
      expect(said(nothing)).toEqual({ errors: { reason: expect.stringContaining('Choose why') } });
  });

  test('more than 80 code points, the reason in front included', () => {
    expect(said(undefined, 'é'.repeat(80))).toEqual({ text: 'é'.repeat(80) });
    expect(said(undefined, 'e\u0301'.repeat(80))).toEqual({ text: 'é'.repeat(80) });
    expect(said(undefined, 'x'.repeat(81))).toEqual({
      errors: { own: '1 too many: AWS takes 80 characters. Please shorten it.' },
    });
    const room = 80 - length('Next steps unclear: ');
    expect(said('Next steps unclear', 'x'.repeat(room))).toHaveProperty('text');
    expect(said('Next steps unclear', 'x'.repeat(room + 2))).toEqual({
      errors: {
        own: '2 too many: AWS takes 80 characters, the reason in front included. Please shorten it.',
      },
    });
  });

  test('emoji: it says which, and the rest of the text is kept by the form', () => {
    expect(said(undefined, 'no budget 😀 here')).toEqual({
      errors: { own: 'AWS takes no emoji or rare signs here, such as “😀”. Leave it out.' },
    });
  });
});
