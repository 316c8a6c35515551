-- Whom the clock told in somebody's place is known as such, and asked about again once they cover that desk no more.
ALTER TABLE "offer" ADD COLUMN "unheard" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "rung" ADD COLUMN "away" UUID;
CREATE INDEX "rung_away_idx" ON "rung"("away");
-- What is lent now was told to them as covers.
UPDATE "rung" r SET "away" = c."person_id" FROM "offer" o, "cover" c
WHERE o."by_cover" AND o."deal_id" = r."deal_id" AND o."person_id" = r."person_id"
  AND c."cover_id" = r."person_id" AND c."ended_at" IS NULL;
