/** Ending a cover, or refusing to be one; and what its notices and names are made of. */
import { dayIn } from '../pipeline/calendar.ts';
import type { Cover } from '../pipeline/cover.ts';
import type { Day } from '../pipeline/deal.ts';
import type { CoverNotice } from '../pipeline/notice.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import { enact } from '../store/changes.ts';
import { reachOf } from '../store/cover-reach.ts';
import { coversAhead, endingCover, type KnownCover, type Tell } from '../store/covers.ts';
import { type CoverNames, coverEnded, coverRefused, noCover, otherCover } from '../views/cover.ts';
import { personName } from '../views/people.ts';
import { note } from '../views/view.ts';
import type { Context, Result } from './command.ts';

/** By whoever is away, or by whoever keeps the roster. Who of both did not do it is told. `id`: of which cover, by a button. */
export async function end(
  { away, id }: { away: Colleague; id: string | undefined },
  people: readonly Colleague[],
  context: Context,
): Promise<Result> {
  const { store, actor, now } = context;
  const isMine = away.id === actor.id;
  const stands = (await coversAhead(store, now)).find(({ personId }) => personId === away.id);
  if (!stands) return { reply: noCover(isMine ? undefined : personName(away)) };
  const names = namesOf(stands, { people, today: dayIn(now, away.timeZone) }, actor);
  if (id !== undefined && id !== stands.id) return { reply: otherCover(stands, names, actor), ok: false };
  const told = [stands.coverId, stands.personId].filter((it) => it !== actor.id);
  const notice = { ...noticeOf('ended', stands), byId: actor.id };
  await close(
    stands,
    told.map((personId) => ({ personId, notice })),
    context,
  );
  return { reply: coverEnded(names, isMine) };
}

/** By the cover; whoever is away is told, and whoever set it up for them. @param id the cover's. */
export async function refuse(id: string, people: readonly Colleague[], context: Context): Promise<Result> {
  const { store, actor, now } = context;
  const stands = (await coversAhead(store, now)).find((it) => it.id === id && it.coverId === actor.id);
  if (!stands) return { reply: note('You do not cover that desk any more. Nothing was changed.') };
  const told = [...new Set([stands.personId, stands.byId])].filter((it) => it !== actor.id);
  const notice = noticeOf('refused', stands);
  await close(
    stands,
    told.map((personId) => ({ personId, notice })),
    context,
  );
  const away = nameIn(people, stands.personId);
  return { reply: coverRefused(away, await isTold(store, stands.personId, now)) };
}

/** Whether a message finds them: a chat is connected, and they are in it. */
export async function isTold(store: Context['store'], personId: string, now: Date): Promise<boolean> {
  const { hears, digest } = await reachOf(store, personId, dayIn(now, 'UTC'));
  return hears && digest !== undefined;
}

async function close(
  { id }: KnownCover,
  tells: Tell[],
  { store, actor, key, source, until, now, writes }: Context,
): Promise<void> {
  writes();
  const act = { key, verb: 'cover', personId: actor.id, source, until };
  await enact(store, act, endingCover(id, now, tells));
}

/** What both are told; ids alone. */
export const noticeOf = (
  what: CoverNotice['what'],
  { id, personId, coverId, byId, from, until }: Cover,
): CoverNotice => ({ kind: 'covering', what, cover: id, personId, coverId, byId, from, until });

export const nameIn = (people: readonly Person[], id: string): string => {
  const found = people.find((it) => it.id === id);
  return found ? personName(found) : 'a colleague';
};

/** As they are shown; `today`: of whoever is away. */
export const namesOf = (
  it: Cover,
  { people, today }: { people: readonly Person[]; today: Day },
  actor: Person,
): CoverNames => ({
  away: nameIn(people, it.personId),
  cover: nameIn(people, it.coverId),
  by: personName(actor),
  today,
});
