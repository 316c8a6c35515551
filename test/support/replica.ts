/** A process of the house that a test feeds with acts and has killed in the middle of them; see child.ts. */
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import type { Intent } from '../../src/bot/intent.ts';
import { openHouse } from '../../src/house.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { Place } from './databases.ts';
import { LEAD, senderOf, until } from './house.ts';

/** What a statement commits, by words of its SQL. */
const STATEMENTS = {
  asked: 'INSERT INTO act',
  taken: 'FOR UPDATE SKIP LOCKED',
  marked: 'SET sent_at',
  'done at AWS': 'INSERT INTO practice',
  mirrored: 'INSERT INTO deal',
  'written down': 'settled_at = CASE',
} as const;

/** SIGKILL itself right after the so many-eth of these was committed, counted from the order. */
export interface Death {
  after: keyof typeof STATEMENTS;
  nth: number;
}

/** One line on its standard input. Without a death it finishes everything. */
export interface Order {
  acts: { key: string; verb: Intent['verb']; input: Record<string, string> }[];
  death?: Death;
}

/**
 * Prints "open", "agent" once it is the one, "taken <key>" for each act that is committed, and, of an order without a
 * death, "quiet" when no Change is open any more.
 */
export async function runReplica(place: Place): Promise<void> {
  const log = pino({ level: 'silent' });
  const dying = mortal(await openStore({ ...place, log }));
  const config = { ...place, partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
  const house = await openHouse({ config, log, store: dying.store });
  await until('the first reading', async () => (await house.firstReading()).finished);
  say('open');
  await until('it is the agent', () => house.aws.isAgent(), 300);
  say('agent');
  for await (const line of createInterface({ input: process.stdin })) {
    const { acts, death }: Order = JSON.parse(line);
    if (death) dying.dieBy(death);
    await Promise.all(
      acts.map(async ({ key, verb, input }) => {
        const { changeIds } = await house.desk.handle({ verb, input, key, from: senderOf(LEAD) });
        if (changeIds.length > 0) say(`taken ${key}`);
      }),
    );
    if (death) continue;
    const open = { where: { settledAt: null } };
    await until('nothing is open', async () => (await house.store.prisma.change.count(open)) === 0, 60);
    await house.stop();
    say('quiet');
    process.exit(0);
  }
}

/** The same store, which knows the death it shall die. */
function mortal(store: Store): { store: Store; dieBy(death: Death): void } {
  let words = '';
  let left = Number.POSITIVE_INFINITY;
  const counted = async (statement: Promise<unknown>, sql: string) => {
    const answer = await statement;
    if (words && sql.includes(words)) left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
    return answer;
  };
  const prisma = new Proxy(store.prisma, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (name !== '$queryRaw' && name !== '$executeRaw') return member;
      return (...args: unknown[]) => counted(Reflect.apply(member, target, args), sqlOf(args[0]));
    },
  });
  return {
    store: { ...store, prisma },
    dieBy({ after, nth }) {
      words = STATEMENTS[after];
      left = nth;
    },
  };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A template's strings, or what Prisma.sql made of it. */
function sqlOf(statement: unknown): string {
  if (Array.isArray(statement)) return statement.join('?');
  return typeof statement === 'object' && statement && 'sql' in statement ? String(statement.sql) : '';
}
