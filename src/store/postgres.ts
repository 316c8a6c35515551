/** Connections to PostgreSQL, bounded in number and in time: a slow database must not hold a person's answer. */
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { toAdapterError } from './sql-error.ts';

const CONNECT_MS = 2000;
const STATEMENT_MS = 5000;

/** At most `max` connections, 2 s to get one, 5 s a statement. */
export function openPool(url: string, max: number, onIdleError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'ace-desk',
    max,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    // The server's own limit says nothing when the server is gone.
    query_timeout: STATEMENT_MS + CONNECT_MS,
    idle_in_transaction_session_timeout: 2 * STATEMENT_MS,
    keepAlive: true,
    // The adapter reads and writes moments without their zone.
    onConnect: async (client) => {
      await client.query("SET TIME ZONE 'UTC'");
    },
  });
  pool.on('error', onIdleError);
  return pool;
}

/** One connection of its own, for what belongs to a session: locks, LISTEN. Without limit of time on statements. */
export const newClient = (url: string, name: string): pg.Client =>
  new pg.Client({
    connectionString: url,
    application_name: `ace-desk ${name}`,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  });

/** For the schema engine, whose advisory lock lives as long as these connections: the caller ends it afterwards. */
export const openEnginePool = (url: string): pg.Pool =>
  new pg.Pool({
    connectionString: url,
    application_name: 'ace-desk migrations',
    max: 2,
    connectionTimeoutMillis: CONNECT_MS,
  });

/** The adapter cuts scripts at every semicolon, also inside function bodies; here one goes out whole, as one transaction. */
export function engineFactory(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async (): Promise<SqlDriverAdapter> => {
      const adapter = await factory.connect();
      const executeScript = async (script: string) => {
        await pool.query(script).catch((error) => Promise.reject(toAdapterError(error)));
      };
      return Object.assign(adapter, { executeScript });
    },
    connectToShadowDb: () =>
      // With a connection string its "shadow" would run the migrations in the real database.
      Promise.reject(new Error('Drift is checked on PGlite only.')),
  };
}
