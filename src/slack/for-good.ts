/** What of Slack's answers is for good. */
import { webApi } from '@slack/bolt';
import { GoneForGood } from '../bot/intent.ts';
import { DEAD } from './client.ts';

/**
 * Slack's answers after which trying again cannot help; all others may pass. None that speaks of the token: one that was
 * mistyped, or is being changed for another, ends nothing of what is posted.
 */
const PERMANENT = [
  'cannot_dm_bot',
  'cannot_find_channel',
  'cannot_find_message',
  'cannot_unfurl_message',
  'cannot_unfurl_url',
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'is_archived',
  'message_not_found',
  'missing_scope',
  'not_in_channel',
  'restricted_action',
  'team_access_not_granted',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
];

/** Throws GoneForGood in place of what Slack answers for ever. */
export async function forGood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError && PERMANENT.includes(error.data.error)) {
      throw new GoneForGood(error.data.error);
    }
    throw error;
  }
}

/** Slack does not take the token: that says nothing of the place it was used for. */
export const isDead = (error: unknown): boolean =>
  error instanceof webApi.WebAPIPlatformError && DEAD.includes(error.data.error);
