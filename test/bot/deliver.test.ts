/** Deliveries: none is lost while a door is shut, none holds up another, and a copy never shows what is no longer so. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliver } from '../../src/bot/deliver.ts';
import { GoneForGood, type Messenger, type Ref } from '../../src/bot/intent.ts';
import { gatherNews } from '../../src/bot/news.ts';
import { findPerson } from '../../src/store/people.ts';
import { keepPosting, postingsOf } from '../../src/store/postings.ts';
import { markGone } from '../../src/store/reading.ts';
import type { Reply } from '../../src/views/view.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, until } from '../support/house.ts';

/** A messenger that writes down what it is given; `failing` throws where it says so. */
function recorder(
  platform: Messenger['platform'],
  failing: (ref: Ref) => Error | undefined = () => undefined,
) {
  const told: { to: string; text: string }[] = [];
  const redrawn: { ts: unknown; text: string }[] = [];
  const messenger: Messenger = {
    platform,
    tell: async ({ user }, reply) => {
      told.push({ to: user, text: textOf(reply) });
      return { ts: `told ${told.length}` };
    },
    redraw: async (ref, reply) => {
      const error = failing(ref);
      if (error) throw error;
      redrawn.push({ ts: ref.ts, text: textOf(reply) });
      return ref;
    },
    find: async () => undefined,
  };
  return { told, redrawn, messenger };
}
const textOf = (reply: Reply): string => JSON.stringify(reply);

