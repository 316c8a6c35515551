/** A server in a process of its own, so that its processor time is its own. It ends with this one. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a file of this folder that calls `serve`.
 * @param {string} file
 * @param {Record<string, string>} env
 * @returns {Promise<{ port: number, cpu(): Promise<number>, stop(): Promise<void> }>} `cpu`: user and system, in ms
 */
export async function startServer(file, env) {
  const execArgv = process.env.BENCH_PROFILE
    ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`]
    : [];
  // Nothing that comes by itself is to come while it is measured.
  const child = fork(file, { env: { ...process.env, CLOCK: '0', ...env, NODE_ENV: 'production' }, execArgv });
  const failed = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`${file} ended with ${code}`)),
  );
  failed.catch(() => undefined);
  const ask = async (question) => {
    const answer = Promise.race([once(child, 'message'), failed]);
    if (question) child.send(question);
    return (await answer)[0];
  };
  const port = await ask();
  const stop = async () => {
    child.send('stop');
    if (child.exitCode === null) await once(child, 'exit');
  };
  return { port, cpu: () => ask('cpu'), stop };
}

/** In the child: says the port, then answers what it is asked. @param {number} port @param {() => Promise<unknown>} stop */
export function serve(port, stop) {
  process.on('message', async (question) => {
    if (question === 'cpu') {
      const { user, system } = process.cpuUsage();
      process.send?.((user + system) / 1000);
    } else {
      await stop();
      process.exit(0);
    }
  });
  process.on('disconnect', () => process.exit(1));
  process.send?.(port);
}
