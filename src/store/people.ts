/** The roster: who may use the desk. An e-mail finds a person. */
import { type Colleague, type Person, ROLES, type Role } from '../pipeline/person.ts';
import { meant, type Roster } from '../pipeline/roster.ts';
import { AGED } from './aged.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface PersonRow extends Omit<Person, 'role'> {
  role: string;
}
export interface ColleagueRow extends PersonRow {
  reportsTo: string | null;
  backup: string | null;
  country: string | null;
  workingDays: number[];
}

export const PERSON = Prisma.sql`
  p.id, p.email, p.first_name AS "firstName", p.last_name AS "lastName", p.role, p.time_zone AS "timeZone",
  p.other_emails AS "otherEmails"`;
export const COLLEAGUE = Prisma.sql`${PERSON}, p.reports_to AS "reportsTo", p.backup, p.country, p.working_days AS "workingDays"`;
const BY_NAME = Prisma.sql`array_position(${[...ROLES]}::text[], p.role), p.last_name, p.first_name, p.email`;
/** More than any partner has; a bound all the same. */
const MOST = 5000;

/** By e-mail, any case, first or other; also whoever is on record but not let in (role none). */
export async function findPerson(store: Store, email: string): Promise<Person | undefined> {
  const [row] = await rowsOf<PersonRow>(
    store,
    Prisma.sql`
      SELECT ${PERSON} FROM person p
      WHERE p.email = ${email.toLowerCase()} OR p.other_emails @> ARRAY[${email.toLowerCase()}]`,
  );
  return row && toPerson(row);
}

export async function personById(store: Store, id: string): Promise<Person | undefined> {
  const [row] = await rowsOf<PersonRow>(
    store,
    Prisma.sql`SELECT ${PERSON} FROM person p WHERE p.id = ${id}::uuid`,
  );
  return row && toPerson(row);
}

/** The zone that their profile in chat says: what comes by the clock goes by it. */
export async function keepZone(store: Store, id: string, timeZone: string): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`UPDATE person SET time_zone = ${timeZone} WHERE id = ${id}::uuid AND time_zone <> ${timeZone} RETURNING 1`,
  );
}

/** Everybody who is let in, by role and name; at most 5000. */
export async function everybody(store: Store): Promise<Colleague[]> {
  const statement = Prisma.sql`
    SELECT ${COLLEAGUE} FROM person p WHERE p.role <> 'none' ORDER BY ${BY_NAME} LIMIT ${MOST}`;
  return (await rowsOf<ColleagueRow>(store, statement)).map(toColleague);
}

/** Whom to ask; mostly one. */
export async function allianceLeads(store: Store): Promise<Person[]> {
  const statement = Prisma.sql`
    SELECT ${PERSON} FROM person p WHERE p.role = 'alliance lead' ORDER BY ${BY_NAME} LIMIT 3`;
  return (await rowsOf<PersonRow>(store, statement)).map(toPerson);
}

/** Of those who are let in, whom a text means: see `meant`. Empty when nobody. */
export const called = async (store: Store, text: string): Promise<Colleague[]> =>
  meant(await everybody(store), text);

/** Everybody on record, let in or not, with the version that a change of roles is decided on. */
export async function roster(store: Store): Promise<Roster> {
  const statement = Prisma.sql`
    SELECT ${COLLEAGUE}, (SELECT coalesce(max(id), 0) FROM role_change)::float8 AS version
    FROM person p ORDER BY ${BY_NAME} LIMIT ${MOST}`;
  const rows = await rowsOf<ColleagueRow & { version: number }>(store, statement);
  return { people: rows.map(toColleague), version: rows[0]?.version ?? 0 };
}

/** The address that is to lead stands in somebody's record as an other e-mail: a colleague may have written it there. */
export class LeadUnclear extends Error {
  override name = 'LeadUnclear';
}

