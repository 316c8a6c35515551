/** A terminal for tests: it obeys the few sequences readline writes, so that a test sees what a person would see. */
import { PassThrough, Writable } from 'node:stream';

export interface Glass {
  input: PassThrough;
  output: Writable & { columns: number };
  /** The rows as they stand, without empty ones at the end. */
  rows(): string[];
  /** All that was ever written, sequences included. */
  written(): string;
  /** Presses keys. */
  type(keys: string): void;
  /** Waits until the screen shows it; fails with the screen when it does not. */
  shows(text: string | RegExp): Promise<void>;
}

export function createGlass(columns = 80): Glass {
  const rows: string[][] = [[]];
  let [row, column, all] = [0, 0, ''];
  const line = (): string[] => {
    while (rows.length <= row) rows.push([]);
    return rows[row] ?? [];
  };
  const put = (letter: string): void => {
    if (column >= columns) [row, column] = [row + 1, 0];
    const cells = line();
    while (cells.length < column) cells.push(' ');
    cells[column++] = letter;
  };
  const moves: Record<string, (n: number) => void> = {
    A: (n) => (row = Math.max(0, row - n)),
    B: (n) => (row += n),
    C: (n) => (column = Math.min(columns - 1, column + n)),
    D: (n) => (column = Math.max(0, column - n)),
    G: (n) => (column = n - 1),
    J: () => {
      line().length = Math.min(line().length, column);
      rows.length = row + 1;
    },
    K: () => (line().length = Math.min(line().length, column)),
  };
  function draw(text: string): void {
    all += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is a terminal
    for (const [piece, count, move] of text.matchAll(/\u001b\[(\d*)([A-Z])|\u001b\[[\d;]*m|[\s\S]/gu)) {
      if (move) moves[move]?.(Number(count || (move === 'J' ? 0 : 1)));
      else if (piece === '\r') column = 0;
      else if (piece === '\n') [row, column] = [row + 1, 0];
      else if (piece.length <= 2) put(piece);
    }
  }
  const input = new PassThrough();
  const output = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, callback) {
      draw(String(chunk));
      callback();
    },
  });
  const now = () => rows.map((cells) => cells.join('').trimEnd());
  const holds = (text: string | RegExp) =>
    typeof text === 'string' ? now().join('\n').includes(text) : text.test(now().join('\n'));
  return {
    input,
    output: Object.assign(output, { columns }),
    rows: () => now().slice(0, now().findLastIndex((it) => it !== '') + 1),
    written: () => all,
    type: (keys) => void input.write(keys),
    async shows(text) {
      for (let tries = 0; tries < 400; tries++) {
        if (holds(text)) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`The screen never showed ${text}:\n${now().join('\n')}`);
    },
  };
}
