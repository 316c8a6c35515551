import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { takeAgentLease } from '../../src/store/lease.ts';
import { FolderInUse } from '../../src/store/lock.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startChild } from '../support/child.ts';
import { databases, newFolder, type Place, silentLog } from '../support/databases.ts';

const keepOpen = (place: Place, then: string) => `
  import { openStore } from './src/store/store.ts';
  import { takeAgentLease } from './src/store/lease.ts';
  import { pino } from 'pino';
  const store = await openStore({ ...${JSON.stringify(place)}, log: pino({ level: 'silent' }) });
  ${then}
  setInterval(() => {}, 1000);`;

describe.each(databases)('the store on $name', ({ place }) => {
  let there: Place;
  let store: Store;
  beforeEach(async () => {
    there = await place();
    store = await openStore({ ...there, log: silentLog });
  });
  afterEach(() => store.close());

  const notify = (channel: string, payload: string) =>
    store.prisma.$queryRaw`SELECT pg_notify(${channel}, ${payload})::text`;

  test('what is written is there after closing and opening again', async () => {
    await store.prisma.told.create({ data: { key: 'kept' } });
    await store.close();
    store = await openStore({ ...there, log: silentLog });
    expect(await store.prisma.told.count({ where: { key: 'kept' } })).toBe(1);
  });

  test('moments come back as they went in, whatever zone the database is set to', async () => {
    const [here] = await store.prisma.$queryRaw<{ name: string }[]>`SELECT current_database() AS name`;
    await store.prisma.$executeRawUnsafe(`ALTER DATABASE "${here?.name}" SET timezone = 'Asia/Tokyo'`);
    await store.close();
    store = await openStore({ ...there, log: silentLog });
    const at = new Date('2025-03-30T01:30:00.123Z');
    await store.prisma.told.create({ data: { key: 'moment', at } });
    expect((await store.prisma.told.findUniqueOrThrow({ where: { key: 'moment' } })).at).toEqual(at);
    const [row] = await store.prisma.$queryRaw<{ epoch: number }[]>`
      SELECT extract(epoch FROM at)::float8 AS epoch FROM told WHERE key = 'moment'`;
    expect(row?.epoch).toBe(at.getTime() / 1000);
  });

  test('the database’s clock agrees with ours when both are this machine’s', () => {
    expect(Math.abs(store.skewMs)).toBeLessThan(1000);
  });

  test('a listener hears its own channel until it stops listening', async () => {
    const heard: string[] = [];
    const waiting = new Waiting(heard);
    const stop = await store.listen('one', (payload) => waiting.push(payload));
    await store.listen('Odd Channel', (payload) => waiting.push(`odd ${payload}`));
    await notify('two', 'not ours');
    await notify('one', 'a');
    await notify('Odd Channel', 'b');
    await waiting.holds(2);
    await stop();
    await notify('one', 'c');
    await notify('Odd Channel', 'd');
    await waiting.holds(3);
    expect(heard).toEqual(['a', 'odd b', 'odd d']);
  });

  test('each lease of the agent raises the epoch', async () => {
    const first = await takeAgentLease(store, { onLost: () => {} });
    await first?.release();
    const second = await takeAgentLease(store, { onLost: () => {} });
    await second?.release();
    expect([first?.epoch, second?.epoch]).toEqual([1n, 2n]);
    expect((await store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } })).epoch).toBe(2n);
  });
});

