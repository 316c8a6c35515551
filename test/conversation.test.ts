/** One story, told at the terminal, in Slack and in Teams, on both databases: it ends in the same state, and no log repeats it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLog } from '../src/log.ts';
import { addDays, dayIn } from '../src/pipeline/calendar.ts';
import { databases, type TestDatabase } from './support/databases.ts';
import type { TestHouse } from './support/house.ts';
import type { SlackHouse } from './support/slack-house.ts';
import { send, slashBody } from './support/slack-requests.ts';
import { inTeams } from './support/teams-teller.ts';
import { atTheTerminal, inSlack, type Teller } from './support/tellers.ts';

const STEPS = {
  plain: 'Load test signed off by the platform team',
  withDate: 'Contract is with their lawyers',
  queued: 'Sandbox is ready for the basis team',
  dropped: 'Nobody will ever read this line',
  conflicting: 'Ours comes second',
  elsewhere: 'Written in another tool',
};

async function story({ house, says, fillsIn, presses }: Teller): Promise<void> {
  const { script } = house.practice;
  await says('list pending', 'Tamarind Airways');
  await says('accept Tamarind Airways', 'AWS confirmed the change of owner to Ana Silva');
  await says('accept Tamarind Airways', 'there is nothing left to accept');
  await says(`next step for Northgate Tram Works: ${STEPS.plain}`, 'AWS confirmed');
  await says('next-step Windrush Agritech', 'New close date');
  await fillsIn([STEPS.withDate, addDays(dayIn(new Date(), 'UTC'), 30)], 'AWS confirmed');
  await says(`next-step Polestar Ferries: ${STEPS.queued}`, 'Queue your next step, or drop it.');
  await presses('Queue it', 'AWS is reviewing this deal');
  await script.review(await house.idOf('Polestar Ferries'), 'approve');
  await house.aws.sync();
  await house.quiet();
  await says(`next-step Meridian Bakehouse: ${STEPS.dropped}`, 'Queue your next step, or drop it.');
  await presses('Queue it', 'AWS is reviewing this deal');
  await says('waiting cancel Meridian Bakehouse', 'taken back. AWS never saw it.');
  await script.edit(await house.idOf('Saffron Road Foods'), 'LifeCycle.NextSteps', STEPS.elsewhere);
  await says(`next-step Saffron Road Foods: ${STEPS.conflicting}`, `AWS has now “${STEPS.elsewhere}”`);
  await says('history', STEPS.withDate);
  await house.quiet();
}

const lines: string[] = [];
const log = createLog('debug', { write: (line: string) => void lines.push(line) });

/** What is left of a story, moments and random names apart. */
async function endOf({ store, practice }: TestHouse) {
  const { applied, opportunities } = await practice.world();
  const changes = await store.prisma.change.findMany({
    select: {
      dealId: true,
      verb: true,
      wish: true,
      state: true,
      answer: true,
      waitsFor: true,
      person: { select: { email: true } },
    },
    orderBy: { seq: 'asc' },
  });
  const touched = [
    ...new Set(applied.map(({ value, id }) => (id.startsWith('O') ? id : String(value)))),
  ].sort();
  const mirror = await store.prisma.deal.findMany({
    where: { OR: [{ id: { in: touched } }, { successor: { not: null } }] },
    select: { id: true, status: true, stage: true, ownerEmail: true, closeDate: true, successor: true },
    orderBy: { id: 'asc' },
  });
  const records = touched.map((id) => {
    const { LifeCycle, OpportunityTeam } = opportunities[id]?.record ?? {};
    const timeless = JSON.stringify(LifeCycle, (key, value) => (key === 'Time' ? undefined : value));
    return { id, OpportunityTeam, LifeCycle: JSON.parse(timeless) };
  });
  return { applied: applied.map(({ kind, id, value }) => ({ kind, id, value })), changes, mirror, records };
}

const ends: Record<string, Awaited<ReturnType<typeof endOf>>> = {};

