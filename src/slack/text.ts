/** Words and how they are made safe for Slack. Customer text goes into plain text or rich text, which know no markup. */
import { clean, cut, oneLine } from '../pipeline/text.ts';
import { type Note, note } from '../views/view.ts';

/** At most `max` UTF-16 units (Slack's strictest count), ending with …; a grapheme is never cut in half. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  let most = max;
  let kept = cut(text, most);
  while (kept.length > max) {
    most -= kept.length - max;
    kept = cut(text, most);
  }
  return kept;
}

/** One line of cleaned text; Slack refuses an empty one. */
export const line = (text: string, max: number): string => shorten(oneLine(start(text, max)), max) || '–';

/** Cleaned text that may run over several lines. */
export const prose = (text: string, max: number): string =>
  shorten(clean(start(text, max)).trim(), max) || '–';

// Cleaning a text of any length would let its author keep us busy.
const start = (text: string, max: number): string => text.slice(0, 4 * max + 100);

/** For the notification text, where `<!channel>` and links would work (docs.slack.dev, Escaping text). */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What a person typed, from the text Slack makes of it: `<@U1> accept <https://x|x> &amp; co` → `accept x & co`. */
export function typed(text: string, bot?: string): string {
  return text
    .replace(/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g, (_, sign: string, target: string, label?: string) => {
      if (sign === '@' && target === bot) return '';
      if (label !== undefined) return sign === '' || sign === '!' ? label : sign + label;
      return sign + target;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}

/** Said when the desk did not answer in time. */
export const TOO_LATE = 'Not taken, nothing changed: ace-desk could not answer in time. Please press again.';

/** The same for the desk, which changes nothing, whoever answers late. */
export const DESK_LATE = 'That took too long. Nothing is lost: please try again.';

/** The same for what was typed: there is nothing to press. */
export const NOT_TAKEN =
  'Not taken, nothing changed: ace-desk could not answer in time. Please send it again.';
export const SORRY =
  'Something went wrong on our side, and we are looking into it. Please try again in a minute.';
export const OLD_BUTTON =
  'I can no longer read this button; it is from an older version of ace-desk. Type /ace for a fresh list.';
export const OLD_SHORTCUT =
  'I do not know this shortcut; it is from another version of ace-desk. Type /ace instead: nothing was done.';
export const OLD_FORM =
  'I can no longer read this form, and nothing changed. Please close it and open it again.';
/** The same beside a field of it: what was typed stays on the screen. */
export const OLD_FORM_KEPT =
  'I can no longer read this form, and nothing changed. What you typed still stands here: copy it, close this, and open the form anew.';
export const NOT_INSTALLED =
  'ace-desk is not installed in this workspace any more, so nothing was done. What you typed still stands here: copy it.';
export const UNREACHABLE =
  'Slack did not tell me in time who you are, so nothing was done and nothing changed. Please try again in a minute.';
export const OTHER_WORKSPACE =
  'ace-desk serves the people of the workspace it is installed in, and here you belong to another. Nothing was done. Please use it in your own workspace.';
export const NOT_A_MEMBER =
  'ace-desk serves full members of this workspace, not guests, apps or closed accounts. Nothing was done. Please ask your alliance lead.';
export const TOO_LONG = 'This is too long to show here. Type /ace to see it another way.';
export const TYPE_ELSEWHERE =
  'What you write here does not reach me. Type “/ace” and what you want, anywhere in Slack: only you see the answer.';
export const LOADING = 'One moment…';
/** The same where something was asked of AWS: to the one who said it alone, and never what it was. */
export const TAKEN_PRIVATELY =
  'Taken down, in your name. How it goes on is in a direct message, where only you can see it.';
export const ANSWERED_PRIVATELY = 'I answered you in a direct message, where only you can see it.';

/** Said once, where we were added. Without a word of whoever did that: what they call themselves is theirs to choose. */
export const INTRODUCTION: Note = note(
  'Hello. I am ace-desk, your company’s AWS Partner Central pipeline, and I was just added to this channel.',
  [
    'I say nothing here unless somebody asks, and then the one who asked is answered alone.',
    'Type “/ace post <deal>” for a live card of a deal that all of you see: it says first who reads along, and what they will see.',
    'Type “/ace help” for all else.',
  ],
);
