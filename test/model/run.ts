/** Plays a run on a whole house and watches that the law holds at every step. */
import type { Answer } from '../../src/bot/intent.ts';
import type { Deal } from '../../src/pipeline/deal.ts';
import { unknownDeal } from '../../src/pipeline/errors.ts';
import type { Person } from '../../src/pipeline/person.ts';
import { ACTIONS, can } from '../../src/pipeline/policy.ts';
import type { Effect } from '../../src/practice/world.ts';
import { loadMany } from '../../src/store/deals.ts';
import { findPerson } from '../../src/store/people.ts';
import { LEAD, TEAM, type TestHouse } from '../support/house.ts';
import type { AwsMove, Fault, Step } from './steps.ts';

/** One of each role, the three ACE users, and somebody nobody knows. */
const PEOPLE = [LEAD, TEAM.team, TEAM.manager, ...TEAM.users, 'nobody@else.example'];

export interface Run {
  house: TestHouse;
  /** What AWS carried out, oldest first, of the whole run. */
  effects: Effect[];
  /** How often each outcome came, by verb: "next-step ok". */
  outcomes: Map<string, number>;
  /** What went against the law, in words. */
  faults: string[];
}

export const newRun = (house: TestHouse): Run => ({ house, effects: [], outcomes: new Map(), faults: [] });

/** One step; `nth` makes its texts its own. */
export async function play(run: Run, step: Step, nth: number): Promise<void> {
  if (step.kind === 'act') return act(run, step, nth);
  if (step.kind === 'aws') return awsMoves(run, step.what, step.deal, nth);
  if (step.kind === 'fault') return fault(run, step.what);
  return calm(run);
}

/** The weather clears, AWS is read, and nothing is on its way any more. */
export async function calm(run: Run): Promise<void> {
  const { house } = run;
  await house.practice.script.up();
  await house.practice.script.slow(undefined);
  // What rests after a fault need not be waited for.
  await house.store.prisma.$executeRaw`
    UPDATE change SET due_at = now() WHERE state IN ('requested', 'sending', 'waiting') AND due_at > now() + interval '1 second'`;
  await house.store.prisma.$executeRaw`SELECT pg_notify('change_wanted', '')`;
  await house.quiet();
  await house.aws.sync();
  await house.aws.refresh();
  await house.quiet();
  await gather(run);
  // Another day: nobody has used up what a person may ask within an hour.
  await house.store.prisma.$executeRaw`UPDATE change SET requested_at = requested_at - interval '25 hours'`;
  await house.store.prisma.$executeRaw`DELETE FROM quota_hour`;
}

async function act(run: Run, step: Extract<Step, { kind: 'act' }>, nth: number): Promise<void> {
  const { house } = run;
  const as = PEOPLE[step.who % PEOPLE.length] ?? LEAD;
  const person = await findPerson(house.store, as);
  const ids = await idsOf(house);
  const before = await deals(house, ids);
  const id = chosen(before, step);
  const input = { ...numbered(step.input, nth), ...(NO_DEAL.includes(step.verb) ? {} : { id }) };
  const key = `model-${nth}`;
  const press = () => house.act(step.verb, input, { as, key });
  const [answer, again] = await Promise.all([press(), step.twice ? press() : undefined]);
  const after = await deals(house, ids);
  count(run, `${step.verb} ${answer.ok ? 'ok' : 'no'}`);
  const told = `step ${nth}, ${as}: ${step.verb} ${JSON.stringify(input)}`;
  const wrong = (what: string) =>
    run.faults.push(`${told}: ${what}\n    answered ${JSON.stringify(answer.reply).slice(0, 400)}`);
  if (again && JSON.stringify([...again.changeIds].sort()) !== JSON.stringify([...answer.changeIds].sort()))
    if (answer.changeIds.length > 0 && again.changeIds.length > 0) wrong('the same act twice is two acts');
  const now = new Date();
  const sees = (deal: Deal) => person !== undefined && can(person, 'see', deal, now).yes;
  const seen = (of: Map<string, Deal>) => of.get(id) !== undefined && sees(of.get(id) as Deal);
  if (!NO_DEAL.includes(step.verb) && !seen(before) && !seen(after)) {
    if (answer.changeIds.length > 0) wrong('acted on a deal they may not see');
    if (person && !isUnknown(answer, id)) wrong('told of a deal they may not see');
  }
  const leaked = betrayed(answer, before, after, sees);
  if (leaked) wrong(`names “${leaked}”, which they may not see`);
}

