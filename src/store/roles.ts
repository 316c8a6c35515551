/** Changing the roster: records, roles and what follows from a role, in one statement. */
import type { Notice } from '../pipeline/notice.ts';
import type { Colleague, Person, Role } from '../pipeline/person.ts';
import type { Roster } from '../pipeline/roster.ts';
import { answered } from './access.ts';
import { AGED } from './aged.ts';
import { type Act, type Also, enact } from './changes.ts';
import { lookingAgain } from './covers.ts';
import { Prisma } from './generated/client.ts';
import { telling } from './notices.ts';
import { rowsOf } from './sql.ts';
import { NOT_NULL_VIOLATION, sqlState, UNIQUE_VIOLATION } from './sql-error.ts';
import type { Store } from './store.ts';

/** What is to be written down. */
export interface Enrolment {
  /** What it was decided on, and when. */
  known: Roster;
  now: Date;
  /** Whole records, of those who differ from before. */
  people: readonly Colleague[];
  /** Of these the role is another one now. */
  moved: readonly string[];
  /** The newcomer's request that this answers: nothing is written where somebody answered it before. */
  answers?: string | undefined;
  /** Told in private, in the same statement. */
  tells?: readonly { personId: string; notice: Notice }[];
}

/**
 * Writes people down, with a line in the history of roles for each that changed. Whoever lost their access has taken back
 * what AWS has not seen of their wishes, and nothing is offered to them any more; copies of deals they hold are redrawn as
 * they may see them now; an open request of theirs is decided by it.
 * @returns again: this very act was done before. outrun: since the roster was read somebody changed one of these records,
 * or a role where this changes roles, or took an address, or answered the request; nothing was written, decide anew.
 * @throws TooLate when `act.until` passed before the commit; then nothing was written.
 */
export async function enrolAll(
  store: Store,
  act: Act,
  enrolment: Enrolment,
): Promise<'done' | 'again' | 'outrun'> {
  try {
    return (await enact(store, act, partsOf(act, enrolment))) ? 'done' : 'again';
  } catch (error) {
    if ([UNIQUE_VIOLATION, NOT_NULL_VIOLATION].includes(sqlState(error) ?? '')) return 'outrun';
    throw error;
  }
}

/** Named also_0, also_1, … in this order: some read what an earlier one wrote. */
function partsOf({ personId: by, source }: Act, enrolment: Enrolment): Also[] {
  const { known, people, moved, answers, tells = [], now } = enrolment;
  const roles = people.filter(({ id }) => moved.includes(id));
  const out = roles.filter(({ role }) => role === 'none').map(({ id }) => id);
  const let_in = roles.filter(({ role }) => role !== 'none').map(({ id }) => id);
  const told = tells.map(({ personId, notice }) => telling(personId, notice));
  if (roles.length === 0) return [upserted(people, known), ...told];
  return [
    upserted(people, known),
    Prisma.sql`INSERT INTO told (key) SELECT ${`roster:${known.version}`} FROM acted RETURNING key`,
    Prisma.sql`
      INSERT INTO role_change (person_id, role, by_id, source)
      SELECT r.id, r.role, ${by}::uuid, ${JSON.stringify(source)}::text::jsonb
      FROM acted, jsonb_to_recordset(${JSON.stringify(roles)}::text::jsonb) AS r(id uuid, role text) RETURNING 1`,
    Prisma.sql`
      UPDATE posting SET ${AGED} FROM acted WHERE person_id = ANY(${moved}::uuid[]) AND ended_at IS NULL RETURNING deal_id`,
    Prisma.sql`SELECT deliver(deal_id) FROM (SELECT DISTINCT deal_id FROM also_3) AS d`,
    Prisma.sql`
      UPDATE access_request SET decided_at = now(), decided_by = ${by}::uuid, granted = true FROM acted
      WHERE person_id = ANY(${let_in}::uuid[]) AND decided_at IS NULL RETURNING 1`,
    ...takenBack(out, by, now),
    ...(answers ? [answered(answers)] : []),
    ...told,
  ];
}

/** A record that is not as it was read has no role here, which the column does not take: it undoes all of the act. */
const upserted = (people: readonly Colleague[], known: Roster): Also => Prisma.sql`
  INSERT INTO person AS p (id, email, first_name, last_name, role, time_zone, other_emails, reports_to, backup, country, working_days)
  SELECT n.id, n.email, n."firstName", n."lastName", n.role, n."timeZone",
    ARRAY(SELECT jsonb_array_elements_text(n."otherEmails")), n."reportsTo", n.backup, n.country,
    ARRAY(SELECT jsonb_array_elements_text(n."workingDays")::int)
  FROM acted, jsonb_to_recordset(${JSON.stringify(people)}::text::jsonb) AS n(id uuid, email text, "firstName" text,
    "lastName" text, role text, "timeZone" text, "otherEmails" jsonb, "reportsTo" uuid, backup uuid, country text,
    "workingDays" jsonb)
  ON CONFLICT (id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name,
    last_name = excluded.last_name, role = CASE WHEN ${isAsRead(people, known)} THEN excluded.role END,
    time_zone = excluded.time_zone,
    other_emails = excluded.other_emails, reports_to = excluded.reports_to, backup = excluded.backup,
    country = excluded.country, working_days = excluded.working_days
  RETURNING 1`;

