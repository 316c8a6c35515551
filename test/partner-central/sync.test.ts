/** The mirror is filled once, with progress, and then follows AWS by reading only what changed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '../../src/bot/intent.ts';
import { openHouse } from '../../src/house.ts';
import { createPartnerCentral, type PartnerCentral } from '../../src/partner-central/client.ts';
import { createPace } from '../../src/partner-central/pace.ts';
import { createSync } from '../../src/partner-central/sync.ts';
import { createPractice, type Practice } from '../../src/practice/create.ts';
import type { State, World } from '../../src/practice/world.ts';
import { agentState } from '../../src/store/agent.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import { practiceDocument } from '../../src/store/practice.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, openTestHouse, type TestHouse, until } from '../support/house.ts';

/** Calls of AWS that a piece of work took, by operation. */
async function callsOf(practice: Practice, work: () => Promise<void>): Promise<Record<string, number>> {
  const { calls: before } = await practice.world();
  await work();
  const { calls } = await practice.world();
  return Object.fromEntries(
    Object.entries(calls)
      .map(([name, many]): [string, number] => [name, many - (before[name] ?? 0)])
      .filter(([, many]) => many > 0),
  );
}

describe.each(databases)('following AWS, on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  const world = () => house.practice.world();
  const row = (id: string) => house.store.prisma.deal.findUnique({ where: { id } });
  const approved = async () =>
    (
      await house.store.prisma.deal.findMany({
        where: { status: 'Approved', stage: 'Qualified' },
        orderBy: { id: 'asc' },
      })
    ).map(({ id }) => id);
  /** The ids a person sees, over all pages. */
  const idsOf = ({ reply }: Answer) =>
    reply.kind === 'list' ? reply.sections.flatMap(({ items }) => items.map(({ id }) => id)) : [];
  const pending = async () => idsOf(await house.act('list', { view: 'pending' }));
  const pipeline = async () =>
    (await Promise.all([1, 2, 3, 4].map(async (page) => idsOf(await house.act('list', { page }))))).flat();
  /** As if AWS never had it: the script has no word for it. */
  const forget = (change: (world: World) => World) => rewriteWorld(house.store, change);

  test('the first reading mirrors all that AWS has: every opportunity, accepted lead and pending invitation', async () => {
    const { opportunities, engagements, invitations } = await world();
    const at = new Date();
    const open = Object.entries(invitations).filter(
      ([, { record, participant }]) =>
        participant === 'RECEIVER' &&
        record.Status === 'PENDING' &&
        Date.parse(String(record.ExpirationDate)) > at.getTime(),
    );
    const leads = Object.entries(engagements).filter(([, one]) => JSON.stringify(one).includes('"Lead"'));
    const ids = [...Object.keys(opportunities), ...open.map(([id]) => id), ...leads.map(([id]) => id)];
    const mirrored = await house.store.prisma.deal.findMany({ where: { id: { in: ids }, goneAt: null } });
    expect(mirrored).toHaveLength(ids.length);
  });

  test('where nothing changed, no opportunity and no lead is read again', async () => {
    const calls = await callsOf(house.practice, () => house.aws.sync());
    expect(calls.GetOpportunity).toBeUndefined();
    expect(calls.GetEngagement).toBeUndefined();
    expect(calls.ListOpportunities).toBe(1);
  });

  test('of what changed only that is read', async () => {
    const [id = ''] = await approved();
    await house.practice.script.edit(id, 'Project.Title', 'Another title');
    const calls = await callsOf(house.practice, () => house.aws.sync());
    expect(calls.GetOpportunity).toBe(1);
    expect((await row(id))?.title).toBe('Another title');
  });

  test('what we wrote ourselves is not read again', async () => {
    const [id = ''] = await approved();
    const answer = await house.act('next-step', { id, text: 'Written by us' });
    expect((await house.desk.settled(answer, 20_000))?.ok).toBe(true);
    const calls = await callsOf(house.practice, () => house.aws.sync());
    expect(calls.GetOpportunity).toBeUndefined();
  });

  test('a new referral appears; once expired it leaves the pending list', async () => {
    const id = await house.practice.script.newReferral();
    await house.aws.sync();
    expect(await pending()).toContain(id);
    await house.practice.script.expire(id);
    await house.aws.sync();
    expect(await pending()).not.toContain(id);
    expect((await row(id))?.status).toBe('EXPIRED');
  });

  test('an invitation that AWS no longer gives us leaves the pending list', async () => {
    const id = await house.practice.script.newReferral();
    await house.aws.sync();
    await forget(({ invitations: { [id]: _, ...invitations }, ...rest }) => ({ ...rest, invitations }));
    await house.aws.sync();
    expect(await pending()).not.toContain(id);
    expect((await row(id))?.goneAt).not.toBeNull();
  });

  test('an accepted lead that AWS no longer gives us leaves the pipeline', async () => {
    const lead = await house.store.prisma.deal.findFirstOrThrow({ where: { kind: 'lead', invitedAt: null } });
    const { id } = lead;
    expect(await pipeline()).toContain(id);
    await forget(({ engagements: { [id]: _, ...engagements }, ...rest }) => ({ ...rest, engagements }));
    await house.aws.sync();
    expect(await pipeline()).not.toContain(id);
    expect((await row(id))?.goneAt).not.toBeNull();
  });

  test('an opportunity that AWS no longer gives us leaves the pipeline with the nightly reading', async () => {
    const id = (await approved()).at(-1) ?? '';
    expect(await pipeline()).toContain(id);
    await forget(({ opportunities: { [id]: _, ...opportunities }, ...rest }) => ({ ...rest, opportunities }));
    await house.aws.refresh();
    expect(await pipeline()).not.toContain(id);
  });

  test('asked for again and again while it reads, it reads once more and no oftener', async () => {
    const calls = await callsOf(house.practice, async () => {
      await Promise.all(Array.from({ length: 20 }, () => house.aws.sync()));
    });
    expect(calls.ListOpportunities).toBe(2);
  });

  test('while AWS is away it waits, and catches up afterwards', async () => {
    const [id = ''] = await approved();
    await house.practice.script.edit(id, 'Project.Title', 'Changed before the outage');
    await house.practice.script.down();
    await house.aws.sync();
    expect((await row(id))?.title).not.toBe('Changed before the outage');
    await house.practice.script.up();
    await house.aws.sync();
    expect((await row(id))?.title).toBe('Changed before the outage');
  });
});

