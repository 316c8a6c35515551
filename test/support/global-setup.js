/** Starts what the test files of this run share; see run-server.js. Costs nothing until a test asks for a database. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export default async function globalSetup() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ace-desk-'));
  // PostgreSQL runs as somebody else when we are root and must get through to its own folder.
  await chmod(folder, 0o711);
  const server = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./run-server.js')), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(server.stdout, 'data');
  process.env.ACE_DESK_TEST_RUN = folder;
  globalThis.testRun = server;
}
