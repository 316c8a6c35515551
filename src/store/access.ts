/** Newcomers who ask to be let in. */
import { z } from 'zod';
import type { Wanted } from '../pipeline/notice.ts';
import { clean } from '../pipeline/text.ts';
import { VERB_SHAPE } from '../pipeline/verbs.ts';
import { type Act, type Also, enact } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

// Also without what the database refuses, such as NUL.
const Said = z.string().max(1500).transform(clean);

/** What a newcomer wanted, as it came back from a button: anything may stand there. */
export const WantedShape = z.union([
  z.strictObject({ text: Said }),
  z.strictObject({
    verb: z.string().max(40).regex(VERB_SHAPE),
    input: z.record(z.string().regex(/^\w{1,40}$/), Said),
  }),
]) satisfies z.ZodType<Wanted>;

export interface AccessRequest {
  id: string;
  personId: string;
  at: Date;
  wanted?: Wanted;
  /** When and by whom it was decided. */
  decided?: { at: Date; by: string; granted: boolean };
}

interface Row {
  id: string;
  person_id: string;
  at: Date;
  wanted: unknown;
  decided_at: Date | null;
  granted: boolean | null;
  by: string | null;
}

const REQUEST = Prisma.sql`
  SELECT r.id, r.person_id, r.at, r.wanted, r.decided_at, r.granted, nullif(trim(p.first_name || ' ' || p.last_name), '') AS by
  FROM access_request r LEFT JOIN person p ON p.id = r.decided_by`;

export async function requestById(store: Store, id: string): Promise<AccessRequest | undefined> {
  const [row] = await rowsOf<Row>(store, Prisma.sql`${REQUEST} WHERE r.id = ${id}::uuid`);
  return row && toRequest(row);
}

/** The newest of that person. */
export async function lastRequest(store: Store, personId: string): Promise<AccessRequest | undefined> {
  const [row] = await rowsOf<Row>(
    store,
    Prisma.sql`${REQUEST} WHERE r.person_id = ${personId}::uuid ORDER BY r.at DESC LIMIT 1`,
  );
  return row && toRequest(row);
}

function toRequest(row: Row): AccessRequest {
  const wanted = WantedShape.safeParse(row.wanted).data;
  const { decided_at: at, by, granted } = row;
  return {
    id: row.id,
    personId: row.person_id,
    at: new Date(row.at),
    ...(wanted ? { wanted } : {}),
    ...(at
      ? { decided: { at: new Date(at), by: by ?? 'the alliance lead', granted: granted === true } }
      : {}),
  };
}

/** Takes down who a newcomer is, let in by nobody yet. @returns their id, also when they were known. */
export async function noteNewcomer(
  store: Store,
  newcomer: { email: string; firstName: string; lastName: string; timeZone: string },
): Promise<string> {
  const { email, firstName, lastName, timeZone } = newcomer;
  const [row] = await rowsOf<{ id: string }>(
    store,
    Prisma.sql`
    INSERT INTO person AS p (id, email, first_name, last_name, role, time_zone)
    VALUES (gen_random_uuid(), ${email}, ${firstName}, ${lastName}, 'none', ${timeZone})
    ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING p.id`,
  );
  if (!row) throw new Error('A newcomer was not written down.');
  return row.id;
}

/**
 * One open request a person: a further one changes nothing. The alliance lead is told of it, in the same statement.
 * @returns false when this very act did it before.
 */
export const askAccess = (
  store: Store,
  act: Act,
  about: { name: string; email: string; wanted?: Wanted | undefined },
): Promise<boolean> =>
  enact(store, act, [
    Prisma.sql`
      INSERT INTO access_request (id, person_id, wanted, source)
      SELECT gen_random_uuid(), ${act.personId}::uuid, ${about.wanted ? JSON.stringify(about.wanted) : null}::text::jsonb,
        ${JSON.stringify(act.source)}::text::jsonb FROM acted
      ON CONFLICT (person_id) WHERE decided_at IS NULL DO NOTHING RETURNING id`,
    Prisma.sql`
      SELECT tell(p.id, 'access-asked', jsonb_build_object('request', a.id, 'name', ${about.name}::text, 'email', ${about.email}::text))
      FROM also_0 a, person p WHERE p.role = 'alliance lead'`,
  ]);

/** Part of an act that answers a request: two answers cannot both be written. The second one violates a unique key. */
export const answered = (requestId: string): Also =>
  Prisma.sql`INSERT INTO told (key) SELECT ${keyOf(requestId)} FROM acted RETURNING 1`;

const keyOf = (requestId: string): string => `access:${requestId}`;

/** The newcomer is told, unless somebody decided before. @returns whether this act decided it; then also when repeated. */
export async function refuseAccess(
  store: Store,
  act: Act,
  request: { id: string; personId: string },
  by: string,
): Promise<boolean> {
  await enact(store, act, [
    Prisma.sql`
      INSERT INTO told (key) SELECT ${keyOf(request.id)} FROM acted
      WHERE EXISTS (SELECT FROM access_request WHERE id = ${request.id}::uuid AND decided_at IS NULL)
      ON CONFLICT DO NOTHING RETURNING key`,
    Prisma.sql`
      UPDATE access_request SET decided_at = now(), decided_by = ${act.personId}::uuid, granted = false FROM also_0
      WHERE id = ${request.id}::uuid AND decided_at IS NULL RETURNING id`,
    Prisma.sql`
      SELECT tell(${request.personId}::uuid, 'access-refused', jsonb_build_object('by', ${by}::text)) FROM also_1`,
  ]);
  // now() is the same for all that a statement writes.
  const [row] = await rowsOf<{ refused: boolean }>(
    store,
    Prisma.sql`
    SELECT EXISTS (SELECT FROM access_request r JOIN act a ON a.at = r.decided_at
      WHERE r.id = ${request.id}::uuid AND NOT r.granted AND a.key = ${act.key}) AS refused`,
  );
  return row?.refused === true;
}
