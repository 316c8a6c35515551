/** A mirror of any size, written directly: the practice pipeline's own records, multiplied and spread over all states. */

/** Opportunity number n, from 1. @param {number} n */
export const opportunityId = (n) => `O${20_000_000 + n}`;
/** Referral number n, from 1. @param {number} n */
export const referralId = (n) => `engi-${String(n).padStart(13, '0')}`;

/**
 * What a partner of some years has: most deals are launched or lost; of the open ones a third is past its close date and
 * half without news for two weeks. 200 owners unless told, one of them the practice team's ACE user. A settled Change for each deal.
 * A third of the approved opportunities are AWS's. The alliance lead and the ACE user have flagged one in 500.
 * @param {{ prisma: import('../../dist/store/generated/client.js').PrismaClient }} store
 * @param {{ opportunities: number, referrals: number, leads?: number, owners?: number }} size
 */
export async function fillMirror({ prisma }, { opportunities, referrals, leads = 0, owners = 200 }) {
  await prisma.$executeRawUnsafe('SELECT setseed(0.42)');
  for (let from = 1; from <= opportunities; from += PORTION)
    await prisma.$executeRawUnsafe(OPPORTUNITIES, from, Math.min(from + PORTION - 1, opportunities), owners);
  await prisma.$executeRawUnsafe(REFERRALS, referrals);
  if (leads > 0) await prisma.$executeRawUnsafe(LEADS, leads);
  await prisma.$executeRawUnsafe(FLAGS);
  for (let from = 1; from <= opportunities; from += PORTION)
    await prisma.$executeRawUnsafe(CHANGES, from, Math.min(from + PORTION - 1, opportunities));
  for (const table of ['deal', 'change', 'flag', 'person', 'posting'])
    await prisma.$executeRawUnsafe(`ANALYZE ${table}`);
}

/** Within the statement timeout. */
const PORTION = 5000;

const OPPORTUNITIES = `
  WITH template AS (
    SELECT detail, raw, title, company, row_number() OVER (ORDER BY id) - 1 AS nth, count(*) OVER () AS many
    FROM deal WHERE kind = 'opportunity' AND length(id) = 8
  ), dice AS (
    SELECT g, random() AS a, random() AS b, random() AS c, random() AS d, floor(random() * $3::int)::int AS owner
    FROM generate_series($1::int, $2::int) g
  ), spread AS (
    SELECT g, 'O' || (20000000 + g) AS id, owner,
      CASE WHEN a < 0.80 THEN 'Approved' WHEN a < 0.90 THEN 'Rejected' WHEN a < 0.94 THEN 'Pending Submission'
        WHEN a < 0.96 THEN 'Submitted' WHEN a < 0.98 THEN 'In review' ELSE 'Action Required' END AS status,
      CASE WHEN a >= 0.80 THEN 'Prospect' WHEN b < 0.40 THEN 'Launched' WHEN b < 0.70 THEN 'Closed Lost'
        WHEN b < 0.80 THEN 'Qualified' WHEN b < 0.88 THEN 'Technical Validation'
        WHEN b < 0.95 THEN 'Business Validation' ELSE 'Committed' END AS stage,
      (now()::date + CASE WHEN b < 0.70 THEN -(c * 900)::int ELSE (c * 300 - 100)::int END) AS close_date,
      now() - d * interval '28 days' AS updated,
      CASE WHEN a < 0.27 THEN 'AWS Referral' ELSE 'Partner Referral' END AS origin
    FROM dice
  )
  INSERT INTO deal (id, kind, company, title, status, stage, origin, owner_email, close_date, partner_updated_at,
    created_at, modified, status_since, submitted_at, shared_at, detail, raw)
  SELECT s.id, 'opportunity', company || ' ' || g, title, s.status, s.stage, s.origin, email, s.close_date, s.updated,
    s.updated - interval '90 days', '2026-01-01T00:00:00.000Z', s.updated,
    CASE WHEN s.origin = 'Partner Referral' AND s.status <> 'Pending Submission' THEN s.updated - (g % 700) * interval '1 day' END,
    CASE WHEN s.origin = 'AWS Referral' THEN s.updated - (g % 700) * interval '1 day' END,
    t.detail || jsonb_build_object('id', s.id, 'company', company || ' ' || g, 'stage', s.stage, 'reviewStatus', s.status,
      'origin', s.origin, 'closeDate', s.close_date, 'owner', jsonb_build_object('name', 'Sam Example', 'email', email)), t.raw
  FROM spread s JOIN template t ON t.nth = s.g % t.many,
  LATERAL (SELECT CASE s.owner WHEN 0 THEN 'priya.raman@partner.example'
    ELSE 'sales' || s.owner || '@partner.example' END AS email) o`;

