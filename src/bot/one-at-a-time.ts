/** Work that is done one after the other, in this process: what a kill may repeat is then the one thing under way. */

const tails = new WeakMap<object, Promise<unknown>>();

/** Does it when all that was given before for the same object is over, however that went. No such work may wait for another. */
export function oneAtATime<T>(of: object, work: () => Promise<T>): Promise<T> {
  const done = (tails.get(of) ?? Promise.resolve()).then(work);
  tails.set(
    of,
    done.catch(() => undefined),
  );
  return done;
}
