-- Where the Slack app was installed, each with its own token.

-- CreateTable
CREATE TABLE "installation" (
    "enterprise" TEXT NOT NULL,
    "team" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "bot" TEXT NOT NULL,
    "installed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("enterprise","team")
);

-- CreateTable
CREATE TABLE "installation_team" (
    "team" TEXT NOT NULL,
    "enterprise" TEXT NOT NULL,

    CONSTRAINT "installation_team_pkey" PRIMARY KEY ("team")
);

-- CreateIndex
CREATE INDEX "installation_team_idx" ON "installation"("team");

-- CreateIndex
CREATE INDEX "installation_team_enterprise_idx" ON "installation_team"("enterprise");

-- By hand from here: what schema.prisma cannot say.

-- One of the two names it; a token in the clear would not look like this.
ALTER TABLE "installation" ADD CONSTRAINT "installation_named" CHECK ("enterprise" <> '' OR "team" <> ''),
    ADD CONSTRAINT "installation_sealed" CHECK ("sealed" ~ '^[A-Za-z0-9_-]{40,}$' AND "sealed" !~ '^xox');
