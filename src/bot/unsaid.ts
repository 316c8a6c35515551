/** What somebody wrote is given back where the answer does not say it. */
import type { Reply } from '../views/view.ts';

/** Those of the texts that nobody can read in the reply: no shown text is or, where they are longer than a phrase, holds them. */
export function unsaid(reply: Reply, texts: readonly string[]): string[] {
  const said = shownIn(reply);
  const isSaid = (text: string) =>
    said.some((it) => it === text || (text.length >= PHRASE && it.includes(text)));
  return texts.filter((text) => !isSaid(text.trim()));
}

/** A shorter one may be part of a sentence by chance. */
const PHRASE = 20;

/** What a button or a form carries along, and the words of our own shapes, are not shown. */
const UNSHOWN = [
  'id',
  'input',
  'kind',
  'opens',
  'progress',
  'source',
  'style',
  'tone',
  'url',
  'verb',
  'where',
];

const shownIn = (it: unknown): string[] => {
  if (typeof it === 'string') return [it.trim()];
  if (typeof it !== 'object' || it === null) return [];
  return Object.entries(it).flatMap(([name, value]) => (UNSHOWN.includes(name) ? [] : shownIn(value)));
};
