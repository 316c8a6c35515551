/**
 * Keeps ace-desk within Partner Central's quota: 10 reads and 1 write a second for the whole account, which other
 * tools of the partner share (Partner Central quotas). Every call takes a slot; a person's goes before synchronisation.
 */
export type Lane = 'read' | 'write';
export type Priority = 'interactive' | 'sync';

/** When the next call of each lane may go out. Kept for the hand-over to another agent. */
export interface Slots {
  nextReadAt: Date;
  nextWriteAt: Date;
}

export interface Pace {
  /** Resolves when the caller may send. Rejects when the slot could not be saved, or after `stop`. */
  take(lane: Lane, priority?: Priority): Promise<void>;
  /** No slot of that lane for so many ms: AWS said slow down. */
  backOff(lane: Lane, ms: number): void;
  /** Turns away whoever waits, and everyone after. */
  stop(): void;
}

export interface PaceOptions {
  /** `Infinity` means no pacing (practice mode's generous quota). */
  readsPerSecond?: number;
  writesPerSecond?: number;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  /** The predecessor's slots. */
  saved?: Slots;
  /**
   * Writes the slots down before they are used, so that a successor never doubles the rate. Reads are reserved a second
   * ahead: at most one save a second. Throwing keeps the call from being sent (the lease is lost).
   */
  save?: (slots: Slots) => Promise<void>;
}

interface Waiter {
  priority: Priority;
  go: () => void;
  refuse: (error: unknown) => void;
}

interface Track {
  gapMs: number;
  nextAt: number;
  /** Slots before this moment are written down as ours. */
  reservedTo: number;
  waiting: Waiter[];
  running: boolean;
}

/** Slots lie a little further apart than the quota asks: a network that hurries one call must not break it. */
const SLACK = 1.1;
const RESERVE_MS = 1000;
/** A saved slot further ahead than this is another machine's wrong clock, not a rule of AWS. */
const MOST_CARRIED_MS = 15 * 60_000;

/** Hands out slots one by one, evenly spaced. Moments come from `now`, waiting from `sleep`. */
export function createPace(options: PaceOptions): Pace {
  const now = () => options.now().getTime();
  const { readsPerSecond = 10, writesPerSecond = 1, saved } = options;
  const tracks: Record<Lane, Track> = {
    read: track(readsPerSecond, saved?.nextReadAt, now()),
    write: track(writesPerSecond, saved?.nextWriteAt, now()),
  };
  let stopped = false;
  let saving = Promise.resolve();

  /** One save after the other, or an older one could overwrite a newer. */
  function save(): Promise<void> {
    const slots = () => ({
      nextReadAt: new Date(tracks.read.reservedTo),
      nextWriteAt: new Date(tracks.write.reservedTo),
    });
    const mine = saving.then(() => options.save?.(slots()));
    saving = mine.then(nothing, nothing);
    return mine;
  }

  async function reserve(lane: Track): Promise<void> {
    const end = now() + lane.gapMs;
    if (!options.save || lane.gapMs === 0 || end <= lane.reservedTo) return;
    const before = lane.reservedTo;
    lane.reservedTo = Math.max(end, now() + RESERVE_MS);
    await save().catch((error: unknown) => {
      lane.reservedTo = before;
      throw error;
    });
  }

  async function serve(lane: Track): Promise<void> {
    lane.running = true;
    while (lane.waiting.length > 0) {
      const early = lane.nextAt - now();
      if (early > 0) {
        await options.sleep(Math.ceil(early));
        continue;
      }
      const failed = await reserve(lane).then(nothing, (error: unknown) => ({ error }));
      // Meanwhile AWS may have said slow down: then the slot, saved or not, is not used.
      if (!failed && lane.nextAt > now()) continue;
      const head = first(lane.waiting);
      if (failed) head?.refuse(failed.error);
      else if (head) {
        lane.nextAt = now() + lane.gapMs;
        head.go();
      }
    }
    lane.running = false;
  }

  return {
    take(name, priority = 'interactive') {
      if (stopped) return Promise.reject(new Error('The pace was stopped'));
      const lane = tracks[name];
      return new Promise((go, refuse) => {
        lane.waiting.push({ priority, go, refuse });
        if (!lane.running) void serve(lane);
      });
    },
    backOff(name, ms) {
      tracks[name].nextAt = Math.max(tracks[name].nextAt, now() + ms);
    },
    stop() {
      stopped = true;
      for (const lane of Object.values(tracks))
        for (const waiter of lane.waiting.splice(0)) waiter.refuse(new Error('The pace was stopped'));
    },
  };
}

const track = (perSecond: number, saved: Date | undefined, now: number): Track => {
  const nextAt = Math.min(saved?.getTime() ?? now, now + MOST_CARRIED_MS);
  return { gapMs: (1000 / perSecond) * SLACK, nextAt, reservedTo: nextAt, waiting: [], running: false };
};

/** Takes the first person's call, or else the first of synchronisation. */
function first(waiting: Waiter[]): Waiter | undefined {
  const person = waiting.findIndex((waiter) => waiter.priority === 'interactive');
  return waiting.splice(Math.max(person, 0), 1)[0];
}

const nothing = () => undefined;
