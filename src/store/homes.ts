/** People's homes in chat: who opened one, what stands there, and whose turn it is to be drawn anew. */
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Whose home. */
export interface HomeAt {
  platform: string;
  tenant: string;
  user: string;
}

/** What stands there: its digest, and what the platform calls it; null before the first drawing. */
export interface Standing {
  shown: string | null;
  hash: string | null;
}

/** It was opened just now; answers what stands there. Whatever it looks like until it is drawn, the next change draws it. */
export async function openHome(store: Store, { platform, tenant, user }: HomeAt): Promise<Standing> {
  const [row] = await rowsOf<Standing>(
    store,
    Prisma.sql`
    INSERT INTO home (id, platform, tenant, user_id) VALUES (gen_random_uuid(), ${platform}, ${tenant}, ${user})
    ON CONFLICT (platform, tenant, user_id) DO UPDATE SET opened_at = now(), shown = NULL RETURNING shown, hash`,
  );
  return row ?? { shown: null, hash: null };
}

/** Undefined where they never opened one. */
export async function homeAt(
  store: Store,
  { platform, tenant, user }: HomeAt,
): Promise<Standing | undefined> {
  const [row] = await rowsOf<Standing>(
    store,
    Prisma.sql`
    SELECT shown, hash FROM home WHERE platform = ${platform} AND tenant = ${tenant} AND user_id = ${user}`,
  );
  return row;
}

/** This stands there from now on. `personId` is '' for whoever is not on record. */
export async function keepHome(
  store: Store,
  { platform, tenant, user }: HomeAt,
  { personId, shown, hash }: { personId: string; shown: string; hash: string | null },
): Promise<void> {
  await store.prisma.home.updateMany({
    where: { platform, tenant, user },
    data: { personId: personId || null, shown, hash },
  });
}

/** They cannot be reached there any more. */
export async function endHome(store: Store, { platform, tenant, user }: HomeAt): Promise<void> {
  await store.prisma.home.deleteMany({ where: { platform, tenant, user } });
}

/** It looked the same and was not drawn: its pause is over 3 s from now. Called by whoever claimed it. */
export async function lookAgainSoon(store: Store, { platform, tenant, user }: HomeAt): Promise<void> {
  await store.prisma.$executeRaw`
    UPDATE home SET drawn_at = now() - ${PAUSE} + interval '3 seconds'
    WHERE platform = ${platform} AND tenant = ${tenant} AND user_id = ${user} AND due_at IS NULL`;
}

/** It could not be drawn: its job, tried again, draws it, and gives up like any other. */
export async function giveBack(store: Store, { platform, tenant, user }: HomeAt): Promise<void> {
  await store.prisma.$executeRaw`
    UPDATE home SET drawn_at = NULL WHERE platform = ${platform} AND tenant = ${tenant} AND user_id = ${user}`;
}

/** A home is drawn anew at most so often; what changes in between is drawn when the time is over. */
const PAUSE = Prisma.sql`interval '30 seconds'`;

/**
 * Of these homes the ones to draw now; the others get a job for the end of their pause, one for each. Who draws does so
 * after this, so nothing that was committed before is missed. One statement.
 */
export async function claimHomes(
  store: Store,
  platform: string,
  ids: readonly string[],
): Promise<{ tenant: string; user: string }[]> {
  const rows = await rowsOf<{ tenant: string | null; user: string }>(
    store,
    Prisma.sql`
    WITH asked AS (
      SELECT id FROM home WHERE platform = ${platform} AND id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE
    ), claimed AS (
      UPDATE home h SET drawn_at = now(), due_at = NULL FROM asked a
      WHERE h.id = a.id AND (h.drawn_at IS NULL OR h.drawn_at <= now() - ${PAUSE}) RETURNING h.tenant, h.user_id
    ), later AS (
      UPDATE home h SET due_at = h.drawn_at + ${PAUSE} FROM asked a
      WHERE h.id = a.id AND h.drawn_at > now() - ${PAUSE} AND (h.due_at IS NULL OR h.due_at <= now())
      RETURNING h.id, h.due_at
    ), queued AS (
      SELECT count(enqueue_at(${`deliver-${platform}`}::text, jsonb_build_object('home', id), due_at)) AS jobs FROM later
    )
    SELECT c.tenant, c.user_id AS user FROM queued q LEFT JOIN claimed c ON q.jobs >= 0`,
  );
  return rows.flatMap(({ tenant, user }) => (tenant === null ? [] : [{ tenant, user }]));
}
