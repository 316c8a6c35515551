/** What the Teams door says in its own name. */
import { type Note, note } from '../views/view.ts';

/** Said when the desk did not answer in time. */
export const TOO_LATE = 'Not taken, nothing changed: ace-desk could not answer in time. Please press again.';
/** The same where the answer to a look follows all the same. */
export const LOOK_LATE = 'This takes a little longer; the answer follows here.';
/** Teams sends words again under another id; by now they said something else. */
export const HEARD_AGAIN = note(
  'I heard this a moment ago and did it, and you said something else since. Nothing was done now; say it once more if you mean it.',
);
/** The same where somebody only looks. */
export const SEARCH_LATE = 'That took too long. Nothing is lost: please try again.';
export const SORRY =
  'Something went wrong on our side, and we are looking into it. Please try again in a minute.';
export const WHAT_TO_FIND = 'Type a company, a title or an id.';
/** Verbs are not read where a deal is looked for. */
export const TRY_TYPED = /Try “list” or “desk” .*$/;
export const TRY_HERE = 'Try other words here; in our chat “list” shows what is yours.';
export const OLD_BUTTON =
  'I can no longer read this button; it is from an older version of ace-desk. Type “desk” in our chat for a fresh list.';
export const OLD_ACTION =
  'I do not know this action; it is from another version of ace-desk. Nothing was done. Type “help” in our chat instead.';
export const UNREACHABLE =
  'Teams did not tell me in time who you are, so nothing was done and nothing changed. Please try again in a minute.';
export const OTHER_TENANT =
  'ace-desk serves the people of the organisation it is installed in, and here you belong to another. Nothing was done.';
export const NOT_A_MEMBER =
  'ace-desk serves full members of this organisation, not guests or apps. Nothing was done. Please ask your alliance lead.';
export const ANSWERED_BELOW = 'Answered below.';
export const YOU_WROTE = 'You wrote:';
export const FILL_IN = 'Please fill this in.';
export const tooLong = (count: number, most: number): string =>
  `This has ${count} characters; at most ${most} are taken.`;

export const ANSWERED_PRIVATELY = note('I answered you privately, in our chat.');
/** The same where something was asked of AWS: never what it was. */
export const TAKEN_PRIVATELY = note('Taken down, in your name. How it goes on is in our chat.');
/** Nobody can be answered privately who has not added us. */
export const ADD_ME = note(
  'I answer each of you privately, and have no chat with you yet. Nothing was done.',
  ['Open Apps in Teams, look for ace-desk and choose Add; then say it here again, or there.'],
);
/** It was asked already when the way to them turned out to be gone. */
export const NO_WAY = note('I have an answer for you and no chat to put it in.', [
  'Open Apps in Teams, look for ace-desk and choose Add; then say it again: what was taken counts once.',
]);

/** Said once, in the chat with each of us who adds it. */
export const WELCOME: Note = {
  ...note('Hello. I am ace-desk, your company’s AWS Partner Central pipeline.', [
    'Say what you want in plain words, such as “list pending” or “find Acme”; only you see the answer.',
    '“help” lists all there is. “desk” shows what waits for you.',
    'Where you use me in Slack already, I may ask for a one-time code first: type “link” there and send me what it shows, here.',
  ]),
  buttons: [
    { verb: 'desk', label: 'My desk', input: {} },
    { verb: 'help', label: 'Help', input: {} },
  ],
};

/** Said once, where somebody has added us among others. */
export const INTRODUCTION = note(
  'Hello. I am ace-desk: I say nothing here unless I am mentioned, and then the one who asked is answered alone.',
  [
    '“@ace-desk post <deal>” puts a live card here that all of you see: it says first who reads along, and what they will see.',
    '“@ace-desk help” lists the rest; the answer comes to you alone.',
  ],
);
