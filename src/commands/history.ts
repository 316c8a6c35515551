import { z } from 'zod';
import { verifyChain } from '../store/audit.ts';
import { history as past } from '../store/past.ts';
import { auditNote } from '../views/audit.ts';
import { historyNote } from '../views/history.ts';
import { problem } from '../views/view.ts';
import { type Context, command, DealId, type Result } from './command.ts';
import { visible } from './deal.ts';

const LINES = 15;

export const history = command({
  verb: 'history',
  about: 'look',
  reads: true,
  summary: 'Who did what, when, from where, and what AWS answered; “--verify” proves the record whole',
  usage: 'history [<deal>] [--verify]',
  takesDeal: true,
  input: z.object({ id: DealId.optional(), verify: z.literal('yes').optional() }),
  async run({ id, verify }, context) {
    if (verify) return audit(context);
    const { store, actor, now } = context;
    const deal = id ? (await visible(id, context)).deal : undefined;
    const entries = await past(store, actor, deal?.id, LINES);
    return { reply: historyNote(entries, { actor, now, ...(deal ? { deal } : {}) }) };
  },
});

/** For those who answer for the record: alliance lead and alliance team. */
async function audit({ store, actor, now }: Context): Promise<Result> {
  if (actor.role !== 'alliance lead' && actor.role !== 'alliance team')
    return {
      reply: problem('Only the alliance lead and the alliance team can have the whole record verified.'),
      ok: false,
    };
  const found = await verifyChain(store, actor);
  return { reply: auditNote(found, { actor, now }), ok: found.breaks.length === 0 };
}
