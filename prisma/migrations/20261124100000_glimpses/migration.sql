-- What stands open under a link in a room is kept as a posting there. A room has one live card of a deal; links as many as
-- people post.
ALTER TABLE "posting" DROP CONSTRAINT "posting_shows";
ALTER TABLE "posting" ADD CONSTRAINT "posting_shows" CHECK ("shows" IN ('card', 'contacts', 'glimpse'));
ALTER TABLE "posting" ADD CONSTRAINT "posting_glimpse" CHECK ("shows" <> 'glimpse' OR "room" IS NOT NULL);
DROP INDEX "posting_one_in_room";
CREATE UNIQUE INDEX "posting_one_in_room" ON "posting" ("platform", "room", "deal_id")
    WHERE "ended_at" IS NULL AND "room" IS NOT NULL AND "shows" = 'card';
