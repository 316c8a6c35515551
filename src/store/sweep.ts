/** Deletes what has served its purpose; the audit (Changes, transitions) stays. */
import type { Store } from './store.ts';

const DAY_MS = 86_400_000;

/**
 * Received events after 2 days, acts' keys after 90, numbered lists after 1, hours of the quota after 3, private messages
 * after 30; copies are kept true for 60 days.
 */
export async function sweep(store: Store, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  await store.prisma.inbox.deleteMany({ where: { at: { lt: before(2) } } });
  await store.prisma.act.deleteMany({ where: { at: { lt: before(90) } } });
  await store.prisma.listing.deleteMany({ where: { at: { lt: before(1) } } });
  await store.prisma.quotaHour.deleteMany({ where: { hour: { lt: before(3) } } });
  await store.prisma.notice.deleteMany({ where: { at: { lt: before(30) } } });
  await store.prisma.posting.updateMany({
    where: { at: { lt: before(60) }, endedAt: null, room: null },
    data: { endedAt: now },
  });
  // Of strangers only: a home shows what its person may see until it is drawn anew.
  await store.prisma.home.deleteMany({ where: { personId: null, openedAt: { lt: before(2) } } });
  await store.prisma.posting.deleteMany({ where: { endedAt: { lt: before(30) } } });
}
