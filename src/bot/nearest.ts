/** What a mistyped line may have meant. Suggestions are shown, never carried out. */
import { editDistance, tolerance } from '../pipeline/slips.ts';
import { length } from '../pipeline/text.ts';

const LONGEST = 120;
const NEGATED = /\b(?:not|never|no|don['’]?t|do not)\b/i;

/**
 * At most two lines, nearest first, that `works` understands; "desk" and "help" when nothing is near.
 * "acept 2" → "accept 2"; "could you accept 2" → "accept 2".
 */
export function nearest(
  line: string,
  commands: readonly { verb: string }[],
  works: (line: string) => boolean,
): string[] {
  const verbs = commands.map(({ verb }) => verb);
  const near = [...misspelt(line, verbs), ...within(line, verbs)]
    .sort(
      (a, b) => Number(TWO_WORDS.includes(b.head)) - Number(TWO_WORDS.includes(a.head)) || byDistance(a, b),
    )
    .map(({ head, rest }) =>
      [`${head} ${rest}`.trim(), head].find((it) => length(it) <= LONGEST && works(it)),
    );
  const found = [...new Set(near.flatMap((it) => it ?? []))];
  return (found.length > 0 ? found : ['desk', 'help'].filter(works)).slice(0, 2);
}

interface Guess {
  head: string;
  rest: string;
  distance: number;
}

const byDistance = (a: Guess, b: Guess): number => a.distance - b.distance;

// Near one of these is nearer than its first word alone.
const TWO_WORDS = ['list pending', 'waiting cancel', 'waiting edit', 'waiting keep', 'waiting mine'];

/** The beginning of the line against each verb, as one word or as two. */
function misspelt(line: string, verbs: string[]): Guess[] {
  const words = line.split(/\s+/);
  return [...verbs, ...TWO_WORDS].flatMap((head) => {
    const spoken = head.replaceAll('-', ' ');
    const guesses = (spoken.includes(' ') ? [1, 2] : [1]).map((count) => {
      const typed = words.slice(0, count).join(' ').toLowerCase();
      const distance = editDistance(typed.replace(/[-_]/g, ' ').replace(/[:,?!.]+$/, ''), spoken, 3);
      return { head, rest: words.slice(count).join(' '), distance };
    });
    const [best] = guesses.sort(byDistance);
    return best && best.distance <= tolerance(spoken) ? [best] : [];
  });
}

/** A verb further back in the line, unless the line says not to. */
function within(line: string, verbs: string[]): Guess[] {
  if (NEGATED.test(line)) return [];
  const words = line.split(/\s+/);
  return verbs.flatMap((head) => {
    const at = words.findIndex((word) => word.toLowerCase() === head);
    return at > 0 ? [{ head, rest: words.slice(at + 1).join(' '), distance: 4 }] : [];
  });
}
