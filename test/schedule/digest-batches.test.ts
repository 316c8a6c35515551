/** A batch takes minutes: what is sent at its end is as true as what is sent at its beginning, and nothing falls in between. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deliverDigests, planDigests } from '../../src/bot/digests.ts';
import { databases, silentLog } from '../support/databases.ts';
import { NINE } from '../support/digest-morning.ts';
import { countStatements } from '../support/statements.ts';
import { chat, type Mornings, openMornings } from './mornings.ts';

const PAST = '2026-01-10' as const;
const FAR = '2027-06-01' as const;
const at = (moment: string) => new Date(`${moment}:00Z`);

describe.each(databases)('a batch of digests, on $name', (database) => {
  let it: Mornings;
  beforeAll(async () => {
    it = await openMornings(database);
  });
  beforeEach(async () => {
    await it.store.prisma.change.deleteMany();
    await it.store.prisma.clock.deleteMany();
    await it.clear();
  });
  afterAll(() => it?.close());

  async function planned() {
    await planDigests(it.store, at('2026-11-16T08:30'));
    await planDigests(it.store, NINE);
    return it.jobs();
  }
  /** Does something once, as the first of them is sent. */
  function chatWhere(meanwhile: (first: string) => Promise<unknown>) {
    let isFirst = true;
    return chat({
      before: async (to) => {
        if (!isFirst) return;
        isFirst = false;
        await meanwhile(to);
      },
    });
  }
  const nthOf = (user: string) => Number(user.slice(1));
  const otherThan = (user: string) => 1 - nthOf(user);

  test.each([
    ['is theirs already', true],
    ['was somebody else’s until then', false],
  ])('names a deal that comes up while others of it are sent: one that %s', async (_, isTheirs) => {
    const people = await it.people([
      { user: 'U0', closeDate: PAST },
      { user: 'U1', closeDate: PAST },
      { name: 'Ben', closeDate: FAR },
      { name: 'Cat', closeDate: FAR },
    ]);
    const spare = (nth: number) => people[nth + 2]?.dealId ?? '';
    const owned = (nth: number) => ({ owner: { email: people[nth]?.email ?? '', name: 'Ana' } });
    if (isTheirs) for (const nth of [0, 1]) await it.changes(spare(nth), owned(nth));
    const ids = await planned();
    await it.store.prisma.subscription.updateMany({ data: { off: ['stale'] } });
    const { told, messenger } = chatWhere((first) => {
      const other = otherThan(first);
      return it.changes(spare(other), { ...owned(other), closeDate: PAST });
    });
    await it.deliver({ messenger }, ids, NINE);
    const [first, second] = told;
    expect(first?.text).not.toContain(spare(nthOf(first?.to ?? '')));
    expect(second?.text).toContain(spare(nthOf(second?.to ?? '')));
  });

  test('composes only those anew of whom something changed meanwhile', async () => {
    const users = Array.from({ length: 12 }, (_, nth) => `U${nth}`);
    const people = await it.people(users.map((user) => ({ user, closeDate: PAST })));
    const ids = await planned();
    const last = ids.at(-1) ?? '';
    const { during, stop } = countStatements(it.store);
    const quiet = await during(() => it.deliver(chat(), ids.slice(0, 5), NINE));
    const [row] = await it.store.prisma.digest.findMany({ where: { id: last } });
    const { told, messenger } = chatWhere(async () => {
      const { dealId = '' } = people[nthOf(row?.recipient ?? '')] ?? {};
      await it.store.prisma.$executeRaw`UPDATE deal SET version = version + 1 WHERE id = ${dealId}`;
    });
    const busy = await during(() => it.deliver({ messenger }, ids.slice(5), NINE));
    stop();
    expect(told).toHaveLength(7);
    // Two more are taken and noted; one deal is changed; of one reader all is asked once more.
    expect(busy - quiet).toBeLessThanOrEqual(2 * 2 + 1 + 10);
  });

  test('is not sent to whoever pauses theirs meanwhile', async () => {
    await it.people(['U0', 'U1'].map((user) => ({ user, closeDate: PAST })));
    const ids = await planned();
    const { told, messenger } = chatWhere(() =>
      it.store.prisma.subscription.updateMany({ data: { pausedUntil: new Date('2026-11-23') } }),
    );
    await it.deliver({ messenger }, ids, NINE);
    expect(told).toHaveLength(1);
    expect((await it.digests()).map(({ state }) => state).sort()).toEqual(['left', 'sent']);
  });

  test('leaves out what somebody switches off meanwhile', async () => {
    const people = await it.people(['U0', 'U1'].map((user) => ({ user, closeDate: PAST })));
    const ids = await planned();
    const { told, messenger } = chatWhere((first) =>
      it.store.prisma.subscription.updateMany({
        where: { personId: people[otherThan(first)]?.id ?? '' },
        data: { off: ['past-close', 'stale'] },
      }),
    );
    await it.deliver({ messenger }, ids, NINE);
    expect(told).toHaveLength(1);
    expect((await it.digests()).map(({ state }) => state).sort()).toEqual(['empty', 'sent']);
  });

  test('leaves out of a channel’s what is switched off while it is composed', async () => {
    const [ana] = await it.people([{ name: 'Ana', user: 'U0', role: 'ACE manager', closeDate: PAST }]);
    await planDigests(it.store, at('2026-11-16T08:30'));
    await it.store.prisma.subscription.deleteMany();
    await it.room(ana?.id ?? '', 'C1');
    await planDigests(it.store, NINE);
    const { told, rooms, messenger } = chat();
    rooms.set('C1', { name: '#deals', readers: ['U0'], isOpenToOthers: false, isUnclear: false });
    const { room } = messenger;
    messenger.room = async (...asked) => {
      await it.store.prisma.subscription.updateMany({ data: { off: ['past-close', 'stale'] } });
      return room?.(...asked);
    };
    await it.deliver({ messenger }, await it.jobs(), NINE);
    expect(told).toEqual([]);
  });

  describe('and the next digest together name', () => {
    /** Delivers what that tick asks for; each message takes so many minutes. */
    async function morning(moment: string, { messenger }: Pick<ReturnType<typeof chat>, 'messenger'>) {
      await planDigests(it.store, at(moment));
      let now = at(moment).getTime() + 5000;
      const { tell } = messenger;
      const slow = {
        ...messenger,
        tell: async (...to: Parameters<typeof tell>) => {
          const ref = await tell(...to);
          now += 6 * 60_000;
          return ref;
        },
      };
      const postman = { store: it.store, messenger: slow, commands: [], log: silentLog };
      await deliverDigests({ ...postman, now: () => new Date(now) }, await it.jobs());
    }

    test('what moved while the first was on its way', async () => {
      const [mina, ben] = await it.people([
        { user: 'U0', role: 'ACE manager', closeDate: PAST },
        { name: 'Ben', closeDate: PAST },
      ]);
      await it.store.prisma.person.update({
        where: { id: ben?.id ?? '' },
        data: { reportsTo: mina?.id ?? '' },
      });
      await planDigests(it.store, at('2026-11-16T08:30'));
      const { told, messenger } = chat({
        after: async () => {
          if (told.length > 1) return;
          await it.store.prisma.change.create({
            data: {
              ...{ dealId: ben?.dealId ?? '', personId: ben?.id ?? '', actKey: randomUUID() },
              ...{ verb: 'change-stage', kind: 'update', state: 'confirmed', source: {} },
              wish: { kind: 'update', set: { stage: 'Qualified' } },
              settledAt: at('2026-11-16T09:03'),
            },
          });
        },
      });
      await morning('2026-11-16T09:00', { messenger });
      await morning('2026-11-17T09:00', { messenger });
      expect(told.map(({ text }) => text.includes('1 stage change'))).toEqual([false, true]);
    });

    const isLost = (dealId = '', endedAt: string) =>
      it.store.prisma.clock.create({
        data: { dealId, startedAt: at('2026-10-10T09:00'), outcome: 'lost', endedAt: at(endedAt) },
      });
    const lostIn = (text = '') => /Lost in the last (\d+) days/.exec(text)?.[1];

    test.each([
      ['the week in which clocks go back', [20, 21, 22, 23, 26, 27], 'Europe/Berlin', '7'],
      ['a week whose Monday brought none', [20, 21, 22, 23, 27, 28], 'Europe/Berlin', '8'],
      ['a while without any', [20], 'Europe/Berlin', '15'],
    ])('what was lost after the first of them, once, over %s', async (_, days, timeZone, many) => {
      const [, ben] = await it.people([
        { user: 'U0', role: 'alliance lead', timeZone, closeDate: PAST },
        { name: 'Ben', closeDate: FAR },
      ]);
      await planDigests(it.store, at('2026-10-19T06:30'));
      const all = chat();
      await morning('2026-10-19T07:00', all);
      await isLost(ben?.dealId, '2026-10-19T07:03');
      for (const day of days) await morning(`2026-10-${day}T0${day < 25 ? 7 : 8}:00`, all);
      if (days.length === 1) {
        await it.store.prisma.subscription.updateMany({ data: { plannedFor: '' } });
        await planDigests(it.store, at('2026-11-03T06:00'));
        await morning('2026-11-03T08:00', all);
      }
      const found = all.told.flatMap(({ text }) => lostIn(text) ?? []);
      expect(found).toEqual([many]);
    });

    test('what was lost that week, also where the first is drawn anew on a later day', async () => {
      const [lead, ben] = await it.people([
        { user: 'U0', role: 'alliance lead', closeDate: PAST },
        { name: 'Ben', closeDate: FAR },
      ]);
      const all = chat();
      await planDigests(it.store, at('2026-11-12T08:30'));
      await morning('2026-11-12T09:00', all);
      await morning('2026-11-13T09:00', all);
      await it.jobs();
      await isLost(ben?.dealId, '2026-11-15T07:30');
      /** Drawn anew at that moment. */
      const redrawnAt = async (moment: string) => {
        await it.wait(60);
        await it.changes(lead?.dealId ?? '', { company: `As of ${moment}` });
        await it.deliver(all, await it.jobs(), at(moment));
        return lostIn(all.redrawn.at(-1)?.text);
      };
      expect(await redrawnAt('2026-11-16T08:00')).toBeUndefined();
      await morning('2026-11-16T09:00', all);
      expect(lostIn(all.told.at(-1)?.text)).toBe('7');
      await it.jobs();
      expect(await redrawnAt('2026-11-16T12:00')).toBe('7');
      expect(await redrawnAt('2026-11-17T07:00')).toBe('8');
      expect(all.redrawn.at(-1)?.text).toContain('As of 2026-11-17');
    });
  });
});
