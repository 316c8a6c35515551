import { z } from 'zod';
import { history as past } from '../store/changes.ts';
import { historyNote } from '../views/history.ts';
import { command, DealId } from './command.ts';
import { visible } from './deal.ts';

const LINES = 15;

export const history = command({
  verb: 'history',
  summary: 'Who did what, when, from where, and what AWS answered',
  usage: 'history [deal]',
  takesDeal: true,
  input: z.object({ id: DealId.optional() }),
  async run({ id }, context) {
    const { store, actor, now } = context;
    const deal = id ? (await visible(id, context)).deal : undefined;
    return {
      reply: historyNote(await past(store, actor, deal?.id, LINES), {
        actor,
        now,
        ...(deal ? { deal } : {}),
      }),
    };
  },
});
