/** The acceptance clock where somebody is away: their cover is told in their place, as long as they cover that desk. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Deal } from '../../src/pipeline/deal.ts';
import { enact } from '../../src/store/changes.ts';
import { tendCovers } from '../../src/store/cover-tend.ts';
import { covering, endingCover } from '../../src/store/covers.ts';
import { roster } from '../../src/store/people.ts';
import { enrolAll } from '../../src/store/roles.ts';
import { databases } from '../support/databases.ts';
import { clockTable, MONDAY, NEXT_MONDAY } from './clock-table.ts';

describe.each(databases)('the acceptance clock and covers, on $name', (database) => {
  const table = clockTable(database);
  const {
    idOf,
    hire,
    change,
    deal,
    arrives,
    offers,
    route,
    tick,
    told,
    play,
    clock,
    covers,
    meets,
    offered,
  } = table;

  const act = () => ({
    ...{ key: randomUUID(), verb: 'cover', personId: idOf('lead'), source: {} },
    until: new Date(Date.now() + 20_000),
  });
  const ends = ({ id }: { id: string }, at: string) =>
    enact(table.store, act(), endingCover(id, new Date(at), []));
  async function revoke(name: string, at: string) {
    const known = await roster(table.store);
    const people = known.people
      .filter(({ id }) => id === idOf(name))
      .map((it) => ({ ...it, role: 'none' as const }));
    await enrolAll(table.store, act(), {
      known,
      people,
      moved: people.map(({ id }) => id),
      now: new Date(at),
    });
  }
  /** By hand, while somebody covers them: that one alone is told. */
  async function offersBy(it: Deal, names: readonly string[], cover: string) {
    const offer = { dealId: it.id, byId: idOf('lead'), at: new Date(Date.parse(MONDAY) - 1000) };
    await table.store.prisma.offer.createMany({
      data: [
        ...names.map((name) => ({ ...offer, personId: idOf(name) })),
        { ...offer, personId: idOf(cover), byCover: true },
      ],
    });
  }

  test('whoever is away is not told; their cover is, once, and is offered it with them', async () => {
    const days = { from: new Date('2026-12-01'), until: new Date('2026-12-31'), byId: idOf('lead') };
    await table.store.prisma.cover.create({ data: { personId: idOf('tom'), coverId: idOf('bea'), ...days } });
    await route({});
    const it = await arrives(deal());
    await tick(MONDAY);
    expect(await told()).toEqual(['bea: offered']);
    expect(await offered(it)).toEqual(['bea', 'tom']);
    // She is his backup too, and knows.
    expect(await play(MONDAY, '2026-12-10T10:00:00Z')).toEqual(['2026-12-10T10:00 boss: reports-to']);
  });

  test('what the clock offers to a cover ends with the cover; a backup who covered is called when it is their turn', async () => {
    await hire('cov', 'ACE user');
    await hire('tim', 'ACE user');
    await covers('bea', 'tom', '2026-12-08');
    await covers('cov', 'tim', '2026-12-20');
    await route({ offerTo: [idOf('tom'), idOf('tim')] });
    const it = await arrives(deal());
    await tick(MONDAY);
    expect([await offered(it), await told()]).toEqual([
      ['bea', 'cov', 'tim', 'tom'],
      ['bea: offered', 'cov: offered'],
    ]);
    await tendCovers(table.store, new Date('2026-12-09T09:00:00Z'));
    expect(await offered(it)).toEqual(['cov', 'tim', 'tom']);
    expect(await play('2026-12-09T09:00:00Z', '2026-12-09T10:00:00Z')).toEqual([
      '2026-12-09T09:00 tom: offered',
      '2026-12-09T10:00 bea: backup',
    ]);
    expect(await offered(it)).toEqual(['bea', 'cov', 'tim', 'tom']);
  });

  test('a step that a cover took for a backup is taken by the backup once they are back', async () => {
    await hire('cov', 'ACE user');
    await covers('cov', 'bea', '2026-12-09');
    await route({});
    const it = await arrives(deal());
    expect(await play(MONDAY, '2026-12-09T11:00:00Z')).toEqual([
      '2026-12-07T10:00 tom: offered',
      '2026-12-09T10:00 cov: backup',
    ]);
    expect(await offered(it)).toEqual(['cov', 'tom']);
    await tendCovers(table.store, new Date('2026-12-10T08:30:00Z'));
    expect(await offered(it)).toEqual(['tom']);
    expect(await play('2026-12-10T08:30:00Z', '2026-12-10T09:30:00Z')).toEqual([
      '2026-12-10T08:30 bea: backup',
    ]);
    expect(await offered(it)).toEqual(['bea', 'tom']);
  });

  test('who is next to a cover is neither told of it nor offered it, whether a rule or somebody offered it', async () => {
    await hire('nils', 'ACE user');
    await hire('olga', 'ACE manager');
    await hire('cov', 'ACE user', { backup: idOf('nils'), reportsTo: idOf('olga') });
    await covers('cov', 'tom', '2026-12-20');
    const byHand = await arrives(deal());
    await offers(byHand, 'tom');
    await tendCovers(table.store, new Date(MONDAY));
    await tick(MONDAY);
    await route({});
    const byRule = await arrives(deal());
    await tick('2026-12-07T10:01:00Z');
    expect(await offered(byRule)).toEqual(['cov', 'tom']);
    await told();
    const said = await play('2026-12-07T10:02:00Z', NEXT_MONDAY);
    expect([...new Set(said.map((it) => it.slice(17)))]).toEqual([
      'bea: backup',
      'boss: reports-to',
      'lead: alliance lead',
    ]);
    for (const it of [byHand, byRule]) expect(await offered(it)).toEqual(['bea', 'cov', 'tom']);
  });

  test.each([
    ['ACE user', ['cov', 'tom']],
    ['ACE manager', ['tom']],
  ] as const)('a cover who is %s refuses: whose desk it is is told at once', async (role, lent) => {
    await hire('cov', role);
    const cover = await covers('cov', 'tom', '2026-12-20');
    await route({});
    const it = await arrives(deal());
    expect(await play(MONDAY, MONDAY)).toEqual(['2026-12-07T10:00 cov: offered']);
    expect(await offered(it)).toEqual(lent);
    await ends(cover, '2026-12-07T11:00:00Z');
    expect(await offered(it)).toEqual(['tom']);
    expect(await play('2026-12-07T11:00:00Z', NEXT_MONDAY)).toEqual([
      '2026-12-07T11:00 tom: offered',
      '2026-12-09T10:00 bea: backup',
      '2026-12-10T10:00 boss: reports-to',
      '2026-12-11T10:00 lead: alliance lead',
    ]);
  });

  test('the last rung, taken by a cover who is let in no more, is taken again', async () => {
    await hire('olga', 'ACE manager');
    await covers('olga', 'lead', '2026-12-20');
    await route({});
    await change('tom', { backup: null, reportsTo: null });
    const it = await arrives(deal());
    expect(await play(MONDAY, '2026-12-11T11:00:00Z')).toEqual([
      '2026-12-07T10:00 tom: offered',
      '2026-12-09T10:00 olga: alliance lead',
    ]);
    expect(await clock(it)).toMatchObject({ rung: 4, nextAt: null });
    await revoke('olga', '2026-12-11T12:00:00Z');
    expect(await play('2026-12-11T12:01:00Z', NEXT_MONDAY)).toEqual(['2026-12-11T12:01 lead: alliance lead']);
  });

  test('a cover who is let in no more leaves nothing unheard, and nothing lent', async () => {
    await hire('cov', 'ACE user');
    await covers('cov', 'tom', '2026-12-20');
    await route({});
    const it = await arrives(deal());
    expect(await play(MONDAY, MONDAY)).toEqual(['2026-12-07T10:00 cov: offered']);
    await revoke('cov', '2026-12-07T11:00:00Z');
    expect(await play('2026-12-07T11:01:00Z', '2026-12-07T11:01:00Z')).toEqual([
      '2026-12-07T11:01 tom: offered',
    ]);
    expect(await offered(it)).toEqual(['tom']);
  });

  test('where the only one it is offered to is let in no more, it comes to the alliance lead and the team', async () => {
    await route({});
    await arrives(deal());
    expect(await play(MONDAY, MONDAY)).toEqual(['2026-12-07T10:00 tom: offered']);
    await revoke('tom', '2026-12-07T11:00:00Z');
    expect(await play('2026-12-07T11:01:00Z', '2026-12-07T11:01:00Z')).toEqual([
      '2026-12-07T11:01 lead: offered',
      '2026-12-07T11:01 team: offered',
    ]);
  });

  test('a rung that fell to the cover of the next one is taken again at once when that cover ends', async () => {
    await table.store.prisma.agent.update({ where: { id: 1 }, data: { catalog: 'AWS' } });
    await hire('cov', 'ACE user');
    // Tom is in no chat.
    for (const name of ['lead', 'bea', 'cov']) await meets(name);
    const cover = await covers('cov', 'bea', '2026-12-20');
    await route({});
    await arrives(deal());
    expect(await play(MONDAY, MONDAY)).toEqual(['2026-12-07T10:00 cov: backup']);
    await ends(cover, '2026-12-07T11:00:00Z');
    expect(await play('2026-12-07T11:01:00Z', '2026-12-07T11:01:00Z')).toEqual([
      '2026-12-07T11:01 bea: backup',
    ]);
  });

  test('another desk of the same cover ends: what this one brings stays, and nobody is told twice', async () => {
    await hire('cov', 'ACE user');
    await hire('tim', 'ACE user');
    await covers('cov', 'bea', '2026-12-20');
    const tims = await covers('cov', 'tim', '2026-12-20');
    await route({});
    const it = await arrives(deal());
    expect(await play(MONDAY, '2026-12-09T11:00:00Z')).toEqual([
      '2026-12-07T10:00 tom: offered',
      '2026-12-09T10:00 cov: backup',
    ]);
    await ends(tims, '2026-12-09T12:00:00Z');
    expect(await offered(it)).toEqual(['cov', 'tom']);
    expect(await play('2026-12-09T12:00:00Z', '2026-12-09T12:10:00Z')).toEqual([]);
    expect(await offered(it)).toEqual(['cov', 'tom']);
  });

  test('what was offered by hand while they were away is told to them when their cover refuses; to the cover once', async () => {
    await hire('cov', 'ACE user');
    const cover = await covers('cov', 'tom', '2026-12-20');
    await tick(MONDAY);
    const it = await arrives(deal());
    await offersBy(it, ['tom'], 'cov');
    expect(await play(MONDAY, MONDAY)).toEqual([]);
    await ends(cover, '2026-12-07T11:00:00Z');
    expect(await play('2026-12-07T11:00:00Z', '2026-12-09T10:00:00Z')).toEqual([
      '2026-12-07T11:00 tom: offered',
      '2026-12-09T10:00 bea: backup',
    ]);
    expect(await offered(it)).toEqual(['bea', 'tom']);
  });

  test.each(['by hand', 'by a rule'])(
    'of two whom one colleague covers, each is told when they are back: offered %s',
    async (how) => {
      await hire('cov', 'ACE user');
      const [toms, beas] = [
        await covers('cov', 'tom', '2026-12-20'),
        await covers('cov', 'bea', '2026-12-20'),
      ];
      await change('tom', { backup: null });
      await tick(MONDAY);
      await told();
      if (how === 'by a rule') await route({ offerTo: [idOf('tom'), idOf('bea')] });
      const it = await arrives(deal());
      if (how === 'by hand') await offersBy(it, ['tom', 'bea'], 'cov');
      await tick(MONDAY);
      await told();
      await ends(beas, '2026-12-07T11:00:00Z');
      expect(await play('2026-12-07T11:00:00Z', '2026-12-07T11:05:00Z')).toEqual([
        '2026-12-07T11:00 bea: offered',
      ]);
      expect(await offered(it)).toEqual(['bea', 'cov', 'tom']);
      await ends(toms, '2026-12-07T12:00:00Z');
      expect(await play('2026-12-07T12:00:00Z', '2026-12-07T12:05:00Z')).toEqual([
        '2026-12-07T12:00 tom: offered',
      ]);
      expect(await offered(it)).toEqual(['bea', 'tom']);
    },
  );

  test('whoever offers it to somebody whose desk they cover is still called on the last rung', async () => {
    await covers('lead', 'tom', '2026-12-20');
    await change('tom', { backup: null, reportsTo: null });
    await tick(MONDAY);
    const it = await arrives(deal());
    await offers(it, 'tom');
    expect((await play(MONDAY, NEXT_MONDAY)).map((line) => line.slice(17))).toEqual(['lead: alliance lead']);
  });

  test('a cover that has begun goes on where its owner comes to a zone in which its first day has not', async () => {
    await hire('cov', 'ACE user');
    const from = new Date('2026-12-07');
    const cover = await covers('cov', 'tom', '2026-12-20');
    await table.store.prisma.cover.update({ where: { id: cover.id }, data: { from } });
    const it = await arrives(deal());
    await offers(it, 'tom');
    await tick('2026-12-07T00:10:00Z');
    expect(await offered(it)).toEqual(['cov', 'tom']);
    await change('tom', { timeZone: 'America/Los_Angeles' });
    await tick('2026-12-07T01:00:00Z');
    expect(await offered(it)).toEqual(['cov', 'tom']);
  });

  test('what a process of before wrote down, without whose place it was, comes to rest', async () => {
    await hire('cov', 'ACE user');
    await covers('cov', 'bea', '2026-12-20');
    await route({});
    const it = await arrives(deal());
    expect(await play(MONDAY, '2026-12-09T10:00:00Z')).toHaveLength(2);
    await table.store.prisma.rung.updateMany({ data: { away: null } });
    const ticks = ['2026-12-09T10:01:00Z', '2026-12-09T10:02:00Z', '2026-12-09T10:03:00Z'];
    const said: string[][] = [];
    for (const at of ticks) {
      await tick(at);
      said.push(await told());
    }
    expect([said, await offered(it)]).toEqual([
      [['cov: backup'], [], []],
      ['cov', 'tom'],
    ]);
  });

  test('what is taken from whose desk it was is taken from their cover', async () => {
    await hire('cov', 'ACE user');
    await covers('cov', 'tom', '2026-12-20');
    await route({});
    const it = await arrives(deal());
    await tick(MONDAY);
    expect(await offered(it)).toEqual(['cov', 'tom']);
    await table.store.prisma.offer.deleteMany({ where: { personId: idOf('tom') } });
    await tick('2026-12-07T10:01:00Z');
    expect(await offered(it)).toEqual([]);
  });

  test('what a tick lends to a cover that ended meanwhile is taken back by the next, and told to whose desk it is', async () => {
    await hire('cov', 'ACE user');
    const cover = await covers('cov', 'tom', '2026-12-20');
    await route({});
    const it = await arrives(deal());
    await tick(MONDAY);
    // As if the tick had read the covers before this one ended, and written after.
    await table.store.prisma.cover.update({ where: { id: cover.id }, data: { endedAt: new Date(MONDAY) } });
    expect([await told(), await offered(it)]).toEqual([['cov: offered'], ['cov', 'tom']]);
    expect(await play('2026-12-07T10:01:00Z', '2026-12-07T10:01:00Z')).toEqual([
      '2026-12-07T10:01 tom: offered',
    ]);
    expect(await offered(it)).toEqual(['tom']);
  });

  test('a cover that is moved to later days lends nothing until then', async () => {
    await hire('cov', 'ACE user');
    const cover = await covers('cov', 'tom', '2026-12-20');
    const it = await arrives(deal());
    await offers(it, 'tom');
    await tick(MONDAY);
    expect(await offered(it)).toEqual(['cov', 'tom']);
    const [personId, coverId, byId] = [idOf('tom'), idOf('cov'), idOf('lead')];
    const later = { id: randomUUID(), personId, coverId, byId, from: '2026-12-15', until: '2026-12-20' };
    const setting = { now: new Date(MONDAY), today: '2026-12-07', tells: [], instead: cover.id };
    await enact(table.store, act(), covering(later, setting));
    expect(await offered(it)).toEqual(['tom']);
    await tick('2026-12-07T11:00:00Z');
    expect(await offered(it)).toEqual(['tom']);
    await tick('2026-12-15T00:01:00Z');
    expect(await offered(it)).toEqual(['cov', 'tom']);
  });

  test('whoever covers and goes away themselves has not heard for the other: whose desk it is is told', async () => {
    await hire('cov', 'ACE manager');
    await covers('cov', 'tom', '2026-12-20');
    await route({});
    await arrives(deal());
    expect(await play(MONDAY, MONDAY)).toEqual(['2026-12-07T10:00 cov: offered']);
    await covers('boss', 'cov', '2026-12-20');
    expect(await play('2026-12-07T10:01:00Z', '2026-12-07T10:01:00Z')).toEqual([
      '2026-12-07T10:01 tom: offered',
    ]);
  });
});
