/** Deals to choose from while somebody types. */
import type { Deal } from '../pipeline/deal.ts';
import { isPsf } from '../pipeline/lead.ts';
import type { Person } from '../pipeline/person.ts';
import { oneLine } from '../pipeline/text.ts';
import { LOADED_COLUMNS, type LoadedRow, toLoaded } from './deals.ts';
import { find } from './find.ts';
import { Prisma } from './generated/client.ts';
import { sight } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Longer than any name. */
const MOST_TYPED = 200;

/**
 * What this person may see and could post, at most `most`: by what was typed, best first, as `find` finds; where nothing is
 * typed by company, what is over last. Never a Partner Solutions Finder lead: none is posted.
 */
export async function toPick(store: Store, actor: Person, typed: string, most: number): Promise<Deal[]> {
  const phrase = oneLine(typed.slice(0, MOST_TYPED));
  if (phrase === '') return first(store, actor, most);
  const { deals } = await find(store, actor, phrase, most);
  return deals.map(({ deal }) => deal).filter((deal) => deal.kind !== 'lead' || !isPsf(deal));
}

/** The ids are sorted before the records are read. */
async function first(store: Store, actor: Person, most: number): Promise<Deal[]> {
  const rows = await rowsOf<LoadedRow>(
    store,
    Prisma.sql`
    WITH first AS (
      SELECT d.id, row_number() OVER (ORDER BY (d.stage IN ('Launched', 'Closed Lost')
        OR d.status IN ('Rejected', 'REJECTED', 'EXPIRED', 'Disqualified')) IS TRUE, lower(d.company), d.id)::int AS nth
      FROM deal d WHERE d.gone_at IS NULL AND d.successor IS NULL AND NOT d.psf AND ${sight(actor)}
      ORDER BY nth LIMIT ${most}
    )
    SELECT ${LOADED_COLUMNS} FROM first JOIN deal d ON d.id = first.id ORDER BY first.nth`,
  );
  return rows.map((row) => toLoaded(row).deal);
}
