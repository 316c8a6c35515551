/** Slack says that somebody's profile or membership has changed: what we knew of them is void at once. */
import { z } from 'zod';
import type { Desk } from '../bot/intent.ts';
import { forgetPerson } from './audience.ts';
import type { Door, Log, Workspace } from './door.ts';
import { failure } from './log.ts';

const id = z.string().min(1).max(200);
const changed = z.object({ type: z.literal('user_change'), user: z.looseObject({ id }) });
const no = z.literal(false).optional();
const fullMember = z.object({ team_id: id, deleted: no, is_restricted: no, is_ultra_restricted: no });

/**
 * The event `user_change` (scope users:read). Their next act reads their profile anew: a new address, a closed account or a
 * guest's membership counts from then on, also where they read along. Of the event itself nothing but the user's id is
 * believed; where it does not speak of a full member the profile is read anew at once. Anything else is let pass.
 * @returns whether it was such an event.
 */
export function onUserChange(door: Pick<Door, 'profiles' | 'workspace' | 'log'>, event: unknown): boolean {
  const { data } = changed.safeParse(event);
  if (!data) return false;
  const { user } = data;
  door.profiles.forget(user.id);
  forgetPerson(door, user.id);
  if (fullMember.safeParse(user).data?.team_id !== door.workspace.team)
    door.profiles.find(user.id).catch((error: unknown) => {
      // Their next act reads it.
      door.log.info({ failure: failure(error) }, 'slack: a changed profile was not read');
    });
  return true;
}

/** For profiles: whoever is no full member by now loses what stands in their private messages. */
export function leaving(
  desk: Pick<Desk, 'left'>,
  { team }: Pick<Workspace, 'team'>,
  log: Log,
): (user: string) => void {
  return (user) =>
    void desk.left({ platform: 'slack', tenant: team, user }).catch((error: unknown) => {
      // Said again with the next reading of their profile.
      log.warn({ failure: failure(error) }, 'slack: the copies of an account that left were not drawn empty');
    });
}
