import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { findDrift, migratePglite, migratePostgres } from '../../src/store/migrations.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { emptyPostgres, newFolder } from '../support/databases.ts';

test('the migrations give what schema.prisma asks', async () => {
  expect(await findDrift()).toBeUndefined();
});

test('three replicas that start at once on an empty PostgreSQL apply each migration once', async () => {
  const url = await emptyPostgres();
  await Promise.all([migratePostgres(url), migratePostgres(url), migratePostgres(url)]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    'SELECT migration_name, finished_at, logs FROM _prisma_migrations ORDER BY migration_name',
  );
  const folders = await readdir('prisma/migrations');
  expect(rows.map((row) => row.migration_name)).toEqual(folders.filter((it) => /^\d{14}_/.test(it)).sort());
  for (const row of rows) expect(row).toMatchObject({ finished_at: expect.any(Date), logs: null });
  expect((await client.query('SELECT count(*)::int AS n FROM agent')).rows).toEqual([{ n: 1 }]);
  await client.end();
});

/** One way to run SQL and migrations for both databases. */
interface Bench {
  migrate(folder: string): Promise<void>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const benches: { name: string; open(): Promise<Bench> }[] = [
  {
    name: 'PGlite',
    open: async () => {
      const db = await openPglite();
      return {
        migrate: (folder) => migratePglite(db, folder),
        query: async (sql) => (await db.query<Record<string, unknown>>(sql)).rows,
        close: () => db.close(),
      };
    },
  },
  {
    name: 'PostgreSQL',
    open: async () => {
      const url = await emptyPostgres();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return {
        migrate: (folder) => migratePostgres(url, folder),
        query: async (sql) => (await client.query(sql)).rows,
        close: () => client.end(),
      };
    },
  },
];

describe.each(benches)('migrations on $name', ({ open }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());

  const tables = async () =>
    (
      await bench.query(
        `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND relname NOT LIKE '\\_prisma%' ORDER BY 1`,
      )
    ).map((row) => row.relname);

  test('one that fails leaves nothing behind, is not recorded as applied, and is tried again once mended', async () => {
    const folder = await newFolder();
    await add(folder, '20250101000000_first', 'CREATE TABLE first (id int);');
    await add(
      folder,
      '20250102000000_second',
      'CREATE TABLE half (id int); SELECT 1/0; CREATE TABLE rest (id int);',
    );
    await expect(bench.migrate(folder)).rejects.toThrow(/division by zero[\s\S]*20250102000000_second/);
    expect(await tables()).toEqual(['first']);
    const applied = 'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL';
    expect(await bench.query(applied)).toEqual([{ name: '20250101000000_first' }]);

    await add(folder, '20250102000000_second', 'CREATE TABLE half (id int); CREATE TABLE rest (id int);');
    await bench.migrate(folder);
    expect(await tables()).toEqual(['first', 'half', 'rest']);
  });

  test('one whose process died in the middle is done again at the next start', async () => {
    const folder = await newFolder();
    await add(folder, '20250101000000_first', 'CREATE TABLE first (id int);');
    await add(folder, '20250102000000_second', 'SELECT 1;');
    await add(folder, '20250103000000_third', 'CREATE TABLE third (id int);');
    // What the engine writes before it runs a script.
    await bench.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name)
      VALUES (gen_random_uuid()::text, 'x', '20250103000000_third')`);
    await bench.migrate(folder);
    expect(await tables()).toContain('third');
  });

  test('functions keep the semicolons in their bodies', async () => {
    const folder = await newFolder();
    await add(
      folder,
      '20250104000000_function',
      'CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;',
    );
    await bench.migrate(folder);
    expect(await bench.query('SELECT two()')).toEqual([{ two: 2 }]);
  });
});

async function add(folder: string, name: string, sql: string): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, name, 'migration.sql'), sql);
}
