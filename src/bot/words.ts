/** Typed text → verb, deal and input. Pure. Only suggestions forgive typing mistakes: a guess never writes. */
import { clean, length } from '../pipeline/text.ts';
import { VERBS, type Verb } from '../pipeline/verbs.ts';
import { withPlainDates } from './dates.ts';
import { type Deed, isExact, readTail } from './grammar.ts';
import { nearest } from './nearest.ts';

interface Said {
  verb: Verb;
  /** What the person called it: "2", "O123", "engi-…", "Acme". */
  deal?: string;
  input: Record<string, string>;
  /** A relative day in the text was written out: show it before it is sent. */
  datesRead?: true;
}

/** `suggestions`: at most two typed lines that would work. `reason`: why it was not even read, for the person. */
export type Heard =
  | { kind: 'said'; said: Said }
  | { kind: 'unclear'; suggestions: string[]; reason?: string };

export interface Hearing {
  now: Date;
  /** IANA zone of the person: "next Friday" is their Friday. */
  timeZone: string;
  /** The vocabulary; `usage` tells whether a verb takes a deal and a text. */
  commands: readonly { verb: string; usage: string }[];
}

const MAX_TEXT = 2000;
const MAX_DEAL = 200;

/**
 * Understands a verb of `commands` typed at the start ("accept 2", "next step for Acme: demo next Friday"), a few whole
 * questions ("what's pending"), and a bare number or id (shown). Relative days in a text are written out. Texts over
 * 2000 characters and names over 200 are not read.
 */
export function hear(text: string, context: Hearing): Heard {
  // Measured first: cleaning takes long on what nobody types.
  const typed = text.length > 4 * MAX_TEXT ? text : clean(text).trim();
  if (length(typed) > MAX_TEXT)
    return unclear(
      [],
      `That is longer than ${MAX_TEXT} characters. Say it in fewer words, one deal at a time.`,
    );
  const line = typed.replace(ADDRESSED, '').trim();
  const deed = understand(line, context);
  if (!deed) return unclear(nearest(line, context.commands, (it) => Boolean(understand(it, context)?.verb)));
  if (!deed.verb) return unclear(deed.suggestions);
  const { verb, deal, input } = deed;
  if (deal && length(deal) > MAX_DEAL)
    return unclear(
      [],
      `A deal’s name has at most ${MAX_DEAL} characters here. Its number or id will do as well.`,
    );
  const plain = input.text
    ? { ...input, text: withPlainDates(input.text, context.now, context.timeZone) }
    : input;
  const datesRead = plain.text !== input.text ? { datesRead: true as const } : {};
  return { kind: 'said', said: { verb, input: plain, ...(deal ? { deal } : {}), ...datesRead } };
}

const unclear = (suggestions: string[], reason?: string): Heard => ({
  kind: 'unclear',
  suggestions,
  ...(reason ? { reason } : {}),
});

type Understood = (Deed & { verb: Verb }) | { verb?: undefined; suggestions: string[] };

function understand(line: string, { commands }: Pick<Hearing, 'commands'>): Understood | undefined {
  const whole = PHRASES.get(asPhrase(line)) ?? line;
  const asked = whole
    .replace(/^please[\s,]+/i, '')
    .replace(ADD_A, '')
    .replace(SHOW, 'show');
  if (isExact(asked)) return understand(`show ${asked}`, { commands });
  for (const command of commands) {
    const verb = VERBS.find((it) => it === command.verb);
    const tail = verb && afterVerb(asked, verb);
    if (!verb || tail === undefined) continue;
    const deed = readTail(verb, command.usage, tail);
    return deed && ('suggestions' in deed ? deed : { ...deed, verb });
  }
  return undefined;
}

/** The rest of the line when it begins with the verb as a whole word, however its parts are joined. */
function afterVerb(line: string, verb: Verb): string | undefined {
  const spoken = new RegExp(`^${verb.replaceAll('-', '[-_\\s]*')}(?:$|\\s*[:,]\\s*|\\s+|[?!.]+$)`, 'i');
  const match = spoken.exec(line);
  return match ? line.slice(match[0].length).trim() : undefined;
}

/** Small talk around it does not matter to a whole question. */
const asPhrase = (line: string): string =>
  line
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/\bwhat'?s\b/g, 'what is')
    .replace(/(?:^|[\s,])please\b/g, '')
    .replace(/(?<=.)[\s?!.]+$/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^show (?:me )?(?:the |my )?/, 'show ');

/** A mention at the start, as Slack, Teams and people write it, or the slash command's own name. */
const ADDRESSED = /^(?:<@[^>\s]{1,100}>|<at>[^<]{0,100}<\/at>|@ace(?:[- ]?desk)?\b|\/ace\b)[\s,:]*/i;
const ADD_A = /^(?:add|set|write|update)\s+(?:(?:an?|the|new)\s+)*(?=next[-_\s]*step)/i;
const SHOW = /^(?:show me|open|view)(?=\s)/i;

/** Whole questions. None of them writes. */
const PHRASES = new Map([
  ['', 'desk'],
  ['?', 'help'],
  ['commands', 'help'],
  ['what can you do', 'help'],
  ['what can i say', 'help'],
  ['my desk', 'desk'],
  ['show desk', 'desk'],
  ['today', 'desk'],
  ['what needs me', 'desk'],
  ['what needs me today', 'desk'],
  ['what needs my attention', 'desk'],
  ['what is on my desk', 'desk'],
  ['what is up', 'desk'],
  ['what should i do', 'desk'],
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
  ['what is waiting', 'waiting'],
  ['what is waiting for aws', 'waiting'],
  ['waiting for aws', 'waiting'],
  ['show waiting', 'waiting'],
  ['show what is waiting', 'waiting'],
  ['show history', 'history'],
  ['what happened', 'history'],
]);
