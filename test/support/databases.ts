/** Both databases for `describe.each(databases)`. Each `open()` is a fresh, migrated one, copied from a template. */
import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, rename, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { startQueue } from '../../src/store/queue.ts';
import { openStore, type Store } from '../../src/store/store.ts';

/** Where a database is, as the configuration says it: for a second process, or opening it again. */
export interface Place {
  databaseUrl?: string;
  dataDir: string;
}

export interface TestDatabase {
  name: 'PGlite' | 'PostgreSQL';
  /** A fresh database; the test closes the store. */
  open(): Promise<Store>;
  /** The same without opening it: what to give to `openStore`, or to a process as DATABASE_URL and DATA_DIR. */
  place(): Promise<Place>;
}

export const silentLog = pino({ level: 'silent' });

/** A folder of this run's, removed with it. */
export const newFolder = (): Promise<string> => mkdtemp(path.join(runFolder(), 'dir-'));

const TEMPLATE = 'ace_template';

export const databases: TestDatabase[] = [
  { name: 'PGlite', place: pglitePlace, open: async () => openAt(await pglitePlace()) },
  { name: 'PostgreSQL', place: postgresPlace, open: async () => openAt(await postgresPlace()) },
];

/** An empty PostgreSQL database without our tables. */
export async function emptyPostgres(): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  return await onServer(async (admin, urlOf) => {
    await admin.query(`CREATE DATABASE ${name}`);
    return urlOf(name);
  });
}

const openAt = (place: Place): Promise<Store> => openStore({ ...place, log: silentLog });

async function pglitePlace(): Promise<Place> {
  const template = path.join(runFolder(), 'pglite-template');
  await alone(async () => {
    if (await stat(template).catch(() => undefined)) return;
    const making = await newFolder();
    await prepare({ dataDir: making });
    await rename(making, template);
  });
  const dataDir = await newFolder();
  await cp(path.join(template, 'db'), path.join(dataDir, 'db'), { recursive: true });
  return { dataDir };
}

async function postgresPlace(): Promise<Place> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const dataDir = await newFolder();
  await mkdir(dataDir, { recursive: true });
  const databaseUrl = await onServer(async (admin, urlOf) => {
    await alone(async () => {
      const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
      if (rowCount) return;
      await admin.query('CREATE DATABASE ace_making');
      await prepare({ databaseUrl: urlOf('ace_making'), dataDir });
      await admin.query(`ALTER DATABASE ace_making RENAME TO ${TEMPLATE}`);
    });
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    return urlOf(name);
  });
  return { databaseUrl, dataDir };
}

/** Migrated, with the tables of the queue. */
async function prepare(place: Place): Promise<void> {
  const store = await openAt(place);
  await (await startQueue(store, silentLog)).stop();
  await store.close();
}

type OnServer<T> = (admin: pg.Client, urlOf: (database: string) => string) => Promise<T>;

async function onServer<T>(use: OnServer<T>): Promise<T> {
  const { answer: url, hangUp } = await ask('postgres');
  hangUp();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    return await use(admin, (database) => Object.assign(new URL(url), { pathname: `/${database}` }).href);
  } finally {
    await admin.end();
  }
}

/** One test file at a time. */
async function alone(make: () => Promise<void>): Promise<void> {
  const { hangUp } = await ask('lock');
  try {
    await make();
  } finally {
    hangUp();
  }
}

/** See run-server.js. */
function ask(question: 'postgres' | 'lock'): Promise<{ answer: string; hangUp(): void }> {
  return new Promise((resolve, reject) => {
    const socket = connect(path.join(runFolder(), 'run.sock'), () => socket.write(`${question}\n`));
    socket.once('error', reject);
    socket.once('data', (line) => {
      const answer = line.toString().trim();
      if (answer.startsWith('failed')) reject(new Error(answer));
      else resolve({ answer, hangUp: () => socket.destroy() });
    });
  });
}

function runFolder(): string {
  const folder = process.env.ACE_DESK_TEST_RUN;
  if (!folder)
    throw new Error('Tests run under jest, which starts what they share (test/support/global-setup.js).');
  return folder;
}
