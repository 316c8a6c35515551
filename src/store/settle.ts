/** How far a Change came, and all that follows from it, in one statement. */

import type { Hold, Step } from './agent.ts';
import { Prisma } from './generated/client.ts';
import { tellingOwners } from './notices.ts';
import type { Store } from './store.ts';

/**
 * Writes down how far a Change came. What people can see of it (state, answer) raises the deal's version and has its
 * copies redrawn; a mere "not yet" does not. A final state wakes whoever waits for it and cancels its second half when it
 * failed; a private word to the asker is queued as well, and whom it concerns gets news of it. Where AWS holds the record,
 * what stands behind it waits for the same. A void hold writes nothing.
 */
export async function settle(store: Store, epoch: bigint, hold: Hold, step: Step): Promise<void> {
  const final = !['requested', 'sending', 'waiting'].includes(step.state);
  const failed = final && step.state !== 'confirmed';
  const answer = step.answer ?? null;
  const waitsFor = step.waitsFor ?? null;
  const locked = step.waitsFor === 'locked';
  const found = step.state === 'conflict' && step.found ? JSON.stringify(step.found) : null;
  await store.prisma.$queryRaw`
    WITH before AS (
      SELECT id, answer, (SELECT t.state FROM transition t WHERE t.change_id = change.id ORDER BY t.id DESC LIMIT 1) AS state
      FROM change WHERE id = ${hold.id}::uuid
    ), settled AS (
      UPDATE change SET state = ${step.state}, found = ${found}::text::jsonb,
        answer = CASE WHEN ${final} THEN ${answer} ELSE coalesce(${answer}, change.answer) END,
        waits_for = ${waitsFor}, due_at = now() + make_interval(secs => ${(step.restMs ?? 0) / 1000}::float8),
        aws_request_id = coalesce(${step.awsRequestId ?? null}, aws_request_id),
        settled_at = CASE WHEN ${final} THEN now() END,
        client_token = CASE WHEN ${step.afresh === true} THEN gen_random_uuid()::text ELSE client_token END,
        sent_at = CASE WHEN ${step.afresh === true} THEN NULL ELSE sent_at END
      FROM before WHERE change.id = before.id AND (SELECT epoch FROM agent WHERE id = 1) = ${epoch}
        AND change.attempts = ${hold.attempts} AND change.state IN ('requested', 'sending', 'waiting')
      RETURNING change.id, change.deal_id, change.person_id, change.kind, change.wish, change.sent_at, change.state,
        change.source->>'platform' AS platform, change.requested_at < now() - interval '60 seconds' AS slow,
        before.state IS DISTINCT FROM ${step.state} OR before.answer IS DISTINCT FROM coalesce(${answer}, before.answer) AS seen
    ), other AS (
      UPDATE change c SET state = 'cancelled', settled_at = now(), answer = 'Its first half did not succeed.'
      FROM settled WHERE ${failed} AND c.after = settled.id AND c.state IN ('requested', 'waiting', 'sending') RETURNING c.id
    ), behind AS (
      UPDATE change c SET state = 'waiting', waits_for = 'locked', answer = ${answer}
      FROM settled WHERE ${locked} AND c.deal_id = settled.deal_id AND c.state = 'requested' RETURNING c.id
    ), logged AS (
      INSERT INTO transition (change_id, state, answer, aws_request_id)
      SELECT id, ${step.state}, ${answer}, ${step.awsRequestId ?? null} FROM settled WHERE seen
      UNION ALL SELECT id, 'cancelled', 'Its first half did not succeed.', NULL FROM other
      UNION ALL SELECT id, 'waiting', ${answer}, NULL FROM behind RETURNING 1
    ), bumped AS (
      UPDATE deal d SET version = d.version + 1,
        partner_updated_at = CASE WHEN ${step.state} = 'confirmed' AND d.kind <> 'referral'
          THEN greatest(d.partner_updated_at, now()) ELSE d.partner_updated_at END,
        submitted_by = CASE WHEN ${step.state} = 'confirmed' AND settled.kind = 'submit'
          THEN (SELECT email FROM person WHERE id = settled.person_id) ELSE d.submitted_by END
      FROM settled WHERE d.id = settled.deal_id AND settled.seen RETURNING d.id
    ), redrawn AS (
      SELECT deliver(settled.deal_id, CASE WHEN ${final} THEN settled.id END) FROM settled WHERE seen
    ), woken AS (
      SELECT pg_notify('change_settled', id::text) FROM (SELECT id FROM settled WHERE seen UNION ALL SELECT id FROM other UNION ALL SELECT id FROM behind) x
    ), next AS (
      SELECT pg_notify('change_wanted', deal_id) FROM settled WHERE ${final}
    ), owners AS (
      ${step.state === 'confirmed' ? tellingOwners(NEW_OWNER) : Prisma.sql`SELECT`}
    ), noted AS (
      ${step.state === 'confirmed' ? CONFIRMED : failed ? FAILED : Prisma.sql`SELECT`}
    )
    SELECT (SELECT count(*) FROM logged) + (SELECT count(*) FROM bumped) + (SELECT count(*) FROM redrawn)
      + (SELECT count(*) FROM woken) + (SELECT count(*) FROM next) + (SELECT count(*) FROM owners) + (SELECT count(*) FROM noted)`;
}

/** By AWS's word: an owner assigned, or a lead accepted for somebody. The sales contact owns nothing. */
const NEW_OWNER = Prisma.sql`
  SELECT id, person_id, deal_id, wish FROM settled
  WHERE kind = 'assign' AND wish->'as' IS NULL OR kind = 'accept' AND wish->'for' IS NOT NULL`;

/** To the owner and the submitter: what a colleague changed. To those it was offered to: who was faster. */
const CONFIRMED = Prisma.sql`
  SELECT note_news(deal_id, 'changed', person_id, jsonb_build_object('change', id)) FROM settled
  WHERE kind IN ('update', 'submit', 'associate', 'update-lead') OR kind = 'assign' AND wish->'as' IS NOT NULL
  UNION ALL
  SELECT note_news(deal_id, 'accepted', person_id, jsonb_build_object('change', id), coalesce(wish->'for'->>'email',
    (SELECT a.wish->'to'->>'email' FROM change a WHERE a.after = settled.id AND a.kind = 'assign' LIMIT 1)))
  FROM settled WHERE kind = 'accept'`;

/**
 * To the asker: what took so long that they look no more (bot/deliver tells those of them what succeeded). At the console
 * their own wait tells them. What was sent, and refused as somebody else had accepted it, was accepted all the same.
 */
const FAILED = Prisma.sql`
  INSERT INTO news (id, person_id, deal_id, kind, body)
  SELECT gen_random_uuid(), person_id, deal_id, state, jsonb_build_object('change', id) FROM settled
  WHERE state IN ('refused', 'conflict') AND slow AND platform <> 'console'
  UNION ALL
  SELECT gen_random_uuid(), o.person_id, s.deal_id, 'accepted', '{}' FROM settled s JOIN deal d ON d.id = s.deal_id
    JOIN offer o ON o.deal_id = s.deal_id
  WHERE s.kind = 'accept' AND s.sent_at IS NOT NULL AND d.status = 'ACCEPTED' AND o.person_id <> s.person_id
  RETURNING 1`;
