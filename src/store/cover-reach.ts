/** Whether anything would reach whoever is to look after a desk, and whether its digest would come with theirs. */
import type { Day } from '../pipeline/deal.ts';
import type { CoverDigest } from '../views/cover.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { AT_A_DOOR, DIGEST_DOORS } from './subscriptions.ts';

export interface Reach {
  /** An account of theirs in chat is served. True also where no chat is served at all: then nobody can be asked to be there. */
  hears: boolean;
  /** Absent where no chat is served: nobody's digest comes by itself. */
  digest?: CoverDigest;
}

interface Row {
  isServed: boolean;
  isThere: boolean;
  digest: CoverDigest['is'];
  pausedUntil: Day | null;
}

/**
 * As private messages and digests find that person now; a chat that no process of ours has served for a week is none, as in
 * `tell`. One query. @param day the first one that counts for a pause.
 */
export async function reachOf(store: Store, personId: string, day: Day): Promise<Reach> {
  const [row] = await rowsOf<Row>(
    store,
    Prisma.sql`
    SELECT EXISTS (SELECT FROM door d WHERE d.platform = ANY(${[...DIGEST_DOORS]}::text[]) AND ${IS_OPEN}) AS "isServed",
      EXISTS (SELECT FROM link l JOIN door d ON d.platform = l.platform WHERE ${AT_A_DOOR} AND ${IS_OPEN}) AS "isThere",
      CASE WHEN s.id IS NULL THEN 'comes'
        WHEN s.gone THEN CASE WHEN EXISTS (SELECT FROM link l WHERE ${AT_A_DOOR} AND l.since > s.off_at) THEN 'comes' ELSE 'gone' END
        WHEN s.off_at IS NOT NULL THEN 'off' WHEN s.paused_until > ${day}::date THEN 'paused' ELSE 'comes' END AS digest,
      s.paused_until::text AS "pausedUntil"
    FROM person p LEFT JOIN subscription s ON s.person_id = p.id AND s.room IS NULL WHERE p.id = ${personId}::uuid`,
  );
  if (!row) return { hears: false };
  if (!row.isServed) return { hears: true };
  const { isThere: hears, digest: is, pausedUntil } = row;
  if (is !== 'paused') return { hears, digest: { is } };
  return { hears, digest: { is, until: pausedUntil ?? day } };
}

const IS_OPEN = Prisma.raw("d.seen_at > now() - interval '7 days'");
