/** Invitations to come into chat: whom, by whom, and what came of it; the newest of each person. */
import type { Invited } from '../pipeline/invitation.ts';
import type { Colleague } from '../pipeline/person.ts';
import { type Act, enact } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { COLLEAGUE, type ColleagueRow, toColleague } from './people.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Where somebody may be found who has never been there: at the console nobody is. */
const CHATS = Prisma.sql`ARRAY['slack', 'teams']`;
/** As `tell` asks whether a platform is served: by any process of ours. */
const OPEN_CHATS = Prisma.sql`
  SELECT d.platform FROM door d WHERE d.platform = ANY(${CHATS}) AND d.seen_at > now() - interval '7 days' ORDER BY 1`;
/** An account that is theirs, or was and is in question: who has one is not looked for by their address. */
const USES = Prisma.sql`EXISTS (SELECT FROM link l WHERE l.person_id = p.id AND l.state IN ('live', 'frozen'))`;

/** Somebody on the roster, as far as an invitation needs to know. */
export interface Guest extends Colleague {
  uses: boolean;
  invited?: Invited & { batch: string };
}

type Row = ColleagueRow & {
  uses: boolean;
  batch: string | null;
  at: Date | null;
  declinedAt: Date | null;
  reached: boolean | null;
  over: boolean | null;
};

/** Everybody who is let in, by name; at most 5000. */
export async function guests(store: Store): Promise<Guest[]> {
  const rows = await rowsOf<Row>(
    store,
    Prisma.sql`
    SELECT ${COLLEAGUE}, ${USES} AS uses, i.batch, i.at, i.declined_at AS "declinedAt", i.reached, i.waits = '{}' AS over
    FROM person p LEFT JOIN invitation i ON i.person_id = p.id
    WHERE p.role <> 'none' ORDER BY p.last_name, p.first_name, p.email LIMIT 5000`,
  );
  return rows.map(({ uses, batch, at, declinedAt, reached, over, ...row }) => ({
    ...toColleague(row),
    uses,
    ...(batch && at
      ? {
          invited: {
            ...{ batch, at: new Date(at), isReached: reached === true, isOver: over === true },
            ...(declinedAt ? { declinedAt: new Date(declinedAt) } : {}),
          },
        }
      : {}),
  }));
}

/** Whether anybody can be looked for at all: Slack or Teams is open. */
export const isChatOpen = async (store: Store): Promise<boolean> =>
  (await rowsOf(store, Prisma.sql`${OPEN_CHATS} LIMIT 1`)).length > 0;

/**
 * Invites these, each with the message that says so, in one statement. Left out is who came, was let out or was invited by
 * somebody else since they were read (`invited`). The same act twice is one.
 * @throws TooLate when `act.until` passed before the commit; then nothing was written.
 */
export async function invite(store: Store, act: Act, whom: readonly Guest[], now: Date): Promise<void> {
  const asked = whom.map(({ id, invited }) => ({ id, was: invited?.batch ?? null }));
  await enact(store, act, [
    Prisma.sql`
      SELECT w.id, w.was FROM acted, jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS w(id uuid, was uuid)`,
    Prisma.sql`
      INSERT INTO invitation AS i (person_id, by_id, batch, at, waits)
      SELECT p.id, ${act.personId}::uuid, ${batchOf(act.key)}, ${now}::timestamptz, ARRAY(${OPEN_CHATS})
      FROM also_0 w JOIN person p ON p.id = w.id WHERE p.role <> 'none' AND NOT ${USES}
      ON CONFLICT (person_id) DO UPDATE SET by_id = excluded.by_id, batch = excluded.batch, at = excluded.at,
        waits = excluded.waits, reached = false, declined_at = NULL
      WHERE i.batch = (SELECT was FROM also_0 w WHERE w.id = i.person_id) RETURNING i.person_id, i.batch`,
    Prisma.sql`SELECT tell(person_id, 'invited', jsonb_build_object('batch', batch)) FROM also_1`,
  ]);
}

/** The key of an act names those whom it invited; nobody reads an account out of it. */
const batchOf = (key: string): Prisma.Sql => Prisma.sql`md5(${key})::uuid`;

