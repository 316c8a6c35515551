/** The other ways on than an answer: a form's buttons, typed in place of it. */
import { oneLine } from '../pipeline/text.ts';
import type { Button, Field, Form } from '../views/view.ts';
import { meant } from './answers.ts';
import type { Look } from './render.ts';
import type { Screen } from './screen.ts';
import { wrap } from './width.ts';

/** A button whose words were typed. */
export interface Way {
  button: Button;
  /** What was typed behind its words. */
  rest: string;
}

/** All whose words an answer begins with. `isWhole`: with all of them, else with the first one alone. */
export interface Ways {
  ways: readonly [Way, ...Way[]];
  isWhole: boolean;
}

/** What is typed in place of an answer: "stop here" for a button "Stop here". */
export const wordsOf = ({ label }: Button): string =>
  oneLine(label)
    .replace(/[…. ]+$/, '')
    .toLowerCase();

/** Of several whose words an answer begins with, the longest. Several are left where they are as long, or only begin alike. */
export function waysIn({ others = [] }: Form, typed: string): Ways | undefined {
  const said = oneLine(typed).replace(/[….!?\s]+$/, '');
  for (const isWhole of [true, false]) {
    const found = others.flatMap((button) => {
      const rest = behind(isWhole ? wordsOf(button) : firstWordOf(button), said);
      return rest === undefined ? [] : [{ button, rest }];
    });
    const least = Math.min(...found.map(({ rest }) => rest.length));
    const [way, ...more] = found.filter(({ rest }) => rest.length === least);
    if (way) return { ways: [way, ...more], isWhole };
  }
  return undefined;
}

/** "No" and "I" stand at the head of other answers as well. */
const firstWordOf = (button: Button): string => /^\S{3,}/.exec(wordsOf(button))?.[0] ?? '';

/** Undefined where it does not begin with these words: "skip-level" does not with "skip". */
function behind(words: string, said: string): string | undefined {
  if (words === '' || !said.toLowerCase().startsWith(words)) return undefined;
  const rest = said.slice(words.length);
  return rest === '' || /^[\s,:;….]/.test(rest) ? rest.replace(/^[\s,:;….]+/, '') : undefined;
}

/** What an answer means that begins with the words of a button. neither: nothing was chosen. */
export type Meaning = Way | 'answer' | 'neither' | 'left';

/**
 * What fits a text as well is asked about, unless a day follows the words of a button that takes one; so are several
 * buttons.
 */
export async function meaningOf(
  { ways, isWhole }: Ways,
  { kind }: Field,
  { fits, isDay, screen, look }: { fits: boolean; isDay: boolean; screen: Screen; look: Look },
): Promise<Meaning> {
  const [{ button, rest }] = ways;
  const isSure = isWhole && rest === '';
  if (!isSure && (fits ? kind !== 'text' : !isWhole && rest !== '')) return 'answer';
  const mayBeText = fits && rest !== '' && !(isWhole && button.opens && isDay);
  return whichOf(ways, mayBeText, { screen, look });
}

/** Asks which of them, where there are several, or it may be the answer as well. */
export async function whichOf(
  ways: Ways['ways'],
  mayBeText: boolean,
  { screen, look }: { screen: Screen; look: Look },
): Promise<Meaning> {
  const [first, ...more] = ways;
  if (more.length === 0 && !mayBeText) return first;
  const labels = [...ways.map(({ button }) => oneLine(button.label)), ...(mayBeText ? [WRITE] : [])];
  screen.print(wrap(questionOf(ways), look.width).join('\n'));
  const prompt = labels.map((label, at) => `[${at + 1}] ${label}`).join('  ');
  const said = (await screen.ask(() => `${prompt}: `))?.trim();
  if (said === undefined || /^cancel$/i.test(said)) return 'left';
  const [chosen, ...others] = meant(
    labels.map((label, at) => ({ label, value: `${at + 1}` })),
    said,
  );
  if (!chosen || others.length > 0) return 'neither';
  return ways[Number(chosen.value) - 1] ?? 'answer';
}

const WRITE = 'Write it';

function questionOf([{ button }, ...more]: Ways['ways']): string {
  const [word = ''] = wordsOf(button).split(' ');
  if (more.length > 0) return `“${word}” could be more than one. Which?`;
  return `That may be “${oneLine(button.label)}”, or what you want to write. Which of both?`;
}
