/** A colleague who left: what says who they were is taken out of all tables; that somebody asked what they asked stays. */
import type { Colleague } from '../pipeline/person.ts';
import type { Traces } from '../views/erase.ts';
import { type Act, type Also, enact } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import { sqlState, UNIQUE_VIOLATION } from './sql-error.ts';
import type { Store } from './store.ts';

/** How much of a person is kept, besides their record. */
export async function tracesOf(store: Store, { id }: Pick<Colleague, 'id'>): Promise<Traces> {
  const of = (table: string) =>
    Prisma.sql`(SELECT count(*)::int FROM ${Prisma.raw(table)} WHERE person_id = ${id}::uuid)`;
  const [row] = await rowsOf<Traces>(
    store,
    Prisma.sql`
    SELECT ${of('link')} AS links, ${of('flag')} AS flags, ${of('posting')} AS copies, ${of('notice')} AS messages,
      ${of('access_request')} AS requests, ${of('change')} AS changes`,
  );
  if (!row) throw new Error('Nothing was counted.');
  return row;
}

/** No mail goes to .invalid (RFC 2606), and no chat profile has such an address. */
const ERASED = '@erased.invalid';

/**
 * Erases a person who has no access any more (`enrolAll` ends it before), in one statement: the same act twice is one act.
 * Their copies and their home in chat are forgotten an hour later (`forgetErased`): until then they are still to be redrawn.
 * @returns the number in "Former colleague N"; undefined where somebody let them in again, or erased them, meanwhile.
 * @throws TooLate when `act.until` passed before the commit; then nothing was written.
 */
export async function erasePerson(store: Store, act: Act, person: Colleague): Promise<number | undefined> {
  for (let attempt = 0; attempt < 5; attempt++)
    try {
      await enact(store, act, partsOf(person));
      return await numberOf(store, person.id);
    } catch (error) {
      // Two were erased at once and took the same number.
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    }
  return undefined;
}

/** The number they have as a former colleague; undefined where they are not erased. */
async function numberOf(store: Store, id: string): Promise<number | undefined> {
  const [row] = await rowsOf<{ nth: number | null }>(
    store,
    Prisma.sql`SELECT ${NUMBER} AS nth FROM person WHERE id = ${id}::uuid AND erased_at IS NOT NULL`,
  );
  return row?.nth ?? undefined;
}

const NUMBER = Prisma.sql`substring(email from ${`^former-colleague-([0-9]+)${ERASED.replace('.', '[.]')}$`})::int`;

