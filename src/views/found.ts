/** What was found by words, and which of several was meant. */
import type { Deal } from '../pipeline/deal.ts';
import { oneLine } from '../pipeline/text.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { nameOf, quoted, stateInWords } from './terms.ts';
import type { Button, Form, Item, List } from './view.ts';

/** As people type them: longer ones are no words to find a deal by. */
export const MOST_WORDS = 200;

/** What somebody typed that stands nowhere, and what does. */
interface Slip {
  typed: string;
  meant: readonly string[];
}

/** Best first. `more`: there are others that fit as well. */
export function foundList(
  deals: readonly Deal[],
  about: { words: string; slips: readonly Slip[]; more: boolean },
): List {
  const items = deals.map((deal) =>
    lineOf(deal, { verb: 'show', label: 'Show', input: { id: deal.id } }, ownerOf(deal)),
  );
  const { words, slips, more } = about;
  const title = slips.length > 0 ? slips.map(inWords).join('; ') : 'Best first';
  return {
    kind: 'list',
    title: `Found for ${quoted(words, 60)}`,
    sections: [{ title, items, total: items.length, ...(more ? { capped: true } : {}) }],
    empty: 'Nothing fits.',
    ...(more ? { footer: 'There are more that fit. Another word finds fewer.' } : {}),
  };
}

/** Asks for the words. */
export const findForm = (): Form => ({
  kind: 'form',
  verb: 'find',
  title: 'Find a deal',
  submit: 'Find',
  fields: [
    {
      ...{ id: 'words', kind: 'text', label: 'Company, title or id', maxLength: MOST_WORDS },
      hint: 'In any order; the beginning of a word will do.',
    },
  ],
  input: {},
});

/** Several deals fit what was said: each line carries the whole act, for the person to choose. `opens`: it leads to a form. */
export function choiceList(
  deals: readonly Deal[],
  about: { title: string; verb: Verb; input: Record<string, string>; opens: boolean },
): List {
  const { verb, input, opens } = about;
  const items = deals.map((deal) =>
    lineOf(deal, {
      ...{ verb, label: opens ? 'This one…' : 'This one', input: { ...input, id: deal.id } },
      ...(opens ? ({ opens: 'form' } as const) : {}),
    }),
  );
  const sections = [{ title: 'Choose one', items, total: items.length }];
  return { kind: 'list', title: oneLine(about.title), sections, empty: 'Nothing fits.' };
}

const lineOf = (deal: Deal, button: Button, owner = ''): Item => ({
  id: deal.id,
  title: nameOf(deal),
  detail: [deal.id, stateInWords(deal), owner].filter(Boolean).join(' · '),
  button,
});

const ownerOf = (deal: Deal): string =>
  deal.kind === 'referral' ? '' : oneLine(deal.owner?.name || deal.owner?.email || '');

const inWords = ({ typed, meant }: Slip): string =>
  `Nothing has ${quoted(typed, 40)}, this has ${meant.map((word) => quoted(word, 40)).join(' or ')}`;
