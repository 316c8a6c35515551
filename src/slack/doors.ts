/** The workspaces that are served: that of the token in the configuration, and those that installed the app. */
import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Door, Doors, Installation, InstallationKey, Installations, Log, Workspace } from './door.ts';
import { failure } from './log.ts';

export interface DoorsOptions {
  /** That of the token in the configuration, where there is one. */
  single?: Door;
  /** Absent: people of every other workspace are told that they are of another one. */
  installations?: Installations;
  /** `SLACK_ALLOWED_TEAMS`: an installation made before the list became shorter is not served either. */
  isAllowed(key: InstallationKey): boolean;
  /** `onDead`: Slack takes the token no longer. */
  build(workspace: Workspace, token: string, onDead: (error: string) => void): Door;
  log: Log;
  now(): Date;
}

const MOST = 500;
/** So long a workspace that is not of the organisation it claims is not asked about again. */
const REFUSED_MS = 60_000;

export function createDoors(options: DoorsOptions): Doors {
  const { single, installations, log } = options;
  if (!installations)
    return {
      // Whatever comes is for the one: who is not of it is told so.
      of: async () => single,
      all: async () => (single ? [single] : []),
      gone: async () => log.warn({}, 'slack: the app was uninstalled: SLACK_BOT_TOKEN is good no longer'),
    };
  const rooms = keep(options, installations);
  return {
    async of(team, enterprise = '') {
      if (single && (!team || team === single.workspace.team)) return single;
      // What is for the organisation as a whole is nobody's in particular.
      return team && team !== enterprise ? rooms.find({ team, enterprise }) : undefined;
    },
    async all() {
      const others = (await installations.workspaces(MOST)).filter(
        ({ team }) => team !== single?.workspace.team,
      );
      const found = await Promise.allSettled(others.map((key) => rooms.find(key)));
      const open = found.flatMap((it) => (it.status === 'fulfilled' && it.value ? [it.value] : []));
      return single ? [single, ...open] : open;
    },
    async gone(key) {
      await installations.forget(key);
      rooms.drop(key);
    },
  };
}

interface Kept {
  door: Door;
  /** The installation it stands on. */
  key: InstallationKey;
}

const A_MINUTE = 60_000;

/**
 * What to do when Slack takes the token of the configuration no longer: it is told to whoever runs us, once a minute.
 * Nothing is ended: what is to be delivered is tried again for a day, and what is posted is kept true by the next token.
 */
export function onDeadToken(log: Log, now: () => Date): (error: string) => void {
  let said = Number.NEGATIVE_INFINITY;
  return (error) => {
    const at = now().getTime();
    if (at - said < A_MINUTE) return;
    said = at;
    log.error(
      { failure: error },
      'slack: SLACK_BOT_TOKEN is good no longer: set the new one (OAuth & Permissions) and start again within a day; until then deliveries wait',
    );
  };
}

/** Doors are built on first use, once, and kept: at most 500, the longest unused goes first. */
function keep(options: DoorsOptions, installations: Installations) {
  const kept = new Map<string, Kept>();
  const building = new Map<string, Promise<Kept | undefined>>();

  const drop = (key: InstallationKey): void => {
    for (const [team, it] of kept) if (isSame(it.key, key)) kept.delete(team);
    // Whoever waits for one may have it; it is not kept.
    if (key.team) building.delete(key.team);
    else building.clear();
  };
  const make = maker(options, installations, drop);

  const find = async (asked: InstallationKey): Promise<Door | undefined> => {
    const { team } = asked;
    const known = kept.get(team);
    if (known) {
      kept.delete(team);
      kept.set(team, known);
      return known.door;
    }
    const running = building.get(team);
    if (running) return (await running)?.door;
    const made = make(asked);
    building.set(team, made);
    try {
      const it = await made;
      // Uninstalled meanwhile: this one is no longer kept.
      if (it && building.get(team) === made) kept.set(team, it);
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
      return it?.door;
    } finally {
      if (building.get(team) === made) building.delete(team);
    }
  };
  return { find, drop };
}

type Drop = (key: InstallationKey) => void;

