-- Of what somebody has most is launched or lost after some years, and no digest speaks of that: what may need them is read off
-- indexes of its own. The conditions stand in store/sections.ts (GOING) word for word; NOT NULL keeps each to its own column.
CREATE INDEX "deal_owner_going" ON "deal"("owner_email") WHERE "owner_email" IS NOT NULL
    AND "gone_at" IS NULL AND "invited_at" IS NULL
    AND ("stage" IS NULL OR "stage" NOT IN ('Launched', 'Closed Lost') OR "status" <> 'Approved');
CREATE INDEX "deal_submitter_going" ON "deal"("submitted_by") WHERE "submitted_by" IS NOT NULL
    AND "gone_at" IS NULL AND "invited_at" IS NULL
    AND ("stage" IS NULL OR "stage" NOT IN ('Launched', 'Closed Lost') OR "status" <> 'Approved');
