/** The acceptance clock on a driven clock: who is told of what is pending, when, and how it ends. */
import { describe, expect, test } from '@jest/globals';
import { saveMirror } from '../../src/store/deals.ts';
import { markGone } from '../../src/store/reading.ts';
import { databases } from '../support/databases.ts';
import { countStatements } from '../support/statements.ts';
import { clockTable, MONDAY, NEXT_MONDAY } from './clock-table.ts';

describe.each(databases)('the acceptance clock, on $name', (database) => {
  const table = clockTable(database);
  const {
    idOf,
    change,
    deal,
    lead,
    arrives,
    becomes,
    offers,
    route,
    tick,
    told,
    play,
    clock,
    meets,
    offered,
    nameOf,
  } = table;

  test('the ladder to its end: offered by a rule, backup, superior, alliance lead, each once', async () => {
    await route({});
    const it = await arrives(deal());
    expect(await play(MONDAY, NEXT_MONDAY)).toEqual([
      '2026-12-07T10:00 tom: offered',
      '2026-12-09T10:00 bea: backup',
      '2026-12-10T10:00 boss: reports-to',
      '2026-12-11T10:00 lead: alliance lead',
    ]);
    expect(await clock(it)).toMatchObject({ rung: 4, nextAt: null, outcome: null });
    // The backup may accept it: it was offered to her with the message, by whoever wrote the rule.
    const given = await table.store.prisma.offer.findMany({
      where: { dealId: it.id },
      orderBy: { at: 'asc' },
    });
    expect(given.map(({ personId, byId }) => [nameOf(personId), nameOf(byId)])).toEqual([
      ['tom', 'team'],
      ['bea', 'team'],
    ]);
  });

  test('offered to nobody, without a rule: the alliance lead and the team', async () => {
    await arrives(deal());
    await tick(MONDAY);
    expect(await told()).toEqual(['lead: offered', 'team: offered']);
    await tick(MONDAY);
    expect(await told()).toEqual([]);
  });

  test('whoever wants no arrivals gets no card of what is offered to nobody, until it is nearly lost', async () => {
    for (const name of ['lead', 'team'])
      await table.store.prisma.quiet.create({ data: { personId: idOf(name), off: ['new-referral'] } });
    await arrives(deal());
    expect(await play(MONDAY, NEXT_MONDAY)).toEqual(['2026-12-11T10:00 lead: alliance lead']);
  });

  test('of several at once it is kept whether all of them have just arrived', async () => {
    for (let nth = 0; nth < 6; nth++) await arrives(deal());
    await tick(MONDAY);
    const bodies = await table.store.prisma.notice.findMany({ where: { kind: 'clock-many' } });
    expect(bodies.map(({ body }) => body)).toEqual([
      expect.objectContaining({ new: true }),
      expect.objectContaining({ new: true }),
    ]);
  });

  test('missing rungs are skipped at once; whoever was offered it by hand has heard of it', async () => {
    await change('tom', { backup: null, reportsTo: idOf('team') });
    await change('team', { role: 'none' });
    const it = await arrives(deal());
    await offers(it, 'tom');
    expect(await play(MONDAY, NEXT_MONDAY)).toEqual(['2026-12-09T10:00 lead: alliance lead']);
  });

  test('at night, on the weekend and on a public holiday it waits; the deadline stays where it is', async () => {
    await route({});
    await change('tom', { country: 'DE', timeZone: 'Europe/Berlin' });
    await change('bea', { country: 'US', timeZone: 'America/New_York' });
    // Christmas is a Friday: Tom is told on Monday morning, Berlin time.
    const it = await arrives(deal({ invitedAt: '2026-12-24T19:30:00Z', expiresAt: '2027-02-01T00:00:00Z' }));
    expect((await play('2026-12-24T19:30:00Z', '2026-12-28T12:00:00Z')).slice(0, 1)).toEqual([
      '2026-12-28T07:00 tom: offered',
    ]);
    // Monday evening in Berlin is early afternoon in New York.
    expect(await play('2026-12-28T12:30:00Z', '2026-12-28T20:00:00Z')).toEqual([
      '2026-12-28T19:30 bea: backup',
    ]);
    expect(await clock(it)).toMatchObject({ startedAt: new Date('2026-12-24T19:30:00Z') });
  });

  test('4 July: Americans are told on Monday, others at once', async () => {
    await route({ offerTo: [idOf('tom'), idOf('bea')] });
    await change('tom', { country: 'US', timeZone: 'America/New_York' });
    await arrives(deal({ invitedAt: '2026-07-03T15:00:00Z', expiresAt: '2026-09-01T00:00:00Z' }));
    expect((await play('2026-07-03T15:00:00Z', '2026-07-06T12:00:00Z')).slice(0, 2)).toEqual([
      '2026-07-03T15:00 bea: offered',
      '2026-07-06T12:00 tom: offered',
    ]);
  });

  test('what would be too late in the morning is said at night', async () => {
    await route({});
    const sender = { account: '444455556666', company: 'Northwind' };
    await arrives(deal({ sender, invitedAt: '2026-12-08T23:00:00Z', expiresAt: '2026-12-09T11:00:00Z' }));
    expect(await play('2026-12-08T23:00:00Z', '2026-12-09T11:00:00Z')).toEqual([
      '2026-12-08T23:00 tom: offered',
      '2026-12-09T02:00 bea: backup',
      '2026-12-09T05:00 boss: reports-to',
      '2026-12-09T08:00 lead: alliance lead',
    ]);
  });

  test('quiet hours of one’s own count', async () => {
    await table.store.prisma.quiet.create({ data: { personId: idOf('tom'), from: 8, until: 13 } });
    await route({});
    await arrives(deal());
    expect(await play(MONDAY, '2026-12-07T14:00:00Z')).toEqual(['2026-12-07T13:00 tom: offered']);
  });

  test('a rule that offers to somebody who cannot be told is a missing rung; what somebody offered by hand is none', async () => {
    await table.store.prisma.agent.update({ where: { id: 1 }, data: { catalog: 'AWS' } });
    for (const name of ['lead', 'bea']) await meets(name);
    const byHand = await arrives(deal());
    await offers(byHand, 'tom');
    await tick(MONDAY);
    expect(await told()).toEqual([]);
    await route({});
    const byRule = await arrives(deal());
    await tick(MONDAY);
    expect([await told(), await offered(byRule)]).toEqual([['bea: backup'], ['bea', 'tom']]);
    await change('tom', { backup: null });
    await arrives(deal());
    await tick(MONDAY);
    expect(await told()).toEqual(['lead: alliance lead']);
  });

  test('where nobody can be told when the last rung is due, whoever comes into chat later is told', async () => {
    await table.store.prisma.agent.update({ where: { id: 1 }, data: { catalog: 'AWS', clockedAt: null } });
    const it = await arrives(deal({ invitedAt: '2026-11-30T10:00:00Z', expiresAt: NEXT_MONDAY }));
    const [first, ...more] = ['2026-12-07T12:00:00Z', '2026-12-07T12:10:00Z', '2026-12-07T12:20:00Z'];
    await tick(first ?? '');
    expect([await told(), await clock(it)]).toEqual([[], expect.objectContaining({ rung: 3 })]);
    await meets('lead');
    for (const at of more) await tick(at);
    expect([await told(), await clock(it)]).toEqual([
      ['lead: alliance lead'],
      expect.objectContaining({ rung: 4, nextAt: null }),
    ]);
  });

  test('a deadline that is over wakes nobody at night', async () => {
    await table.store.prisma.agent.update({ where: { id: 1 }, data: { clockedAt: null } });
    // AWS's 5 business days were over on a Friday; it expires on the next.
    const it = await arrives(deal({ invitedAt: '2026-11-27T10:00:00Z', expiresAt: '2026-12-18T10:00:00Z' }));
    expect(await play('2026-12-13T03:00:00Z', '2026-12-14T12:00:00Z')).toEqual([
      '2026-12-14T08:00 lead: alliance lead',
    ]);
    expect(await clock(it)).toMatchObject({ rung: 4, nextAt: null });
  });

  test('what AWS does not give for a while and gives again is not lost: its clock goes on', async () => {
    const it = await arrives(deal());
    await offers(it, 'tom');
    await tick(MONDAY);
    await markGone(table.store, [it.id], 0n, new Date(MONDAY));
    await tick('2026-12-07T11:00:00Z');
    expect(await clock(it)).toMatchObject({ outcome: 'lost', nextAt: null });
    await arrives(it);
    expect(await play('2026-12-07T12:00:00Z', NEXT_MONDAY)).toEqual([
      '2026-12-09T10:00 bea: backup',
      '2026-12-10T10:00 boss: reports-to',
      '2026-12-11T10:00 lead: alliance lead',
    ]);
    expect(await clock(it)).toMatchObject({ outcome: null, endedAt: null });
  });

  test('given again after the ladder’s end, it is told once more on the last rung', async () => {
    await route({});
    const it = await arrives(deal());
    expect(await play(MONDAY, '2026-12-11T11:00:00Z')).toHaveLength(4);
    await markGone(table.store, [it.id], 0n, new Date('2026-12-11T12:00:00Z'));
    await tick('2026-12-11T12:00:00Z');
    await arrives(it);
    expect(await play('2026-12-11T12:10:00Z', NEXT_MONDAY)).toEqual(['2026-12-11T12:10 lead: alliance lead']);
    expect(await clock(it)).toMatchObject({ rung: 4, nextAt: null, outcome: null });
  });

  test('whoever snoozed it is left alone until then, and not told what a reminder has told them', async () => {
    await route({});
    const it = await arrives(deal());
    await tick(MONDAY);
    const snooze = { dealId: it.id, at: new Date('2026-12-10T09:00:00Z'), setAt: new Date(MONDAY) };
    await table.store.prisma.reminder.create({ data: { ...snooze, personId: idOf('bea') } });
    await told();
    expect(await play(MONDAY, '2026-12-10T09:00:00Z')).toEqual([]);
    await table.store.prisma.reminder.updateMany({ data: { toldAt: snooze.at } });
    expect(await play('2026-12-10T09:00:00Z', '2026-12-10T10:00:00Z')).toEqual([
      '2026-12-10T10:00 boss: reports-to',
    ]);
  });

  test('several processes at the same moment tell everybody once, at every step', async () => {
    await route({});
    const all = await Promise.all(Array.from({ length: 4 }, () => arrives(deal())));
    for (const [at, who] of [
      [MONDAY, 'tom: offered'],
      ['2026-12-09T10:00:00Z', 'bea: backup'],
      ['2026-12-10T10:00:00Z', 'boss: reports-to'],
    ] as const) {
      await Promise.all([tick(at), tick(at), tick(at)]);
      expect(await told()).toEqual(all.map(() => who));
    }
    expect(await table.store.prisma.clock.count()).toBe(4);
  });

  test('more than five at once for one person are one message', async () => {
    for (let nth = 0; nth < 6; nth++) await arrives(deal());
    await tick(MONDAY);
    expect(await told()).toEqual(['lead: clock-many 6', 'team: clock-many 6']);
  });

  test('with 200 pending when the clocks first tick nobody is told everything, no rule is applied, and no rung twice', async () => {
    await table.store.prisma.agent.update({ where: { id: 1 }, data: { clockedAt: null } });
    await route({});
    const all = Array.from({ length: 200 }, (_, nth) =>
      deal(nth < 3 ? {} : { expiresAt: '2026-12-21T10:00:00Z' }),
    );
    await saveMirror(
      table.store,
      all.map((it) => ({ deal: it, raw: {} })),
      0n,
    );
    for (const it of all.slice(0, 3)) await offers(it, 'tom');
    await Promise.all([tick('2026-12-10T12:00:00Z'), tick('2026-12-10T12:00:00Z')]);
    // Two business days are left: of the three that are offered his superior hears, of the rest the alliance lead.
    expect(await told()).toEqual([
      'boss: reports-to',
      'boss: reports-to',
      'boss: reports-to',
      'lead: clock-many 197',
    ]);
    expect(await table.store.prisma.offer.count()).toBe(3);
    expect(await table.store.prisma.clock.count({ where: { routeId: null } })).toBe(200);
    await tick('2026-12-10T12:01:00Z');
    expect(await told()).toEqual([]);
    const it = await arrives(deal({ invitedAt: '2026-12-10T12:00:00Z' }));
    await tick('2026-12-10T12:02:00Z');
    expect(await told()).toEqual(['tom: offered']);
    expect((await clock(it)).routeId).not.toBeNull();
  });

  test('a tick takes the same few statements for one deal and for many, and four when nothing is due', async () => {
    const { during, stop } = countStatements(table.store);
    const statements = (at: string) => during(() => tick(at));
    await arrives(deal());
    const one = await statements(MONDAY);
    for (let nth = 0; nth < 30; nth++) await arrives(deal());
    expect(await statements('2026-12-07T10:01:00Z')).toBe(one);
    expect(one).toBeLessThanOrEqual(8);
    expect(await statements('2026-12-07T10:02:00Z')).toBe(4);
    stop();
  });

  test('nothing ticks before the pipeline has been read once', async () => {
    await table.store.prisma.agent.update({ where: { id: 1 }, data: { syncedAt: null } });
    await arrives(deal());
    await tick(MONDAY);
    expect([await told(), await table.store.prisma.clock.count()]).toEqual([[], 0]);
  });

  test('it closes itself as accepted, rejected or lost, and says when', async () => {
    const all = [
      await arrives(deal()),
      await arrives(deal()),
      await arrives(deal()),
      await arrives(deal()),
    ] as const;
    const [accepted, rejected, expired, gone] = all;
    await tick(MONDAY);
    await becomes(accepted, 'ACCEPTED');
    await becomes(rejected, 'REJECTED');
    await becomes(expired, 'EXPIRED');
    await table.store.prisma.deal.update({ where: { id: gone.id }, data: { goneAt: new Date() } });
    await told();
    await tick('2026-12-09T10:00:00Z');
    expect(await told()).toEqual([]);
    expect((await Promise.all(all.map(clock))).map(({ outcome }) => outcome)).toEqual([
      ...['accepted', 'rejected', 'lost', 'lost'],
    ]);
    expect(await clock(expired)).toMatchObject({ endedAt: new Date('2026-12-09T10:00:00Z'), nextAt: null });
  });

  test('what ran out is lost though AWS has not said so, unless an acceptance is on its way; a later word of AWS counts', async () => {
    const expiresAt = '2026-12-08T10:00:00Z';
    const [lost, saved] = [await arrives(deal({ expiresAt })), await arrives(deal({ expiresAt }))];
    await tick(MONDAY);
    const accept = await table.store.prisma.change.create({
      data: {
        ...{ dealId: saved.id, personId: idOf('tom'), actKey: 'k', verb: 'accept', kind: 'accept', wish: {} },
        ...{ state: 'sending', source: {} },
      },
    });
    await tick('2026-12-08T10:00:00Z');
    expect([(await clock(lost)).outcome, (await clock(saved)).outcome]).toEqual(['lost', null]);
    await table.store.prisma.change.update({ where: { id: accept.id }, data: { state: 'confirmed' } });
    await tick('2026-12-08T10:01:00Z');
    expect((await clock(saved)).outcome).toBe('accepted');
    await becomes(lost, 'ACCEPTED');
    await tick('2026-12-08T10:02:00Z');
    expect((await clock(lost)).outcome).toBe('accepted');
  });

  test('a rule that fits offers it to people who are let in and posts it in its channel; the first counts', async () => {
    const place = { platform: 'slack', tenant: 'T1', room: 'C1' };
    await route({ name: 'Nobody', position: 1, fits: { countries: ['FR'] } });
    await route({ name: 'Left', position: 2, byId: idOf('boss'), fits: {} });
    await route({ name: 'Germany', position: 3, fits: { countries: ['DE'] }, offerTo: [], ...place });
    await route({ name: 'Late', position: 4 });
    const it = await arrives(deal());
    await tick(MONDAY);
    expect(await told()).toEqual([]);
    const wanted = await table.store.prisma.posting.findMany({ where: { dealId: it.id } });
    expect(wanted).toMatchObject([{ ...place, state: 'wanted', personId: idOf('team') }]);
    await Promise.all([tick(MONDAY), tick(MONDAY)]);
    expect(await table.store.prisma.posting.count()).toBe(1);
  });

  test('a rule offers to nobody who is not let in or sees it anyway', async () => {
    await change('bea', { role: 'none' });
    await route({ offerTo: [idOf('bea'), idOf('boss')] });
    await arrives(deal());
    await tick(MONDAY);
    expect([await told(), await table.store.prisma.offer.count()]).toEqual([
      ['lead: offered', 'team: offered'],
      0,
    ]);
  });

  test('a Partner Solutions Finder lead is routed nowhere and told to the alliance lead alone, to the end', async () => {
    await route({ platform: 'slack', tenant: 'T1', room: 'C1' });
    await arrives(lead({ source: 'AWS Partner Solutions Finder' }));
    expect(await play(MONDAY, NEXT_MONDAY)).toEqual(['2026-12-07T10:00 lead: offered']);
    expect([await table.store.prisma.offer.count(), await table.store.prisma.posting.count()]).toEqual([
      0, 0,
    ]);
  });

  test('before the terms are confirmed nobody but the alliance lead is told; outside practice nobody who is not linked', async () => {
    await table.store.prisma.terms.deleteMany();
    await arrives(deal());
    await tick(MONDAY);
    expect(await told()).toEqual(['lead: offered']);
    await table.store.prisma.terms.create({ data: { acceptedOn: new Date('2026-01-01') } });
    await table.store.prisma.agent.update({ where: { id: 1 }, data: { catalog: 'AWS' } });
    const link = { platform: 'slack', tenant: 'T1', state: 'live', way: 'email' };
    await table.store.prisma.link.create({ data: { ...link, userId: 'U1', personId: idOf('team') } });
    await table.store.prisma.link.create({
      data: { ...link, userId: 'U2', personId: idOf('lead'), provenAt: new Date(), way: 'code' },
    });
    await arrives(deal());
    await tick('2026-12-07T10:01:00Z');
    expect(await told()).toEqual(['lead: offered']);
  });
});
