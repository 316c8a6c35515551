/** What whoever is not linked yet says, and whether they have come by it. */
import type { Command } from '../commands/command.ts';
import { answerIn } from '../pipeline/invitation.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { isInvited } from '../store/invitations.ts';
import type { Store } from '../store/store.ts';
import { dealOfThread } from '../store/threads.ts';
import type { Utterance } from './intent.ts';
import type { How } from './strangers.ts';

/** Words that are not understood ask for nothing: nobody comes by them. And see `Command.leavesUnlinked`. */
export function howMeant(
  { commands }: { commands: readonly Command[] },
  meant?: { verb: Verb; input: Record<string, unknown> },
): How {
  if (!meant) return 'looking';
  const isLeft = commands.some((it) => it.verb === meant.verb && it.leavesUnlinked?.(meant.input));
  return isLeft ? 'as found' : 'linked';
}

/**
 * The answer to an invitation that somebody types instead of pressing it; in a channel, or under a deal's card, the same
 * words are about something else. A database that does not answer fails the act itself in a moment, which says so.
 */
export async function answerTo(
  store: Store,
  { text, from, under = [], room }: Utterance,
): Promise<'accept' | 'decline' | undefined> {
  const answer = room === undefined ? answerIn(text) : undefined;
  if (!answer) return undefined;
  try {
    const isAsked = await isInvited(store, from);
    return isAsked && !(await dealOfThread(store, from.platform, under)) ? answer : undefined;
  } catch {
    return undefined;
  }
}
