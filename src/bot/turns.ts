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
   * Waits until all lanes are open at the same moment, and takes the turn in each of them then: whoever one lane holds back
   * holds up nobody in the others. Who came first goes first. `what` is paused on its own. Throws `tooLong` as soon as it
   * is clear that this takes more than 30 s in all: its job is tried again later, and other jobs go on.
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

/** A lane as it stands: `freeAt` is when the next one is due were they all evenly spread; it opens `aheadMs` before. */
interface Track {
  everyMs: number;
  aheadMs: number;
  freeAt: number;
}

interface Waiting {
  what: string;
  tracks: Track[];
  /** When they came. */
  since: number;
  /** When their turn comes, as it looked then, and not before a pause since then ends. */
  expectedAt: number;
  go(): void;
  giveUp(error: Error): void;
}

const LONGEST_MS = 30_000;
const MANY = 1000;

const REAL: PaceClock = {
  now: () => performance.now(),
  // What is not sent yet stays in its queue: a process that ends does not wait for it.
  sleep: (ms) => sleep(ms, undefined, { ref: false }),
};

export function createTurns({ clock = REAL, tooLong }: TurnsOptions): Turns {
  const tracks = new Map<string, Track>();
  const pausedUntil = new Map<string, number>();
  /** Who waits, in the order they came. */
  let line: Waiting[] = [];
  /** When the line is looked at next. */
  let wakesAt = Number.POSITIVE_INFINITY;

  const pauseOf = (what: string): number => pausedUntil.get(what) ?? 0;
  const tooFar = (at: number, since: number): Error | undefined =>
    at - since > LONGEST_MS ? tooLong(Math.ceil((at - clock.now()) / 1000)) : undefined;
  const trackOf = ({ name, everyMs, atOnce = 1 }: Lane): Track => {
    const track = tracks.get(name) ?? { everyMs, aheadMs: (atOnce - 1) * everyMs, freeAt: 0 };
    tracks.set(name, track);
    return track;
  };

  const letGo = () => {
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    line = line.filter((one) => {
      const opensAt = Math.max(pauseOf(one.what), ...one.tracks.map(opening));
      const late = tooFar(opensAt, one.since);
      if (late) {
        one.giveUp(late);
        return false;
      }
      if (opensAt > now) {
        next = Math.min(next, opensAt);
        return true;
      }
      for (const track of one.tracks) track.freeAt = Math.max(track.freeAt, now) + track.everyMs;
      one.go();
      return false;
    });
    void wakeAt(next);
  };
  const wakeAt = async (at: number) => {
    if (at >= wakesAt) return;
    wakesAt = at;
    await clock.sleep(at - clock.now());
    // Somebody may have come meanwhile who may go before: then the line is looked at twice.
    if (wakesAt === at) wakesAt = Number.POSITIVE_INFINITY;
    letGo();
  };

  return {
    of(what, lanes) {
      return new Promise((go, giveUp) => {
        const since = clock.now();
        if (tracks.size >= MANY) tidy(tracks, line, since);
        const own = lanes.map(trackOf);
        const expectedAt = expected(own, Math.max(pauseOf(what), since), line);
        // Whoever would still stand there when their job is over does not queue up.
        const late = tooFar(expectedAt, since);
        if (late) return giveUp(late);
        line.push({ what, tracks: own, since, expectedAt, go, giveUp });
        letGo();
      });
    },
    pause(what, ms) {
      if (pausedUntil.size >= MANY)
        for (const [name, until] of pausedUntil) if (until <= clock.now()) pausedUntil.delete(name);
      const until = Math.max(pauseOf(what), clock.now() + ms);
      pausedUntil.set(what, until);
      for (const one of line) if (one.what === what) one.expectedAt = Math.max(one.expectedAt, until);
      letGo();
    },
  };
}

const opening = ({ freeAt, aheadMs }: Track): number => freeAt - aheadMs;

/** When somebody who may go from then on has their turn in all of them, behind whoever is expected before them. */
function expected(tracks: readonly Track[], from: number, line: readonly Waiting[]): number {
  let at = from;
  for (const track of tracks) {
    let { freeAt } = track;
    const before = line.filter((one) => one.tracks.includes(track)).map((one) => one.expectedAt);
    for (const theirs of before.sort((a, b) => a - b)) {
      if (theirs > Math.max(at, freeAt - track.aheadMs)) break;
      freeAt = Math.max(freeAt, theirs) + track.everyMs;
    }
    at = Math.max(at, freeAt - track.aheadMs);
  }
  return at;
}

/** A lane in which nobody was for a while needs no memory. */
function tidy(tracks: Map<string, Track>, line: readonly Waiting[], now: number): void {
  const used = new Set(line.flatMap((one) => one.tracks));
  for (const [name, track] of tracks) if (!used.has(track) && track.freeAt < now) tracks.delete(name);
}
