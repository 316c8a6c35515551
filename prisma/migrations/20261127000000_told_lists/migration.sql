-- A list of several deals that was told is kept true as well: a posting for each of its deals, all with that notice's id.
ALTER TABLE "posting" ADD COLUMN "notice" UUID,
  DROP CONSTRAINT "posting_shows",
  ADD CONSTRAINT "posting_shows" CHECK (shows IN ('card', 'contacts', 'glimpse', 'list')),
  ADD CONSTRAINT "posting_notice" CHECK ((shows = 'list') = (notice IS NOT NULL));
CREATE INDEX "posting_notice_idx" ON "posting"("notice");
