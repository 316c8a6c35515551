/** A process of the house that a test feeds with acts and has killed in the middle of them; see child.ts. */
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import type { Intent } from '../../src/bot/intent.ts';
import { openHouse } from '../../src/house.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { Place } from './databases.ts';
import { LEAD, senderOf, until } from './house.ts';

/** One line on its standard input. */
export interface Order {
  acts: { key: string; verb: Intent['verb']; input: Record<string, string> }[];
  /** SIGKILL itself right after so many statements were committed, counted from here. Absent: never. */
  dieAfter?: number;
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
    const { acts, dieAfter }: Order = JSON.parse(line);
    if (dieAfter !== undefined) dying.dieAfter(dieAfter);
    await Promise.all(
      acts.map(async ({ key, verb, input }) => {
        const { changeIds } = await house.desk.handle({ verb, input, key, from: senderOf(LEAD) });
        if (changeIds.length > 0) say(`taken ${key}`);
      }),
    );
    if (dieAfter !== undefined) continue;
    const open = { where: { settledAt: null } };
    await until('nothing is open', async () => (await house.store.prisma.change.count(open)) === 0, 60);
    await house.stop();
    say('quiet');
    process.exit(0);
  }
}

/** The same store, whose raw statements (each of them a commit: asking, taking, marking, AWS's own world) are counted. */
function mortal(store: Store): { store: Store; dieAfter(statements: number): void } {
  let left = Number.POSITIVE_INFINITY;
  const counted = async (statement: Promise<unknown>) => {
    const answer = await statement;
    left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
    return answer;
  };
  const prisma = new Proxy(store.prisma, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (name !== '$queryRaw' && name !== '$executeRaw') return member;
      return (...args: unknown[]) => counted(Reflect.apply(member, target, args));
    },
  });
  return {
    store: { ...store, prisma },
    dieAfter(statements) {
      left = statements;
    },
  };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
