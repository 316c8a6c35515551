/** The people as the clocks know them: who can be told, and when they are left alone. */
import type { Colleague } from '../pipeline/person.ts';
import { Prisma } from './generated/client.ts';
import { COLLEAGUE, type ColleagueRow, toColleague } from './people.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface Listener {
  person: Colleague;
  /** A private message finds them: `bot/tell` asks the same when it goes out. */
  hears: boolean;
  /** Their quiet hours, where they have set them. */
  quiet?: { from: number; until: number };
  /** What they have switched off (pipeline/news.ts). */
  off: readonly string[];
}

interface Row extends ColleagueRow {
  from: number | null;
  until: number | null;
  off: string[];
  hears: boolean;
}

const MOST = 5000;

/**
 * Everybody who is let in. Outside practice mode an address alone proves nobody, and before the terms are confirmed only
 * the alliance lead is told anything. One query.
 */
export async function listeners(store: Store): Promise<Listener[]> {
  const rows = await rowsOf<Row>(
    store,
    Prisma.sql`
    SELECT ${COLLEAGUE}, q."from", q.until, coalesce(q.off, '{}') AS off,
      (p.role = 'alliance lead' OR EXISTS (SELECT FROM terms))
        AND (coalesce((SELECT catalog FROM agent WHERE id = 1), '') = 'practice' OR EXISTS (SELECT FROM link l
          WHERE l.person_id = p.id AND l.state = 'live' AND (l.proven_at IS NOT NULL OR p.role = 'ACE user'))) AS hears
    FROM person p LEFT JOIN quiet q ON q.person_id = p.id WHERE p.role <> 'none' ORDER BY p.id LIMIT ${MOST}`,
  );
  return rows.map(({ from, until, off, hears, ...row }) => ({
    person: toColleague(row),
    hears,
    off,
    ...(from !== null && until !== null ? { quiet: { from, until } } : {}),
  }));
}
