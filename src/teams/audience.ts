/** Who reads along in a channel or a group chat: what Teams says of it, right before something is shown there. */
import { GoneForGood, type Room, type RoomAt, StillAsking } from '../bot/intent.ts';
import type { Connector, Member, Reference, References } from './door.ts';
import { isPersonal } from './personal.ts';
import type { Profiles } from './profiles.ts';

interface Parts {
  /** Where a person waits. */
  connector: Pick<Connector, 'members'>;
  /** Within Teams' rates. */
  patient: Pick<Connector, 'members'>;
  references: Pick<References, 'ofConversation'>;
  profiles: Pick<Profiles, 'learning'>;
  now(): Date;
}

/** Rooms with more are not counted: who reads there is unclear. */
const MOST_READERS = 1000;
/** A person may be waiting: a roster that takes longer goes on, and whoever asks next has it. */
const PATIENCE_MS = 800;
/** A roster that came too late for whoever asked is good for whoever asks next, so long. */
const LATE_MS = 2 * 60_000;
/** Cards whose viewers see more than the others name at most so many (learn.microsoft.com, up to date views). */
const MOST_VIEWERS = 60;

export interface Audience {
  /**
   * Undefined for a conversation of two. What Teams does not say of its members leaves the room unclear. Of a channel that
   * Teams calls shared everybody is open to others; of one of which it says nothing the members' tenants decide.
   * @throws GoneForGood where we are not (any more); StillAsking while a large roster is being read and somebody waits, or
   * people come and go faster than it is read; what the connector throws.
   */
  roomOf(at: RoomAt, how?: 'soon' | 'patiently'): Promise<Room | undefined>;
  /** Teams' ids of members of ours, at most 60, as they were found there last. Nothing is asked: who posts cannot wait. */
  viewersOf(at: RoomAt): readonly string[];
}

interface Roster {
  members: Member[];
  isWhole: boolean;
}

export function createAudience({ connector, patient, references, profiles, now }: Parts): Audience {
  const late = createLate(now);
  const seen = new Map<string, string[]>();
  const nameOf = ({ tenant, conversation }: RoomAt) => `${tenant}/${conversation}`;
  const read = async (place: Reference, by: Parts['patient']): Promise<Roster> => {
    const learn = profiles.learning();
    const roster = await by.members(place, MOST_READERS);
    const viewers = viewersAmong(roster.members, place.tenant);
    if (seen.size >= MOST_ROOMS) seen.clear();
    seen.set(
      nameOf(place),
      viewers.map(({ id }) => id),
    );
    // Once the card stands there, Teams asks what each of them may see of it, all within a second.
    learn(place, [...viewers, ...roster.members.filter(({ isGuest }) => isGuest)]);
    return roster;
  };
  const placeOf = async (at: RoomAt): Promise<Reference> => {
    const place = await references.ofConversation(at.tenant, at.conversation);
    if (!place) throw new GoneForGood('not in that conversation');
    return place;
  };
  return {
    async roomOf(at, how = 'patiently') {
      if (isPersonal(at.conversation)) return undefined;
      let place = await placeOf(at);
      if (place.scope === 'personal') return undefined;
      for (let time = 0; time < READINGS[how]; time++) {
        const before = place;
        const roster =
          how === 'soon'
            ? await late.soon(nameOf(at), before.membersAt, () => read(before, connector))
            : await read(before, patient);
        place = await placeOf(at);
        if (place.membersAt === before.membersAt) return toRoom(place, roster);
      }
      throw new StillAsking('somebody came or went meanwhile');
    },
    viewersOf: (at) => seen.get(nameOf(at)) ?? [],
  };
}

const MOST_ROOMS = 1000;
/** So often it is read while people come and go, wherever that was told. */
const READINGS = { soon: 1, patiently: 3 };

/** app: another bot. outsider: a guest, somebody of another tenant, or one who came in without an account. */
type Kind = 'ours' | 'outsider' | 'app' | 'unknown';

/** Bots have ids that begin with 28 (learn.microsoft.com, ids in Teams). */
function kindOf({ id, user, tenant: home, isGuest }: Member, tenant: string): Kind {
  if (!user) return id.startsWith('28:') ? 'app' : 'outsider';
  if (isGuest || (home !== undefined && home !== tenant)) return 'outsider';
  return home === undefined ? 'unknown' : 'ours';
}

function toRoom({ tenant, name, isShared }: Reference, { members, isWhole }: Roster): Room {
  const kinds = members.map((it) => kindOf(it, tenant));
  const people = members.filter((_, nth) => kinds[nth] !== 'app');
  return {
    ...(name ? { name } : {}),
    readers: people.flatMap(({ user }) => user ?? []),
    addresses: Object.fromEntries(
      people.flatMap(({ user, email }) => (user && email ? [[user, email]] : [])),
    ),
    isOpenToOthers: isShared === true || kinds.includes('outsider'),
    isUnclear: !isWhole || people.length === 0 || kinds.includes('unknown'),
  };
}

const viewersAmong = (members: readonly Member[], tenant: string): Member[] =>
  members.filter((it) => kindOf(it, tenant) === 'ours').slice(0, MOST_VIEWERS);

interface Reading {
  /** As somebody had come or gone when it began. */
  membersAt: string | undefined;
  roster: Promise<Roster>;
  /** Somebody could not wait for it. */
  isLate: boolean;
}

/** What is being read while somebody waits; and what came too late for them. Before a card is drawn it is asked anew. */
function createLate(now: () => Date) {
  const running = new Map<string, Reading>();
  const kept = new Map<string, Pick<Reading, 'membersAt'> & { roster: Roster; at: number }>();
  const begin = (key: string, membersAt: string | undefined, read: () => Promise<Roster>): Reading => {
    const reading: Reading = { membersAt, isLate: false, roster: Promise.resolve(NOBODY) };
    const isNewest = () => running.get(key) === reading;
    reading.roster = read()
      .then((roster) => {
        if (kept.size >= MOST_ROOMS) kept.clear();
        if (reading.isLate && isNewest()) kept.set(key, { membersAt, roster, at: now().getTime() });
        return roster;
      })
      .finally(() => isNewest() && running.delete(key));
    // Whoever asked may have gone.
    reading.roster.catch(() => undefined);
    running.set(key, reading);
    return reading;
  };
  return {
    /** Nothing that began before somebody came or went. */
    async soon(key: string, membersAt: string | undefined, read: () => Promise<Roster>): Promise<Roster> {
      const came = kept.get(key);
      if (came && came.membersAt === membersAt && now().getTime() - came.at < LATE_MS) return came.roster;
      kept.delete(key);
      const before = running.get(key);
      const reading = before && before.membersAt === membersAt ? before : begin(key, membersAt, read);
      return within(reading.roster, PATIENCE_MS, () => {
        reading.isLate = true;
      });
    },
  };
}

const NOBODY: Roster = { members: [], isWhole: false };

async function within<T>(work: Promise<T>, ms: number, onLate: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new StillAsking('the roster is being read'));
    }, ms);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
