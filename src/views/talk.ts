/** A kind word back, and a way on. It says that nothing was done where somebody may have meant a yes. */
import { type Button, type Note, note } from './view.ts';

const DESK: Button = { verb: 'desk', label: 'My desk', input: {} };
const HELP: Button = { verb: 'help', label: 'Help', input: {} };

export const talkNote = (talk: keyof typeof ANSWERS): Note => ANSWERS[talk];

const ANSWERS = {
  greeting: {
    ...note('Hello. Say what you want in plain words, such as “list pending” or “find Acme”.'),
    buttons: [DESK, HELP],
  },
  thanks: { ...note('You are welcome.'), buttons: [DESK] },
  fine: {
    ...note('All right. That was no yes to anything, so nothing was done.', [
      'Where I ask you something, its own button answers it.',
    ]),
    buttons: [DESK],
  },
};
