/** Where in Teams we are: each conversation with the address under which it is served, the newest wins. */
import { mayBeBehind } from './found-in-teams.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface ReferenceAt {
  tenant: string;
  /** Without `;messageid=…`. */
  conversation: string;
}

export interface KeptReference extends ReferenceAt {
  serviceUrl: string;
  scope: 'personal' | 'group' | 'channel';
  /** Of a personal one: whose it is. */
  user?: string;
  /** Of a channel or a group chat. */
  name?: string;
  /** A channel that other organisations may share. */
  isShared?: boolean;
  /** Of a channel: the team it belongs to. */
  team?: string;
  /** When somebody came or went, in the database's words: another one than before says that somebody did. */
  membersAt?: string;
}

interface Row {
  tenant: string;
  conversation: string;
  service_url: string;
  scope: KeptReference['scope'];
  user_id: string | null;
  name: string | null;
  shared: boolean;
  team: string | null;
  members_at: string | null;
}

const PLATFORM = 'teams';
const COLUMNS = Prisma.sql`
  tenant, conversation, service_url, scope, user_id, name, shared, team, members_at::text AS members_at`;
const KEPT = Prisma.sql`SELECT ${COLUMNS} FROM reference WHERE platform = ${PLATFORM}`;

function toReference(row: Row): KeptReference {
  const {
    tenant,
    conversation,
    service_url: serviceUrl,
    scope,
    user_id: user,
    name,
    shared,
    team,
    members_at: membersAt,
  } = row;
  return {
    ...{ tenant, conversation, serviceUrl, scope },
    ...(user ? { user } : {}),
    ...(name ? { name } : {}),
    ...(shared ? { isShared: true } : {}),
    ...(team ? { team } : {}),
    ...(membersAt ? { membersAt } : {}),
  };
}

export interface TeamAt {
  tenant: string;
  team: string;
}

/** All of it, for a door. */
export const referencesOf = (store: Store) => ({
  keep: (it: KeptReference) => keepReference(store, it),
  refresh: (it: ReferenceAt & { serviceUrl: string }) => refreshReference(store, it),
  ofUser: (tenant: string, user: string) => referenceOfUser(store, tenant, user),
  hasLeft: (tenant: string, user: string) => hasLeft(store, tenant, user),
  ofConversation: (tenant: string, conversation: string) => referenceOf(store, { tenant, conversation }),
  ofTeam: (tenant: string, team: string) => referencesOfTeam(store, tenant, team),
  serviceUrl: (tenant: string) => serviceUrlOf(store, tenant),
  behind: (email: string) => mayBeBehind(store, email),
  end: (it: ReferenceAt & { team?: string }) => endReference(store, it),
  revive: (it: TeamAt & { serviceUrl: string }) => reviveTeam(store, it),
  membersChanged: (it: Pick<ReferenceAt, 'tenant'> & Partial<ReferenceAt>) => membersChanged(store, it),
});

/**
 * We are there, under that address. What it does not say (a name, a team, that it is shared) stays as it was. Where we were
 * not for a while, people may have come meanwhile; whoever had removed us and is back gets their digest again
 * (store/digest-plans.ts `newcomers`). Writes nothing where all of it is known and was heard of within the hour: every message asks
 * this.
 */
export async function keepReference(store: Store, it: KeptReference): Promise<void> {
  const { tenant, conversation, serviceUrl, scope, name = null, isShared = false } = it;
  const user = (scope === 'personal' && it.user) || null;
  const team = (scope === 'channel' && it.team) || null;
  await rowsOf(
    store,
    Prisma.sql`
    WITH back AS (
      UPDATE link l SET since = now() FROM (SELECT bool_and(ended_at IS NOT NULL) AS had_left FROM reference
        WHERE platform = ${PLATFORM} AND tenant = ${tenant} AND user_id = ${user}::text) was
      WHERE was.had_left AND l.platform = ${PLATFORM} AND l.tenant = ${tenant} AND l.user_id = ${user}::text AND l.state = 'live'
    )
    INSERT INTO reference AS r (platform, tenant, conversation, scope, user_id, service_url, name, shared, team)
    SELECT * FROM (VALUES (${PLATFORM}, ${tenant}, ${conversation}, ${scope}, ${user}::text, ${serviceUrl}, ${name}::text,
      ${isShared}::boolean, ${team}::text)) AS n (platform, tenant, conversation, scope, user_id, service_url, name, shared, team)
    WHERE NOT EXISTS (SELECT FROM reference k
      WHERE (k.platform, k.tenant, k.conversation, k.scope, k.service_url) = (n.platform, n.tenant, n.conversation, n.scope,
        n.service_url)
        AND k.user_id IS NOT DISTINCT FROM coalesce(n.user_id, k.user_id) AND k.name IS NOT DISTINCT FROM coalesce(n.name, k.name)
        AND k.team IS NOT DISTINCT FROM coalesce(n.team, k.team) AND k.shared = (k.shared OR n.shared) AND k.ended_at IS NULL AND k.seen_at > now() - interval '1 hour')
    ON CONFLICT (platform, tenant, conversation) DO UPDATE SET scope = excluded.scope, service_url = excluded.service_url,
      user_id = CASE excluded.scope WHEN 'personal' THEN coalesce(excluded.user_id, r.user_id) END, name = coalesce(excluded.name, r.name),
      team = coalesce(excluded.team, r.team), shared = r.shared OR excluded.shared, seen_at = now(), ended_at = NULL,
      members_at = CASE WHEN r.ended_at IS NULL THEN r.members_at ELSE now() END`,
  );
}