/** Whether a record, under the alias `p`, of these people is still as it was read. */
export const isAsRead = (people: readonly Colleague[], known: Roster): Prisma.Sql =>
  Prisma.sql`${AS_IT_STANDS} = (SELECT ${asRead(people, known)}::text::jsonb) -> p.id::text`;

const AS_IT_STANDS = Prisma.sql`jsonb_build_array(p.email, p.first_name, p.last_name, p.role, p.time_zone, p.other_emails,
  p.reports_to, p.backup, p.country, p.working_days)`;

/** The records to be written as they were read, by id, in the order of AS_IT_STANDS. */
function asRead(people: readonly Colleague[], known: Roster): string {
  const written = new Set(people.map(({ id }) => id));
  const read = known.people.filter(({ id }) => written.has(id));
  return JSON.stringify(
    Object.fromEntries(
      read.map(({ id, reportsTo = null, backup = null, country = null, ...it }) => [
        id,
        [
          it.email,
          it.firstName,
          it.lastName,
          it.role,
          it.timeZone,
          it.otherEmails,
          reportsTo,
          backup,
          country,
          it.workingDays,
        ],
      ]),
    ),
  );
}

/** What AWS cannot have seen is cancelled; the agent's hold of it, where it has one, is void then. Parts 6 to 13. */
const takenBack = (personIds: readonly string[], by: string, now: Date): Also[] =>
  personIds.length === 0
    ? []
    : [
        Prisma.sql`
          SELECT c.id FROM change c, acted WHERE c.person_id = ANY(${personIds}::uuid[])
            AND c.state IN ('requested', 'sending', 'waiting') AND c.sent_at IS NULL ORDER BY c.seq FOR UPDATE OF c`,
        Prisma.sql`
          UPDATE change c SET state = 'cancelled', settled_at = now(), answer = NULL, attempts = c.attempts + 1
          FROM also_6 m WHERE c.id = m.id RETURNING c.id, c.deal_id`,
        Prisma.sql`
          INSERT INTO transition (change_id, person_id, state, answer)
          SELECT id, ${by}::uuid, 'cancelled', ${TAKEN_BACK} FROM also_7 RETURNING 1`,
        Prisma.sql`DELETE FROM offer USING acted WHERE offer.person_id = ANY(${personIds}::uuid[]) RETURNING deal_id`,
        Prisma.sql`
          UPDATE deal SET version = version + 1
          WHERE id IN (SELECT deal_id FROM also_7 UNION SELECT deal_id FROM also_9) RETURNING id`,
        Prisma.sql`SELECT deliver(id) FROM also_10`,
        Prisma.sql`SELECT pg_notify('change_settled', id::text) FROM also_7`,
        lookingAgain(Prisma.sql`also_9`, now),
      ];

export const TAKEN_BACK = 'taken back before it was sent: whoever asked has no access to ace-desk any more';

/** How many wishes of theirs AWS has not seen, and how many this act took back. */
export async function unsentOf(store: Store, personId: string, key: string) {
  const [row] = await rowsOf<{ unsent: number; taken: number }>(
    store,
    Prisma.sql`
    SELECT count(*) FILTER (WHERE state IN ('requested', 'sending', 'waiting') AND sent_at IS NULL)::int AS unsent,
      count(*) FILTER (WHERE state = 'cancelled' AND settled_at = (SELECT at FROM act WHERE key = ${key}))::int AS taken
    FROM change WHERE person_id = ${personId}::uuid`,
  );
  return row ?? { unsent: 0, taken: 0 };
}

/** A step in the history of somebody's role. */
export interface RoleStep {
  role: Role | 'none';
  at: Date;
  /** Whose hand it was; absent: the configuration. */
  by?: string;
}

/** Newest first. */
export async function roleSteps(store: Store, personId: string, limit: number): Promise<RoleStep[]> {
  const rows = await rowsOf<{ role: Role | 'none'; at: Date; by: string | null }>(
    store,
    Prisma.sql`
    SELECT r.role, r.at, nullif(trim(w.first_name || ' ' || w.last_name), '') AS by
    FROM role_change r LEFT JOIN person w ON w.id = r.by_id
    WHERE r.person_id = ${personId}::uuid ORDER BY r.id DESC LIMIT ${limit}`,
  );
  return rows.map(({ role, at, by }) => ({ role, at: new Date(at), ...(by ? { by } : {}) }));
}

/** Ids of the open deals that name this person as their owner, at AWS or (leads) here; soonest to close first. */
export async function ownedBy(
  store: Store,
  { email, otherEmails }: Person,
  limit: number,
): Promise<{ ids: string[]; total: number }> {
  const rows = await rowsOf<{ id: string; total: number }>(
    store,
    Prisma.sql`
    SELECT id, count(*) OVER ()::int AS total FROM deal
    WHERE owner_email = ANY(${[email, ...otherEmails]}) AND kind <> 'referral' AND gone_at IS NULL
      AND successor IS NULL AND coalesce(stage, '') NOT IN ('Launched', 'Closed Lost')
    ORDER BY close_date NULLS LAST, id LIMIT ${limit}`,
  );
  return { ids: rows.map(({ id }) => id), total: rows[0]?.total ?? 0 };
}
