/** Links: which account of a chat platform is which person. The database sees to it that a door has one for each. */
import type { Person } from '../pipeline/person.ts';
import { AGED } from './aged.ts';
import { type Act, enact } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { PERSON, type PersonRow, toPerson } from './people.ts';
import { rowsOf } from './sql.ts';
import { sqlState, UNIQUE_VIOLATION } from './sql-error.ts';
import type { Store } from './store.ts';

/** As its platform names it. Channel and membership prove nothing. */
export interface Account {
  platform: string;
  /** Slack team, Teams tenant. */
  tenant: string;
  user: string;
}

/**
 * live: it is that person. frozen: it was, and its address changed; it holds them still, so that nobody else comes in by
 * that. second: its address found somebody whom another account there is linked to; it never was them. cut: ended.
 */
export type LinkState = 'live' | 'frozen' | 'second' | 'cut';

export interface Link extends Account {
  id: string;
  state: LinkState;
  /** By a one-time code. */
  proven: boolean;
  person: Person;
  /** frozen, second: the address that raised the question. */
  address?: string;
}

interface Row extends PersonRow {
  link_id: string;
  platform: string;
  tenant: string;
  user_id: string;
  state: LinkState;
  proven: boolean;
  address: string | null;
}

const LINK = Prisma.sql`
  l.id AS link_id, l.platform, l.tenant, l.user_id, l.state, l.proven_at IS NOT NULL AS proven, l.address, ${PERSON}`;

function toLink({ link_id: id, platform, tenant, user_id: user, state, proven, address, ...row }: Row): Link {
  const person = toPerson(row);
  return { id, platform, tenant, user, state, proven, person, ...(address ? { address } : {}) };
}

/** Outside practice mode, as the database's catalog says: there an e-mail alone is not enough for everything. */
export const STRICT = Prisma.sql`coalesce((SELECT catalog FROM agent WHERE id = 1), '') <> 'practice'`;

/** Whether an e-mail alone is not enough for everything: outside practice mode. */
export async function isStrict(store: Store): Promise<boolean> {
  const [row] = await rowsOf<{ strict: boolean }>(store, Prisma.sql`SELECT ${STRICT} AS strict`);
  return row?.strict !== false;
}

/** Who that account is, if it is linked, and `isStrict`. One statement: every request asks this. */
export async function linkOf(
  store: Store,
  { platform, tenant, user }: Account,
): Promise<{ strict: boolean; link?: Link }> {
  const [row] = await rowsOf<{ strict: boolean } & (Row | { link_id: null })>(
    store,
    Prisma.sql`
    SELECT s.strict, ${LINK}
    FROM (SELECT ${STRICT} AS strict) s
    LEFT JOIN (link l JOIN person p ON p.id = l.person_id)
      ON l.platform = ${platform} AND l.tenant = ${tenant} AND l.user_id = ${user}`,
  );
  if (!row) throw new Error('The database does not say which catalog it serves.');
  const { strict, ...rest } = row;
  return rest.link_id === null ? { strict } : { strict, link: toLink(rest) };
}

/** Whether that account is somebody here, or was and is frozen. One look into an index. */
export async function holdsSomebody(store: Store, { platform, tenant, user }: Account): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`
    SELECT 1 FROM link WHERE platform = ${platform} AND tenant = ${tenant} AND user_id = ${user}
      AND state IN ('live', 'frozen') LIMIT 1`,
  );
  return rows.length > 0;
}

export async function linkById(store: Store, id: string): Promise<Link | undefined> {
  const [row] = await rowsOf<Row>(
    store,
    Prisma.sql`SELECT ${LINK} FROM link l JOIN person p ON p.id = l.person_id WHERE l.id = ${id}::uuid`,
  );
  return row && toLink(row);
}

/** The accounts that hold that person, live or frozen; proven ones first, then by age. */
export async function linksOf(store: Store, personId: string): Promise<Link[]> {
  const rows = await rowsOf<Row>(
    store,
    Prisma.sql`
    SELECT ${LINK} FROM link l JOIN person p ON p.id = l.person_id
    WHERE l.person_id = ${personId}::uuid AND l.state IN ('live', 'frozen')
    ORDER BY l.proven_at IS NULL, l.since, l.id`,
  );
  return rows.map(toLink);
}

/** Whether an account of theirs was cut off: their e-mail has done its one finding, and opens nothing any more. */
export async function hasCut(store: Store, personId: string): Promise<boolean> {
  const rows = await rowsOf(
    store,
    Prisma.sql`SELECT 1 FROM link WHERE person_id = ${personId}::uuid AND state = 'cut' LIMIT 1`,
  );
  return rows.length > 0;
}

/**
 * The first match: from now on that account is that person. `email` is taken once for each person, `practice` on any door.
 * Writes nothing where the account is known, the person is held on that door, or their e-mail has opened one before.
 */
