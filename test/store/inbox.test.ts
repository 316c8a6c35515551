/** What was received and not answered before a crash is answered afterwards: once, and only while it still means something. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { handled, putBack, receive, unanswered } from '../../src/store/postings.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

const NOW = new Date('2026-11-23T10:15:00Z');

describe.each(databases)('the inbox, on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());
  beforeEach(async () => {
    await store.prisma.inbox.deleteMany();
  });

  const received = async (key: string, secondsAgo: number, platform = 'slack') => {
    await receive(store, platform, key, { said: key });
    await store.prisma.inbox.update({
      where: { key },
      data: { at: new Date(NOW.getTime() - secondsAgo * 1000) },
    });
  };
  const handedOut = async () => (await unanswered(store, 'slack', NOW)).map(({ key }) => key).sort();

  test('older than a minute and younger than a quarter of an hour, of that platform, is handed out; nothing else', async () => {
    await received('just now', 0);
    await received('maybe under way', 59);
    await received('young', 61);
    await received('old', 899);
    await received('too old', 901);
    await received('of another door', 120, 'teams');
    await received('answered', 120);
    await handled(store, 'answered', NOW);
    expect(await handedOut()).toEqual(['old', 'young']);
  });

  test('as it was received, and to one only of those who ask at once', async () => {
    for (const key of ['a', 'b', 'c']) await received(key, 120);
    const rounds = await Promise.all([1, 2, 3, 4].map(() => unanswered(store, 'slack', NOW)));
    const all = rounds.flat().sort((one, other) => one.key.localeCompare(other.key));
    expect(all).toEqual(['a', 'b', 'c'].map((key) => ({ key, body: { said: key } })));
    expect(await handedOut()).toEqual([]);
  });

  test('put back, it is handed out again, and is still known as received', async () => {
    await received('later', 120);
    expect(await handedOut()).toEqual(['later']);
    await putBack(store, 'later');
    expect(await handedOut()).toEqual(['later']);
    expect(await receive(store, 'slack', 'later', {})).toBe('known');
  });
});
