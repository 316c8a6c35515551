import { describe, expect, test } from '@jest/globals';
import { toPng } from '../../src/slack/picture.ts';
import type { Picture } from '../../src/views/view.ts';
import { readPng } from '../support/png.ts';

const bar = (value: number, label = 'Prospect', note = `${value}`) => ({ label, value, note });
const picture = (...bars: Picture['bars']): Picture => ({ title: 'Open pipeline', bars, alt: 'said' });

const BAR = '18,100,163';
const TRACK = '236,236,236';

interface Drawn {
  width: number;
  height: number;
  /** How many pixels of a colour each bar has in its middle row, from top to bottom. */
  bars: { filled: number; track: number }[];
  at(x: number, y: number): string;
}

async function drawn(...bars: Picture['bars']): Promise<Drawn> {
  const bytes = await toPng(picture(...bars));
  const { width, height, pixels } = readPng(Buffer.from(bytes));
  const at = (x: number, y: number) => (pixels[y * width + x] ?? []).slice(0, 3).join();
  const row = (y: number) => Array.from({ length: width }, (_, x) => at(x, y));
  const isBar = (y: number) => [BAR, TRACK].includes(at(30, y));
  const tops = Array.from({ length: height }, (_, y) => y).filter((y) => isBar(y) && !isBar(y - 1));
  const found = tops.map((top) => ({
    filled: row(top + 10).filter((it) => it === BAR).length,
    track: row(top + 10).filter((it) => it === TRACK).length,
  }));
  return { width, height, bars: found, at };
}

describe('the picture of a pipeline', () => {
  test('has a bar for each stage, as long as its number, on a card of its own', async () => {
    const it = await drawn(bar(4), bar(2), bar(1));
    expect(it.width).toBe(700);
    const [first, second, third] = it.bars.map(({ filled }) => filled);
    expect(it.bars).toHaveLength(3);
    expect(first).toBeGreaterThan(500);
    expect(Math.abs((second ?? 0) * 2 - (first ?? 0))).toBeLessThan(2);
    expect(Math.abs((third ?? 0) * 4 - (first ?? 0))).toBeLessThan(4);
    // White between the bars, whatever the screen behind it.
    expect(it.at(690, it.height - 10)).toBe('255,255,255');
  });

  test('a bar of zero is empty, and of very little still to be seen', async () => {
    const { bars } = await drawn(bar(100_000), bar(0), bar(1));
    expect(bars.map(({ filled }) => filled).slice(1)).toEqual([0, 5]);
    expect((await drawn(bar(0))).bars).toEqual([{ filled: 0, track: expect.any(Number) }]);
  });

  test('what is no number, or less than nothing, is an empty bar', async () => {
    const { bars } = await drawn(bar(Number.NaN, 'a', '?'), bar(-3), bar(Number.POSITIVE_INFINITY, 'c', '?'));
    expect(bars.map(({ filled }) => filled)).toEqual([0, 0, 0]);
  });

  test('one bar or twelve are whole, more are left out, and none is a card all the same', async () => {
    const heights = [];
    for (const many of [0, 1, 2, 12, 40]) {
      const bytes = await toPng(picture(...Array.from({ length: many }, () => bar(1))));
      // PNG, IHDR: the height.
      heights.push(Buffer.from(bytes).readUInt32BE(20));
    }
    const [none, one = 0, two = 0, twelve, forty] = heights;
    expect(none).toBe(one);
    expect(twelve).toBe(one + 11 * (two - one));
    expect(forty).toBe(twelve);
  });

  test.each([
    ['long', 'Technical Validation '.repeat(40), '12 · USD 1,030,250 / month to AWS '.repeat(20)],
    ['wide', 'W'.repeat(500), 'W漢Ж'.repeat(200)],
    ['nothing', '', ''],
  ])('words that are %s stay inside, beside a bar that can still be read', async (_, label, note) => {
    const it = await drawn(bar(1, label, note), bar(1));
    for (let y = 0; y < it.height; y++)
      for (let x = 680; x < 695; x++)
        if (y > 12 && y < it.height - 12) expect(it.at(x, y)).toBe('255,255,255');
    expect(it.bars.map(({ filled }) => filled >= 120)).toEqual([true, true]);
  });

  test.each([
    '</text><image href="file:///etc/passwd"/><text>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    '"><script>alert(1)</script>',
    '&amp; &#0; ]]> <![CDATA[',
    '\u0000\u0007\u001b[31m\uffff\ufffe\ud800 \u202Eevil',
    '🎉👩‍👩‍👧‍👦 م \u0301',
  ])('hostile words are only words: %j', async (said) => {
    const it = await drawn(bar(2, said, said), bar(1));
    const plain = await drawn(bar(2), bar(1));
    expect([it.width, it.height]).toEqual([plain.width, plain.height]);
    expect(it.bars).toHaveLength(2);
  });

  test('the same picture gives the same bytes, another one others', async () => {
    const [one, same, other] = [
      await toPng(picture(bar(3))),
      await toPng(picture(bar(3))),
      await toPng(picture(bar(4))),
    ];
    expect(Buffer.from(one).equals(Buffer.from(same))).toBe(true);
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
  });

  test('many can be drawn at once', async () => {
    const all = await Promise.all([1, 2, 3].map((value) => toPng(picture(bar(value)))));
    for (const bytes of all) expect(readPng(Buffer.from(bytes)).width).toBe(700);
  });
});
