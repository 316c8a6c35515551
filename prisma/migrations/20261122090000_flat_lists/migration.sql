-- The worklist and the lists read the first lines of an index in their own order and stop: with these they take the same
-- time whatever the pipeline's size (npm run bench, part 4). Predicates follow pipeline/attention.ts and store/desk.ts;
-- where the two part ways the lists stay right and become slow.

-- DropIndex
DROP INDEX "deal_kind_status_stage_close_date_idx";

-- DropIndex
DROP INDEX "deal_kind_status_stage_partner_updated_at_idx";

-- By hand from here: what schema.prisma cannot say.

-- Closing, past close date.
CREATE INDEX "deal_watched_close" ON "deal"("close_date", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "status" = 'Approved'
    AND "stage" IN ('Prospect', 'Qualified', 'Technical Validation', 'Business Validation', 'Committed');

-- Stale.
CREATE INDEX "deal_watched_stale" ON "deal"("partner_updated_at", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "status" = 'Approved'
    AND "stage" IN ('Prospect', 'Qualified', 'Technical Validation', 'Business Validation', 'Committed');

-- Action required.
CREATE INDEX "deal_action_required" ON "deal"("close_date", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "status" = 'Action Required';

-- Pending acceptance.
CREATE INDEX "deal_pending" ON "deal"("due_at", "id")
    WHERE "gone_at" IS NULL AND "status" = 'PENDING' AND "successor" IS NULL;

-- The pipeline, a page at a time.
CREATE INDEX "deal_pipeline" ON "deal"("close_date", "id") WHERE "gone_at" IS NULL AND "invited_at" IS NULL;

-- What stands in this place? A copy replaces the one before it.
CREATE INDEX "posting_place" ON "posting" USING hash ("ref") WHERE "ended_at" IS NULL;
