/** Slack says that somebody's profile or membership has changed: what we knew of them is void at once. */
import { z } from 'zod';
import { forgetPerson, wasOutsider } from './audience.ts';
import type { Door } from './door.ts';
import { eventOf, type Kept } from './heard.ts';
import { failure } from './log.ts';
import type { Refused } from './profiles.ts';
import { keyOf } from './who.ts';

type Parts = Pick<Door, 'profiles' | 'workspace' | 'desk' | 'log' | 'now'>;

const id = z.string().min(1).max(200);
const told = z.unknown().optional();
const place = { team_id: z.string().nullish(), enterprise_id: z.string().nullish() };
/** All that is kept of it: no name, no address. */
const changed = z.object({
  type: told,
  event_id: id,
  event_time: z.number().optional().catch(undefined),
  ...place,
  authorizations: z.array(z.object(place)).optional(),
  event: z.object({
    type: z.literal('user_change'),
    user: z.object({ id, team_id: told, deleted: told, is_restricted: told, is_ultra_restricted: told }),
  }),
});

/**
 * The event `user_change` (scope users:read). Their next act reads their profile anew: a new address, a closed account or a
 * guest's membership counts from then on, also where they read along. Whom the event calls a guest or closed loses what
 * stands in their private messages by its word alone, as that only takes away; of all who are no full member by it, others
 * are read anew. That is to be done for sure, and done where it takes something from somebody only.
 * @throws when the database does not answer.
 */
export async function onUserChange(door: Parts, body: unknown): Promise<Kept | undefined> {
  const { data } = changed.safeParse(body);
  const user = data && eventOf(body, door.workspace, changed.shape.event)?.user;
  if (!user) return undefined;
  door.profiles.forget(user.id);
  forgetPerson(door, user.id);
  const isGuest = !!user.is_restricted || !!user.is_ultra_restricted;
  const isOut = isGuest || !!user.deleted;
  if (!isOut && user.team_id === door.workspace.team) return void goneOf(door).delete(user.id);
  if (isDone(door, user.id)) return undefined;
  const change = { isGuest: isGuest && !user.deleted, at: (data.event_time ?? 0) * 1000 };
  const { team: tenant } = door.workspace;
  const isHeld = await door.desk.knows({ platform: 'slack', tenant, user: user.id });
  if (!isHeld && !(change.isGuest && !wasOutsider(door, user.id, change.at))) return undefined;
  return {
    key: keyOf(door.workspace, data.event_id),
    body: data,
    answer: () => (isOut ? leave(door, user.id, change) : readAnew(door, user.id)),
  };
}

async function readAnew(door: Parts, user: string): Promise<void> {
  const profile = await door.profiles.find(user, 'patiently');
  if (!profile.member) await leave(door, user, byReading(profile.refused));
}

/** For profiles: whoever is no full member by now loses what stands in their private messages. */
export function leaving(door: Parts, user: string, refused: Refused): void {
  leave(door, user, byReading(refused)).catch((error: unknown) => {
    // Said again with the next reading of their profile.
    door.log.warn(
      { failure: failure(error) },
      'slack: the copies of an account that left were not drawn empty',
    );
  });
}

/** When they became that is not known. */
const byReading = (refused: Refused) => ({ isGuest: refused === 'not a member', at: 0 });

/** isGuest: they may read along in a room. at: epoch ms, when they changed. */
interface Change {
  isGuest: boolean;
  at: number;
}
interface Gone {
  at: number;
  work: Promise<void>;
}
const gone = new WeakMap<object, Map<string, Gone>>();
const HOUR_MS = 60 * 60_000;
const MOST = 2000;

function goneOf(door: object): Map<string, Gone> {
  const known = gone.get(door) ?? new Map<string, Gone>();
  gone.set(door, known);
  return known;
}

const isDone = (door: Parts, user: string): boolean =>
  door.now().getTime() - (goneOf(door).get(user)?.at ?? Number.NEGATIVE_INFINITY) < HOUR_MS;

/** Once an hour for each account, unless it is a full member's in between: guests change their status too. What failed is done anew. */
function leave(door: Parts, user: string, change: Change): Promise<void> {
  const known = goneOf(door);
  const before = known.get(user);
  if (before && isDone(door, user)) return before.work;
  const work = takeAway(door, user, change);
  known.delete(user);
  known.set(user, { at: door.now().getTime(), work });
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  work.catch(() => known.get(user)?.work === work && known.delete(user));
  return work;
}

/** The rooms where they may read along are looked at anew: all of ours, as nobody wrote down who is in which. */
async function takeAway(door: Parts, user: string, { isGuest, at }: Change): Promise<void> {
  const { team: tenant } = door.workspace;
  await door.desk.left({ platform: 'slack', tenant, user });
  if (isGuest && !wasOutsider(door, user, at)) await door.desk.joined('slack', { tenant });
}
