/** Reminders, when their time has come. */
import type { Store } from '../store/store.ts';

/** Whoever wanted to be reminded by now is told. */
export async function ringReminders(_store: Store, _now: Date): Promise<void> {}
