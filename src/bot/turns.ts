/** Waiting in line for a platform's rate limits: in memory, by process, smooth. The platform's own numbers are the door's. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface PaceClock {
  /** Epoch ms, or any clock that only moves on. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** One each so many ms, after so many at once (default 1). Calls that name the same lane wait for each other. */
export interface Lane {
  name: string;
  everyMs: number;
  atOnce?: number;
}

export interface Turns {
  /**
   * Waits for the turn in each lane, one after the other; `what` is paused on its own. Throws `tooLong` at once where a lane
   * would keep it waiting for more than 30 s: its job is tried again later, and other jobs go on.
   */
  of(what: string, lanes: readonly Lane[]): Promise<void>;
  /** The platform asks that nothing of that goes out for so long. */
  pause(what: string, ms: number): void;
}

export interface TurnsOptions {
  clock?: PaceClock;
  /** What is thrown where somebody would wait too long. */
  tooLong(seconds: number): Error;
}

interface Queue {
  /** Whoever came last; the next waits behind them. */
  tail: Promise<void>;
  /** When the next one is due, were they all evenly spread. */
  freeAt: number;
  /** How many stand in it. */
  waiting: number;
}

const LONGEST_MS = 30_000;
const MANY = 1000;

const REAL: PaceClock = {
  now: () => performance.now(),
  // What is not sent yet stays in its queue: a process that ends does not wait for it.
  sleep: (ms) => sleep(ms, undefined, { ref: false }),
};

export function createTurns({ clock = REAL, tooLong }: TurnsOptions): Turns {
  const queues = new Map<string, Queue>();
  const pausedUntil = new Map<string, number>();
  const queueOf = (name: string): Queue => {
    if (queues.size >= MANY) tidy(queues, clock.now());
    const queue = queues.get(name) ?? { tail: Promise.resolve(), freeAt: 0, waiting: 0 };
    queues.set(name, queue);
    return queue;
  };
  const wait = async (what: string, queue: Queue, ahead: number) => {
    for (;;) {
      const paused = (pausedUntil.get(what) ?? 0) - clock.now();
      if (paused > LONGEST_MS) throw tooLong(Math.ceil(paused / 1000));
      const ms = Math.max(paused, queue.freeAt - ahead - clock.now());
      if (ms <= 0) return;
      await clock.sleep(ms);
    }
  };
  const take = async (what: string, { name, everyMs, atOnce = 1 }: Lane): Promise<void> => {
    const queue = queueOf(name);
    // While a pause lasts nobody passes, and of those who wait `atOnce` pass together when it ends.
    const ms = Math.max(0, queue.freeAt - clock.now()) + (queue.waiting - (atOnce - 1)) * everyMs;
    // Whoever would still stand there when their job is over does not queue up.
    if (ms > LONGEST_MS) throw tooLong(Math.ceil(ms / 1000));
    queue.waiting++;
    const turn = queue.tail
      .then(async () => {
        await wait(what, queue, (atOnce - 1) * everyMs);
        queue.freeAt = Math.max(queue.freeAt, clock.now()) + everyMs;
      })
      .finally(() => {
        queue.waiting--;
      });
    // Whoever gives up lets the next one pass.
    queue.tail = turn.catch(() => undefined);
    return turn;
  };
  return {
    async of(what, lanes) {
      for (const lane of lanes) await take(what, lane);
    },
    pause(what, ms) {
      if (pausedUntil.size >= MANY)
        for (const [name, until] of pausedUntil) if (until <= clock.now()) pausedUntil.delete(name);
      pausedUntil.set(what, Math.max(pausedUntil.get(what) ?? 0, clock.now() + ms));
    },
  };
}

/** A lane in which nobody was for a while needs no memory. */
function tidy(queues: Map<string, Queue>, now: number): void {
  for (const [name, { freeAt, waiting }] of queues) if (waiting === 0 && freeAt < now) queues.delete(name);
}
