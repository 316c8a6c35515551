/** What was said once, and whom no answer has reached. */
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Whether what this key stands for has been said. */
export const wasTold = async (store: Store, key: string): Promise<boolean> =>
  (await store.prisma.told.count({ where: { key } })) > 0;

/** It has been said: the key is the memory. */
export async function noteTold(store: Store, key: string): Promise<void> {
  await store.prisma.$executeRaw`INSERT INTO told (key) VALUES (${key}) ON CONFLICT DO NOTHING`;
}

/**
 * No answer has reached whoever asked for these Changes: how each of them ends is told privately, however soon that is.
 * Looked at in any case: it may have ended while nobody knew this yet.
 */
export async function noteUnanswered(store: Store, changeIds: readonly string[]): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH noted AS (
      INSERT INTO told (key) SELECT ${UNANSWERED} || id FROM unnest(${[...changeIds]}::text[]) id ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT deliver(c.deal_id, c.id)::text FROM change c
    WHERE c.id = ANY(${[...changeIds]}::uuid[]) AND (SELECT count(*) FROM noted) >= 0`,
  );
}

export const wasUnanswered = (store: Store, changeId: string): Promise<boolean> =>
  wasTold(store, UNANSWERED + changeId);

const UNANSWERED = 'unanswered:';
