/** Invitations to come into chat: whom, by whom, and whether they said no; the newest of each person. */
import type { Invited } from '../pipeline/invitation.ts';
import type { Colleague } from '../pipeline/person.ts';
import { type Act, enact } from './changes.ts';
import { Prisma } from './generated/client.ts';
import type { Account } from './links.ts';
import { COLLEAGUE, type ColleagueRow, toColleague } from './people.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Where somebody may be found who has never been there: at the console nobody is. */
const CHATS = Prisma.sql`ARRAY['slack', 'teams']`;
/** As `tell` asks whether a platform is served: by any process of ours. */
const OPEN_CHATS = Prisma.sql`
  SELECT d.platform FROM door d WHERE d.platform = ANY(${CHATS}) AND d.seen_at > now() - interval '7 days' ORDER BY 1`;
/** With the digests: where many are invited, what people wait for does not wait for them. */
export const QUEUE = Prisma.sql`'deliver-' || waits[1] || '-digests'`;
/** An account that is theirs, or was and is in question: who has one is not looked for by their address. */
export const USES = Prisma.sql`EXISTS (SELECT FROM link l WHERE l.person_id = p.id AND l.state IN ('live', 'frozen'))`;

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
 * Whether whoever has that address was invited and has not come; what they answered does not matter. An account that is known
 * as somebody was not, nor is anybody at the console.
 */
export async function isInvited(
  store: Store,
  { platform, tenant, user, email }: Account & { email?: string },
): Promise<boolean> {
  if (!email || platform === 'console') return false;
  const address = email.toLowerCase();
  const rows = await rowsOf(
    store,
    Prisma.sql`
    SELECT 1 FROM person p JOIN invitation i ON i.person_id = p.id
    WHERE (p.email = ${address} OR p.other_emails @> ARRAY[${address}::text]) AND p.role <> 'none' AND NOT ${USES}
      AND NOT EXISTS (SELECT FROM link l WHERE l.platform = ${platform} AND l.tenant = ${tenant} AND l.user_id = ${user})`,
  );
  return rows.length > 0;
}

/** Whether they were invited and have not said no. */
export async function isAsked(store: Store, personId: string): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`SELECT 1 FROM invitation WHERE person_id = ${personId}::uuid AND declined_at IS NULL`,
  );
  return rows.length > 0;
}

/**
 * Invites these, each with the message that says so, in one statement. Left out is who came, said no, was let out or was invited
 * by somebody else since they were read (`invited`). The same act twice is one.
 * @throws TooLate when `act.until` passed before the commit; then nothing was written.
 */
export async function invite(store: Store, act: Act, whom: readonly Guest[], now: Date): Promise<void> {
  const asked = whom.map(({ id, invited }) => ({
    ...{ id, was: invited?.batch ?? null, said: invited?.declinedAt !== undefined },
  }));
  await enact(store, act, [
    Prisma.sql`
      SELECT w.* FROM acted,
        jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS w(id uuid, was uuid, said boolean)`,
    Prisma.sql`
      INSERT INTO invitation AS i (person_id, by_id, batch, at, waits)
      SELECT p.id, ${act.personId}::uuid, ${batchOf(act.key)}, ${now}::timestamptz, ARRAY(${OPEN_CHATS})
      FROM also_0 w JOIN person p ON p.id = w.id WHERE p.role <> 'none' AND NOT ${USES}
      ON CONFLICT (person_id) DO UPDATE SET by_id = excluded.by_id, batch = excluded.batch, at = excluded.at,
        waits = excluded.waits, reached = false, declined_at = NULL
      WHERE EXISTS (SELECT FROM also_0 w WHERE w.id = i.person_id AND w.was = i.batch
        AND w.said = (i.declined_at IS NOT NULL)) RETURNING i.person_id, i.batch, i.waits`,
    Prisma.sql`
      INSERT INTO notice (id, person_id, kind, body)
      SELECT gen_random_uuid(), person_id, 'invited', jsonb_build_object('batch', batch) FROM also_1 RETURNING id, person_id`,
    Prisma.sql`
      SELECT enqueue(${QUEUE}, jsonb_build_object('notice', n.id)) FROM also_2 n JOIN also_1 USING (person_id)
      WHERE waits <> '{}'`,
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
