/** An error whose message is shown to the person as it stands: it says what is wrong and what to do next. */
export class UserError extends Error {
  override name = 'UserError';
}

/** The one answer to whoever may not see a deal, and to an id that does not exist: they are the same answer. */
export const unknownDeal = (said: string): UserError =>
  new UserError(`I know no deal “${said}”. Try “list” or “desk” to see what is yours.`);
