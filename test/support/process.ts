/** The process as it is started, `dist/main.js`: run to its end, or served until the test is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll } from '@jest/globals';
import { newFolder, type Place } from './databases.ts';
import { until } from './house.ts';
import { SIGNING_SECRET } from './slack-house.ts';
import type { Workspace } from './slack-workspace.ts';

const MAIN = path.join(import.meta.dirname, '../../dist/main.js');

export interface Started {
  process: ChildProcess;
  said(): { out: string; err: string };
  /** Exit code, once it has ended and all was read. */
  ended: Promise<number | null>;
}

const started: Started[] = [];

/** In a new folder, with nothing of our own environment but the path; and nothing comes by itself, which another day might. `input` is piped in; without it, none. */
export async function start(
  env: Record<string, string>,
  input?: string,
  args: string[] = [],
): Promise<Started> {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, ...args], {
    cwd: await newFolder(),
    env: { PATH: process.env.PATH ?? '', NODE_OPTIONS: '', LOG_LEVEL: 'info', CLOCK: '0', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (it: string) => (said.out += it));
  child.stderr.setEncoding('utf8').on('data', (it: string) => (said.err += it));
  const ended = once(child, 'close').then(() => child.exitCode);
  child.stdin.end(input);
  const it = { process: child, said: () => said, ended };
  started.push(it);
  return it;
}

export async function run(env: Record<string, string>, input = '', args: string[] = []) {
  const it = await start(env, input, args);
  const code = await it.ended;
  return { code, ...it.said() };
}

export const envOf = ({ dataDir, databaseUrl }: Place): Record<string, string> => ({
  DATA_DIR: dataDir,
  ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
});

export const slackEnv = (workspace: Workspace): Record<string, string> => ({
  SLACK_SIGNING_SECRET: SIGNING_SECRET,
  SLACK_BOT_TOKEN: workspace.token,
  SLACK_API_URL: workspace.apiUrl,
  PORT: '0',
});

/** The port it says it listens on. */
export async function portOf(it: Started): Promise<number> {
  const port = () => /"port":(\d+)/.exec(it.said().err)?.[1];
  await until('the open door', () => port() !== undefined || it.process.exitCode !== null, 40);
  if (!port()) throw new Error(it.said().err);
  return Number(port());
}

/** For a test file: it needs the build, and leaves no process behind. `after` all of its tests, or (the default) each. */
export function usesMain(after: typeof afterEach = afterEach): void {
  beforeAll(() => {
    if (!existsSync(MAIN)) throw new Error('There is no dist/main.js: “npm run build” makes it.');
  });
  after(async () => {
    for (const it of started.splice(0)) {
      it.process.kill('SIGKILL');
      await it.ended;
    }
  });
}
