-- The preset views and the worklist read the first lines of an index in their own order and stop (npm run bench, part 4).
-- Predicates follow store/views.ts and store/desk.ts; where the two part ways the lists stay right and become slow. What an
-- ACE user sees is read by owner, submitter and offer instead, and sorted.

-- CreateIndex: who flagged it?
CREATE INDEX "flag_deal_id_idx" ON "flag"("deal_id");

-- By hand from here: what schema.prisma cannot say.

-- No partner update for over 14 days: of one tab, and of both on the desk.
DROP INDEX "deal_watched_stale";
CREATE INDEX "deal_quiet" ON "deal"("partner_updated_at", "id") WHERE "gone_at" IS NULL
    AND ("kind" = 'opportunity' AND "status" IN ('Approved', 'Action Required')
        AND "stage" IN ('Prospect', 'Qualified', 'Technical Validation', 'Business Validation', 'Committed')
      OR "kind" = 'lead' AND "invited_at" IS NULL AND "status" <> 'Disqualified');
CREATE INDEX "deal_quiet_kind" ON "deal"("kind", "partner_updated_at", "id") WHERE "gone_at" IS NULL
    AND ("kind" = 'opportunity' AND "status" IN ('Approved', 'Action Required')
        AND "stage" IN ('Prospect', 'Qualified', 'Technical Validation', 'Business Validation', 'Committed')
      OR "kind" = 'lead' AND "invited_at" IS NULL AND "status" <> 'Disqualified');

-- Under review, rejected.
CREATE INDEX "deal_review" ON "deal"("status_since", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "status" IN ('Submitted', 'In review');
CREATE INDEX "deal_rejected" ON "deal"("status_since", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "status" = 'Rejected';

-- All customer engagements.
CREATE INDEX "deal_engagements" ON "deal"("close_date", "id") WHERE "gone_at" IS NULL
    AND ("kind" = 'opportunity' AND "status" <> 'Pending Submission'
      OR "kind" = 'referral' AND "status" = 'PENDING' AND "successor" IS NULL AND "invited_at" IS NOT NULL
        AND "origin" = 'AWS Referral');

-- Drafts, partner referred; committed, launched; AWS referred, closing this month; validated open.
CREATE INDEX "deal_origin_status" ON "deal"("origin", "status", "close_date", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity';
CREATE INDEX "deal_stage" ON "deal"("stage", "close_date", "id") WHERE "gone_at" IS NULL AND "kind" = 'opportunity';
CREATE INDEX "deal_origin" ON "deal"("origin", "close_date", "id") WHERE "gone_at" IS NULL AND "kind" = 'opportunity';
CREATE INDEX "deal_origin_watched" ON "deal"("origin", "close_date", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "status" = 'Approved'
    AND "stage" IN ('Prospect', 'Qualified', 'Technical Validation', 'Business Validation', 'Committed');

-- Shared by AWS, submitted to AWS.
CREATE INDEX "deal_shared_lead" ON "deal"("shared_at", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'lead' AND "shared_at" IS NOT NULL;
CREATE INDEX "deal_shared_opportunity" ON "deal"("shared_at", "id")
    WHERE "gone_at" IS NULL AND "kind" IN ('opportunity', 'referral') AND "shared_at" IS NOT NULL;
CREATE INDEX "deal_submitted" ON "deal"("submitted_at", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "submitted_at" IS NOT NULL;

-- Leads by status, by source.
CREATE INDEX "deal_lead_status" ON "deal"("status", "partner_updated_at", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'lead' AND "invited_at" IS NULL;
CREATE INDEX "deal_lead_marketing" ON "deal"("shared_at", "id") WHERE "gone_at" IS NULL AND "kind" = 'lead'
    AND "detail"->>'source' ~* 'campaign|event|webinar|marketing' AND NOT "psf";
CREATE INDEX "deal_psf" ON "deal"("shared_at", "id") WHERE "gone_at" IS NULL AND "kind" = 'lead' AND "psf";

-- What an ACE user sees: submitted through us. What a deal was before.
CREATE INDEX "deal_submitted_by" ON "deal"("submitted_by") WHERE "submitted_by" IS NOT NULL;
CREATE INDEX "deal_successor" ON "deal"("successor") WHERE "successor" IS NOT NULL;

-- The law holds for what is there already; as pipeline/lead.ts reads it.
UPDATE "deal" SET "psf" = true WHERE "kind" = 'lead'
    AND ("detail"->>'source' ~* 'partner\s+solutions?\s+finder|\mpsf\M' OR "detail"->>'campaign' ~* 'partner\s+solutions?\s+finder|\mpsf\M');

-- Records read before issue 3 lack what it needs of them: they are read anew, all of them, once.
UPDATE "deal" SET "detail" = "detail" || '{"solutions": []}' WHERE "kind" = 'opportunity' AND NOT jsonb_exists("detail", 'solutions');
UPDATE "deal" SET "partner_updated_at" = "created_at" WHERE "kind" = 'lead' AND "partner_updated_at" IS NULL;
UPDATE "deal" SET "modified" = NULL;
UPDATE "agent" SET "high_water" = NULL;
