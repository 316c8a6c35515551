/** Who reads along in a room is read once more, so that whoever looks at a card there next is known. */
import type { RoomAt } from '../bot/intent.ts';
import type { Door } from './door.ts';

/** Up to 60 people look at the same moment, and each of them is nobody we know. */
const ONCE_IN_MS = 60_000;
const MOST_ROOMS = 1000;
/** When each room was read last for this. */
const looked = new WeakMap<Door, Map<string, number>>();

/** Within Teams' rates, at most once a minute for each room; the profiles keep what is found. Never throws. */
export async function lookAgain(door: Door, { tenant, conversation }: RoomAt): Promise<void> {
  const rooms = looked.get(door) ?? new Map<string, number>();
  looked.set(door, rooms);
  const [room, now] = [`${tenant}/${conversation}`, door.now().getTime()];
  if (now - (rooms.get(room) ?? Number.NEGATIVE_INFINITY) < ONCE_IN_MS) return;
  if (rooms.size >= MOST_ROOMS) rooms.clear();
  rooms.set(room, now);
  try {
    await door.messenger.room?.({ tenant, conversation }, 'patiently');
  } catch (err) {
    // Whoever looks in a minute asks again; until then they see what all see.
    door.log.info({ err }, 'teams: who reads along was not read anew');
  }
}
