/** A message that lists several deals stays true: what was answered is ticked off, what its reader may not see is gone. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deliver } from '../../src/bot/deliver.ts';
import { GoneForGood, type Messenger } from '../../src/bot/intent.ts';
import * as vocabulary from '../../src/commands/index.ts';
import type { Notice } from '../../src/pipeline/notice.ts';
import { findPerson } from '../../src/store/people.ts';
import { sweep } from '../../src/store/sweep.ts';
import { dealOfThread } from '../../src/store/threads.ts';
import type { List, Note, Reply } from '../../src/views/view.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, until, wakeAll } from '../support/house.ts';

const [PRIYA = ''] = TEAM.users;

describe.each(databases)('a list that was told, on $name', (database) => {
  let house: TestHouse;
  let said: { at: string; reply: Reply }[];
  let isGone: boolean;
  beforeAll(async () => {
    house = await openTestHouse(database);
    await wakeAll(house);
  });
  afterAll(() => house?.stop());
  beforeEach(async () => {
    said = [];
    isGone = false;
    await house.store.prisma.posting.deleteMany({ where: { platform: 'teams' } });
  });

  /** Teams has no door here: its jobs are done only when the test does them. */
  const messenger: Messenger = {
    platform: 'teams',
    tell: async (_, reply) => {
      said.push({ at: 'new', reply });
      return { ts: `${said.length}` };
    },
    redraw: async (ref, reply) => {
      if (isGone) throw new GoneForGood('deleted');
      said.push({ at: JSON.stringify(ref), reply });
      return ref;
    },
    find: async (email) => ({ tenant: 'T', user: email }),
  };
  const postman = () => ({
    ...{ store: house.store, commands: Object.values(vocabulary), log: silentLog, messenger },
    now: () => new Date(),
  });
  const idOf = async (email: string) => (await findPerson(house.store, email))?.id ?? '';
  async function tell(email: string, { kind, ...body }: Notice) {
    const [row] = await house.store.prisma.$queryRaw<{ id: string }[]>`
      SELECT tell(${await idOf(email)}::uuid, ${kind}, ${JSON.stringify(body)}::text::jsonb, null) AS id`;
    await deliver(postman(), [{ notice: row?.id ?? '' }]);
  }
  /** Those of these deals changed; answers what was drawn anew. */
  async function redrawn(...ids: string[]): Promise<Reply[]> {
    const before = said.length;
    await deliver(
      postman(),
      ids.map((deal) => ({ deal })),
    );
    return said.slice(before).map(({ reply }) => reply);
  }
  const titleOf = (reply: Reply | undefined) => (reply?.kind === 'list' ? reply.title : reply?.kind);
  const lines = (reply: Reply | undefined) =>
    (reply as List).sections.flatMap(({ title, items }) =>
      items.map((it) => `${title}: ${it.id}${it.done ? `, ${it.detail}` : ''}`),
    );
  const owns = (email: string, id: string) => house.store.prisma.$executeRaw`
    UPDATE deal SET owner_email = ${email}, detail = jsonb_set(detail, '{owner,email}', to_jsonb(${email}::text)),
      version = version + 1 WHERE id = ${id}`;
  const live = () => house.store.prisma.posting.count({ where: { platform: 'teams', endedAt: null } });
  const touch = (...ids: string[]) =>
    house.store.prisma.deal.updateMany({ where: { id: { in: ids } }, data: { version: { increment: 1 } } });

  test('of calls for many an answer of anybody is ticked off in it, and the rest still waits', async () => {
    const ids = await Promise.all(['Pinecrest Outfitters', 'Evergrove Timber'].map(house.idOf));
    const [one = '', two = ''] = ids;
    await tell(LEAD, { kind: 'clock-many', deals: ids });
    expect(titleOf(said[0]?.reply)).toBe('2 referrals and leads wait for an answer');
    expect(await redrawn(one)).toEqual([]);
    await house.act('accept', { id: one });
    await until('AWS’s yes', async () => {
      const { status, successor } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: one } });
      return status === 'ACCEPTED' && successor !== null;
    });
    const [now] = await redrawn(one);
    expect(titleOf(now)).toBe('1 referral or lead waits for an answer');
    expect(lines(now)).toEqual([
      `What is lost first comes first: ${two}`,
      expect.stringMatching(new RegExp(`^No longer waiting: ${one}, .*accepted`)),
    ]);
    // Another job for the same changes the same list no more.
    expect(await redrawn(one, two)).toEqual([]);
    await house.store.prisma.deal.update({
      where: { id: two },
      data: { goneAt: new Date(), version: { increment: 1 } },
    });
    try {
      const [last] = await redrawn(two);
      expect(titleOf(last)).toBe('None of these waits any more');
      expect(lines(last)).toContain(`No longer waiting: ${two}, AWS no longer gives it to us`);
    } finally {
      await house.store.prisma.deal.update({ where: { id: two }, data: { goneAt: null } });
    }
  });

  test('several of its deals that change at once draw it once', async () => {
    const ids = await Promise.all(['Cobalt Ridge Utilities', 'Tamarind Airways'].map(house.idOf));
    const personId = await idOf(PRIYA);
    await house.store.prisma.offer.createMany({
      data: ids.map((dealId) => ({ dealId, personId, byId: personId })),
    });
    await tell(PRIYA, { kind: 'offered-many', by: 'Ana Silva', deals: ids });
    expect(lines(said[0]?.reply)).toEqual(ids.map((id) => `Accept or reject them: ${id}`));
    await house.store.prisma.offer.deleteMany({ where: { personId } });
    await touch(...ids);
    const drawn = await redrawn(...ids);
    expect(drawn.map((reply) => (reply as Note).text)).toEqual(['Nothing of this list is left to say.']);
    await touch(...ids);
    expect(await redrawn(...ids)).toEqual([]);
  });

  test('what AWS has taken away from its reader is an id, as on their card', async () => {
    const ids = await Promise.all(['Cobalt Ridge Utilities', 'Evergrove Timber'].map(house.idOf));
    const [one = '', two = ''] = ids;
    const personId = await idOf(PRIYA);
    await house.store.prisma.offer.createMany({
      data: ids.map((dealId) => ({ dealId, personId, byId: personId })),
    });
    await tell(PRIYA, { kind: 'offered-many', by: 'Ana Silva', deals: ids });
    expect(JSON.stringify(said[0]?.reply)).toContain('Cobalt Ridge');
    await house.practice.script.expire(one);
    await house.aws.sync();
    const [now] = await redrawn(one);
    expect(lines(now)).toEqual([
      `Accept or reject them: ${two}`,
      `No longer waiting: ${one}, AWS no longer gives it to us`,
    ]);
    expect(JSON.stringify(now)).not.toContain('Cobalt Ridge');
    await house.store.prisma.offer.deleteMany({ where: { personId } });
  });

  test('where keeping it fails it is said again rather than left untrue', async () => {
    const ids = await Promise.all(['Pinecrest Outfitters', 'Evergrove Timber'].map(house.idOf));
    const rename = (from: string, to: string) =>
      house.store.prisma.$executeRawUnsafe(`ALTER TABLE ${from} RENAME TO ${to}`);
    const [notice] = await house.store.prisma.$queryRaw<{ id: string }[]>`
      SELECT tell(${await idOf(LEAD)}::uuid, 'clock-many', ${JSON.stringify({ deals: ids })}::text::jsonb, null) AS id`;
    const deliveries = [{ notice: notice?.id ?? '' }];
    await rename('posting', 'posting_away');
    await expect(deliver(postman(), deliveries)).rejects.toThrow();
    await rename('posting_away', 'posting');
    await deliver(postman(), deliveries);
    expect([said.length, await live()]).toEqual([2, expect.any(Number)]);
    expect(await live()).toBeGreaterThan(0);
  });

  test('where it names somebody who was erased it is drawn a last time, without them', async () => {
    const ids = await Promise.all(['Evergrove Timber', 'Tamarind Airways'].map(house.idOf));
    const personId = await idOf(PRIYA);
    await house.store.prisma.offer.createMany({
      data: ids.map((dealId) => ({ dealId, personId, byId: personId })),
    });
    await tell(PRIYA, { kind: 'offered-many', by: 'Tom Keller', deals: ids });
    // As erasing does.
    await house.store.prisma.$executeRaw`DELETE FROM notice WHERE body::text LIKE '%Tom Keller%'`;
    for (let hour = 0; hour < 2; hour++) await sweep(house.store, new Date());
    expect(await redrawn(...ids)).toMatchObject([
      { text: expect.stringMatching(/^This list is not kept any more\. “list pending” shows/) },
    ]);
    expect(await redrawn(...ids)).toEqual([]);
    await house.store.prisma.offer.deleteMany({ where: { personId } });
  });

  test('news of several deals names none of them any more once its reader lost sight of it, or their role', async () => {
    const owned = await house.store.prisma.deal.findMany({
      where: { ownerEmail: PRIYA, kind: 'opportunity', goneAt: null, submittedBy: null },
      orderBy: { id: 'asc' },
      take: 2,
    });
    const [personId, lead] = await Promise.all([idOf(PRIYA), idOf(LEAD)]);
    const events = owned.map(({ id }) => ({
      id: randomUUID(),
      personId,
      dealId: id,
      kind: 'approved',
      body: {},
    }));
    await house.store.prisma.news.createMany({ data: events });
    await tell(PRIYA, { kind: 'news', ids: events.map(({ id }) => id), more: 0 });
    const [one, two] = owned;
    if (!one || !two) throw new Error('She owns two.');
    expect(titleOf(said[0]?.reply)).toBe('News of 2 deals');
    // Whoever speaks below that message speaks of none of them.
    expect(await dealOfThread(house.store, 'teams', [{ ts: '1' }])).toBeUndefined();
    await owns(LEAD, one.id);
    const { role } = await house.store.prisma.person.findUniqueOrThrow({ where: { id: personId } });
    try {
      const [now] = await redrawn(one.id);
      expect(titleOf(now)).toBe('News of 1 deal');
      expect(JSON.stringify(now)).not.toContain(one.id);
      await house.act('people', { what: 'revoke Priya (yes)' });
      expect(await house.store.prisma.person.findUniqueOrThrow({ where: { id: personId } })).toMatchObject({
        role: 'none',
      });
      expect(await redrawn(two.id)).toMatchObject([{ text: 'This is shown here no more.' }]);
    } finally {
      await house.store.prisma.person.update({ where: { id: personId }, data: { role } });
      await owns(PRIYA, one.id);
      await house.store.prisma.news.deleteMany({ where: { personId } });
      await house.store.prisma.offer.deleteMany({ where: { byId: lead } });
    }
  });

  test('one that somebody deleted is given up', async () => {
    const ids = await Promise.all(['Evergrove Timber', 'Tamarind Airways'].map(house.idOf));
    await tell(LEAD, { kind: 'clock-many', deals: ids });
    expect(await live()).toBe(2);
    isGone = true;
    await house.act('flag', { id: ids[1] ?? '' });
    await house.store.prisma.deal.update({
      where: { id: ids[0] ?? '' },
      data: { goneAt: new Date(), version: { increment: 1 } },
    });
    try {
      expect(await redrawn(ids[0] ?? '')).toEqual([]);
      expect(await live()).toBe(0);
    } finally {
      await house.store.prisma.deal.update({ where: { id: ids[0] ?? '' }, data: { goneAt: null } });
    }
  });
});
