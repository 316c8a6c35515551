/**
 * Migrations: applied at start, checked against schema.prisma, authored. The files in prisma/migrations and the table
 * `_prisma_migrations` are those of the ordinary Prisma CLI.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { openPglite, pgliteFactory } from './pglite.ts';
import { engineFactory, newClient, openEnginePool } from './postgres.ts';
import { withSchemaEngine } from './schema-engine.ts';

/** The same two levels up from src/store and from dist/store. */
const PRISMA_FOLDER = path.join(import.meta.dirname, '../../prisma');
const MIGRATIONS_FOLDER = path.join(PRISMA_FOLDER, 'migrations');
/** Any number of ours: whoever holds it migrates, the others wait and then find nothing left to do. */
const MIGRATION_LOCK = 4_702_310_001n;
const LOCKFILE = 'provider = "postgresql"\n';
const ALL_TABLES = { externalTables: [], externalEnums: [] };

/** Brings an embedded database up to date. Throws the engine's error when a migration fails; nothing of it remains. */
export async function migratePglite(db: PGlite, folder = MIGRATIONS_FOLDER): Promise<void> {
  const query = async (sql: string) => (await db.query<Record<string, unknown>>(sql)).rows;
  await applyMigrations(query, pgliteFactory(db), folder);
}

/** The same for PostgreSQL. Any number of processes may start at once: one migrates, the others wait for it. */
export async function migratePostgres(url: string, folder = MIGRATIONS_FOLDER): Promise<void> {
  const client = newClient(url, 'migrations');
  await client.connect();
  const enginePool = openEnginePool(url);
  // Both report a lost connection on the statement in hand as well; without a listener it would end the process.
  client.on('error', () => {});
  enginePool.on('error', () => {});
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const query = async (sql: string) => (await client.query(sql)).rows;
    await applyMigrations(query, engineFactory(enginePool), folder);
  } finally {
    await enginePool.end();
    await client.end();
  }
}

/** What schema.prisma asks and the migrations do not give, as SQL; undefined when they agree. On PGlite in memory. */
export async function findDrift(): Promise<string | undefined> {
  const schema = await readFile(path.join(PRISMA_FOLDER, 'schema.prisma'), 'utf8');
  const list = await readMigrations(MIGRATIONS_FOLDER);
  const db = await openPglite();
  const factory = pgliteFactory(db);
  try {
    // One empty database in memory is enough: the engine asks nothing of the first, and plays the migrations in its shadow.
    const { stdout } = await withSchemaEngine(
      { ...factory, connectToShadowDb: factory.connect },
      schema,
      (engine) =>
        engine.diff({
          from: { tag: 'migrations', ...list },
          to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
          script: true,
          exitCode: null,
          filters: ALL_TABLES,
        }),
    );
    const sql = (stdout ?? '').trim();
    return sql === '' || sql === '-- This is an empty migration.' ? undefined : sql;
  } finally {
    await db.close();
  }
}

/**
 * Writes the next migration from what changed in schema.prisma, for prisma/new-migration.js. @returns its file, or
 * undefined when nothing did.
 * @public
 */
export async function authorMigration(name: string, now: Date): Promise<string | undefined> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error('Name a migration in small letters: add_lead_owner');
  const sql = await findDrift();
  if (!sql) return undefined;
  const stamp = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const file = path.join(MIGRATIONS_FOLDER, `${stamp}_${name}`, 'migration.sql');
  await mkdir(path.dirname(file));
  await writeFile(file, `${sql}\n`);
  return file;
}

type Query = (sql: string) => Promise<Record<string, unknown>[]>;

async function applyMigrations(
  query: Query,
  factory: SqlMigrationAwareDriverAdapterFactory,
  folder: string,
): Promise<void> {
  const migrationsList = await readMigrations(folder);
  const recorded = await readRecorded(query);
  const isApplied = ({ path: name }: { path: string }) => recorded.get(name) === 'applied';
  // The usual start: everything is there, the engine need not be loaded.
  if (migrationsList.migrationDirectories.every(isApplied)) return;
  await withSchemaEngine(factory, undefined, async (engine) => {
    // We hold the lock, so nobody is at work on it: its process died, or it failed. A script is one transaction, so
    // nothing of it remained; tried again.
    for (const [migrationName, state] of recorded) {
      if (state === 'unfinished') await engine.markMigrationRolledBack({ migrationName });
    }
    await engine.applyMigrations({ migrationsList, filters: ALL_TABLES });
  });
}

async function readRecorded(query: Query): Promise<Map<string, 'applied' | 'unfinished'>> {
  const [table] = await query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present");
  if (!table?.present) return new Map();
  const rows = await query(
    `SELECT migration_name AS name, bool_or(finished_at IS NOT NULL) AS applied
     FROM _prisma_migrations WHERE rolled_back_at IS NULL GROUP BY 1`,
  );
  return new Map(rows.map((row) => [String(row.name), row.applied ? 'applied' : 'unfinished']));
}

async function readMigrations(baseDir: string): Promise<MigrationList> {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => {
      const content = await readFile(path.join(baseDir, name, 'migration.sql'), 'utf8');
      return {
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: content } },
      };
    }),
  );
  const lockfile = { path: 'migration_lock.toml', content: LOCKFILE };
  return { baseDir, lockfile, shadowDbInitScript: '', migrationDirectories };
}
