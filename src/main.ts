/** The process: configuration, the doors that are configured, signals. */
import { userInfo } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dayCalled } from './bot/dates.ts';
import { type Config, ConfigError, readConfig, readDotEnv } from './config.ts';
import { createConsole } from './console/console.ts';
import { openDoors } from './doors.ts';
import { type House, openHouse } from './house.ts';
import { createLog, type Log } from './log.ts';
import { everybody, findPerson } from './store/people.ts';

/** Somebody sits there: the log goes to a file, as the screen is theirs. */
const isTerminal = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true;

interface Arguments {
  as?: string;
  waitMs: number;
}

async function main(): Promise<number> {
  readDotEnv();
  const config = readConfig();
  const { as, waitMs } = readArguments(config);
  const log = createLog(
    config.logLevel,
    !isChat(config) && isTerminal() ? path.join(config.dataDir, 'ace-desk.log') : undefined,
  );
  const house = await openHouse({ config, log });
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  try {
    return isChat(config)
      ? await serve(config, house, log, ending.signal)
      : await sit(config, house, as, waitMs, ending.signal);
  } finally {
    await house.stop();
  }
}

/** A door into chat is configured: nobody sits at the console then. */
const isChat = ({ slack, teams }: Config): boolean => Boolean(slack ?? teams);

/** @throws ConfigError when the words on the command line are not ours, or the console may not open. */
function readArguments(config: Config): Arguments {
  const { values } = parseArgsOrSay();
  if (values.help) throw new ConfigError(USAGE);
  const waitMs = Number(values.wait) * 1000;
  if (!(waitMs > 0)) throw new ConfigError('--wait takes a number of seconds, such as --wait 60.');
  if (isChat(config)) {
    if (values.as)
      throw new ConfigError('--as is for the console; with Slack or Teams configured there is none.');
    return { waitMs };
  }
  const practised = config.partnerCentral.catalog === 'practice';
  const as = values.as ?? (practised ? config.allianceLeadEmail : undefined);
  if (!practised && !(config.console && as))
    throw new ConfigError(
      'No door is open: set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN for Slack, MicrosoftAppId and what goes with it for Teams, or open the console with CONSOLE=1 and --as <e-mail>.',
    );
  return { waitMs, ...(as ? { as: as.toLowerCase() } : {}) };
}

const USAGE = `npm start -- [--as <e-mail>] [--wait <seconds>]
  --as    who acts at the console; default in practice mode: the alliance lead
  --wait  how long a line waits for AWS, default 60
What can be configured stands in README.md.`;

function parseArgsOrSay() {
  try {
    return parseArgs({
      options: { as: { type: 'string' }, wait: { type: 'string', default: '60' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n${USAGE}`);
  }
}

async function serve(config: Config, house: House, log: Log, signal: AbortSignal): Promise<number> {
  const doors = await openDoors(config, house, log);
  log.info({ host: config.host, port: doors.port }, `ace-desk is open: ${doors.names.join('; ')}`);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await doors.stop();
  return 0;
}

async function sit(
  config: Config,
  house: House,
  as: string | undefined,
  waitMs: number,
  signal: AbortSignal,
): Promise<number> {
  const email = as ?? config.allianceLeadEmail;
  if (!(await findPerson(house.store, email)))
    throw new ConfigError(`${email} is not on the roster. ${await whoIs(house)}`);
  await firstReading(house, signal);
  const { practice, aws } = house;
  const console = createConsole({
    dayCalled,
    desk: house.desk,
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
    isTerminal: isTerminal(),
    as: email,
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

const whoIs = async ({ practice, store }: House): Promise<string> =>
  practice
    ? `In practice mode there are:\n${(await everybody(store)).map(({ email, role }) => `  ${email} (${role})`).join('\n')}`
    : 'Ask the alliance lead to add you.';

/** Before it, every list would be empty; a large pipeline takes minutes, so it says how far it is. */
async function firstReading(house: House, signal: AbortSignal): Promise<void> {
  let told = '';
  for (let rounds = 0; ; rounds++) {
    const { finished, done, total } = await house.firstReading();
    if (finished || signal.aborted) return;
    const silent = 'AWS does not answer yet; trying again. (Ctrl-C leaves.)\n';
    const line =
      total > 0 ? `Reading your pipeline from AWS: ${done} of ${total}\n` : rounds > 40 ? silent : '';
    if (line !== told) process.stderr.write(line);
    told = line;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** What stops the start and is no bug is said plainly. */
function plainly(error: unknown): string {
  const { name, message, code, stack } = error as Error & { code?: unknown };
  if (PLAIN.includes(name)) return message;
  if (typeof code === 'string' && /^(ECONN|ENOTFOUND|ETIMEDOUT|EAI_|28|3D|57P)/.test(code))
    return `The database at DATABASE_URL cannot be used (${code}). Is it running, and may we sign in?`;
  if (typeof code === 'string' && /^(EACCES|EADDR|ENOTDIR|EEXIST|EROFS|ENOENT)/.test(code))
    return `${message}. HOST, PORT and DATA_DIR say where ace-desk listens and keeps its data.`;
  return stack ?? String(error);
}

const PLAIN = ['ConfigError', 'FolderInUse', 'LeadUnclear', 'OtherCatalog', 'SlackRefused'];

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${plainly(error)}\n`);
    // Whatever a start that failed half-way left open must not keep the process.
    process.exit(1);
  },
);
