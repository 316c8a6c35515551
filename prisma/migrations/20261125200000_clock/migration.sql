-- CreateTable
CREATE TABLE "subscription" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "platform" TEXT,
    "tenant" TEXT,
    "room" TEXT,
    "off" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "days" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "hour" INTEGER NOT NULL DEFAULT 9,
    "time_zone" TEXT,
    "door" TEXT,
    "paused_until" DATE,
    "off_at" TIMESTAMPTZ(6),
    "gone" BOOLEAN NOT NULL DEFAULT false,
    "next_at" TIMESTAMPTZ(6) NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "digest" (
    "id" UUID NOT NULL,
    "subscription_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "due_at" TIMESTAMPTZ(6) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'due',
    "platform" TEXT,
    "tenant" TEXT,
    "recipient" TEXT,
    "taken_at" TIMESTAMPTZ(6),
    "sent_at" TIMESTAMPTZ(6),
    "ref" JSONB,
    "shown" TEXT,
    "drawn_at" TIMESTAMPTZ(6),
    "look_at" TIMESTAMPTZ(6),
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "digest_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "digest_line" (
    "digest_id" UUID NOT NULL,
    "nth" INTEGER NOT NULL,
    "section" TEXT NOT NULL,
    "deal_id" TEXT NOT NULL,
    "under_id" UUID,

    CONSTRAINT "digest_line_pkey" PRIMARY KEY ("digest_id","nth")
);

-- CreateTable
CREATE TABLE "quiet" (
    "person_id" UUID NOT NULL,
    "off" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "from" INTEGER NOT NULL DEFAULT 19,
    "until" INTEGER NOT NULL DEFAULT 8,

    CONSTRAINT "quiet_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "news" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "deal_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "by_id" UUID,
    "body" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "told_at" TIMESTAMPTZ(6),

    CONSTRAINT "news_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clock" (
    "deal_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "route_id" UUID,
    "rung" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(6),
    "outcome" TEXT,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "clock_pkey" PRIMARY KEY ("deal_id")
);

-- CreateTable
CREATE TABLE "rung" (
    "deal_id" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "rung_pkey" PRIMARY KEY ("deal_id","person_id")
);

-- CreateTable
CREATE TABLE "route" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "fits" JSONB NOT NULL,
    "offer_to" UUID[],
    "platform" TEXT,
    "tenant" TEXT,
    "room" TEXT,
    "by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "route_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reminder" (
    "person_id" UUID NOT NULL,
    "deal_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "set_at" TIMESTAMPTZ(6) NOT NULL,
    "told_at" TIMESTAMPTZ(6),

    CONSTRAINT "reminder_pkey" PRIMARY KEY ("person_id","deal_id")
);

-- CreateTable
CREATE TABLE "nudge" (
    "id" UUID NOT NULL,
    "deal_id" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "nudge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cover" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "cover_id" UUID NOT NULL,
    "from" DATE NOT NULL,
    "until" DATE NOT NULL,
    "by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "cover_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "subscription_next_at_idx" ON "subscription"("next_at");

-- CreateIndex
CREATE INDEX "digest_state_due_at_idx" ON "digest"("state", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "digest_subscription_id_day_key" ON "digest"("subscription_id", "day");

-- CreateIndex
CREATE INDEX "digest_line_deal_id_idx" ON "digest_line"("deal_id");

-- CreateIndex
CREATE INDEX "news_person_id_at_idx" ON "news"("person_id", "at");

-- CreateIndex
CREATE INDEX "news_at_idx" ON "news"("at");

-- CreateIndex
CREATE INDEX "clock_next_at_idx" ON "clock"("next_at");

-- CreateIndex
CREATE INDEX "clock_ended_at_idx" ON "clock"("ended_at");

-- CreateIndex
CREATE INDEX "reminder_at_idx" ON "reminder"("at");

-- CreateIndex
CREATE INDEX "reminder_deal_id_idx" ON "reminder"("deal_id");

-- CreateIndex
CREATE INDEX "nudge_deal_id_at_idx" ON "nudge"("deal_id", "at");

-- CreateIndex
CREATE INDEX "nudge_owner_id_at_idx" ON "nudge"("owner_id", "at");

-- CreateIndex
CREATE INDEX "cover_person_id_idx" ON "cover"("person_id");

-- CreateIndex
CREATE INDEX "cover_cover_id_idx" ON "cover"("cover_id");

-- AddForeignKey
ALTER TABLE "digest" ADD CONSTRAINT "digest_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "subscription"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "digest_line" ADD CONSTRAINT "digest_line_digest_id_fkey" FOREIGN KEY ("digest_id") REFERENCES "digest"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One digest of a person's own, one in a channel.
CREATE UNIQUE INDEX "subscription_own" ON "subscription" ("person_id") WHERE "room" IS NULL;
CREATE UNIQUE INDEX "subscription_in_room" ON "subscription" ("platform", "tenant", "room") WHERE "room" IS NOT NULL;
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_room" CHECK (
    ("room" IS NULL) = ("platform" IS NULL) AND ("room" IS NULL) = ("tenant" IS NULL) AND ("room" IS NULL) = ("time_zone" IS NULL));
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_hour" CHECK ("hour" BETWEEN 0 AND 23);
ALTER TABLE "digest" ADD CONSTRAINT "digest_state" CHECK ("state" IN ('due', 'taken', 'sent', 'empty', 'skipped'));
ALTER TABLE "quiet" ADD CONSTRAINT "quiet_hours" CHECK ("from" BETWEEN 0 AND 23 AND "until" BETWEEN 0 AND 23);
ALTER TABLE "clock" ADD CONSTRAINT "clock_outcome" CHECK ("outcome" IN ('accepted', 'rejected', 'lost'));
-- One colleague looks after a desk.
CREATE UNIQUE INDEX "cover_one" ON "cover" ("person_id") WHERE "ended_at" IS NULL;
ALTER TABLE "cover" ADD CONSTRAINT "cover_other" CHECK ("person_id" <> "cover_id" AND "from" <= "until");
