/** Work that is done one after the other, in this process: what a kill may repeat is then the one thing under way in each line. */

const tails = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Does it when all that was given before for the same object and line is over, however that went. Lines do not wait for each
 * other. No such work may wait for another in its line.
 */
export function oneAtATime<T>(of: object, line: string, work: () => Promise<T>): Promise<T> {
  const lines = tails.get(of) ?? new Map<string, Promise<unknown>>();
  tails.set(of, lines);
  const done = (lines.get(line) ?? Promise.resolve()).then(work);
  const tail = done
    .catch(() => undefined)
    .then(() => {
      // An empty line needs no memory.
      if (lines.get(line) === tail) lines.delete(line);
    });
  lines.set(line, tail);
  return done;
}
