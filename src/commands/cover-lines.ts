/** Who covers the asker's desk, and whose desks they cover; and who covers a colleague's. */
import { dayIn } from '../pipeline/calendar.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import { mayManage } from '../pipeline/roster.ts';
import { coversAhead, type KnownCover } from '../store/covers.ts';
import { everybody } from '../store/people.ts';
import { coverInWords, endButton, nobodyNote, refuseButton, standingNote } from '../views/cover.ts';
import type { Duty } from '../views/cover-form.ts';
import { personName } from '../views/people.ts';
import { type Button, type Note, note } from '../views/view.ts';
import type { Context } from './command.ts';
import { namesOf } from './cover-end.ts';

type Asker = Pick<Context, 'actor' | 'now'>;

/** In words for the asker, and a way out: they end a cover of their own desk, and refuse to cover another's. */
function dutyOf(it: KnownCover, people: readonly Person[], { actor, now }: Asker): Duty {
  const names = namesOf(it, { people, today: dayIn(now, it.timeZone) }, actor);
  const button = it.personId === actor.id ? endButton(it) : refuseButton(it, names.away);
  return { words: coverInWords(it, names, actor), button };
}

/** Whose desks the asker covers. */
export const dutiesOf = (ahead: readonly KnownCover[], people: readonly Person[], asker: Asker): Duty[] =>
  ahead.filter(({ coverId }) => coverId === asker.actor.id).map((it) => dutyOf(it, people, asker));

/** Nothing where there is no cover; a line each, and a way out of it. */
export async function coverLines({
  store,
  actor,
  now,
}: Asker & Pick<Context, 'store'>): Promise<{ lines: string[]; buttons: Button[] }> {
  const ahead = await coversAhead(store, now);
  const theirs = ahead.filter(({ personId, coverId }) => [personId, coverId].includes(actor.id));
  if (theirs.length === 0) return { lines: [], buttons: [] };
  const people = await everybody(store);
  const duties = theirs.map((it) => dutyOf(it, people, { actor, now }));
  return { lines: duties.map(({ words }) => words), buttons: duties.map(({ button }) => button) };
}

/** Of a colleague's desk. */
export const NOT_YOURS =
  'Only the alliance lead and the alliance team set or end a cover for somebody else. Ask one of them.';

/** Who covers a desk. Everybody may know: who chooses a cover reads who is away. */
export async function whoCovers(away: Colleague, { store, actor, now }: Context): Promise<Note> {
  const isMine = away.id === actor.id;
  const mayChange = isMine || mayManage(actor);
  const today = dayIn(now, away.timeZone);
  const stands = (await coversAhead(store, now)).find(({ personId }) => personId === away.id);
  if (!stands && mayChange) return nobodyNote(away.id, isMine ? undefined : personName(away), today);
  if (!stands) return note(`Nobody covers ${personName(away)}’s desk.`, [NOT_YOURS]);
  const people = await everybody(store);
  if (mayChange) return standingNote(stands, namesOf(stands, { people, today }, actor), actor);
  const { words, button } = dutyOf(stands, people, { actor, now });
  if (stands.coverId === actor.id) return { ...note(words), buttons: [button] };
  return note(words, [NOT_YOURS]);
}
