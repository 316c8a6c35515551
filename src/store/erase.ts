/** A colleague who left: what says who they were is taken out of all tables; that somebody asked what they asked stays. */
import type { Colleague } from '../pipeline/person.ts';
import type { Roster } from '../pipeline/roster.ts';
import type { Traces } from '../views/erase.ts';
import { AGED } from './aged.ts';
import { type Act, type Also, enact } from './changes.ts';
import { isLent, lookingAgain } from './covers.ts';
import { ACT_DIGEST, FOR_NOBODY, NO_ACCOUNT, NOBODY_IN_CHAT, names, UNSENT } from './forget.ts';
import { Prisma } from './generated/client.ts';
import { isAsRead, TAKEN_BACK } from './roles.ts';
import { rowsOf } from './sql.ts';
import { NOT_NULL_VIOLATION, sqlState, UNIQUE_VIOLATION } from './sql-error.ts';
import type { Store } from './store.ts';

/** How much of a person is kept, besides their record. */
export async function tracesOf(store: Store, { id }: Pick<Colleague, 'id'>): Promise<Traces> {
  const of = (table: string) =>
    Prisma.sql`(SELECT count(*)::int FROM ${Prisma.raw(table)} WHERE person_id = ${id}::uuid)`;
  const [row] = await rowsOf<Traces>(
    store,
    Prisma.sql`
    SELECT ${of('link')} AS links, ${of('flag')} AS flags,
      (SELECT count(DISTINCT coalesce(notice::text || platform, id::text))::int FROM posting WHERE person_id = ${id}::uuid) AS copies, ${of('notice')} AS messages,
      ${of('access_request')} AS requests, ${of('change')} AS changes, ${of('reminder')} AS reminders,
      (SELECT count(*)::int FROM cover WHERE ended_at IS NULL AND ${id}::uuid IN (person_id, cover_id)) AS covers,
      (SELECT count(*)::int FROM route WHERE ended_at IS NULL AND ${id}::uuid = ANY(offer_to)) AS rules`,
  );
  if (!row) throw new Error('Nothing was counted.');
  return row;
}

/** No mail goes to .invalid (RFC 2606), and no chat profile has such an address. */
const ERASED = '@erased.invalid';

export interface Erasing {
  person: Colleague;
  /** What it was decided on. */
  known: Roster;
  now: Date;
}

/**
 * Takes a person's access and all that says who they were, in one statement: all of it or nothing, and the same act twice
 * is one act. Their copies and their home in chat are forgotten once they were drawn anew (`forgetErased`).
 * @returns the number in "Former colleague N"; undefined where somebody changed their record, or a role, meanwhile: nothing
 * was written, decide anew.
 * @throws TooLate when `act.until` passed before the commit; then nothing was written.
 */
