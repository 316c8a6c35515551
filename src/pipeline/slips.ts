/** How far what somebody typed is from a word that they may have meant. */

/** So many slips are forgiven in a word. */
export const tolerance = (word: string): number => (word.length <= 4 ? 1 : word.length <= 6 ? 2 : 3);

/** Letters added, left out, replaced or swapped with their neighbour; more than `max` counts as `max` + 1. */
export function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let [older, old]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (old[j] ?? max) + 1,
        (row[j - 1] ?? max) + 1,
        (old[j - 1] ?? max) + same,
        swapped ? (older[j - 2] ?? max) + 1 : Infinity,
      );
    }
    [older, old] = [old, row];
  }
  return old[b.length] ?? max + 1;
}