/** All but the first read `also_0`: nothing of somebody is taken who was let in meanwhile. */
function partsOf(person: Colleague): Also[] {
  const { id, email, otherEmails } = person;
  const emails = [email, ...otherEmails];
  const gone = (table: string) =>
    Prisma.sql`DELETE FROM ${Prisma.raw(table)} AS t USING also_0 WHERE t.person_id = ${id}::uuid RETURNING 1`;
  return [
    Prisma.sql`
      UPDATE person SET email = 'former-colleague-' || n.nth || ${ERASED}, first_name = 'Former', last_name = 'colleague ' || n.nth,
        other_emails = ARRAY[]::text[], time_zone = 'UTC', reports_to = NULL, backup = NULL, country = NULL,
        working_days = ARRAY[1, 2, 3, 4, 5], erased_at = now()
      FROM acted, (SELECT coalesce(max(${NUMBER}), 0) + 1 AS nth FROM person WHERE erased_at IS NOT NULL) n
      WHERE id = ${id}::uuid AND role = 'none' AND erased_at IS NULL RETURNING id`,
    Prisma.sql`
      UPDATE person SET reports_to = nullif(reports_to, ${id}::uuid), backup = nullif(backup, ${id}::uuid) FROM also_0
      WHERE person.id <> ${id}::uuid AND ${id}::uuid IN (reports_to, backup) RETURNING 1`,
    ...['link', 'link_code', 'flag', 'listing', 'offer', 'access_request'].map(gone),
    Prisma.sql`
      DELETE FROM notice USING also_0 WHERE notice.person_id = ${id}::uuid
        OR ${namesThem(Prisma.sql`notice.body::text`, person)} RETURNING 1`,
    // A statement changes a row once: whose it is, what it wishes and what was answered go together.
    Prisma.sql`
      UPDATE change SET source = CASE WHEN person_id = ${id}::uuid THEN ${PLATFORM_ONLY} ELSE source END,
        wish = CASE WHEN ${wishNames(id, emails)} THEN purged_wish(kind) ELSE wish END,
        answer = CASE WHEN ${namesThem(Prisma.sql`answer`, person)} THEN NULL ELSE answer END
      FROM also_0 WHERE settled_at IS NOT NULL AND (person_id = ${id}::uuid OR ${wishNames(id, emails)}
        OR ${namesThem(Prisma.sql`answer`, person)}) RETURNING 1`,
    Prisma.sql`
      UPDATE transition SET answer = NULL FROM also_0
      WHERE answer IS NOT NULL AND ${namesThem(Prisma.sql`answer`, person)} RETURNING 1`,
    Prisma.sql`UPDATE role_change SET source = ${PLATFORM_ONLY} FROM also_0 WHERE by_id = ${id}::uuid RETURNING 1`,
    Prisma.sql`
      UPDATE deal SET owner_email = CASE WHEN kind = 'lead' AND owner_email = ANY(${emails}) THEN NULL ELSE owner_email END,
        submitted_by = CASE WHEN submitted_by = ANY(${emails}) THEN NULL ELSE submitted_by END, version = version + 1
      FROM also_0 WHERE kind = 'lead' AND owner_email = ANY(${emails}) OR submitted_by = ANY(${emails}) RETURNING deal.id`,
    Prisma.sql`SELECT deliver(id) FROM also_12`,
  ];
}

const PLATFORM_ONLY = Prisma.sql`jsonb_build_object('platform', source->'platform')`;

/** A wish that gives them a deal, or takes it from them, whoever asked. */
const wishNames = (id: string, emails: readonly string[]): Prisma.Sql => Prisma.sql`
  (kind IN ('accept', 'assign', 'own', 'offer') AND (lower(wish->'to'->>'email') = ANY(${emails})
    OR lower(wish->'for'->>'email') = ANY(${emails}) OR lower(wish->'was'->>'email') = ANY(${emails})
    OR wish->'to' @> ${JSON.stringify([{ id }])}::text::jsonb))`;

/** Whether a text holds one of their addresses or their full name. */
function namesThem(text: Prisma.Sql, { email, otherEmails, firstName, lastName }: Colleague): Prisma.Sql {
  const name = firstName && lastName ? [`${firstName} ${lastName}`] : [];
  const words = [email, ...otherEmails, ...name].map((it) => it.toLowerCase());
  return Prisma.sql`EXISTS (SELECT FROM unnest(${words}::text[]) w WHERE position(w IN lower(${text})) > 0)`;
}

/**
 * What was still needed when they were erased: copies and homes in chat, to be drawn anew without what is not theirs any
 * more; Changes that AWS had not answered. By the hour; idempotent.
 */
export async function forgetErased(store: Store): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH erased AS (
      SELECT id FROM person WHERE erased_at < now() - interval '1 hour'
    ), copies AS (
      UPDATE posting SET ended_at = coalesce(ended_at, now()), ref = '{}', user_id = CASE WHEN room IS NULL THEN NULL ELSE '' END
      WHERE person_id IN (SELECT id FROM erased) AND (ended_at IS NULL OR ref <> '{}') RETURNING 1
    ), homes AS (
      DELETE FROM home WHERE person_id IN (SELECT id FROM erased) RETURNING 1
    ), asked AS (
      UPDATE change SET source = ${PLATFORM_ONLY}
      WHERE person_id IN (SELECT id FROM erased) AND settled_at < now() - interval '1 hour'
        AND source <> ${PLATFORM_ONLY} RETURNING 1
    )
    SELECT (SELECT count(*) FROM copies) + (SELECT count(*) FROM homes) + (SELECT count(*) FROM asked)`,
  );
}
