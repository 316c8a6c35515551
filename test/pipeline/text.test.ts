import { describe, expect, test } from '@jest/globals';
import { clean, cut, length, oneLine } from '../../src/pipeline/text.ts';

describe('clean', () => {
  test.each([
    ['a colour', '\u001b[31mred\u001b[0m', 'red'],
    ['a colour begun with one C1 character', '\u009b1;31mred', 'red'],
    ['a window title', '\u001b]0;owned\u0007Acme', 'Acme'],
    ['a hyperlink', '\u001b]8;;https://evil.example\u001b\\Acme\u001b]8;;\u001b\\', 'Acme'],
    ['a device control string', '\u001bPq#0\u001b\\Acme', 'Acme'],
    ['a reset', 'a\u001bcb', 'ab'],
    ['bell, backspace, null and delete', 'a\u0007\u0008\u0000\u007fb', 'ab'],
    ['an override', 'Acme \u202Etxt.exe\u202C', 'Acme txt.exe'],
    ['an isolate', '\u2066Acme\u2069', 'Acme'],
    ['zero-width characters', 'Ac\u200Bme\uFEFF', 'Acme'],
    ['joiners between Latin letters', 'Ac\u200Dm\u200Ce', 'Acme'],
    ['words hidden in tags', 'Acme\u{E0068}\u{E0069}', 'Acme'],
    ['words hidden behind a flag', '\u{1F3F4}\u{E0068}\u{E0069}\u{E0020}\u{E0078}\u{E007F}', '\u{1F3F4}'],
    ['bytes hidden in variation selectors', '😀\uFE0F\uFE0E\uFE00\u{E0101}', '😀\uFE0F'],
    ['a lone surrogate', 'a\uD83Db\uDE00', 'ab'],
    ['halves of a pair pushed apart', '\uD83D\u202E\uDE00', ''],
  ])('takes out %s', (_, dirty, expected) => {
    expect(clean(dirty)).toBe(expected);
  });

  test.each([
    ['line breaks', 'one\r\ntwo\rthree\u2028four', 'one\ntwo\nthree\nfour'],
    ['a tab as a space', 'a\tb', 'a b'],
    ['a family emoji', '👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
    ['a heart with its variation selector', '❤\uFE0F', '❤\uFE0F'],
    ['a keycap', '1\uFE0F\u20E3', '1\uFE0F\u20E3'],
    ['the flag of Scotland', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['the joiner of Persian', 'می\u200Cخواهم', 'می\u200Cخواهم'],
    ['Hebrew with its mark', 'שלום\u200F!', 'שלום\u200F!'],
    ['accents, composed', 'Mu\u0308ller', 'Müller'],
  ])('keeps %s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test('loses only the introducer of a sequence that never ends', () => {
    expect(clean('\u001b]0;Acme GmbH')).toBe('0;Acme GmbH');
    expect(clean('\u001b[Acme')).toBe('cme');
    expect(clean('Acme\u001b')).toBe('Acme');
  });

  test('changes nothing the second time, whatever the first was given', () => {
    const pieces = [
      '\u001b',
      '[',
      ']',
      '0',
      'm',
      '\u0007',
      '\u009b',
      '\u009c',
      '\u200D',
      '\u200C',
      '\u0301',
      'e',
      '😀',
    ];
    pieces.push(
      '\uFE0F',
      '\u{1F3F4}',
      '\u{E0067}',
      '\u{E007F}',
      '\uD83D',
      '\uDE00',
      '\u202E',
      '\u200B',
      '\r',
      '\n',
      '字',
    );
    pieces.push('\u{E0100}', 'م', ' ');
    const random = seeded(7);
    for (let i = 0; i < 20_000; i++) {
      const dirty = Array.from({ length: 12 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const once = clean(dirty);
      expect(clean(once)).toBe(once);
      expect(once).not.toMatch(/[\p{Surrogate}\u200B\u202E\uFEFF]|(?!\n)\p{Cc}/u);
    }
  });

  test('leaves at most 30 marks on a letter, also where one becomes two', () => {
    for (const marks of ['\u0316\u0301', '\u0344', '\u0F73', '\u093E']) {
      const once = clean(`e${marks.repeat(200)}字${marks}`);
      expect(once).not.toMatch(/\p{M}{31}/u);
      expect(once.normalize('NFC')).toBe(once);
      expect(clean(once)).toBe(once);
    }
    expect(clean(`e${'\u0316\u0301'.repeat(15)}`)).toHaveLength(30);
    // Sorting them would take minutes.
    expect(length(clean('\u0316\u0301'.repeat(500_000)))).toBe(30);
  }, 10_000);

  test('stays quick on a hundred thousand hostile characters', () => {
    for (const evil of ['\u001b]', '\u009d', '\u001b[0', '\u200D', 'e\u0301\u200D', '\u{E0041}', '\uFE0F']) {
      expect(length(clean(evil.repeat(100_000)))).toBeLessThanOrEqual(300_000);
    }
  });
});

test('one line has neither breaks nor double spaces nor ends of white space', () => {
  expect(oneLine('  Acme\n\n GmbH \t& Co ')).toBe('Acme GmbH & Co');
});

describe('length and cut', () => {
  test('count code points as AWS does, not UTF-16 units', () => {
    expect(length('😀')).toBe(1);
    expect(length('👨‍👩‍👧‍👦')).toBe(7);
    expect(length('')).toBe(0);
  });

  test.each([
    ['Acme', 4, 'Acme'],
    ['Acme GmbH', 6, 'Acme…'],
    ['a👨‍👩‍👧‍👦b', 7, 'a…'],
    ['e\u0301e\u0301', 3, 'e\u0301…'],
    ['👨‍👩‍👧‍👦', 3, '…'],
    ['Acme', 1, '…'],
    ['Acme', 0, ''],
  ])('%j cut to %d code points is %j, no grapheme halved', (text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
    expect(length(cut(text, max))).toBeLessThanOrEqual(Math.max(max, 0));
  });
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}
