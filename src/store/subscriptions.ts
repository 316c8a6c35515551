/** Who gets a digest when: people's own schedules, and those of channels. */
import type { Day } from '../pipeline/deal.ts';
import { DIGEST_SECTIONS, type DigestSection } from '../pipeline/digest.ts';
import type { Role } from '../pipeline/person.ts';
import { type Plan, planKey } from '../pipeline/schedule.ts';
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { STRICT } from './links.ts';
import type { RoomKey } from './rooms.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Where digests are sent by themselves. At the console one is asked for. */
export const DIGEST_DOORS = ['slack', 'teams'] as const;
export type DigestDoor = (typeof DIGEST_DOORS)[number];

/** As it stands; of a channel's `personId` is who set it up. */
export interface Subscription {
  id: string;
  personId: string;
  off: string[];
  /** Empty: the person's working days. */
  days: number[];
  hour: number;
  door: DigestDoor | null;
  pausedUntil: Day | null;
  isOff: boolean;
  /** It ended by itself, as its place was gone. */
  isGone: boolean;
  /** Its newest day that is planned, sent or left out. */
  lastDay: Day | null;
}

const SUBSCRIPTION = Prisma.sql`s.id, s.person_id AS "personId", s.off, s.days, s.hour, s.door,
  s.paused_until::text AS "pausedUntil", s.off_at IS NOT NULL AS "isOff", s.gone AS "isGone",
  (SELECT max(g.day)::text FROM digest g WHERE g.subscription_id = s.id) AS "lastDay"`;

/** What a person's own digest goes by. */
export interface OwnSchedule {
  /** Undefined before their first use of chat, and before they ever said anything about it. */
  subscription: Subscription | undefined;
  /** Of their record, not of the door they use just now. */
  timeZone: string;
  workingDays: number[];
  /** Where they have used ace-desk. */
  doors: DigestDoor[];
}

/** @throws where there is no such person. */
export async function ownSchedule(store: Store, personId: string): Promise<OwnSchedule> {
  const [row] = await rowsOf<(Subscription | { id: null }) & Omit<OwnSchedule, 'subscription'>>(
    store,
    Prisma.sql`
    SELECT ${SUBSCRIPTION}, p.time_zone AS "timeZone", p.working_days AS "workingDays",
      ARRAY(SELECT DISTINCT l.platform FROM link l WHERE ${AT_A_DOOR}) AS doors
    FROM person p LEFT JOIN subscription s ON s.person_id = p.id AND s.room IS NULL WHERE p.id = ${personId}::uuid`,
  );
  if (!row) throw new Error('There is no such person.');
  const { timeZone, workingDays, doors, ...rest } = row;
  return { timeZone, workingDays, doors, subscription: rest.id === null ? undefined : rest };
}

export interface RoomSubscription extends Subscription {
  /** Who set it up. */
  by: { id: string; name: string; role: Role | 'none' };
  timeZone: string;
}

/** A channel's; also one that is over. */
export async function roomSubscription(
  store: Store,
  { platform, tenant, room }: RoomKey,
): Promise<RoomSubscription | undefined> {
  const [row] = await rowsOf<RoomSubscription>(
    store,
    Prisma.sql`
    SELECT ${SUBSCRIPTION}, s.time_zone AS "timeZone", json_build_object('id', p.id, 'role', p.role,
      'name', trim(p.first_name || ' ' || p.last_name)) AS by
    FROM subscription s JOIN person p ON p.id = s.person_id
    WHERE s.platform = ${platform} AND s.tenant = ${tenant} AND s.room = ${room}`,
  );
  return row;
}

/** What a person wants. `plan` is what it comes to for them: with their working days and zone. */
export interface Wish extends Pick<Subscription, 'off' | 'days' | 'hour' | 'door' | 'pausedUntil' | 'isOff'> {
  plan: Plan;
  nextAt: Date;
}

/**
 * Part of an act: from now on a person's own digest comes like this.
 * @param keeps `sections`: what is left out of it stays as it stands, whatever the wish says.
 */