/** Ids of those whom that act invited. */
export async function invitedBy(store: Store, key: string): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    store,
    Prisma.sql`SELECT person_id AS id FROM invitation WHERE batch = ${batchOf(key)}`,
  );
  return rows.map(({ id }) => id);
}

/** Somebody's invitation as it is told. */
export interface Calling {
  byId: string;
  /** Where they are looked for now; undefined: nowhere any more. */
  platform?: string;
  uses: boolean;
}

/** Undefined where they said no meanwhile, or it is another invitation by now. */
export async function callingOf(store: Store, personId: string, batch: string): Promise<Calling | undefined> {
  const [row] = await rowsOf<{ byId: string; platform: string | null; uses: boolean }>(
    store,
    Prisma.sql`
    SELECT i.by_id AS "byId", i.waits[1] AS platform, ${USES} AS uses
    FROM invitation i JOIN person p ON p.id = i.person_id
    WHERE i.person_id = ${personId}::uuid AND i.batch = ${batch}::uuid AND i.declined_at IS NULL`,
  );
  if (!row) return undefined;
  const { platform, ...rest } = row;
  return { ...rest, ...(platform ? { platform } : {}) };
}

export interface Outcome {
  personId: string;
  batch: string;
  platform: string;
  /** The message, which goes on to the next platform where they were not found on this one. */
  notice: string;
  isReached: boolean;
}

/**
 * What came of looking for somebody on one platform; said twice it counts once. Once all of a batch are through, whoever
 * invited them is told of those whom nothing reached. Rows are locked in one order, so that one of them is the last.
 */
export async function noteOutcome(store: Store, it: Outcome): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH batch AS (
      SELECT person_id, waits, reached FROM invitation WHERE batch = ${it.batch}::uuid ORDER BY person_id FOR UPDATE
    ), others AS (
      SELECT count(*) FILTER (WHERE waits <> '{}') AS open, count(*) FILTER (WHERE NOT reached) AS missed
      FROM batch WHERE person_id <> ${it.personId}::uuid
    ), noted AS (
      UPDATE invitation i SET reached = ${it.isReached},
        waits = CASE WHEN ${it.isReached} THEN '{}' ELSE array_remove(i.waits, ${it.platform}::text) END
      FROM batch b WHERE i.person_id = b.person_id AND i.person_id = ${it.personId}::uuid
        AND b.waits[1] = ${it.platform}::text RETURNING i.by_id, i.waits, i.reached
    ), further AS (
      SELECT enqueue('deliver-' || waits[1], jsonb_build_object('notice', ${it.notice}::text)) FROM noted WHERE waits <> '{}'
    ), told AS (
      SELECT tell(n.by_id, 'invited-in-vain', jsonb_build_object('batch', ${it.batch}::text)) FROM noted n, others o
      WHERE n.waits = '{}' AND o.open = 0 AND (NOT n.reached OR o.missed > 0)
    )
    SELECT (SELECT count(*) FROM further)::int AS further, (SELECT count(*) FROM told)::int AS told`,
  );
}

/** Of a batch those whom nothing reached, and who have not come by themselves; by name. */
export async function missedOf(store: Store, batch: string): Promise<Colleague[]> {
  const rows = await rowsOf<ColleagueRow>(
    store,
    Prisma.sql`
    SELECT ${COLLEAGUE} FROM invitation i JOIN person p ON p.id = i.person_id
    WHERE i.batch = ${batch}::uuid AND NOT i.reached AND i.waits = '{}' AND p.role <> 'none' AND NOT ${USES}
    ORDER BY p.last_name, p.first_name, p.email`,
  );
  return rows.map(toColleague);
}

/** They say no. @returns whether there was an invitation, also when this very act is repeated. */
export async function decline(store: Store, act: Act, now: Date): Promise<boolean> {
  await enact(store, act, [
    Prisma.sql`
      UPDATE invitation SET declined_at = ${now}::timestamptz, waits = '{}', reached = true FROM acted
      WHERE person_id = ${act.personId}::uuid AND declined_at IS NULL RETURNING 1`,
  ]);
  const rows = await rowsOf(
    store,
    Prisma.sql`
    SELECT 1 FROM invitation WHERE person_id = ${act.personId}::uuid AND declined_at IS NOT NULL`,
  );
  return rows.length > 0;
}