describe.each(databases)('on $name', (database) => {
  test.each([
    ['terminal', atTheTerminal],
    ['Slack', (it: TestDatabase) => inSlack(it, log)],
    ['Teams', (it: TestDatabase) => inTeams(it, log)],
  ])('the story is told at the %s to its end', async (door, open) => {
    const teller = await open(database);
    try {
      await story(teller);
      const end = await endOf(teller.house);
      ends[`${door} on ${database.name}`] = end;
      expect(end.applied.map(({ kind }) => kind)).toEqual(['accept', 'update', 'update', 'update']);
      expect(end.changes.map(({ state }) => state)).toEqual([
        ...['confirmed', 'confirmed', 'confirmed', 'confirmed', 'confirmed', 'cancelled', 'conflict'],
      ]);
    } finally {
      await teller.leaves();
    }
  });
});

test('all tellings end in the same state', () => {
  const [first, ...others] = Object.values(ends);
  expect(others).toHaveLength(5);
  for (const end of others) expect(end).toEqual(first);
});

describe.each(databases)('logs on $name', (database) => {
  let teller: Teller<SlackHouse>;
  beforeAll(async () => {
    teller = await inSlack(database, log);
  });
  afterAll(() => teller?.leaves());

  test('a day on which everything fails leaves no customer, address, title or text in the log', async () => {
    const { house } = teller;
    const { workspace, practice, store } = house;
    const before = lines.length;
    const id = await house.idOf('Glasswing Biotech');
    const step = (words: string) =>
      house.act('next-step', { id, text: words, closeDate: addDays(dayIn(new Date(), 'UTC'), 9) });
    workspace.fail('users.info', { error: 'fatal_error' });
    await house.slash('MINA', 'accept Evergrove Timber');
    for (const method of ['response_url', 'conversations.open', 'chat.postMessage', 'views.open'])
      workspace.fail(method, { status: 500, times: 2 });
    await house.slash('ANA', 'accept Evergrove Timber');
    await house.slash('ANA', `next-step ${id}`);
    await house.tell('TOM', 'show Polestar Ferries');
    await house.quiet();
    await practice.script.failNextAccept('OpportunityValidationFailed');
    await house.say('ANA', 'accept @here Bakeries');
    await house.quiet();
    await practice.script.down('failing');
    await step('Said while AWS was down');
    await house.aws.sync();
    await practice.script.down('unreachable');
    await house.aws.sync();
    await practice.script.up();
    await practice.script.dropNext();
    await house.quiet();
    await practice.script.edit(id, 'Project.Title', '');
    await step('Said to a broken record');
    await house.quiet();
    await store.prisma.$executeRaw`ALTER TABLE act RENAME TO act_away`;
    expect((await step('Said to a broken database')).ok).toBe(false);
    await house.slash('ANA', `next-step ${id}: Typed to a broken database`);
    await store.prisma.$executeRaw`ALTER TABLE act_away RENAME TO act`;
    await send(house.target, { body: slashBody(house.target, 'ANA', 'show Acme', 'C1'), signature: 'v0=00' });
    await send(house.target, { body: 'payload={"Glasswing Biotech"', contentType: 'application/json' });
    const said = lines.slice(before).join('\n');
    expect(said).toContain('an act failed');
    expect(lines.length - before).toBeGreaterThan(8);
  });

  test('nor does any telling of the story', async () => {
    const { practice, store } = teller.house;
    const world = await practice.world();
    const deals = await store.prisma.deal.findMany({ select: { company: true, title: true } });
    const everything = JSON.stringify([world.opportunities, world.invitations, world.engagements]);
    const addresses = everything.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? [];
    const steps = [...everything.matchAll(/"(?:NextSteps|Value)":"((?:[^"\\]|\\.){8,})"/g)].map(
      ([, it = '']) => it,
    );
    const secrets = new Set([
      ...deals.flatMap(({ company, title }) => [company, title]),
      ...[...addresses, ...steps, ...Object.values(STEPS), 'Said ', 'Typed to', '@partner.example'],
    ]);
    expect(secrets.size).toBeGreaterThan(150);
    expect(lines.length).toBeGreaterThan(10);
    const all = lines.join('\n');
    const found = [...secrets].filter(
      (it) => all.includes(it) || all.includes(JSON.stringify(it).slice(1, -1)),
    );
    expect(found).toEqual([]);
  });
});
