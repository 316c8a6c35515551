/** What is said about who an account is: one-time codes, and whoever is turned away for want of one. */
import { type Bar, CODE_MINUTES, CODE_TRIES, type Redeemed, shownCode } from '../pipeline/identity.ts';
import { type Button, done, type Form, type Note, note, problem } from './view.ts';

const NOTHING = 'Nothing was done.';
const HOW_TO_GET = [
  'Where ace-desk knows you already (Slack, Teams, another organisation’s), type “link”: it shows you a code.',
  'If this is your first account, ask whoever runs ace-desk for one: npm run link -- <your e-mail>',
  `Then, within ${CODE_MINUTES} minutes, press “Enter the code…” or just send the code, such as ABCD-EFGH`,
];

/** Why that account is not served, and what helps. It names nobody: whoever reads this may be somebody else. */
export function barredNote(bar: Bar): Note {
  if (bar !== 'code') return problem(WHY[bar]);
  const input = { do: 'enter' };
  const enter: Button = { verb: 'link', label: 'Enter the code…', style: 'primary', input, opens: 'form' };
  return {
    ...problem(
      `An e-mail alone does not tell me that it is you, so I need a one-time code first. ${NOTHING}`,
      HOW_TO_GET,
    ),
    buttons: [enter],
  };
}

const WHY: Record<Exclude<Bar, 'code'>, string> = {
  frozen: `The e-mail address of your profile has changed, and I cannot tell that it is still you. The alliance lead was told: ask them to say so, then you go on as before. ${NOTHING}`,
  second: `Another account here is linked to that e-mail address already. The alliance lead was told: ask them whose it is. ${NOTHING}`,
  cut: `The alliance lead has ended what this account may do here. Talk to them if it is you. ${NOTHING}`,
};

export const codeNote = (code: string): Note =>
  note(`Your code is ${shownCode(code)}. At the other door, type: link ${shownCode(code)}`, [
    `Within ${CODE_MINUTES} minutes, once, with ${CODE_TRIES} tries; it takes the place of any code before.`,
    'Whoever has it and your e-mail address can become you: tell it to nobody.',
  ]);

/** @param wrong what is wrong with the code that was typed. */
export const codeForm = (wrong?: string): Form => ({
  kind: 'form',
  verb: 'link',
  title: 'Show that it is you',
  submit: 'Link',
  intro: HOW_TO_GET.slice(0, 2),
  fields: [{ id: 'code', kind: 'text', label: 'One-time code', hint: 'Such as ABCD-EFGH', maxLength: 20 }],
  input: {},
  ...(wrong ? { errors: { code: wrong } } : {}),
});

export const noCode = (): Note =>
  problem('That is no code. A code looks like this: ABCD-EFGH. Nothing was tried.');

export const noCodeNeeded = (): Note =>
  note('In practice mode your e-mail is enough: there are no codes to show or to type.');

/** Each is the same whoever the code is for. `more`: what goes on from here. */
export const redeemedNote = (outcome: Redeemed, more: readonly string[] = []): Note => ({
  ...OUTCOMES[outcome],
  ...(more.length > 0 ? { lines: [...more] } : {}),
});

const OUTCOMES: Record<Redeemed, Note> = {
  linked: {
    ...done('Linked: from now on I know you by this account.'),
    buttons: [{ verb: 'desk', label: 'My desk', input: {} }],
  },
  wrong: problem(`That is not your code. After ${CODE_TRIES} tries you need a new one. Nothing was changed.`),
  expired: problem(
    `That code is too old: it was good for ${CODE_MINUTES} minutes. Get a new one; nothing was changed.`,
  ),
  'used up': problem('That code is used up. Get a new one; nothing was changed.'),
  held: problem(WHY.second),
};

export const linkedAlready = (): Note => note('This account is linked to you already. No code is needed.');

/** What the alliance lead decided; it can be taken back by the button. */
export function decidedNote(act: 'thaw' | 'cut', link: string, name: string, platform: string): Note {
  if (act === 'thaw')
    return done(`Then ${name} goes on with that ${platform} account. No other one there is theirs.`);
  const back: Button = { verb: 'link', label: 'It is them after all', input: { do: 'thaw', link } };
  return {
    ...done(`Cut off. That ${platform} account is nobody here; ${name} keeps any other.`),
    buttons: [back],
  };
}

export const addressTaken = (): Note =>
  problem(
    'The address of that account is somebody else’s here. Correct it in that profile, or in their record (“people”), and press again; nothing was changed.',
  );

export const notForYou = (): Note =>
  problem('Only the alliance lead decides whose account that is. Nothing was changed.');

export const noSuchLink = (): Note => problem('There is no such account here any more. Nothing was changed.');

/** A platform as people know it. */
export const platformName = (platform: string): string => PLATFORMS.get(platform) ?? platform;
const PLATFORMS = new Map([
  ['slack', 'Slack'],
  ['teams', 'Teams'],
]);
