-- CreateTable
CREATE TABLE "link" (
    "id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "way" TEXT NOT NULL,
    "proven_at" TIMESTAMPTZ(6),
    "address" TEXT,
    "since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_code" (
    "person_id" UUID NOT NULL,
    "salt" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "proves" BOOLEAN NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_by" TEXT,

    CONSTRAINT "link_code_pkey" PRIMARY KEY ("person_id")
);

-- CreateIndex
CREATE INDEX "link_person_id_idx" ON "link"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "link_platform_tenant_user_id_key" ON "link"("platform", "tenant", "user_id");

-- AddForeignKey
ALTER TABLE "link" ADD CONSTRAINT "link_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_code" ADD CONSTRAINT "link_code_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here: what schema.prisma cannot say.

ALTER TABLE "link" ADD CONSTRAINT "link_state" CHECK ("state" IN ('live', 'frozen', 'second', 'cut'));
ALTER TABLE "link" ADD CONSTRAINT "link_way" CHECK ("way" IN ('email', 'practice', 'code', 'lead'));
ALTER TABLE "link_code" ADD CONSTRAINT "link_code_tries" CHECK ("tries" BETWEEN 0 AND 5);

-- A door has one account for a person; a frozen link holds them still.
CREATE UNIQUE INDEX "link_one_account" ON "link"("platform", "tenant", "person_id") WHERE "state" IN ('live', 'frozen');

-- Outside practice mode an e-mail alone opens a person's first door and no other, however many ask at once.
CREATE UNIQUE INDEX "link_once_by_email" ON "link"("person_id") WHERE "way" = 'email' AND "state" IN ('live', 'frozen');
