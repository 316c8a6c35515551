/** A desk goes to a colleague: what is on it, and all that goes in one statement. */
import { type Change, isLocal, type Wish } from '../pipeline/change.ts';
import { fullName, type Person } from '../pipeline/person.ts';
import { can, owns } from '../pipeline/policy.ts';
import type { Act } from './changes.ts';
import { changesById } from './changes.ts';
import { type Loaded, loadMany } from './deals.ts';
import { Prisma } from './generated/client.ts';
import { inTime, TooLate } from './in-time.ts';
import { isQuietSince } from './news.ts';
import { tellingOwners } from './notices.ts';
import { personById } from './people.ts';
import { withinQuota } from './quota.ts';
import { ownedBy } from './roles.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { areTermsConfirmed } from './terms.ts';
import { PENDING } from './views.ts';

/** More than anybody owns open; a bound all the same. */
const MOST_OWNED = 1000;

export interface DeskOf {
  /** Open deals that name them as their owner, soonest to close first. */
  found: Loaded[];
  /** How many more there are, beyond the bound. */
  beyond: number;
  /** Of these, a change of owner is with AWS. */
  underWay: Set<string>;
  /** How many pending referrals and leads are offered to them by name. */
  offers: number;
}

export async function deskOf(store: Store, person: Person, now: Date): Promise<DeskOf> {
  const { ids, total } = await ownedBy(store, person, MOST_OWNED);
  const found = (await loadMany(store, ids)).filter(({ deal, isGone }) => !isGone && owns(person, deal));
  const [row] = await rowsOf<{ under_way: string[] | null; offers: number }>(
    store,
    Prisma.sql`
    SELECT (SELECT array_agg(DISTINCT deal_id) FROM change WHERE deal_id = ANY(${ids}::text[]) AND kind = 'assign'
        AND state IN ('requested', 'sending', 'waiting')) AS under_way,
      (SELECT count(*) FROM ${offeredTo(person, now)})::int AS offers`,
  );
  return {
    found,
    beyond: total - ids.length,
    underWay: new Set(row?.under_way ?? []),
    offers: row?.offers ?? 0,
  };
}

/** Not what is lent to them with a desk that they cover: it belongs to that desk. */
const offeredTo = ({ id }: Person, now: Date): Prisma.Sql =>
  Prisma.sql`offer o JOIN deal d ON d.id = o.deal_id WHERE o.person_id = ${id}::uuid AND NOT o.by_cover
        AND ${PENDING} AND d.gone_at IS NULL AND NOT d.psf AND d.expires_at > ${now}::timestamptz`;

/** A deal as it was read, and what is asked of it. */
export interface Handing {
  dealId: string;
  version: number;
  wish: Wish;
}

/**
 * What is offered to `from` is offered to `to` from now on, and to who covers their desk now; where `to` sees it anyway, to
 * nobody in their place. Whoever asks may offer (pipeline/policy.ts, `offer`).
 */
export interface OffersToo {
  from: Person;
  to: Person;
  cover?: Person;
  by: Person;
  now: Date;
}

/**
 * One act: each deal that is still as it was read gets its Change (compare-and-set on its version), in bulk, so that what
 * others ask goes first; leads change hands at once, and whom that concerns gets news of it. The same act twice is one act.
 * @param handings where there are none, the offers go alone.
 * @returns the Changes; empty where none of the deals was as it was read, or the account's or the person's day is used up.
 * @throws TooLate when `act.until` passed before the commit; then nothing was written.
 */
export async function handOver(
  store: Store,
  act: Act,
  handings: readonly Handing[],
  offers?: OffersToo,
): Promise<string[]> {
  const until = new Date(act.until.getTime() + store.skewMs);
  const rows = await inTime(rowsOf<{ id: string }>(store, handingSql({ ...act, until }, handings, offers)));
  if (rows.length === 0 && Date.now() >= act.until.getTime()) throw new TooLate();
  return rows.map(({ id }) => id);
}

