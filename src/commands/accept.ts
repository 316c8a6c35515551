import { z } from 'zod';
import type { Deal } from '../pipeline/deal.ts';
import type { Person } from '../pipeline/person.ts';
import { can, ineligible } from '../pipeline/policy.ts';
import type { Wanted } from '../store/changes.ts';
import type { Loaded } from '../store/deals.ts';
import { everybody } from '../store/people.ts';
import { acceptForForm } from '../views/ask.ts';
import { problem } from '../views/view.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, answeredBefore, type Decision, meant } from './deal.ts';

const Input = z.object({
  id: DealId,
  /** Who becomes the owner: a name, an e-mail, or a person's id. Absent: whoever accepts. */
  person: z.string().max(200).optional(),
  /** "Accept for…": asks who. */
  ask: z.literal('person').optional(),
});
type Input = z.infer<typeof Input>;

/**
 * Accepts a referral or a lead; whoever accepts becomes its owner, or the colleague it is accepted for (sales guide,
 * Accepting opportunities).
 */
export const accept = command({
  verb: 'accept',
  about: 'act',
  opensForm: ({ ask, person }) => ask !== undefined && person === undefined,
  summary: 'Accept a referral or lead that AWS offers, for yourself or a colleague',
  usage: 'accept <deal> [for <person>]',
  takesDeal: true,
  input: Input,
  run: (input, context) => actOn('accept', input.id, context, (found) => decide(found, input, context)),
});

async function decide(found: Loaded, { person, ask }: Input, context: Context): Promise<Decision> {
  const { deal } = found;
  const { actor, now } = context;
  const faster = answeredBefore(found, 'accept', context);
  if (faster) return { result: faster };
  const whom = person !== undefined ? await meant(person, context) : ask ? undefined : actor;
  const isForMe = typeof whom === 'object' && whom.id === actor.id;
  const verdict = can(actor, isForMe ? 'accept' : 'accept-for', deal, now);
  const why = verdict.yes ? typeof whom === 'object' && ineligible(whom, deal) : verdict.why;
  if (why) return { result: { reply: problem(`${deal.company}: ${why}`), ok: false } };
  if (typeof whom === 'object') return { wanted: wishes(deal, whom, isForMe) };
  const people = (await everybody(context.store)).filter((it) => !ineligible(it, deal));
  const error = whom === undefined ? {} : { error: whom };
  return { result: { reply: acceptForForm(deal, { people, ...error }), ok: whom === undefined } };
}

/** Of a lead the API knows no owner: the acceptance carries whose it becomes. */
function wishes(deal: Deal, { email, firstName, lastName }: Person, isForMe: boolean): Wanted[] {
  const owner = { email, firstName, lastName };
  if (deal.kind === 'referral')
    return [{ wish: { kind: 'accept' } }, { wish: { kind: 'assign', to: owner } }];
  return [{ wish: { kind: 'accept', ...(isForMe ? {} : { for: owner }) } }];
}
