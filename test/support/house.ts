/** A whole house on a fresh database in practice mode, and people at its doors. */
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { dayCalled } from '../../src/bot/dates.ts';
import { type Answer, GoneForGood, type Intent, type Messenger, type Sender } from '../../src/bot/intent.ts';
import { type Console, createConsole } from '../../src/console/console.ts';
import { type House, openHouse } from '../../src/house.ts';
import type { Log } from '../../src/log.ts';
import { practiceTeam } from '../../src/practice/team.ts';
import type { Effect } from '../../src/practice/world.ts';
import type { Store } from '../../src/store/store.ts';
import { faultsOfRequest } from '../practice/conformance.ts';
import { MIGRATED, openAt, silentLog, type Template, type TestDatabase } from './databases.ts';

export interface TestHouse extends House {
  practice: NonNullable<House['practice']>;
  log: Log;
  /** Types lines at the console, as a script does; answers what stood there and the exit code. */
  script(lines: string, as?: string): Promise<{ text: string; progress: string; code: number }>;
  /** One act without a door, e.g. to press a button with a key of your own. */
  act(
    verb: Intent['verb'],
    input: Record<string, unknown>,
    more?: { as?: string; key?: string; until?: Date },
  ): Promise<Answer>;
  /** The id of the deal of that customer that can still move. */
  idOf(company: string): Promise<string>;
  /** What AWS really carried out, of one record or of all. */
  effects(id?: string): Promise<Effect[]>;
  /** Waits until nothing is on its way: every Change settled (or held by AWS's lock), every copy redrawn. */
  quiet(): Promise<void>;
}

export interface HouseOptions {
  /** May be a driven clock. */
  now?: () => Date;
  realQuota?: boolean;
  /** Default false: what speaks by the clock would speak into whichever test is running at that minute. */
  clock?: boolean;
  log?: Log;
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

/** The first reading of the pipeline is done. */
export async function openTestHouse(
  database: TestDatabase,
  { log = silentLog, ...options }: HouseOptions = {},
): Promise<TestHouse> {
  // What was read is as old as the template, which a clock or a quota of one's own would not understand.
  const hasOwn = options.now !== undefined || options.realQuota !== undefined;
  const store = await database.open(hasOwn ? MIGRATED : READ);
  const { house, wrong } = await furnished(store, { log, ...options });
  // Where it was read before, the reading at the start is still under way and would miss what the test does next.
  if (!hasOwn) await house.aws.sync();
  const { practice } = house;
  if (!practice) throw new Error('This is practice mode.');
  const seats = new Map<string, Console>();
  await house.addMessenger(consoleMessenger(seats));
  return {
    ...house,
    practice,
    log,
    async stop() {
      await house.stop();
      assertNothing(wrong);
    },
    script: (lines, as) => script(house, seats, lines, as),
    act: (...it) => act(house, ...it),
    quiet: () => until('a quiet house', () => isQuiet(house)),
    idOf: async (company) =>
      (await store.prisma.deal.findFirstOrThrow({ where: { company, successor: null } })).id,
    effects: async (id) => (await practice.world()).applied.filter((it) => id === undefined || it.id === id),
  };
}

/**
 * Practice mode opened, its pipeline read, and closed again. Its deadlines count from when it was made: no older than what
 * a test that takes its time meets anyway.
 */
const READ: Template = {
  name: 'read',
  from: MIGRATED,
  freshMs: 60_000,
  async prepare(place) {
    const { house, wrong } = await furnished(await openAt(place), { log: silentLog });
    await house.stop();
    assertNothing(wrong);
  },
};

/** A house that has read everything. `wrong` gathers what AWS would not have understood. */
async function furnished(store: Store, { clock = false, ...options }: HouseOptions & { log: Log }) {
  const practice = { partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
  const config = { ...practice, dataDir: '', clock };
  const wrong: string[] = [];
  const seen = (operation: string, body: unknown) => void wrong.push(...faultsOfRequest(operation, body));
  const house = await openHouse({ config, store, seen, ...options });
  await until('the first reading', async () => (await house.firstReading()).finished);
  return { house, wrong };
}

function assertNothing(wrong: string[]): void {
  if (wrong.length > 0) throw new Error(`AWS would not understand: ${[...new Set(wrong)].join('; ')}`);
}

async function script(house: House, seats: Map<string, Console>, lines: string, as = LEAD) {
  const [input, output, errorOutput] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const text = collect(output);
  const progress = collect(errorOutput);
  const seat = createConsole({
    dayCalled,
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
  seats.set(as, seat);
  input.end(lines);
  const code = await seat.run();
  if (seats.get(as) === seat) seats.delete(as);
  return { text: text(), progress: progress(), code };
}

/** In a process there is one console; here whoever sits there now is found by their address. */
function consoleMessenger(seats: Map<string, Console>): Messenger {
  const seatOf = (user: string): Messenger => {
    const seat = seats.get(user);
    if (!seat) throw new GoneForGood('They have left.');
    return seat.messenger;
  };
  return {
    platform: 'console',
    tell: async (to, reply) => seatOf(to.user).tell(to, reply),
    redraw: async () => {
      throw new GoneForGood('A script keeps no copies.');
    },
    find: async (email) => (seats.has(email) ? { tenant: 'local', user: email } : undefined),
  };
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

async function isQuiet({ store }: House): Promise<boolean> {
  const [row] = await store.prisma.$queryRaw<{ busy: bigint }[]>`
    SELECT (SELECT count(*) FROM change c WHERE state IN ('requested', 'sending', 'waiting')
        AND (waits_for IS DISTINCT FROM 'locked' OR due_at <= now())
        AND NOT EXISTS (SELECT FROM change e WHERE e.deal_id = c.deal_id AND e.seq < c.seq AND e.state = 'waiting'
          AND e.waits_for = 'locked' AND e.due_at > now()))
      + (SELECT count(*) FROM pgboss.job WHERE name LIKE 'deliver-%' AND state < 'completed'
          AND (data->>'home' IS NULL AND data->>'digest' IS NULL AND data->>'waited' IS NULL OR start_after <= now())) AS busy`;
  return row?.busy === 0n;
}

/** On one line: the console wraps at 80 columns. */
export const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

const collect = (stream: PassThrough): (() => string) => {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
};

/** Everybody may be spoken to at any hour of any day, whenever these tests run. */
export async function wakeAll({ store }: Pick<House, 'store'>): Promise<void> {
  await store.prisma.person.updateMany({ data: { workingDays: [1, 2, 3, 4, 5, 6, 7], country: null } });
  for (const { id: personId } of await store.prisma.person.findMany()) {
    const hours = { from: 0, until: 0 };
    await store.prisma.quiet.upsert({ where: { personId }, create: { personId, ...hours }, update: hours });
  }
}

/** Waits until it holds; fails after `seconds` with what it waited for. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds = 40,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
