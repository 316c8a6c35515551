/** The worklist's sections as SQL over deal under the alias `d`, as `needsAttention` of pipeline/attention.ts says them. */
import {
  CLOSING_DAYS,
  LAUNCH_DAYS,
  REJECTED_DAYS,
  REVIEW_BUSINESS_DAYS,
  WATCHED_STATUSES,
} from '../pipeline/attention.ts';
import { businessDaysAgo } from '../pipeline/calendar.ts';
import type { DigestSection } from '../pipeline/digest.ts';
import { QUIET_LEADS } from '../pipeline/lead-views.ts';
import { OPEN_STAGES } from '../pipeline/opportunity.ts';
import { QUIET_OPPORTUNITIES } from '../pipeline/opportunity-views.ts';
import { boundsOf } from '../pipeline/views.ts';
import { Prisma } from './generated/client.ts';
import { PENDING, whichSql } from './views.ts';

/**
 * Whether a deal belongs into each section at that moment.
 * @param today the reader's local day, a date: a parameter, or a column where there are many readers.
 * @param launched whether AWS's record calls it launched, where that is known without reading the deal's own.
 */
export function sectionsSql(
  now: Date,
  today: Prisma.Sql,
  launched = AWS_LAUNCHED,
): Record<DigestSection, Prisma.Sql> {
  const rejectedSince = new Date(now.getTime() - REJECTED_DAYS * 24 * 60 * 60 * 1000);
  return {
    pending: PENDING,
    'action-required': ASKED,
    'launch-pending': Prisma.sql`${WATCHED} AND (d.stage = 'Committed' AND d.close_date <= ${today} + ${LAUNCH_DAYS}::int
      OR ${launched})`,
    closing: Prisma.sql`${WATCHED} AND d.close_date BETWEEN ${today} AND ${today} + ${CLOSING_DAYS}::int`,
    'past-close': Prisma.sql`${WATCHED} AND d.close_date < ${today}`,
    stale: staleSql(now),
    'in-review': Prisma.sql`d.kind = 'opportunity' AND d.status IN ('Submitted', 'In review')
      AND d.status_since < ${businessDaysAgo(REVIEW_BUSINESS_DAYS, now)}::timestamptz`,
    rejected: Prisma.sql`d.kind = 'opportunity' AND d.status = 'Rejected' AND d.status_since >= ${rejectedSince}::timestamptz`,
    waiting: Prisma.sql`d.id IN (SELECT deal_id FROM change WHERE ${OPEN_CHANGE})`,
  };
}

const AWS_LAUNCHED = Prisma.sql`d.detail->'aws'->>'stage' = 'Launched'`;

/** Ids of those that we watch and AWS's record calls launched: read off an index, as there are few. */
export const launchedByAws = (): Prisma.Sql =>
  Prisma.sql`SELECT d.id FROM deal d WHERE d.gone_at IS NULL AND ${WATCHED} AND ${AWS_LAUNCHED}`;

/** AWS sent it back. */
export const ASKED = Prisma.sql`d.kind = 'opportunity' AND d.status = 'Action Required'`;

/** Of a Change: it has not been answered yet. */
export const OPEN_CHANGE = Prisma.sql`state IN ('requested', 'sending', 'waiting')`;

/** Most of what somebody has is launched or lost: what is not, two indexes find (migration open_deals, word for word). */
export const GOING = Prisma.sql`(d.stage IS NULL OR d.stage NOT IN ('Launched', 'Closed Lost') OR d.status <> 'Approved')`;

const WATCHED = Prisma.sql`d.kind = 'opportunity' AND d.status IN (${Prisma.join([...WATCHED_STATUSES])})
  AND d.stage IN (${Prisma.join([...OPEN_STAGES])})`;

/** Staleness is counted in hours: no reader's zone, and no reader, has a part in it. */
function staleSql(now: Date): Prisma.Sql {
  const bounds = boundsOf(now, 'UTC');
  return Prisma.sql`(${whichSql('opportunities', QUIET_OPPORTUNITIES, NOBODY, bounds)}
    OR ${whichSql('leads', QUIET_LEADS, NOBODY, bounds)})`;
}

const NOBODY = { id: '00000000-0000-0000-0000-000000000000' };
