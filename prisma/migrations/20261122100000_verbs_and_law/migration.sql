-- AlterTable
ALTER TABLE "act" ALTER COLUMN "deal_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "change" ADD COLUMN     "found" JSONB;

-- AlterTable
ALTER TABLE "deal" ADD COLUMN     "domain" TEXT,
ADD COLUMN     "psf" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "shared_at" TIMESTAMPTZ(6),
ADD COLUMN     "status_since" TIMESTAMPTZ(6),
ADD COLUMN     "submitted_at" TIMESTAMPTZ(6),
ADD COLUMN     "submitted_by" TEXT;

-- AlterTable
ALTER TABLE "person" ADD COLUMN     "backup" UUID,
ADD COLUMN     "country" TEXT,
ADD COLUMN     "other_emails" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "reports_to" UUID,
ADD COLUMN     "working_days" INTEGER[] DEFAULT ARRAY[1, 2, 3, 4, 5]::INTEGER[];

-- AlterTable
ALTER TABLE "transition" ADD COLUMN     "answer_digest" TEXT,
ADD COLUMN     "hash" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "wish_digest" TEXT;

-- CreateTable
CREATE TABLE "offer" (
    "deal_id" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "offer_pkey" PRIMARY KEY ("deal_id","person_id")
);

-- CreateTable
CREATE TABLE "flag" (
    "person_id" UUID NOT NULL,
    "deal_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "flag_pkey" PRIMARY KEY ("person_id","deal_id")
);

-- CreateTable
CREATE TABLE "role_change" (
    "id" BIGSERIAL NOT NULL,
    "person_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "by_id" UUID,
    "source" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "role_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_request" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "wanted" JSONB,
    "source" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(6),
    "decided_by" UUID,
    "granted" BOOLEAN,

    CONSTRAINT "access_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "deal_id" TEXT,
    "body" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "door" (
    "platform" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "door_pkey" PRIMARY KEY ("platform")
);

-- CreateTable
CREATE TABLE "terms" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "accepted_on" DATE NOT NULL,
    "by_id" UUID,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "terms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "solution" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "category" TEXT,
    "seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "solution_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quota_hour" (
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "writes" INTEGER NOT NULL,

    CONSTRAINT "quota_hour_pkey" PRIMARY KEY ("hour")
);

-- CreateIndex
CREATE INDEX "offer_person_id_idx" ON "offer"("person_id");

-- CreateIndex
CREATE INDEX "role_change_person_id_id_idx" ON "role_change"("person_id", "id");

-- CreateIndex
CREATE INDEX "access_request_person_id_idx" ON "access_request"("person_id");

-- CreateIndex
CREATE INDEX "notice_at_idx" ON "notice"("at");

-- CreateIndex
CREATE INDEX "change_person_id_requested_at_idx" ON "change"("person_id", "requested_at");

-- By hand from here: what schema.prisma cannot say.

ALTER TABLE "change" DROP CONSTRAINT "change_kind",
    ADD CONSTRAINT "change_kind" CHECK ("kind" IN ('accept', 'reject', 'assign', 'associate', 'update', 'submit', 'update-lead', 'offer', 'own'));

ALTER TABLE "person" DROP CONSTRAINT "person_role",
    ADD CONSTRAINT "person_role" CHECK ("role" IN ('alliance lead', 'alliance team', 'ACE manager', 'ACE user', 'none'));

-- An invitation is accepted or rejected once at a time.
DROP INDEX "one_open_accept";
CREATE UNIQUE INDEX "one_open_answer" ON "change"("deal_id")
    WHERE "kind" IN ('accept', 'reject') AND "state" IN ('requested', 'sending', 'waiting', 'confirmed');

-- A newcomer has one open request.
CREATE UNIQUE INDEX "one_open_request" ON "access_request"("person_id") WHERE "decided_at" IS NULL;

ALTER TABLE "terms" ADD CONSTRAINT "terms_once" CHECK ("id" = 1);