const handingSql = (act: Act, handings: readonly Handing[], offers?: OffersToo): Prisma.Sql => {
  const ofAws = handings.map(({ wish }) => wish).filter((wish) => !isLocal(wish));
  const asked = handings.map((it) => ({ ...it, state: isLocal(it.wish) ? 'confirmed' : 'requested' }));
  return Prisma.sql`
    WITH wanted AS (
      SELECT w.*, row_number() OVER () AS nth FROM jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb)
        AS w("dealId" text, version int, wish jsonb, state text)
    ), bumped AS (
      UPDATE deal d SET version = d.version + 1,
        owner_email = CASE WHEN w.wish->>'kind' = 'own' THEN lower(w.wish->'to'->>'email') ELSE d.owner_email END,
        partner_updated_at = CASE WHEN w.wish->>'kind' = 'own' THEN greatest(d.partner_updated_at, now())
          ELSE d.partner_updated_at END
      FROM wanted w WHERE d.id = w."dealId" AND d.version = w.version AND d.gone_at IS NULL
        AND clock_timestamp() < ${act.until}::timestamptz AND NOT EXISTS (SELECT FROM act WHERE key = ${act.key})
        AND (${withinQuota(act.personId, ofAws, 'bulk')}) RETURNING d.id
    ), ${offers ? theirOffers(offers) : Prisma.empty}acted AS (
      INSERT INTO act (key, person_id, verb, valid_until)
      SELECT ${act.key}, ${act.personId}::uuid, ${act.verb}, ${act.until}::timestamptz
      FROM ${handings.length === 0 && offers ? theirsInTime(act.until) : Prisma.sql`bumped`} LIMIT 1
      ON CONFLICT (key) DO NOTHING RETURNING key
    ), fresh AS (
      SELECT gen_random_uuid() AS id, gen_random_uuid()::text AS token, w.* FROM acted, wanted w JOIN bumped b ON b.id = w."dealId"
    ), changed AS (
      INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, source, client_token, bulk, settled_at)
      SELECT id, "dealId", ${act.personId}::uuid, ${act.key}, ${act.verb}, wish->>'kind', wish, state,
        ${JSON.stringify(act.source)}::text::jsonb, token, true, CASE WHEN state = 'confirmed' THEN now() END
      FROM fresh ORDER BY nth RETURNING id, seq, deal_id, person_id, state, wish
    ), ${offers ? passing(offers, act) : NO_OFFERS}, logged AS (
      INSERT INTO transition (change_id, person_id, state, wish_digest)
      SELECT id, ${act.personId}::uuid, state, digest_of(wish::text)
      FROM (SELECT * FROM changed UNION ALL SELECT * FROM passed) c ORDER BY seq RETURNING 1
    ), owners AS (
      ${tellingOwners(Prisma.sql`SELECT id, person_id, deal_id, wish FROM changed WHERE wish->>'kind' = 'own'`)}
    ), redrawn AS (
      SELECT deliver(id) FROM (SELECT id FROM bumped UNION SELECT id FROM aged) d
    ), woken AS (
      SELECT pg_notify('change_wanted', deal_id) FROM changed WHERE state = 'requested'
    )
    SELECT id FROM (SELECT * FROM changed UNION ALL SELECT * FROM passed) c WHERE (SELECT count(*) FROM logged) + (SELECT count(*) FROM owners)
      + (SELECT count(*) FROM told) + (SELECT count(*) FROM redrawn) + (SELECT count(*) FROM woken) >= 0 ORDER BY seq`;
};

/** Whoever does the same, or takes an offer back, at that moment is waited for: what is gone then is not passed on. */
const theirOffers = ({ from, now }: OffersToo): Prisma.Sql => Prisma.sql`theirs AS (
      SELECT o.deal_id, o.by_id FROM ${offeredTo(from, now)} ORDER BY o.deal_id FOR UPDATE OF o
    ), `;

/** Only where no deal goes with them: beside deals the act stands wherever one was written, or nobody would undo that. */
const theirsInTime = (until: Date): Prisma.Sql =>
  Prisma.sql`(SELECT FROM theirs WHERE clock_timestamp() < ${until}::timestamptz) t`;

const NO_OFFERS = Prisma.sql`
    aged AS (SELECT id FROM bumped WHERE false), passed AS (SELECT * FROM changed WHERE false), told AS (SELECT WHERE false)`;

/**
 * Each stays in the name of whoever offered it first, stands in the deal's history, and is told: to the cover where there
 * is one, never to who asked. Whoever is in no role that needs an offer sees what is pending anyway, and is told all the same.
 */
function passing({ from, to, cover, by, now }: OffersToo, act: Act): Prisma.Sql {
  const needsOne = to.role === 'ACE user';
  const gaining = [to, ...(cover ? [cover] : [])].filter(({ role }) => needsOne && role === 'ACE user');
  const rows = gaining.map(({ id }) => ({ id, byCover: id !== to.id }));
  return Prisma.sql`
    offered AS (
      SELECT t.deal_id, t.by_id FROM acted, theirs t
    ), gained AS (
      INSERT INTO offer AS o (deal_id, person_id, by_id, at, by_cover)
      SELECT f.deal_id, w.id, f.by_id, ${now}::timestamptz, w."byCover" FROM offered f,
        jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS w(id uuid, "byCover" boolean)
      ON CONFLICT (deal_id, person_id) DO UPDATE SET by_cover = false WHERE o.by_cover AND NOT excluded.by_cover
      RETURNING deal_id, person_id
    ), given AS (
      DELETE FROM offer o USING offered WHERE o.deal_id = offered.deal_id AND o.person_id = ${from.id}::uuid RETURNING o.deal_id
    ), passed AS (
      INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, source, client_token, bulk, settled_at)
      SELECT gen_random_uuid(), f.deal_id, ${act.personId}::uuid, ${act.key}, ${act.verb}, 'offer',
        jsonb_build_object('kind', 'offer', 'to', ${offeredNow(from, gaining)}), 'confirmed',
        ${JSON.stringify(act.source)}::text::jsonb, gen_random_uuid()::text, true, now()
      FROM offered f ORDER BY f.deal_id RETURNING id, seq, deal_id, person_id, state, wish
    ), ${tellingOffers({ to, by, now, needsOne, ...(cover ? { cover } : {}) })}, aged AS (
      UPDATE deal SET version = version + 1
      WHERE id IN (SELECT deal_id FROM gained UNION SELECT deal_id FROM given) RETURNING id
    )`;
}

