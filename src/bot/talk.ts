/** Small talk: what people say to each other and want nothing done by. Pure. */

export type Talk = 'greeting' | 'thanks' | 'fine';

/** Nobody greets at greater length, and longer lines would be searched in vain. */
const LONGEST = 60;

const NAME = '(?: (?:there|all|team|everybody|everyone|again|bot|ace|ace desk))?';
const KINDS: [Talk, RegExp][] = [
  [
    'greeting',
    new RegExp(
      `^(?:hi|hiya|hello|hallo|hey|howdy|moin|servus|hola|bonjour|morning|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag|abend))${NAME}$`,
    ),
  ],
  [
    'thanks',
    new RegExp(
      `^(?:(?:ok|okay|great|perfect|cool|many) )?(?:thanks|thank you|thankyou|thx|ty|cheers|danke|merci|gracias)(?: (?:a lot|so much|very much))?${NAME}$`,
    ),
  ],
  [
    'fine',
    /^(?:ok|okay|k|kk|all right|alright|fine|good|great|cool|nice|perfect|super|wow|got it|understood|noted|will do|sounds good|bye|goodbye|see you)$/,
  ],
];

/** A whole line of it, with marks and emoji around; emoji alone are "fine". Undefined for any other line. */
export function talkIn(line: string): Talk | undefined {
  if (line.length > LONGEST) return undefined;
  const typed = line.toLowerCase().replace(SHORTCODE, '👍');
  const words = typed.replace(/[\p{P}\p{S}\p{M}\p{Cf}\s]+/gu, ' ').trim();
  if (words === '') return /\p{Extended_Pictographic}/u.test(typed) ? 'fine' : undefined;
  return KINDS.find(([, phrase]) => phrase.test(words))?.[0];
}

/** ":+1:", as Slack writes emoji. */
const SHORTCODE = /:[a-z0-9_+-]{1,30}:/g;
