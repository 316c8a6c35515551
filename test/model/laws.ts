/** What must hold of a run once all is at rest. Each law answers what broke it, in words; nothing when it held. */

import { fromEngagement, fromOpportunity } from '../../src/partner-central/mapping.ts';
import type { Deal, Opportunity } from '../../src/pipeline/deal.ts';
import { reviewState } from '../../src/pipeline/fields.ts';
import { isOpen } from '../../src/pipeline/opportunity.ts';
import type { TestHouse } from '../support/house.ts';
import { appliedOtherThanSaid } from './applied.ts';
import { type Asked, everythingAsked } from './asked.ts';
import { overwritten } from './overwritten.ts';
import { decidedForOthers, forbiddenActs } from './permitted.ts';
import { type Run, sorted } from './run.ts';

/** What was pressed since the last time is done with then. */
export async function brokenLaws(run: Run): Promise<string[]> {
  const { store } = run.house;
  const changes = await everythingAsked(store);
  const broken = [
    ...run.faults,
    ...(await forbiddenActs(store, run.scenes)),
    ...(await decidedForOthers(store)),
    ...endedWithoutReason(changes),
    ...(await unlikePractice(run.house)),
    ...appliedOtherThanSaid(run, changes),
    ...(await overwritten(run, changes)),
  ];
  run.scenes.clear();
  return broken;
}

/** Every Change ends with a reason; only what AWS holds while it reviews goes on waiting. */
const endedWithoutReason = (changes: Asked[]): string[] =>
  changes.flatMap((it) => {
    const about = `${it.wish.kind} of ${it.deal_id} (${it.state})`;
    if (it.steps === 0) return [`${about}: no step of it was written down`];
    if (it.state === 'waiting' && it.waits_for === 'locked') return [];
    if (['requested', 'sending', 'waiting'].includes(it.state)) return [`${about}: never ended`];
    return ['refused', 'conflict'].includes(it.state) && !it.answer ? [`${about}: no reason`] : [];
  });

/** The mirror is the record: as AWS would answer now. */
async function unlikePractice({ store, practice }: TestHouse): Promise<string[]> {
  const world = await practice.world();
  const mirror = new Map((await store.prisma.deal.findMany()).map((row) => [row.id, row]));
  const unlike = (theirs: Deal): string[] => {
    const found = mirror.get(theirs.id);
    if (!found) return [`${theirs.id}: not in the mirror`];
    return differences(read(found.detail), read(theirs)).map(
      (it) => `${theirs.id}: the mirror says otherwise than AWS of ${it}`,
    );
  };
  const invitations = Object.entries(world.invitations).flatMap(([id, { record }]) => {
    const found = mirror.get(id);
    if (!found || Date.parse(String(record.ExpirationDate)) <= Date.now()) return [];
    return found.status === record.Status
      ? []
      : [`${id}: the mirror says ${found.status}, AWS ${String(record.Status)}`];
  });
  return [
    ...Object.values(world.opportunities).flatMap(({ record, aws }) =>
      unlike(fromOpportunity(record, aws).deal),
    ),
    ...Object.values(world.engagements).flatMap((record) => {
      const lead = fromEngagement(record);
      return lead ? unlike(lead.deal) : [];
    }),
    ...invitations,
  ];
}

/** AWS's own moves raise no time stamp: its side is read anew of approved deals in an open stage alone. */
function read(deal: unknown): unknown {
  if ((deal as Deal).kind !== 'opportunity') return deal;
  const { aws, ...rest } = deal as Opportunity;
  return reviewState(rest) === 'Approved' && isOpen(rest) ? deal : rest;
}

function differences(one: unknown, other: unknown): string[] {
  const [a, b] = [one, other] as Record<string, unknown>[];
  return [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])]
    .filter((key) => sorted(a?.[key]) !== sorted(b?.[key]))
    .map((key) => `${key}: ${sorted(a?.[key])}, not ${sorted(b?.[key])}`);
}
