/** Plays a run on a whole house and watches what is answered; what was done is held against the laws at each rest. */
import type { Answer } from '../../src/bot/intent.ts';
import type { Deal } from '../../src/pipeline/deal.ts';
import { unknownDeal } from '../../src/pipeline/errors.ts';
import type { Person } from '../../src/pipeline/person.ts';
import { ACTIONS, can } from '../../src/pipeline/policy.ts';
import type { Effect } from '../../src/practice/world.ts';
import { type Loaded, loadMany } from '../../src/store/deals.ts';
import { everybody } from '../../src/store/people.ts';
import { LEAD, TEAM, type TestHouse } from '../support/house.ts';
import { awsMoves, calm, fault } from './outside.ts';
import { relationsOf, type Scene } from './permitted.ts';
import type { Step } from './steps.ts';

/** One of each role, the three ACE users, and somebody nobody knows. */
const PEOPLE = [LEAD, TEAM.team, TEAM.manager, ...TEAM.users, 'nobody@else.example'];

/** What another tool wrote, between two moments of ours. */
export interface Edit {
  id: string;
  path: string;
  value: string;
  from: string;
  to: string;
}

export interface Run {
  house: TestHouse;
  /** Who is on the roster, by e-mail. */
  people: Map<string, Person>;
  /** The mirror as it was last looked at. */
  deals: Map<string, Loaded>;
  /** Each opportunity as it was first seen, and when. */
  first: Map<string, { deal: Deal; at: string }>;
  /** What was pressed since the last rest, by its key. */
  scenes: Map<string, Scene>;
  edits: Edit[];
  /** What AWS carried out, oldest first, of the whole run. */
  effects: Effect[];
  /** How often each outcome came, by verb: "next-step ok". */
  outcomes: Map<string, number>;
  /** What was answered against the law, in words. */
  faults: string[];
}

/** Some opportunities have been submitted by another than who owns them. */
export async function newRun(house: TestHouse): Promise<Run> {
  for (const [nth, email] of TEAM.users.entries())
    await house.store.prisma.$executeRaw`
      UPDATE deal SET submitted_by = ${email} WHERE origin = 'Partner Referral' AND ascii(right(id, 1)) % 5 = ${nth}`;
  const run: Run = {
    ...{ house, deals: new Map(), first: new Map(), scenes: new Map() },
    people: new Map((await everybody(house.store)).map((person) => [person.email, person])),
    ...{ edits: [], effects: [], outcomes: new Map(), faults: [] },
  };
  await look(run);
  return run;
}

/** One step; `nth` makes its texts its own. */
export async function play(run: Run, step: Step, nth: number): Promise<void> {
  if (step.kind === 'act') return act(run, step, nth);
  if (step.kind === 'aws') return awsMoves(run, step.what, step.deal, nth);
  if (step.kind === 'fault') return fault(run, step.what);
  return calm(run);
}

type Acting = Extract<Step, { kind: 'act' }>;

async function act(run: Run, step: Acting, nth: number): Promise<void> {
  const { house } = run;
  const as = PEOPLE[step.who % PEOPLE.length] ?? LEAD;
  const person = run.people.get(as);
  const id = await chosen(run, step, person);
  const input = { ...numbered(step.input, nth), ...(NO_DEAL.includes(step.verb) ? {} : { id }) };
  const key = `model-${nth}`;
  const told = `step ${nth}, ${as}: ${step.verb} ${JSON.stringify(input)}`;
  const before = new Map(dealsOf(run).map((deal) => [deal.id, deal]));
  const now = new Date();
  // The agent may have moved it since the last step.
  for (const { deal } of await loadMany(house.store, [id])) before.set(id, deal);
  const press = () => house.act(step.verb, input, { as, key });
  const [answer, again] = await Promise.all([press(), step.twice ? press() : undefined]);
  await look(run);
  count(run, `${step.verb} ${answer.ok ? 'ok' : 'no'}`);
  const after = run.deals.get(id)?.deal;
  const deals = [
    { deal: before.get(id), at: now },
    { deal: after, at: new Date() },
  ].flatMap(({ deal, at }) => (deal ? [{ deal, at }] : []));
  run.scenes.set(key, { told, person, deals });
  const wrong = [
    again && differ(answer, again) && 'the same act twice is two acts',
    !NO_DEAL.includes(step.verb) && toldOfHidden(answer, person, id, deals),
    betrayed(answer, [...before.values(), ...dealsOf(run)], person),
  ];
  for (const what of wrong)
    if (what) run.faults.push(`${told}: ${what}\n    answered ${JSON.stringify(answer.reply).slice(0, 400)}`);
}

