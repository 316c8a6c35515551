/** Who reads along where several do: for a command that asks, and before each card is drawn there. */
import type { Context, Place } from '../commands/command.ts';
import { UserError } from '../pipeline/errors.ts';
import { GoneForGood, type Messenger, type Platform, type Room, type RoomAt, StillAsking } from './intent.ts';

type How = 'soon' | 'patiently';
interface Look {
  at: RoomAt;
  how: How;
  room: Promise<Room | undefined>;
}

const looking = new WeakMap<Messenger, Set<Look>>();

/**
 * Who reads along there, asked anew; of many that ask at once, one does. Nothing is kept: people come and go.
 * @param how soon: somebody waits for the answer; else within the platform's rates.
 */
export function lookAround(
  messenger: Messenger,
  at: RoomAt,
  how: How = 'patiently',
): Promise<Room | undefined> {
  const looks = looking.get(messenger) ?? new Set();
  looking.set(messenger, looks);
  const running = [...looks].find((it) => it.how === how && isIn(it.at, at));
  if (running) return running.room;
  const look: Look = { at, how, room: ask(messenger, at, how).finally(() => looks.delete(look)) };
  looks.add(look);
  return look.room;
}

/** Somebody came: whoever asks from now on shares no reading that began before. Without a conversation: anywhere in that tenant. */
export function forgetAround(messenger: Messenger, at: Pick<RoomAt, 'tenant'> & Partial<RoomAt>): void {
  const looks = looking.get(messenger) ?? new Set();
  for (const look of looks) if (isIn(look.at, at)) looks.delete(look);
}

const isIn = (at: RoomAt, { tenant, conversation }: Pick<RoomAt, 'tenant'> & Partial<RoomAt>): boolean =>
  at.tenant === tenant && (conversation === undefined || at.conversation === conversation);

const ask = async (messenger: Messenger, at: RoomAt, how: How): Promise<Room | undefined> =>
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
