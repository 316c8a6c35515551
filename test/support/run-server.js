/**
 * What all test files of one jest run share, as a process beside jest. It starts PostgreSQL when first asked, hands out
 * one lock, and lives as long as its standard input is open: however jest ends, nothing keeps running and the run's
 * folder is gone.
 *
 * Over the socket `<folder>/run.sock`, a line each way: "postgres" → its URL; "lock" → "yours", until one hangs up.
 */
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { startPostgres } from './postgres.js';

const folder = process.argv[2];
let postgres;
let turn = Promise.resolve();

const answers = {
  postgres: async () => {
    postgres ??= startPostgres(path.join(folder, 'postgres'));
    return (await postgres).url;
  },
  lock: async (socket) => {
    const before = turn;
    turn = new Promise((resolve) => socket.once('close', resolve));
    await before;
    return 'yours';
  },
};

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', async (line) => {
    const answer = await answers[line.toString().trim()](socket).catch((error) => `failed: ${error.message}`);
    if (!socket.destroyed) socket.write(`${answer.replaceAll('\n', ' ')}\n`);
  });
});
server.listen(path.join(folder, 'run.sock'), () => process.stdout.write('ready\n'));

// Ctrl-C reaches the whole group; the end of jest is what counts.
process.on('SIGINT', () => {});
process.stdin.on('end', async () => {
  await postgres?.then(
    (it) => it.stop(),
    () => {},
  );
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
});
process.stdin.resume();
