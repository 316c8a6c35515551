/** Digests that end without anybody sending or pressing them: the tick finds them. */
import { LATE_HOURS } from '../pipeline/schedule.ts';
import { UNWANTED } from './digests.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** So long a send takes at most: of what was taken before that whoever took it has died. */
const SENDING = Prisma.sql`interval '1 hour'`;

/**
 * What a process left behind that died, or whose job is over: taken long ago, it may stand there, as `noteUnsure` says; too
 * late to be sent, it was skipped, or nobody waits for it any more. What is on its way just now stays. One statement.
 */
export async function endLeftBehind(store: Store, now: Date): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE digest g SET
      state = CASE WHEN g.state = 'taken' THEN 'sent' WHEN ${UNWANTED} THEN 'left' ELSE 'skipped' END,
      sent_at = CASE g.state WHEN 'taken' THEN g.taken_at END,
      ended_at = CASE g.state WHEN 'taken' THEN ${now}::timestamptz END
    FROM subscription s
    WHERE s.id = g.subscription_id AND ((g.state = 'taken' AND g.taken_at < ${now}::timestamptz - ${SENDING})
      OR (g.state = 'due' AND g.due_at < ${now}::timestamptz - make_interval(hours => ${LATE_HOURS}::int))) RETURNING 1`,
  );
}

/** What nobody ended and is older than a week is drawn once more, to say so. */
export async function endOldDigests(store: Store, now: Date): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH old AS (
      UPDATE digest SET final = true WHERE state = 'sent' AND ended_at IS NULL AND NOT final
        AND sent_at < ${now}::timestamptz - interval '7 days' RETURNING id
    )
    SELECT redraw_digests(array_agg(id)) FROM old`,
  );
}
