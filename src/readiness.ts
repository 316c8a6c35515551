/** Whether what the house stands on answers. */
import { agentState } from './store/agent.ts';
import type { Queue } from './store/queue.ts';
import type { Store } from './store/store.ts';

export interface Readiness {
  database: boolean;
  queue: boolean;
  /** AWS answered not long ago; asking whether we are ready asks AWS nothing. */
  aws: boolean;
}

/** Longer ago than this, and AWS counts as not answering: it is asked every five minutes. */
const AWS_SILENT_MS = 20 * 60_000;

export async function readiness(store: Store, queue: Queue, now: Date): Promise<Readiness> {
  const [state, isUp] = await Promise.all([agentState(store).catch(() => undefined), queue.isUp()]);
  return {
    database: state !== undefined,
    queue: isUp,
    aws: now.getTime() - (state?.calledAt?.getTime() ?? 0) < AWS_SILENT_MS,
  };
}
