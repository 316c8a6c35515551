import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FolderInUse, lockFolder } from '../../src/store/lock.ts';
import { type Child, startChild } from '../support/child.ts';
import { newFolder } from '../support/databases.ts';

const children: Child[] = [];
const lock = (folder: string, watchMs?: number) =>
  lockFolder(folder, { onLost: () => {}, ...(watchMs ? { watchMs } : {}) });

/** Another process that takes the lock and keeps it. */
function holder(folder: string): Child {
  const child = startChild(`
    import { lockFolder } from './src/store/lock.ts';
    await lockFolder(${JSON.stringify(folder)}, { onLost() {} });
    console.log('locked');
    setInterval(() => {}, 1000);`);
  children.push(child);
  return child;
}

afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
});

describe('the lock on the folder of the embedded database', () => {
  test('a second process is refused and told how to go on', async () => {
    const folder = path.join(await newFolder(), 'db');
    const first = holder(folder);
    await first.said('locked');
    const refusal = await lock(folder).catch((error) => error);
    expect(refusal).toBeInstanceOf(FolderInUse);
    expect(refusal.message).toContain(folder);
    expect(refusal.message).toContain(`process ${first.process.pid}`);
    expect(refusal.message).toMatch(/Stop it first.*DATABASE_URL/);
  });

  test('opening it twice in one process is refused as well', async () => {
    const folder = path.join(await newFolder(), 'db');
    const first = await lock(folder);
    await expect(lock(folder)).rejects.toBeInstanceOf(FolderInUse);
    await first.release();
  });

  test('a released lock is free at once', async () => {
    const folder = path.join(await newFolder(), 'db');
    for (let i = 0; i < 3; i++) await (await lock(folder)).release();
    expect(await readdir(`${folder}.lock`)).toEqual(['3']);
  });

  test('a holder that was killed is followed at once, without watching its time stamp', async () => {
    const folder = path.join(await newFolder(), 'db');
    const first = holder(folder);
    await first.said('locked');
    await first.kill();
    // Watching would outlast this test's time.
    const second = await lock(folder, 10 * 60_000);
    await second.release();
  });

  test('of many who race for a dead holder’s lock, one gets it', async () => {
    for (let round = 0; round < 5; round++) {
      const folder = path.join(await newFolder(), 'db');
      await leftBy(folder, { kernel: 'of a machine that is gone' });
      const racers = await Promise.allSettled(Array.from({ length: 8 }, () => lock(folder, 300)));
      const winners = racers.filter((it) => it.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const it of winners) await it.value.release();
    }
  });

  test('of two processes that race for it, one gets it', async () => {
    const folder = path.join(await newFolder(), 'db');
    const first = holder(folder);
    await first.said('locked');
    await first.kill();
    const racers = [holder(folder), holder(folder)];
    const outcomes = await Promise.allSettled(racers.map((it) => it.said('locked')));
    expect(outcomes.map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a holder out of reach on another machine is believed while its time stamp moves', async () => {
    const folder = path.join(await newFolder(), 'db');
    const file = await leftBy(folder, { kernel: 'another machine', host: 'db-host' });
    const beat = setInterval(() => void utimes(file, new Date(), new Date()), 50);
    await expect(lock(folder, 5000)).rejects.toThrow('process 1 on db-host');
    clearInterval(beat);
    await (await lock(folder, 300)).release();
  });

  test('a path too long for a socket is locked all the same', async () => {
    const folder = path.join(await newFolder(), 'd'.repeat(120), 'db');
    await mkdir(path.dirname(folder), { recursive: true });
    const first = await lock(folder);
    await expect(lock(folder, 5000)).rejects.toBeInstanceOf(FolderInUse);
    await first.release();
    await (await lock(folder, 5000)).release();
  });

  test('a holder that was passed over while it stood still is told', async () => {
    const folder = path.join(await newFolder(), 'db');
    let tell: () => void = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const first = await lockFolder(folder, { onLost: tell });
    await writeFile(path.join(`${folder}.lock`, '2'), '{}');
    await told;
    await first.release();
  });

  test('only its owner can look into it', async () => {
    const folder = path.join(await newFolder(), 'db');
    await mkdir(`${folder}.lock`);
    await chmod(`${folder}.lock`, 0o755);
    const held = await lock(folder);
    expect((await stat(`${folder}.lock`)).mode & 0o777).toBe(0o700);
    expect(JSON.parse(await readFile(path.join(`${folder}.lock`, '1'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    await held.release();
  });
});

/** What a holder leaves behind that can no longer be asked. */
async function leftBy(folder: string, holder: Record<string, unknown>): Promise<string> {
  await mkdir(`${folder}.lock`, { recursive: true });
  const file = path.join(`${folder}.lock`, '1');
  await writeFile(file, JSON.stringify({ pid: 1, host: 'gone', socket: 'gone.sock', ...holder }));
  return file;
}
