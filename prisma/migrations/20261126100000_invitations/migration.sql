-- CreateTable
CREATE TABLE "invitation" (
    "person_id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "batch" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "waits" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "reached" BOOLEAN NOT NULL DEFAULT false,
    "declined_at" TIMESTAMPTZ(6),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("person_id")
);

-- CreateIndex
CREATE INDEX "invitation_batch_idx" ON "invitation"("batch");
