/** Who reads along where several do: for a command that asks, and before each card is drawn there. */
import type { Context, Place } from '../commands/command.ts';
import { UserError } from '../pipeline/errors.ts';
import { GoneForGood, type Messenger, type Platform, type Room, type RoomAt, StillAsking } from './intent.ts';

const asking = new WeakMap<Messenger, Map<string, Promise<Room | undefined>>>();

/**
 * Who reads along there, asked anew; of many that ask at once, one does. Nothing is kept: people come and go.
 * @param how soon: somebody waits for the answer; else within the platform's rates.
 */
export function lookAround(
  messenger: Messenger,
  at: RoomAt,
  how: 'soon' | 'patiently' = 'patiently',
): Promise<Room | undefined> {
  const rooms = asking.get(messenger) ?? new Map<string, Promise<Room | undefined>>();
  asking.set(messenger, rooms);
  const key = JSON.stringify([at.tenant, at.conversation, how]);
  const running = rooms.get(key);
  if (running) return running;
  const room = ask(messenger, at, how).finally(() => rooms.delete(key));
  rooms.set(key, room);
  return room;
}

const ask = async (messenger: Messenger, at: RoomAt, how: 'soon' | 'patiently'): Promise<Room | undefined> =>
  messenger.room?.(at, how);

interface House {
  messengers?: ReadonlyMap<Platform, Messenger>;
}

/** For a command: what is known of where it was said. */
export function placeOf({ messengers }: House, at: RoomAt, platform: Platform): Pick<Context, 'room'> {
  const messenger = messengers?.get(platform);
  if (!messenger?.room) return {};
  return {
    async room(conversation = at.conversation): Promise<Place | undefined> {
      try {
        const room = await lookAround(messenger, { tenant: at.tenant, conversation }, 'soon');
        return room && { ...room, conversation, link: async (ref) => messenger.link?.(ref) };
      } catch (error) {
        // What the person can mend, or wait for.
        if (error instanceof GoneForGood) throw new UserError(NOT_IN[platform]);
        if (error instanceof StillAsking) throw new UserError(IN_A_MOMENT);
        throw error;
      }
    },
  };
}

const CANNOT_POST = 'I am not in this channel, so nothing was posted.';
const NOT_IN: Record<Platform, string> = {
  slack: `${CANNOT_POST} Say “/invite @ace-desk” here, then say it again.`,
  teams: `${CANNOT_POST} Add the app ace-desk to this team or chat, then say it again.`,
  console: CANNOT_POST,
};
const IN_A_MOMENT =
  'I am still finding out who reads along here, so nothing was posted. Say it again in a minute.';