/** Three times of four one that takes the verb, were its actor allowed; or little would ever come of a run. */
function chosen(among: Map<string, Deal>, { deal: at, verb }: Extract<Step, { kind: 'act' }>): string {
  const action = ACTIONS.find((it) => it === verb);
  const all = [...among.values()];
  const taking = action ? all.filter((deal) => can(ALL_SEEING, action, deal, new Date()).yes) : all;
  const from = at % 4 === 0 || taking.length === 0 ? all : taking;
  return from[at % from.length]?.id ?? '';
}

const ALL_SEEING: Person = {
  id: '',
  email: '',
  otherEmails: [],
  firstName: '',
  lastName: '',
  role: 'alliance lead',
  timeZone: 'UTC',
};

const NO_DEAL = ['desk', 'list', 'find'];

const isUnknown = ({ reply }: Answer, id: string): boolean =>
  reply.kind === 'note' &&
  (reply.text === unknownDeal(id).message ||
    /^Nothing of that|waits for AWS/.test(reply.text) ||
    reply.text.startsWith('Dropped.'));

/** A customer whom this person may see nowhere, named in an answer to them. */
function betrayed(
  { reply }: Answer,
  before: Map<string, Deal>,
  after: Map<string, Deal>,
  sees: (deal: Deal) => boolean,
): string | undefined {
  const all = [...before.values(), ...after.values()];
  const known = new Set(all.filter(sees).map(({ company }) => company));
  const text = JSON.stringify(reply);
  return all.find(({ company }) => !known.has(company) && text.includes(JSON.stringify(company).slice(1, -1)))
    ?.company;
}

const numbered = (input: Record<string, string>, nth: number): Record<string, string> =>
  Object.fromEntries(Object.entries(input).map(([key, value]) => [key, value.replace('#', String(nth))]));

async function idsOf({ store }: TestHouse): Promise<string[]> {
  return (await store.prisma.deal.findMany({ select: { id: true }, orderBy: { id: 'asc' } })).map(
    ({ id }) => id,
  );
}

const deals = async ({ store }: TestHouse, ids: string[]): Promise<Map<string, Deal>> =>
  new Map((await loadMany(store, ids)).map(({ deal }) => [deal.id, deal]));

async function awsMoves({ house }: Run, what: AwsMove, at: number, nth: number): Promise<void> {
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
  } else await withOpportunity(house, what, at, nth);
  await house.aws.sync();
}

async function withOpportunity(house: TestHouse, what: AwsMove, at: number, nth: number): Promise<void> {
  const { script } = house.practice;
  const rows = await house.store.prisma.deal.findMany({
    where: { kind: 'opportunity' },
    orderBy: { id: 'asc' },
  });
  const id = rows[at % rows.length]?.id ?? '';
  if (what === 'review') await script.startReview(id);
  else if (what === 'ask') await script.review(id, { remark: `Please correct it, ${nth}.` });
  else if (what === 'edit') await script.edit(id, 'LifeCycle.NextSteps', `Another tool, ${nth}`);
  else if (what === 'stage') await script.awsStage(id, 'Launched');
  else if (what === 'approve') await script.review(id, 'approve');
  // One in three, or soon everything is rejected.
  else if (nth % 3 === 0) await script.review(id, 'reject');
}

function fault({ house }: Run, what: Fault): Promise<void> {
  const { script } = house.practice;
  const faults: Record<Fault, () => Promise<void>> = {
    throttle: () => script.throttle(1),
    drop: () => script.dropNext(),
    failing: () => script.down('failing'),
    unreachable: () => script.down('unreachable'),
    up: () => script.up(),
    'fail accept': () => script.failNextAccept('OpportunityValidationFailed'),
    slow: () => script.slow(2),
    quick: () => script.slow(undefined),
  };
  return faults[what]();
}

/** Practice keeps its last thousand effects: those that came since the last look are added. */
async function gather(run: Run): Promise<void> {
  const all = await run.house.effects();
  const last = sorted(run.effects.at(-1));
  const from = run.effects.length === 0 ? 0 : all.findLastIndex((it) => sorted(it) === last) + 1;
  run.effects.push(...all.slice(from));
}

/** A database gives the members of a document back in an order of its own. */
export const sorted = (it: unknown): string =>
  JSON.stringify(it, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const count = ({ outcomes }: Run, what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
