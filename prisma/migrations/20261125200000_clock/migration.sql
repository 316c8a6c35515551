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
CREATE UNIQUE INDEX "nudge_deal_id_key" ON "nudge"("deal_id");

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

-- Schedules: what the next moment was computed from; how a digest was drawn; one that nobody waits for.
ALTER TABLE "subscription" ADD COLUMN "planned_for" TEXT NOT NULL DEFAULT '';
ALTER TABLE "digest" ADD COLUMN "role" TEXT;
ALTER TABLE "digest" ADD COLUMN "shut" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "digest" ADD COLUMN "final" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "digest_line" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "digest" DROP CONSTRAINT "digest_state";
ALTER TABLE "digest" ADD CONSTRAINT "digest_state" CHECK ("state" IN ('due', 'taken', 'sent', 'empty', 'skipped', 'left'));
CREATE INDEX "digest_live" ON "digest" ("subscription_id") WHERE "state" = 'sent' AND "ended_at" IS NULL;
CREATE INDEX "digest_live_at" ON "digest" ("platform", "tenant", "recipient") WHERE "state" = 'sent' AND "ended_at" IS NULL;

-- One job for each of these digests that stand; as with homes one that waits for its turn anyway (look_at) needs none.
CREATE FUNCTION "redraw_digests"(digests uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF digests IS NULL THEN RETURN 0; END IF;
    RETURN (SELECT count(enqueue(q.name, jsonb_build_object('digest', d.id)))
        FROM digest d JOIN pgboss.queue q ON q.name = 'deliver-' || d.platform
        WHERE d.id = ANY(redraw_digests.digests) AND (d.look_at IS NULL OR d.look_at < now() + interval '5 seconds'));
END
$$;

-- A deal changed: the digests that stand and name it tick it off.
CREATE FUNCTION "deal_in_digests"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redraw_digests(array_agg(DISTINCT g.id))
    FROM newer n JOIN older o USING (id) JOIN digest_line l ON l.deal_id = n.id
    JOIN digest g ON g.id = l.digest_id AND g.state = 'sent' AND g.ended_at IS NULL
    WHERE n.version <> o.version;
    RETURN NULL;
END
$$;
CREATE TRIGGER "deal_in_digests" AFTER UPDATE ON "deal" REFERENCING OLD TABLE AS older NEW TABLE AS newer
    FOR EACH STATEMENT EXECUTE FUNCTION "deal_in_digests"();

-- Another role sees other deals: also where a person's word put the digest in a channel, or where they read it in one. Nobody
-- wrote down who reads along where: all channels are looked at.
CREATE FUNCTION "role_in_digests"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redraw_digests(array_agg(g.id)) FROM digest g JOIN subscription s ON s.id = g.subscription_id
    WHERE (s.person_id = NEW.id OR s.room IS NOT NULL) AND g.state = 'sent' AND g.ended_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER "role_in_digests" AFTER UPDATE OF "role" ON "person" FOR EACH ROW
    WHEN (OLD.role IS DISTINCT FROM NEW.role) EXECUTE FUNCTION "role_in_digests"();

-- Whose account that is was decided: what stands there is another's, nobody's, or theirs again; and in a channel somebody
-- else reads along.
CREATE FUNCTION "link_in_digests"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    account record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM redraw_digests(array_agg(g.id)) FROM digest g JOIN subscription s ON s.id = g.subscription_id
    WHERE g.platform = account.platform AND g.tenant = account.tenant
        AND (g.recipient = account.user_id OR s.room IS NOT NULL) AND g.state = 'sent' AND g.ended_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER "link_in_digests" AFTER UPDATE OF "state", "person_id", "proven_at" ON "link" FOR EACH ROW
    WHEN ((OLD.state, OLD.person_id, OLD.proven_at IS NULL) IS DISTINCT FROM (NEW.state, NEW.person_id, NEW.proven_at IS NULL))
    EXECUTE FUNCTION "link_in_digests"();
CREATE TRIGGER "link_gone_in_digests" AFTER INSERT OR DELETE ON "link" FOR EACH ROW EXECUTE FUNCTION "link_in_digests"();

-- News: what happened to people's deals. One message of it within some minutes.
ALTER TABLE "quiet" ADD COLUMN "news_told_at" TIMESTAMPTZ(6);
CREATE INDEX "news_untold" ON "news" ("person_id") WHERE "told_at" IS NULL;

-- Written down for those whom it concerns (pipeline/news.ts), but for who did it. As with tell, its row must be asked for.
CREATE FUNCTION "note_news"(deal text, what text, by uuid, body jsonb DEFAULT '{}', besides text DEFAULT NULL)
RETURNS bigint LANGUAGE sql AS $$
    WITH concerned AS (
        SELECT p.id FROM deal d JOIN offer o ON o.deal_id = d.id JOIN person p ON p.id = o.person_id
        WHERE d.id = $1 AND $2 = 'accepted' AND p.role <> 'none'
        UNION
        SELECT p.id FROM deal d, unnest(ARRAY[
                CASE WHEN d.invited_at IS NULL THEN d.owner_email END,
                CASE WHEN d.kind = 'opportunity' THEN d.submitted_by END]) AS a(address)
            JOIN person p ON p.email = a.address OR p.other_emails @> ARRAY[a.address]
        WHERE d.id = $1 AND $2 <> 'accepted' AND p.role <> 'none'
    ), noted AS (
        INSERT INTO news (id, person_id, deal_id, kind, by_id, body, at)
        SELECT gen_random_uuid(), p.id, $1, $2, $3, $4, clock_timestamp() FROM concerned c JOIN person p ON p.id = c.id
        WHERE p.id IS DISTINCT FROM $3 AND (lower($5) = ANY(p.email || p.other_emails)) IS NOT TRUE RETURNING 1
    )
    SELECT count(*) FROM noted
$$;

-- What AWS did shows in its records alone. Not while they are read for the first time; and one that comes again after its
-- people were taken out of it, or after AWS had taken it away, is no news. Of an acceptance that we have sent, store/settle
-- knows what came of it.
CREATE FUNCTION "aws_news"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := OLD.detail->'aws';
    new_one jsonb := NEW.detail->'aws';
    known text[] := ARRAY(SELECT digest_of(coalesce(lower(c->>'email'), c->>'name'))
        FROM jsonb_array_elements(coalesce(was->'contacts', '[]')) c);
BEGIN
    IF (SELECT synced_at FROM agent WHERE id = 1) IS NULL OR OLD.gone_at IS NOT NULL OR NEW.gone_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    IF NEW.invited_at IS NOT NULL THEN
        IF OLD.status = 'PENDING' AND NEW.status = 'ACCEPTED' AND NOT EXISTS (SELECT FROM change WHERE deal_id = NEW.id
            AND kind = 'accept' AND sent_at IS NOT NULL AND state IN ('requested', 'sending', 'waiting')) THEN
            PERFORM note_news(NEW.id, 'accepted', NULL);
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.kind <> 'opportunity' THEN
        RETURN NULL;
    END IF;
    IF OLD.status <> NEW.status AND NEW.status IN ('Action Required', 'Approved', 'Rejected') THEN
        PERFORM note_news(NEW.id, CASE NEW.status WHEN 'Action Required' THEN 'action-required'
            WHEN 'Approved' THEN 'approved' ELSE 'rejected' END, NULL);
    END IF;
    IF was IS NOT NULL AND was->>'stage' IS DISTINCT FROM new_one->>'stage' AND new_one->>'stage' IS NOT NULL THEN
        PERFORM note_news(NEW.id, 'aws-stage', NULL, jsonb_strip_nulls(
            jsonb_build_object('from', left(was->>'stage', 60), 'to', left(new_one->>'stage', 60))));
    END IF;
    IF was IS NOT NULL AND OLD.purged_at IS NULL AND EXISTS (
        SELECT FROM jsonb_array_elements(coalesce(new_one->'contacts', '[]')) c
        WHERE NOT digest_of(coalesce(lower(c->>'email'), c->>'name')) = ANY(known)) THEN
        PERFORM note_news(NEW.id, 'aws-seller', NULL, jsonb_build_object('before', known));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER "deal_aws_news" AFTER UPDATE OF "status", "detail" ON "deal" FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.detail->'aws' IS DISTINCT FROM NEW.detail->'aws')
    EXECUTE FUNCTION "aws_news"();

