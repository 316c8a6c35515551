/** How many statements something sends to the database. */
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Store } from '../../src/store/store.ts';

/** Counts the statements sent on behalf of `work`, whatever else the house does meanwhile. */
type Counting = (work: () => Promise<unknown>) => Promise<number>;

export function countStatements({ backing }: Store): { during: Counting; stop(): void } {
  const tally = new AsyncLocalStorage<{ sent: number }>();
  const count = () => {
    const sheet = tally.getStore();
    if (sheet) sheet.sent += 1;
  };
  const stop = backing.kind === 'pglite' ? watch(backing.db, count) : watch(pg.Pool.prototype, count);
  const during: Counting = async (work) => {
    const sheet = { sent: 0 };
    await tally.run(sheet, work);
    return sheet.sent;
  };
  return { during, stop };
}

/** Calls `count` before each `query` of it, until stopped. */
function watch(target: object, count: () => void): () => void {
  const before = Object.getOwnPropertyDescriptor(target, 'query');
  const query: unknown = Reflect.get(target, 'query');
  if (typeof query !== 'function') throw new Error('There is no query to watch.');
  Object.defineProperty(target, 'query', {
    configurable: true,
    value(this: unknown, ...args: unknown[]) {
      count();
      return Reflect.apply(query, this, args);
    },
  });
  return () => {
    if (before) Object.defineProperty(target, 'query', before);
    else Reflect.deleteProperty(target, 'query');
  };
}