/** Makes the door of a workspace; undefined where we are not installed, or not for them. */
function maker(options: DoorsOptions, installations: Installations, drop: Drop) {
  const { build, isAllowed, log, now } = options;
  const refused = new Map<string, number>();
  return async ({ team, enterprise }: InstallationKey): Promise<Kept | undefined> => {
    const found = await installations.find({ team, enterprise });
    if (!found || !isAllowed({ ...found.installation, team })) return undefined;
    const { installation: key, isMember } = found;
    const workspace = { team, bot: key.bot, ...(key.enterprise ? { enterprise: key.enterprise } : {}) };
    const onDead = (error: string) => end(key, error, { installations, drop, log });
    const door = build(workspace, key.token, onDead);
    if (key.team !== '' || isMember) return { door, key };
    if ((refused.get(team) ?? 0) > now().getTime()) return undefined;
    if (await isOfOrganisation(door, team)) {
      await installations.noteMember({ team, enterprise: key.enterprise });
      return { door, key };
    }
    if (refused.size >= MOST) refused.clear();
    refused.set(team, now().getTime() + REFUSED_MS);
    return undefined;
  };
}

/** Slack takes its token no longer: it is built anew, from what was installed since, or not at all. */
function end(
  it: Installation,
  error: string,
  { installations, drop, log }: Pick<DoorsOptions, 'log'> & { installations: Installations; drop: Drop },
): void {
  const { team, enterprise, stamp } = it;
  drop(it);
  log.warn({ failure: error, team, enterprise }, 'slack: a token is good no longer');
  if (!ENDED.includes(error)) return;
  installations.forget({ team, enterprise }, stamp).catch((problem: unknown) => {
    // Its next use ends the same way.
    log.warn({ failure: failure(problem) }, 'slack: an installation was not forgotten');
  });
}

const isSame = (one: InstallationKey, other: InstallationKey): boolean =>
  one.team === other.team && (one.team !== '' || one.enterprise === other.enterprise);

/** After these the token never comes back to life; `invalid_auth` may be a slip of Slack's. */
const ENDED = ['account_inactive', 'token_revoked'];

/**
 * An organisation's token opens only what its administrators gave the app to: a workspace that shares a channel with
 * them (Slack Connect) may claim to be one of theirs.
 */
async function isOfOrganisation({ web, log, workspace }: Door, team: string): Promise<boolean> {
  try {
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: webApi.AuthTeamsListResponse = await web.auth.teams.list({
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      if (page.teams?.some(({ id }) => id === team)) return true;
      cursor = page.response_metadata?.next_cursor || undefined;
    }
  } catch (error) {
    if (!(error instanceof webApi.WebAPIPlatformError)) throw error;
    const { enterprise } = workspace;
    log.warn(
      { failure: failure(error), enterprise },
      'slack: an organisation does not say which workspaces are its own',
    );
  }
  return false;
}

/**
 * The events `app_uninstalled` and `tokens_revoked`, whole. The latter also comes when a person's own token is revoked:
 * then nothing ends.
 */
export async function onGone(doors: Doors, body: unknown): Promise<void> {
  const { data } = goneSchema.safeParse(body);
  if (!data) return;
  const [first] = data.authorizations ?? [];
  const team = first?.team_id ?? data.team_id ?? '';
  const enterprise = first?.enterprise_id ?? data.enterprise_id ?? '';
  const isOrganisations = first?.is_enterprise_install === true || team === '' || team === enterprise;
  if (data.event.type === 'tokens_revoked' && (data.event.tokens?.bot ?? []).length === 0) return;
  await doors.gone({ team: isOrganisations ? '' : team, enterprise });
}

const id = z.string().nullish();
const goneSchema = z.object({
  team_id: id,
  enterprise_id: id,
  authorizations: z
    .array(z.object({ team_id: id, enterprise_id: id, is_enterprise_install: z.boolean().nullish() }))
    .nullish(),
  event: z.object({
    type: z.enum(['app_uninstalled', 'tokens_revoked']),
    tokens: z.object({ bot: z.array(z.string()).nullish() }).nullish(),
  }),
});
