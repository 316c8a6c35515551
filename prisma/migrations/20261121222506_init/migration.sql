-- CreateEnum
CREATE TYPE "DealKind" AS ENUM ('referral', 'lead', 'opportunity');

-- CreateTable
CREATE TABLE "deal" (
    "id" TEXT NOT NULL,
    "kind" "DealKind" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "company" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "stage" TEXT,
    "origin" TEXT,
    "owner_email" TEXT,
    "close_date" DATE,
    "invited_at" TIMESTAMPTZ(6),
    "expires_at" TIMESTAMPTZ(6),
    "due_at" TIMESTAMPTZ(6),
    "partner_updated_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6),
    "modified" TEXT,
    "successor" TEXT,
    "gone_at" TIMESTAMPTZ(6),
    "detail" JSONB NOT NULL,
    "raw" JSONB NOT NULL,

    CONSTRAINT "deal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "first_name" TEXT NOT NULL,
    "last_name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "act" (
    "key" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "verb" TEXT NOT NULL,
    "deal_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "valid_until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "act_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "change" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "deal_id" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "act_key" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "wish" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "waits_for" TEXT,
    "answer" TEXT,
    "source" JSONB NOT NULL,
    "client_token" TEXT NOT NULL,
    "aws_request_id" TEXT,
    "bulk" BOOLEAN NOT NULL DEFAULT false,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(6),
    "after" UUID,
    "requested_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(6),

    CONSTRAINT "change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transition" (
    "id" BIGSERIAL NOT NULL,
    "change_id" UUID NOT NULL,
    "person_id" UUID,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answer" TEXT,
    "aws_request_id" TEXT,

    CONSTRAINT "transition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "posting" (
    "id" UUID NOT NULL,
    "deal_id" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "ref" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "shown" TEXT NOT NULL,
    "time_zone" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "posting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "listing" (
    "person_id" UUID NOT NULL,
    "conversation" TEXT NOT NULL,
    "deal_ids" TEXT[],
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "listing_pkey" PRIMARY KEY ("person_id","conversation")
);

-- CreateTable
CREATE TABLE "inbox" (
    "key" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "handled_at" TIMESTAMPTZ(6),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "told" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "told_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "agent" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "catalog" TEXT,
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "next_read_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_write_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "called_at" TIMESTAMPTZ(6),
    "synced_at" TIMESTAMPTZ(6),
    "sync_done" INTEGER NOT NULL DEFAULT 0,
    "sync_total" INTEGER NOT NULL DEFAULT 0,
    "high_water" TEXT,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "practice" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "world" JSONB NOT NULL,
    "rev" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "practice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "deal_kind_status_due_at_idx" ON "deal"("kind", "status", "due_at");

-- CreateIndex
CREATE INDEX "deal_kind_status_stage_close_date_idx" ON "deal"("kind", "status", "stage", "close_date");

-- CreateIndex
CREATE INDEX "deal_kind_status_stage_partner_updated_at_idx" ON "deal"("kind", "status", "stage", "partner_updated_at");

-- CreateIndex
CREATE INDEX "deal_owner_email_kind_idx" ON "deal"("owner_email", "kind");

-- CreateIndex
CREATE INDEX "deal_company_idx" ON "deal"("company");

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "person"("email");

-- CreateIndex
CREATE INDEX "act_at_idx" ON "act"("at");

-- CreateIndex
CREATE INDEX "change_deal_id_seq_idx" ON "change"("deal_id", "seq");

-- CreateIndex
CREATE INDEX "change_person_id_seq_idx" ON "change"("person_id", "seq");

-- CreateIndex
CREATE INDEX "change_act_key_idx" ON "change"("act_key");

-- CreateIndex
CREATE INDEX "transition_change_id_id_idx" ON "transition"("change_id", "id");

-- CreateIndex
CREATE INDEX "posting_deal_id_idx" ON "posting"("deal_id");

-- CreateIndex
CREATE INDEX "inbox_handled_at_at_idx" ON "inbox"("handled_at", "at");

-- AddForeignKey
ALTER TABLE "change" ADD CONSTRAINT "change_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transition" ADD CONSTRAINT "transition_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand from here: what schema.prisma cannot say. test/store/constraints.test.ts names each.

-- AlterTable
ALTER TABLE "change"
    ADD CONSTRAINT "change_state" CHECK ("state" IN ('requested', 'sending', 'waiting', 'confirmed', 'refused', 'conflict', 'cancelled')),
    ADD CONSTRAINT "change_kind" CHECK ("kind" IN ('accept', 'assign', 'update'));

-- AlterTable
ALTER TABLE "person"
    ADD CONSTRAINT "person_role" CHECK ("role" IN ('alliance lead', 'alliance team', 'ACE manager', 'ACE user')),
    ADD CONSTRAINT "person_email_lower" CHECK ("email" = lower("email"));

-- The agent takes the next Change: interactive before bulk, in the order of asking.
CREATE INDEX "change_open" ON "change"("bulk", "seq") WHERE "state" IN ('requested', 'sending', 'waiting');

-- In order per deal: what is open before this one?
CREATE INDEX "change_open_deal" ON "change"("deal_id", "seq") WHERE "state" IN ('requested', 'sending', 'waiting');

-- Two people press Accept at once: one Change. After a refusal or a cancellation one may ask again.
CREATE UNIQUE INDEX "one_open_accept" ON "change"("deal_id")
    WHERE "kind" = 'accept' AND "state" IN ('requested', 'sending', 'waiting', 'confirmed');

-- Search by the beginning of a company's name: lower(company) LIKE 'acme%'.
CREATE INDEX "deal_company_prefix" ON "deal"(lower("company") text_pattern_ops);

-- The copies of a deal that are still redrawn.
CREATE INDEX "posting_live" ON "posting"("deal_id") WHERE "ended_at" IS NULL;

-- What was received and not handled yet.
CREATE INDEX "inbox_unhandled" ON "inbox"("at") WHERE "handled_at" IS NULL;

-- The person was told "not taken, nothing changed" after valid_until. Checked at commit, when every wait is over, so
-- that they can rely on it.
CREATE FUNCTION "act_in_time"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF clock_timestamp() > NEW."valid_until" THEN
        RAISE EXCEPTION 'too late' USING ERRCODE = 'AD001';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "act_in_time" AFTER INSERT ON "act"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "act_in_time"();

-- The life of a Change is only ever added to.
CREATE FUNCTION "append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'AD002';
END
$$;
CREATE TRIGGER "transition_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "transition"
    FOR EACH STATEMENT EXECUTE FUNCTION "append_only"();

-- A job for pg-boss inside our own statement, as its insertJobs and notifyChannelSql (12.35) do it: the queue's
-- settings, then the NOTIFY its workers listen to. Its tables are made after the migrations; plpgsql looks them up when
-- called. In a CTE the row must be asked for, or the function is not called: WITH job AS (SELECT enqueue(…)) … FROM job.
CREATE FUNCTION "enqueue"(queue text, data jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    job_id uuid;
BEGIN
    INSERT INTO pgboss.job AS j (name, data, retry_limit, retry_delay, retry_backoff, retry_delay_max, expire_seconds,
        deletion_seconds, keep_until, policy, dead_letter, heartbeat_seconds)
    SELECT q.name, enqueue.data, q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.expire_seconds,
        q.deletion_seconds, now() + q.retention_seconds * interval '1 second', q.policy, q.dead_letter, q.heartbeat_seconds
    FROM pgboss.queue q WHERE q.name = enqueue.queue
    RETURNING j.id INTO job_id;
    IF job_id IS NULL THEN
        RAISE EXCEPTION 'there is no queue %: queues are made at start', enqueue.queue USING ERRCODE = 'AD003';
    END IF;
    PERFORM pg_notify('pgboss_' || left(encode(sha224('pgboss'::bytea), 'hex'), 24), enqueue.queue);
    RETURN job_id;
END
$$;

-- One job for each platform on which a copy of the deal stands, or through which the settled Change was asked.
CREATE FUNCTION "deliver"(deal text, settled uuid DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT count(enqueue(q.name, jsonb_build_object('deal', deliver.deal, 'settled', deliver.settled)))
        FROM (SELECT p.platform FROM posting p WHERE p.deal_id = deliver.deal AND p.ended_at IS NULL
              UNION SELECT c.source->>'platform' FROM change c WHERE c.id = deliver.settled) f
        JOIN pgboss.queue q ON q.name = 'deliver-' || f.platform);
END
$$;

-- There is one agent.
INSERT INTO "agent" ("id") VALUES (1);
