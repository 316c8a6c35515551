/** Rooms that are gone, or that we are not in: what was to stand there, and who hears of it. */
import { problem } from '../views/view.ts';
import { once, type Postman } from './copies.ts';
import { GoneForGood, type Sender } from './intent.ts';

/** Where the room is gone `ended` is done instead, and the answer is undefined. @throws all that may pass. */
export async function unlessGone<T>(
  work: () => Promise<T>,
  ended: () => Promise<void>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GoneForGood)) throw error;
    await ended();
    return undefined;
  }
}

/** Whoever put something there is told in private, once for each key. `user` is '' once they were erased: then nobody is. */
export async function tellWhoAsked(
  postman: Postman,
  to: Pick<Sender, 'tenant' | 'user'>,
  key: string,
  text: string,
): Promise<void> {
  if (to.user === '') return;
  await once(postman, { line: to.tenant, key }, () => postman.messenger.tell(to, problem(text)));
}
