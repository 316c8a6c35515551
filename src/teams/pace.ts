/**
 * Teams' rates (learn.microsoft.com, "Optimize your bot with rate limiting"): for each conversation 7 messages in 1 s, 8 in
 * 2 s, 60 in 30 s, 1800 an hour, updates among them; 14 look-ups of members a second; for the app in a tenant 30 a second by
 * one page and 50 by another: 25 here. Whatever they are that day, a 429 says it.
 */
import { createTurns, type Lane, type PaceClock } from '../bot/turns.ts';
import type { Address } from './door.ts';

type Place = Pick<Address, 'tenant' | 'conversation'>;

/** Of those at once, and the rest evenly, no window of so many ms holds more than `most`. */
const within = (most: number, ms: number, atOnce: number): Omit<Lane, 'name'> => ({
  everyMs: ms / (most - atOnce),
  atOnce,
});

const TENANT = within(25, 1000, 5);
/** The last also keeps 7 in 1 s. */
const CONVERSATION = [within(1800, 3_600_000, 900), within(60, 30_000, 30), within(8, 2000, 4)];
const MEMBERS = within(14, 1000, 4);

/** The rates would have kept a call waiting for longer than 30 s. It was not sent: try again later. */
export class TooFast extends Error {
  override name = 'TooFast';
}

export interface Pace {
  /** Waits until a message, or an update of one, may go out there. Throws `TooFast`. */
  send(at: Place): Promise<void>;
  /** The same for a look-up of members. */
  members(at: Place): Promise<void>;
  /** Teams answered 429 there; for `ConnectorOptions.onSlow`. */
  pause(at: Place, ms: number): void;
}

/** One for the whole process. */
export function createPace(clock?: PaceClock): Pace {
  const turns = createTurns({
    ...(clock ? { clock } : {}),
    tooLong: (seconds) => new TooFast(`Teams' rates ask to wait ${seconds} s`),
  });
  /** The tenant's turn and the conversation's at once: a conversation that has to wait holds up no other. */
  const wait = (at: Place, lanes: Omit<Lane, 'name'>[], kind: string) => {
    const place = placeOf(at);
    return turns.of(place, [
      { name: at.tenant, ...TENANT },
      ...lanes.map((lane, nth) => ({ name: `${kind}${nth} ${place}`, ...lane })),
    ]);
  };
  return {
    send: (at) => wait(at, CONVERSATION, 'send'),
    members: (at) => wait(at, [MEMBERS], 'members'),
    pause: (at, ms) => turns.pause(placeOf(at), ms),
  };
}

/** A thread counts with its channel. */
const placeOf = ({ tenant, conversation }: Place): string =>
  `${tenant} ${conversation.replace(/;messageid=.*$/, '')}`;
