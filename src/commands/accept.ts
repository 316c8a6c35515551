import { z } from 'zod';
import { isOpen } from '../pipeline/change.ts';
import { fullName } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import type { Loaded } from '../store/deals.ts';
import { problem } from '../views/view.ts';
import { ago } from '../views/words.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, cardOf, type Decision } from './deal.ts';

/** Accepts a referral or a lead; of an opportunity the accepter then becomes owner (sales guide, Accepting opportunities). */
export const accept = command({
  verb: 'accept',
  summary: 'Accept a referral or lead that AWS offers',
  usage: 'accept <deal>',
  takesDeal: true,
  input: z.object({ id: DealId }),
  run: ({ id }, context) => actOn('accept', id, context, (found) => decide(found, context)),
});

function decide(found: Loaded, context: Context): Decision {
  const { deal } = found;
  const faster = acceptedBySomebody(found, context);
  if (faster) return { result: { reply: faster, ok: false } };
  const verdict = can(context.actor, 'accept', deal, context.now);
  if (!verdict.yes) return { result: { reply: problem(`${deal.company}: ${verdict.why}`), ok: false } };
  const { email, firstName, lastName } = context.actor;
  const assign = { wish: { kind: 'assign', to: { email, firstName, lastName } } } as const;
  return { wanted: [{ wish: { kind: 'accept' } }, ...(deal.kind === 'referral' ? [assign] : [])] };
}

/** Two people pressed: the second is told who and when. The accepter pressing again gets the card. */
function acceptedBySomebody(found: Loaded, context: Context) {
  const change = found.changes.find(
    ({ wish, state }) => wish.kind === 'accept' && (isOpen(state) || state === 'confirmed'),
  );
  if (!change) return undefined;
  if (change.person.id === context.actor.id && isOpen(change.state)) return cardOf(found, context);
  const who = change.person.id === context.actor.id ? 'you' : change.person.name || fullName(context.actor);
  const when = ago(change.settledAt ?? change.requestedAt, context.now);
  const how = isOpen(change.state)
    ? `${who} asked AWS for it ${when}; AWS is working on it`
    : `accepted by ${who} ${when}`;
  return problem(`${found.deal.company}: ${how}. Nothing more was sent.`);
}
