/** What the reading of Partner Central asks of the mirror: what it believes, and what is no longer ours. */
import { OPEN_STAGES } from '../pipeline/opportunity.ts';
import type { Store } from './store.ts';

/** Invitations that the mirror believes are pending. */
export async function pendingIds(store: Store): Promise<string[]> {
  const rows = await store.prisma.deal.findMany({
    where: { status: 'PENDING', kind: { in: ['referral', 'lead'] }, goneAt: null },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}

/** Accepted leads that the mirror believes are ours. */
export async function leadIds(store: Store): Promise<string[]> {
  const rows = await store.prisma.deal.findMany({
    where: { kind: 'lead', invitedAt: null, goneAt: null },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}

/** Approved opportunities in an open stage, those we touched last first. */
export async function watchedIds(store: Store, limit: number): Promise<string[]> {
  const rows = await store.prisma.deal.findMany({
    where: { kind: 'opportunity', status: 'Approved', stage: { in: [...OPEN_STAGES] }, goneAt: null },
    select: { id: true },
    orderBy: { partnerUpdatedAt: 'desc' },
    take: limit,
  });
  return rows.map((row) => row.id);
}

/** The ids of these that AWS gives us, and what its time stamp of each was when last read. One query. */
export async function stampsOf(store: Store, ids: string[]): Promise<Map<string, string | null>> {
  const rows = await store.prisma.deal.findMany({
    where: { id: { in: ids }, goneAt: null },
    select: { id: true, modified: true },
  });
  return new Map(rows.map((row) => [row.id, row.modified]));
}

/** AWS no longer gives us these: they leave every list, and their copies say so. */
export async function markGone(store: Store, ids: string[], epoch: bigint, now: Date): Promise<void> {
  if (ids.length === 0) return;
  await store.prisma.$queryRaw`
    WITH lost AS (
      UPDATE deal SET gone_at = ${now}::timestamptz, version = version + 1 FROM (
        SELECT id FROM deal WHERE id = ANY(${ids}) AND gone_at IS NULL ORDER BY id FOR UPDATE) o
      WHERE deal.id = o.id AND (SELECT epoch FROM agent WHERE id = 1) = ${epoch} RETURNING deal.id
    ), redrawn AS (SELECT deliver(id) FROM lost)
    SELECT count(*) FROM redrawn`;
}
