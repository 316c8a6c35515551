/** The acceptance clock, one tick of it. */
import type { Store } from '../store/store.ts';

/** What has arrived is routed, what is not answered goes a rung up, what is over is closed. */
export async function tickClocks(_store: Store, _now: Date): Promise<void> {}
