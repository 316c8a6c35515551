/** Who asked whom for a word on which deal, and whose deals need one: the update sprint. */

import { QUIET_LEADS } from '../pipeline/lead-views.ts';
import { OPEN_STAGES } from '../pipeline/opportunity.ts';
import { QUIET_OPPORTUNITIES } from '../pipeline/opportunity-views.ts';
import type { Person } from '../pipeline/person.ts';
import { boundsOf } from '../pipeline/views.ts';
import type { Act, Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { grouped } from './grouped.ts';
import { putOffSql } from './later.ts';
import { sight } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { SERVED } from './subscriptions.ts';
import { whichSql } from './views.ts';

/** A nudge is the owner's to answer for so long, and so long nobody asks again. */
const WEEK = Prisma.sql`interval '7 days'`;

export interface Nudging {
  dealId: string;
  ownerId: string;
}

/**
 * Parts of an act: each owner is asked for a word on theirs, in one message. A deal that its owner was asked about within 7
 * days is left out: of two who ask at once, one does.
 */
export const nudging = (
  { key, personId: byId }: Pick<Act, 'key' | 'personId'>,
  wanted: readonly Nudging[],
  now: Date,
): Also[] => [
  Prisma.sql`
    INSERT INTO nudge AS n (id, deal_id, owner_id, by_id, at)
    SELECT ${idOf(key, Prisma.sql`w."dealId"`)}, w."dealId", w."ownerId", ${byId}::uuid, ${now}::timestamptz
    FROM acted, jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) AS w("dealId" text, "ownerId" uuid)
    ORDER BY w."dealId"
    ON CONFLICT (deal_id) DO UPDATE SET id = excluded.id, owner_id = excluded.owner_id, by_id = excluded.by_id, at = excluded.at
      WHERE n.at <= excluded.at - ${WEEK} OR n.owner_id <> excluded.owner_id
    RETURNING deal_id, owner_id`,
  Prisma.sql`
    SELECT tell(owner_id, 'nudged', jsonb_build_object('byId', ${byId}::text, 'deals', jsonb_agg(deal_id ORDER BY deal_id)))
    FROM also_0 GROUP BY owner_id`,
  // A new version has the digests that name them drawn anew: they say who was asked.
  Prisma.sql`
    UPDATE deal d SET version = d.version + 1
    FROM (SELECT id FROM deal WHERE id IN (SELECT deal_id FROM also_0) ORDER BY id FOR UPDATE) asked
    WHERE d.id = asked.id RETURNING d.id`,
];

export interface Nudged extends Nudging {
  byId: string;
  byName: string;
  at: Date;
}

/** Says by which act: the same act answered again is known by it. */
const idOf = (key: string, dealId: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`md5(${key}::text || ' ' || ${dealId})::uuid`;

/** The last nudge of each of these deals, where there was one; `isOfAct`: it was this very act. */
export const nudgesOf = (
  store: Store,
  dealIds: readonly string[],
  { key }: Pick<Act, 'key'>,
): Promise<(Nudged & { isOfAct: boolean })[]> =>
  rowsOf(
    store,
    Prisma.sql`SELECT ${idOf(key, Prisma.sql`n.deal_id`)} = n.id AS "isOfAct", ${NUDGED} WHERE n.deal_id = ANY(${[...dealIds]}::text[])`,
  );

const NUDGED = Prisma.sql`n.deal_id AS "dealId", n.owner_id AS "ownerId", n.by_id AS "byId", n.at,
  trim(p.first_name || ' ' || p.last_name) AS "byName" FROM nudge n JOIN person p ON p.id = n.by_id`;

/** By owner: what they were asked about within 7 days. One query, none where nobody is named. */
export async function askedOf(
  store: Store,
  ownerIds: ReadonlySet<string>,
  now: Date,
): Promise<Map<string, Nudged[]>> {
  if (ownerIds.size === 0) return new Map();
  const rows = await rowsOf<Nudged>(
    store,
    Prisma.sql`SELECT ${NUDGED} WHERE n.owner_id = ANY(${[...ownerIds]}::uuid[]) AND n.at > ${now}::timestamptz - ${WEEK}`,
  );
  return grouped(rows, ({ ownerId }) => ownerId);
}

/** Of these people those who have used ace-desk in chat: a message finds them. */
export async function inChat(store: Store, personIds: readonly string[]): Promise<Set<string>> {
  const rows = await rowsOf<{ id: string }>(
    store,
    Prisma.sql`
    SELECT p.id FROM person p WHERE p.id = ANY(${[...personIds]}::uuid[])
      AND EXISTS (SELECT FROM link l WHERE l.person_id = p.id AND ${SERVED})`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** A deal that needs a word from its owner; who asked for it, if anybody did. */
export interface Wordless {
  id: string;
  asker: string | null;
}

/**
 * Of what that person owns, what had no update for over 14 days, and what they were asked about within 7 days and have not
 * answered; the longest silent first. Nothing with an update on its way, and nothing that they look at again later, unless
 * they were asked since they said so: of `total`, `backToo` are such.
 * @param among only these.
 */
export async function wordless(
  store: Store,
  actor: Person,
  now: Date,
  limit: number,
  among?: readonly string[],
): Promise<{ deals: Wordless[]; total: number; backToo: number }> {
  const bounds = boundsOf(now, actor.timeZone);
  const stale = [
    whichSql('opportunities', QUIET_OPPORTUNITIES, actor, bounds),
    whichSql('leads', QUIET_LEADS, actor, bounds),
  ];
  const rows = await rowsOf<Wordless & { total: number; backToo: number }>(
    store,
    Prisma.sql`
    SELECT d.id, trim(p.first_name || ' ' || p.last_name) AS asker,
      (count(*) OVER ())::int AS total, (count(later.set_at) OVER ())::int AS "backToo"
    FROM deal d
    LEFT JOIN nudge n ON n.deal_id = d.id AND n.owner_id = ${actor.id}::uuid AND n.at > ${now}::timestamptz - ${WEEK}
      AND coalesce(d.partner_updated_at < n.at, true)
    LEFT JOIN person p ON p.id = n.by_id
    LEFT JOIN (
      SELECT r.deal_id, max(r.set_at) AS set_at FROM (${putOffSql(now)}) r WHERE r.person_id = ${actor.id}::uuid GROUP BY r.deal_id
    ) later ON later.deal_id = d.id
    WHERE d.gone_at IS NULL AND d.invited_at IS NULL AND ${sight(actor)}
      AND d.owner_email = ANY(${[actor.email, ...actor.otherEmails]}::text[])
      AND (${Prisma.join(stale, ' OR ')} OR n.id IS NOT NULL AND ${GOES_ON})
      AND NOT EXISTS (SELECT FROM change c WHERE c.deal_id = d.id AND c.kind IN ('update', 'update-lead', 'submit')
        AND c.state IN ('requested', 'sending', 'waiting'))
      AND (later.set_at IS NULL OR n.at > later.set_at)
      ${among ? Prisma.sql`AND d.id = ANY(${[...among]}::text[])` : Prisma.empty}
    ORDER BY d.partner_updated_at NULLS FIRST, d.id LIMIT ${limit}`,
  );
  const { total = 0, backToo = 0 } = rows[0] ?? {};
  return { deals: rows.map(({ id, asker }) => ({ id, asker })), total, backToo };
}

/** There is something left to say about it. */
const GOES_ON = Prisma.sql`(d.kind = 'lead'
  OR d.kind = 'opportunity' AND d.stage IN (${Prisma.join([...OPEN_STAGES])}) AND d.status <> 'Rejected')`;

/** Of these, what that person asked of AWS, what is still on its way and theirs to see: the companies. */
export async function onTheirWay(store: Store, actor: Person, dealIds: readonly string[]): Promise<string[]> {
  const rows = await rowsOf<{ company: string }>(
    store,
    Prisma.sql`
    SELECT d.company FROM deal d
    WHERE d.id = ANY(${[...dealIds]}::text[]) AND d.gone_at IS NULL AND ${sight(actor)} AND EXISTS (
      SELECT FROM change c WHERE c.deal_id = d.id AND c.person_id = ${actor.id}::uuid
        AND c.state IN ('requested', 'sending', 'waiting')) ORDER BY d.company, d.id`,
  );
  return rows.map(({ company }) => company);
}
