/** What may follow a verb: its usage says it, and for a few verbs a rule of their own. */
import { type Split, splitAtMark, splitAtWord, toDeal } from './deal-phrase.ts';
import { covered, handedOver } from './desk-words.ts';
import { WHEN } from './moments.ts';
import { inVerbs } from './phrases.ts';
import { scheduled } from './schedule-words.ts';
import { type Shape, shapeOf, takeParts } from './usage.ts';

/** What a line asks, its verb apart. */
export interface Deed {
  deal?: string;
  input: Record<string, string>;
}
type Tail = Deed | { suggestions: string[] } | undefined;

/** As much of a command as reading a line takes. */
export interface Spoken {
  verb: string;
  usage: string;
  reads?: true;
}

/** Reads what follows the verb; undefined when it cannot follow it, suggestions where it could be meant in two ways. */
export const readTail = (command: Spoken, tail: string): Tail =>
  (OWN.get(command.verb) ?? byUsage)(tail, command);

function byUsage(tail: string, command: Spoken): Tail {
  const shape = shapeOf(command.usage);
  const { text, input } = takeParts(tail, shape);
  if (!shape.takesDeal) {
    if (text === '') return { input };
    return shape.rest && { input: { [shape.rest.name]: text, ...input } };
  }
  const deed = readDeal(command, shape, text);
  return 'suggestions' in deed ? deed : { ...deed, input: { ...deed.input, ...input } };
}

function readDeal(command: Spoken, { rest }: Shape, tail: string): Exclude<Tail, undefined> {
  if (!rest) return orQuestion(command, tail, withDeal(tail, {}));
  if (rest.joint !== ':') {
    const split = splitAtWord(tail, rest.joint);
    return unmarked(command, split, ` ${rest.joint} `) ?? orQuestion(command, tail, filled(split, rest.name));
  }
  // "next step for Acme: …"
  const split = splitAtMark(tail.replace(/^(?:for|of|to|on)\s+/, ''));
  return unmarked(command, split, ': ') ?? filled(split, rest.name);
}

const filled = ({ deal, rest }: Split, name: string): Deed => withDeal(deal, rest ? { [name]: rest } : {});

function withDeal(phrase: string, input: Record<string, string>): Deed {
  const deal = toDeal(phrase);
  return { input, ...(deal ? { deal } : {}) };
}

/** What writes is not done because somebody asked whether it was. */
function orQuestion({ verb, reads }: Spoken, tail: string, deed: Deed): Deed | { suggestions: string[] } {
  if (reads || !tail.endsWith('?')) return deed;
  const show = deed.deal ? [`show ${deed.deal}`] : [];
  return { suggestions: [`${verb} ${toDeal(tail)}`, ...show] };
}

/** A number and words without a mark between them could be a name or both: that is asked. */
function unmarked({ verb }: Spoken, { deal, rest }: Split, mark: string) {
  const [, number, words] = (rest === undefined && /^#?(\d{1,3})\s+(\S.*)$/s.exec(deal)) || [];
  return number && words ? { suggestions: [`${verb} ${number}${mark}${words}`] } : undefined;
}

const MOMENT = new RegExp(`^${WHEN}$`, 'i');

/** What a usage cannot say. */
const OWN = new Map<string, (tail: string, command: Spoken) => Tail>([
  ['list', listed],
  ['waiting', waited],
  [
    'history',
    (tail, command) =>
      /^(?:--)?verify[?!.]*$/i.test(tail) ? { input: { verify: 'yes' } } : byUsage(tail, command),
  ],
  // A moment alone is no deal: which one is asked.
  ['remind', reminded],
  ['schedule', scheduled],
  ['cover', covered],
  ['hand-over', handedOver],
  ['help', (tail) => ({ input: tail === '' ? {} : { topic: topicOf(tail) } })],
]);

/** As a line is read: "snooze" is to remind; of some a name must follow to be read so. */
function topicOf(tail: string): string {
  const named = `${tail} Acme`;
  const [said = tail] = [inVerbs(tail), inVerbs(named)].filter((it) => it !== tail && it !== named);
  return said
    .toLowerCase()
    .replace(/^help\s+/, '')
    .replace(/[\s_]+/g, '-');
}

/** A moment never ends in "?", as somebody's own text may: there it is a question. */
function reminded(tail: string, command: Spoken): Tail {
  if (/^list[?!.]*$/i.test(tail)) return { input: { do: 'list' } };
  if (MOMENT.test(tail)) return { input: { when: tail } };
  const read = byUsage(tail, command);
  if (!read || 'suggestions' in read || !read.input.when) return read;
  return orQuestion(command, tail, read);
}

/** "2", "pending", "closing this month page 2". */
function listed(tail: string): Deed {
  const said = tail.replace(/[?!.\s]+$/, '').replace(/^(?:my|the)\s+/i, '');
  const [, before = '', page] = /^(|all\s+|.*\s(?=page\s))(?:page\s+)?(\d{1,4})$/is.exec(said) ?? [];
  const named = (page ? before : said).trim().toLowerCase();
  const view = /^pending(?: acceptance| referrals)$/.test(named) ? 'pending' : named;
  return {
    input: { ...(view && !(page && view === 'all') ? { view } : {}), ...(page ? { page } : {}) },
  };
}

/** "cancel 1", "edit 1: call the CFO (close 2026-12-31)", "keep 1", "mine 1 (yes)". */
function waited(tail: string): Tail {
  const [, word, rest = ''] = /^(cancel|edit|keep|mine)(?:\s*:?\s+([\s\S]*))?$/i.exec(tail) ?? [];
  if (!word) return tail === '' ? { input: {} } : undefined;
  const what = word.toLowerCase();
  const deed = byUsage(rest, { verb: `waiting ${what}`, usage: WAITING[what] ?? '' });
  if (!deed) return undefined;
  if ('suggestions' in deed)
    return { suggestions: deed.suggestions.map((it) => (it.startsWith('show ') ? 'waiting' : it)) };
  return { ...deed, input: { do: what, ...deed.input } };
}

const WAITING: Record<string, string> = {
  cancel: 'cancel <deal>',
  edit: 'edit <deal>: <text> [(close <closeDate>)]',
  keep: 'keep <deal>',
  mine: 'mine <deal> [(yes)]',
};