describe('the store on PostgreSQL, with others', () => {
  let there: Place;
  let store: Store;
  let admin: pg.Client;
  beforeEach(async () => {
    const postgres = databases.find((it) => it.name === 'PostgreSQL');
    if (!postgres) throw new Error('no PostgreSQL');
    there = await postgres.place();
    store = await openStore({ ...there, log: silentLog });
    admin = new pg.Client({ connectionString: there.databaseUrl });
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await store.close();
  });

  /** Here alone: other test files use the same server. */
  const cut = (name: string) =>
    admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = $1 AND datname = current_database()`,
      [name],
    );

  test('a second agent is refused until the first lets go', async () => {
    const first = await takeAgentLease(store, { onLost: () => {} });
    expect(await takeAgentLease(store, { onLost: () => {} })).toBeUndefined();
    await first?.release();
    const second = await takeAgentLease(store, { onLost: () => {} });
    expect(second?.epoch).toBe(2n);
    await second?.release();
  });

  test('the lease of a process that was killed is free for the next, with a higher epoch', async () => {
    const child = startChild(
      keepOpen(there, "console.log('epoch ' + (await takeAgentLease(store, { onLost() {} })).epoch);"),
    );
    await child.said('epoch 1');
    expect(await takeAgentLease(store, { onLost: () => {} })).toBeUndefined();
    await child.kill();
    let lease = await takeAgentLease(store, { onLost: () => {} });
    // The server needs a moment to see that its client is gone.
    while (!lease) lease = await takeAgentLease(store, { onLost: () => {} });
    expect(lease.epoch).toBe(2n);
    await lease.release();
  });

  test('an agent whose connection broke is told, once, and not when it lets go itself', async () => {
    let losses = 0;
    let tell: () => void = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const lease = await takeAgentLease(store, {
      onLost: () => {
        losses += 1;
        tell();
      },
    });
    await cut('ace-desk agent');
    await told;
    await lease?.release();
    const next = await takeAgentLease(store, { onLost: () => losses++ });
    await next?.release();
    expect(losses).toBe(1);
  });

  test('a listener that lost its connection listens again and says that there was a gap', async () => {
    const heard: string[] = [];
    const waiting = new Waiting(heard);
    const gap = new Promise<void>((resolve) => {
      void store
        .listen('one', (payload) => waiting.push(payload), resolve)
        .then(() => cut('ace-desk listen'));
    });
    await gap;
    await store.prisma.$queryRaw`SELECT pg_notify('one', 'after')::text`;
    await waiting.holds(1);
    expect(heard).toEqual(['after']);
  });

  test('connections that break while idle are replaced', async () => {
    await store.prisma.$queryRaw`SELECT 1`;
    await cut('ace-desk');
    const tries = [];
    for (let i = 0; i < 20; i++)
      tries.push(
        await store.prisma.$queryRaw`SELECT 1`.then(
          () => 'ok',
          () => 'failed',
        ),
      );
    expect(tries.at(-1)).toBe('ok');
  });

  test('a statement that takes too long is given up', async () => {
    await expect(store.prisma.$queryRaw`SELECT pg_sleep(60)::text`).rejects.toThrow(/statement timeout/);
  });

  test('a database that cannot be reached is refused, without showing its password', async () => {
    const databaseUrl = 'postgresql://ace:geheim@127.0.0.1:1/nothing';
    const refusal = await openStore({ databaseUrl, dataDir: there.dataDir, log: silentLog }).catch(
      (error) => error,
    );
    expect(String(refusal.stack)).toContain('ECONNREFUSED');
    expect(JSON.stringify(refusal, Object.getOwnPropertyNames(refusal))).not.toContain('geheim');
  });
});

describe('the store in a folder', () => {
  test('its folder is for its owner only, and for one process at a time', async () => {
    const dataDir = path.join(await newFolder(), 'new', 'data');
    const store = await openStore({ dataDir, log: silentLog });
    for (const it of [dataDir, path.join(dataDir, 'db')]) expect((await stat(it)).mode & 0o777).toBe(0o700);
    await expect(openStore({ dataDir, log: silentLog })).rejects.toBeInstanceOf(FolderInUse);
    await store.prisma.told.create({ data: { key: 'unharmed' } });
    await store.close();
    const again = await openStore({ dataDir, log: silentLog });
    expect(await again.prisma.told.count()).toBe(1);
    await again.close();
  });

  test('what was committed before its process was killed under load is there afterwards', async () => {
    const pglite = databases.find((it) => it.name === 'PGlite');
    if (!pglite) throw new Error('no PGlite');
    const { dataDir } = await pglite.place();
    const child = startChild(
      keepOpen(
        { dataDir },
        `for (let i = 1; ; i++) {
           await store.prisma.told.create({ data: { key: String(i) } });
           if (i % 50 === 0) console.log('committed ' + i);
         }`,
      ),
    );
    await child.said('committed 100');
    await child.kill();
    const committed = Math.max(...((await child.ended).output.match(/\d+/g)?.map(Number) ?? []));
    const store = await openStore({ dataDir, log: silentLog });
    expect(await store.prisma.told.count()).toBeGreaterThanOrEqual(committed);
    expect(await store.prisma.told.count({ where: { key: String(committed) } })).toBe(1);
    await store.close();
  });
});

/** Collects, and lets a test wait for so many. */
class Waiting {
  private wake: () => void = () => {};
  constructor(private readonly heard: string[]) {}
  push(payload: string): void {
    this.heard.push(payload);
    this.wake();
  }
  async holds(count: number): Promise<void> {
    while (this.heard.length < count) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
