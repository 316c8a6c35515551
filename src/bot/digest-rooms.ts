/** Digests of channels: they show what all who read along may see, and end when whoever set them up is not there any more. */
import { drawForRoom } from '../commands/room-digest.ts';
import { isLate } from '../pipeline/schedule.ts';
import type { Look } from '../store/digest-looks.ts';
import { endSubscriptions } from '../store/digest-plans.ts';
import { digestReaders } from '../store/digest-readers.ts';
import {
  type ComposedLine,
  closeDigests,
  type DigestJob,
  digestJobs,
  giveBackDigest,
  takeDigest,
} from '../store/digests.ts';
import { withMissed } from '../views/schedule.ts';
import { note, problem, type Reply } from '../views/view.ts';
import { lookAround } from './around.ts';
import { type Postman, SHUT } from './copies.ts';
import { composedLines, type Drawn, sendTaken } from './digest-send.ts';
import { GoneForGood, type RoomAt } from './intent.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { tellWhoAsked, unlessGone } from './room-gone.ts';

/** What composing it takes: of one that is sent, or of one that stands. */
interface Wanted {
  personId: string;
  role: Drawn['role'];
  by: string;
  off: string[];
  timeZone: string;
  setter: string | null;
  at: { platform: string; tenant: string; room: string };
}

/** over: whoever set it up is let in no more, or has left. empty: there is nothing to say. */
type Outcome = Drawn | 'over' | 'empty';

/** @throws what may pass, once it is due again. */
export async function sendInRoom(postman: Postman, job: DigestJob): Promise<void> {
  const { messenger } = postman;
  if (!messenger.post) return closeDigests(postman.store, [job.id], 'left');
  await oneAtATime(messenger, `${job.tenant} ${job.recipient}`, () => sendOne(postman, job));
}

async function sendOne(postman: Postman, job: DigestJob): Promise<void> {
  const { store, messenger, now } = postman;
  const { id, platform, tenant, recipient: room } = job;
  if (isLate(job.dueAt, now())) return closeDigests(store, [id], 'skipped');
  const at: RoomAt = { tenant, conversation: room };
  // Waited for before it is taken: what was taken may stand there.
  const draw = async () => {
    await messenger.turn?.(at);
    return compose(postman, { ...job, at: { platform, tenant, room } });
  };
  const drawn = await unlessGone(draw, () => end(postman, job));
  if (!drawn) return;
  if (drawn === 'empty') return closeDigests(store, [id], 'empty');
  if (drawn === 'over') {
    await endSubscriptions(store, [job.subscriptionId], now());
    return closeDigests(store, [id], 'left');
  }
  const taken = await takeDigest(store, id, drawn, now());
  // Another deal, or another reader, since a moment ago: looked at once more, from the start.
  if (taken === 'changed') {
    await giveBackDigest(store, id, 'due');
    const [again] = await digestJobs(store, platform, [id]);
    return again && sendOne(postman, again);
  }
  if (taken !== 'taken') return;
  await sendTaken(postman, job, async () => {
    const list = withMissed(drawn.list, job);
    const ref = await posted(postman, job, at, list);
    return ref && { ref, drawn: { ...drawn, list } };
  });
}

/** We are not there any more: no more tries, and whoever set it up is told once. */
async function end(postman: Postman, job: DigestJob): Promise<void> {
  // First: after a kill in between it is found here again, and said no second time.
  await tellSetter(postman, job);
  await endSubscriptions(postman.store, [job.subscriptionId], postman.now());
  await closeDigests(postman.store, [job.id], 'left');
}

async function posted(postman: Postman, job: DigestJob, at: RoomAt, list: Drawn['list']) {
  try {
    return await postman.messenger.post?.(at, list, job.id);
  } catch (error) {
    if (error instanceof GoneForGood) await tellSetter(postman, job);
    throw error;
  }
}

const NOT_THERE =
  'The digest that you set up for a channel comes no more: I am not in that channel, or it is gone. Add ace-desk to it again and say “schedule here” there, if it is still wanted.';

const tellSetter = (postman: Postman, { tenant, setter, id }: DigestJob): Promise<void> =>
  tellWhoAsked(postman, { tenant, user: setter ?? '' }, `digest-gone:${id}`, NOT_THERE);

/** One that stands, as it is drawn anew, and what it names then. */
export interface Redrawn {
  reply: Reply;
  lines: readonly ComposedLine[];
}

/** As it is for that room now. Where it names nothing its lines stay: a change of them may bring it back. */
export async function roomAsItIs(postman: Postman, look: Look): Promise<Redrawn> {
  const { room: at, lines } = look;
  const drawn = at ? await compose(postman, { ...look, at }) : 'over';
  if (drawn === 'over') return { reply: problem(SHUT), lines };
  if (drawn === 'empty') return { reply: note('All of it has been seen to.'), lines };
  return { reply: drawn.list, lines: drawn.lines };
}

/** @throws GoneForGood where we are not, or nobody else reads along. */
async function compose({ store, messenger, now }: Postman, wanted: Wanted): Promise<Outcome> {
  const { personId, setter, off, by, at } = wanted;
  const room = await lookAround(messenger, { tenant: at.tenant, conversation: at.room });
  if (!room) throw new GoneForGood('no room');
  const isThere = room.isUnclear || (setter !== null && room.readers.includes(setter));
  const moment = now();
  const [reader] = isThere ? await digestReaders(store, [personId], moment) : [];
  if (!reader) return 'over';
  const { found, list } = await drawForRoom(store, room, { at, setter: reader.person, by, off }, moment);
  return list ? { list, lines: composedLines(found), role: reader.person.role, off } : 'empty';
}
