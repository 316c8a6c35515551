/** Digests of channels: before whom they stand decides what stands there. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { GoneForGood, MaybePosted, type Room } from '../../src/bot/intent.ts';
import { foundAgain } from '../../src/bot/rooms.ts';
import { enact } from '../../src/store/changes.ts';
import { lookAtRoomDigests } from '../../src/store/digest-looks.ts';
import { opening } from '../../src/store/rooms.ts';
import { databases } from '../support/databases.ts';
import { type Chat, chat, type Mornings, openMornings, TENANT } from './mornings.ts';

const NINE = new Date('2026-11-16T09:00:00Z');
const ROOM = 'C1';
const KNOWN: Omit<Room, 'readers'> = { name: '#deals', isOpenToOthers: false, isUnclear: false };

describe.each(databases)('a channel’s digest, on $name', (database) => {
  let it: Mornings;
  beforeAll(async () => {
    it = await openMornings(database);
  });
  beforeEach(() => it.clear());
  afterAll(() => it?.close());

  /** A manager with a deal set it up; a colleague of that role reads along. Due at nine. */
  async function due(role: 'ACE user' | 'ACE manager' = 'ACE manager') {
    const [mina, ben] = await it.people([
      { name: 'Mina', user: 'MINA', role: 'ACE manager', closeDate: '2026-01-10' },
      { name: 'Ben', user: 'BEN', role },
    ]);
    await it.room(mina?.id ?? '', ROOM);
    await planDigests(it.store, NINE);
    return { mina: mina?.id ?? '', ben: ben?.id ?? '', dealId: mina?.dealId ?? '', ids: await it.jobs() };
  }
  const readBy = (it: Chat, readers: string[], more: Partial<Room> = {}) =>
    it.rooms.set(ROOM, { ...KNOWN, readers, ...more });
  /** Sent to the channel, with these readers. */
  async function sent(ids: string[], readers: string[], more: Partial<Room> = {}) {
    const slack = chat();
    readBy(slack, readers, more);
    await it.deliver(slack, ids, NINE);
    return slack;
  }

  test('names deals where managers alone read, and says who set it up', async () => {
    const { ids } = await due();
    const { told } = await sent(ids, ['MINA', 'BEN']);
    expect(told).toEqual([{ to: ROOM, text: expect.stringContaining('Company 0') }]);
    expect(told[0]?.text).toContain('Set up by Mina Silva');
  });

  test.each<[who: string, role: 'ACE user' | 'ACE manager', readers: string[], more: Partial<Room>]>([
    ['an ACE user who may not see them', 'ACE user', ['MINA', 'BEN'], {}],
    ['somebody who is not on the roster', 'ACE manager', ['MINA', 'BEN', 'STRANGER'], {}],
    ['a guest', 'ACE manager', ['MINA', 'BEN'], { isOpenToOthers: true }],
    ['nobody knows who', 'ACE manager', [], { isUnclear: true }],
  ])('has ids alone where it is read by %s', async (_, role, readers, more) => {
    const { ids, dealId } = await due(role);
    const { told } = await sent(ids, readers, more);
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain(dealId);
    expect(told[0]?.text).not.toContain('Company 0');
  });

  test('has ids alone where it is read by a manager whose account no code has proven', async () => {
    const { ids } = await due();
    await it.store.prisma.link.updateMany({ where: { userId: 'BEN' }, data: { provenAt: null } });
    const { told } = await sent(ids, ['MINA', 'BEN']);
    expect(told).toHaveLength(1);
    expect(told[0]?.text).not.toContain('Company 0');
  });

  test('names the first few that all may see, though others are lost before them', async () => {
    const hidden = Array.from({ length: 6 }, () => ({ name: 'Eve', closeDate: '2026-01-02' as const }));
    await it.people(hidden);
    const { ids } = await due('ACE user');
    const ben = await it.store.prisma.person.findFirst({ where: { firstName: 'Ben' } });
    const theirs = await it.people(
      Array.from({ length: 7 }, () => ({ name: 'Ben’s', closeDate: '2026-01-09' as const })),
    );
    for (const { dealId } of theirs)
      await it.changes(dealId, { company: 'Of Ben', owner: { email: ben?.email ?? '', name: 'Ben' } });
    const { told } = await sent(ids, ['MINA', 'BEN']);
    expect(told[0]?.text.match(/Of Ben/g)).toHaveLength(5);
    expect(told[0]?.text).toContain('"total":7');
    // The way to the others: a list of the presser's own.
    expect(told[0]?.text).toContain('"more":{"verb":"list","label":"Open privately","input":{"view":"all"}}');
    expect(told[0]?.text).not.toContain('Company');
  });

  test('closes when somebody comes who may not see it', async () => {
    const { ids, dealId } = await due();
    const slack = await sent(ids, ['MINA', 'BEN']);
    readBy(slack, ['MINA', 'BEN', 'STRANGER']);
    await lookAtRoomDigests(it.store, { platform: 'slack', tenant: TENANT, room: ROOM });
    await it.wait(31);
    await it.deliver(slack, await it.jobs(), NINE);
    expect(slack.redrawn).toEqual([{ to: ROOM, text: expect.stringContaining(dealId) }]);
    expect(slack.redrawn[0]?.text).not.toContain('Company 0');
  });

  test('closes when somebody comes while it is on its way', async () => {
    const { ids } = await due();
    const slack: Chat = chat({
      after: async () => {
        readBy(slack, ['MINA', 'BEN', 'STRANGER']);
        await lookAtRoomDigests(it.store, { platform: 'slack', tenant: TENANT, room: ROOM });
      },
    });
    readBy(slack, ['MINA', 'BEN']);
    await it.deliver(slack, ids, NINE);
    expect(slack.told[0]?.text).toContain('Company 0');
    await it.deliver(slack, await it.jobs(), NINE);
    expect(slack.redrawn).toHaveLength(1);
    expect(slack.redrawn[0]?.text).not.toContain('Company 0');
  });

  const account = { platform_tenant_userId: { platform: 'slack', tenant: TENANT, userId: 'BEN' } };
  test.each<[what: string, happens: (ben: string) => Promise<unknown>]>([
    ['loses a role', (id) => it.store.prisma.person.update({ where: { id }, data: { role: 'ACE user' } })],
    ['is let in no more', (id) => it.store.prisma.person.update({ where: { id }, data: { role: 'none' } })],
    [
      'has an account that is frozen',
      () => it.store.prisma.link.update({ where: account, data: { state: 'frozen' } }),
    ],
    [
      'has an account that is proven no more',
      () => it.store.prisma.link.update({ where: account, data: { provenAt: null } }),
    ],
  ])('closes when somebody who reads it %s', async (_, happens) => {
    const { ids, ben } = await due();
    const slack = await sent(ids, ['MINA', 'BEN']);
    expect(slack.told[0]?.text).toContain('Company 0');
    await it.deliver(slack, await it.jobs(), NINE);
    expect(slack.redrawn).toEqual([]);
    await happens(ben);
    await it.wait(31);
    await it.deliver(slack, await it.jobs(), NINE);
    expect(slack.redrawn).toHaveLength(1);
    expect(slack.redrawn[0]?.text).not.toContain('Company 0');
  });

  test('closes when an account that was known by its address turns out to be another’s', async () => {
    const { ids } = await due('ACE user');
    const [cat, dan] = await it.people([{ name: 'Cat', closeDate: '2026-01-09' }, { name: 'Dan' }]);
    await it.changes(cat?.dealId ?? '', { company: 'Of Cat' });
    const slack = await sent(ids, ['MINA', 'CAT'], { addresses: { CAT: cat?.email ?? '' } });
    expect(slack.told[0]?.text).toContain('Of Cat');
    await it.deliver(slack, await it.jobs(), NINE);
    await it.store.prisma.link.create({
      data: {
        ...{ personId: dan?.id ?? '', userId: 'CAT', platform: 'slack', tenant: TENANT },
        ...{ state: 'live', way: 'code' },
      },
    });
    await it.wait(31);
    await it.deliver(slack, await it.jobs(), NINE);
    expect(slack.redrawn).toHaveLength(1);
    expect(slack.redrawn[0]?.text).not.toContain('Of Cat');
  });

  test('is drawn anew when a deal changes that it did not name when it was sent', async () => {
    const { ids, dealId } = await due();
    const slack = await sent(ids, ['MINA', 'BEN']);
    await it.jobs();
    const [, dan] = await it.people([{ name: 'Cat' }, { name: 'Dan', closeDate: '2026-01-09' }]);
    const changes: [dealId: string, company: string][] = [
      [dealId, 'Renamed'],
      [dan?.dealId ?? '', 'Added'],
    ];
    for (const [id, company] of changes) {
      await it.changes(id, { company });
      await it.wait(31);
      await it.deliver(slack, await it.jobs(), NINE);
    }
    expect(slack.redrawn.map(({ text }) => [text.includes('Company 1'), text.includes('Added')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('says that there is a newer one once there is, and shows nothing to whoever comes later', async () => {
    const { ids, dealId } = await due();
    const slack = await sent(ids, ['MINA', 'BEN']);
    await it.jobs();
    const next = new Date('2026-11-17T09:00:00Z');
    await planDigests(it.store, next);
    await it.deliver(slack, await it.jobs(), next);
    expect(slack.told.filter(({ to }) => to === ROOM)).toHaveLength(2);
    await it.wait(31);
    await it.deliver(slack, await it.jobs(), next);
    expect(slack.redrawn).toEqual([{ to: ROOM, text: expect.stringContaining('There is a newer digest.') }]);
    expect(slack.redrawn[0]?.text).not.toContain('Company 0');
    const ofRoom = (await it.digests()).filter(({ recipient }) => recipient === ROOM);
    expect(ofRoom.map(({ endedAt }) => endedAt)).toEqual([next, null]);
    await it.changes(dealId, { company: 'Renamed' });
    await it.wait(31);
    await it.deliver(slack, await it.jobs(), next);
    const later = slack.redrawn.slice(1).filter(({ to }) => to === ROOM);
    expect(later).toEqual([{ to: ROOM, text: expect.stringContaining('Renamed') }]);
  });

  test('leaves out owner, date and amount once the channel is closed for them', async () => {
    const { ids } = await due();
    const [lead] = await it.people([{ name: 'Lea', role: 'alliance lead' }]);
    const at = { platform: 'slack', tenant: TENANT, room: ROOM };
    await it.store.prisma.room.create({
      data: { platform: 'slack', tenant: TENANT, conversation: ROOM, openedBy: lead?.id ?? '' },
    });
    const slack = await sent(ids, ['MINA', 'BEN']);
    expect(slack.told[0]?.text).toContain('closes');
    await it.deliver(slack, await it.jobs(), NINE);
    const act = {
      ...{ key: randomUUID(), verb: 'post', personId: lead?.id ?? '' },
      ...{ source: {}, until: new Date(Date.now() + 60_000) },
    } as const;
    await enact(it.store, act, opening(at, undefined));
    await it.wait(31);
    await it.deliver(slack, await it.jobs(), NINE);
    expect(slack.redrawn).toEqual([{ to: ROOM, text: expect.stringContaining('Company 0') }]);
    expect(slack.redrawn[0]?.text).not.toContain('closes');
  });

  test('ends when whoever set it up leaves the channel', async () => {
    const { ids } = await due();
    const { told } = await sent(ids, ['BEN']);
    expect(told).toEqual([]);
    expect(await it.store.prisma.subscription.findFirst({ where: { room: ROOM } })).toMatchObject({
      gone: true,
    });
  });

  test('ends when whoever set it up is let in no more, and what stands there shows nothing', async () => {
    const { ids, mina } = await due();
    const slack = await sent(ids, ['MINA', 'BEN']);
    await it.store.prisma.person.update({ where: { id: mina }, data: { role: 'none' } });
    await it.wait(31);
    await it.deliver(slack, await it.jobs(), NINE);
    expect(slack.redrawn).toEqual([
      { to: ROOM, text: expect.stringContaining('This is shown here no more.') },
    ]);
    await planDigests(it.store, new Date('2026-11-17T09:00:00Z'));
    expect(await it.store.prisma.digest.count({ where: { recipient: ROOM } })).toBe(1);
  });

  test('comes no more where we are not any more; whoever set it up is told once', async () => {
    const { ids } = await due();
    const slack = chat();
    slack.messenger.room = async () => {
      throw new GoneForGood('not in it');
    };
    await it.deliver(slack, ids, NINE);
    await it.deliver(slack, ids, NINE);
    expect(slack.told).toEqual([{ to: 'MINA', text: expect.stringContaining('comes no more') }]);
    await planDigests(it.store, new Date('2026-11-17T09:00:00Z'));
    expect(await it.store.prisma.digest.count({ where: { recipient: ROOM } })).toBe(1);
  });

  test('comes no more also where whoever set it up could not be told at first', async () => {
    const { ids } = await due();
    const busy = chat({
      before: () => {
        throw new Error('busy');
      },
    });
    const slack = chat();
    for (const { messenger } of [busy, slack])
      messenger.room = async () => {
        throw new GoneForGood('not in it');
      };
    await expect(it.deliver(busy, ids, NINE)).rejects.toThrow('busy');
    await it.deliver(slack, ids, NINE);
    await it.deliver(slack, ids, NINE);
    expect(slack.told).toEqual([{ to: 'MINA', text: expect.stringContaining('comes no more') }]);
    expect(await it.store.prisma.subscription.findFirst({ where: { room: ROOM } })).toMatchObject({
      gone: true,
    });
  });

  test('of which no answer came is not sent again; whoever presses it tells where it stands', async () => {
    const { ids, dealId } = await due();
    const slack = chat({
      after: () => {
        throw new MaybePosted('lost');
      },
    });
    readBy(slack, ['MINA', 'BEN']);
    await it.deliver(slack, ids, NINE);
    await it.deliver(slack, ids, NINE);
    expect(slack.told).toHaveLength(1);
    const pressed = { post: ids[0] ?? '', at: { tenant: TENANT, conversation: ROOM }, ref: { at: ROOM } };
    await foundAgain(it, { platform: 'slack' }, pressed);
    await it.changes(dealId, { company: 'Renamed' });
    await it.deliver(slack, await it.jobs(), NINE);
    expect(slack.redrawn).toEqual([{ to: ROOM, text: expect.stringContaining('Renamed') }]);
  });
});
