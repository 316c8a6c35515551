/** What must hold of a run once all is at rest. Each law answers what broke it, in words; nothing when it held. */

import { fromOpportunity } from '../../src/partner-central/mapping.ts';
import type { Values, Wish } from '../../src/pipeline/change.ts';
import type { Opportunity } from '../../src/pipeline/deal.ts';
import { reviewState } from '../../src/pipeline/fields.ts';
import { isOpen } from '../../src/pipeline/opportunity.ts';
import type { TestHouse } from '../support/house.ts';
import { type Run, sorted } from './run.ts';

interface Asked {
  id: string;
  seq: number;
  deal_id: string;
  person_id: string;
  wish: Wish;
  state: string;
  waits_for: string | null;
  answer: string | null;
  sent_at: Date | null;
  steps: number;
}

export async function brokenLaws(run: Run): Promise<string[]> {
  const changes = await run.house.store.prisma.$queryRaw<Asked[]>`
    SELECT c.id, c.seq::int AS seq, c.deal_id, c.person_id, c.wish, c.state, c.waits_for, c.answer, c.sent_at,
      (SELECT count(*)::int FROM transition t WHERE t.change_id = c.id) AS steps
    FROM change c ORDER BY c.seq`;
  return [
    ...run.faults,
    ...endedWithoutReason(changes),
    ...(await unlikePractice(run.house)),
    ...appliedOtherThanSaid(run, changes),
    ...(await overwritten(run.house, changes)),
  ];
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
  const rows = await store.prisma.deal.findMany();
  const mirror = new Map(rows.map((row) => [row.id, row]));
  const opportunities = Object.entries(world.opportunities).flatMap(([id, { record, aws }]) => {
    const found = mirror.get(id);
    const theirs = fromOpportunity(record, aws).deal;
    if (!found) return [`${id}: not in the mirror`];
    return differences(read(found.detail), read(theirs)).map(
      (it) => `${id}: the mirror says otherwise than AWS of ${it}`,
    );
  });
  const invitations = Object.entries(world.invitations).flatMap(([id, { record }]) => {
    const found = mirror.get(id);
    if (!found || Date.parse(String(record.ExpirationDate)) <= Date.now()) return [];
    return found.status === record.Status
      ? []
      : [`${id}: the mirror says ${found.status}, AWS ${String(record.Status)}`];
  });
  return [...opportunities, ...invitations];
}

/** AWS's own moves raise no time stamp: its side is read anew of approved deals in an open stage alone. */
function read(deal: unknown): unknown {
  const { aws, ...rest } = deal as Opportunity;
  return reviewState(rest) === 'Approved' && isOpen(rest) ? deal : rest;
}

function differences(one: unknown, other: unknown): string[] {
  const [a, b] = [one, other] as Record<string, unknown>[];
  return [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])]
    .filter((key) => sorted(a?.[key]) !== sorted(b?.[key]))
    .map((key) => `${key}: ${sorted(a?.[key])}, not ${sorted(b?.[key])}`);
}

/** AWS carried out what is confirmed, once; and nothing that is not. */
function appliedOtherThanSaid({ effects }: Run, changes: Asked[]): string[] {
  const texts = new Set(changes.flatMap(({ wish }) => (wish.kind === 'update' && wish.set.nextStep) || []));
  const updates = [...texts].flatMap((text) => {
    const said = changes.filter(({ wish }) => wish.kind === 'update' && wish.set.nextStep === text);
    const done = effects.filter(({ kind, value }) => kind === 'update' && nextStepIn(value) === text).length;
    const confirmed = said.filter(({ state }) => state === 'confirmed').length;
    const unsure = said.some(({ answer }) => /AWS may have/.test(answer ?? ''));
    return done === confirmed || (unsure && done <= confirmed + 1)
      ? []
      : [`“${text}”: confirmed ${confirmed}, applied ${done}`];
  });
  const answers = [...new Set(effects.map(({ id }) => id))].flatMap((id) => {
    const taken = effects.filter(
      (it) => it.id === id && ['accept', 'accept-lead', 'reject'].includes(it.kind),
    ).length;
    return taken > 1 ? [`${id}: answered ${taken} times`] : [];
  });
  const owners = [...new Set(effects.filter(({ kind }) => kind === 'assign').map(({ id }) => id))].flatMap(
    (id) => {
      const done = effects.filter((it) => it.kind === 'assign' && it.id === id).length;
      const asked = changes.filter(
        ({ wish, deal_id }) => wish.kind === 'assign' && (deal_id === id || deal_id.startsWith('engi-')),
      ).length;
      return done > asked ? [`${id}: assigned ${done} times, asked ${asked}`] : [];
    },
  );
  return [...updates, ...answers, ...owners];
}

const nextStepIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)['LifeCycle.NextSteps']
    : undefined;

/** What a next step took the place of was known to whoever wrote it: what they saw, or what they had put there themselves. */
async function overwritten({ practice }: TestHouse, changes: Asked[]): Promise<string[]> {
  const world = await practice.world();
  const confirmed = changes.filter(
    ({ state, wish }) => state === 'confirmed' && wish.kind === 'update' && wish.set.nextStep,
  );
  return confirmed.flatMap(({ deal_id, person_id, wish, seq }) => {
    if (wish.kind !== 'update') return [];
    const lifeCycle = world.opportunities[deal_id]?.record.LifeCycle as
      | { NextStepsHistory?: { Value: string }[] }
      | undefined;
    const history = (lifeCycle?.NextStepsHistory ?? []).map(({ Value }) => Value);
    const at = history.lastIndexOf(wish.set.nextStep ?? '');
    const before = at > 0 ? history[at - 1] : undefined;
    if (before === undefined) return [];
    const own = confirmed
      .filter((it) => it.person_id === person_id && it.deal_id === deal_id && it.seq < seq)
      .map(({ wish: earlier }) => (earlier as { set: Values }).set.nextStep);
    return [wish.base.nextStep, ...own].includes(before)
      ? []
      : [`${deal_id}: “${wish.set.nextStep}” took the place of “${before}”, which its writer had not seen`];
  });
}