describe.each(databases)('the first reading, on $name', (database) => {
  test('says how far it is, and killed half way it goes on where it was', async () => {
    const place = await database.place();
    const store = await openStore({ ...place, log: silentLog });
    const practice = createPractice({
      state: practiceDocument(store),
      now: () => new Date(),
      leadEmail: LEAD,
    });
    const lease = await takeAgentLease(store, { onLost: () => {} });
    if (!lease) throw new Error('Nobody else has it.');
    const seen: number[] = [];
    const aws = sdk(practice);
    let reads = 0;
    const dying: PartnerCentral = {
      ...aws,
      forSync: {
        ...aws.forSync,
        async getOpportunity(id) {
          reads += 1;
          const { syncDone, syncTotal } = await agentState(store);
          seen.push(syncDone);
          expect(syncDone).toBeLessThanOrEqual(syncTotal);
          // The process dies here; nothing that comes later is written.
          if (reads > 25) throw Object.assign(new Error('gone'), { name: 'TimeoutError' });
          return aws.forSync.getOpportunity(id);
        },
      },
    };
    await createSync({ store, aws: dying, epoch: lease.epoch, log: silentLog, now: () => new Date() }).run();
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(1);
    const halfWay = await store.prisma.deal.count({ where: { kind: 'opportunity' } });
    expect(halfWay).toBeGreaterThan(0);
    expect((await agentState(store)).syncedAt).toBeNull();
    // Writes the calls down, which the next process counts on.
    await practice.world();
    await lease.release();
    await store.close();

    const config = { ...place, partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
    const house = await openHouse({ config, log: silentLog });
    try {
      await until('the first reading', async () => (await house.firstReading()).finished);
      const world = await house.practice?.world();
      const all = Object.keys(world?.opportunities ?? {}).length;
      expect(await house.store.prisma.deal.count({ where: { kind: 'opportunity' } })).toBe(all);
      expect(halfWay).toBeLessThan(all);
      expect(world?.calls.GetOpportunity).toBe(all);
    } finally {
      await house.stop();
    }
  });
});

const sdk = (practice: Practice): PartnerCentral =>
  createPartnerCentral({
    catalog: 'Sandbox',
    region: 'us-east-1',
    credentials: { accessKeyId: 'PRACTICE', secretAccessKey: 'practice' },
    requestHandler: practice.handler,
    pace: createPace({
      now: () => new Date(),
      sleep: async () => {},
      readsPerSecond: Number.POSITIVE_INFINITY,
      writesPerSecond: Number.POSITIVE_INFINITY,
    }),
    log: silentLog,
  });

async function rewriteWorld(store: Store, change: (world: World) => World): Promise<void> {
  const state: State = practiceDocument(store);
  await state.update((world) => {
    if (!world) throw new Error('The world was seeded.');
    return { world: change(world), answer: undefined };
  });
}
