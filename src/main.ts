/** The process: configuration, the doors that are configured, signals. */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { type Config, ConfigError, readConfig, readDotEnv } from './config.ts';
import { createConsole } from './console/console.ts';
import { type House, openHouse } from './house.ts';
import { createLog, type Log } from './log.ts';
import { openSlack } from './slack-side.ts';

interface Arguments {
  as?: string;
  waitMs: number;
}

async function main(): Promise<number> {
  readDotEnv();
  const config = readConfig();
  const { as, waitMs } = readArguments(config);
  const log = createLog(config.logLevel);
  const house = await openHouse({ config, log });
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  try {
    return config.slack
      ? await serve(config, house, log, ending.signal)
      : await sit(config, house, as, waitMs, ending.signal);
  } finally {
    await house.stop();
  }
}

/** @throws ConfigError when the words on the command line are not ours, or the console may not open. */
function readArguments(config: Config): Arguments {
  const options = { as: { type: 'string' }, wait: { type: 'string', default: '60' } } as const;
  const { values } = parseArgsOrSay(options);
  const waitMs = Number(values.wait) * 1000;
  if (!(waitMs > 0)) throw new ConfigError('--wait takes a number of seconds, such as --wait 60.');
  if (config.slack) return { waitMs };
  const practised = config.partnerCentral.catalog === 'practice';
  const as = values.as ?? (practised ? config.allianceLeadEmail : undefined);
  if (!practised && !(config.console && as))
    throw new ConfigError(
      'No door is open: set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN, or open the console with CONSOLE=1 and --as <e-mail>.',
    );
  return { waitMs, ...(as ? { as: as.toLowerCase() } : {}) };
}

function parseArgsOrSay<T extends Parameters<typeof parseArgs>[0] & object>(options: T['options']) {
  try {
    return parseArgs({
      options: options as { as: { type: 'string' }; wait: { type: 'string'; default: string } },
    });
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\nKnown: --as <e-mail>, --wait <seconds>.`);
  }
}

async function serve(config: Config, house: House, log: Log, signal: AbortSignal): Promise<number> {
  const slack = await openSlack(config, house, log);
  log.info({ host: config.host, port: slack.port }, 'ace-desk is open: Slack, at POST /slack/events');
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await slack.stop();
  return 0;
}

async function sit(
  config: Config,
  house: House,
  as: string | undefined,
  waitMs: number,
  signal: AbortSignal,
): Promise<number> {
  await firstReading(house, signal);
  const { practice, aws } = house;
  const console = createConsole({
    desk: house.desk,
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
    isTerminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
    as: as ?? config.allianceLeadEmail,
    operator: userInfo().username,
    waitMs,
    now: () => new Date(),
    ...(practice
      ? {
          practice: async (words: string) => {
            const said = await practice.runScript(words);
            await aws.sync();
            return said;
          },
        }
      : {}),
  });
  await house.addMessenger(console.messenger);
  signal.addEventListener('abort', () => console.close(), { once: true });
  return console.run();
}

/** Before it, every list would be empty; a large pipeline takes minutes, so it says how far it is. */
async function firstReading(house: House, signal: AbortSignal): Promise<void> {
  let told = '';
  for (;;) {
    const { finished, done, total } = await house.firstReading();
    if (finished || signal.aborted) return;
    const line = `Reading your pipeline from AWS: ${done} of ${total || '…'}\n`;
    if (line !== told && total > 0) process.stderr.write(line);
    told = line;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // What stops the start is said plainly; anything else is a bug and keeps its stack.
    const plain = error instanceof ConfigError || (error instanceof Error && error.name === 'FolderInUse');
    process.stderr.write(
      `${plain ? (error as Error).message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
