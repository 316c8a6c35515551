/** Words that a platform sends again under another id, after the same person said something else: not to be done again. */
import { Prisma } from './generated/client.ts';
import { storable } from './postings.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface Received {
  key: string;
  body: object;
  /** A digest of who speaks where. */
  speaker: string;
  /** A digest of what they said. */
  words: string;
}

/**
 * Writes words down before they are acknowledged. 'again': within the last minute they acted by the same words, then by
 * others, and have not repeated them since: whoever means them says them once more. What only looks never counts.
 * 'known': received before under this very key.
 */
export async function receiveWords(
  store: Store,
  platform: string,
  { key, body, speaker, words }: Received,
): Promise<'new' | 'known' | 'again'> {
  const [row] = await rowsOf<{ is_new: boolean; is_again: boolean }>(
    store,
    Prisma.sql`
    WITH written AS (
      INSERT INTO inbox (key, platform, body, speaker, words)
      VALUES (${key}, ${platform}, ${storable(body)}::text::jsonb, ${speaker}, ${words}) ON CONFLICT DO NOTHING RETURNING 1
    ), said AS (
      -- Without the row of this statement, which does not see it.
      SELECT at, words = ${words} AS is_same, EXISTS (SELECT FROM act WHERE act.key = inbox.key) AS has_acted FROM inbox
      WHERE platform = ${platform} AND speaker = ${speaker} AND at > now() - interval '1 minute'
    ), other AS (
      SELECT max(at) AS at FROM said WHERE has_acted AND NOT is_same
    )
    SELECT EXISTS (SELECT FROM written) AS is_new,
      EXISTS (SELECT FROM said, other WHERE is_same AND has_acted AND said.at < other.at)
        AND NOT EXISTS (SELECT FROM said, other WHERE is_same AND said.at > other.at) AS is_again`,
  );
  if (!row?.is_new) return 'known';
  return row.is_again ? 'again' : 'new';
}

/**
 * Whether words received under this key were received once more later, from the same person in the same place, and acted by
 * then, while by this key nobody acted: whoever answers these only now must not do them again.
 */
export async function doneSince(store: Store, key: string): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`
    SELECT FROM inbox mine JOIN inbox later
      ON later.platform = mine.platform AND later.speaker = mine.speaker AND later.words = mine.words AND later.at > mine.at
    WHERE mine.key = ${key} AND NOT EXISTS (SELECT FROM act WHERE act.key = mine.key)
      AND EXISTS (SELECT FROM act WHERE act.key = later.key) LIMIT 1`,
  );
  return rows.length > 0;
}
