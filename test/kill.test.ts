/** SIGKILL anywhere between the click and AWS's confirmation: what was told as taken is done, once. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createPractice } from '../src/practice/create.ts';
import type { Doc } from '../src/practice/json.ts';
import type { World } from '../src/practice/world.ts';
import { practiceDocument } from '../src/store/practice.ts';
import { openStore, type Store } from '../src/store/store.ts';
import { type Child, startChild } from './support/child.ts';
import { databases, type Place, silentLog, type TestDatabase } from './support/databases.ts';
import { LEAD } from './support/house.ts';
import { ASKER, type Death, type Order, runReplica } from './support/replica.ts';

/** Where the processes die, from "nobody was told yet" to "done at AWS, and nobody here knows". */
const DEATHS: Record<TestDatabase['name'], Death[]> = {
  PGlite: [
    { after: 'asked', nth: 1 },
    { after: 'updated at AWS', nth: 1 },
    { after: 'started at AWS', nth: 1 },
    { after: 'marked as sent', nth: 1 },
    { after: 'assigned at AWS', nth: 1 },
    { after: 'mirrored', nth: 2 },
  ],
  PostgreSQL: [
    { after: 'started at AWS', nth: 1 },
    { after: 'updated at AWS', nth: 2 },
    { after: 'assigned at AWS', nth: 1 },
    { after: 'taken', nth: 2 },
    { after: 'asked', nth: 3 },
    { after: 'written down', nth: 1 },
  ],
};

const children: Child[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
});

function start(place: Place): Child {
  const child = startChild(`
    import { ${runReplica.name} } from './test/support/replica.ts';
    await ${runReplica.name}(${JSON.stringify(place)});`);
  children.push(child);
  return child;
}

/** With PostgreSQL a second replica stands by and takes over; the folder of PGlite has one process at a time. */
function fleet({ name }: TestDatabase, place: Place) {
  let standby = name === 'PostgreSQL' ? start(place) : undefined;
  return async (): Promise<Child> => {
    const next = await opened(standby ?? start(place), place);
    if (standby) standby = start(place);
    await next.said('agent');
    return next;
  };
}

/** One that did not come up (on a busy machine the database may take too long to answer) is started again. */
async function opened(child: Child, place: Place, attempts = 3): Promise<Child> {
  try {
    await child.said('open');
    return child;
  } catch (error) {
    if (attempts === 1) throw error;
    return opened(start(place), place, attempts - 1);
  }
}

const order = (child: Child, it: Order) => child.process.stdin?.write(`${JSON.stringify(it)}\n`);

describe.each(databases)('killed again and again, on $name', (database) => {
  test('every act that was told as taken ends confirmed, and each is carried out once', async () => {
    const place = await database.place();
    const nextAgent = fleet(database, place);
    let agent = await nextAgent();
    const deals = await dealsOf(place, database, agent);
    if (database.name === 'PGlite') agent = await nextAgent();
    let untold: Order['acts'] = [];
    const all: Order['acts'] = [];
    for (const [round, death] of DEATHS[database.name].entries()) {
      const acts = clicks(round, deals);
      all.push(...acts);
      order(agent, { acts: [...untold, ...acts], death });
      const output = await outputAtDeath(agent, death);
      // Whoever was told nothing presses again: the same act.
      untold = [...untold, ...acts].filter(({ key }) => !output.includes(`taken ${key}\n`));
      agent = await nextAgent();
    }
    order(agent, { acts: untold });
    await agent.said('quiet');
    await withStore(place, async (store, world) => {
      await expectDone(store, all);
      await expectOnce(store, world, all);
    });
  }, 300_000);
});

/** What it had said. Throws when it lived on. */
async function outputAtDeath(child: Child, { after, nth }: Death): Promise<string> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void child.kill();
  }, 30_000);
  const { output, code } = await child.ended;
  clearTimeout(timer);
  if (isLate || code !== null) throw new Error(`It never died after “${after}” ${nth}: ${output}`);
  return output;
}

interface Deals {
  invitations: string[];
  opportunities: string[];
}

