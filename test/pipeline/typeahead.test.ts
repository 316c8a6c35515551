import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitting } from '../../src/pipeline/typeahead.ts';

const NAMES = [
  'Ana Silva',
  'Łukasz Żółć',
  'Silvia Anand',
  'Bjørn Straße',
  'Ĳsbrand O’Neil',
  '李 小龍',
  'Tom Keller-Ana',
];
const found = (typed: string, most = 100) => fitting(NAMES, { typed, textOf: (it) => it, most });

describe('what fits while somebody types', () => {
  test.each([
    ['ana', ['Ana Silva', 'Silvia Anand', 'Tom Keller-Ana']],
    ['SILV', ['Silvia Anand', 'Ana Silva']],
    ['lukasz zol', ['Łukasz Żółć']],
    ['zolc  LUKASZ', ['Łukasz Żółć']],
    ['bjorn strasse', ['Bjørn Straße']],
    ['ijs', ['Ĳsbrand O’Neil']],
    ['neil', ['Ĳsbrand O’Neil']],
    ['李', ['李 小龍']],
    ['keller-a', ['Tom Keller-Ana']],
    ['ilva', []],
    ['ana zzz', []],
  ])('“%s” finds by the beginnings of words, in any case and order, without accents', (typed, expected) => {
    expect(found(typed)).toEqual(expected);
  });

  test('nothing typed, or only marks, offers the first ones', () => {
    for (const typed of ['', '   ', '–!"', '\u0000\u202e'])
      expect(found(typed, 2)).toEqual(NAMES.slice(0, 2));
  });

  test('whatever is typed, it answers some of the list, each once, at most as many as asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(10), (typed, most) => {
        const some = found(typed, most);
        expect(some.length).toBeLessThanOrEqual(most);
        expect(new Set(some).size).toBe(some.length);
        expect(some.every((it) => NAMES.includes(it))).toBe(true);
      }),
    );
  });

  test('a whole name, and any beginning of it, finds it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.nat(12), (name, length) => {
        expect(found(name.slice(0, length))).toContain(name);
      }),
    );
  });
});