-- An address, first or other, belongs to one person. The lock makes the look and the write one step for all processes.
CREATE FUNCTION "address_of_one"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(4702310003);
    IF NEW.email <> lower(NEW.email) OR NEW.other_emails::text <> lower(NEW.other_emails::text) THEN
        RAISE EXCEPTION 'addresses are lower case' USING ERRCODE = '23514';
    END IF;
    IF EXISTS (SELECT 1 FROM person p WHERE p.id <> NEW.id
        AND (p.email = NEW.email OR p.email = ANY(NEW.other_emails) OR NEW.email = ANY(p.other_emails)
            OR p.other_emails && NEW.other_emails)) THEN
        RAISE EXCEPTION 'the address belongs to somebody else' USING ERRCODE = '23505';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER "person_address_of_one" BEFORE INSERT OR UPDATE OF "email", "other_emails" ON "person"
    FOR EACH ROW EXECUTE FUNCTION "address_of_one"();
CREATE INDEX "person_other_emails" ON "person" USING gin ("other_emails");

CREATE TRIGGER "role_change_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "role_change"
    FOR EACH STATEMENT EXECUTE FUNCTION "append_only"();

-- A private message, and a job on every platform that has a door of ours. As with enqueue, its row must be asked for.
CREATE FUNCTION "tell"(person uuid, kind text, body jsonb, deal text DEFAULT NULL) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    notice_id uuid := gen_random_uuid();
BEGIN
    INSERT INTO notice (id, person_id, kind, deal_id, body) VALUES (notice_id, person, tell.kind, tell.deal, tell.body);
    PERFORM enqueue(q.name, jsonb_build_object('notice', notice_id))
        FROM door d JOIN pgboss.queue q ON q.name = 'deliver-' || d.platform WHERE d.seen_at > now() - interval '7 days';
    RETURN notice_id;
END
$$;

-- The chain. A digest proves what an answer or a wish said, also once its text is purged.
CREATE FUNCTION "digest_of"(what text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(what, 'UTF8')), 'hex')
$$;
CREATE FUNCTION "link_of"(before text, change_id uuid, state text, at timestamptz, person_id uuid, answer_digest text,
    aws_request_id text, wish_digest text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT digest_of(jsonb_build_array(before, change_id, state, extract(epoch FROM at), person_id, answer_digest,
        aws_request_id, wish_digest)::text)
$$;
CREATE FUNCTION "chain"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := (SELECT t.hash FROM transition t WHERE t.change_id = NEW.change_id ORDER BY t.id DESC LIMIT 1);
BEGIN
    NEW.answer_digest := digest_of(NEW.answer);
    NEW.hash := link_of(before, NEW.change_id, NEW.state, NEW.at, NEW.person_id, NEW.answer_digest, NEW.aws_request_id,
        NEW.wish_digest);
    RETURN NEW;
END
$$;
CREATE TRIGGER "transition_chain" BEFORE INSERT ON "transition" FOR EACH ROW EXECUTE FUNCTION "chain"();

-- What was written before the chain is linked now.
ALTER TABLE "transition" DISABLE TRIGGER "transition_append_only";
DO $$
DECLARE
    step transition%ROWTYPE;
    before text;
    of uuid;
BEGIN
    FOR step IN SELECT * FROM transition ORDER BY change_id, id LOOP
        IF of IS DISTINCT FROM step.change_id THEN before := NULL; of := step.change_id; END IF;
        before := link_of(before, step.change_id, step.state, step.at, step.person_id, digest_of(step.answer),
            step.aws_request_id, NULL);
        UPDATE transition SET answer_digest = digest_of(step.answer), hash = before WHERE id = step.id;
    END LOOP;
END
$$;
ALTER TABLE "transition" ENABLE TRIGGER "transition_append_only";

-- What is known of deals already there. Since when their status is as it is nobody wrote down: the next reading says.
UPDATE "deal" SET "shared_at" = CASE
    WHEN "invited_at" IS NOT NULL THEN CASE WHEN "origin" = 'AWS Referral' THEN "invited_at" END
    WHEN "kind" = 'lead' OR "origin" = 'AWS Referral' THEN "created_at" END;
UPDATE "deal" d SET "shared_at" = CASE WHEN i."origin" = 'AWS Referral' THEN i."invited_at" END
    FROM "deal" i WHERE i."successor" = d."id" AND i."invited_at" IS NOT NULL AND d."invited_at" IS NULL;