/**
 * At the start: the alliance lead is whom the configuration names by their first address; whoever was it before becomes
 * an ACE user, and their copies of deals are redrawn as they may see them now. Who is promoted loses their other
 * addresses, which the team may have written. Of the others only those are added who are not on record: what the alliance
 * lead made of somebody survives a restart. One statement; several processes may start at once.
 * @throws LeadUnclear with what to do; then nothing was written.
 */
export async function enrol(store: Store, people: readonly Omit<Person, 'id'>[]): Promise<void> {
  const wanted = people.map((person) => ({ ...person, email: person.email.toLowerCase() }));
  const [row] = await rowsOf<{ email: string | null }>(
    store,
    Prisma.sql`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb)
        AS w(email text, "firstName" text, "lastName" text, role text, "timeZone" text)
    ), unclear AS (
      SELECT p.email FROM person p, wanted w
      WHERE w.role = 'alliance lead' AND p.role <> 'alliance lead' AND p.other_emails @> ARRAY[w.email]
    ), demoted AS (
      UPDATE person p SET role = 'ACE user' WHERE p.role = 'alliance lead' AND NOT EXISTS (SELECT FROM unclear)
        AND EXISTS (SELECT 1 FROM wanted w WHERE w.role = 'alliance lead')
        AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.role = 'alliance lead'
          AND (p.email = w.email OR p.other_emails @> ARRAY[w.email])) RETURNING p.id, p.role
    ), promoted AS (
      UPDATE person p SET role = 'alliance lead', other_emails = ARRAY[]::text[] FROM wanted w
      WHERE w.role = 'alliance lead' AND p.role <> 'alliance lead' AND p.email = w.email RETURNING p.id, p.role
    ), added AS (
      INSERT INTO person AS p (id, email, first_name, last_name, role, time_zone)
      SELECT gen_random_uuid(), w.email, w."firstName", w."lastName", w.role, w."timeZone" FROM wanted w
      WHERE NOT EXISTS (SELECT 1 FROM person o WHERE o.email = w.email OR o.other_emails @> ARRAY[w.email])
        AND NOT EXISTS (SELECT FROM unclear)
      ON CONFLICT (email) DO NOTHING RETURNING p.id, p.role
    ), moved AS (
      SELECT * FROM demoted UNION ALL SELECT * FROM promoted UNION ALL SELECT * FROM added
    ), versioned AS (
      INSERT INTO told (key) SELECT 'roster:' || (SELECT coalesce(max(id), 0) FROM role_change) FROM moved LIMIT 1
      ON CONFLICT DO NOTHING RETURNING 1
    ), written AS (
      INSERT INTO role_change (person_id, role) SELECT id, role FROM moved
      WHERE (SELECT count(*) FROM versioned) >= 0 RETURNING 1
    ), aged AS (
      UPDATE posting SET ${AGED} WHERE person_id IN (SELECT id FROM moved) AND ended_at IS NULL RETURNING deal_id
    ), redrawn AS (
      SELECT deliver(deal_id) FROM (SELECT DISTINCT deal_id FROM aged) AS d
    )
    SELECT (SELECT email FROM unclear) AS email, (SELECT count(*) FROM redrawn)::int AS redrawn`,
  );
  if (row?.email)
    throw new LeadUnclear(
      `ALLIANCE_LEAD_EMAIL is an other e-mail of ${row.email} here, so it is not clear who is to lead; nothing was changed. If it is them, name ${row.email} in ALLIANCE_LEAD_EMAIL. If not, start with the address of before and take it out of their record: people edit ${row.email}`,
    );
}

const toRole = (text: string): Role | 'none' => ROLES.find((role) => role === text) ?? 'none';

export const toPerson = (row: PersonRow): Person => ({ ...row, role: toRole(row.role) });

export const toColleague = ({ reportsTo, backup, country, ...row }: ColleagueRow): Colleague => ({
  ...row,
  role: toRole(row.role),
  ...(reportsTo ? { reportsTo } : {}),
  ...(backup ? { backup } : {}),
  ...(country ? { country } : {}),
});