/** What may be accepted, and what takes a next step; the first process has read it. */
async function dealsOf(place: Place, { name }: TestDatabase, first: Child): Promise<Deals> {
  if (name === 'PGlite') await first.kill();
  return withStore(place, async (store) => {
    const ids = async (where: object) =>
      (await store.prisma.deal.findMany({ where, orderBy: { id: 'asc' } })).map(({ id }) => id);
    const soon = { gt: new Date() };
    return {
      invitations: await ids({ status: 'PENDING', expiresAt: soon }),
      opportunities: await ids({ status: 'Approved', stage: { not: 'Launched' }, closeDate: soon }),
    };
  });
}

/** Three next steps, two of them of one deal in their order; in even rounds an acceptance before them. */
function clicks(round: number, { invitations, opportunities }: Deals): Order['acts'] {
  const [one = '', other = ''] = [0, 1].map((nth) => opportunities[(2 * round + nth) % opportunities.length]);
  const write = (id: string, nth: number) => ({
    key: `write-${round}-${nth}`,
    verb: 'next-step' as const,
    input: { id, text: `Step ${round}.${nth}` },
  });
  const id = round % 2 === 0 ? invitations[round] : undefined;
  const accept = id ? [{ key: `accept-${round}`, verb: 'accept' as const, input: { id } }] : [];
  return [...accept, write(one, 1), write(other, 2), write(one, 3)];
}

async function withStore<T>(
  place: Place,
  use: (store: Store, world: () => Promise<World>) => Promise<T>,
): Promise<T> {
  const store = await openStore({ ...place, log: silentLog });
  const now = () => new Date();
  const practice = createPractice({ state: practiceDocument(store), now, leadEmail: LEAD });
  try {
    return await use(store, practice.world);
  } finally {
    await store.close();
  }
}

/** Every act is there with its Changes, and every Change has come to its end. */
async function expectDone(store: Store, acts: Order['acts']): Promise<void> {
  const changes = await store.prisma.change.findMany({ include: { transitions: true } });
  const unfinished = changes.filter(({ state }) => state !== 'confirmed');
  expect(unfinished.map(({ actKey, state, answer }) => ({ actKey, state, answer }))).toEqual([]);
  const keys = new Set(changes.map(({ actKey }) => actKey));
  expect([...keys].sort()).toEqual(acts.map(({ key }) => key).sort());
  for (const { key, verb, input } of acts) {
    const isReferral =
      (await store.prisma.deal.findUniqueOrThrow({ where: { id: input.id ?? '' } })).kind === 'referral';
    expect(changes.filter(({ actKey }) => actKey === key)).toHaveLength(
      verb === 'accept' && isReferral ? 2 : 1,
    );
  }
  for (const { transitions } of changes)
    expect(transitions.filter(({ state }) => state === 'confirmed')).toHaveLength(1);
}

/** AWS carried out each acceptance, each change of owner and each text exactly once. */
async function expectOnce(store: Store, world: () => Promise<World>, acts: Order['acts']): Promise<void> {
  const { applied, opportunities } = await world();
  const texts = applied
    .filter(({ kind }) => kind === 'update')
    .map(({ value }) => (value as Doc)['LifeCycle.NextSteps'] ?? 'sent again');
  const asked = acts.flatMap(({ input }) => input.text ?? []);
  expect([...texts].sort()).toEqual([...asked].sort());
  const accepted = applied.filter(({ kind }) => kind === 'accept' || kind === 'accept-lead');
  const invitations = acts.filter(({ verb }) => verb === 'accept').map(({ input }) => input.id);
  expect(accepted.map(({ id }) => id).sort()).toEqual([...invitations].sort());
  const referrals = accepted.filter(({ kind }) => kind === 'accept');
  const owned = applied.filter(({ kind }) => kind === 'assign').map(({ id }) => id);
  expect([...owned].sort()).toEqual(referrals.map(({ value }) => value).sort());
  for (const { value } of referrals) {
    const { record } = opportunities[String(value)] ?? {};
    expect(JSON.stringify(record?.OpportunityTeam)).toContain(ASKER);
    expect((await store.prisma.deal.findUniqueOrThrow({ where: { id: String(value) } })).ownerEmail).toBe(
      ASKER,
    );
  }
}
