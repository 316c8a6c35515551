/** Reminders, when their time has come. */
import { ring } from '../store/reminders.ts';
import type { Store } from '../store/store.ts';

/** Whoever wanted to be reminded by now is told, once, however many processes tick and however late. */
export const ringReminders = (store: Store, now: Date): Promise<void> => ring(store, now);
