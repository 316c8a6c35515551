import { z } from 'zod';
import { command } from './command.ts';
import { cardOf, visible } from './deal.ts';

export const show = command({
  verb: 'show',
  summary: 'Show one deal',
  usage: 'show <deal>',
  takesDeal: true,
  input: z.object({ id: z.string().max(40) }),
  async run({ id }, context) {
    const found = await visible(id, context);
    const next = found.successor ? await visible(found.successor.id, context).catch(() => found) : found;
    return { reply: cardOf(next, context) };
  },
});
