import { z } from 'zod';
import { can } from '../pipeline/policy.ts';
import { command, DealId } from './command.ts';
import { cardOf, visible } from './deal.ts';

export const show = command({
  verb: 'show',
  about: 'look',
  reads: true,
  summary: 'Show one deal',
  usage: 'show <deal>',
  takesDeal: true,
  input: z.object({ id: DealId }),
  async run({ id }, context) {
    const found = await visible(id, context);
    if (!found.successor || !can(context.actor, 'see', found.successor, context.now).yes)
      return { reply: cardOf(found, context) };
    return { reply: cardOf(await visible(found.successor.id, context), context) };
  },
});
