/**
 * One process per folder: PGlite lets a second one in, which then corrupts it. Beside the folder stands a chain of
 * numbered files, each one holder; the highest counts, and only creating it (O_EXCL) makes a holder, so that of two
 * racers one wins. A holder lives as long as its socket is listened to, which ends with the process however it dies
 * (process ids prove nothing: in a container it is always 1). Sockets do not reach from one machine or VM to another
 * on a shared disk; there the file's time stamp, moved every two seconds, is the evidence.
 */
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isErrno, knock, type Listener, listen } from './lock-socket.ts';

const BEAT_MS = 2000;
/** How long the time stamp of a holder out of reach must stand still: several beats, for one that is busy. */
const WATCH_MS = 15_000;

export interface FolderLock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Another process took the folder while this one stood still: touch nothing in it any more. */
  onLost(): void;
  watchMs?: number;
}

/** What a holder says of itself. `socket` is missing where none could be made. */
interface Holder {
  pid: number;
  host: string;
  kernel: string;
  socket?: string;
  released?: boolean;
}

/** Somebody else has the folder. The message is for the operator: what to do. */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
}

/**
 * Locks a folder for this process, in `<folder>.lock/`. Takes over at once from a holder that died on this machine, and
 * after 15 s of silence from one on another machine. Throws FolderInUse.
 */
export async function lockFolder(
  folder: string,
  { onLost, watchMs = WATCH_MS }: LockOptions,
): Promise<FolderLock> {
  const chain = `${path.resolve(folder)}.lock`;
  await mkdir(chain, { recursive: true, mode: 0o700 });
  await chmod(chain, 0o700);
  const server = await listen(chain);
  try {
    const mine = await join(chain, folder, server, watchMs);
    await clear(chain, mine, server?.name);
    return hold(chain, mine, server, onLost);
  } catch (error) {
    await server?.close();
    throw error;
  }
}

/** Adds our file to the end of the chain. @returns its number. */
async function join(
  chain: string,
  folder: string,
  server: Listener | undefined,
  watchMs: number,
): Promise<number> {
  const us = JSON.stringify(describe(server));
  for (;;) {
    const last = await highest(chain);
    if (last > 0 && (await isAlive(chain, last, watchMs))) throw inUse(folder, await readHolder(chain, last));
    const mine = last + 1;
    try {
      await writeFile(path.join(chain, String(mine)), us, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (isErrno(error, 'EEXIST')) continue;
      throw error;
    }
    // Someone may have gone past us and tidied up behind while we were looking at an older end.
    if ((await highest(chain)) === mine) return mine;
    await rm(path.join(chain, String(mine)), { force: true });
  }
}

function hold(chain: string, mine: number, server: Listener | undefined, onLost: () => void): FolderLock {
  const file = path.join(chain, String(mine));
  const beat = async () => {
    const now = new Date();
    // A beat that fails (disk full, folder gone) proves nothing about others: the next one will show.
    await utimes(file, now, now).catch(() => {});
    if ((await highest(chain).catch(() => mine)) === mine) return;
    clearInterval(timer);
    onLost();
  };
  const timer = setInterval(() => void beat(), BEAT_MS).unref();
  return {
    release: async () => {
      clearInterval(timer);
      // The file stays: numbers never go back, or a slow racer could slip in below.
      await writeFile(file, JSON.stringify({ ...describe(server), released: true }));
      await server?.close();
    },
  };
}

async function isAlive(chain: string, number: number, watchMs: number): Promise<boolean> {
  const holder = await readHolder(chain, number);
  if (holder?.released) return false;
  if (holder?.socket && holder.kernel === kernelId()) {
    const answer = await knock(path.join(chain, holder.socket));
    if (answer !== 'unknown') return answer === 'open';
  }
  return await isBeating(path.join(chain, String(number)), watchMs);
}

/** Whether a time stamp moves while we watch: no clock of ours is compared with one of theirs. */
async function isBeating(file: string, watchMs: number): Promise<boolean> {
  const read = () =>
    stat(file).then(
      (it) => it.mtimeMs,
      () => undefined,
    );
  const first = await read();
  if (first === undefined) return false;
  for (let waited = 0; waited < watchMs; waited += 100) {
    await sleep(100);
    const now = await read();
    if (now !== first) return now !== undefined;
  }
  return false;
}

/** Removes what stands below us in the chain. */
async function clear(chain: string, mine: number, socket: string | undefined): Promise<void> {
  const names = await readdir(chain);
  const old = names.filter((name) => (/^\d+$/.test(name) ? Number(name) < mine : name !== socket));
  await Promise.all(old.map((name) => rm(path.join(chain, name), { force: true })));
}

async function highest(chain: string): Promise<number> {
  const numbers = (await readdir(chain)).filter((name) => /^\d+$/.test(name)).map(Number);
  return Math.max(0, ...numbers);
}

/** Undefined for one that a crash left half written; one that is being written this moment is waited for. */
async function readHolder(chain: string, number: number): Promise<Holder | undefined> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      return JSON.parse(await readFile(path.join(chain, String(number)), 'utf8'));
    } catch {
      await sleep(25);
    }
  }
  return undefined;
}

const describe = (server: Listener | undefined): Holder => ({
  pid: process.pid,
  host: hostname(),
  kernel: kernelId(),
  ...(server ? { socket: server.name } : {}),
});

/** One value for all containers of a running machine; another one after it was started anew. */
function kernelId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return hostname();
  }
}

const inUse = (folder: string, holder: Holder | undefined): FolderInUse =>
  new FolderInUse(
    `Another process is using the database in ${folder}${holder ? ` (process ${holder.pid} on ${holder.host})` : ''}. ` +
      'Stop it first. To run several at once, set DATABASE_URL to a PostgreSQL database.',
  );
