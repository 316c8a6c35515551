/** Other ways of saying what a verb says. Exact ones: a phrase that is nearly one of these is none. */
import { STAGES } from '../pipeline/deal.ts';
import { VIEWS } from '../pipeline/views.ts';
import { DATE, WHEN } from './moments.ts';
import { settingIn } from './setting-phrases.ts';

/** The line as a verb begins it; the same where it is no phrase known here. */
export function inVerbs(line: string): string {
  const whole = asQuestion(line);
  const question = QUESTIONS.get(whole) ?? viewIn(whole);
  if (question !== undefined) return question;
  const asked = line.replace(/^please[\s,]+/i, '');
  const setting = settingIn(withoutMarks(asked).replace(/[\s,]+please$/i, ''));
  // A question stays one: each verb judges what it does not do because somebody asked.
  if (setting !== undefined) return asked.endsWith('?') ? `${setting}?` : setting;
  let said = asked;
  for (const [phrase, verb] of PHRASES) said = said.replace(phrase, verb);
  return said;
}

/** Small talk around it does not matter to a whole question. */
const asQuestion = (line: string): string =>
  withoutMarks(
    line
      .toLowerCase()
      .replace(/[’`]/g, "'")
      .replace(/\bwhat'?s\b/g, 'what is')
      .replace(/(?:^|[\s,])please\b/g, ''),
  )
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^show (?:me )?(?:the |my )?/, 'show ');

/** From its end: a regular expression would try anew at every mark within. A lone mark stays. */
function withoutMarks(line: string): string {
  let end = line.length;
  while (end > 1 && /[\s?!.]/.test(line.charAt(end - 1))) end--;
  return line.slice(0, end);
}

/** "what is closing this month", "show drafts", "flagged leads": a preset view by one of its names. */
function viewIn(question: string): string | undefined {
  const name = question.replace(/^(?:what is|what are|which are|show|list)\s+(?:the |my |all the )?/, '');
  return isView(name) ? `list ${name}` : undefined;
}

/** Whether that is a name of a preset view, in any case. */
export const isView = (name: string): boolean => NAMES.has(name.toLowerCase());

const NAMES = new Set(
  VIEWS.flatMap(({ id, label, aliases }) => [id, label, ...aliases]).map((name) => name.toLowerCase()),
);

const STAGE = STAGES.map((stage) => stage.replace(' ', '[-\\s]+')).join('|');

/** All of them: what goes is shown first. */
const MY_DEALS = '(?:all\\s+(?:of\\s+)?)?my\\s+(?:open\\s+)?(?:deals|opportunities)';

/** A line that has its colon says itself where the deal ends; those of a quoted name and of "14:00" are none. */
const NAME_AND_COLON = '(?:["“„].*?["”“])?[^"“„”]*:(?!\\d|//)';

/** The day of "Ruby Tuesday 1 December" is the deal's; "Fri 27 Nov" is how a moment is written here. */
const DAY_OF_NAME = `(?:mon|tues|wednes|thurs|fri|satur|sun)day\\s+${DATE}`;

/** In this order, each once. What they lead to is read as if it had been typed so. */
const PHRASES: [RegExp, string][] = [
  [/^(?:add|set|write|update)\s+(?:(?:an?|the|new)\s+)*(?=next[-_\s]*step)/i, ''],
  [/^(?:show me|open|view)(?=\s)/i, 'show'],
  [/^(?:search(?:\s+for)?|look\s+for|find\s+me|where\s+is)\s+/i, 'find '],
  [/^(?:decline|turn\s+down)(?=\s|$)/i, 'reject'],
  [/^mute\s+(?=\S)/i, 'notify without '],
  [/^unmute\s+(?=\S)/i, 'notify with '],
  [/^accept\s+(\S.*?)\son\s+behalf\s+of\s+/is, 'accept $1 for '],
  [/^reject\s+(\S.*?)\sbecause(?:\s+of)?:?\s+/is, 'reject $1: '],
  [
    new RegExp(
      `^(?:move|mark|set\\s+(?:the\\s+)?stage\\s+of|change[-\\s]*stage(?:\\s+of)?)\\s+(\\S.*?)\\s(?:to|as)\\s+(${STAGE})(?=$|[\\s(.!])`,
      'is',
    ),
    'change-stage $1: $2',
  ],
  [/^(?:(?:my|the)\s+)?digest\s+(?=(?:off|on|stop|here|pause|until|at|with|without)(?:$|\s))/i, 'schedule '],
  [/^stage(?=\s)/i, 'change-stage'],
  [new RegExp(`^(?:transfer|assign|reassign)\\s+${MY_DEALS}\\s+to\\s+`, 'i'), 'hand-over to '],
  [new RegExp(`^(?:hand[-\\s]*over|give)\\s+(?:${MY_DEALS}|everything)\\s+to\\s+`, 'i'), 'hand-over to '],
  [new RegExp(`^hand\\s+(?:${MY_DEALS}|everything)\\s+over\\s+to\\s+`, 'i'), 'hand-over to '],
  [/^hand\s+(\S.*?)\sover\s+to\s+/is, 'transfer $1 to '],
  [/^(?:end|stop|cancel)\s+(?:(?:the|my)\s+)?cover[.!]?$/i, 'cover off'],
  [/^hand[-\s]*over\s+(?=(?:my|the|\S.*['’]s?)\s+desk(?=$|\s))/i, 'hand-over '],
  [/^(?:hand\s+over|assign)(?=\s+\S.*\sto\s)/is, 'transfer'],
  [new RegExp(`^(?:remind(?:\\s+me)?|snooze)\\s+(${WHEN})[.!]?$`, 'is'), 'remind: $1'],
  [
    new RegExp(
      `^(?:remind(?:\\s+me)?|snooze)\\s+(?:(?:of|about)\\s+)?(?!${NAME_AND_COLON})((?!me\\s)\\S(?:.*?[^\\s:,])??)(?:\\s*,\\s*|\\s+(?!${DAY_OF_NAME}))(${WHEN})[.!]?$`,
      'is',
    ),
    'remind $1: $2',
  ],
  [new RegExp(`^remind(?:\\s+me)?\\s+(${WHEN})\\s+(?:of|about)\\s+(\\S.*?)[.!]?$`, 'is'), 'remind $2: $1'],
  [/^(?:remind\s+me(?:\s+(?:of|about))?|snooze)(?=$|\s|:)/i, 'remind'],
];

/** Whole questions. None of them writes. */
const QUESTIONS = new Map([
  ['', 'desk'],
  ['?', 'help'],
  ['commands', 'help'],
  ['what can you do', 'help'],
  ['what can i do', 'help'],
  ['what can i say', 'help'],
  ['who am i', 'help'],
  ['my desk', 'desk'],
  ['show desk', 'desk'],
  ['today', 'desk'],
  ['what needs me', 'desk'],
  ['what needs me today', 'desk'],
  ['what needs my attention', 'desk'],
  ['what is on my desk', 'desk'],
  ['what is up', 'desk'],
  ['what should i do', 'desk'],
  ['action required', 'list action required'],
  ['show action required', 'list action required'],
  ['what is action required', 'list action required'],
  ['pending', 'list pending'],
  ['show pending', 'list pending'],
  ['pending referrals', 'list pending'],
  ['anything pending', 'list pending'],
  ['what is pending', 'list pending'],
  ['what is pending acceptance', 'list pending'],
  ['show what is pending', 'list pending'],
  ['pipeline', 'list all'],
  ['my pipeline', 'list all'],
  ['show pipeline', 'list all'],
  ['list pipeline', 'list all'],
  ['who covers me', 'cover who'],
  ['who covers my desk', 'cover who'],
  ['who covers for me', 'cover who'],
  ['who is covering me', 'cover who'],
  ['who is covering for me', 'cover who'],
  ['who is covering my desk', 'cover who'],
  ['views', 'list views'],
  ['show views', 'list views'],
  ['what views are there', 'list views'],
  ['which views are there', 'list views'],
  ['what lists are there', 'list views'],
  ['which lists are there', 'list views'],
  ['update sprint', 'sprint'],
  ['start sprint', 'sprint'],
  ['start the sprint', 'sprint'],
  ['start the update sprint', 'sprint'],
  ['what is waiting', 'waiting'],
  ['what is waiting for aws', 'waiting'],
  ['waiting for aws', 'waiting'],
  ['show waiting', 'waiting'],
  ['show what is waiting', 'waiting'],
  ['show history', 'history'],
  ['what happened', 'history'],
  ['verify history', 'history --verify'],
  ['verify the history', 'history --verify'],
  ['settings', 'help settings'],
  ['my settings', 'help settings'],
  ['show settings', 'help settings'],
  ['stop', 'notify stop'],
  ['unsubscribe', 'notify stop'],
  ['unsubscribe me', 'notify stop'],
  ['opt out', 'notify stop'],
  ['mute', 'notify stop'],
  ['stop notifications', 'notify stop'],
  ['stop messages', 'notify stop'],
  ['stop messaging me', 'notify stop'],
  ['reminders', 'remind list'],
  ['my reminders', 'remind list'],
  ['show reminders', 'remind list'],
  ['list reminders', 'remind list'],
  ['list snoozed', 'remind list'],
  ['snoozed', 'remind list'],
  ['what did i snooze', 'remind list'],
  ['what is snoozed', 'remind list'],
  ['routes', 'route'],
  ['show routes', 'route'],
  ['routing', 'route'],
  ['rules', 'route'],
  ['show rules', 'route'],
  ['routing rules', 'route'],
  ['show routing rules', 'route'],
  ['notifications', 'notify'],
  ['notification settings', 'notify'],
  ['what am i told', 'notify status'],
  ['my schedule', 'schedule'],
  ['show schedule', 'schedule'],
  ['my digest', 'digest'],
  ['show digest', 'digest'],
  ['digest settings', 'schedule'],
  ['when does my digest come', 'schedule'],
  ['when is my digest', 'schedule'],
  ['when is my next digest', 'schedule'],
  ['who may use this', 'people'],
  ['who can use this', 'people'],
  ['who may use ace', 'people'],
  ['who can use ace', 'people'],
  ['who may use ace-desk', 'people'],
  ['who can use ace-desk', 'people'],
  ['who is on the team', 'people'],
  ['who has access', 'people'],
  ['show people', 'people'],
  ['who was invited', 'invite'],
  ['who is invited', 'invite'],
  ['who has been invited', 'invite'],
  ['invite list', 'invite'],
  ['invitations', 'invite'],
  ['show invitations', 'invite'],
  ['team', 'people'],
  ['roster', 'people'],
]);
