/** Who may write into a room: a card, a digest. */
import type { Context, Place } from './command.ts';

/**
 * Nobody posts to others' rooms. Where the readers are not known the id alone will stand there, and it takes somebody who
 * says it there: a room that an answer names may have been put in by whoever sent it.
 */
export const readsAlong = (
  place: Place,
  { room }: { room?: string | undefined },
  context: Context,
): boolean => mayAnswer(place, context) || (place.isUnclear && room === undefined);

/** Whether their answer to a form that names that room will be taken. */
export const mayAnswer = ({ isUnclear, readers, conversation }: Place, { source }: Context): boolean =>
  readers.includes(source.user) || (isUnclear && conversation === source.conversation);
