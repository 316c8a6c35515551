/** What was still needed when a colleague was erased, forgotten once it is not: what stands in chat, what was with AWS. */
import { Prisma } from './generated/client.ts';
import { TAKEN_BACK } from './roles.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Of a Change's `source`: from which account it came is forgotten, and what is to be forgotten of others is not. */
export const NO_ACCOUNT = Prisma.sql`
  jsonb_strip_nulls(jsonb_build_object('platform', source->'platform', 'forget', source->'forget'))`;

/** The key of an act holds the account it came from. What one act asked for stays together. */
export const ACT_DIGEST = Prisma.sql`'erased:' || digest_of(act_key)`;

/** Of a posting: who posted it is told nothing any more. In a room the column wants a text. */
export const NOBODY_IN_CHAT = Prisma.sql`CASE WHEN room IS NOT NULL THEN '' END`;

/** Whether a text holds one of these words, which are in lower case. */
export const names = (text: Prisma.Sql, words: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT FROM unnest(${words}) w WHERE position(w IN lower(${text})) > 0)`;

/** What AWS cannot have seen. */
export const UNSENT = Prisma.sql`state IN ('requested', 'sending', 'waiting') AND sent_at IS NULL`;

/** Why something was cancelled that somebody else asked for. */
export const FOR_NOBODY =
  'taken back before it was sent: whoever it was for has no access to ace-desk any more';

/** By the hour; idempotent. */
export async function forgetErased(store: Store): Promise<void> {
  await takeBack(store);
  await forgetSettled(store);
  await forgetAccounts(store);
}

/** What was sent before somebody was erased and came to nothing at AWS, is not sent again for them. */
async function takeBack(store: Store): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH void AS (
      SELECT c.id, p.erased_at IS NOT NULL AS own FROM change c JOIN person p ON p.id = c.person_id,
        LATERAL (SELECT ARRAY(SELECT jsonb_array_elements_text(c.source->'forget')) AS words) s
      WHERE c.source ? 'forget' AND ${UNSENT} AND (p.erased_at IS NOT NULL
        OR c.kind IN ('accept', 'assign') AND ${names(Prisma.sql`concat(c.wish->'to', c.wish->'for')`, WORDS)})
      ORDER BY c.seq FOR UPDATE OF c
    ), cancelled AS (
      UPDATE change c SET state = 'cancelled', settled_at = now(), attempts = c.attempts + 1,
        answer = CASE WHEN NOT v.own THEN ${FOR_NOBODY} END
      FROM void v WHERE c.id = v.id RETURNING c.id, c.deal_id, v.own
    ), logged AS (
      INSERT INTO transition (change_id, state, answer)
      SELECT id, 'cancelled', CASE WHEN own THEN ${TAKEN_BACK} ELSE ${FOR_NOBODY} END FROM cancelled RETURNING 1
    ), deals AS (
      UPDATE deal SET version = version + 1 WHERE id IN (SELECT deal_id FROM cancelled) RETURNING id
    ), woken AS (
      SELECT pg_notify('change_settled', id::text) FROM cancelled
    )
    SELECT (SELECT count(*) FROM logged) + (SELECT count(*) FROM woken) + (SELECT count(deliver(id)) FROM deals)`,
  );
}

/**
 * Changes that were with AWS when whoever asked, or somebody whom they name, was erased: an hour after they are settled, so that whoever asked
 * has heard of it. With what was said of them meanwhile, and the lead that came to be theirs.
 */
