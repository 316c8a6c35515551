import { describe, expect, test } from '@jest/globals';
import { isPsf, leadStatus, leadStatusOf, updateLead } from '../../src/pipeline/lead.ts';
import { lead, offeredLead } from './samples.ts';

const AT = '2025-11-21T12:00:00.000Z';
const update = (said: Parameters<typeof updateLead>[1], qualification = 'Research') =>
  updateLead(lead({ qualification }), said, AT);
const errors = (result: ReturnType<typeof updateLead>) => ('errors' in result ? result.errors : {});

describe('updating a lead', () => {
  test('the status, from what it was', () => {
    expect(update({ status: ' qualified ' })).toEqual({
      wish: { kind: 'update-lead', base: { status: 'Research' }, set: { status: 'Qualified' } },
    });
  });

  test('what happened, with the moment it was said', () => {
    expect(update({ happened: ' Called\u202E the CTO ' })).toEqual({
      wish: {
        kind: 'update-lead',
        base: { status: 'Research' },
        set: {},
        interaction: { customerAction: 'Called the CTO', at: AT },
      },
    });
  });

  test('both at once; a status that stands is left out', () => {
    expect(update({ status: 'Qualified', happened: 'Met' })).toMatchObject({
      wish: { set: { status: 'Qualified' }, interaction: { customerAction: 'Met' } },
    });
    expect(update({ status: 'Research', happened: 'Met' })).toMatchObject({ wish: { set: {} } });
  });

  test('AWS’s own word for a status is its base', () => {
    expect(update({ status: 'Open' }, 'Nurturing')).toMatchObject({
      wish: { base: { status: 'Nurturing' } },
    });
    expect(updateLead({}, { status: 'Qualified' }, AT)).toMatchObject({ wish: { base: {} } });
  });

  test.each([
    ['the status it has', { status: 'Research' }, 'status'],
    ['nothing at all', {}, 'status'],
    ['only invisible characters', { happened: ' \u200B' }, 'status'],
    ['a status of our own', { status: 'Won' }, 'status'],
    ['256 characters', { happened: 'x'.repeat(256) }, 'happened'],
    ['256 emoji', { status: 'Qualified', happened: '😀'.repeat(256) }, 'happened'],
  ])('%s is refused with words beside its field', (_, said, field) => {
    expect(Object.keys(errors(update(said)))).toEqual([field]);
  });

  test.each([
    ['255 letters', 'x'.repeat(255)],
    ['255 emoji, though 510 UTF-16 units', '😀'.repeat(255)],
    ['255 after a combining accent found its letter', `${'x'.repeat(254)}e\u0301`],
  ])('%s fit', (_, happened) => {
    expect(update({ happened })).toHaveProperty('wish');
  });
});

test('a status is heard in any case, and nothing else is', () => {
  expect(['OPEN', 'disqualified ', 'dis', ''].map(leadStatusOf)).toEqual([
    'Open',
    'Disqualified',
    undefined,
    undefined,
  ]);
});

test('until it is accepted its status is the invitation’s', () => {
  expect([leadStatus(offeredLead()), leadStatus(lead())]).toEqual(['pending acceptance', 'Research']);
});

test.each([
  [{ source: 'AWS Partner Solutions Finder' }, true],
  [{ campaign: 'PSF inbound' }, true],
  [{ source: 'Campaign', campaign: 'Psfinder days' }, false],
  [{}, false],
])('%j is from the Partner Solutions Finder: %s', (it, expected) => {
  expect(isPsf(it)).toBe(expected);
});
