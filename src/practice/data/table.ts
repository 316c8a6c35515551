/** Examples written as a table: a line each, cells between bars. A bar inside a cell is written ¦. */

/** The cells of every line. Throws when a line has another number of them than `columns`: a slip of the pen. */
export function table(text: string, columns: number): string[][] {
  const lines = text.trim().split('\n');
  return lines.map((line) => {
    const cells = line.split('|').map((cell) => cell.trim().replaceAll('¦', '|'));
    if (cells.length !== columns) throw new Error(`${cells.length} cells instead of ${columns}: ${line}`);
    return cells;
  });
}
