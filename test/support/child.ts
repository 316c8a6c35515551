/** A second process that runs our sources, for tests about what happens when one dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');

export interface Child {
  /** Resolves when it printed that line; rejects when it ended before. */
  said(line: string): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  ended: Promise<{ code: number | null; output: string }>;
  process: ChildProcess;
}

/** Runs ES module code in the root of the repository: `import … from './src/store/lock.ts'`. Ends with this process. */
export function startChild(code: string, env: Record<string, string> = {}): Child {
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      '--import',
      './test/support/typescript.js',
      '--input-type=module',
      '-e',
      `${LEASH}${code}`,
    ],
    { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, output }));
  const said = async (line: string): Promise<void> => {
    while (!output.split('\n').includes(line)) {
      const gone = await Promise.race([once(child.stdout, 'data').then(() => false), ended.then(() => true)]);
      if (gone && !output.split('\n').includes(line))
        throw new Error(`Ended without saying ${line}: ${output}`);
    }
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { said, kill, ended, process: child };
}

/** A test that fails must leave nothing behind: when our end of the pipe closes, it goes. */
const LEASH = "process.stdin.on('end', () => process.exit(9)).resume(); process.stdin.unref();\n";
