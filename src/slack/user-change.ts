/** Slack says that somebody's profile or membership has changed: what we knew of them is void at once. */
import { z } from 'zod';
import { forgetPerson } from './audience.ts';
import type { Door } from './door.ts';

const text = z.string().max(200);
const changed = z.object({ type: z.literal('user_change'), user: z.object({ id: text.min(1) }) });

/**
 * The event `user_change` (scope users:read). Their next act reads their profile anew: a new address, a closed account or a
 * guest's membership counts from then on, also where they read along. Of the event itself nothing but the user's id is believed. Anything else is let
 * pass. @returns whether it was such an event.
 */
export function onUserChange(door: Pick<Door, 'profiles'>, event: unknown): boolean {
  const { data } = changed.safeParse(event);
  if (!data) return false;
  door.profiles.forget(data.user.id);
  forgetPerson(door, data.user.id);
  return true;
}