describe.each(databases)('deliveries, on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  const now = () => new Date();
  const postman = (messenger: Messenger) => ({
    ...{ store: house.store, commands: [], messenger, log: silentLog, now },
  });
  /** No door of Teams works here: its copies are redrawn only when the test does it. */
  const keep = async (dealId: string, ts: string, email = LEAD) => {
    const personId = (await findPerson(house.store, email))?.id ?? '';
    const copy = { dealId, personId, platform: 'teams', shown: 'an old digest', version: 0, timeZone: null };
    await keepPosting(house.store, { ...copy, ref: { ts } });
  };
  const live = async (dealId: string) =>
    (await postingsOf(house.store, dealId, 'teams')).map(({ ref }) => ref.ts).sort();

  test('what is to be said on a platform whose door is not open yet waits for it, and is said once', async () => {
    const id = await house.idOf('Tamarind Airways');
    const from = { platform: 'slack' as const, tenant: 'T1', user: 'UANA', email: LEAD, conversation: 'D1' };
    const input = { id };
    const answer = await house.desk.handle({ verb: 'accept', input, key: randomUUID(), from });
    expect((await house.desk.settled(answer, 20_000))?.ok).toBe(true);
    const { told, messenger } = recorder('slack');
    await house.addMessenger(messenger);
    await until('the contacts', () => told.length > 0);
    await house.quiet();
    await deliver(postman(messenger), [{ deal: id, settled: answer.changeIds[0] ?? '' }]);
    expect(told).toEqual([{ to: 'UANA', text: expect.stringContaining('Contacts for Tamarind Airways') }]);
  });

  test('a copy that cannot be redrawn now holds up no other, of its deal or of another, and is tried again', async () => {
    const [one, other] = [await house.idOf('Polestar Ferries'), await house.idOf('Glasswing Biotech')];
    for (const ts of ['1', '2', '3']) await keep(one, ts);
    await keep(other, '4');
    const failing = recorder('teams', ({ ts }) => (ts === '2' ? new Error('not now') : undefined));
    await expect(deliver(postman(failing.messenger), [{ deal: one }, { deal: other }])).rejects.toThrow(
      'not now',
    );
    expect(failing.redrawn.map(({ ts }) => ts).sort()).toEqual(['1', '3', '4']);
    const mended = recorder('teams');
    await deliver(postman(mended.messenger), [{ deal: one }, { deal: other }]);
    expect(mended.redrawn.map(({ ts }) => ts)).toEqual(['2']);
  });

  test('a copy that is gone for good is not tried again; its neighbours are kept', async () => {
    const id = await house.idOf('Sandpiper Hotels');
    for (const ts of ['1', '2']) await keep(id, ts);
    const { redrawn, messenger } = recorder('teams', ({ ts }) =>
      ts === '1' ? new GoneForGood('deleted') : undefined,
    );
    await deliver(postman(messenger), [{ deal: id }]);
    expect(redrawn.map(({ ts }) => ts)).toEqual(['2']);
    expect(await live(id)).toEqual(['2']);
  });

  test('the copies of a deal that AWS no longer gives us say that it is lost; to who may not see it they say only that', async () => {
    const id = await house.idOf('Gullwing Insurance Mutual');
    await keep(id, 'lead');
    await keep(id, 'stranger', TEAM.users[2]);
    const { epoch } = await house.store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } });
    await markGone(house.store, [id], epoch, now());
    const { redrawn, messenger } = recorder('teams');
    await deliver(postman(messenger), [{ deal: id }]);
    const textAt = (ts: string) => redrawn.find((it) => it.ts === ts)?.text;
    expect(textAt('lead')).toContain(`AWS no longer gives us ${id}: it is lost.`);
    expect(textAt('lead')).not.toContain('Gullwing');
    expect(textAt('stranger')).toContain('This deal is no longer yours to see.');
    expect(textAt('stranger')).not.toContain(id);
  });

  test('of one person’s copies of a deal the newest five are kept true; older ones say so once, and end', async () => {
    const id = await house.idOf('Meridian Bakehouse');
    await keep(id, 'of another', TEAM.manager);
    for (const ts of ['1', '2', '3', '4', '5', '6', '7']) await keep(id, ts);
    const { redrawn, messenger } = recorder('teams', ({ ts }) =>
      ts === '2' ? new Error('not now') : undefined,
    );
    await expect(deliver(postman(messenger), [{ deal: id }])).rejects.toThrow('not now');
    const older = (said: { text: string }) => said.text.includes('You have newer copies of this deal');
    expect(redrawn.filter(older).map(({ ts }) => ts)).toEqual(['1']);
    expect(redrawn.find(older)?.text).not.toContain('Meridian');
    const mended = recorder('teams');
    await deliver(postman(mended.messenger), [{ deal: id }]);
    expect(mended.redrawn).toEqual([{ ts: '2', text: expect.stringContaining('You have newer copies') }]);
    expect(await live(id)).toEqual(['3', '4', '5', '6', '7', 'of another']);
    await keep(id, '7');
    await deliver(postman(mended.messenger), [{ deal: id }]);
    expect(await live(id)).toEqual(['3', '4', '5', '6', '7', 'of another']);
    expect(mended.redrawn.filter(older)).toHaveLength(1);
  });

  test('the sixth copy has the oldest looked at again, the fifth none', async () => {
    const id = await house.idOf('Saffron Road Foods');
    const { version } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    const personId = (await findPerson(house.store, LEAD))?.id ?? '';
    const jobs = async () => {
      const [row] = await house.store.prisma.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM pgboss.job WHERE name = 'deliver-teams' AND data->>'deal' = ${id}`;
      return row?.count;
    };
    const counts: unknown[] = [];
    for (const ts of ['1', '2', '3', '4', '5', '6']) {
      const copy = { dealId: id, personId, platform: 'teams', shown: 'as it is', version, timeZone: null };
      await keepPosting(house.store, { ...copy, ref: { ts } });
      counts.push(await jobs());
    }
    expect(counts).toEqual([0, 0, 0, 0, 0, 1]);
  });
});

describe.each(databases)('what was queued at the console, on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  const [priya = '', tom = ''] = TEAM.users;
  /** Asked, settled, and delivered twice. */
  async function heard(
    company: string,
    { as, ...input }: { as: string; queue?: 'yes' },
    atAws: (id: string) => Promise<unknown>,
  ) {
    const id = await house.idOf(company);
    const { changeIds } = await house.act('next-step', { id, text: 'AWS words', ...input }, { as });
    await atAws(id);
    await house.aws.sync();
    await house.quiet();
    const { told, messenger } = recorder('console');
    const postman = { store: house.store, commands: [], messenger, log: silentLog, now: () => new Date() };
    for (let again = 0; again < 2; again++)
      await deliver(postman, [{ deal: id, settled: changeIds[0] ?? '' }]);
    return told;
  }
  const script = () => house.practice.script;

  test('is told to its asker once AWS has confirmed it, however soon', async () => {
    const told = await heard('Tidewater Terminals', { as: priya, queue: 'yes' }, (id) =>
      script().review(id, 'approve'),
    );
    expect(told).toEqual([
      { to: priya, text: expect.stringContaining('AWS confirmed the next step: “AWS words”') },
    ]);
  });

  test('comes back in their own words when AWS rejects the deal', async () => {
    const told = await heard('Meridian Bakehouse', { as: priya, queue: 'yes' }, (id) =>
      script().review(id, 'reject'),
    );
    expect(told).toEqual([{ to: priya, text: expect.stringMatching(/Meridian Bakehouse: .*“AWS words”/) }]);
  });

  test('meets somebody else’s change with both values and all three ways', async () => {
    const told = await heard('Polestar Ferries', { as: tom, queue: 'yes' }, async (id) => {
      await script().edit(id, 'LifeCycle.NextSteps', 'Theirs');
      await script().review(id, 'approve');
    });
    expect(told).toEqual([
      { to: tom, text: expect.stringContaining('AWS has now “Theirs”, you wanted “AWS words”') },
    ]);
    expect(told[0]?.text).toMatch(/Keep theirs.*Put mine.*Edit…/);
  });

  test('what went out at once is told by its own wait alone', async () => {
    const told = await heard('Northgate Tram Works', { as: priya }, async () => {});
    expect(told).toEqual([]);
  });

  test('whose access ended meanwhile hears of no customer', async () => {
    const told = await heard('Gullwing Insurance Mutual', { as: tom, queue: 'yes' }, async (id) => {
      await script().review(id, 'approve');
      await house.store.prisma.person.update({ where: { email: tom }, data: { role: 'none' } });
    });
    expect(told).toEqual([{ to: tom, text: expect.stringContaining('no longer yours to see') }]);
    expect(told[0]?.text).not.toContain('Gullwing');
  });
});

describe.each(databases)('what is accepted for a colleague, on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  test('the contacts go to them with the card, and not to who accepted', async () => {
    const id = await house.idOf('Evergrove Timber');
    const [tom] = TEAM.users.slice(1);
    const { id: person } = (await findPerson(house.store, tom ?? '')) ?? { id: '' };
    const from = { platform: 'slack' as const, tenant: 'T1', user: 'UANA', email: LEAD, conversation: 'D1' };
    const { told, messenger } = recorder('slack');
    await house.addMessenger({ ...messenger, find: async (user) => ({ tenant: 'T1', user }) });
    const answer = await house.desk.handle({
      ...{ verb: 'accept', input: { id, person }, key: randomUUID(), from },
    });
    expect((await house.desk.settled(answer, 20_000))?.ok).toBe(true);
    await house.quiet();
    // A Tuesday, by day: they are awake.
    await gatherNews(house.store, new Date('2026-11-24T13:05:00Z'));
    await until('the contacts', () =>
      told.some(({ text }) => text.includes('Contacts for Evergrove Timber')),
    );
    await house.quiet();
    expect(told.map(({ to }) => to)).toEqual([tom, tom]);
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringContaining('Yours now, from Ana Silva'),
      expect.stringContaining('Contacts for Evergrove Timber'),
    ]);
  });
});