export async function erasePerson(store: Store, act: Act, erasing: Erasing): Promise<number | undefined> {
  try {
    await enact(store, act, partsOf(act, erasing));
  } catch (error) {
    // Also where two were erased at once and took the same number.
    if ([UNIQUE_VIOLATION, NOT_NULL_VIOLATION].includes(sqlState(error) ?? '')) return undefined;
    throw error;
  }
  return numberOf(store, erasing.person.id);
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

/** Named also_0, also_1, … in this order; the others read the first seven. A statement changes a row once. */
function partsOf({ personId: by, source }: Act, { person, known, now }: Erasing): Also[] {
  const { id } = person;
  const hadAccess = person.role !== 'none';
  return [
    nameless(person, known),
    ...asked(person),
    unoffered(id),
    Prisma.sql`
      UPDATE posting SET ${AGED}, user_id = ${NOBODY_IN_CHAT} FROM also_0
      WHERE person_id = ${id}::uuid AND (ended_at IS NULL OR user_id <> '') RETURNING deal_id`,
    Prisma.sql`DELETE FROM reminder USING also_0 WHERE reminder.person_id = ${id}::uuid RETURNING deal_id`,
    ownerless(person),
    Prisma.sql`SELECT deliver(id) FROM (SELECT id FROM also_6 UNION SELECT deal_id FROM also_4) AS d`,
    Prisma.sql`SELECT pg_notify('change_settled', id::text) FROM also_2 WHERE unsent`,
    Prisma.sql`
      INSERT INTO transition (change_id, person_id, state, answer)
      SELECT id, ${by}::uuid, 'cancelled', CASE WHEN person_id = ${id}::uuid THEN ${TAKEN_BACK} ELSE ${FOR_NOBODY} END
      FROM also_2 WHERE unsent RETURNING 1`,
    Prisma.sql`
      UPDATE transition SET answer = NULL FROM also_0
      WHERE answer IS NOT NULL AND ${namesThem(Prisma.sql`answer`, person)} RETURNING 1`,
    Prisma.sql`
      INSERT INTO told (key) SELECT ${`roster:${known.version}`} FROM also_0 WHERE ${hadAccess} RETURNING key`,
    Prisma.sql`
      INSERT INTO role_change (person_id, role, by_id, source)
      SELECT id, 'none', ${by}::uuid, ${JSON.stringify(source)}::text::jsonb FROM also_0 WHERE ${hadAccess} RETURNING 1`,
    Prisma.sql`UPDATE role_change SET source = ${PLATFORM_ONLY} FROM also_0 WHERE by_id = ${id}::uuid RETURNING 1`,
    Prisma.sql`
      UPDATE person SET reports_to = nullif(reports_to, ${id}::uuid), backup = nullif(backup, ${id}::uuid) FROM also_0
      WHERE person.id <> ${id}::uuid AND ${id}::uuid IN (reports_to, backup) RETURNING 1`,
    Prisma.sql`
      DELETE FROM notice USING also_0 WHERE notice.person_id = ${id}::uuid
        OR ${namesThem(Prisma.sql`notice.body::text`, person)} RETURNING 1`,
    // Under which address their copies are redrawn is still needed; whose chat that is, is not.
    Prisma.sql`
      UPDATE reference r SET user_id = NULL, seen_at = now() FROM also_0, link l WHERE l.person_id = ${id}::uuid
        AND (r.platform, r.tenant, r.user_id) = (l.platform, l.tenant, l.user_id) RETURNING 1`,
    ...ofTheClock(person, now),
    lookingAgain(Prisma.sql`also_3`, now),
    ...['link', 'link_code', 'flag', 'listing', 'access_request', 'invitation', 'quiet', 'news'].map(
      (table) =>
        Prisma.sql`DELETE FROM ${Prisma.raw(table)} AS t USING also_0 WHERE t.person_id = ${id}::uuid RETURNING 1`,
    ),
  ];
}

/** What is offered to them, and to a colleague only because they cover their desk. */
function unoffered(id: string): Also {
  const theirs = Prisma.sql`(SELECT id, cover_id FROM cover WHERE person_id = ${id}::uuid AND ended_at IS NULL) ended`;
  return Prisma.sql`
    DELETE FROM offer o USING also_0 WHERE o.person_id = ${id}::uuid OR ${isLent(theirs)} RETURNING o.deal_id`;
}

/**
 * Their digests come no more (those that stand are forgotten once they are drawn anew: `forgetErased`); nobody nudges or
 * covers them, or is covered by them; a routing rule loses them, and ends where it is left
 * with nobody and no channel.
 */
const ofTheClock = ({ id }: Colleague, now: Date): Also[] => [
  Prisma.sql`
    UPDATE subscription SET off_at = coalesce(off_at, ${now}::timestamptz) FROM also_0 WHERE person_id = ${id}::uuid RETURNING 1`,
  Prisma.sql`DELETE FROM nudge USING also_0 WHERE nudge.owner_id = ${id}::uuid RETURNING 1`,
  Prisma.sql`DELETE FROM cover USING also_0 WHERE ${id}::uuid IN (cover.person_id, cover.cover_id) RETURNING 1`,
  Prisma.sql`
    UPDATE route SET offer_to = array_remove(offer_to, ${id}::uuid),
      ended_at = CASE WHEN room IS NULL AND offer_to <@ ARRAY[${id}::uuid] THEN coalesce(ended_at, ${now}::timestamptz)
        ELSE ended_at END
    FROM also_0 WHERE ${id}::uuid = ANY(offer_to) RETURNING 1`,
];

/** A record that is not as it was read has no address here, which the column does not take: it undoes all of the act. */
const nameless = (person: Colleague, known: Roster): Also => Prisma.sql`
  UPDATE person p SET email = CASE WHEN ${isAsRead([person], known)} THEN 'former-colleague-' || n.nth || ${ERASED} END,
    first_name = 'Former', last_name = 'colleague ' || n.nth, role = 'none', other_emails = ARRAY[]::text[],
    time_zone = 'UTC', reports_to = NULL, backup = NULL, country = NULL, working_days = ARRAY[1, 2, 3, 4, 5], erased_at = now()
  FROM acted, (SELECT coalesce(max(${NUMBER}), 0) + 1 AS nth FROM person WHERE erased_at IS NOT NULL) n
  WHERE p.id = ${person.id}::uuid RETURNING p.id`;

/**
 * What they asked, or what gives them a deal, and AWS cannot have seen, is cancelled with its second half; the agent's hold
 * of it, where it has one, is void then. Of all that is settled with it: whose account it was, what is wished and what was
 * answered, where that names them. What is with AWS keeps what it needs, and the words to be forgotten once it is settled.
 */
function asked(person: Colleague): Also[] {
  const { id, email, otherEmails } = person;
  const emails = [email, ...otherEmails];
  const named = wishNames(id, emails);
  const answered = namesThem(Prisma.sql`c.answer`, person);
  const isTheirs = Prisma.sql`c.person_id = ${id}::uuid`;
  const forget = JSON.stringify(wordsOf(person));
  return [
    Prisma.sql`
      WITH void AS (SELECT id FROM change WHERE ${UNSENT} AND (person_id = ${id}::uuid OR ${wishGives(emails)}))
      SELECT c.id, v.unsent, v.unsent OR c.settled_at IS NOT NULL AS over FROM also_0, change c, LATERAL (
        SELECT ${UNSENT} AND (c.id IN (SELECT id FROM void) OR c.after IN (SELECT id FROM void)) AS unsent) v
      WHERE ${isTheirs} OR ${named} OR v.unsent OR c.settled_at IS NOT NULL AND ${answered}
      ORDER BY c.seq FOR UPDATE OF c`,
    Prisma.sql`
      UPDATE change c SET state = CASE WHEN m.unsent THEN 'cancelled' ELSE c.state END,
        settled_at = CASE WHEN m.unsent THEN now() ELSE c.settled_at END,
        attempts = c.attempts + CASE WHEN m.unsent THEN 1 ELSE 0 END,
        source = CASE WHEN NOT m.over
          THEN c.source || jsonb_build_object('forget', coalesce(c.source->'forget', '[]') || ${forget}::text::jsonb)
          WHEN ${isTheirs} THEN ${NO_ACCOUNT} ELSE c.source END,
        act_key = CASE WHEN m.over AND ${isTheirs} THEN ${ACT_DIGEST} ELSE c.act_key END,
        wish = CASE WHEN m.over AND ${named} THEN purged_wish(c.kind) ELSE c.wish END,
        found = CASE WHEN m.over AND ${named} THEN NULL ELSE c.found END,
        answer = CASE WHEN m.unsent THEN CASE WHEN NOT ${isTheirs} THEN ${FOR_NOBODY} END
          WHEN m.over AND ${answered} THEN NULL ELSE c.answer END
      FROM also_1 m WHERE c.id = m.id RETURNING c.id, c.deal_id, c.person_id, m.unsent`,
  ];
}

/** The deals that name them, or show what is taken back with them. AWS's own records go on naming their owner. */
function ownerless({ email, otherEmails }: Colleague): Also {
  const emails = [email, ...otherEmails];
  return Prisma.sql`
    UPDATE deal d SET owner_email = CASE WHEN kind = 'lead' AND owner_email = ANY(${emails}) THEN NULL ELSE owner_email END,
      submitted_by = CASE WHEN submitted_by = ANY(${emails}) THEN NULL ELSE submitted_by END, version = version + 1
    FROM also_0 WHERE kind = 'lead' AND owner_email = ANY(${emails}) OR submitted_by = ANY(${emails})
      OR d.id IN (SELECT deal_id FROM also_2 WHERE unsent UNION SELECT deal_id FROM also_3 UNION SELECT deal_id FROM also_5)
      RETURNING d.id`;
}

/** Of the account that gave a role its platform stays: more its table does not let go of. */
const PLATFORM_ONLY = Prisma.sql`jsonb_build_object('platform', source->'platform')`;

/** A wish that gives them a deal, or takes it from them, whoever asked. */
const wishNames = (id: string, emails: readonly string[]): Prisma.Sql => Prisma.sql`
  (kind IN ('accept', 'assign', 'own', 'offer') AND (${wishGives(emails)} OR lower(wish->'was'->>'email') = ANY(${emails})
    OR wish->'to' @> ${JSON.stringify([{ id }])}::text::jsonb))`;

/** A wish by which they would own a deal, or be its contact. */
const wishGives = (emails: readonly string[]): Prisma.Sql => Prisma.sql`
  (kind IN ('accept', 'assign', 'own')
    AND (lower(wish->'to'->>'email') = ANY(${emails}) OR lower(wish->'for'->>'email') = ANY(${emails})))`;

/** Lower case: their addresses and their full name. */
function wordsOf({ email, otherEmails, firstName, lastName }: Colleague): string[] {
  const name = firstName && lastName ? [`${firstName} ${lastName}`] : [];
  return [email, ...otherEmails, ...name].map((it) => it.toLowerCase());
}

/** Whether a text holds one of their addresses or their full name. */
const namesThem = (text: Prisma.Sql, person: Colleague): Prisma.Sql =>
  names(text, Prisma.sql`${wordsOf(person)}::text[]`);
