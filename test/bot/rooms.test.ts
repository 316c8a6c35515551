/** Cards in rooms: sent once whatever is lost or killed, redrawn with measure, closed when the room or its poster changes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lookAround } from '../../src/bot/around.ts';
import { digestOf } from '../../src/bot/copies.ts';
import { deliver } from '../../src/bot/deliver.ts';
import { createDesk } from '../../src/bot/dispatch.ts';
import { GoneForGood, MaybePosted, type Messenger, type Ref, type Room } from '../../src/bot/intent.ts';
import { findPerson } from '../../src/store/people.ts';
import { sweep } from '../../src/store/sweep.ts';
import { closedGlimpse } from '../../src/views/glimpse.ts';
import type { Card, Reply } from '../../src/views/view.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, until } from '../support/house.ts';

const QUIET_ROOM: Room = { name: '#deals', readers: ['U1', 'U2'], isOpenToOthers: false, isUnclear: false };

/** A messenger of Teams, whose door is not open here: it delivers only when the test says so. */
function recorder(how: { room?: () => Room; failing?: () => Error | undefined } = {}) {
  const said: { what: 'post' | 'redraw' | 'reply' | 'tell'; reply: Reply; key?: string }[] = [];
  let looks = 0;
  const fail = () => {
    const error = how.failing?.();
    if (error) throw error;
  };
  const messenger: Messenger = {
    platform: 'teams',
    find: async () => undefined,
    async room() {
      looks++;
      return how.room?.() ?? QUIET_ROOM;
    },
    async tell(_, reply) {
      said.push({ what: 'tell', reply });
      return { ts: 'private' };
    },
    async post(_, reply, key) {
      fail();
      said.push({ what: 'post', reply, key });
      return { ts: key };
    },
    async redraw(ref, reply) {
      fail();
      said.push({ what: 'redraw', reply });
      return ref;
    },
    async reply(ref: Ref, reply) {
      fail();
      said.push({ what: 'reply', reply, key: String(ref.ts) });
      return ref;
    },
  };
  const of = (what: string) => said.filter((it) => it.what === what);
  return { messenger, said, of, looks: () => looks };
}