const REFERRALS = `
  WITH template AS (
    SELECT detail, raw, title, company, row_number() OVER (ORDER BY id) - 1 AS nth, count(*) OVER () AS many
    FROM deal WHERE kind = 'referral' AND status = 'PENDING' AND detail->'sender'->>'account' = 'aws'
      AND expires_at > now() + interval '1 day'
  )
  INSERT INTO deal (id, kind, company, title, status, origin, invited_at, expires_at, due_at, shared_at, modified, detail, raw)
  SELECT id, 'referral', company || ' ' || g, title, 'PENDING', 'AWS Referral', now(), at, at, now(), NULL,
    detail || jsonb_build_object('id', id, 'company', company || ' ' || g, 'invitedAt', now(), 'expiresAt', at), raw
  FROM (SELECT g, 'engi-' || lpad(g::text, 13, '0') AS id, now() + (1 + g % 200) * interval '1 hour' AS at
    FROM generate_series(1, $1::int) g) s
  JOIN template t ON t.nth = s.g % t.many`;

/** Every tenth waits as an invitation; every twentieth of the others is from the Partner Solutions Finder. */
const LEADS = `
  WITH template AS (
    SELECT kind, detail, raw, title, company, invited_at IS NULL AS ours,
      row_number() OVER (PARTITION BY invited_at IS NULL ORDER BY id) - 1 AS nth,
      count(*) OVER (PARTITION BY invited_at IS NULL) AS many
    FROM deal WHERE kind = 'lead' AND (invited_at IS NULL OR status = 'PENDING')
  ), spread AS (
    SELECT g, g % 10 > 0 AS ours, g % 20 = 1 AS psf, random() * 28 AS days,
      (ARRAY['Open', 'Research', 'Qualified', 'Disqualified'])[1 + g % 4] AS status,
      (ARRAY['Campaign', 'Website', 'Referral'])[1 + g % 3] AS source
    FROM generate_series(1, $1::int) g
  )
  INSERT INTO deal (id, kind, company, title, status, origin, owner_email, invited_at, expires_at, due_at, partner_updated_at,
    created_at, modified, status_since, shared_at, psf, detail, raw)
  SELECT id, 'lead', company || ' ' || g, title, CASE WHEN s.ours THEN s.status ELSE 'PENDING' END,
    CASE WHEN NOT s.ours THEN 'AWS Referral' END, CASE WHEN s.ours THEN 'sales' || g % 200 || '@partner.example' END,
    CASE WHEN NOT s.ours THEN at END, CASE WHEN NOT s.ours THEN at + interval '15 days' END,
    CASE WHEN NOT s.ours THEN at + interval '7 days' END, CASE WHEN s.ours THEN at END, at, NULL, at,
    at - (g % 700) * interval '1 day', s.psf,
    detail || jsonb_build_object('id', id, 'company', company || ' ' || g, 'qualification', s.status,
      'source', CASE WHEN s.psf THEN 'AWS Partner Solutions Finder' ELSE s.source END, 'campaign', 'Spring'), raw
  FROM spread s JOIN template t ON t.ours = s.ours AND t.nth = s.g % t.many,
  LATERAL (SELECT CASE WHEN s.ours THEN 'eng-' || lpad(g::text, 14, '0') ELSE 'engi-9' || lpad(g::text, 12, '0') END AS id,
    now() - s.days * interval '1 day' AS at) i`;

const FLAGS = `
  INSERT INTO flag (person_id, deal_id)
  SELECT p.id, d.id FROM person p, deal d WHERE p.email IN ('lead@partner.example', 'priya.raman@partner.example')
    AND (d.kind = 'opportunity' AND right(d.id, 3) = '500' OR d.kind = 'lead' AND right(d.id, 2) = '05')`;

const CHANGES = `
  INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, source, client_token, requested_at, settled_at)
  SELECT gen_random_uuid(), 'O' || (20000000 + g), (SELECT id FROM person WHERE email = 'lead@partner.example'), 'bench:' || g,
    'next-step', 'update', '{"kind":"update","base":{},"set":{"nextStep":"Demo"}}',
    CASE WHEN g % 500 = 0 THEN 'waiting' ELSE 'confirmed' END,
    '{"platform":"slack","tenant":"T1","user":"ANA"}', gen_random_uuid()::text, now() - interval '3 days',
    CASE WHEN g % 500 = 0 THEN NULL ELSE now() - interval '3 days' END
  FROM generate_series($1::int, $2::int) g`;
