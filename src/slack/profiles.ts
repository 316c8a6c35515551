/** Who a Slack user is: the e-mail and the time zone of the profile, kept for a quarter of an hour. */
import type { webApi } from '@slack/bolt';
import { keepProfiles } from '../bot/kept-profiles.ts';
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

/** @param onRefused hears of each reading that says: no full member here (any more). */
export function createProfiles(
  { web, patient }: Pick<Door, 'web' | 'patient'>,
  workspace: Workspace,
  now: () => Date,
  onRefused: (user: string, refused: Refused) => void = () => undefined,
): Profiles {
  const kept = keepProfiles<Profile>(
    now,
    (user, profile) => void (profile.member || onRefused(user, profile.refused)),
  );
  const ask = async (user: string, how?: 'patiently'): Promise<Profile> => {
    const { user: found } = await (how ? patient : web).users.info({ user });
    return toProfile(found ?? {}, workspace);
  };
  return { find: (user, how) => kept.find(user, () => ask(user, how), how), forget: kept.forget };
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
