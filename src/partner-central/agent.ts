/**
 * The one who talks to AWS for the whole fleet: takes the next Change, carries it a step further, writes down how far it
 * came. At least once, with a read before every send.
 */
import type { Log } from '../log.ts';
import type { Deal } from '../pipeline/deal.ts';
import { type Job, markSent, nextDueMs, noteAgent, take } from '../store/agent.ts';
import { load, saveMirror } from '../store/deals.ts';
import { settle } from '../store/settle.ts';
import type { Store } from '../store/store.ts';
import type { PartnerCentral } from './client.ts';
import { classify, type Trouble } from './errors.ts';
import { afterFault } from './faults.ts';
import type { Entry } from './mapping.ts';
import { perform } from './perform.ts';

export interface Agent {
  /** There may be something to do. */
  wake(): void;
  /** No new Change is taken; resolves once nothing is in hand any more. */
  stop(): Promise<void>;
  /** The same where the lease is lost: whatever fails from now on is left as it is, for whoever has it next. */
  drop(): Promise<void>;
}

/** What a step needs of the agent. */
export interface Hands {
  aws: PartnerCentral;
  job: Job;
  now: () => Date;
  /** Call before the first write: from here on AWS may have seen it. @throws HoldVoid */
  sending(): Promise<void>;
  /** Call when a write call returned: AWS has it, whatever becomes of reading it back. */
  wrote(): void;
  /** Writes what AWS returned into the mirror. */
  mirror(entries: Entry[]): Promise<void>;
  /** The mirror's own copy, with what AWS does not know: submitter, offers, a lead's owner. */
  known(dealId: string): Promise<Deal | undefined>;
}

export interface AgentParts {
  store: Store;
  aws: PartnerCentral;
  epoch: bigint;
  log: Log;
  now: () => Date;
}

/** We are not the agent any more, or the Change was taken back or rewritten: nothing is sent, nothing written. */
class HoldVoid extends Error {
  override name = 'HoldVoid';
}

/** The last fault of a Change, and how often in a row it came. */
type Strikes = Map<string, { kind: Trouble; times: number }>;

const AT_ONCE = 4;
const IDLE_MS = 5_000;

export function startAgent(parts: AgentParts): Agent {
  const inHand = new Map<string, Promise<void>>();
  const strikes: Strikes = new Map();
  let stopped = false;
  let dropped = false;
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
      const work = carry(parts, job, strikes, () => dropped).finally(() => {
        inHand.delete(job.id);
        rouse();
      });
      inHand.set(job.id, work);
    }
    if (jobs.length > 0 || free === 0) return free === 0 ? IDLE_MS : 0;
    const ms = await nextDueMs(parts.store, parts.epoch, [...inHand.keys()]);
    return Math.min(IDLE_MS, Math.max(20, ms ?? IDLE_MS));
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
  const stop = async () => {
    stopped = true;
    rouse();
    await running;
  };
  return {
    wake: () => rouse(),
    stop,
    drop() {
      dropped = true;
      return stop();
    },
  };
}

/** One Change, one step. Whatever happens is written down; only the database being away leaves it for the next try. */
async function carry(
  { store, aws, epoch, log, now }: AgentParts,
  job: Job,
  strikes: Strikes,
  dropped: () => boolean,
): Promise<void> {
  let wrote = false;
  const hands: Hands = {
    aws,
    job,
    now,
    async sending() {
      const warn = (writes: number) => log.warn({ writes }, 'most of what AWS takes in a day is used up');
      if (!(await markSent(store, epoch, job, warn))) throw new HoldVoid();
      job.sent = true;
    },
    wrote() {
      wrote = true;
    },
    async mirror(entries) {
      await saveMirror(store, entries, epoch);
    },
    async known(dealId) {
      return (await load(store, dealId))?.deal;
    },
  };
  const wasSent = job.sent;
  try {
    const step = await perform(hands);
    await settle(store, epoch, job, step);
    strikes.delete(job.id);
    await noteAgent(store, epoch, { calledAt: now() });
  } catch (error) {
    if (error instanceof HoldVoid || dropped()) return;
    const attempt = { sent: job.sent, wasSent, wrote, inARow: strike(strikes, job.id, classify(error)) };
    const step = afterFault(error, attempt, log);
    if (step.state !== 'waiting') strikes.delete(job.id);
    await settle(store, epoch, job, step).catch((fault: unknown) =>
      log.error({ err: fault }, 'a Change could not be written down; it is taken up again'),
    );
  }
}

/** @returns the how many-eth of its kind in a row it is. */
function strike(strikes: Strikes, id: string, kind: Trouble): number {
  const before = strikes.get(id);
  const times = before?.kind === kind ? before.times + 1 : 1;
  strikes.set(id, { kind, times });
  return times;
}
