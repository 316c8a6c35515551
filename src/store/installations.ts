/** Where the Slack app was installed. Tokens come here sealed and leave sealed. */
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** A workspace's own (`team`), or a whole organisation's (`team` is '', `enterprise` is not). */
export interface InstalledAt {
  team: string;
  /** '' outside Enterprise Grid. */
  enterprise: string;
}

export interface Installed extends InstalledAt {
  sealed: string;
  /** Our own user id there. */
  bot: string;
}

/**
 * The newest word on that place; a workspace has one row, also when it has joined or left an organisation since. Digests there
 * that ended as nothing could be sent begin again (store/digest-plans.ts `newcomers`).
 */
export async function saveInstallation(store: Store, it: Installed): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH older AS (
      DELETE FROM installation WHERE team = ${it.team} AND team <> '' AND enterprise <> ${it.enterprise}
    ), back AS (
      ${comesBack(Prisma.sql`l.tenant = ${it.team}
        OR ${it.team} = '' AND l.tenant IN (SELECT team FROM installation_team WHERE enterprise = ${it.enterprise})`)}
    )
    INSERT INTO installation (enterprise, team, sealed, bot) VALUES (${it.enterprise}, ${it.team}, ${it.sealed}, ${it.bot})
    ON CONFLICT (enterprise, team) DO UPDATE SET sealed = excluded.sealed, bot = excluded.bot, installed_at = now()`,
  );
}

/** Whoever's digest ended there is as one who came since. */
const comesBack = (there: Prisma.Sql): Prisma.Sql => Prisma.sql`
  UPDATE link l SET since = now() WHERE l.platform = 'slack' AND l.state = 'live' AND (${there})
    AND EXISTS (SELECT FROM subscription s WHERE s.person_id = l.person_id AND s.room IS NULL AND s.gone)`;

/**
 * That workspace's own installation, else its organisation's. `isMember`: the workspace was noted as one of the
 * organisation's; then it is also found where the payload does not name the organisation.
 */
export async function findInstallation(
  store: Store,
  { team, enterprise }: InstalledAt,
): Promise<(Installed & { isMember: boolean }) | undefined> {
  const [row] = await rowsOf<Installed & { isMember: boolean }>(
    store,
    Prisma.sql`
    SELECT i.team, i.enterprise, i.sealed, i.bot, t.team IS NOT NULL AS "isMember"
    FROM installation i LEFT JOIN installation_team t ON t.team = ${team} AND t.enterprise = i.enterprise
    WHERE i.team = ${team} AND i.team <> ''
      OR i.team = '' AND (i.enterprise = ${enterprise} OR ${enterprise} = '' AND t.team IS NOT NULL)
    ORDER BY i.team DESC, i.installed_at DESC LIMIT 1`,
  );
  return row;
}

/** That workspace is one of the organisation's; digests there begin again, as with an installation of its own. */
export async function noteMember(store: Store, { team, enterprise }: InstalledAt): Promise<void> {
  await rowsOf(
    store,
    Prisma.sql`
    WITH back AS (
      ${comesBack(Prisma.sql`l.tenant = ${team} AND NOT EXISTS (SELECT FROM installation_team WHERE team = ${team})`)}
    )
    INSERT INTO installation_team (team, enterprise) VALUES (${team}, ${enterprise})
    ON CONFLICT (team) DO UPDATE SET enterprise = excluded.enterprise`,
  );
}

/** Its token is gone with it. `sealed`: only where this is still the one; an installation made since stays. */
export async function forgetInstallation(
  store: Store,
  { team, enterprise }: InstalledAt,
  sealed?: string,
): Promise<void> {
  const only = sealed === undefined ? Prisma.empty : Prisma.sql`AND sealed = ${sealed}`;
  const statement =
    team === ''
      ? Prisma.sql`
        WITH gone AS (DELETE FROM installation WHERE team = '' AND enterprise = ${enterprise} ${only} RETURNING enterprise)
        DELETE FROM installation_team t USING gone WHERE t.enterprise = gone.enterprise`
      : Prisma.sql`DELETE FROM installation WHERE team = ${team} ${only}`;
  await rowsOf(store, statement);
}

/** Every workspace: those with an installation of their own, and of organisations those noted. The newest first. */
export async function installedTeams(store: Store, most: number): Promise<InstalledAt[]> {
  return rowsOf<InstalledAt>(
    store,
    Prisma.sql`
    SELECT team, max(enterprise) AS enterprise FROM (
      SELECT team, enterprise, installed_at FROM installation WHERE team <> ''
      UNION ALL
      SELECT t.team, t.enterprise, i.installed_at
      FROM installation i JOIN installation_team t ON t.enterprise = i.enterprise WHERE i.team = ''
    ) places GROUP BY team ORDER BY max(installed_at) DESC, team LIMIT ${most}`,
  );
}
