/** Typed text → verb, deal and input. Pure. Only suggestions forgive typing mistakes: a guess never writes. */
import { addDays, dayIn, isDay } from '../pipeline/calendar.ts';
import type { Day } from '../pipeline/deal.ts';
import { readCode } from '../pipeline/identity.ts';
import { nextMonday } from '../pipeline/reminder.ts';
import { clean, length } from '../pipeline/text.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { dayCalled, withPlainDates } from './dates.ts';
import { isExact } from './deal-phrase.ts';
import { type Deed, readTail, type Spoken } from './grammar.ts';
import { momentCalled } from './moments.ts';
import { nearest } from './nearest.ts';
import { inVerbs, isView } from './phrases.ts';
import { type Talk, talkIn } from './talk.ts';

interface Said {
  verb: Verb;
  /** What the person called it: "2", "O123", "engi-…", "Acme". */
  deal?: string;
  input: Record<string, string>;
  /** A relative day was written out: show it before it is sent. */
  datesRead?: true;
}

/**
 * `suggestions`: at most two typed lines that would work. `reason`: why it was not even read, for the person. `code`: it is
 * what a one-time code looks like, and nothing else.
 */
export type Heard =
  | { kind: 'said'; said: Said }
  | { kind: 'talk'; talk: Talk }
  | { kind: 'unclear'; suggestions: string[]; reason?: string; code?: string };

export interface Hearing {
  now: Date;
  /** IANA zone of the person: "next Friday" is their Friday. */
  timeZone: string;
  /** The vocabulary; `usage` tells how each is typed. */
  commands: readonly Spoken[];
  /** Whether there is anything for them in that verb; what is not theirs is not suggested. All are, unless told. */
  suits?: (verb: Verb) => boolean;
}

const MAX_TEXT = 2000;
const MAX_DEAL = 200;

/** Longer than what is read. Measured first: cleaning takes long on what nobody types. */
export const isTooLong = (text: string): boolean =>
  text.length > 4 * MAX_TEXT || length(clean(text).trim()) > MAX_TEXT;

/**
 * Understands a verb of `commands` typed at the start ("accept 2", "next step for Acme: demo next Friday"), a few whole
 * questions ("what's pending"), and a bare number or id (shown). Relative days in a text are written out. Texts over
 * 2000 characters and names over 200 are not read.
 */
export function hear(text: string, context: Hearing): Heard {
  if (isTooLong(text))
    return unclear(
      [],
      `That is longer than ${MAX_TEXT} characters. Say it in fewer words, one deal at a time.`,
    );
  const line = clean(text).trim().replace(ADDRESSED, '').trim().replace(SLASHED, '');
  const deed = understand(line, context);
  const talk = deed ? undefined : talkIn(line);
  if (talk) return { kind: 'talk', talk };
  if (!deed) return notUnderstood(line, context);
  if ('suggestions' in deed) return unclear(deed.suggestions);
  const { verb, deal, input } = deed;
  if (deal && length(deal) > MAX_DEAL)
    return unclear(
      [],
      `A deal’s name has at most ${MAX_DEAL} characters here. Its number or id will do as well.`,
    );
  const plain = withDatesRead(verb, input, context);
  const isRead = Object.keys(input).some((name) => plain[name] !== input[name]);
  const datesRead = isRead ? { datesRead: true as const } : {};
  return { kind: 'said', said: { verb, input: plain, ...(deal ? { deal } : {}), ...datesRead } };
}

/** What AWS reads, on another day than it is written. */
const TEXTS = ['text', 'nextStep', 'happened'];

const withDatesRead = (
  verb: Verb,
  input: Record<string, string>,
  hearing: Hearing,
): Record<string, string> => {
  const read = ([name, value]: [string, string]) => [
    name,
    beginsNextWeek(verb, name, value) ? mondayAfter(hearing) : dated(name, value, hearing),
  ];
  return inOrder(Object.fromEntries(Object.entries(input).map(read)), input.untilDate);
};

