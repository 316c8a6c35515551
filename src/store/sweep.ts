/** Deletes what has served its purpose; the audit (Changes, transitions) stays. */
import { AGED } from './aged.ts';
import { Prisma } from './generated/client.ts';
import { KEPT_DAYS } from './postings.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

const DAY_MS = 86_400_000;
const NOTICE_DAYS = 30;

/**
 * Received events after 2 days, acts' keys after 90, numbered lists after 1, hours of the quota after 3, private messages
 * after 30, as are digests, news and reminders that were told; nudges after 90; what came of the acceptance clock, covers and
 * routing rules that ended after 400, so that one may look back a year. Copies are kept true for 60 days, lists that were told for 30. A link in a room is drawn closed then, and given up after 30 days more.
 */
export async function sweep(store: Store, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  await store.prisma.inbox.deleteMany({ where: { at: { lt: before(2) } } });
  await store.prisma.act.deleteMany({ where: { at: { lt: before(90) } } });
  await store.prisma.listing.deleteMany({ where: { at: { lt: before(1) } } });
  await store.prisma.quotaHour.deleteMany({ where: { hour: { lt: before(3) } } });
  await store.prisma.notice.deleteMany({ where: { at: { lt: before(NOTICE_DAYS) } } });
  await sweepClock(store, before);
  await store.prisma.posting.updateMany({
    where: {
      endedAt: null,
      OR: [
        { at: { lt: before(KEPT_DAYS) }, room: null },
        { at: { lt: before(KEPT_DAYS + 30) }, shows: 'glimpse' },
        // What it is drawn from goes then.
        { at: { lt: before(NOTICE_DAYS) }, shows: 'list' },
      ],
    },
    data: { endedAt: now },
  });
  await closeLists(store);
  await closeLinks(store, before(KEPT_DAYS));
  // Of strangers only: a home shows what its person may see until it is drawn anew.
  await store.prisma.home.deleteMany({ where: { personId: null, openedAt: { lt: before(2) } } });
  await store.prisma.posting.deleteMany({ where: { endedAt: { lt: before(30) } } });
  // Of where we are no longer, whose chat it was is not needed.
  await store.prisma.reference.deleteMany({ where: { endedAt: { lt: before(30) } } });
}

/** The tables of the clock; their moments are those of the clock that is driven. */
async function sweepClock({ prisma }: Store, before: (days: number) => Date): Promise<void> {
  // What is untold for so long is told to nobody any more.
  await prisma.news.deleteMany({
    where: { OR: [{ toldAt: { lt: before(30) } }, { toldAt: null, at: { lt: before(60) } }] },
  });
  await prisma.digest.deleteMany({ where: { dueAt: { lt: before(30) } } });
  await prisma.reminder.deleteMany({ where: { toldAt: { lt: before(30) } } });
  await prisma.nudge.deleteMany({ where: { at: { lt: before(90) } } });
  await prisma.cover.deleteMany({
    where: { OR: [{ endedAt: { lt: before(400) } }, { until: { lt: before(400) } }] },
  });
  await prisma.route.deleteMany({ where: { endedAt: { lt: before(400) } } });
  // Whom a clock told goes with it.
  await prisma.$executeRaw`
    WITH gone AS (DELETE FROM clock WHERE ended_at < ${before(400)} RETURNING deal_id)
    DELETE FROM rung USING gone WHERE rung.deal_id = gone.deal_id`;
}

/** What a list was drawn from is gone, as it names somebody who was erased: it is drawn a last time, without them. */
async function closeLists(store: Store): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH aged AS (
      UPDATE posting p SET ${AGED} WHERE p.shows = 'list' AND p.ended_at IS NULL AND p.version >= 0
        AND NOT EXISTS (SELECT FROM notice n WHERE n.id = p.notice) RETURNING p.deal_id
    )
    SELECT deliver(deal_id) FROM (SELECT DISTINCT deal_id FROM aged) d`,
  );
}

/** What stands open under a link is closed for everybody who reads there before it is given up (bot/rooms.ts ends it). */
async function closeLinks(store: Store, before: Date): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH aged AS (
      UPDATE posting SET ${AGED}
      WHERE shows = 'glimpse' AND ended_at IS NULL AND at < ${before}::timestamptz RETURNING deal_id
    )
    SELECT deliver(deal_id) FROM (SELECT DISTINCT deal_id FROM aged) d`,
  );
}
