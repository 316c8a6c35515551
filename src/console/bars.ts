/** A picture as bars of block characters, each with its number in words. */
import { oneLine } from '../pipeline/text.ts';
import type { Picture } from '../views/view.ts';
import { cells, pad, wrap } from './width.ts';

const MOST_BARS = 12;
/** Columns of the longest bar. */
const LONGEST = 24;
const SHORTEST = 6;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Lines of at most `width` columns: label, bar and number on one where they all fit, else the bar under the words. */
export function barLines({ bars }: Picture, width: number): string[] {
  const rows = bars.slice(0, MOST_BARS).map(({ label, value, note }) => ({
    ...{ label: oneLine(label), note: oneLine(note) },
    value: Number.isFinite(value) ? Math.max(0, value) : 0,
  }));
  const widest = (name: 'label' | 'note') => Math.max(0, ...rows.map((it) => cells(it[name])));
  const most = Math.max(0, ...rows.map(({ value }) => value));
  const left = width - widest('label') - widest('note') - 4;
  const room = Math.min(LONGEST, left < SHORTEST ? width - 2 : left);
  return rows.flatMap(({ label, note, value }) => {
    const bar = barOf(most === 0 ? 0 : value / most, room);
    if (left >= SHORTEST) return [`${pad(label, widest('label'))}  ${pad(bar, room)}  ${note}`.trimEnd()];
    return [...wrap([label, note].filter(Boolean).join(': '), width), ...(bar ? [`  ${bar}`] : [])];
  });
}

/** In eighths of a column; what is not nothing shows. */
function barOf(share: number, room: number): string {
  const eighths = share === 0 ? 0 : Math.max(1, Math.round(share * room * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
