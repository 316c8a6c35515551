/** Exactly one digest for each subscription and day, whatever happens; and what it shows is as it is. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { GoneForGood, MaybePosted } from '../../src/bot/intent.ts';
import { dueSubscriptions } from '../../src/store/digest-plans.ts';
import { shutCopies } from '../../src/store/postings.ts';
import { databases } from '../support/databases.ts';
import { countStatements } from '../support/statements.ts';
import { chat, type Mornings, openMornings, TENANT } from './mornings.ts';

const PAST = '2026-01-10';
const at = (moment: string) => new Date(`${moment}:00Z`);
const HOUR = 3_600_000;
const USERS = Array.from({ length: 12 }, (_, nth) => `U${nth}`);
const ACCOUNT = { platform: 'slack', tenant: TENANT, user: 'ANA' };

describe.each(databases)('digests, on $name', (database) => {
  let it: Mornings;
  beforeAll(async () => {
    it = await openMornings(database);
  });
  beforeEach(() => it.clear());
  afterAll(() => it?.close());

  /** Ticks a minute apart, from and up to these moments. */
  async function ticks(from: Date, until: Date, step = 60_000) {
    for (let now = from.getTime(); now <= until.getTime(); now += step)
      await planDigests(it.store, new Date(now));
  }
  const tick = (moment: string) => planDigests(it.store, at(moment));
  /** Whoever is there began with this tick; nothing is due yet. */
  const begin = tick;

  describe('are planned', () => {
    test('by the clock of three zones, from the morning after the first use on', async () => {
      await it.people([
        { user: 'BERLIN', timeZone: 'Europe/Berlin' },
        { user: 'NEWYORK', timeZone: 'America/New_York' },
        { user: 'KATHMANDU', timeZone: 'Asia/Kathmandu' },
        { name: 'Never there' },
      ]);
      await begin('2026-11-16T08:30');
      expect(await it.digests()).toEqual([]);
      await ticks(at('2026-11-16T08:45'), at('2026-11-17T08:30'), 15 * 60_000);
      expect(
        (await it.digests()).map(({ recipient, dueAt, day }) => [
          recipient,
          dueAt.toISOString(),
          day.toISOString().slice(0, 10),
        ]),
      ).toEqual([
        ['NEWYORK', '2026-11-16T14:00:00.000Z', '2026-11-16'],
        ['KATHMANDU', '2026-11-17T03:15:00.000Z', '2026-11-17'],
        ['BERLIN', '2026-11-17T08:00:00.000Z', '2026-11-17'],
      ]);
    });

    test('once in each of the two nights on which clocks are set', async () => {
      await it.people([{ user: 'ANA', timeZone: 'Europe/Berlin' }]);
      await begin('2026-03-27T12:00');
      await it.store.prisma.subscription.updateMany({ data: { hour: 2, days: [1, 2, 3, 4, 5, 6, 7] } });
      await ticks(at('2026-03-28T12:00'), at('2026-03-30T12:00'), 10 * 60_000);
      const spring = await it.digests();
      expect(spring.map(({ dueAt }) => dueAt.toISOString())).toEqual([
        '2026-03-29T01:00:00.000Z',
        '2026-03-30T00:00:00.000Z',
      ]);
      await it.store.prisma.digest.deleteMany();
      await it.store.prisma.subscription.updateMany({ data: { plannedFor: '' } });
      await ticks(at('2026-10-24T12:00'), at('2026-10-26T12:00'), 10 * 60_000);
      const autumn = await it.digests();
      expect(autumn.map(({ dueAt }) => dueAt.toISOString())).toEqual([
        '2026-10-25T00:00:00.000Z',
        '2026-10-26T01:00:00.000Z',
      ]);
    });

    test('once by three planners at the same moment, and not again when the clock goes back', async () => {
      await it.people(Array.from({ length: 20 }, (_, nth) => ({ user: `U${nth}` })));
      await Promise.all([1, 2, 3].map(() => begin('2026-11-16T08:30')));
      expect(await it.store.prisma.subscription.count()).toBe(20);
      await Promise.all([1, 2, 3].map(() => tick('2026-11-16T09:00')));
      await tick('2026-11-16T09:01');
      expect(await it.store.prisma.digest.count()).toBe(20);
      expect(await it.jobs()).toHaveLength(20);
      await tick('2026-11-16T08:59');
      await tick('2026-11-16T09:00');
      await it.store.prisma.subscription.updateMany({ data: { nextAt: at('2026-11-16T09:00') } });
      await tick('2026-11-16T09:00');
      expect(await it.store.prisma.digest.count()).toBe(20);
      expect(await it.jobs()).toEqual([]);
    });

    test('late by up to three hours; later they are skipped, and the next one says so', async () => {
      await it.people([{ user: 'ANA', closeDate: PAST }]);
      const { told, messenger } = chat();
      await begin('2026-11-16T08:30');
      await tick('2026-11-16T11:00');
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-16T11:00'));
      expect(told).toHaveLength(1);
      expect(told[0]?.text).not.toContain('was not sent');
      await tick('2026-11-17T13:00');
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-17T13:00'));
      expect(told).toHaveLength(1);
      await tick('2026-11-18T09:00');
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-18T09:00'));
      expect(told).toHaveLength(2);
      expect(told[1]?.text).toContain(
        'Yesterday’s digest was not sent: nothing could be sent at 09:00, nor in the three hours after.',
      );
      expect((await it.digests()).map(({ state }) => state)).toEqual(['sent', 'skipped', 'sent']);
    });

    test('anew when zone, days or hour are others; a day that had its digest has no second one', async () => {
      const [ana] = await it.people([{ user: 'ANA', timeZone: 'America/New_York' }]);
      await begin('2026-11-16T05:00');
      await it.store.prisma.person.update({
        where: { id: ana?.id ?? '' },
        data: { timeZone: 'Europe/Berlin' },
      });
      await tick('2026-11-16T06:00');
      await tick('2026-11-16T08:00');
      expect((await it.digests()).map(({ dueAt }) => dueAt.toISOString())).toEqual([
        '2026-11-16T08:00:00.000Z',
      ]);
      await it.store.prisma.subscription.updateMany({ data: { hour: 15 } });
      await ticks(at('2026-11-16T08:01'), at('2026-11-17T13:59'), 20 * 60_000);
      expect(await it.store.prisma.digest.count()).toBe(1);
      await tick('2026-11-17T14:00');
      expect(await it.store.prisma.digest.count()).toBe(2);
    });

    test('on that same day where zone or days become others after the hour that counts now', async () => {
      const [ana] = await it.people([{ user: 'ANA', timeZone: 'America/New_York' }]);
      const where = { id: ana?.id ?? '' };
      await begin('2026-11-15T20:00');
      await it.store.prisma.person.update({ where, data: { timeZone: 'Europe/Berlin' } });
      await tick('2026-11-16T10:00');
      expect(await it.digests()).toMatchObject([{ dueAt: at('2026-11-16T08:00'), state: 'due' }]);
      expect(await it.jobs()).toHaveLength(1);
      await it.store.prisma.person.update({ where, data: { workingDays: [1, 3] } });
      await tick('2026-11-16T10:01');
      await it.store.prisma.person.update({ where, data: { workingDays: [1, 2, 3] } });
      await tick('2026-11-17T10:00');
      expect((await it.digests()).map(({ dueAt }) => dueAt)).toEqual([
        at('2026-11-16T08:00'),
        at('2026-11-17T08:00'),
      ]);
    });

    test('on the days after a clock was ahead for a while, each once', async () => {
      await it.people([{ user: 'ANA' }]);
      await begin('2026-11-16T08:30');
      await tick('2027-11-16T09:00');
      expect(await it.digests()).toMatchObject([
        { day: new Date('2027-11-15') },
        { day: new Date('2027-11-16') },
      ]);
      await it.jobs();
      await ticks(at('2026-11-16T08:40'), at('2026-11-18T09:00'), 20 * 60_000);
      expect((await it.digests()).slice(0, -2).map(({ dueAt }) => dueAt)).toEqual([
        at('2026-11-16T09:00'),
        at('2026-11-17T09:00'),
        at('2026-11-18T09:00'),
      ]);
      expect(await it.jobs()).toHaveLength(3);
    });

    test.each([1, 3, 7])(
      'on the days after a clock was %d days ahead for one tick, each once',
      async (days) => {
        await it.people([{ user: 'ANA', closeDate: PAST }]);
        const came: string[] = [];
        const deliver = async (now: Date) => {
          const { told, messenger } = chat();
          await it.deliver({ messenger }, await it.jobs(), now);
          if (told.length > 0) came.push(now.toISOString().slice(0, 10));
        };
        await begin('2026-11-16T07:30');
        const ahead = new Date(at('2026-11-16T09:00').getTime() + days * 24 * HOUR);
        await planDigests(it.store, ahead);
        await deliver(ahead);
        const wrong = came.splice(0);
        for (let day = 16; day <= 27; day++) {
          const morning = at(`2026-11-${day}T09:01`);
          await planDigests(it.store, at(`2026-11-${day}T08:00`));
          await planDigests(it.store, morning);
          await deliver(morning);
        }
        const workdays = [16, 17, 18, 19, 20, 23, 24, 25, 26, 27].map((day) => `2026-11-${day}`);
        expect([...wrong, ...came].sort()).toEqual(workdays);
      },
    );

    test('and what a clock that was ahead left behind moves nothing any more once it is mended', async () => {
      await it.people([{ user: 'ANA' }]);
      await begin('2026-11-16T08:30');
      await tick('2026-11-19T09:00');
      await tick('2026-11-16T08:31');
      const { nextAt } = await it.store.prisma.subscription.findFirstOrThrow();
      expect(nextAt).toEqual(at('2026-11-16T09:00'));
      expect(await dueSubscriptions(it.store, at('2026-11-16T08:32'))).toEqual([]);
      await tick('2026-11-16T09:00');
      expect(await dueSubscriptions(it.store, at('2026-11-16T09:01'))).toEqual([]);
    });

    test('after days without access like before, and none is said to have been missed', async () => {
      const [ana] = await it.people([{ user: 'ANA', closeDate: PAST }]);
      const where = { id: ana?.id ?? '' };
      await begin('2026-11-16T08:30');
      await it.store.prisma.person.update({ where, data: { role: 'none' } });
      await ticks(at('2026-11-16T09:00'), at('2026-11-18T09:00'), HOUR);
      expect(await it.jobs()).toEqual([]);
      await it.store.prisma.person.update({ where, data: { role: 'ACE user' } });
      await tick('2026-11-18T16:00');
      await tick('2026-11-19T09:00');
      const { told, messenger } = chat();
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-19T09:00'));
      expect((await it.digests()).map(({ state }) => state)).toEqual(['left', 'left', 'left', 'sent']);
      expect(told).toHaveLength(1);
      expect(told[0]?.text).not.toContain('was not sent');
    });

    test('after a morning on which their account had to be proven first like before', async () => {
      const [ana] = await it.people([{ user: 'ANA', role: 'ACE manager' }]);
      const where = { personId: ana?.id ?? '' };
      await begin('2026-11-16T08:30');
      await it.store.prisma.link.updateMany({ where, data: { provenAt: null } });
      await tick('2026-11-16T09:00');
      expect(await it.digests()).toMatchObject([{ state: 'left', recipient: null }]);
      await it.store.prisma.link.updateMany({ where, data: { provenAt: at('2026-11-16T10:00') } });
      await tick('2026-11-17T09:00');
      expect((await it.digests()).map(({ state }) => state)).toEqual(['left', 'due']);
    });

    /** Whoever is away, and their cover. */
    const cover = (personId = '', coverId = '') =>
      it.store.prisma.cover.create({
        data: {
          ...{ personId, coverId, byId: coverId },
          ...{ from: new Date('2026-11-16'), until: new Date('2026-11-20') },
        },
      });

    test('for whoever is covered by a colleague who gets none', async () => {
      const away = ['ANA', 'BEN', 'CAT', 'DAN'];
      const covers = ['PAUSED', 'OFF', undefined, 'READS'];
      const people = await it.people([...away, ...covers].map((user) => ({ ...(user ? { user } : {}) })));
      await begin('2026-11-16T08:30');
      for (const nth of away.keys()) await cover(people[nth]?.id, people[nth + away.length]?.id);
      const set = (nth: number, data: { pausedUntil?: Date; offAt?: Date }) =>
        it.store.prisma.subscription.updateMany({ where: { personId: people[nth]?.id ?? '' }, data });
      await set(4, { pausedUntil: new Date('2026-11-17') });
      await set(5, { offAt: at('2026-11-16T08:40') });
      await tick('2026-11-16T08:50');
      await tick('2026-11-16T09:00');
      const states = (await it.digests()).map(({ recipient, state }) => `${recipient} ${state}`).sort();
      expect(states).toEqual(['ANA due', 'BEN due', 'CAT due', 'DAN left', 'READS due']);
      await tick('2026-11-17T09:00');
      const next = (await it.digests()).filter(({ day }) => day.getTime() === Date.parse('2026-11-17'));
      expect(next.find(({ recipient }) => recipient === 'ANA')).toMatchObject({ state: 'left' });
    });

    test('not for whoever is covered, has switched it off, or is paused', async () => {
      const [ana, ben, cat, dan] = await it.people(['ANA', 'BEN', 'CAT', 'DAN'].map((user) => ({ user })));
      await begin('2026-11-16T08:30');
      await cover(ana?.id, cat?.id);
      const mine = (personId = '') => ({ where: { personId } });
      await it.store.prisma.subscription.updateMany({
        ...mine(ben?.id),
        data: { offAt: at('2026-11-16T08:40') },
      });
      await it.store.prisma.subscription.updateMany({
        ...mine(dan?.id),
        data: { pausedUntil: new Date('2026-11-17') },
      });
      await tick('2026-11-16T08:50');
      await tick('2026-11-16T09:00');
      const states = (await it.digests()).map(({ recipient, state }) => `${recipient} ${state}`).sort();
      expect(states).toEqual(['ANA left', 'CAT due']);
      expect(await it.jobs()).toHaveLength(1);
    });

    test('no more where nobody is known in chat any more, and again from their next link on', async () => {
      const [ana] = await it.people([{ user: 'ANA' }]);
      await begin('2026-11-16T08:30');
      await it.store.prisma.link.updateMany({ data: { state: 'cut' } });
      await tick('2026-11-16T09:00');
      expect(await it.store.prisma.subscription.findFirst()).toMatchObject({ gone: true });
      await it.store.prisma.link.create({
        data: {
          personId: ana?.id ?? '',
          userId: 'ANA2',
          platform: 'slack',
          tenant: 'T1',
          state: 'live',
          way: 'code',
          provenAt: new Date(),
          since: at('2026-11-18T10:00'),
        },
      });
      await tick('2026-11-18T10:01');
      await tick('2026-11-19T09:00');
      expect((await it.digests()).map(({ recipient, state }) => [recipient, state])).toEqual([
        ['ANA2', 'due'],
      ]);
    });
  });

  describe('are sent', () => {
    /** So many people, their digests due at nine. */
    async function due(many: number) {
      const people = await it.people(
        Array.from({ length: many }, (_, nth) => ({ user: `U${nth}`, closeDate: PAST })),
      );
      await begin('2026-11-16T08:30');
      await tick('2026-11-16T09:00');
      return { people, ids: await it.jobs() };
    }
    const NINE = at('2026-11-16T09:00');

    test('once each after a kill in the midst of many: none is lost but the one that may stand there', async () => {
      const many = database.name === 'PostgreSQL' ? 1000 : 60;
      const { ids } = await due(many);
      expect(ids).toHaveLength(many);
      let left = Math.floor(many / 2);
      // The process dies after a message went out, before anything was noted.
      const dying = chat({ after: () => (left-- > 0 ? undefined : new Promise<never>(() => {})) });
      const batches = Array.from({ length: Math.ceil(many / 20) }, (_, nth) =>
        ids.slice(nth * 20, nth * 20 + 20),
      );
      for (const batch of batches) {
        const ended = await Promise.race([
          it.deliver(dying, batch, NINE).then(() => true),
          hung(() => left < 0),
        ]);
        if (!ended) break;
      }
      expect(dying.told).toHaveLength(Math.floor(many / 2) + 1);
      const living = chat();
      for (const batch of batches) await it.deliver(living, batch, at('2026-11-16T09:20'));
      const all = [...dying.told, ...living.told].map(({ to }) => to);
      expect(new Set(all).size).toBe(many);
      expect(all).toHaveLength(many);
      const states = await it.store.prisma.digest.groupBy({
        by: ['state'],
        _count: true,
        orderBy: { state: 'asc' },
      });
      expect(states.map(({ state, _count }) => [state, _count])).toEqual([
        ['sent', many - 1],
        ['taken', 1],
      ]);
    });

    test('by two processes at once, once each', async () => {
      const { ids } = await due(20);
      const [one, two] = [chat(), chat()];
      await Promise.all([it.deliver(one, ids, NINE), it.deliver(two, ids, NINE)]);
      expect([...one.told, ...two.told].map(({ to }) => to).sort()).toEqual(
        ids.map((_, nth) => `U${nth}`).sort(),
      );
    });

    test('later where it is sure that nothing was sent, never again where it is not; one holds up no other', async () => {
      const { ids } = await due(3);
      const failing = chat({
        before: (to) => {
          if (to === 'U0') throw new Error('429');
          if (to === 'U1') throw new MaybePosted('lost');
        },
      });
      await expect(it.deliver(failing, ids, NINE)).rejects.toThrow('429');
      expect(failing.told.map(({ to }) => to)).toEqual(['U2']);
      const mended = chat();
      await it.deliver(mended, ids, at('2026-11-16T09:05'));
      expect(mended.told.map(({ to }) => to)).toEqual(['U0']);
      expect((await it.digests()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    });

    test('not when more than three hours have gone by until they can be', async () => {
      const { ids } = await due(1);
      const failing = chat({
        before: () => {
          throw new Error('down');
        },
      });
      await expect(it.deliver(failing, ids, NINE)).rejects.toThrow('down');
      const { told, messenger } = chat();
      await it.deliver({ messenger }, ids, new Date(NINE.getTime() + 3 * HOUR + 1000));
      expect(told).toEqual([]);
      expect(await it.digests()).toMatchObject([{ state: 'skipped' }]);
    });

    test('no more to whoever is gone for good', async () => {
      const { ids } = await due(2);
      const gone = chat({
        before: (to) => {
          if (to === 'U0') throw new GoneForGood('left');
        },
      });
      await it.deliver(gone, ids, NINE);
      expect(await it.store.prisma.subscription.count({ where: { gone: true } })).toBe(1);
      await tick('2026-11-17T09:00');
      const { told, messenger } = chat();
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-17T09:00'));
      expect(told.map(({ to }) => to)).toEqual(['U1']);
    });

    test('as things are then: what changed since they were planned, and nothing where nothing is left', async () => {
      const { ids, people } = await due(2);
      await it.changes(people[0]?.dealId ?? '', { company: 'Renamed' });
      await it.changes(people[1]?.dealId ?? '', { stage: 'Launched' });
      const { told, messenger } = chat();
      await it.deliver({ messenger }, ids, NINE);
      expect(told).toEqual([{ to: 'U0', text: expect.stringContaining('Renamed') }]);
      expect((await it.digests()).map(({ recipient, state }) => `${recipient} ${state}`).sort()).toEqual([
        'U0 sent',
        'U1 empty',
      ]);
    });

    test('as things are then, also where they change while the batch is on its way', async () => {
      const { ids, people } = await due(2);
      const dealOf = (user: string) => people[Number(user.slice(1))]?.dealId ?? '';
      let first: string | undefined;
      const { told, messenger } = chat({
        after: async (to) => {
          if (first !== undefined) return;
          first = to;
          await it.changes(dealOf(to === 'U0' ? 'U1' : 'U0'), { company: 'Renamed' });
        },
      });
      await it.deliver({ messenger }, ids, NINE);
      expect(told.find(({ to }) => to !== first)?.text).toContain('Renamed');
    });

    test('with what was switched off left out, in a number of statements that does not grow with what they show', async () => {
      const { ids, people } = await due(5);
      await it.store.prisma.subscription.updateMany({
        where: { personId: people[0]?.id ?? '' },
        data: { off: ['past-close', 'stale'] },
      });
      const { during, stop } = countStatements(it.store);
      const { told, messenger } = chat();
      const few = await during(() => it.deliver({ messenger }, ids.slice(0, 1), NINE));
      const more = await during(() => it.deliver({ messenger }, ids.slice(1), NINE));
      stop();
      expect(told.map(({ to }) => to).sort()).toEqual(['U1', 'U2', 'U3', 'U4']);
      // Each that is sent is taken and noted: two statements.
      expect(more - few).toBeLessThanOrEqual(2 * 4);
    });
  });

  describe('stand, and are ticked off', () => {
    const NINE = at('2026-11-16T09:00');
    async function sent(closeDate = PAST) {
      const [ana = { id: '', email: '', dealId: '' }] = await it.people([{ user: 'ANA', closeDate }]);
      await begin('2026-11-16T08:30');
      await tick('2026-11-16T09:00');
      const it_is = chat();
      await it.deliver(it_is, await it.jobs(), NINE);
      expect(it_is.told).toHaveLength(1);
      return { ana, ...it_is };
    }

    test('when a deal of theirs changes: at most once in 10 s, and the last change always', async () => {
      const { ana, redrawn, messenger } = await sent();
      await it.changes(ana.dealId, { company: 'One' });
      await it.deliver({ messenger }, await it.jobs(), NINE);
      expect(redrawn).toEqual([]);
      const later = await it.jobs();
      expect(later).toHaveLength(1);
      await it.changes(ana.dealId, { company: 'Two' });
      // A job waits already.
      expect(await it.jobs()).toEqual([]);
      await it.wait(31);
      await it.deliver({ messenger }, later, NINE);
      expect(redrawn).toEqual([{ to: 'ANA', text: expect.stringContaining('Two') }]);
      await it.wait(31);
      await it.deliver({ messenger }, later, NINE);
      expect(redrawn).toHaveLength(1);
      await it.changes(ana.dealId, { stage: 'Launched' });
      await it.deliver({ messenger }, await it.jobs(), NINE);
      expect(redrawn).toHaveLength(2);
      expect(redrawn[1]?.text).toContain('1 of 1 done');
    });

    test('many at once with what is asked for all of them asked once', async () => {
      const people = await it.people(USERS.map((user) => ({ user, closeDate: PAST })));
      await begin('2026-11-16T08:30');
      await tick('2026-11-16T09:00');
      const { redrawn, messenger } = chat();
      const ids = await it.jobs();
      await it.deliver({ messenger }, ids, NINE);
      await it.wait(31);
      for (const { dealId } of people) await it.changes(dealId, { company: 'Another' });
      await it.jobs();
      const { during, stop } = countStatements(it.store);
      const one = await during(() => it.deliver({ messenger }, ids.slice(0, 1), NINE));
      const more = await during(() => it.deliver({ messenger }, ids.slice(1), NINE));
      stop();
      expect(redrawn).toHaveLength(USERS.length);
      // What became of its lines, and that it was drawn: two statements of each of them.
      expect(more - one).toBe(2 * (USERS.length - 2));
    });

    test('what changed between composing and noting is drawn afterwards', async () => {
      const [ana] = await it.people([{ user: 'ANA', closeDate: PAST }]);
      await begin('2026-11-16T08:30');
      await tick('2026-11-16T09:00');
      const { redrawn, messenger } = chat({
        after: () => it.changes(ana?.dealId ?? '', { company: 'Renamed' }),
      });
      await it.deliver({ messenger }, await it.jobs(), NINE);
      const jobs = await it.jobs();
      expect(jobs).toHaveLength(1);
      await it.wait(31);
      await it.deliver({ messenger }, jobs, NINE);
      expect(redrawn).toEqual([{ to: 'ANA', text: expect.stringContaining('Renamed') }]);
    });

    test('a role lost empties the next and redraws the last, which names nothing any more', async () => {
      const { ana, told, redrawn, messenger } = await sent();
      await it.store.prisma.person.update({ where: { id: ana.id }, data: { role: 'none' } });
      const jobs = await it.jobs();
      expect(jobs).toHaveLength(1);
      await it.wait(31);
      await it.deliver({ messenger }, jobs, NINE);
      expect(redrawn).toEqual([{ to: 'ANA', text: expect.stringContaining('This is shown here no more.') }]);
      expect(redrawn[0]?.text).not.toContain('Company');
      await tick('2026-11-17T09:00');
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-17T09:00'));
      expect(told).toHaveLength(1);
    });

    test('an account that is nobody’s any more reads nothing of them, and all of it again once it is', async () => {
      const { redrawn, messenger } = await sent();
      for (const state of ['frozen', 'live']) {
        await it.store.prisma.link.updateMany({ data: { state } });
        await it.wait(31);
        await it.deliver({ messenger }, await it.jobs(), NINE);
      }
      expect(redrawn.map(({ text }) => text.includes('Company 0'))).toEqual([false, true]);
    });

    test('an account that is a guest’s by now, or closed, reads nothing of them, whatever changes', async () => {
      const { ana, redrawn, messenger } = await sent();
      await shutCopies(it.store, ACCOUNT);
      const jobs = await it.jobs();
      expect(jobs).toHaveLength(1);
      await it.wait(31);
      await it.deliver({ messenger }, jobs, NINE);
      await it.changes(ana.dealId, { company: 'Renamed' });
      await it.wait(31);
      await it.deliver({ messenger }, await it.jobs(), NINE);
      expect(redrawn).toEqual([{ to: 'ANA', text: expect.stringContaining('This is shown here no more.') }]);
    });

    test('an account that becomes a guest’s while one is on its way reads nothing of it soon', async () => {
      await it.people([{ user: 'ANA', closeDate: PAST }]);
      await begin('2026-11-16T08:30');
      await tick('2026-11-16T09:00');
      const { redrawn, messenger } = chat({ after: () => shutCopies(it.store, ACCOUNT) });
      await it.deliver({ messenger }, await it.jobs(), NINE);
      await it.wait(31);
      await it.deliver({ messenger }, await it.jobs(), NINE);
      expect(redrawn).toEqual([{ to: 'ANA', text: expect.stringContaining('This is shown here no more.') }]);
    });

    test('when a deal changes that is named beside the work, also one that a redraw named first', async () => {
      const [, ...others] = await it.people([
        { user: 'MINA', role: 'ACE manager', closeDate: PAST },
        ...Array.from({ length: 2 }, () => ({ name: 'Ben', closeDate: '2027-11-10' as const })),
      ]);
      const [one = '', two = ''] = others.map(({ dealId }) => dealId);
      const isLost = (dealId: string) =>
        it.store.prisma.clock.create({
          data: {
            dealId,
            startedAt: at('2026-11-01T09:00'),
            outcome: 'lost',
            endedAt: at('2026-11-14T09:00'),
          },
        });
      await it.store.prisma.clock.deleteMany();
      await isLost(one);
      await begin('2026-11-16T08:30');
      await tick('2026-11-16T09:00');
      const { told, redrawn, messenger } = chat();
      await it.deliver({ messenger }, await it.jobs(), NINE);
      expect(told).toEqual([{ to: 'MINA', text: expect.stringContaining('Company 1') }]);
      await isLost(two);
      for (const [dealId, company] of [
        [one, 'Once'],
        [two, 'Twice'],
      ] as const) {
        await it.changes(dealId, { company });
        await it.wait(31);
        await it.deliver({ messenger }, await it.jobs(), NINE);
      }
      expect(redrawn.map(({ text }) => [text.includes('Once'), text.includes('Twice')])).toEqual([
        [true, false],
        [true, true],
      ]);
      // Never counted as work that was done.
      expect(redrawn.at(-1)?.text).not.toMatch(/of \d+ done/);
      await it.store.prisma.clock.deleteMany();
    });

    test('until the next is sent: then it says so; where there is nothing to say the former stays', async () => {
      const { ana, told, redrawn, messenger } = await sent();
      await it.store.prisma.subscription.updateMany({ data: { off: ['past-close', 'stale'] } });
      await tick('2026-11-17T09:00');
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-17T09:00'));
      expect(told).toHaveLength(1);
      await it.store.prisma.subscription.updateMany({ data: { off: [] } });
      await tick('2026-11-18T09:00');
      await it.wait(31);
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-18T09:00'));
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-18T09:00'));
      expect((await it.digests()).map(({ state, endedAt }) => [state, endedAt === null])).toEqual([
        ['sent', false],
        ['empty', true],
        ['sent', true],
      ]);
      expect(redrawn).toEqual([{ to: 'ANA', text: expect.stringContaining('There is a newer digest.') }]);
      await it.changes(ana.dealId, { company: 'Renamed' });
      await it.wait(31);
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-18T09:10'));
      expect(redrawn).toHaveLength(2);
      await it.wait(31);
      await it.store.prisma.subscription.updateMany({ data: { offAt: NINE } });
      await tick('2026-11-26T09:00');
      await it.deliver({ messenger }, await it.jobs(), at('2026-11-26T09:00'));
      expect(redrawn).toHaveLength(3);
      expect(redrawn[2]?.text).toContain('This digest is a week old');
      expect(redrawn[2]?.text).not.toContain('Renamed');
      expect(await it.store.prisma.digest.count({ where: { state: 'sent', endedAt: null } })).toBe(0);
    });

    test('one that is over says so also where an older drawing of it comes late', async () => {
      const { ana, messenger } = await sent();
      await it.changes(ana.dealId, { company: 'Renamed' });
      await it.wait(31);
      const late: string[] = [];
      const slow = chat();
      slow.messenger.redraw = async (ref, reply) => {
        if (late.length === 0) {
          late.push('begun');
          await it.store.prisma.digest.updateMany({ data: { final: true } });
          await it.wait(31);
          await it.deliver(
            { messenger },
            (await it.digests()).map(({ id }) => id),
            NINE,
          );
          expect(await it.digests()).toMatchObject([{ endedAt: NINE }]);
        }
        late.push(JSON.stringify(reply));
        return ref;
      };
      await it.deliver(slow, await it.jobs(), NINE);
      expect(late.at(-1)).toContain('Renamed');
      await it.wait(31);
      await it.deliver(slow, await it.jobs(), NINE);
      expect(late.at(-1)).toContain('This digest is a week old');
      expect(await it.digests()).toMatchObject([{ endedAt: NINE }]);
    });

    test('one that is over and cannot be drawn now is drawn later', async () => {
      const { redrawn, messenger } = await sent();
      await it.store.prisma.subscription.updateMany({ data: { offAt: NINE } });
      await tick('2026-11-24T09:00');
      await it.wait(31);
      const jobs = await it.jobs();
      const failing = chat({
        before: () => {
          throw new Error('busy');
        },
      });
      await expect(it.deliver(failing, jobs, NINE)).rejects.toThrow('busy');
      expect(await it.digests()).toMatchObject([{ endedAt: null }]);
      await it.deliver({ messenger }, jobs, NINE);
      expect(redrawn).toHaveLength(1);
      expect(await it.digests()).toMatchObject([{ endedAt: NINE }]);
    });

    test('one that was deleted is not tried again; one that cannot be drawn now is', async () => {
      const { ana, messenger } = await sent();
      await it.changes(ana.dealId, { company: 'Renamed' });
      await it.wait(31);
      const jobs = await it.jobs();
      const failing = (error: Error) =>
        chat({
          before: () => {
            throw error;
          },
        });
      await expect(it.deliver(failing(new Error('busy')), jobs, NINE)).rejects.toThrow('busy');
      await it.deliver(failing(new GoneForGood('deleted')), jobs, NINE);
      expect(await it.digests()).toMatchObject([{ state: 'sent', endedAt: NINE }]);
      await it.deliver({ messenger }, jobs, NINE);
    });
  });
});

/** False once that holds: whoever was to answer hangs. */
async function hung(holds: () => boolean): Promise<boolean> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return false;
}
