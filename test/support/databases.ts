/** Both databases for `describe.each(databases)`. Each `open()` is a fresh one, copied from a template. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { pino } from 'pino';
import { startQueue } from '../../src/store/queue.ts';
import { openStore, type Store } from '../../src/store/store.ts';

/** Where a database is, as the configuration says it: for a second process, or opening it again. */
export interface Place {
  databaseUrl?: string;
  dataDir: string;
}

/** What a fresh database starts from. Made by the first test file that asks, once for all of them. */
export interface Template {
  name: string;
  /** What it starts from itself; absent: nothing. */
  from?: Template;
  prepare(place: Place): Promise<void>;
  /** Made anew when it is older. Absent: never. */
  freshMs?: number;
}

export interface TestDatabase {
  name: 'PGlite' | 'PostgreSQL';
  /** A fresh database; the test closes the store. */
  open(from?: Template): Promise<Store>;
  /** The same without opening it: what to give to `openStore`, or to a process as DATABASE_URL and DATA_DIR. */
  place(from?: Template): Promise<Place>;
}

const run = promisify(execFile);

export const silentLog = pino({ level: 'silent' });

/** A folder of this run's, removed with it. */
export const newFolder = (): Promise<string> => mkdtemp(path.join(runFolder(), 'dir-'));

/** Our tables, and those of the queue. */
export const MIGRATED: Template = {
  name: 'migrated',
  async prepare(place) {
    const store = await openAt(place);
    await (await startQueue(store, silentLog)).stop();
    await store.close();
  },
};

const opened =
  (place: TestDatabase['place']): TestDatabase['open'] =>
  async (from) =>
    openAt(await place(from));

export const databases: TestDatabase[] = [
  { name: 'PGlite', place: pglitePlace, open: opened(pglitePlace) },
  { name: 'PostgreSQL', place: postgresPlace, open: opened(postgresPlace) },
];

/** An empty PostgreSQL database without our tables. */
export async function emptyPostgres(): Promise<string> {
  const name = newName();
  return await onServer(async (admin, urlOf) => {
    await admin.query(`CREATE DATABASE ${name}`);
    return urlOf(name);
  });
}

const newName = (): string => `t_${randomUUID().replaceAll('-', '')}`;

export const openAt = (place: Place): Promise<Store> => openStore({ ...place, log: silentLog });

async function pglitePlace(from: Template = MIGRATED): Promise<Place> {
  const dataDir = await newFolder();
  const db = await template('pglite', from, async ({ from: below, prepare }) => {
    const place = below ? await pglitePlace(below) : { dataDir: await newFolder() };
    await prepare(place);
    return path.join(place.dataDir, 'db');
  });
  // A thousand small files: Node's own cp takes five times as long.
  await run('cp', ['-R', db, path.join(dataDir, 'db')]);
  return { dataDir };
}

async function postgresPlace(from: Template = MIGRATED): Promise<Place> {
  const dataDir = await newFolder();
  const database = await template('postgres', from, async ({ from: below, prepare }) => {
    const place = below ? await postgresPlace(below) : { databaseUrl: await emptyPostgres(), dataDir };
    await prepare(place);
    return new URL(place.databaseUrl ?? '').pathname.slice(1);
  });
  const name = newName();
  const databaseUrl = await onServer(async (admin, urlOf) => {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${database}`);
    return urlOf(name);
  });
  return { databaseUrl, dataDir };
}

/**
 * Where that template stands, made when there is none that is fresh enough. One that is replaced stays: another test file
 * may be copying it.
 */
async function template(
  kind: string,
  it: Template,
  make: (it: Template) => Promise<string>,
): Promise<string> {
  // Before the lock is taken: whoever holds one cannot ask for another.
  if (it.from) await template(kind, it.from, make);
  const note = path.join(runFolder(), `${kind}-${it.name}`);
  const standing = async (): Promise<string | undefined> => {
    const made = await stat(note).catch(() => undefined);
    const isFresh = made && Date.now() - made.mtimeMs < (it.freshMs ?? Number.POSITIVE_INFINITY);
    return isFresh ? await readFile(note, 'utf8') : undefined;
  };
  const found = await standing();
  if (found) return found;
  return await alone(async () => {
    const meanwhile = await standing();
    if (meanwhile) return meanwhile;
    const where = await make(it);
    await writeFile(`${note}.new`, where);
    await rename(`${note}.new`, note);
    return where;
  });
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
async function alone<T>(make: () => Promise<T>): Promise<T> {
  const { hangUp } = await ask('lock');
  try {
    return await make();
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