async function forgetSettled(store: Store): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH settled AS (
      SELECT id, requested_at, ARRAY(SELECT jsonb_array_elements_text(source->'forget')) AS words FROM change
      WHERE source ? 'forget' AND settled_at < now() - interval '1 hour' ORDER BY seq FOR UPDATE
    ), forgotten AS (
      UPDATE change c SET source = c.source - 'forget',
        wish = CASE WHEN ${GIVES_OR_TAKES} THEN purged_wish(c.kind) ELSE c.wish END,
        found = CASE WHEN ${GIVES_OR_TAKES} THEN NULL ELSE c.found END,
        answer = CASE WHEN ${names(Prisma.sql`c.answer`, WORDS)} THEN NULL ELSE c.answer END
      FROM settled s WHERE c.id = s.id RETURNING c.deal_id
    ), steps AS (
      UPDATE transition t SET answer = NULL FROM settled s
      WHERE t.change_id = s.id AND t.answer IS NOT NULL AND ${names(Prisma.sql`t.answer`, WORDS)} RETURNING 1
    ), notices AS (
      DELETE FROM notice n USING settled s
      WHERE n.at >= s.requested_at AND ${names(Prisma.sql`n.body::text`, WORDS)} RETURNING 1
    ), words AS (
      SELECT unnest(words) AS word FROM settled
    ), deals AS (
      UPDATE deal SET version = version + 1, owner_email = CASE WHEN ${ERASED_LEAD} THEN NULL ELSE owner_email END
      WHERE id IN (SELECT deal_id FROM forgotten) OR ${ERASED_LEAD} RETURNING id
    )
    SELECT (SELECT count(*) FROM steps) + (SELECT count(*) FROM notices) + (SELECT count(deliver(id)) FROM deals)`,
  );
}

const WORDS = Prisma.sql`s.words`;
const GIVES_OR_TAKES = Prisma.sql`(c.kind IN ('accept', 'assign', 'own') AND ${names(Prisma.sql`c.wish::text`, WORDS)})`;
const ERASED_LEAD = Prisma.sql`kind = 'lead' AND owner_email IN (SELECT word FROM words)`;

/**
 * A copy in chat once it was drawn anew, without what is not theirs any more; where chat could not be reached, once nobody
 * tries any more (a day: store/queue.ts). An act an hour after it: until then a second click is the same act.
 */
async function forgetAccounts(store: Store): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH erased AS (
      SELECT id, erased_at, erased_at < now() - interval '25 hours' AS is_long_ago FROM person
      WHERE erased_at < now() - interval '1 hour'
    ), copies AS (
      UPDATE posting p SET ended_at = coalesce(p.ended_at, now()), ref = '{}', user_id = ${NOBODY_IN_CHAT} FROM erased e
      WHERE p.person_id = e.id AND (p.ended_at IS NULL AND (p.version >= 0 OR e.is_long_ago)
        OR p.ended_at IS NOT NULL AND p.ref <> '{}') RETURNING 1
    ), homes AS (
      DELETE FROM home h USING erased e WHERE h.person_id = e.id AND (h.drawn_at > e.erased_at OR e.is_long_ago) RETURNING 1
    ), digests AS (
      -- Drawn empty by now, or never to be; with them goes whose chat that was.
      DELETE FROM subscription s USING erased e WHERE s.person_id = e.id AND (e.is_long_ago
        OR NOT EXISTS (SELECT FROM digest g WHERE g.subscription_id = s.id AND g.state = 'sent' AND g.ended_at IS NULL
          AND (g.drawn_at IS NULL OR g.drawn_at <= e.erased_at))) RETURNING 1
    ), chats AS (
      -- Nobody's by now (store/erase.ts); the copies in them are drawn empty within a day.
      DELETE FROM reference WHERE scope = 'personal' AND user_id IS NULL AND seen_at < now() - interval '25 hours' RETURNING 1
    ), acts AS (
      DELETE FROM act USING erased e WHERE act.person_id = e.id AND act.at < now() - interval '1 hour' RETURNING 1
    ), asked AS (
      UPDATE change SET source = ${NO_ACCOUNT},
        act_key = CASE WHEN act_key LIKE 'erased:%' THEN act_key ELSE ${ACT_DIGEST} END
      WHERE person_id IN (SELECT id FROM erased) AND settled_at < now() - interval '1 hour'
        AND (source <> ${NO_ACCOUNT} OR act_key NOT LIKE 'erased:%') RETURNING 1
    )
    SELECT (SELECT count(*) FROM copies) + (SELECT count(*) FROM homes) + (SELECT count(*) FROM digests) + (SELECT count(*) FROM chats) + (SELECT count(*) FROM acts)
      + (SELECT count(*) FROM asked)`,
  );
}
