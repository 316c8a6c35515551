/** What stands where in chat: a place shows one deal, and is redrawn once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enrol, findPerson } from '../../src/store/people.ts';
import { keepPosting, postingsOf } from '../../src/store/postings.ts';
import { startQueue } from '../../src/store/queue.ts';
import { cardIn, stands, takeTurn } from '../../src/store/rooms.ts';
import type { Store } from '../../src/store/store.ts';
import { databases, silentLog } from '../support/databases.ts';

const EMAIL = 'ana@partner.example';

describe.each(databases)('posted copies, on $name', ({ open }) => {
  let store: Store;
  let personId: string;
  beforeAll(async () => {
    store = await open();
    await (await startQueue(store, silentLog)).stop();
    await enrol(store, [
      {
        email: EMAIL,
        otherEmails: [],
        firstName: 'A',
        lastName: 'B',
        role: 'alliance lead',
        timeZone: 'UTC',
      },
    ]);
    personId = (await findPerson(store, EMAIL))?.id ?? '';
    for (const id of ['O1', 'O2'])
      await store.prisma.deal.create({
        data: {
          id,
          kind: 'opportunity',
          company: 'Acme',
          title: 'T',
          status: 'Approved',
          detail: {},
          raw: {},
        },
      });
  });
  afterAll(() => store.close());

  const keep = (dealId: string, ts: string, version = 1) =>
    keepPosting(store, {
      ...{ dealId, personId, version, platform: 'slack', shown: 'a digest', timeZone: null },
      ref: { kind: 'message', channel: 'D1', ts },
    });
  const placesOf = async (id: string) => (await postingsOf(store, id, 'slack')).map(({ ref }) => ref.ts);

  test('a message pressed again and again stays one copy, as it was drawn last', async () => {
    for (const version of [1, 2, 3]) await keep('O1', '1.1', version);
    expect(await postingsOf(store, 'O1', 'slack')).toMatchObject([{ version: 3, ref: { ts: '1.1' } }]);
  });

  test('a message that shows another deal now is no copy of the first any more; its neighbour is', async () => {
    await keep('O1', '2.1');
    await keep('O1', '2.2');
    await keep('O2', '2.1');
    expect(await placesOf('O1')).not.toContain('2.1');
    expect(await placesOf('O1')).toContain('2.2');
    expect(await placesOf('O2')).toEqual(['2.1']);
  });

  const inRoom = (dealId: string, room: string, data: object = {}) =>
    store.prisma.posting.create({
      data: {
        ...{
          dealId,
          personId,
          platform: 'slack',
          tenant: 'T1',
          room,
          userId: 'ANA',
          ref: {},
          version: 0,
          shown: '',
        },
        ...data,
      },
    });

  test('one card of a deal lives in a room; another deal, another room, or one after its end may', async () => {
    const first = await inRoom('O1', 'C1');
    await expect(inRoom('O1', 'C1')).rejects.toThrow();
    await inRoom('O2', 'C1');
    await inRoom('O1', 'C2');
    await store.prisma.posting.update({ where: { id: first.id }, data: { endedAt: new Date() } });
    await inRoom('O1', 'C1');
  });

  test('a room’s card has a room, a workspace and a poster; a state that is none is refused', async () => {
    await expect(inRoom('O2', 'C3', { tenant: null })).rejects.toThrow();
    await expect(inRoom('O2', 'C3', { userId: null })).rejects.toThrow();
    await expect(inRoom('O2', 'C3', { state: 'florb' })).rejects.toThrow();
  });

  test('a person’s private copies never push out the card of a room', async () => {
    const { id } = await inRoom('O2', 'C4');
    for (const ts of ['4.1', '4.2', '4.3', '4.4', '4.5', '4.6', '4.7']) await keep('O2', ts);
    const live = await postingsOf(store, 'O2', 'slack');
    expect(live.filter(({ at, isOlder }) => at === undefined && !isOlder)).toHaveLength(5);
    expect(live.find((it) => it.id === id)?.at).toEqual({
      ...{ tenant: 'T1', room: 'C4', state: 'posted', userId: 'ANA' },
    });
  });

  test('links of the same deal stand beside its card in a room, as many as there are; each is a glimpse in a room', async () => {
    const { id } = await inRoom('O2', 'C8');
    const under = (ts: string) =>
      keepPosting(store, {
        ...{ dealId: 'O2', personId, platform: 'slack', version: 1, shown: '', timeZone: null, ref: { ts } },
        ...{ shows: 'glimpse', at: { tenant: 'T1', room: 'C8', userId: 'ANA' } },
      });
    for (const ts of ['8.1', '8.2', '8.3', '8.4', '8.5', '8.6']) await under(ts);
    const live = (await postingsOf(store, 'O2', 'slack')).filter(({ at }) => at?.room === 'C8');
    expect(live).toHaveLength(7);
    expect(live.filter(({ isOlder }) => isOlder).map(({ ref }) => ref.ts)).toEqual(['8.1']);
    expect(await cardIn(store, { platform: 'slack', tenant: 'T1', room: 'C8' }, 'O2')).toMatchObject({ id });
    await expect(
      inRoom('O2', 'C8', { room: null, tenant: null, userId: null, shows: 'glimpse' }),
    ).rejects.toThrow();
  });

  test('a card is found again in its own room only, and once', async () => {
    const { id } = await inRoom('O2', 'C5', { state: 'unsure' });
    const drawn = { ref: { ts: '5.1' }, version: 0, shown: '' };
    const found = (room: string, tenant = 'T1') =>
      stands(store, { platform: 'slack', tenant, room }, id, drawn);
    expect([await found('C6'), await found('C5', 'T2')]).toEqual([false, false]);
    expect([await found('C5'), await found('C5')]).toEqual([true, false]);
    expect(await stands(store, { platform: 'slack', tenant: 'T1', room: 'C5' }, 'no id at all', drawn)).toBe(
      false,
    );
  });

  test('a card takes one turn in three seconds, however many ask', async () => {
    const { id } = await inRoom('O2', 'C7');
    const turns = await Promise.all([1, 2, 3, 4].map(() => takeTurn(store, id)));
    expect(turns.filter(Boolean)).toHaveLength(1);
    await store.prisma
      .$executeRaw`UPDATE posting SET redrawn_at = now() - interval '3 seconds' WHERE id = ${id}::uuid`;
    expect(await takeTurn(store, id)).toBe(true);
  });
});
