/** Nothing may be committed after the door has answered (the act_in_time trigger). */
import { sqlState, TOO_LATE } from './sql-error.ts';

/** The database refused a commit because the door had already answered "not taken". */
export class TooLate extends Error {
  override name = 'TooLate';
}

/** @throws TooLate where the commit came after the act's `until`. */
export async function inTime<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (sqlState(error) === TOO_LATE) throw new TooLate();
    throw error;
  }
}