describe.each(databases)('cards in rooms, on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  const now = () => new Date();
  const postman = (messenger: Messenger) => ({
    ...{ store: house.store, commands: [], messenger, log: silentLog, now },
  });
  let rooms = 0;
  /** A card that is wanted in a room of its own. */
  async function wanted(company: string, email = LEAD) {
    const dealId = await house.idOf(company);
    const personId = (await findPerson(house.store, email))?.id ?? '';
    const at = { tenant: 'T', room: `R${rooms++}`, userId: 'UANA' };
    const row = { dealId, personId, platform: 'teams', ref: {}, version: 0, shown: '', state: 'wanted' };
    const { id } = await house.store.prisma.posting.create({ data: { ...row, ...at } });
    return { dealId, id };
  }
  const rowOf = (id: string) => house.store.prisma.posting.findUniqueOrThrow({ where: { id } });
  const change = (dealId: string) =>
    house.store.prisma.deal.update({ where: { id: dealId }, data: { version: { increment: 1 } } });
  /** As if the last drawing were so many seconds ago. */
  const past = (id: string, seconds: number) =>
    house.store.prisma.$executeRaw`
      UPDATE posting SET redrawn_at = now() - make_interval(secs => ${seconds}::int) WHERE id = ${id}::uuid`;
  /** As if something else had been drawn there. */
  const stale = async (id: string, dealId: string) => {
    await house.store.prisma.posting.update({ where: { id }, data: { shown: 'something else' } });
    await change(dealId);
  };
  const isSettled = (id: string) =>
    until('AWS’s answer', async () => {
      const change = await house.store.prisma.change.findUnique({ where: { id } });
      return change?.state === 'confirmed';
    });
  const cardOf = ({ reply }: { reply: Reply }) => reply as Card;

  test('is sent once, whatever is delivered again, under its own key', async () => {
    const { dealId, id } = await wanted('Saffron Road Foods');
    const it = recorder();
    for (let again = 0; again < 3; again++) await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.said).toMatchObject([{ what: 'post', key: id, reply: { title: 'Saffron Road Foods' } }]);
    expect(await rowOf(id)).toMatchObject({ state: 'posted', ref: { ts: id } });
  });

  test('two processes that take it at once send it once', async () => {
    const { dealId } = await wanted('Quarry Lane Cider');
    const it = recorder();
    const both = [1, 2].map(() => deliver(postman(it.messenger), [{ deal: dealId }]));
    await Promise.all(both);
    expect(it.of('post')).toHaveLength(1);
  });

  test('what surely was not sent is tried again; what may stand there never, and its poster is told once', async () => {
    const { dealId, id } = await wanted('Northgate Tram Works');
    let error: Error | undefined = new Error('busy');
    const it = recorder({ failing: () => error });
    await expect(deliver(postman(it.messenger), [{ deal: dealId }])).rejects.toThrow('busy');
    expect(await rowOf(id)).toMatchObject({ state: 'wanted' });
    error = new MaybePosted('lost');
    for (let again = 0; again < 3; again++) {
      await deliver(postman(it.messenger), [{ deal: dealId }]);
      error = undefined;
      await past(id, 40);
    }
    expect(it.said).toEqual([
      {
        what: 'tell',
        reply: expect.objectContaining({
          text: 'Teams did not say whether the card stands in #deals. If it does not, post it again.',
        }),
      },
    ]);
    expect(await rowOf(id)).toMatchObject({ state: 'unsure', endedAt: null });
  });

  test('of a card that was taken by a process killed then, the poster hears once it is sure to be lost', async () => {
    const { dealId, id } = await wanted('Glasswing Biotech');
    await house.store.prisma.posting.update({ where: { id }, data: { state: 'unsure' } });
    await past(id, 5);
    const it = recorder();
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.said).toEqual([]);
    await past(id, 31);
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.said).toMatchObject([{ what: 'tell' }]);
  });

  test('waits for its turn before it is taken, so that nothing that waits looks lost', async () => {
    const { dealId, id } = await wanted('Quarry Lane Cider');
    const it = recorder();
    const states: unknown[] = [];
    let error: Error | undefined = new Error('busy');
    const turn = async () => {
      states.push((await rowOf(id)).state, it.of('post').length);
      if (error) throw error;
    };
    const crowded: Messenger = { ...it.messenger, turn };
    await expect(deliver(postman(crowded), [{ deal: dealId }])).rejects.toThrow('busy');
    expect(await rowOf(id)).toMatchObject({ state: 'wanted' });
    error = undefined;
    await deliver(postman(crowded), [{ deal: dealId }]);
    expect(states).toEqual(['wanted', 0, 'wanted', 0]);
    expect(it.of('post')).toHaveLength(1);
  });

  test('of many that look around a room at once one asks, and the next asks anew', async () => {
    const it = recorder();
    const at = { tenant: 'T', conversation: 'R' };
    await Promise.all([1, 2, 3].map(() => lookAround(it.messenger, at)));
    expect(it.looks()).toBe(1);
    await lookAround(it.messenger, at);
    expect(it.looks()).toBe(2);
  });

  test('what began to be read before somebody came is shared with nobody after, in the rooms where they read', async () => {
    const it = recorder();
    const asked: string[] = [];
    const answers: ((room: Room) => void)[] = [];
    const messenger: Messenger = {
      ...it.messenger,
      room: ({ tenant, conversation }) => {
        asked.push(`${tenant} ${conversation}`);
        return new Promise((resolve) => answers.push(resolve));
      },
    };
    const settling = { settled: async () => undefined, stop: async () => undefined };
    const messengers = new Map([[messenger.platform, messenger] as const]);
    const desk = createDesk({ ...house, commands: [], settling, settings: {}, now, messengers });
    const look = (tenant: string, conversation: string) => lookAround(messenger, { tenant, conversation });
    const before = [look('T', 'R'), look('T', 'S'), look('U', 'R')];
    await desk.joined('teams', { tenant: 'T', conversation: 'R' });
    const after = [look('T', 'R'), look('T', 'S'), look('U', 'R')];
    expect(asked).toEqual(['T R', 'T S', 'U R', 'T R']);
    // What began before leaves what began after where it is.
    answers[0]?.({ ...QUIET_ROOM, readers: [] });
    expect(await before[0]).toMatchObject({ readers: [] });
    const shared = look('T', 'R');
    expect(asked).toHaveLength(4);
    await desk.joined('teams', { tenant: 'T' });
    const anew = [look('T', 'R'), look('T', 'S'), look('U', 'R')];
    expect(asked.slice(4)).toEqual(['T R', 'T S']);
    for (const answer of answers) answer(QUIET_ROOM);
    const all = await Promise.all([...before.slice(1), ...after, shared, ...anew]);
    expect(all.map((room) => room?.readers)).toEqual(all.map(() => QUIET_ROOM.readers));
  });

  test('a room that is gone ends it, and its poster is told what to do', async () => {
    const { dealId, id } = await wanted('Palisade Mutual Bank');
    const it = recorder({ failing: () => new GoneForGood('not_in_channel') });
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.of('tell')).toMatchObject([
      { reply: { text: expect.stringContaining('Add the app ace-desk to that team or chat') } },
    ]);
    expect((await rowOf(id)).endedAt).not.toBeNull();
  });

  test('changes within three seconds are one redraw, which comes when they are over', async () => {
    const { dealId, id } = await wanted('Brightside 🚀 Robotics');
    const it = recorder();
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    await stale(id, dealId);
    for (let again = 0; again < 4; again++) await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.of('redraw')).toEqual([]);
    // Wanted later, by a job of its own that survives this process.
    const jobs = await house.store.prisma.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM pgboss.job WHERE name = 'deliver-teams' AND data->>'deal' = ${dealId}
        AND start_after > now() AND state = 'created'`;
    expect(jobs[0]?.count).toBeGreaterThan(0);
    await past(id, 4);
    for (let again = 0; again < 4; again++) await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.of('redraw')).toHaveLength(1);
    const { version } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: dealId } });
    expect((await rowOf(id)).version).toBe(version);
  });

  test('a room turned external sees the id alone from its next redraw on', async () => {
    const { dealId, id } = await wanted('Lantern Street Media');
    let room = QUIET_ROOM;
    const it = recorder({ room: () => room });
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    room = { ...QUIET_ROOM, isOpenToOthers: true };
    await past(id, 4);
    await stale(id, dealId);
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    const last = it.of('redraw').map(cardOf).at(-1);
    expect(last).toMatchObject({ title: dealId, facts: [], buttons: [{ verb: 'show' }] });
    expect(JSON.stringify(last)).not.toContain('Lantern');
  });

  test('whoever posted it and may not see the deal any more: the card is closed, its buttons go', async () => {
    const company = 'Tidewater Terminals';
    const [deal] = await house.store.prisma.deal.findMany({ where: { company, successor: null } });
    const owner = deal?.ownerEmail ?? '';
    expect(TEAM.users).toContain(owner);
    const { dealId, id } = await wanted(company, owner);
    const it = recorder();
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(cardOf(it.of('post')[0] ?? { reply: { kind: 'note', tone: 'info', text: '' } }).title).toBe(
      company,
    );
    await house.store.prisma.person.update({ where: { email: owner }, data: { role: 'none' } });
    await past(id, 4);
    await change(dealId);
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.of('redraw').map(cardOf)).toMatchObject([
      { title: dealId, facts: [], buttons: [{ label: 'Open privately' }] },
    ]);
    await house.store.prisma.person.update({ where: { email: owner }, data: { role: 'ACE user' } });
  });

  test('an older drawing that lands after a newer one is drawn over once more', async () => {
    const { dealId, id } = await wanted('Copperleaf Schools Trust');
    const it = recorder();
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    await past(id, 4);
    await stale(id, dealId);
    const slow: Messenger = {
      ...it.messenger,
      async redraw(ref) {
        // Meanwhile somebody else drew a newer version.
        await house.store.prisma.posting.update({ where: { id }, data: { version: 1_000_000 } });
        return ref;
      },
    };
    await deliver(postman(slow), [{ deal: dealId }]);
    expect((await rowOf(id)).version).toBe(-1);
    await past(id, 4);
    await stale(id, dealId);
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.of('redraw')).toHaveLength(1);
  });

  test('a line in its thread once AWS has answered, once, without what was written; none where the room is closed', async () => {
    const { dealId } = await wanted('Juniper Lane Pharmacies');
    let room = QUIET_ROOM;
    const it = recorder({ room: () => room });
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    const secret = 'Ask the CFO for a discount';
    const { changeIds } = await house.act('next-step', { id: dealId, text: secret });
    const [settled = ''] = changeIds;
    await isSettled(settled);
    for (let again = 0; again < 2; again++) await deliver(postman(it.messenger), [{ deal: dealId, settled }]);
    expect(it.of('reply').map(({ reply }) => reply)).toMatchObject([
      { text: 'Next step updated by Ana Silva' },
    ]);
    expect(JSON.stringify(it.said)).not.toContain(secret);
    room = { ...QUIET_ROOM, isUnclear: true };
    const again = await house.act('next-step', { id: dealId, text: 'Another' });
    await isSettled(again.changeIds[0] ?? '');
    await deliver(postman(it.messenger), [{ deal: dealId, settled: again.changeIds[0] ?? '' }]);
    expect(it.of('reply')).toHaveLength(1);
  });

  /** An open link that stands in a room for so many days. */
  async function linkOf(days: number, data: object = {}) {
    const { dealId, id } = await wanted('Saffron Road Foods');
    const at = new Date(Date.now() - days * 86_400_000);
    const row = { at, state: 'posted', shows: 'glimpse', ref: { ts: id }, version: 1_000, ...data };
    await house.store.prisma.posting.update({ where: { id }, data: row });
    return { dealId, id };
  }

  test('a link that is kept true no longer is drawn closed first, for however long that fails; then it is over', async () => {
    const [young, old] = [await linkOf(59), await linkOf(61)];
    const { dealId } = old;
    let error: Error | undefined = new Error('busy');
    const it = recorder({ failing: () => error });
    await sweep(house.store, now());
    await expect(deliver(postman(it.messenger), [{ deal: dealId }])).rejects.toThrow('busy');
    expect(await rowOf(old.id)).toMatchObject({ endedAt: null });
    error = undefined;
    await past(old.id, 4);
    await sweep(house.store, now());
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.of('redraw').map(cardOf)).toMatchObject([{ title: dealId, facts: [] }]);
    expect((await rowOf(old.id)).endedAt).not.toBeNull();
    expect(await rowOf(young.id)).toMatchObject({ endedAt: null, version: 1_000 });
  });

  test('an old link that looks closed already is over without a drawing; one that cannot be drawn at last too', async () => {
    const { dealId, id } = await linkOf(61);
    const shown = digestOf(closedGlimpse(dealId));
    await house.store.prisma.posting.update({ where: { id }, data: { shown } });
    const [given, card] = [await linkOf(91), await linkOf(91, { shows: 'card' })];
    await sweep(house.store, now());
    const it = recorder();
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.of('redraw')).toEqual([]);
    for (const over of [id, given.id]) expect((await rowOf(over)).endedAt).not.toBeNull();
    // A card in a room is kept true for as long as it stands.
    expect((await rowOf(card.id)).endedAt).toBeNull();
  });

  test('whoever posted it and was erased since is told nothing', async () => {
    const { dealId, id } = await wanted('Glasswing Biotech');
    await house.store.prisma.posting.update({ where: { id }, data: { userId: '' } });
    const it = recorder({ failing: () => new GoneForGood('not_in_channel') });
    await deliver(postman(it.messenger), [{ deal: dealId }]);
    expect(it.said).toEqual([]);
    expect((await rowOf(id)).endedAt).not.toBeNull();
  });
});
