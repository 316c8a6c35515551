/**
 * Keeps what nobody waits for within Slack's rate limits of one workspace (docs.slack.dev, Rate limits): in memory, by
 * process, smooth. What people wait for (`Door.web`) is not paced.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { webApi } from '@slack/bolt';
import { createTurns, type PaceClock } from '../bot/turns.ts';

export type { PaceClock };

/**
 * A call of that method waits for these: one each so many ms, after so many at once (default 1). `by`: a lane of its own for
 * each value of that argument.
 */
interface Lane {
  everyMs: number;
  atOnce?: number;
  by?: string;
}

/** Calls a minute of Slack's tiers. */
const TIER = { 2: 20, 3: 50, 4: 100 } as const;
/** A fifth of the minute at once, so that a few redraws do not wait for each other; the rest evenly. No minute has more. */
const tier = (of: keyof typeof TIER): Lane => ({ everyMs: 60_000 / (TIER[of] * 0.8), atOnce: TIER[of] / 5 });

/** "Several hundred a minute" in a workspace, and a message a second in each channel. */
const POSTING: Lane[] = [{ everyMs: 200 }, { everyMs: 1000, by: 'channel' }];

/** By method; whatever is not named here counts as tier 3. */
const LANES: Record<string, Lane[]> = {
  'chat.postMessage': POSTING,
  'chat.update': [tier(3)],
  'chat.unfurl': [tier(3)],
  'files.completeUploadExternal': [tier(4)],
  'files.getUploadURLExternal': [tier(4)],
  'conversations.open': [tier(3)],
  'conversations.info': [tier(3)],
  'conversations.members': [tier(4)],
  'users.lookupByEmail': [tier(3)],
  'users.info': [tier(4)],
  'users.list': [tier(2)],
  'views.publish': [tier(4)],
  'views.update': [tier(4)],
};
const ORDINARY: Lane[] = [tier(3)];

/** So often a call is asked to go slower before it gives up. */
const TRIES = 5;

/**
 * The same client, whose calls wait for their turn; a 429 pauses that method in this workspace for as long as Slack asks.
 * @param web made with `rejectRateLimitedCalls`: a client that waits by itself holds up all its methods.
 * @param turn the lanes; clients that share them wait for each other.
 * @throws what the client throws; WebAPIRateLimitedError at once where a lane would keep it waiting for more than 30 s.
 */
export function paced(web: webApi.WebClient, turn: Turns): webApi.WebClient {
  const call = async (method: string, args: unknown[], carryOut: () => Promise<unknown>) => {
    for (let attempt = 1; ; attempt++) {
      await turn.of(method, args[0]);
      try {
        return await carryOut();
      } catch (error) {
        // Slack asks us to go slower: that is no failure of this call.
        if (!(error instanceof webApi.WebAPIRateLimitedError)) throw error;
        turn.pause(method, error.retryAfter * 1000);
        if (attempt === TRIES) throw error;
      }
    }
  };
  return methodsOf(web, '', call);
}

/** The same client, for whoever has waited for their turn before: tries nothing again; a 429 pauses what shares the lanes. */
export function unpaced(web: webApi.WebClient, turn: Turns): webApi.WebClient {
  return methodsOf(web, '', async (method, _, carryOut) => {
    try {
      return await carryOut();
    } catch (error) {
      if (error instanceof webApi.WebAPIRateLimitedError) turn.pause(method, error.retryAfter * 1000);
      throw error;
    }
  });
}

type Call = (method: string, args: unknown[], carryOut: () => Promise<unknown>) => Promise<unknown>;

/** `web.chat.postMessage` is the method chat.postMessage; `path` leads to this part of the client. */
function methodsOf<Part extends object>(part: Part, path: string, call: Call): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      const method = `${path}${String(name)}`;
      if (typeof member === 'function') {
        // The client's own helpers stand at the top; the methods of the Web API each in their family.
        if (path === '') return member.bind(target);
        return (...args: unknown[]) => call(method, args, () => Reflect.apply(member, target, args));
      }
      const isFamily = typeof member === 'object' && member !== null && /^[a-z]/.test(String(name));
      return isFamily ? methodsOf(member, `${method}.`, call) : member;
    },
  });
}

/** The lanes of one workspace. */
export interface Turns {
  /** Waits for the turn of such a call. Throws WebAPIRateLimitedError where that would be longer than 30 s. */
  of(method: string, args: unknown): Promise<void>;
  pause(method: string, ms: number): void;
  /** By the same clock; keeps no process alive. */
  sleep(ms: number): Promise<void>;
}

export function turnsOf(clock?: PaceClock): Turns {
  const turns = createTurns({
    ...(clock ? { clock } : {}),
    tooLong: (seconds) => new webApi.WebAPIRateLimitedError(seconds),
  });
  return {
    of: (method, args) =>
      turns.of(
        method,
        (LANES[method] ?? ORDINARY).map(({ by, ...lane }) => ({
          ...lane,
          name: by ? `${method} ${argumentOf(args, by)}` : method,
        })),
      ),
    pause: turns.pause,
    sleep: clock?.sleep ?? ((ms) => sleep(ms, undefined, { ref: false })),
  };
}

const argumentOf = (args: unknown, member: string): string =>
  typeof args === 'object' && args !== null ? String(Reflect.get(args, member)) : '';
