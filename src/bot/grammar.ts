/** What may follow a verb. A verb with no rule of its own is read by its usage: "advance <deal>", "reject <deal>: <text>". */
import { isDay } from '../pipeline/calendar.ts';
import type { Verb } from '../pipeline/verbs.ts';

/** What a line asks, its verb apart. */
export interface Deed {
  deal?: string;
  input: Record<string, string>;
}
type Tail = Deed | { suggestions: string[] } | undefined;

/** Reads what follows the verb; undefined when it cannot follow it, suggestions where it could be meant in two ways. */
export function readTail(verb: Verb, usage: string, tail: string): Tail {
  const own = OWN[verb];
  if (own) return own(tail);
  if (!/[<[]deal[>\]]/.test(usage)) return tail === '' ? { input: {} } : undefined;
  if (/[>\]]: *</.test(usage)) return dealAndText(verb, tail, usage.includes('(close'));
  const writes = !READS.includes(verb);
  if (writes && tail.endsWith('?'))
    return { suggestions: [`${verb} ${toDeal(tail)}`, `show ${toDeal(tail)}`] };
  return withDeal(tail, {});
}

/** A line number, or one of Partner Central's ids: nothing else can be meant by it. */
export const isExact = (phrase: string): boolean => /^#?\d{1,3}$/.test(phrase) || isId(phrase);

const READS: readonly Verb[] = ['show', 'history'];

const OWN: Partial<Record<Verb, (tail: string) => Tail>> = {
  list(tail) {
    const view = /^(?:my |the )?(pending|all)(?: acceptance| referrals)?[?!.]*$/i
      .exec(tail)?.[1]
      ?.toLowerCase();
    if (view) return { input: { view } };
    const page = /^(?:all )?(?:page )?(\d{1,4})[?!.]*$/i.exec(tail)?.[1];
    if (page) return { input: { page } };
    return tail === '' ? { input: {} } : undefined;
  },
  waiting(tail) {
    const [, what, rest = ''] = /^(cancel|edit)(?:\s*:?\s+([\s\S]*))?$/i.exec(tail) ?? [];
    if (!what) return tail === '' ? { input: {} } : undefined;
    if (what.toLowerCase() === 'cancel')
      return rest.endsWith('?')
        ? { suggestions: [`waiting cancel ${toDeal(rest)}`, 'waiting'] }
        : withDeal(rest, { do: 'cancel' });
    const deed = dealAndText('waiting edit', rest, true);
    return deed && ('suggestions' in deed ? deed : { ...deed, input: { do: 'edit', ...deed.input } });
  },
  help: (tail) => {
    const topic = tail.toLowerCase().replace(/[\s_]+/g, '-');
    return { input: topic === '' ? {} : { topic } };
  },
};

/**
 * "3: text", "Acme: text", "O123 - text", "“Acme: Europe”: text", the text on the next line; after an id the text may
 * follow at once. A number and words without a mark between them could be either: that is asked.
 * @param takesDate a day at the end, "(close 2026-12-31)", is the new close date and no part of the text.
 */
function dealAndText(verb: string, tail: string, takesDate: boolean): Tail {
  const [first = '', ...more] = tail.replace(/^(?:for|of|to|on)\s+/, '').split('\n');
  const [deal, said] = splitLine(first);
  const text = [said ?? '', ...more].join('\n').trim();
  const unmarked = said === undefined && /^#?(\d{1,3})\s+(\S.*)$/.exec(deal);
  if (unmarked) return { suggestions: [`${verb} ${unmarked[1]}: ${unmarked[2]}`] };
  return withDeal(deal, text && takesDate ? withCloseDate(text) : text ? { text } : {});
}

/** What is no day stays text: AWS and the person see it as it was typed. */
function withCloseDate(said: string): Record<string, string> {
  const [mark = '', closeDate = ''] = CLOSE.exec(said) ?? [];
  if (!isDay(closeDate)) return { text: said };
  const text = said.slice(0, -mark.length).trim();
  return { ...(text ? { text } : {}), closeDate };
}

/** The deal, and the text after the mark where there is one. An exact name ends at the first mark, others at a colon first. */
function splitLine(line: string): [deal: string, text?: string] {
  for (const shape of [QUOTED, NUMBERED, WITH_ID, COLON, DASH]) {
    const [, deal, text] = shape.exec(line) ?? [];
    if (deal !== undefined) return [deal, text ?? ''];
  }
  return [line];
}

const isId = (phrase: string): boolean => /^(?:O\d{1,19}|engi?-[0-9a-z]{1,20})$/i.test(phrase);

const QUOTED = /^["“„](.{1,300}?)["”“](?:\s*:|\s+[-–—]+(?=\s)|$)\s*(.*)$/;
const NUMBERED = /^(#?\d{1,3})\s*(?::(?!\d)|[-–—]+(?=\s))\s*(.*)$/;
const WITH_ID = /^(O\d{1,19}|engi?-[0-9a-z]{1,20})(?:\s*:|\s+[-–—]+(?=\s)|\s)\s*(.*)$/i;
const COLON = /^(.{1,400}?):(?!\/\/|\d)\s*(.*)$/;
const CLOSE = /\(close (\d{4}-\d{2}-\d{2})\)$/i;
const DASH = /^(.{1,400}?)\s[-–—]+\s+(.*)$/;

function withDeal(phrase: string, input: Record<string, string>): Deed {
  const deal = toDeal(phrase);
  return { input, ...(deal ? { deal } : {}) };
}

/** "#2" → "2", "referral 2" → "2", "for Acme" → "Acme", quotes off. Lower case only: On, To and Me are companies. */
function toDeal(phrase: string): string {
  const bare = phrase
    .trim()
    .replace(/^(?:me|for|of|to|on)\s+/, '')
    .replace(/[?!\s]+$/, '')
    .replace(/^["“„](.*)["”“]$/, '$1')
    .trim();
  const exact = bare.replace(/^(?:deal|referral|lead|opportunity|number|no\.?)\s+/i, '').replace(/[.,]$/, '');
  return isExact(exact) ? exact.replace(/^#/, '') : bare;
}
