-- A card that several read: where it stands, how far its sending has come, who is told of it, when it was last drawn.
ALTER TABLE "posting" ADD COLUMN "redrawn_at" TIMESTAMPTZ(6),
    ADD COLUMN "room" TEXT,
    ADD COLUMN "shows" TEXT NOT NULL DEFAULT 'card',
    ADD COLUMN "shut" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "state" TEXT NOT NULL DEFAULT 'posted',
    ADD COLUMN "tenant" TEXT,
    ADD COLUMN "user_id" TEXT;

CREATE TABLE "room" (
    "platform" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "opened_by" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "room_pkey" PRIMARY KEY ("platform", "tenant", "conversation")
);

ALTER TABLE "posting" ADD CONSTRAINT "posting_shows" CHECK ("shows" IN ('card', 'contacts'));
ALTER TABLE "posting" ADD CONSTRAINT "posting_state" CHECK ("state" IN ('wanted', 'unsure', 'posted'));
ALTER TABLE "posting" ADD CONSTRAINT "posting_room" CHECK (
    ("room" IS NULL) = ("tenant" IS NULL) AND ("room" IS NULL) = ("user_id" IS NULL)
    AND ("room" IS NOT NULL OR "state" = 'posted'));
-- One live card of a deal in a room; a second post leads to the first.
CREATE UNIQUE INDEX "posting_one_in_room" ON "posting" ("platform", "room", "deal_id")
    WHERE "ended_at" IS NULL AND "room" IS NOT NULL;

-- The copies of a deal on one platform are looked at again at that moment, also when the process that wanted it is gone.
CREATE FUNCTION "deliver_at"(deal text, platform text, at timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    job_id uuid := enqueue('deliver-' || deliver_at.platform, jsonb_build_object('deal', deliver_at.deal));
BEGIN
    UPDATE pgboss.job SET start_after = deliver_at.at WHERE name = 'deliver-' || deliver_at.platform AND id = job_id;
    RETURN job_id;
END
$$;
