/** A whole list of people at once. */
import { randomUUID } from 'node:crypto';
import type { RosterField } from '../pipeline/roster.ts';
import { columnName, fromCsv } from '../pipeline/roster-csv.ts';
import { type Errors, enter } from '../pipeline/roster-entry.ts';
import { importedNote } from '../views/roster.ts';
import { importForm } from '../views/roster-forms.ts';
import type { Context, Result } from './command.ts';
import { write } from './roster.ts';

/** All lines or none. */
export function importCsv(csv: string, context: Context): Promise<Result> {
  const read = fromCsv(csv);
  if ('errors' in read) return Promise.resolve({ reply: importForm(csv, read.errors), ok: false });
  return write(context, (known) => {
    const entered = enter(known, context.actor, read.rows, randomUUID);
    if ('errors' in entered) {
      const faults = read.rows.flatMap((row) => {
        const errors = entered.errors.get(row);
        return errors ? [{ line: row.line, error: inWords(errors) }] : [];
      });
      return { result: { reply: importForm(csv, faults), ok: false } };
    }
    const before = new Set(known.people.filter(({ role }) => role !== 'none').map(({ id }) => id));
    const added = entered.people.filter(({ id }) => !before.has(id)).length;
    const changed = entered.people.length - added;
    const same = read.rows.length - entered.people.length;
    if (entered.people.length === 0) return { result: { reply: importedNote(0, 0, same) } };
    return { people: entered.people, said: () => ({ reply: importedNote(added, changed, same) }) };
  });
}

const inWords = (errors: Errors): string =>
  (Object.entries(errors) as [RosterField, string][])
    .map(([field, error]) => `${columnName(field)}: ${error}`)
    .join(' ');
