/**
 * PGlite, and the Prisma adapter for it with two faults mended: it did not wait for scripts (a failing migration was
 * recorded as applied), and it lost what a COMMIT refused.
 */
import { PGlite } from '@electric-sql/pglite';
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { toAdapterError } from './sql-error.ts';

/** Opens the folder, or a database in memory when there is none. Guard a folder with `lockFolder` first. */
export async function openPglite(folder?: string): Promise<PGlite> {
  const db = new PGlite(folder);
  await db.waitReady;
  // The adapter reads and writes moments without their zone.
  await db.exec("SET TIME ZONE 'UTC'");
  return db;
}

/** Prisma's way to an open PGlite. Closing the adapter leaves the database open. */
export function pgliteFactory(db: PGlite): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPGlite(db);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => mended(await factory.connect(), db),
    // The library's own shadow is one in memory without our settings; see findDrift.
    connectToShadowDb: () => Promise.reject(new Error('Drift is checked on a database in memory.')),
  };
}

function mended(adapter: SqlDriverAdapter, db: PGlite): SqlDriverAdapter {
  const startTransaction = adapter.startTransaction.bind(adapter);
  return Object.assign(adapter, {
    executeScript: (script: string) => runScript(db, script),
    startTransaction: async (...args: Parameters<SqlDriverAdapter['startTransaction']>) =>
      withHonestCommit(await startTransaction(...args)),
  });
}

/** All or nothing: one simple query is one transaction, unless the script says otherwise. */
async function runScript(db: PGlite, script: string): Promise<void> {
  try {
    await db.exec(script);
  } catch (error) {
    await db.exec('ROLLBACK');
    throw toAdapterError(error);
  }
}

/** The adapter swallows what COMMIT throws, so deferred constraints are asked just before it, where errors arrive. */
function withHonestCommit(transaction: Transaction): Transaction {
  const commit = transaction.commit.bind(transaction);
  return Object.assign(transaction, {
    commit: async () => {
      try {
        await transaction.executeRaw({ sql: 'SET CONSTRAINTS ALL IMMEDIATE', args: [], argTypes: [] });
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
      await commit();
    },
  });
}
