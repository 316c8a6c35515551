/** What stands where in chat: a place shows one deal, and is redrawn once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enrol, findPerson } from '../../src/store/people.ts';
import { keepPosting, postingsOf } from '../../src/store/postings.ts';
import { startQueue } from '../../src/store/queue.ts';
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
});
