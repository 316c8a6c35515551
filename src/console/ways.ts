/** The other ways on than an answer: a form's buttons, typed in place of it. */
import { oneLine } from '../pipeline/text.ts';
import type { Button, Field, Form } from '../views/view.ts';
import type { Look } from './render.ts';
import type { Screen } from './screen.ts';
import { wrap } from './width.ts';

/** A button whose words were typed. */
export interface Way {
  button: Button;
  /** What was typed behind its words. */
  rest: string;
}

/** What is typed in place of an answer: "stop here" for a button "Stop here". */
export const wordsOf = ({ label }: Button): string =>
  oneLine(label)
    .replace(/[…. ]+$/, '')
    .toLowerCase();

/** Which button an answer begins with. `isWhole`: with all of its words, else with the first one alone. */
export function wayIn({ others = [] }: Form, typed: string): (Way & { isWhole: boolean }) | undefined {
  const said = oneLine(typed).replace(/[….!?\s]+$/, '');
  for (const isWhole of [true, false])
    for (const button of others) {
      const words = isWhole ? wordsOf(button) : firstWordOf(button);
      const rest = words && behind(words, said);
      if (rest !== undefined) return { button, rest, isWhole };
    }
  return undefined;
}

/** "No" and "I" stand at the head of other answers as well. */
const firstWordOf = (button: Button): string | undefined => /^\S{3,}/.exec(wordsOf(button))?.[0];

/** Undefined where it does not begin with these words: "skip-level" does not with "skip". */
function behind(words: string, said: string): string | undefined {
  if (!said.toLowerCase().startsWith(words)) return undefined;
  const rest = said.slice(words.length);
  return rest === '' || /^[\s,:;….]/.test(rest) ? rest.replace(/^[\s,:;….]+/, '') : undefined;
}

/**
 * Whether such an answer means the button. What fits a text as well is asked about, unless a day follows the words of a
 * button that takes one. neither: nothing was chosen.
 */
export async function meaningOf(
  { button, rest, isWhole }: Way & { isWhole: boolean },
  { kind }: Field,
  { fits, isDay, screen, look }: { fits: boolean; isDay: boolean; screen: Screen; look: Look },
): Promise<'button' | 'answer' | 'neither' | 'left'> {
  if (isWhole && rest === '') return 'button';
  if (!fits) return isWhole || rest === '' ? 'button' : 'answer';
  if (kind !== 'text') return 'answer';
  if (rest === '' || (isWhole && button.opens && isDay)) return 'button';
  const label = oneLine(button.label);
  screen.print(
    wrap(`That may be “${label}”, or what you want to write. Which of both?`, look.width).join('\n'),
  );
  const chosen = (await screen.ask(() => `[1] ${label}  [2] Write it: `))?.trim();
  if (chosen === undefined || /^cancel$/i.test(chosen)) return 'left';
  return chosen === '1' ? 'button' : chosen === '2' ? 'answer' : 'neither';
}
