/** What happened to people's deals, gathered and told. */
import type { Store } from '../store/store.ts';

/** What happened is told to those whom it concerns, bursts as one message. */
export async function gatherNews(_store: Store, _now: Date): Promise<void> {}
