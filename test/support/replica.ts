/** A process of the house that a test feeds with acts and has killed in the middle of them; see child.ts. */
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import type { Intent } from '../../src/bot/intent.ts';
import { openHouse } from '../../src/house.ts';
import type { Practice } from '../../src/practice/create.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { Place } from './databases.ts';
import { LEAD, senderOf, TEAM, until } from './house.ts';

/** Who presses: not the alliance lead, who owns in practice mode whatever is accepted. */
export const ASKER = TEAM.manager;

/** What is over, by words of the statement that committed it, or of the call that AWS has carried out. */
const MOMENTS = {
  asked: 'INSERT INTO act',
  taken: 'FOR UPDATE SKIP LOCKED',
  'marked as sent': 'SET sent_at',
  'started at AWS': 'AWS: StartEngagementByAcceptingInvitationTask',
  'assigned at AWS': 'AWS: AssignOpportunity',
  'updated at AWS': 'AWS: UpdateOpportunity',
  mirrored: 'INSERT INTO deal',
  'written down': 'settled_at = CASE',
} as const;

/** SIGKILL itself right after the so many-eth of these, counted from the order, before anybody in it hears of it. */
export interface Death {
  after: keyof typeof MOMENTS;
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
  if (house.practice) overhear(house.practice, dying.over);
  await until('the first reading', async () => (await house.firstReading()).finished);
  say('open');
  await until('it is the agent', () => house.aws.isAgent(), 300);
  say('agent');
  for await (const line of createInterface({ input: process.stdin })) {
    const { acts, death }: Order = JSON.parse(line);
    if (death) dying.dieBy(death);
    await Promise.all(
      acts.map(async ({ key, verb, input }) => {
        const { changeIds } = await house.desk.handle({ verb, input, key, from: senderOf(ASKER) });
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

/** The same store, which knows the death it shall die. Statements go out by Prisma, or straight to the driver. */
function mortal(store: Store) {
  let words = '';
  let left = Number.POSITIVE_INFINITY;
  const over = (what: string) => {
    if (words && what.includes(words)) left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
  };
  const { prisma, backing } = store;
  return {
    store: {
      ...store,
      prisma: overheard(prisma, ['$queryRaw', '$executeRaw'], over),
      backing:
        backing.kind === 'pglite'
          ? { ...backing, db: overheard(backing.db, ['query'], over) }
          : { ...backing, pool: overheard(backing.pool, ['query'], over) },
    },
    over,
    dieBy({ after, nth }: Death) {
      words = MOMENTS[after];
      left = nth;
    },
  };
}

/** The same object; of these methods `over` hears the statement, before whoever called learns that it is done. */
function overheard<T extends object>(it: T, methods: string[], over: (sql: string) => void): T {
  return new Proxy(it, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (!methods.includes(String(name))) return member.bind(target);
      return async (...args: unknown[]) => {
        const answer: unknown = await Reflect.apply(member, target, args);
        over(sqlOf(args[0]));
        return answer;
      };
    },
  });
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `over` hears each call that AWS has carried out, before its answer comes back. */
function overhear({ handler }: Practice, over: (what: string) => void): void {
  const { handle } = handler;
  handler.handle = async (request) => {
    const answer = await handle(request);
    over(`AWS: ${request.headers['x-amz-target']?.split('.').at(-1)}`);
    return answer;
  };
}

/** A template's strings, what Prisma.sql made of it, or the text itself. */
function sqlOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  if (Array.isArray(statement)) return statement.join('?');
  return typeof statement === 'object' && statement && 'sql' in statement ? String(statement.sql) : '';
}
