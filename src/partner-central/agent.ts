/**
 * The one who talks to AWS for the whole fleet: takes the next Change, carries it a step further, writes down how far it
 * came. At least once, with a read before every send.
 */
import type { Log } from '../log.ts';
import { type Job, markSent, nextDue, noteAgent, type Step, settle, take } from '../store/agent.ts';
import { saveMirror } from '../store/deals.ts';
import type { Store } from '../store/store.ts';
import type { PartnerCentral } from './client.ts';
import { classify, explain, operatorView, requestIdOf } from './errors.ts';
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
/** An unexpected error is tried again this often before the person is told. */
const TRIES_OF_A_BUG = 5;

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
  try {
    const step = await perform(hands);
    await settle(store, epoch, job.id, step);
    await noteAgent(store, epoch, { calledAt: now() });
  } catch (error) {
    if (error instanceof NotTheAgent) return;
    await settle(store, epoch, job.id, afterFault(error, job, now(), log)).catch((fault: unknown) =>
      log.error({ err: fault }, 'a Change could not be written down; it is taken up again'),
    );
  }
}

/** What a fault of AWS or of ours means for a Change. */
export function afterFault(error: unknown, job: Job, now: Date, log: Log): Step {
  const kind = classify(error);
  const requestId = requestIdOf(error);
  const id = requestId ? { awsRequestId: requestId } : {};
  const dueAt = new Date(now.getTime() + restMs(job.attempts));
  switch (kind) {
    case 'throttled':
      return {
        state: 'waiting',
        waitsFor: 'unavailable',
        answer: 'AWS asks us to go slower; it goes out in its turn.',
        dueAt,
        ...id,
      };
    case 'unavailable':
      return job.sent
        ? {
            state: 'waiting',
            waitsFor: 'answer',
            answer: 'AWS did not answer; I am finding out whether it has it.',
            dueAt,
            ...id,
          }
        : {
            state: 'waiting',
            waitsFor: 'unavailable',
            answer: 'AWS does not answer; it goes out as soon as it does.',
            dueAt,
            ...id,
          };
    case 'conflict':
      return {
        state: 'waiting',
        waitsFor: job.sent ? 'answer' : 'unavailable',
        answer: 'The record moved at AWS meanwhile; looking again.',
        dueAt: now,
        ...id,
      };
    case 'locked':
      return {
        state: 'waiting',
        waitsFor: 'locked',
        answer: 'AWS has the record locked while it reviews it.',
        dueAt: new Date(now.getTime() + 15 * 60_000),
        ...id,
      };
    case 'refused':
    case 'denied':
    case 'not-found':
      log.warn({ aws: operatorView(error) }, 'AWS refused a Change');
      return { state: 'refused', answer: explain(error), ...id };
    case 'bug':
      log.error({ err: error, attempts: job.attempts }, 'a Change failed unexpectedly');
      return job.attempts < TRIES_OF_A_BUG
        ? {
            state: 'waiting',
            waitsFor: job.sent ? 'answer' : 'unavailable',
            answer: 'Something went wrong on our side; trying again.',
            dueAt,
            ...id,
          }
        : {
            state: 'refused',
            answer:
              'Something went wrong on our side, five times over. Whoever runs ace-desk finds it in the log.',
            ...id,
          };
  }
}

/** 1, 2, 4 … 60 seconds, with a little chance so that a fleet of Changes does not knock all at once. */
const restMs = (attempts: number): number =>
  Math.min(60_000, 1000 * 2 ** Math.min(attempts - 1, 6)) * (0.8 + 0.4 * Math.random());
