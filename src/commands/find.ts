import { z } from 'zod';
import { unknownDeal } from '../pipeline/errors.ts';
import { can } from '../pipeline/policy.ts';
import { oneLine } from '../pipeline/text.ts';
import { find as search } from '../store/find.ts';
import { findForm, foundList, MOST_WORDS } from '../views/found.ts';
import { command } from './command.ts';

const MOST = 10;

/** Deals by id, company or title, best first. What one may not see is answered as what does not exist. */
export const find = command({
  verb: 'find',
  about: 'look',
  reads: true,
  opensForm: ({ words }) => !words,
  summary: 'Find deals by company, title or id; slips are forgiven',
  usage: 'find <words>',
  takesDeal: false,
  input: z.object({
    words: z
      .string()
      .max(MOST_WORDS, `Words to find a deal by have at most ${MOST_WORDS} characters.`)
      .optional(),
  }),
  async run({ words: said = '' }, { store, actor, now }) {
    const words = oneLine(said);
    if (words === '') return { reply: findForm() };
    const { deals, slips, more } = await search(store, actor, words, MOST);
    const seen = deals.map(({ deal }) => deal).filter((deal) => can(actor, 'see', deal, now).yes);
    if (seen.length === 0) throw unknownDeal(words);
    return { reply: foundList(seen, { words, slips, more }) };
  },
});
