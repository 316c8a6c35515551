/** Who reads along where several do: for a command that asks, and before each card is drawn there. */
import type { Context, Place } from '../commands/command.ts';
import { UserError } from '../pipeline/errors.ts';
import { GoneForGood, type Messenger, type Platform, type Room, type RoomAt, StillAsking } from './intent.ts';

/** After this long a room is looked at anew before it is shown anything; right away where a card is new. */
export const FRESH_MS = 5 * 60_000;
export const ANEW = 0;
const MOST_ROOMS = 1000;
const known = new WeakMap<Messenger, Map<string, { room: Room | undefined; at: number }>>();

/** Who reads along there, as known for at most so long. At most 1000 rooms are kept, the oldest goes first. */
export async function lookAround(
  messenger: Messenger,
  at: RoomAt,
  now: Date,
  freshMs: number,
): Promise<Room | undefined> {
  const rooms = known.get(messenger) ?? new Map();
  known.set(messenger, rooms);
  const key = JSON.stringify([at.tenant, at.conversation]);
  const kept = rooms.get(key);
  if (kept && now.getTime() - kept.at < freshMs) return kept.room;
  rooms.delete(key);
  const room = await messenger.room?.(at);
  rooms.set(key, { room, at: now.getTime() });
  const [oldest] = rooms.keys();
  if (rooms.size > MOST_ROOMS && oldest !== undefined) rooms.delete(oldest);
  return room;
}

interface House {
  messengers?: ReadonlyMap<Platform, Messenger>;
  now: () => Date;
}

/** For a command: what is known of where it was said. */
export function placeOf({ messengers, now }: House, at: RoomAt, platform: Platform): Pick<Context, 'room'> {
  const messenger = messengers?.get(platform);
  if (!messenger?.room) return {};
  return {
    async room(): Promise<Place | undefined> {
      try {
        const room = await lookAround(messenger, at, now(), ANEW);
        return room && { ...room, link: async (ref) => messenger.link?.(ref) };
      } catch (error) {
        // What the person can mend, or wait for.
        if (error instanceof GoneForGood) throw new UserError(NOT_IN);
        if (error instanceof StillAsking) throw new UserError(IN_A_MOMENT);
        throw error;
      }
    },
  };
}

const NOT_IN =
  'I am not in this channel, so nothing was posted. Say “/invite @ace-desk” here, then say it again.';
const IN_A_MOMENT =
  'I am still finding out who reads along here, so nothing was posted. Say it again in a minute.';
