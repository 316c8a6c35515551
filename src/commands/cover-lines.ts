/** Who covers the asker's desk, and whose desks they cover. */
import { dayIn } from '../pipeline/calendar.ts';
import { coversAhead } from '../store/covers.ts';
import { everybody } from '../store/people.ts';
import { coverInWords, endButton } from '../views/cover.ts';
import { personName } from '../views/people.ts';
import type { Button } from '../views/view.ts';
import type { Context } from './command.ts';

/** Nothing where there is no cover; a line each, and a way to end their own. */
export async function coverLines({
  store,
  actor,
  now,
}: Pick<Context, 'store' | 'actor' | 'now'>): Promise<{ lines: string[]; buttons: Button[] }> {
  const ahead = await coversAhead(store, now);
  const theirs = ahead.filter(({ personId, coverId }) => [personId, coverId].includes(actor.id));
  if (theirs.length === 0) return { lines: [], buttons: [] };
  const names = new Map((await everybody(store)).map((person) => [person.id, personName(person)]));
  const nameOf = (id: string): string => names.get(id) ?? 'a colleague';
  return {
    lines: theirs.map((it) => {
      const today = dayIn(now, it.timeZone);
      const [away, cover] = [nameOf(it.personId), nameOf(it.coverId)];
      return coverInWords(it, { away, cover, by: nameOf(it.byId), today }, actor);
    }),
    buttons: theirs.some(({ personId }) => personId === actor.id) ? [endButton(actor.id)] : [],
  };
}
