-- People's homes in chat, and what makes one of them look different. And: of which deal a thread speaks.

CREATE TABLE "home" (
    "id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "person_id" UUID,
    "shown" TEXT,
    "hash" TEXT,
    "opened_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "drawn_at" TIMESTAMPTZ(6),
    "due_at" TIMESTAMPTZ(6),

    CONSTRAINT "home_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "home_person_id_idx" ON "home"("person_id");

-- CreateIndex
CREATE INDEX "home_opened_at_idx" ON "home"("opened_at");

-- CreateIndex
CREATE UNIQUE INDEX "home_platform_tenant_user_id_key" ON "home"("platform", "tenant", "user_id");

-- CreateIndex
CREATE INDEX "posting_ref" ON "posting" USING GIN ("ref" jsonb_path_ops);

-- A job that is not begun before that moment.
CREATE FUNCTION "enqueue_at"(queue text, data jsonb, moment timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    job_id uuid := enqueue(enqueue_at.queue, enqueue_at.data);
BEGIN
    UPDATE pgboss.job j SET start_after = enqueue_at.moment WHERE j.name = enqueue_at.queue AND j.id = job_id;
    RETURN job_id;
END
$$;

-- One job for each of these homes. One that waits for its turn anyway (due_at) needs none; the 5 s are for statements that
-- are still to be committed when that turn comes.
CREATE FUNCTION "redraw_homes"(homes uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    -- On a new database there is no queue yet, and no home.
    IF homes IS NULL THEN RETURN 0; END IF;
    RETURN (SELECT count(enqueue(q.name, jsonb_build_object('home', h.id)))
        FROM home h JOIN pgboss.queue q ON q.name = 'deliver-' || h.platform
        WHERE h.id = ANY(redraw_homes.homes) AND (h.due_at IS NULL OR h.due_at < now() + interval '5 seconds'));
END
$$;

-- A deal changed: the homes that were opened within 7 days of those whom it concerns; of those who see everything only
-- the homes that were opened within the last hour.
CREATE FUNCTION "deal_in_homes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM deals_in_homes(array_agg(id), array_agg(DISTINCT owner_email) || array_agg(DISTINCT submitted_by)) FROM newer;
    ELSE
        PERFORM deals_in_homes(array_agg(n.id), array_agg(DISTINCT n.owner_email) || array_agg(DISTINCT o.owner_email) || array_agg(DISTINCT n.submitted_by))
        FROM newer n JOIN older o USING (id) WHERE n.version <> o.version;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION "deals_in_homes"(deals text[], owners text[]) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF deals IS NULL THEN RETURN 0; END IF;
    RETURN redraw_homes(array_agg(h.id)) FROM home h JOIN person p ON p.id = h.person_id
    WHERE h.opened_at > now() - interval '7 days'
        AND (p.role IN ('alliance lead', 'alliance team', 'ACE manager') AND h.opened_at > now() - interval '1 hour'
            OR p.role <> 'none' AND (owners && (p.email || p.other_emails)
                OR EXISTS (SELECT FROM offer o WHERE o.deal_id = ANY(deals) AND o.person_id = p.id)
                OR EXISTS (SELECT FROM flag f WHERE f.deal_id = ANY(deals) AND f.person_id = p.id)
                OR EXISTS (SELECT FROM change c WHERE c.deal_id = ANY(deals) AND c.person_id = p.id)));
END
$$;
CREATE TRIGGER "deal_new_in_homes" AFTER INSERT ON "deal" REFERENCING NEW TABLE AS newer
    FOR EACH STATEMENT EXECUTE FUNCTION "deal_in_homes"();
CREATE TRIGGER "deal_in_homes" AFTER UPDATE ON "deal" REFERENCING OLD TABLE AS older NEW TABLE AS newer
    FOR EACH STATEMENT EXECUTE FUNCTION "deal_in_homes"();

-- An offer was made, or taken back: it is gone by the time its deal is looked at.
CREATE FUNCTION "offer_in_homes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redraw_homes(array_agg(h.id)) FROM home h
    WHERE h.person_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.person_id ELSE NEW.person_id END;
    RETURN NULL;
END
$$;
CREATE TRIGGER "offer_in_homes" AFTER INSERT OR DELETE ON "offer" FOR EACH ROW EXECUTE FUNCTION "offer_in_homes"();

-- Another role is another home, however long ago it was opened: it stays on their screen until it is drawn anew.
CREATE FUNCTION "role_in_homes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redraw_homes(array_agg(h.id)) FROM home h WHERE h.person_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER "role_in_homes" AFTER UPDATE OF "role" ON "person" FOR EACH ROW
    WHEN (OLD.role IS DISTINCT FROM NEW.role) EXECUTE FUNCTION "role_in_homes"();

-- Whose account that is was decided: its home is another person's, nobody's, or theirs again. Not by age, as with a role.
CREATE FUNCTION "link_in_homes"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    account record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM redraw_homes(array_agg(h.id)) FROM home h
    WHERE h.platform = account.platform AND h.tenant = account.tenant AND h.user_id = account.user_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER "link_new_in_homes" AFTER INSERT ON "link" FOR EACH ROW
    WHEN (NEW.state = 'live') EXECUTE FUNCTION "link_in_homes"();
CREATE TRIGGER "link_in_homes" AFTER UPDATE OF "state", "person_id", "proven_at" ON "link" FOR EACH ROW
    WHEN ((OLD.state, OLD.person_id, OLD.proven_at IS NULL) IS DISTINCT FROM (NEW.state, NEW.person_id, NEW.proven_at IS NULL))
    EXECUTE FUNCTION "link_in_homes"();
CREATE TRIGGER "link_gone_in_homes" AFTER DELETE ON "link" FOR EACH ROW EXECUTE FUNCTION "link_in_homes"();

-- The terms are confirmed: from then on everybody is let in. Or the pipeline was read for the first time.
CREATE FUNCTION "all_homes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redraw_homes(array_agg(h.id)) FROM home h WHERE h.opened_at > now() - interval '7 days';
    RETURN NULL;
END
$$;
CREATE TRIGGER "terms_in_homes" AFTER INSERT ON "terms" FOR EACH STATEMENT EXECUTE FUNCTION "all_homes"();
CREATE TRIGGER "reading_in_homes" AFTER UPDATE OF "synced_at" ON "agent" FOR EACH ROW
    WHEN (OLD.synced_at IS NULL AND NEW.synced_at IS NOT NULL) EXECUTE FUNCTION "all_homes"();
