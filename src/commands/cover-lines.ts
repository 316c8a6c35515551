/** Who covers the asker's desk, and whose desks they cover; and who covers a colleague's. */
import { dayIn } from '../pipeline/calendar.ts';
import type { Colleague } from '../pipeline/person.ts';
import { coversAhead } from '../store/covers.ts';
import { everybody } from '../store/people.ts';
import { coverInWords, endButton } from '../views/cover.ts';
import { personName } from '../views/people.ts';
import { type Button, type Note, note } from '../views/view.ts';
import type { Context } from './command.ts';
import { namesOf } from './cover-end.ts';

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
    buttons: theirs.filter(({ personId }) => personId === actor.id).map(endButton),
  };
}

/** Who covers a colleague's desk. Everybody may know: who chooses a cover reads who is away. @param more what else is said. */
export async function whoCovers(
  away: Colleague,
  more: readonly string[],
  { store, actor, now }: Context,
): Promise<Note> {
  const stands = (await coversAhead(store, now)).find(({ personId }) => personId === away.id);
  if (!stands) return note(`Nobody covers ${personName(away)}’s desk.`, [...more]);
  const names = namesOf(stands, { people: await everybody(store), today: dayIn(now, away.timeZone) }, actor);
  return note(coverInWords(stands, names, actor), [...more]);
}
