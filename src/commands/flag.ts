import { z } from 'zod';
import { can } from '../pipeline/policy.ts';
import { type Also, enact } from '../store/changes.ts';
import { flagging } from '../store/flags.ts';
import { problem } from '../views/view.ts';
import { type Context, command, DealId, type Result } from './command.ts';
import { cardOf, visible } from './deal.ts';

export const flag = command({
  verb: 'flag',
  about: 'organise',
  summary: 'Flag a deal for your follow-up; nobody else sees it',
  usage: 'flag <deal>',
  takesDeal: true,
  input: z.object({ id: DealId }),
  run: ({ id }, context) =>
    mark(
      'flag',
      id,
      context,
      flagging(context.actor.id, id),
      'Flagged; “list flagged” shows what you flagged',
    ),
});

/** Writes it down and answers the card as it is now, with a word. Doing it twice is doing it once. */
export async function mark(
  verb: 'flag' | 'unflag',
  id: string,
  context: Context,
  also: Also,
  word: string,
): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  const { deal } = await visible(id, context);
  const verdict = can(actor, 'flag', deal, now);
  if (!verdict.yes) return { reply: problem(verdict.why), ok: false };
  context.writes();
  await enact(store, { key, verb, personId: actor.id, source, until, dealId: id }, [also]);
  const card = cardOf(await visible(id, context), context);
  return { reply: { ...card, status: [word, card.status].filter(Boolean).join(' · ') } };
}