export const scheduling = (personId: string, wish: Wish, now: Date, keeps?: 'sections'): Also =>
  Prisma.sql`${inserting(personId, wish, now)} DO UPDATE SET door = excluded.door, ${keeps ? TIMES : TAKEN_OVER} RETURNING 1`;

/**
 * Part of an act: these sections are left out of a person's own digest, or stand in it again. All else stays as it is, so that
 * two such presses at once both count; where nothing would be left in it, nothing is written.
 * @param wish what it comes to for somebody who has none yet.
 */
export function trimming(
  personId: string,
  { how, sections }: { how: 'with' | 'without'; sections: readonly DigestSection[] },
  wish: Wish,
  now: Date,
): Also {
  const named = Prisma.sql`${[...sections]}::text[]`;
  const insert = inserting(personId, wish, now);
  const others = Prisma.sql`SELECT id FROM unnest(s.off) AS o(id) WHERE NOT id = ANY(${named})`;
  if (how === 'with')
    return Prisma.sql`${insert} DO UPDATE SET off = ARRAY(${others} ORDER BY 1) RETURNING 1`;
  return Prisma.sql`${insert} DO UPDATE SET off = ARRAY(${others} UNION SELECT unnest(${named}) ORDER BY 1)
    WHERE NOT ${[...DIGEST_SECTIONS]}::text[] <@ (s.off || ${named}) RETURNING 1`;
}

const inserting = (personId: string, wish: Wish, now: Date) => Prisma.sql`
  INSERT INTO subscription AS s (id, person_id, door, ${COLUMNS})
  SELECT gen_random_uuid(), ${personId}::uuid, ${wish.door}, ${valuesOf(wish, now)} FROM acted
  ON CONFLICT (person_id) WHERE room IS NULL`;

/** The same of a channel: whoever says so is from then on who set it up. */
export const schedulingRoom = (
  { platform, tenant, room }: RoomKey,
  personId: string,
  wish: Omit<Wish, 'door'>,
  now: Date,
): Also => Prisma.sql`
  INSERT INTO subscription (id, person_id, platform, tenant, room, time_zone, ${COLUMNS})
  SELECT gen_random_uuid(), ${personId}::uuid, ${platform}, ${tenant}, ${room}, ${wish.plan.timeZone},
    ${valuesOf(wish, now)} FROM acted
  ON CONFLICT (platform, tenant, room) WHERE room IS NOT NULL
  DO UPDATE SET person_id = excluded.person_id, time_zone = excluded.time_zone, ${TAKEN_OVER} RETURNING 1`;

const COLUMNS = Prisma.raw('off, days, hour, paused_until, off_at, gone, next_at, planned_for, started_at');
const TIMES = Prisma.raw(`days = excluded.days, hour = excluded.hour, paused_until = excluded.paused_until,
  off_at = excluded.off_at, gone = false, next_at = excluded.next_at, planned_for = excluded.planned_for`);
const TAKEN_OVER = Prisma.sql`off = excluded.off, ${TIMES}`;

const valuesOf = ({ off, days, hour, pausedUntil, isOff, plan, nextAt }: Omit<Wish, 'door'>, now: Date) =>
  Prisma.sql`${off}::text[], ${days}::int[], ${hour}::int, ${pausedUntil}::date,
    ${isOff ? now : null}::timestamptz, false, ${nextAt}::timestamptz, ${planKey(plan)}, ${now}::timestamptz`;

/**
 * Of the live links in `l` those by which their person `p` is served now: an e-mail alone is not enough for everybody.
 * As `needsProof` of pipeline/identity.ts says it.
 */
export const SERVED = Prisma.sql`l.state = 'live' AND (l.proven_at IS NOT NULL OR p.role = 'ACE user' OR NOT ${STRICT})`;

/** The links `l` under which the person `p` may be sent a digest. */
export const AT_A_DOOR = Prisma.sql`l.person_id = p.id AND l.platform = ANY(${[...DIGEST_DOORS]}::text[]) AND ${SERVED}`;
