/**
 * The one who talks to AWS for the whole fleet: takes the next Change, carries it a step further, writes down how far it
 * came. At least once, with a read before every send.
 */
import type { Log } from '../log.ts';
import { type Job, markSent, nextDue, noteAgent, settle, take } from '../store/agent.ts';
import { saveMirror } from '../store/deals.ts';
import type { Store } from '../store/store.ts';
import type { PartnerCentral } from './client.ts';
import { afterFault } from './faults.ts';
import type { Entry } from './mapping.ts';
import { perform } from './perform.ts';

export interface Agent {
  /** There may be something to do. */
  wake(): void;
  /** Resolves once nothing is in hand any more; no new Change is taken. */
  stop(): Promise<void>;
}

/** What a step needs of the agent. */
export interface Hands {
  aws: PartnerCentral;
  job: Job;
  now: () => Date;
  /** Call before the first write: from here on AWS may have seen it. @throws NotTheAgent */
  sending(): Promise<void>;
  /** Writes what AWS returned into the mirror. */
  mirror(entries: Entry[]): Promise<void>;
}

export interface AgentParts {
  store: Store;
  aws: PartnerCentral;
  epoch: bigint;
  log: Log;
  now: () => Date;
}

class NotTheAgent extends Error {
  override name = 'NotTheAgent';
}

const AT_ONCE = 4;
const IDLE_MS = 5_000;

export function startAgent(parts: AgentParts): Agent {
  const inHand = new Map<string, Promise<void>>();
  let stopped = false;
  let rouse = () => {};

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function round(): Promise<number> {
    const ids = [...inHand.keys()];
    const free = AT_ONCE - ids.length;
    const jobs = free > 0 ? await take(parts.store, parts.epoch, ids, free) : [];
    for (const job of jobs) {
      const work = carry(parts, job).finally(() => {
        inHand.delete(job.id);
        rouse();
      });
      inHand.set(job.id, work);
    }
    if (jobs.length > 0 || free === 0) return free === 0 ? IDLE_MS : 0;
    const due = await nextDue(parts.store, [...inHand.keys()]);
    return due ? Math.min(IDLE_MS, Math.max(20, due.getTime() - Date.now() - parts.store.skewMs)) : IDLE_MS;
  }

  async function run(): Promise<void> {
    while (!stopped) {
      let roused = false;
      rouse = () => {
        roused = true;
      };
      const rest = await round().catch((error: unknown) => {
        parts.log.error({ err: error }, 'the agent could not read its queue');
        return IDLE_MS;
      });
      if (!roused && rest > 0 && !stopped) await sleep(rest);
    }
    await Promise.allSettled(inHand.values());
  }

  const running = run();
  return {
    wake: () => rouse(),
    async stop() {
      stopped = true;
      rouse();
      await running;
    },
  };
}

/** One Change, one step. Whatever happens is written down; only the database being away leaves it for the next try. */
async function carry({ store, aws, epoch, log, now }: AgentParts, job: Job): Promise<void> {
  const hands: Hands = {
    aws,
    job,
    now,
    async sending() {
      if (!(await markSent(store, epoch, job.id))) throw new NotTheAgent();
      job.sent = true;
    },
    async mirror(entries) {
      await saveMirror(store, entries, epoch);
    },
  };
  const wasSent = job.sent;
  try {
    const step = await perform(hands);
    await settle(store, epoch, job.id, step);
    await noteAgent(store, epoch, { calledAt: now() });
  } catch (error) {
    if (error instanceof NotTheAgent) return;
    await settle(store, epoch, job.id, afterFault(error, { ...job, wasSent }, now(), log)).catch(
      (fault: unknown) =>
        log.error({ err: fault }, 'a Change could not be written down; it is taken up again'),
    );
  }
}
