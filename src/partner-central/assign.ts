/** Putting a colleague into the opportunity's team: as its owner, or as the one whom AWS calls. */
import type { Wish } from '../pipeline/change.ts';
import { can } from '../pipeline/policy.ts';
import type { Step } from '../store/agent.ts';
import type { Entry } from '../store/deals.ts';
import type { Hands } from './agent.ts';
import { actorOf, notTheirs, withOurs } from './law.ts';
import { notShown } from './outcome.ts';
import { idOf, readOpportunity } from './read.ts';

type Assigning = Extract<Wish, { kind: 'assign' }>;

/** Comparing by e-mail: AWS overwrites names from the profile (ACE data model). */
export async function assign(hands: Hands, { to, as }: Assigning): Promise<Step> {
  const { aws, job } = hands;
  const id = job.successor ?? job.dealId;
  const [what, title] =
    as === 'sales contact'
      ? (['the new sales contact', 'PartnerAccountManager'] as const)
      : (['the new owner', 'OpportunityOwner'] as const);
  const holds = ({ deal }: Entry): boolean =>
    deal.kind === 'opportunity' &&
    (as === 'sales contact' ? deal.salesContact : deal.owner)?.email?.toLowerCase() ===
      to.email.toLowerCase();
  const before = await readOpportunity(hands, id);
  const stop: Step | undefined = holds(before) ? { state: 'confirmed' } : await forbidden(hands, before, as);
  if (stop) {
    await hands.mirror([before]);
    return stop;
  }
  await hands.sending();
  const { requestId } = await aws.assignOpportunity(id, to, title);
  hands.wrote();
  const after = await readOpportunity(hands, id);
  await hands.mirror([after]);
  if (holds(after)) return { state: 'confirmed', ...idOf(requestId) };
  const instead = `AWS took ${what} but still shows the old one. Check the name in Partner Central.`;
  return notShown(hands, { what, instead }, requestId);
}

/**
 * The owner of what was just accepted is settled with the acceptance. The sales contact is named by whoever gave the deal
 * away, so it need not be theirs any more; but they must still be let in.
 */
async function forbidden(hands: Hands, { deal }: Entry, as: Assigning['as']): Promise<Step | undefined> {
  const actor = actorOf(hands.job);
  if (actor.role === 'none') return notTheirs(hands.job);
  if (as === 'sales contact' || hands.job.successor) return undefined;
  const verdict = can(actor, 'transfer', await withOurs(hands, deal), hands.now());
  if (verdict.yes) return undefined;
  return verdict.hide ? notTheirs(hands.job) : { state: 'refused', answer: verdict.why };
}