/** As the wish of an offer says it (pipeline/change.ts): all to whom that deal is offered then. */
const offeredNow = (from: Person, gaining: readonly Person[]): Prisma.Sql => Prisma.sql`(
      SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id,
        'name', coalesce(nullif(trim(p.first_name || ' ' || p.last_name), ''), p.email)) ORDER BY p.id), '[]')
      FROM person p WHERE p.id = ANY(${gaining.map(({ id }) => id)}::uuid[]) OR p.id <> ${from.id}::uuid
        AND EXISTS (SELECT FROM offer x WHERE x.deal_id = f.deal_id AND x.person_id = p.id))`;

/** As `tell_offer` does it for one: at once in one message; within minutes of another they become news, told with all the rest. */
function tellingOffers({ to, cover, by, now, needsOne }: Omit<OffersToo, 'from'> & { needsOne: boolean }) {
  const reader = cover ?? to;
  const body = JSON.stringify({ by: fullName(by), ...(cover ? { away: fullName(to) } : {}) });
  const gains = needsOne
    ? Prisma.sql`SELECT deal_id FROM gained WHERE person_id = ${to.id}::uuid`
    : Prisma.sql`SELECT deal_id FROM offered`;
  return Prisma.sql`untold AS (
      SELECT jsonb_agg(deal_id ORDER BY deal_id) AS ids FROM (${gains}) f WHERE ${reader.id !== by.id} HAVING count(*) > 0
    ), claimed AS (
      INSERT INTO quiet AS q (person_id, news_told_at) SELECT ${reader.id}::uuid, ${now}::timestamptz FROM untold
      ON CONFLICT (person_id) DO UPDATE SET news_told_at = excluded.news_told_at WHERE ${isQuietSince(now)} RETURNING 1
    ), told AS (
      SELECT tell(${reader.id}::uuid, 'offered', ${body}::text::jsonb, ids->>0) FROM untold, claimed
      WHERE jsonb_array_length(ids) = 1
      UNION ALL
      SELECT tell(${reader.id}::uuid, 'offered-many', ${body}::text::jsonb || jsonb_build_object('deals', ids)) FROM untold, claimed
      WHERE jsonb_array_length(ids) > 1
    ), gathered AS (
      INSERT INTO news (id, person_id, deal_id, kind, by_id, body, at)
      SELECT gen_random_uuid(), ${reader.id}::uuid, one.id, 'offered', ${by.id}::uuid,
        jsonb_strip_nulls(jsonb_build_object('away', ${cover ? to.id : null}::uuid)), ${now}::timestamptz
      FROM untold, jsonb_array_elements_text(ids) AS one(id) WHERE NOT EXISTS (SELECT FROM claimed) RETURNING 1
    )`;
}

/**
 * As whoever asked for them may read them now: of a deal that they may not see (any more), or before the terms are
 * confirmed, the customer's name is left out. @param changes of one person.
 */
export async function asTheySee(store: Store, changes: readonly Change[], now: Date): Promise<Change[]> {
  const actor = changes[0] && (await personById(store, changes[0].person.id));
  const isOpen = actor?.role === 'alliance lead' || (await areTermsConfirmed(store));
  const found = actor && isOpen ? await loadMany(store, [...new Set(changes.map((it) => it.dealId))]) : [];
  const seen = new Set(
    found
      .filter(({ deal, isGone }) => actor && !isGone && can(actor, 'see', deal, now).yes)
      .map(({ deal }) => deal.id),
  );
  return changes.map(({ company, ...change }) => ({
    ...change,
    ...(company !== undefined && seen.has(change.dealId) ? { company } : {}),
  }));
}

/** All Changes of the act that this one belongs to, oldest first. */
export async function handedOverWith(store: Store, changeId: string): Promise<Change[]> {
  const rows = await rowsOf<{ id: string }>(
    store,
    Prisma.sql`
    SELECT o.id FROM change c JOIN change o ON o.act_key = c.act_key AND o.person_id = c.person_id
    WHERE c.id = ${changeId}::uuid`,
  );
  return changesById(
    store,
    rows.map(({ id }) => id),
  );
}
