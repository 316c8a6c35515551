import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { endSubscriptions } from '../../src/store/digest-plans.ts';
import { erasePerson } from '../../src/store/erase.ts';
import { forgetErased } from '../../src/store/forget.ts';
import { mayBeBehind } from '../../src/store/found-in-teams.ts';
import { roster } from '../../src/store/people.ts';
import * as kept from '../../src/store/references.ts';
import { sqlState } from '../../src/store/sql-error.ts';
import type { Store } from '../../src/store/store.ts';
import { sweep } from '../../src/store/sweep.ts';
import { databases } from '../support/databases.ts';

const HOUR = 3_600_000;
const own = (more: Partial<kept.KeptReference> = {}): kept.KeptReference => ({
  tenant: 'T1',
  conversation: 'a:ANA',
  serviceUrl: 'https://smba.example/emea/',
  scope: 'personal',
  user: 'ana-id',
  ...more,
});
const channel = (more: Partial<kept.KeptReference> = {}): kept.KeptReference => ({
  ...{
    tenant: 'T1',
    conversation: '19:1@thread.tacv2',
    serviceUrl: 'https://smba.example/emea/',
    scope: 'channel',
  },
  ...more,
});

describe.each(databases)('references on $name', (database) => {
  let store: Store;
  beforeAll(async () => {
    store = await database.open();
  });
  afterAll(() => store?.close());
  beforeEach(async () => {
    await store.prisma.reference.deleteMany();
    await store.prisma.accessRequest.deleteMany();
    await store.prisma.person.deleteMany();
  });
  const keep = (it: kept.KeptReference) => kept.keepReference(store, it);
  const at = (conversation = 'a:ANA') => ({ tenant: 'T1', conversation });
  const rowOf = () => store.prisma.reference.findFirstOrThrow();
  const age = (ms: number) =>
    store.prisma.reference.updateMany({ data: { seenAt: new Date(Date.now() - ms) } });

  test('a person’s own conversation is found by them, and by its id; nobody else’s is', async () => {
    await keep(own());
    await keep(channel({ name: 'Deals', isShared: true }));
    expect(await kept.referenceOfUser(store, 'T1', 'ana-id')).toEqual(own());
    expect(await kept.referenceOf(store, at('19:1@thread.tacv2'))).toEqual(
      channel({ name: 'Deals', isShared: true }),
    );
    expect(await kept.referenceOfUser(store, 'T2', 'ana-id')).toBeUndefined();
    expect(await kept.referenceOfUser(store, 'T1', 'ben-id')).toBeUndefined();
    expect(await kept.referenceOf(store, { tenant: 'T2', conversation: 'a:ANA' })).toBeUndefined();
  });

  test('the newest address wins, also where a conversation has ended since', async () => {
    await keep(own());
    await age(2 * HOUR);
    await keep(channel({ serviceUrl: 'https://smba.example/amer/' }));
    expect(await kept.serviceUrlOf(store, 'T1')).toBe('https://smba.example/amer/');
    await keep(own({ serviceUrl: 'https://smba.example/apac/' }));
    await kept.endReference(store, at('19:1@thread.tacv2'));
    expect((await kept.referenceOfUser(store, 'T1', 'ana-id'))?.serviceUrl).toBe(
      'https://smba.example/apac/',
    );
    expect(await kept.serviceUrlOf(store, 'T1')).toBe('https://smba.example/apac/');
    expect(await kept.serviceUrlOf(store, 'T2')).toBeUndefined();
  });

  test('what is known and was heard of within the hour is not written again; any difference is, and so is age', async () => {
    const written = async () => {
      const rows = await store.prisma.$queryRaw<
        { xmin: string }[]
      >`SELECT xmin::text, xmax::text FROM reference`;
      return JSON.stringify(rows);
    };
    await keep(channel({ name: 'Deals' }));
    const first = await written();
    await keep(channel({ name: 'Deals' }));
    await keep(channel());
    expect(await written()).toBe(first);
    for (const more of [{ name: 'Sales' }, { isShared: true }, { serviceUrl: 'https://smba.example/in/' }]) {
      const before = await written();
      await keep(channel({ serviceUrl: (await rowOf()).serviceUrl, ...more }));
      expect(await written()).not.toBe(before);
    }
    // What is not said stays.
    expect(await rowOf()).toMatchObject({
      name: 'Sales',
      shared: true,
      serviceUrl: 'https://smba.example/in/',
    });
    await age(2 * HOUR);
    const old = await rowOf();
    await keep(channel({ serviceUrl: 'https://smba.example/in/' }));
    expect((await rowOf()).seenAt.getTime()).toBeGreaterThan(old.seenAt.getTime());
  });

  test('what does not show that we are there makes no reference and revives none; of one that lives it renews the address', async () => {
    const refresh = (serviceUrl: string) =>
      kept.refreshReference(store, { tenant: 'T1', conversation: 'a:ANA', serviceUrl });
    await refresh('https://smba.example/in/');
    expect(await store.prisma.reference.count()).toBe(0);
    await keep(own());
    await age(2 * HOUR);
    const old = await rowOf();
    await refresh(own().serviceUrl);
    expect((await rowOf()).seenAt.getTime()).toBeGreaterThan(old.seenAt.getTime());
    await refresh('https://smba.example/in/');
    expect(await rowOf()).toMatchObject({ serviceUrl: 'https://smba.example/in/', userId: 'ana-id' });
    await kept.endReference(store, at());
    const ended = await rowOf();
    await refresh('https://smba.example/uk/');
    expect(await rowOf()).toEqual(ended);
  });

  test('the channels of a team are found by it, and end with it; which team it is stays', async () => {
    const sales = channel({ conversation: '19:2@thread.tacv2', team: 'team-1' });
    await keep(channel({ team: 'team-1' }));
    await keep(channel());
    await keep(sales);
    await keep(channel({ conversation: '19:3@thread.tacv2', team: 'team-2' }));
    await keep(own({ team: 'team-1' }));
    const inTeam = async (tenant: string) =>
      (await kept.referencesOfTeam(store, tenant, 'team-1')).map(({ conversation }) => conversation);
    expect(await inTeam('T1')).toEqual(['19:1@thread.tacv2', '19:2@thread.tacv2']);
    expect(await inTeam('T2')).toEqual([]);
    await kept.endReference(store, at('19:2@thread.tacv2'));
    expect(await inTeam('T1')).toEqual(['19:1@thread.tacv2']);
    await keep(sales);
    await kept.endReference(store, { ...at('19:1@thread.tacv2'), team: 'team-1' });
    expect(await inTeam('T1')).toEqual([]);
    expect(await kept.referenceOf(store, at('19:3@thread.tacv2'))).toBeDefined();
    expect(await kept.referenceOf(store, at())).toBeDefined();
  });

  test('a team that adds us again has all its channels back, under the new address; no other team has', async () => {
    const sales = channel({ conversation: '19:2@thread.tacv2', team: 'team-1' });
    await keep(channel({ team: 'team-1', name: 'General' }));
    await keep(sales);
    await keep({ ...sales, tenant: 'T2' });
    await keep(channel({ conversation: '19:3@thread.tacv2', team: 'team-2' }));
    for (const team of ['team-1', 'team-2'])
      for (const tenant of ['T1', 'T2']) await kept.endReference(store, { tenant, conversation: '', team });
    const serviceUrl = 'https://smba.example/uk/';
    const back = await kept.reviveTeam(store, { tenant: 'T1', team: 'team-1', serviceUrl });
    const membersAt = expect.any(String);
    expect(back).toEqual([
      { ...channel({ team: 'team-1', name: 'General', serviceUrl }), membersAt },
      { ...sales, serviceUrl, membersAt },
    ]);
    expect(await kept.referencesOfTeam(store, 'T1', 'team-1')).toEqual(back);
    expect(await kept.referencesOfTeam(store, 'T2', 'team-1')).toEqual([]);
    expect(await kept.referencesOfTeam(store, 'T1', 'team-2')).toEqual([]);
    // Those that were never over are not new.
    expect(await kept.reviveTeam(store, { tenant: 'T1', team: 'team-1', serviceUrl })).toEqual([]);
  });

  test('whoever comes or goes is marked in that room, or in all of the tenant; a return marks it as well', async () => {
    const [room, other] = [channel(), channel({ conversation: '19:2@thread.tacv2' })];
    const marks = async () => {
      const all = await Promise.all(
        [room, other, own()].map(({ conversation }) => kept.referenceOf(store, at(conversation))),
      );
      return all.map((it) => it?.membersAt);
    };
    for (const it of [room, other, own()]) await keep(it);
    expect(await marks()).toEqual([undefined, undefined, undefined]);
    await kept.membersChanged(store, at(room.conversation));
    const [first, ...none] = await marks();
    expect([first, ...none]).toEqual([expect.any(String), undefined, undefined]);
    await keep(channel({ name: 'Renamed' }));
    expect(await marks()).toEqual([first, undefined, undefined]);
    await kept.membersChanged(store, { tenant: 'T2' });
    expect(await marks()).toEqual([first, undefined, undefined]);
    await kept.membersChanged(store, { tenant: 'T1' });
    const [again, also, personal] = await marks();
    expect([again === first, also, personal]).toEqual([false, expect.any(String), undefined]);
    await kept.endReference(store, at(room.conversation));
    await keep(room);
    expect((await marks())[0]).not.toBe(again);
  });

  test('ended, nothing is found until it is kept anew; and it is known that they have left', async () => {
    expect(await kept.hasLeft(store, 'T1', 'ana-id')).toBe(false);
    await keep(own());
    expect(await kept.hasLeft(store, 'T1', 'ana-id')).toBe(false);
    await kept.endReference(store, at());
    expect(await kept.referenceOfUser(store, 'T1', 'ana-id')).toBeUndefined();
    expect(await kept.referenceOf(store, at())).toBeUndefined();
    expect(await kept.hasLeft(store, 'T1', 'ana-id')).toBe(true);
    await keep(own());
    expect(await kept.referenceOfUser(store, 'T1', 'ana-id')).toMatchObject(own());
    expect(await kept.hasLeft(store, 'T1', 'ana-id')).toBe(false);
  });

  test('a room is nobody’s, whatever it was kept with; a conversation of no kind is refused', async () => {
    await keep(channel({ user: 'ana-id' }));
    expect(await kept.referenceOfUser(store, 'T1', 'ana-id')).toBeUndefined();
    const outcome = (work: Promise<unknown>) => work.then(() => 'accepted', sqlState);
    const raw = (scope: string, userId: string | null) =>
      store.prisma
        .$executeRaw`INSERT INTO reference (platform, tenant, conversation, scope, user_id, service_url)
        VALUES ('teams', 'T1', 'x', ${scope}, ${userId}, 'https://smba.example/')`;
    expect(await outcome(raw('channel', 'ana-id'))).toBe('23514');
    expect(await outcome(raw('meeting', null))).toBe('23514');
    expect(await outcome(keep(own({ serviceUrl: '' })))).toBe('23514');
  });

  test('where we are no longer is forgotten after thirty days', async () => {
    await keep(own());
    await keep(channel());
    await kept.endReference(store, at());
    await sweep(store, new Date(Date.now() + 29 * 24 * HOUR));
    expect(await store.prisma.reference.count()).toBe(2);
    await sweep(store, new Date(Date.now() + 31 * 24 * HOUR));
    expect(await store.prisma.reference.findMany()).toMatchObject([{ scope: 'channel' }]);
  });

  test('of a colleague who was erased nobody knows whose chat it was; 25 hours later it is gone', async () => {
    const person = (email: string, role: string) =>
      store.prisma.person.create({ data: { email, firstName: email, lastName: 'Silva', role } });
    const lead = await person('lead@x.example', 'alliance lead');
    const ana = await person('ana@x.example', 'ACE user');
    await store.prisma.link.create({
      data: {
        platform: 'teams',
        tenant: 'T1',
        userId: 'ana-id',
        personId: ana.id,
        state: 'live',
        way: 'email',
      },
    });
    await keep(own());
    await keep(own({ conversation: 'a:BEN', user: 'ben-id' }));
    await age(5 * HOUR);
    const known = await roster(store);
    const erased = known.people.find(({ id }) => id === ana.id);
    if (!erased) throw new Error('She is not on the roster.');
    const until = new Date(Date.now() + 60_000);
    const act = { key: randomUUID(), verb: 'erase', personId: lead.id, source: { platform: 'slack' }, until };
    expect(await erasePerson(store, act, { person: erased, known, now: new Date() })).toBe(1);
    expect(await kept.referenceOfUser(store, 'T1', 'ana-id')).toBeUndefined();
    // Her copies are still to be drawn empty.
    await forgetErased(store);
    expect(await kept.referenceOf(store, at())).toMatchObject({ serviceUrl: own().serviceUrl });
    await age(24 * HOUR);
    await forgetErased(store);
    expect(await kept.referenceOf(store, at())).toBeDefined();
    await age(26 * HOUR);
    await forgetErased(store);
    expect(await store.prisma.reference.findMany()).toMatchObject([{ userId: 'ben-id' }]);
  });

  test('whoever asked for access from Teams is found by any of their addresses, the newest account first', async () => {
    const person = await store.prisma.person.create({
      data: {
        email: 'new@x.example',
        firstName: '',
        lastName: '',
        role: 'none',
        otherEmails: ['old@x.example'],
      },
    });
    const asked = (platform: string, user: string, minutes: number) =>
      store.prisma.accessRequest.create({
        data: {
          personId: person.id,
          source: { platform, tenant: 'T1', user },
          at: new Date(Date.now() - minutes * 60_000),
          decidedAt: new Date(),
        },
      });
    await asked('teams', 'first', 30);
    await asked('teams', 'second', 20);
    await asked('slack', 'elsewhere', 10);
    const accounts = [
      { tenant: 'T1', user: 'second' },
      { tenant: 'T1', user: 'first' },
    ];
    expect(await mayBeBehind(store, 'new@x.example')).toEqual(accounts);
    expect(await mayBeBehind(store, 'old@x.example')).toEqual(accounts);
    expect(await mayBeBehind(store, 'x.example')).toEqual([]);
  });

  test('whoever has the app and is nobody’s yet may be behind any address; not who is linked, or has removed it', async () => {
    const { id: personId } = await store.prisma.person.create({
      data: { email: 'linked@x.example', firstName: '', lastName: '', role: 'ACE user' },
    });
    for (const user of ['new', 'linked', 'left'])
      await kept.keepReference(store, {
        ...{ tenant: 'T9', conversation: `a:${user}`, scope: 'personal', user },
        serviceUrl: 'https://smba.example/',
      });
    await kept.endReference(store, { tenant: 'T9', conversation: 'a:left' });
    const account = { platform: 'teams', tenant: 'T9', userId: 'linked' };
    await store.prisma.link.create({ data: { ...account, personId, state: 'live', way: 'email' } });
    const found = await mayBeBehind(store, 'anybody@x.example');
    expect(found.filter(({ tenant }) => tenant === 'T9')).toEqual([{ tenant: 'T9', user: 'new' }]);
  });

  test('a digest that ended as they had removed us begins again when they are back, also in another conversation', async () => {
    await store.prisma.subscription.deleteMany();
    const ana = { email: 'ana@partner.example', firstName: 'Ana', lastName: 'Silva', role: 'alliance lead' };
    const { id: personId } = await store.prisma.person.create({ data: ana });
    const long = new Date('2026-01-01');
    const account = { platform: 'teams', tenant: 'T1', userId: 'ana-id', state: 'live', way: 'code' };
    await store.prisma.link.create({ data: { ...account, personId, provenAt: long, since: long } });
    const planned = async () => {
      await planDigests(store, new Date(Date.now() + 60_000));
      return (await store.prisma.subscription.findFirstOrThrow({ where: { personId } })).gone;
    };
    const ends = async () => {
      const { id } = await store.prisma.subscription.findFirstOrThrow({ where: { personId } });
      await kept.endReference(store, at());
      await endSubscriptions(store, [id], new Date());
    };
    await keep(own());
    expect(await planned()).toBe(false);
    await ends();
    expect(await planned()).toBe(true);
    await keep(own({ user: 'ben-id', conversation: 'a:BEN' }));
    expect(await planned()).toBe(true);
    await keep(own());
    expect(await planned()).toBe(false);
    await ends();
    await keep(own({ conversation: 'a:ANA-2' }));
    expect(await planned()).toBe(false);
    // One that is there all along changes nothing.
    const { since } = await store.prisma.link.findFirstOrThrow();
    await keep(own({ conversation: 'a:ANA-2' }));
    expect((await store.prisma.link.findFirstOrThrow()).since).toEqual(since);
  });

  test('a colleague is not hidden behind hundreds who have the app and have not come', async () => {
    const at = { platform: 'teams', tenant: 'T8', scope: 'personal', serviceUrl: 'https://smba.example/' };
    await store.prisma.reference.createMany({
      data: Array.from({ length: 300 }, (_, nth) => ({ ...at, conversation: `a:${nth}`, userId: `${nth}` })),
    });
    const found = await mayBeBehind(store, 'anybody@x.example');
    expect(found.filter(({ tenant }) => tenant === 'T8')).toHaveLength(300);
    await store.prisma.reference.deleteMany({ where: { tenant: 'T8' } });
  });
});
