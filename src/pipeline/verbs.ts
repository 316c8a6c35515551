/**
 * A verb of the house: a kebab-case imperative, the name of its file in `commands/`. Whether there is such a verb is asked
 * when it is used (`bot/dispatch`), so that adding one touches its file and the list alone; test/vocabulary.test.ts sees
 * to it that no button names one that is not there.
 */
export type Verb = string;

/** Bounds what a door takes for a verb. */
export const VERB_SHAPE = /^[a-z]+(?:-[a-z]+){0,3}$/;
