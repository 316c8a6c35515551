/** Digests: planned by the clock, composed when they are sent, ticked off in place. */
import type { Store } from '../store/store.ts';
import type { Postman } from './copies.ts';

/** Whose morning has come gets one digest for that day. */
export async function planDigests(_store: Store, _now: Date): Promise<void> {}

/** Jobs of the queue, by the ids of digests: what is due is sent, what stands is drawn anew. */
export async function deliverDigests(_postman: Postman, _ids: readonly string[]): Promise<void> {}
