import { once } from 'node:events';

export default async function globalTeardown() {
  const server = globalThis.testRun;
  server.stdin.end();
  if (server.exitCode === null) await once(server, 'exit');
}
