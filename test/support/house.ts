/** A whole house on a fresh database in practice mode, and people at its doors. */
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Answer, Intent, Sender } from '../../src/bot/intent.ts';
import { createConsole } from '../../src/console/console.ts';
import { type House, openHouse } from '../../src/house.ts';
import { practiceTeam } from '../../src/practice/team.ts';
import { silentLog, type TestDatabase } from './databases.ts';

export interface TestHouse extends House {
  practice: NonNullable<House['practice']>;
  /** Types lines at the console, as a script does; answers what stood there and the exit code. */
  script(lines: string, as?: string): Promise<{ text: string; progress: string; code: number }>;
  /** One act without a door, e.g. to press a button with a key of your own. */
  act(
    verb: Intent['verb'],
    input: Record<string, unknown>,
    more?: { as?: string; key?: string; until?: Date },
  ): Promise<Answer>;
}

export const LEAD = 'lead@partner.example';
const team = practiceTeam(LEAD);
const ofRole = (role: string, nth = 0) => team.filter((person) => person.role === role)[nth]?.email ?? '';
export const TEAM = {
  lead: LEAD,
  team: ofRole('alliance team'),
  manager: ofRole('ACE manager'),
  users: [0, 1, 2].map((nth) => ofRole('ACE user', nth)),
};

/** @param options as of `openHouse`; `now` may be a driven clock. The first reading of the pipeline is done. */
export async function openTestHouse(
  database: TestDatabase,
  options: { now?: () => Date; realQuota?: boolean } = {},
): Promise<TestHouse> {
  const store = await database.open();
  const config = { dataDir: '', partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
  const house = await openHouse({ config, log: silentLog, store, ...options });
  await until('the first reading', async () => (await house.firstReading()).finished);
  const { practice } = house;
  if (!practice) throw new Error('This is practice mode.');
  return {
    ...house,
    practice,
    script: (lines, as) => script(house, lines, as),
    act: (...it) => act(house, ...it),
  };
}

async function script(house: House, lines: string, as = LEAD) {
  const [input, output, errorOutput] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const text = collect(output);
  const progress = collect(errorOutput);
  const console = createConsole({
    desk: house.desk,
    input,
    output,
    errorOutput,
    isTerminal: false,
    as,
    operator: 'tester',
    waitMs: 20_000,
    now: () => new Date(),
  });
  house.addMessenger(console.messenger);
  input.end(lines);
  const code = await console.run();
  return { text: text(), progress: progress(), code };
}

function act(
  house: House,
  verb: Intent['verb'],
  input: Record<string, unknown>,
  { as = LEAD, key = randomUUID() as string, until }: { as?: string; key?: string; until?: Date } = {},
): Promise<Answer> {
  return house.desk.handle({ verb, input, key, from: senderOf(as) }, until);
}

export const senderOf = (email: string): Sender => ({
  platform: 'console',
  tenant: 'local',
  user: email,
  email,
  conversation: 'test',
});

const collect = (stream: PassThrough): (() => string) => {
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return () => chunks.join('');
};

/** Waits until it holds; fails after `seconds` with what it waited for. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds = 20,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
