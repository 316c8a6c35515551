/** Until the pipeline was read once, lists would be wrong: the answer is how far it is. */
import type { Result } from '../commands/command.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { agentState } from '../store/agent.ts';
import type { Store } from '../store/store.ts';
import { note } from '../views/view.ts';

const NEEDS_NO_PIPELINE: readonly Verb[] = ['help', 'people', 'ask-access', 'link', 'erase'];

const synced = new WeakSet<Store>();

/** What to answer for now; undefined once it was read, or where it is not needed. */
export async function notYet(store: Store, verb: Verb): Promise<Result | undefined> {
  if (NEEDS_NO_PIPELINE.includes(verb) || synced.has(store)) return undefined;
  const { syncedAt, syncDone, syncTotal } = await agentState(store);
  if (syncedAt) {
    synced.add(store);
    return undefined;
  }
  const far = syncTotal > 0 ? ` (${syncDone} of ${syncTotal})` : '';
  return {
    reply: note(`Reading your pipeline from AWS for the first time${far}. Ask again in a moment.`),
    ok: false,
  };
}
