/** What a door received and a crash left unanswered is answered by it. */
import type { Platform } from './bot/intent.ts';
import type { Log } from './log.ts';
import { putBack, unanswered } from './store/postings.ts';
import type { Store } from './store/store.ts';

/** Each door's way to answer, given what was received. */
export type Replays = Map<Platform, (body: unknown) => Promise<void>>;

export async function replayAll(store: Store, replays: Replays, log: Log, now: Date): Promise<void> {
  for (const [platform, replay] of replays)
    for (const { key, body } of await unanswered(store, platform, now))
      await replay(body).catch(async (err: unknown) => {
        log.warn({ err, platform }, 'an event of before could not be answered yet');
        await putBack(store, key);
      });
}