export async function establish(
  store: Store,
  { platform, tenant, user }: Account,
  personId: string,
  way: 'email' | 'practice',
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    INSERT INTO link (id, platform, tenant, user_id, person_id, state, way)
    VALUES (gen_random_uuid(), ${platform}, ${tenant}, ${user}, ${personId}::uuid, 'live', ${way}) ON CONFLICT DO NOTHING`,
  );
}

/** Its address found somebody whom another account there is linked to: it is turned away, and the alliance lead is told, once. */
export async function noteSecond(
  store: Store,
  { platform, tenant, user }: Account,
  personId: string,
  address: string,
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH raised AS (
      INSERT INTO link (id, platform, tenant, user_id, person_id, state, way, address)
      VALUES (gen_random_uuid(), ${platform}, ${tenant}, ${user}, ${personId}::uuid, 'second', 'email', ${address})
      ON CONFLICT DO NOTHING RETURNING id
    ) ${TELL_LEAD}`,
  );
}

/** Its address is not the linked person's any more: nobody gets in by it, and the alliance lead is told, once. */
export async function freeze(store: Store, linkId: string, address: string): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH raised AS (
      UPDATE link SET state = 'frozen', address = ${address}, since = now()
      WHERE id = ${linkId}::uuid AND state = 'live' RETURNING id, platform, tenant, person_id
    ), aged AS (${agedCopies(Prisma.sql`raised`, true)}), redrawn AS (${redrawn('aged')})
    ${TELL_LEAD} AND (SELECT count(*) FROM redrawn) >= 0`,
  );
}

/** Private copies there are drawn anew, `shut` or no longer: who is nobody there reads nothing of them. Rooms go on. */
const agedCopies = (accounts: Prisma.Sql, shut: boolean): Prisma.Sql => Prisma.sql`
  UPDATE posting SET shut = ${shut}, ${AGED} FROM ${accounts} AS a
  WHERE posting.person_id = a.person_id AND posting.platform = a.platform AND posting.room IS NULL
    AND coalesce(posting.ref->>'team', posting.ref->>'tenant', a.tenant) = a.tenant AND posting.ended_at IS NULL RETURNING posting.deal_id`;

const redrawn = (aged: string): Prisma.Sql =>
  Prisma.sql`SELECT deliver(deal_id) FROM (SELECT DISTINCT deal_id FROM ${Prisma.raw(aged)} AS c) AS d`;

const TELL_LEAD = Prisma.sql`
  SELECT tell(p.id, 'link-frozen', jsonb_build_object('link', raised.id)) FROM raised, person p WHERE p.role = 'alliance lead'`;

/**
 * "It is them", the alliance lead's word: the link serves again, its address becomes one of the person's, and another
 * account that held them there is cut off. @returns taken: that address is somebody else's; nothing was written.
 */
export async function thaw(store: Store, act: Act, linkId: string): Promise<'done' | 'taken'> {
  try {
    await enact(store, act, [
      Prisma.sql`
        SELECT l.* FROM link l, acted WHERE l.id = ${linkId}::uuid AND l.state <> 'live' FOR UPDATE OF l`,
      Prisma.sql`
        UPDATE link h SET state = 'cut', proven_at = NULL, address = NULL, since = now() FROM also_0 t
        WHERE h.platform = t.platform AND h.tenant = t.tenant AND h.person_id = t.person_id AND h.id <> t.id
          AND h.state IN ('live', 'frozen') RETURNING h.id, h.platform, h.tenant, h.person_id`,
      Prisma.sql`
        UPDATE person p SET other_emails = array_append(p.other_emails, t.address) FROM also_0 t
        WHERE p.id = t.person_id AND t.address <> '' AND NOT t.address = ANY(p.email || p.other_emails) RETURNING p.id`,
      // After the other account let go of the person.
      Prisma.sql`
        UPDATE link l SET state = 'live', way = 'lead', address = NULL, since = now(),
          proven_at = CASE WHEN t.state = 'frozen' THEN l.proven_at END
        FROM also_0 t, (SELECT count(*) AS n FROM also_1) AS others WHERE l.id = t.id AND others.n >= 0 RETURNING l.id`,
      agedCopies(Prisma.sql`also_1`, true),
      agedCopies(Prisma.sql`(SELECT * FROM also_0 WHERE state = 'frozen')`, false),
      redrawn('(SELECT * FROM also_4 UNION ALL SELECT * FROM also_5)'),
    ]);
    return 'done';
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return 'taken';
    throw error;
  }
}

/** "Cut it off": that account is nobody here, whatever its address says, until a code or the alliance lead says otherwise. */
export const cut = (store: Store, act: Act, linkId: string): Promise<boolean> =>
  enact(store, act, [
    Prisma.sql`SELECT l.* FROM link l, acted WHERE l.id = ${linkId}::uuid AND l.state <> 'cut' FOR UPDATE OF l`,
    Prisma.sql`
      UPDATE link l SET state = 'cut', proven_at = NULL, since = now() FROM also_0 t WHERE l.id = t.id RETURNING l.id`,
    // A second account had none; those of the first stay.
    agedCopies(Prisma.sql`(SELECT * FROM also_0 WHERE state IN ('live', 'frozen'))`, true),
    redrawn('also_2'),
  ]);
