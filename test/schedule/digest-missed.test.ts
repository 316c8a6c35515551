/** A digest that may not have been read: the next one that is sent says so, once. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { MaybePosted } from '../../src/bot/intent.ts';
import { foundAgain } from '../../src/bot/rooms.ts';
import { databases } from '../support/databases.ts';
import { type Chat, chat, type Mornings, openMornings, TENANT } from './mornings.ts';

const at = (moment: string) => new Date(`${moment}:00Z`);
/** Nine o’clock of that day; 1 is a Monday. */
const nine = (day: number) => at(`2026-11-${15 + day}T09:00`);
const ROOM = 'C1';
const SAYS = /(?:Yesterday’s digest|The digest of [^.]*?) (?:was not sent|may not have)[^".]*\./;

describe.each(databases)('a digest that may not have been read, on $name', (database) => {
  let it: Mornings;
  let ana: { id: string; dealId: string };
  beforeAll(async () => {
    it = await openMornings(database);
  });
  beforeEach(async () => {
    await it.clear();
    const [person] = await it.people([{ user: 'ANA', role: 'ACE manager', closeDate: '2026-01-10' }]);
    ana = { id: person?.id ?? '', dealId: person?.dealId ?? '' };
    await planDigests(it.store, at('2026-11-16T08:30'));
  });
  afterAll(() => it?.close());

  /** That day's morning comes, and what is due is sent; answers what is said of another day. */
  async function morning(day: number, slack: Chat = chat()): Promise<(string | undefined)[]> {
    await planDigests(it.store, nine(day));
    await it.deliver(slack, await it.jobs(), nine(day));
    return slack.told.map(({ text }) => SAYS.exec(text)?.[0]);
  }
  /** The process dies after its message went out, before anything was noted. */
  async function killed(day: number): Promise<void> {
    let isOut: () => void = () => {};
    const out = new Promise<void>((resolve) => {
      isOut = resolve;
    });
    const dying = chat({
      after: () => {
        isOut();
        return new Promise<never>(() => {});
      },
    });
    dying.rooms.set(ROOM, IN_IT);
    await planDigests(it.store, nine(day));
    void it.deliver(dying, await it.jobs(), nine(day));
    await out;
  }
  const lost = () =>
    chat({
      after: () => {
        throw new MaybePosted('the answer was lost');
      },
    });
  const states = async () => (await it.digests()).map(({ state }) => state);
  const set = (data: { off: string[] }) => it.store.prisma.subscription.updateMany({ data });

  test.each<[state: string, quiet: (on: boolean) => Promise<unknown>]>([
    ['empty', (on) => set({ off: on ? [] : ['past-close', 'stale'] })],
    [
      'left',
      (on) =>
        it.store.prisma.person.updateMany({
          where: { id: ana.id },
          data: { role: on ? 'ACE manager' : 'none' },
        }),
    ],
  ])('that was skipped before one that is %s is spoken of by the next that is sent', async (state, quiet) => {
    await planDigests(it.store, at('2026-11-16T13:00'));
    await quiet(false);
    expect(await morning(2)).toEqual([]);
    await quiet(true);
    expect(await morning(3)).toEqual([
      'The digest of Mon 16 Nov was not sent: nothing could be sent at 09:00, nor in the three hours after.',
    ]);
    expect(await morning(4)).toEqual([undefined]);
    expect(await states()).toEqual(['skipped', state, 'sent', 'sent']);
  });

  test('as its answer was lost is spoken of by the next, once', async () => {
    expect(await morning(1, lost())).toEqual([undefined]);
    expect(await morning(2)).toEqual(['Yesterday’s digest may not have reached you.']);
    expect(await morning(3)).toEqual([undefined]);
  });

  test('as its process was killed is spoken of by the next, once; after an hour it counts as sent', async () => {
    await killed(1);
    await planDigests(it.store, at('2026-11-16T09:59'));
    expect(await states()).toEqual(['taken']);
    await planDigests(it.store, at('2026-11-16T10:01'));
    expect(await it.digests()).toMatchObject([
      { state: 'sent', ref: null, sentAt: nine(1), endedAt: at('2026-11-16T10:01') },
    ]);
    expect(await morning(2)).toEqual(['Yesterday’s digest may not have reached you.']);
    expect(await morning(3)).toEqual([undefined]);
  });

  test('as its job was lost counts as skipped once it is too late', async () => {
    await planDigests(it.store, nine(1));
    await it.jobs();
    await planDigests(it.store, at('2026-11-16T12:00'));
    expect(await states()).toEqual(['due']);
    await planDigests(it.store, at('2026-11-16T12:01'));
    expect(await states()).toEqual(['skipped']);
    expect(await morning(2)).toEqual([
      'Yesterday’s digest was not sent: nothing could be sent at 09:00, nor in the three hours after.',
    ]);
  });

  test('as it was switched off before it could be sent was nothing to wait for', async () => {
    await planDigests(it.store, nine(1));
    const { updateMany } = it.store.prisma.subscription;
    await updateMany({ data: { offAt: at('2026-11-16T10:00') } });
    await planDigests(it.store, at('2026-11-16T12:01'));
    expect(await states()).toEqual(['left']);
    await updateMany({ data: { offAt: null } });
    expect(await morning(2)).toEqual([undefined]);
  });

  test('as it took longer than an hour to be answered stands all the same', async () => {
    const slow = chat({ after: () => planDigests(it.store, at('2026-11-16T10:30')) });
    await morning(1, slow);
    expect(await it.digests()).toMatchObject([{ state: 'sent', ref: { at: 'ANA' }, endedAt: null }]);
    await it.changes(ana.dealId, { company: 'Renamed' });
    await it.wait(31);
    await it.deliver(slow, await it.jobs(), at('2026-11-16T10:40'));
    expect(slow.redrawn).toEqual([{ to: 'ANA', text: expect.stringContaining('Renamed') }]);
  });

  describe('in a channel', () => {
    beforeEach(async () => {
      await it.store.prisma.subscription.deleteMany();
      await it.room(ana.id, ROOM);
      await it.store.prisma.subscription.updateMany({ data: { off: [] } });
    });
    const inRoom = (slack = chat()) => {
      slack.rooms.set(ROOM, IN_IT);
      return slack;
    };
    const toRoom = async (day: number, slack: Chat) => {
      await morning(day, slack);
      return slack.told.filter(({ to }) => to === ROOM).map(({ text }) => SAYS.exec(text)?.[0]);
    };

    test('is spoken of there', async () => {
      expect(await toRoom(1, inRoom(lost()))).toEqual([undefined]);
      expect(await toRoom(2, inRoom())).toEqual(['Yesterday’s digest may not have reached this channel.']);
    });

    test('stands once somebody presses it, also where its process was killed', async () => {
      await killed(1);
      const [digest] = (await it.digests()).filter(({ recipient }) => recipient === ROOM);
      expect(digest).toMatchObject({ state: 'taken' });
      const pressed = { at: { tenant: TENANT, conversation: ROOM }, ref: { at: ROOM } };
      await foundAgain(it, { platform: 'slack' }, { ...pressed, post: digest?.id ?? '' });
      await it.changes(ana.dealId, { company: 'Renamed' });
      const slack = inRoom();
      await it.deliver(slack, await it.jobs(), at('2026-11-16T09:10'));
      expect(slack.redrawn).toEqual([{ to: ROOM, text: expect.stringContaining('Renamed') }]);
      expect(await it.store.prisma.digest.findFirst({ where: { recipient: ROOM } })).toMatchObject({
        state: 'sent',
        sentAt: nine(1),
      });
      expect(await toRoom(2, slack)).toEqual([undefined]);
    });
  });
});

const IN_IT = { name: '#deals', isOpenToOthers: false, isUnclear: false, readers: ['ANA'] };
