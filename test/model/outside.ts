/** Everything that is not a person at the desk: AWS's side, other tools, faults, and the coming to rest. */
import { isOpen } from '../../src/pipeline/opportunity.ts';
import type { TestHouse } from '../support/house.ts';
import { type Run, sorted } from './run.ts';
import type { AwsMove, Fault } from './steps.ts';

/** The weather clears, AWS is read, and nothing is on its way any more. */
export async function calm(run: Run): Promise<void> {
  const { house } = run;
  await house.practice.script.up();
  await house.practice.script.slow(undefined);
  await hurry(house, 'all');
  await quiet(house);
  await house.aws.sync();
  await house.aws.refresh();
  await quiet(house);
  await gather(run);
  // Another day: nobody has used up what a person may ask within an hour.
  await house.store.prisma.$executeRaw`UPDATE change SET requested_at = requested_at - interval '25 hours'`;
  await house.store.prisma.$executeRaw`DELETE FROM quota_hour`;
}

/** What rests, after a fault or between two questions to AWS, need not be waited for. */
async function quiet(house: TestHouse): Promise<void> {
  let isQuiet = false;
  const settling = house.quiet().finally(() => {
    isQuiet = true;
  });
  while (!isQuiet) {
    await hurry(house, 'unlocked');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await settling;
}

async function hurry({ store }: TestHouse, which: 'all' | 'unlocked'): Promise<void> {
  const moved = await store.prisma.$executeRaw`
    UPDATE change SET due_at = now() WHERE state IN ('requested', 'sending', 'waiting') AND due_at > now()
      AND (${which} = 'all' OR waits_for IS DISTINCT FROM 'locked')`;
  if (moved > 0) await store.prisma.$executeRaw`SELECT pg_notify('change_wanted', '')`;
}

/** Practice keeps its last thousand effects: those that came since the last look are added. */
async function gather(run: Run): Promise<void> {
  const all = await run.house.effects();
  const last = sorted(run.effects.at(-1));
  const from = run.effects.length === 0 ? 0 : all.findLastIndex((it) => sorted(it) === last) + 1;
  run.effects.push(...all.slice(from));
}

export async function awsMoves(run: Run, what: AwsMove, at: number, nth: number): Promise<void> {
  const { house } = run;
  const { script } = house.practice;
  if (what === 'referral') await script.newReferral();
  else if (what === 'lead') await script.newLead();
  else if (what === 'expire') {
    const pending = await house.store.prisma.deal.findMany({
      where: { status: 'PENDING' },
      orderBy: { id: 'asc' },
    });
    const one = pending[at % Math.max(1, pending.length)];
    // Some must stay to be accepted.
    if (one && pending.length > 4) await script.expire(one.id);
  } else await withOpportunity(run, what, at, nth);
  // Else nobody here knows of it yet.
  if (nth % 5 === 0) await house.aws.sync();
}

async function withOpportunity(run: Run, what: AwsMove, at: number, nth: number): Promise<void> {
  const { script } = run.house.practice;
  const rows = await run.house.store.prisma.deal.findMany({
    where: { kind: 'opportunity' },
    orderBy: { id: 'asc' },
  });
  const id = rows[at % rows.length]?.id ?? '';
  if (what === 'review') await script.startReview(id);
  else if (what === 'ask') await script.review(id, { remark: `Please correct it, ${nth}.` });
  else if (what === 'edit') await script.edit(id, 'LifeCycle.NextSteps', `Another tool, ${nth}`);
  else if (what === 'close date' || what === 'moved stage') await otherTool(run, what, id, at);
  else if (what === 'stage') await script.awsStage(id, 'Launched');
  else if (what === 'approve') await script.review(id, 'approve');
  // One in three, or soon everything is rejected.
  else if (at % 3 === 0) await script.review(id, 'reject');
}

/** Another tool writes a value that people at the desk write as well, where AWS lets it. */
async function otherTool(run: Run, what: 'close date' | 'moved stage', id: string, at: number) {
  const deal = run.deals.get(id)?.deal;
  if (deal?.kind !== 'opportunity' || !isOpen(deal)) return;
  const [path, values] =
    what === 'close date'
      ? (['LifeCycle.TargetCloseDate', ['2030-06-15', '2032-02-01']] as const)
      : (['LifeCycle.Stage', ['Qualified', 'Committed']] as const);
  const value = values[at % values.length] ?? '';
  const from = new Date().toISOString();
  await run.house.practice.script.edit(id, path, value);
  run.edits.push({ id, path, value, from, to: new Date().toISOString() });
}

export function fault({ house }: Run, what: Fault): Promise<void> {
  const { script } = house.practice;
  const faults: Record<Fault, () => Promise<void>> = {
    throttle: () => script.throttle(1),
    drop: () => script.dropNext(),
    failing: () => script.down('failing'),
    unreachable: () => script.down('unreachable'),
    up: () => script.up(),
    'fail accept': () => script.failNextAccept('OpportunityValidationFailed'),
    // For some dozens of steps.
    slow: () => script.slow(0.5),
    quick: () => script.slow(undefined),
  };
  return faults[what]();
}
