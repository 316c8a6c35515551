/**
 * Statements that people wait for, straight to the driver. Many do several things at once, as parts of a WITH. PostgreSQL
 * carries out every INSERT, UPDATE and DELETE among them, but a SELECT (of `deliver`, `tell`, …) only as far as somebody reads
 * it; and of two parts the one that is read by the other locks its rows first. Hence `(SELECT count(*) FROM part) >= 0`.
 */
import type { Prisma } from './generated/client.ts';
import { DEADLOCK, sqlState } from './sql-error.ts';
import type { Store } from './store.ts';

/**
 * The rows of one statement, as the driver gives them. Prisma's own way costs about three times the processor time of a
 * small statement (0.5 ms to 0.16), and a command has four to send before a person is answered. Values of type int8 come
 * in different shapes on the two databases: cast them. One that the database gave up for another's sake, undone whole, is
 * sent again.
 */
export async function rowsOf<Row extends object>(store: Store, { text, values }: Prisma.Sql): Promise<Row[]> {
  const { backing } = store;
  if (backing.kind === 'pglite') return (await backing.db.query<Row>(text, values)).rows;
  for (let attempt = 1; ; attempt++) {
    try {
      return (await backing.pool.query<Row>(text, values)).rows;
    } catch (error) {
      if (attempt === TRIES || sqlState(error) !== DEADLOCK) throw error;
    }
  }
}

const TRIES = 3;