-- Launch pending (store/sections.ts): in the worklist's order; and what only AWS's record calls launched.
CREATE INDEX "deal_launch" ON "deal"("close_date", "id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "status" = 'Approved'
    AND "stage" IN ('Prospect', 'Qualified', 'Technical Validation', 'Business Validation', 'Committed')
    AND ("stage" = 'Committed' OR "detail"->'aws'->>'stage' = 'Launched');
CREATE INDEX "deal_aws_launched" ON "deal"("id")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "status" = 'Approved'
    AND "stage" IN ('Prospect', 'Qualified', 'Technical Validation', 'Business Validation', 'Committed')
    AND "detail"->'aws'->>'stage' = 'Launched';

-- The acceptance clock: what was pending before its first tick is no arrival; what is due is found by an index.
ALTER TABLE "agent" ADD COLUMN "clocked_at" TIMESTAMPTZ(6);
CREATE INDEX "clock_running" ON "clock" ("deal_id") WHERE "outcome" IS NULL;
CREATE UNIQUE INDEX "route_name" ON "route" (lower("name")) WHERE "ended_at" IS NULL;

-- What was confirmed since the last digests (store/digest-extras.ts).
CREATE INDEX "change_confirmed" ON "change"("settled_at") WHERE "state" = 'confirmed';

-- Covers: its first day has come, and what was offered is offered to the cover too. At most 60 days (pipeline/cover.ts).
ALTER TABLE "cover" ADD COLUMN "begun_at" TIMESTAMPTZ(6);
CREATE INDEX "cover_to_begin" ON "cover" ("from") WHERE "begun_at" IS NULL AND "ended_at" IS NULL;
-- What a cover brought goes with it (store/covers.ts).
ALTER TABLE "offer" ADD COLUMN "by_cover" BOOLEAN NOT NULL DEFAULT false;

-- An offer by hand is told at once; within `burst` ms of another message it becomes news (store/news.ts). As with tell, its
-- row must be asked for.
CREATE FUNCTION "tell_offer"(person uuid, deal text, by uuid, away uuid, body jsonb, moment timestamptz, burst int)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO quiet AS q (person_id, news_told_at) VALUES (tell_offer.person, tell_offer.moment)
    ON CONFLICT (person_id) DO UPDATE SET news_told_at = excluded.news_told_at
        WHERE q.news_told_at IS NULL OR q.news_told_at > tell_offer.moment
            OR q.news_told_at <= tell_offer.moment - make_interval(secs => tell_offer.burst / 1000.0);
    IF FOUND THEN
        PERFORM tell(tell_offer.person, 'offered', tell_offer.body, tell_offer.deal);
        RETURN true;
    END IF;
    INSERT INTO news (id, person_id, deal_id, kind, by_id, body, at) VALUES (gen_random_uuid(), tell_offer.person,
        tell_offer.deal, 'offered', tell_offer.by, jsonb_strip_nulls(jsonb_build_object('away', tell_offer.away)), tell_offer.moment);
    RETURN false;
END
$$;
