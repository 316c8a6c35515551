-- AlterTable
ALTER TABLE "deal" ADD COLUMN     "purged_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "person" ADD COLUMN     "erased_at" TIMESTAMPTZ(6);

-- By hand from here: what schema.prisma cannot say.

-- What is to be purged: store/purge.ts says why each is over.
CREATE INDEX "deal_to_purge" ON "deal"("id")
    WHERE "purged_at" IS NULL AND ("gone_at" IS NOT NULL OR "status" IN ('REJECTED', 'EXPIRED', 'ACCEPTED', 'Rejected'));

-- A record that AWS gives us again is filled by its next reading; should it end again, it is purged again.
CREATE FUNCTION "filled_anew"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.purged_at IS NOT DISTINCT FROM OLD.purged_at
        AND (NEW.detail IS DISTINCT FROM OLD.detail OR NEW.raw IS DISTINCT FROM OLD.raw) THEN
        NEW.purged_at := NULL;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER "deal_filled_anew" BEFORE UPDATE OF "detail", "raw" ON "deal"
    FOR EACH ROW WHEN (OLD.purged_at IS NOT NULL) EXECUTE FUNCTION "filled_anew"();

-- A wish whose words are purged: nothing is claimed in it but its kind, so that nothing can be forged by it. The digest of
-- what was asked stays in its steps.
CREATE FUNCTION "purged_wish"(kind text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('kind', kind, 'purged', true) || CASE
        WHEN kind IN ('update', 'update-lead') THEN '{"base": {}, "set": {}}'::jsonb
        WHEN kind = 'reject' THEN '{"reason": ""}'::jsonb
        WHEN kind IN ('assign', 'own') THEN '{"to": {"email": "", "firstName": "a former", "lastName": "colleague"}}'::jsonb
        WHEN kind = 'offer' THEN '{"to": []}'::jsonb
        ELSE '{}'::jsonb END
$$;

-- The record stays append-only but for two things: an answer may be purged, its digest stays; and of who gave a role it
-- may be forgotten from which account, when that person is erased.
DROP TRIGGER "transition_append_only" ON "transition";
CREATE TRIGGER "transition_append_only" BEFORE DELETE OR TRUNCATE ON "transition"
    FOR EACH STATEMENT EXECUTE FUNCTION "append_only"();
CREATE FUNCTION "only_purged"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'transition' THEN
        OLD.answer := NULL;
    ELSE
        OLD.source := jsonb_build_object('platform', OLD.source->'platform');
    END IF;
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'AD002';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER "transition_only_purged" BEFORE UPDATE ON "transition"
    FOR EACH ROW EXECUTE FUNCTION "only_purged"();
DROP TRIGGER "role_change_append_only" ON "role_change";
CREATE TRIGGER "role_change_append_only" BEFORE DELETE OR TRUNCATE ON "role_change"
    FOR EACH STATEMENT EXECUTE FUNCTION "append_only"();
CREATE TRIGGER "role_change_only_purged" BEFORE UPDATE ON "role_change"
    FOR EACH ROW EXECUTE FUNCTION "only_purged"();
