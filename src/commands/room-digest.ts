/** A channel's digest, as it may stand there now: drawn when it is sent, and counted before it is set up. */
import type { Deal } from '../pipeline/deal.ts';
import { isPsf } from '../pipeline/lead.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { pipelineDigest } from '../store/digest-lines.ts';
import { type Readers, readersAmong } from '../store/room-readers.ts';
import { isOpened, type RoomKey } from '../store/rooms.ts';
import type { Store } from '../store/store.ts';
import type { DigestFound } from '../views/digest-found.ts';
import { cutForRoom, roomDigest } from '../views/digest-room.ts';
import { type Audience, isHidden, opennessOf } from '../views/room.ts';
import type { List } from '../views/view.ts';
import type { Place } from './command.ts';

/** Who reads along there, as its door knows them. */
export type Around = Audience & Pick<Place, 'addresses'>;

export interface RoomWanted {
  at: RoomKey;
  /** Whose sight it has, and the name under which it stands. */
  setter: Person;
  by: string;
  /** Sections that are left out. */
  off: readonly string[];
}

export interface RoomDrawn {
  found: DigestFound;
  /** Absent: there is nothing to say. */
  list?: List;
  readers: Readers;
  /** Something of it stands as its id whoever reads along. */
  isSecret: boolean;
}

/** The least entitled reader decides; where one of them is nobody we know, nobody is shown a name. */
export async function drawForRoom(
  store: Store,
  room: Around,
  { at, setter, by, off }: RoomWanted,
  now: Date,
): Promise<RoomDrawn> {
  const all = await pipelineDigest(store, setter, off, now);
  const readers = await readersIn(store, at, room);
  const mayAllSee = (deal: Deal) =>
    opennessOf(deal, room, false) !== 'closed' &&
    readers.strangers === 0 &&
    readers.people.every((person) => can(person, 'see', deal, now).yes);
  const before = { by, actor: setter, now, mayAllSee, isOpened: await isOpened(store, at) };
  const found = cutForRoom(all, before);
  const list = roomDigest(found, before);
  const lines = found.desks.flatMap(({ sections }) => [...sections.values()].flatMap((it) => it.lines));
  const isSecret = lines.some(({ deal }) => isHidden(deal) && !(deal.kind === 'lead' && isPsf(deal)));
  return { found, readers, isSecret, ...(list ? { list } : {}) };
}

/** Who of the roster they are, by their accounts, else by their addresses. */
export const readersIn = (
  store: Store,
  at: RoomKey,
  { readers, addresses }: Pick<Around, 'readers' | 'addresses'>,
): Promise<Readers> =>
  readersAmong(
    store,
    at,
    readers.map((id) => {
      const email = addresses?.[id];
      return { id, ...(email ? { email } : {}) };
    }),
  );
