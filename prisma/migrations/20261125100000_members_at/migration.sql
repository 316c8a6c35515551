-- When somebody came to a conversation or went: a roster that began to be read before answers nobody, in no process.

-- AlterTable
ALTER TABLE "reference" ADD COLUMN     "members_at" TIMESTAMPTZ(6);
