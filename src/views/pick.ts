/** A next step whose text is there before its deal is: a message becomes one. */
import { FIELDS } from '../pipeline/fields.ts';
import { clean, cut, length } from '../pipeline/text.ts';
import type { Form } from './view.ts';

/** As in typed lines. */
const MOST_OF_A_NAME = 200;

/**
 * Asks for the deal in words, and shows the text as AWS will read it: cut to AWS's limit before the person's eyes, and not
 * touched otherwise. Submitted, `deal` is resolved as typed words are (bot/threads.ts).
 */
export function nextStepOfForm({ deal, text, error }: { deal: string; text: string; error?: string }): Form {
  const { limit, label } = FIELDS.nextStep;
  const most = limit ?? 255;
  const whole = clean(text).trim();
  const isCut = length(whole) > most;
  return {
    kind: 'form',
    verb: 'next-step',
    title: 'Add as next step',
    submit: 'Send to AWS',
    intro: ['AWS reads this.'],
    fields: [
      {
        ...{
          id: 'deal',
          kind: 'text',
          label: 'Deal',
          maxLength: MOST_OF_A_NAME,
          value: cut(deal, MOST_OF_A_NAME),
        },
        hint: 'The company’s name, or the deal’s id.',
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