/** Of a conversation that we are known to be in only the address is renewed, at most once an hour where it is the same. */
export async function refreshReference(
  store: Store,
  { tenant, conversation, serviceUrl }: ReferenceAt & { serviceUrl: string },
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE reference SET service_url = ${serviceUrl}, seen_at = now() WHERE platform = ${PLATFORM} AND tenant = ${tenant}
      AND conversation = ${conversation} AND ended_at IS NULL
      AND (service_url <> ${serviceUrl} OR seen_at <= now() - interval '1 hour')`,
  );
}

/** The personal conversation with somebody; undefined where there is none (any more). */
export async function referenceOfUser(
  store: Store,
  tenant: string,
  user: string,
): Promise<KeptReference | undefined> {
  const [row] = await rowsOf<Row>(
    store,
    Prisma.sql`
    ${KEPT} AND tenant = ${tenant} AND user_id = ${user} AND ended_at IS NULL ORDER BY seen_at DESC LIMIT 1`,
  );
  return row && toReference(row);
}

/** Whether they had a personal conversation with us, and have none any more: they removed or blocked us. */
export async function hasLeft(store: Store, tenant: string, user: string): Promise<boolean> {
  const [row] = await rowsOf<{ left: boolean | null }>(
    store,
    Prisma.sql`
    SELECT bool_and(ended_at IS NOT NULL) AS left FROM reference
    WHERE platform = ${PLATFORM} AND tenant = ${tenant} AND user_id = ${user}`,
  );
  return row?.left === true;
}

/** Undefined where we are not, or not any more. */
export async function referenceOf(
  store: Store,
  { tenant, conversation }: ReferenceAt,
): Promise<KeptReference | undefined> {
  const [row] = await rowsOf<Row>(
    store,
    Prisma.sql`${KEPT} AND tenant = ${tenant} AND conversation = ${conversation} AND ended_at IS NULL`,
  );
  return row && toReference(row);
}

/** The channels of a team that we are in. */
export async function referencesOfTeam(store: Store, tenant: string, team: string): Promise<KeptReference[]> {
  const rows = await rowsOf<Row>(
    store,
    Prisma.sql`${KEPT} AND tenant = ${tenant} AND team = ${team} AND ended_at IS NULL ORDER BY conversation`,
  );
  return rows.map(toReference);
}

/** The address of that tenant that was heard of last, also where we are no longer. */
export async function serviceUrlOf(store: Store, tenant: string): Promise<string | undefined> {
  const [row] = await rowsOf<{ url: string }>(
    store,
    Prisma.sql`
    SELECT service_url AS url FROM reference WHERE platform = ${PLATFORM} AND tenant = ${tenant}
    ORDER BY seen_at DESC LIMIT 1`,
  );
  return row?.url;
}

/** Uninstalled, blocked, or gone: nothing is sent there until it is kept anew. `team`: nor to any of its channels. */
export async function endReference(
  store: Store,
  { tenant, conversation, team = null }: ReferenceAt & { team?: string | null },
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE reference SET ended_at = now() WHERE platform = ${PLATFORM} AND tenant = ${tenant}
      AND (conversation = ${conversation} OR team = ${team}::text) AND ended_at IS NULL`,
  );
}

/**
 * A team that removed us has added us again: all its channels are served again, under that address. One that is gone, or does
 * not let us in, ends once more with the first call there. Answers those that were over, by their ids.
 */
export async function reviveTeam(
  store: Store,
  { tenant, team, serviceUrl }: TeamAt & { serviceUrl: string },
): Promise<KeptReference[]> {
  const rows = await rowsOf<Row>(
    store,
    Prisma.sql`
    WITH revived AS (
      UPDATE reference SET service_url = ${serviceUrl}, seen_at = now(), ended_at = NULL, members_at = now()
      WHERE platform = ${PLATFORM} AND tenant = ${tenant} AND team = ${team} AND ended_at IS NOT NULL RETURNING *
    )
    SELECT ${COLUMNS} FROM revived ORDER BY conversation`,
  );
  return rows.map(toReference);
}

/** Somebody came or went there; without a conversation: perhaps anywhere in that tenant where several are. */
export async function membersChanged(
  store: Store,
  { tenant, conversation = null }: Pick<ReferenceAt, 'tenant'> & { conversation?: string | null },
): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    UPDATE reference SET members_at = now() WHERE platform = ${PLATFORM} AND tenant = ${tenant} AND scope <> 'personal'
      AND (${conversation}::text IS NULL OR conversation = ${conversation}::text)`,
  );
}
