-- Where in Teams we are, and under which address: learned from whatever comes in from there.

-- CreateTable
CREATE TABLE "reference" (
    "platform" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "user_id" TEXT,
    "service_url" TEXT NOT NULL,
    "name" TEXT,
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "team" TEXT,
    "seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "reference_pkey" PRIMARY KEY ("platform","tenant","conversation")
);

-- CreateIndex
CREATE INDEX "reference_platform_tenant_user_id_idx" ON "reference"("platform", "tenant", "user_id");

-- CreateIndex
CREATE INDEX "reference_platform_tenant_seen_at_idx" ON "reference"("platform", "tenant", "seen_at");

-- CreateIndex
CREATE INDEX "reference_platform_tenant_team_idx" ON "reference"("platform", "tenant", "team");

-- AlterTable
ALTER TABLE "inbox" ADD COLUMN "speaker" TEXT,
    ADD COLUMN "words" TEXT;

-- CreateIndex
CREATE INDEX "inbox_speaker_at_idx" ON "inbox"("speaker", "at");

-- By hand from here: what schema.prisma cannot say.

-- Only one person's own conversation is anybody's; it outlives by a day that they were erased (store/forget.ts).
ALTER TABLE "reference" ADD CONSTRAINT "reference_scope" CHECK ("scope" IN ('personal', 'group', 'channel')),
    ADD CONSTRAINT "reference_of_one" CHECK ("scope" = 'personal' OR "user_id" IS NULL),
    ADD CONSTRAINT "reference_named" CHECK ("conversation" <> '' AND "service_url" <> '');
