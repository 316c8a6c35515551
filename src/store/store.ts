/** The database: PGlite in a folder (embedded default) or PostgreSQL. The only room that imports Prisma and pg-boss. */
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import type { Log } from '../log.ts';
import { PrismaClient } from './generated/client.ts';
import { createListener, quoted } from './listener.ts';
import { lockFolder } from './lock.ts';
import { migratePglite, migratePostgres } from './migrations.ts';
import { openPglite, pgliteFactory } from './pglite.ts';
import { newClient, openPool } from './postgres.ts';

const CONNECTIONS = 10;

export interface Store {
  kind: 'pglite' | 'postgres';
  prisma: PrismaClient;
  /** Database clock minus ours, in ms: deadlines are compared by the database. */
  readonly skewMs: number;
  /** Calls back with each NOTIFY payload on a channel; after a lost connection it listens again and calls `onGap`. */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onGap?: () => void,
  ): Promise<() => Promise<void>>;
  /** Ends everything it opened. Stop the queue and release the lease first. */
  close(): Promise<void>;
  /** For this room only: what stands behind Prisma. */
  backing: Backing;
}

export type Backing = { kind: 'pglite'; db: PGlite } | { kind: 'postgres'; url: string; pool: Pool };

export interface StoreOptions {
  /** PostgreSQL; without it PGlite in `<dataDir>/db`. */
  databaseUrl?: string | undefined;
  /** Made with mode 0700. */
  dataDir: string;
  log: Log;
}

/**
 * Opens the database and brings it up to date. Throws FolderInUse, what the connection refused, or what a migration
 * failed on; then nothing stays open.
 */
export function openStore({ databaseUrl, dataDir, log }: StoreOptions): Promise<Store> {
  return databaseUrl ? openPostgres(databaseUrl, log) : openEmbedded(dataDir, log);
}

async function openEmbedded(dataDir: string, log: Log): Promise<Store> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const folder = path.join(dataDir, 'db');
  const lock = await lockFolder(folder, { onLost: () => leave(log) });
  const closers = [lock.release];
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const db = await openPglite(folder);
    closers.unshift(() => db.close());
    await migratePglite(db);
    const prisma = new PrismaClient({ adapter: pgliteFactory(db) });
    closers.unshift(() => prisma.$disconnect());
    const skew = await keepSkew(prisma, closers);
    return {
      kind: 'pglite',
      prisma,
      get skewMs() {
        return skew();
      },
      listen: async (channel, onPayload) => {
        const unlisten = await db.listen(quoted(channel), onPayload);
        return () => unlisten();
      },
      close: () => closeAll(closers),
      backing: { kind: 'pglite', db },
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function openPostgres(url: string, log: Log): Promise<Store> {
  await migratePostgres(url);
  // A connection that breaks while nobody uses it is replaced by the pool.
  const pool = openPool(url, CONNECTIONS, (err) =>
    log.warn({ err }, 'An idle connection to the database broke.'),
  );
  const listener = createListener(() => newClient(url, 'listen'), log);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const closers = [() => prisma.$disconnect(), () => listener.close(), () => pool.end()];
  try {
    const skew = await keepSkew(prisma, closers);
    return {
      kind: 'postgres',
      prisma,
      get skewMs() {
        return skew();
      },
      listen: (channel, onPayload, onGap) => listener.listen(channel, { onPayload, onGap }),
      close: () => closeAll(closers),
      backing: { kind: 'postgres', url, pool },
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Closing would write into a folder that is somebody else's now. */
function leave(log: Log): void {
  log.fatal('Another process took the database folder while this one stood still. Leaving without a trace.');
  process.exit(1);
}

const SKEW_EVERY_MS = 60_000;

/** Measured again every minute: clocks are set now and then. */
async function keepSkew(prisma: PrismaClient, closers: (() => Promise<void>)[]): Promise<() => number> {
  let skew = await measureSkew(prisma);
  const timer = setInterval(() => {
    measureSkew(prisma).then(
      (now) => {
        skew = now;
      },
      // The database is away; the next minute measures again.
      () => {},
    );
  }, SKEW_EVERY_MS).unref();
  closers.unshift(async () => clearInterval(timer));
  return () => skew;
}

/** The quickest of three, taken at the middle of its way. Under a millisecond is the way, not the clocks. */
async function measureSkew(prisma: PrismaClient): Promise<number> {
  let best = { way: Number.POSITIVE_INFINITY, skew: 0 };
  for (let i = 0; i < 3; i++) {
    const before = Date.now();
    const [row] = await prisma.$queryRaw<{ now: number }[]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`;
    const way = Date.now() - before;
    if (row && way < best.way) best = { way, skew: Math.round(row.now - before - way / 2) };
  }
  return best.skew;
}

/** In that order, each once, whatever the others do; the first failure is thrown at the end. */
async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers.splice(0)) await close().catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
