-- The pipeline's list: what is still open first, closed deals at its end; each by its close date.
CREATE INDEX "deal_list" ON "deal"((coalesce("stage", '') IN ('Launched', 'Closed Lost')), "close_date", "id")
    WHERE "gone_at" IS NULL AND "kind" IN ('opportunity', 'lead') AND "invited_at" IS NULL;
