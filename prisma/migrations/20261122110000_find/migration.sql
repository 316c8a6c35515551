-- CreateTable
CREATE TABLE "deal_name" (
    "deal_id" TEXT NOT NULL,
    "company" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "company_words" tsvector NOT NULL,
    "words" tsvector NOT NULL,

    CONSTRAINT "deal_name_pkey" PRIMARY KEY ("deal_id")
);

-- CreateTable
CREATE TABLE "word" (
    "word" TEXT NOT NULL,

    CONSTRAINT "word_pkey" PRIMARY KEY ("word")
);

-- CreateIndex
CREATE INDEX "deal_name_name_idx" ON "deal_name"("name");

-- CreateIndex
CREATE INDEX "deal_name_company_words_idx" ON "deal_name" USING GIN ("company_words");

-- CreateIndex
CREATE INDEX "deal_name_words_idx" ON "deal_name" USING GIN ("words");

-- By hand from here: what schema.prisma cannot say.

-- What people type and what companies are called, made comparable: lower case, no accents, no punctuation, no emoji, one
-- space between words. Characters are named one by one and not by class, so that the database's locale changes nothing.
CREATE FUNCTION "plain_of"(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rtrim(left(btrim(regexp_replace(regexp_replace(regexp_replace(translate(replace(replace(replace(replace(replace(
    lower(normalize(translate(lower(left(said, 400)), U&'''\2018\2019\02BC`\00B4', ''), NFKD)),
    U&'\00DF', 'ss'), U&'\00E6', 'ae'), U&'\0153', 'oe'), U&'\00FE', 'th'), '&', ' and '),
    U&'\00F8\0142\0111\00F0\0131\0127\0167\03C2', U&'oldd\0069ht\03C3'),
    -- Accents, vowel points, joiners, variation selectors: they vanish.
    '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f]+', '', 'g'),
    -- "G.m.b.H." is one word.
    '(?<![a-z])([a-z])\.(?=[a-z](?![a-z]))', '\1', 'g'),
    -- Whatever else is neither letter nor digit parts two words.
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff\u055a-\u055f\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u060c\u061b\u061f\u0964\u0965\u2000-\u2bff\u2e00-\u2e7f\u3000-\u303f\u30fb\ufe10-\ufe6f\uff00-\uff0f\uffe0-\uffff\U0001f000-\U0001faff]+', ' ', 'g')), 400));

-- Of a plain name: without the legal form at its end, where a name remains. "Acme GmbH & Co. KG" and "ACME" are one company.
CREATE FUNCTION "name_of"(plain text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(plain, '( (ab|ag|aps|as|asa|bv|co|company|corp|corporation|cv|doo|ek|gbr|gmbh|inc|incorporated|kft|kg|kgaa|kk|lda|limited|llc|llp|lp|ltd|ltda|mbh|nv|ohg|oo|oy|oyj|plc|private|pte|pty|pvt|sa|sarl|sas|se|sl|slu|spa|sp|srl|sro|ug|z|zrt|sa de|and))+$', '');

-- All words of it, in any order; one of three letters or more may be the beginning of a longer one. Null: no words.
CREATE FUNCTION "query_of"(said text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT string_agg(quote_literal(w) || CASE WHEN length(w) > 2 THEN ':*' ELSE '' END, ' & ')
    FROM unnest(string_to_array(name_of(plain_of(said)), ' ')) w WHERE w <> '')::tsquery;

-- The word, and what it is without each of its letters. Two words that have one of these in common are a slip apart: a
-- letter too much, too few, wrong, or in the wrong place. Short words, and words with digits, are never a slip.
CREATE FUNCTION "near_of"(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 500
RETURN CASE WHEN length(word) NOT BETWEEN 4 AND 30 OR word ~ '[0-9]' THEN '{}'::text[]
    ELSE ARRAY(SELECT DISTINCT left(word, n - 1) || substr(word, n + 1) FROM generate_series(1, length(word)) n) || word END;

-- The beginning of a company's name.
DROP INDEX "deal_company_prefix";
CREATE INDEX "deal_name_company" ON "deal_name"("company" text_pattern_ops) WHERE "company" IS NOT NULL;

-- What a slip is corrected against.
CREATE INDEX "word_near" ON "word" USING gin (near_of("word"));

CREATE FUNCTION "keep_names"(ids text[]) RETURNS void LANGUAGE sql AS $$
    WITH plain AS MATERIALIZED (
        SELECT id, plain_of(company) AS company, plain_of(company || ' ' || title) AS line FROM deal WHERE id = ANY(ids)
    ), kept AS (
        INSERT INTO deal_name (deal_id, company, name, company_words, words)
        SELECT id, company, name_of(company), array_to_tsvector(string_to_array(company, ' ')),
            array_to_tsvector(string_to_array(line, ' ')) FROM plain
        ON CONFLICT (deal_id) DO UPDATE SET company = excluded.company, name = excluded.name,
            company_words = excluded.company_words, words = excluded.words
    )
    INSERT INTO word SELECT DISTINCT w FROM plain, unnest(string_to_array(line, ' ')) w
    WHERE length(w) BETWEEN 4 AND 30 AND w !~ '[0-9]' ORDER BY w ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION "keep_new_names"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_names(ARRAY(SELECT id FROM come));
    RETURN NULL;
END
$$;
CREATE TRIGGER "deal_new_names" AFTER INSERT ON "deal" REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION "keep_new_names"();

CREATE FUNCTION "keep_other_name"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_names(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER "deal_other_name" AFTER UPDATE OF "company", "title" ON "deal" FOR EACH ROW
    WHEN (OLD."company" <> NEW."company" OR OLD."title" <> NEW."title") EXECUTE FUNCTION "keep_other_name"();

SELECT keep_names(ARRAY(SELECT id FROM "deal"));

-- Possible duplicates of a referral among our own, by the customer's website.
CREATE INDEX "deal_ours_by_domain" ON "deal"("domain")
    WHERE "gone_at" IS NULL AND "kind" = 'opportunity' AND "origin" = 'Partner Referral' AND "domain" IS NOT NULL;
