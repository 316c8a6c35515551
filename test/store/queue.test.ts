import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type Queue, startQueue } from '../../src/store/queue.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startChild } from '../support/child.ts';
import { databases, newFolder, silentLog } from '../support/databases.ts';

interface Delivery {
  deal: string;
}

/** Far longer than a test may take: what arrives was woken, not found by polling. */
const NEVER = { pollSeconds: 3600 };

describe.each(databases)('the queue on $name', ({ open, place }) => {
  let store: Store;
  let queue: Queue;
  beforeEach(async () => {
    store = await open();
    queue = await startQueue(store, silentLog);
  });
  afterEach(async () => {
    await queue.stop();
    await store.close();
  });

  /** As commands do it: in the statement that gives reason for it. */
  const ask = (deal: string) => store.prisma.$queryRaw`
    WITH changed AS (INSERT INTO told (key) VALUES (${deal}) ON CONFLICT DO NOTHING RETURNING key),
      job AS (SELECT enqueue('deliver-slack', jsonb_build_object('deal', key)) FROM changed)
    SELECT count(*)::int FROM job`;

  test('a job put in by a statement wakes its worker and arrives once', async () => {
    const inbox = mailbox();
    await queue.work<Delivery>('deliver-slack', inbox.take, NEVER);
    await sleep(300);
    const deal = randomUUID();
    await ask(deal);
    await ask(deal);
    await inbox.holds(1);
    await sleep(500);
    expect(inbox.deals).toEqual([deal]);
  });

  test('a burst many times the size of a batch is worked off without waiting for the next look', async () => {
    const inbox = mailbox();
    await queue.work<Delivery>('deliver-slack', inbox.take, { ...NEVER, batchSize: 2 });
    await sleep(300);
    const deals = Array.from({ length: 25 }, () => randomUUID());
    await Promise.all(deals.map(ask));
    await inbox.holds(25);
    expect([...inbox.deals].sort()).toEqual([...deals].sort());
  });

  test('a statement that fails puts nothing in', async () => {
    const inbox = mailbox();
    await queue.work<Delivery>('deliver-slack', inbox.take, NEVER);
    await expect(store.prisma.$queryRaw`
      WITH job AS (SELECT enqueue('deliver-slack', '{"deal": "never"}')) SELECT 1 / (count(*) - 1) FROM job`).rejects.toThrow();
    await ask('after');
    await inbox.holds(1);
    expect(inbox.deals).toEqual(['after']);
  });

  test('what a worker fails at is tried again, and neither log nor job keeps the words of the error', async () => {
    const lines: string[] = [];
    const outspoken = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    await queue.stop();
    queue = await startQueue(store, outspoken);
    const tries: string[] = [];
    let done: () => void = () => {};
    const worked = new Promise<void>((resolve) => {
      done = resolve;
    });
    await queue.work<Delivery>('deliver-slack', async ([job]) => {
      tries.push(job?.deal ?? '');
      if (tries.length === 1) throw new TypeError('Acme Corp is bankrupt');
      done();
    });
    await ask('O1');
    await worked;
    expect(tries).toEqual(['O1', 'O1']);
    const [kept] = await store.prisma.$queryRaw<
      { output: unknown }[]
    >`SELECT output FROM pgboss.job WHERE name = 'deliver-slack'`;
    expect(JSON.stringify(kept)).not.toContain('Acme');
    expect(lines.join('')).toContain('Work failed');
  });

  test('says whether it is up', async () => {
    expect(await queue.isUp()).toBe(true);
    await queue.stop();
    expect(await queue.isUp()).toBe(false);
  });

  test('a job whose process was killed at work is done after the restart', async () => {
    const there = await place();
    const child = startChild(`
      import { openStore } from './src/store/store.ts';
      import { startQueue } from './src/store/queue.ts';
      import { pino } from 'pino';
      const log = pino({ level: 'silent' });
      const store = await openStore({ ...${JSON.stringify(there)}, log });
      const queue = await startQueue(store, log);
      await queue.work('deliver-slack', async () => { console.log('at work'); await new Promise(() => {}); });
      await store.prisma.$queryRaw\`SELECT enqueue('deliver-slack', '{"deal": "O1"}')::text\`;
      setInterval(() => {}, 1000);`);
    await child.said('at work');
    await child.kill();
    const again = await openStore({ ...there, log: silentLog });
    const restarted = await startQueue(again, silentLog);
    const inbox = mailbox();
    await restarted.work<Delivery>('deliver-slack', inbox.take);
    await inbox.holds(1);
    expect(inbox.deals).toEqual(['O1']);
    await restarted.stop();
    await again.close();
  }, 120_000);
});

test('on an empty PGlite folder the queue makes its tables', async () => {
  const store = await openStore({ dataDir: await newFolder(), log: silentLog });
  const queue = await startQueue(store, silentLog);
  expect(await queue.isUp()).toBe(true);
  await queue.stop();
  await store.close();
});

function mailbox() {
  const deals: string[] = [];
  let onTake: () => void = () => {};
  return {
    deals,
    take: async (jobs: Delivery[]) => {
      deals.push(...jobs.map((job) => job.deal));
      onTake();
    },
    holds: async (count: number) => {
      while (deals.length < count) {
        await new Promise<void>((resolve) => {
          onTake = resolve;
        });
      }
    },
  };
}
