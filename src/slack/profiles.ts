/** Who a Slack user is: the e-mail and the time zone of the profile, kept for a quarter of an hour. */
import type { webApi } from '@slack/bolt';
import type { Door, Workspace } from './door.ts';

/** `refused`: a guest, an app, a closed account, or somebody from elsewhere. */
type Profile =
  | { member: true; email?: string; timeZone?: string; firstName?: string; lastName?: string }
  | { member: false; refused: Refused };
export type Refused = 'not a member' | 'other workspace';

export interface Profiles {
  /** Throws what Slack's API throws when it does not answer. `how`: patiently where nobody waits. */
  find(user: string, how?: 'patiently'): Promise<Profile>;
  /** It has changed: who asks from now on hears from Slack anew, also while an older question is under way. */
  forget(user: string): void;
}

const FRESH_MS = 10 * 60_000;
const KEPT_MS = 15 * 60_000;
const REFUSED_MS = 60_000;
const MOST = 2000;

interface Kept {
  profile: Profile;
  at: number;
}

/**
 * At most 2000 are kept, the longest unused goes first. From 10 minutes on one is renewed while it is still used.
 * @param onRefused hears of each reading that says: no full member here (any more).
 */
export function createProfiles(
  { web, patient }: Pick<Door, 'web' | 'patient'>,
  workspace: Workspace,
  now: () => Date,
  onRefused: (user: string, refused: Refused) => void = () => undefined,
): Profiles {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, { running: Promise<Profile>; how: 'patiently' | undefined }>();

  const keep = (user: string, profile: Profile) => {
    kept.set(user, { profile, at: now().getTime() });
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  };
  const ask = async (user: string, how?: 'patiently'): Promise<Profile> => {
    const { user: found } = await (how ? patient : web).users.info({ user });
    return toProfile(found ?? {}, workspace);
  };
  const askOnce = (user: string, how?: 'patiently'): Promise<Profile> => {
    const before = asking.get(user);
    // A person who waits does not wait for a patient reading.
    if (before && (how || !before.how)) return before.running;
    const isNewest = () => asking.get(user)?.running === running;
    const running: Promise<Profile> = ask(user, how)
      .then((profile) => {
        if (isNewest()) keep(user, profile);
        if (isNewest() && !profile.member) onRefused(user, profile.refused);
        return profile;
      })
      .finally(() => {
        if (isNewest()) asking.delete(user);
      });
    asking.set(user, { running, how });
    return running;
  };

  return {
    async find(user, how) {
      const known = kept.get(user);
      const age = known ? now().getTime() - known.at : Number.POSITIVE_INFINITY;
      if (!known || age > (known.profile.member ? KEPT_MS : REFUSED_MS)) return askOnce(user, how);
      kept.delete(user);
      kept.set(user, known);
      // Renewed in the background; when Slack does not answer, the next one asks again.
      if (age > FRESH_MS) askOnce(user).catch(() => undefined);
      return known.profile;
    },
    forget(user) {
      kept.delete(user);
      asking.delete(user);
    },
  };
}

type User = NonNullable<webApi.UsersInfoResponse['user']>;

/** A user record of Slack's, as users.info and users.lookupByEmail answer it. */
export function toProfile(user: User, workspace: Workspace): Profile {
  const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
  if (user.is_stranger || !teams.includes(workspace.team))
    return { member: false, refused: 'other workspace' };
  if (user.deleted || user.is_bot || user.is_workflow_bot || user.is_restricted || user.is_ultra_restricted) {
    return { member: false, refused: 'not a member' };
  }
  // An address proves nobody unless Slack says that it is confirmed.
  const email = user.is_email_confirmed === true ? user.profile?.email?.trim().toLowerCase() : undefined;
  return {
    member: true,
    ...(email ? { email } : {}),
    ...(user.tz ? { timeZone: user.tz } : {}),
    ...namesOf(user),
  };
}

/** Slack keeps first and last name where the person gave them so; else the last word is taken for the last name. */
function namesOf({ profile, real_name: realName }: User): { firstName?: string; lastName?: string } {
  const { first_name: first, last_name: last } = profile ?? {};
  const words = (first && last ? '' : (profile?.real_name ?? realName ?? '')).split(/\s+/).filter(Boolean);
  const firstName = first && last ? first : words.slice(0, -1).join(' ') || words[0];
  const lastName = first && last ? last : words.length > 1 ? words.at(-1) : undefined;
  return { ...(firstName ? { firstName } : {}), ...(lastName ? { lastName } : {}) };
}
