/** The verbs of the house: kebab-case imperatives, each one a file in `commands/` of the same name. */
export const VERBS = ['desk', 'list', 'show', 'accept', 'next-step', 'history', 'waiting', 'help'] as const;
export type Verb = (typeof VERBS)[number];
