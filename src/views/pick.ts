/** A next step whose text is there before its deal is: a message becomes one. */
import type { Deal } from '../pipeline/deal.ts';
import { FIELDS } from '../pipeline/fields.ts';
import { clean, cut, length } from '../pipeline/text.ts';
import { dealOptions } from './post.ts';
import { nameOf } from './terms.ts';
import type { Form } from './view.ts';

interface Picking {
  /** The one it was said under. */
  chosen?: Deal | undefined;
  /** All to choose from, or one more than a list takes: a door then asks while somebody types. */
  deals: readonly Deal[];
  text: string;
  error?: string;
}

/**
 * Asks which deal, and shows the text as AWS will read it: cut to AWS's limit before the person's eyes, and not touched
 * otherwise. Submitted, `deal` is resolved as typed words are (bot/threads.ts).
 */
export function nextStepOfForm({ chosen, deals, text, error }: Picking): Form {
  const { limit, label } = FIELDS.nextStep;
  const most = limit ?? 255;
  const whole = clean(text).trim();
  const isCut = length(whole) > most;
  const options = dealOptions([...(chosen ? [chosen] : []), ...deals.filter(({ id }) => id !== chosen?.id)]);
  return {
    kind: 'form',
    verb: 'next-step',
    title: 'Add as next step',
    submit: 'Send to AWS',
    intro: [...(chosen ? [nameOf(chosen)] : []), 'AWS reads this.'],
    fields: [
      {
        ...{ id: 'deal', kind: 'choice', label: 'Deal', source: 'deals', options },
        ...(chosen ? { value: chosen.id } : {}),
      },
      {
        ...{ id: 'text', kind: 'text', label, maxLength: most, multiline: true, value: cut(whole, most) },
        hint: `${isCut ? `The message was cut to ${most} characters. ` : ''}What happens next, who does it, by when.`,
      },
    ],
    input: {},
    ...(error ? { errors: { deal: error } } : {}),
  };
}
