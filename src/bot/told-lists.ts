/** Lists of several deals that were told, kept true: what was seen to is ticked off, what its reader may not see is gone. */
import type { Notice } from '../pipeline/notice.ts';
import type { Person } from '../pipeline/person.ts';
import { noticeById } from '../store/notices.ts';
import { personById } from '../store/people.ts';
import {
  endList,
  keepList,
  listStanding,
  moveList,
  type OfList,
  type StandingList,
  type ToldList,
} from '../store/told-lists.ts';
import { note, problem, type Reply } from '../views/view.ts';
import { digestOf, isOpenTo, type Postman, SHUT } from './copies.ts';
import { GoneForGood, type Ref } from './intent.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Drawer } from './tell.ts';
import { clocksAsTheyAre } from './tell-clock.ts';
import { offersAsTheyAre } from './tell-hand-over.ts';
import { newsAsItIs } from './tell-news.ts';

/** A list, and the deals it speaks of. */
export interface Listed {
  reply: Reply;
  list: readonly OfList[];
}

/** Draws one that stands: with what was seen to ticked off. Undefined: nothing of it is left to say. */
export type Redrawer<Kind extends Notice['kind']> = (
  ...how: Parameters<Drawer<Kind>>
) => Promise<Listed | undefined>;

const REDRAWERS = {
  news: newsAsItIs,
  'clock-many': clocksAsTheyAre,
  'offered-many': offersAsTheyAre,
} satisfies { [Kind in Notice['kind']]?: Redrawer<Kind> };

/** What it was drawn from is deleted: it was a month ago, or names somebody who was erased. */
const OVER = 'This list is not kept any more. “list pending” shows what waits for an answer.';
const NOTHING_LEFT = 'Nothing of this list is left to say.';

/** One that was told stands there now, and is kept true from then on. */
export async function keepTold(
  { store, messenger: { platform } }: Postman,
  { id, reader, reply, deals }: { id: string; reader: Person; reply: Reply; deals: readonly OfList[] },
  ref: Ref,
): Promise<void> {
  const list: ToldList = { id, personId: reader.id, platform, ref, shown: digestOf(reply) };
  await keepList(store, list, { role: reader.role, deals });
}

/** By the notice it was told with; several of its deals that change at once draw it once. */
export const redrawList = (postman: Postman, id: string): Promise<void> =>
  oneAtATime(postman.messenger, `list ${id}`, () => redraw(postman, id));

async function redraw(postman: Postman, id: string): Promise<void> {
  const { store, messenger, now, log } = postman;
  const list = await listStanding(store, id, messenger.platform);
  if (!list?.isAged) return;
  try {
    const { reply, list: deals } = await asItIs(postman, list);
    const shown = digestOf(reply);
    const ref = shown === list.shown ? list.ref : await messenger.redraw(list.ref, reply);
    await moveList(store, list, { shown, ref, deals });
  } catch (error) {
    if (!(error instanceof GoneForGood)) throw error;
    await endList(store, list, now());
    log.info({ platform: list.platform }, 'a list is gone and is no longer redrawn');
  }
}

async function asItIs(postman: Postman, { id, personId, isShut }: StandingList): Promise<Listed> {
  const { store } = postman;
  const [told, reader] = await Promise.all([noticeById(store, id), personById(store, personId)]);
  if (isShut || !reader || reader.role === 'none') return alone(problem(SHUT));
  if (!told) return alone(note(OVER));
  if (!(await isOpenTo(store, reader))) return alone(problem('ace-desk is not open yet.'));
  // Each redrawer takes notices of its own kind, which the table says and the compiler cannot follow.
  const redrawer = (REDRAWERS as Partial<Record<Notice['kind'], Redrawer<Notice['kind']>>>)[told.notice.kind];
  return (await redrawer?.(postman, told, reader)) ?? alone(note(NOTHING_LEFT));
}

const alone = (reply: Reply): Listed => ({ reply, list: [] });