/** Reads again what has changed since the last look. */
async function look(run: Run): Promise<void> {
  const { store } = run.house;
  const at = new Date().toISOString();
  const rows = await store.prisma.$queryRaw<{ id: string; version: number }[]>`
    SELECT id, version FROM deal ORDER BY id`;
  const moved = rows.filter(({ id, version }) => run.deals.get(id)?.version !== version);
  const ids = moved.map(({ id }) => id);
  const fresh = new Map((await loadMany(store, ids)).map((it) => [it.deal.id, it]));
  run.deals = new Map(
    rows.flatMap(({ id }) => {
      const it = fresh.get(id) ?? run.deals.get(id);
      return it ? [[id, it] as const] : [];
    }),
  );
  for (const { deal } of fresh.values())
    if (deal.kind === 'opportunity' && !run.first.has(deal.id)) run.first.set(deal.id, { deal, at });
}

const dealsOf = ({ deals }: Run): Deal[] => [...deals.values()].map(({ deal }) => deal);

/** Three times of four one that they see and that takes the verb; or little would ever come of a run. */
async function chosen(run: Run, { deal: at, verb }: Acting, person: Person | undefined): Promise<string> {
  const all = dealsOf(run);
  const taking = at % 4 > 0 ? await takers(run, all, verb) : [];
  const theirs = taking.filter((deal) => maySee(person, deal));
  const from = [theirs, taking].find((some) => some.length > 0) ?? all;
  return from[Math.floor(at / 4) % from.length]?.id ?? '';
}

async function takers({ house }: Run, all: Deal[], verb: string): Promise<Deal[]> {
  const action = ACTIONS.find((it) => it === verb);
  if (action)
    return all.filter((deal) => {
      const verdict = can(ALL_SEEING, action, deal, new Date());
      return verdict.yes || verdict.locked;
    });
  if (verb !== 'waiting') return all;
  const rows = await house.store.prisma.$queryRaw<{ deal_id: string }[]>`
    SELECT DISTINCT deal_id FROM change WHERE state IN ('requested', 'waiting', 'conflict')`;
  return all.filter(({ id }) => rows.some(({ deal_id }) => deal_id === id));
}

const ALL_SEEING: Person = {
  ...{ id: '', email: '', otherEmails: [], firstName: '', lastName: '' },
  ...{ role: 'alliance lead', timeZone: 'UTC' },
};

const NO_DEAL = ['desk', 'list', 'find'];

function differ(one: Answer, other: Answer): boolean {
  const [a, b] = [one, other].map(({ changeIds }) => [...changeIds].sort());
  return a?.length !== 0 && b?.length !== 0 && sorted(a) !== sorted(b);
}

const maySee = (person: Person | undefined, deal: Deal) => relationsOf(person, deal).length > 0;

function toldOfHidden(answer: Answer, person: Person | undefined, id: string, deals: Scene['deals']) {
  if (deals.some(({ deal }) => maySee(person, deal))) return undefined;
  if (answer.changeIds.length > 0) return 'acted on a deal they may not see';
  return person && !isUnknown(answer, id) ? 'told of a deal they may not see' : undefined;
}

const isUnknown = ({ reply }: Answer, id: string): boolean =>
  reply.kind === 'note' &&
  (reply.text === unknownDeal(id).message ||
    /^Nothing of that|waits for AWS/.test(reply.text) ||
    reply.text.startsWith('Dropped.'));

/** A customer whom this person may see nowhere, named in an answer to them. */
function betrayed({ reply }: Answer, all: Deal[], person: Person | undefined): string | undefined {
  const known = new Set(all.filter((deal) => maySee(person, deal)).map(({ company }) => company));
  const text = JSON.stringify(reply);
  const named = all.find(
    ({ company }) => !known.has(company) && text.includes(JSON.stringify(company).slice(1, -1)),
  );
  return named && `names “${named.company}”, which they may not see`;
}

const numbered = (input: Record<string, string>, nth: number): Record<string, string> =>
  Object.fromEntries(Object.entries(input).map(([key, value]) => [key, value.replace('#', String(nth))]));

/** A database gives the members of a document back in an order of its own. */
export const sorted = (it: unknown): string =>
  JSON.stringify(it, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const count = ({ outcomes }: Run, what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