/** Where it says on which day something begins; elsewhere a week is no day. */
const beginsNextWeek = (verb: Verb, name: string, value: string): boolean =>
  /^next\s+week$/i.test(value.trim()) &&
  (name === 'fromDate' || (verb === 'schedule' && name === 'untilDate'));

const mondayAfter = ({ now, timeZone }: Hearing): Day => nextMonday(dayIn(now, timeZone));

/** "From Monday until Friday", said on a Thursday: the Friday is the one after that Monday. */
function inOrder(read: Record<string, string>, saidUntil = ''): Record<string, string> {
  const { fromDate, untilDate } = read;
  if (!fromDate || !untilDate || !isDay(fromDate) || !isDay(untilDate)) return read;
  const isWeekday = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$/i.test(saidUntil.trim());
  return isWeekday && untilDate < fromDate ? { ...read, untilDate: later(untilDate, fromDate) } : read;
}

const later = (day: Day, than: Day): Day => (day < than ? later(addDays(day, 7), than) : day);

/** What is no day is left to the command, which says so. */
function dated(name: string, value: string, { now, timeZone }: Hearing): string {
  if (name.endsWith('Date')) return dayCalled(value, now, timeZone) ?? value;
  if (name === 'when') return momentCalled(value, now, timeZone) ?? value;
  return TEXTS.includes(name) ? withPlainDates(value, now, timeZone) : value;
}

/** Worth suggesting: it is understood, and a list that it names is there. */
function leadsOn(line: string, context: Hearing): boolean {
  const deed = understand(line, context);
  if (!deed || 'suggestions' in deed) return false;
  const { view } = deed.input;
  return !view || PLAIN_LISTS.includes(view) || isView(view);
}

const PLAIN_LISTS = ['all', 'pending', 'action required', 'views'];

const unclear = (suggestions: string[], reason?: string): Heard & { kind: 'unclear' } => ({
  kind: 'unclear',
  suggestions,
  ...(reason ? { reason } : {}),
});

type Understood = (Deed & { verb: Verb }) | { suggestions: string[] };

function understand(line: string, { commands }: Pick<Hearing, 'commands'>): Understood | undefined {
  const asked = inVerbs(line);
  if (isExact(asked)) return understand(`show ${asked}`, { commands });
  for (const command of commands) {
    const tail = afterVerb(asked, command.verb);
    if (tail === undefined) continue;
    const deed = readTail(command, tail);
    return deed && ('suggestions' in deed ? deed : { ...deed, verb: command.verb });
  }
  return undefined;
}

/** The rest of the line when it begins with the verb as a whole word, however its parts are joined. */
function afterVerb(line: string, verb: Verb): string | undefined {
  const spoken = new RegExp(`^${verb.replaceAll('-', '[-_\\s]*')}(?:$|\\s*[:,]\\s*|\\s+|[?!.]+$)`, 'i');
  const match = spoken.exec(line);
  return match ? line.slice(match[0].length).trim() : undefined;
}

/** A mention at the start, as Slack, Teams and people write it, or the slash command's own name. */
const ADDRESSED = /^(?:<@[^>\s]{1,100}>|<at>[^<]{0,100}<\/at>|@ace(?:[- ]?desk)?\b|\/ace\b)[\s,:]*/i;
/** As where slash commands are: "/desk". */
const SLASHED = /^\/\s*(?=\p{L})/u;

function notUnderstood(line: string, context: Hearing): Heard {
  const code = codeAlone(line);
  const { commands, suits = () => true } = context;
  const theirs = commands.filter(({ verb }) => suits(verb));
  const suggestions = nearest(line, theirs, (it) => leadsOn(it, context));
  return { ...unclear(suggestions), ...(code ? { code } : {}) };
}

/** Two plain words of four letters, or one of eight, are no code: it would cost one of a few tries. */
function codeAlone(line: string): string | undefined {
  const looksLike = /^\S{4}\s*\p{Pd}\s*\S{4}$/u.test(line) || /\d/.test(line) || !/\p{Ll}/u.test(line);
  return looksLike && line.length < 20 ? readCode(line) : undefined;
}
