import { z } from 'zod';
import { isOpen } from '../pipeline/opportunity.ts';
import { isTheirs, type Person } from '../pipeline/person.ts';
import { can, owns } from '../pipeline/policy.ts';
import { enact } from '../store/changes.ts';
import { type Loaded, loadMany } from '../store/deals.ts';
import { inChat, type Nudged, nudgesOf, nudging } from '../store/nudges.ts';
import { everybody } from '../store/people.ts';
import { nudgeReport } from '../views/nudge.ts';
import { problem } from '../views/view.ts';
import { type Context, command, DealId, type Result } from './command.ts';
import { visible } from './deal.ts';

const MOST = 50;
const Ids = z
  .string()
  .max(1200, 'Too many deals at once.')
  .transform((said) => said.split(',').filter(Boolean).slice(0, MOST))
  .pipe(z.array(DealId).min(1, 'Which deals?'));

/** Asks owners for a word on deals of theirs, once a week for each deal. What they are asked about lands in their sprint. */
export const nudge = command({
  verb: 'nudge',
  about: 'organise',
  summary: 'Ask a deal’s owner for a word on it, at most once a week',
  usage: 'nudge <deal>',
  more: [
    'Its owner gets one private message with your name; the deal stands in their next “sprint”, also where they had put it off.',
  ],
  takesDeal: true,
  input: z.union([z.object({ deals: Ids }), z.object({ id: DealId })]),
  async run(input, context) {
    if ('id' in input) {
      const { deal } = await visible(input.id, context);
      return nudgeOwners([deal.id], context);
    }
    return nudgeOwners(input.deals, context);
  },
});

async function nudgeOwners(ids: readonly string[], context: Context): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  const people = await everybody(store);
  const asked = (await loadMany(store, [...new Set(ids)]))
    .filter(({ deal, isGone }) => !isGone && can(actor, 'see', deal, now).yes)
    .map((found) => ({ deal: found.deal, ...ownerOf(found, people, context) }));
  const wanted = asked.flatMap(({ deal, owner }) => (owner ? [{ dealId: deal.id, ownerId: owner.id }] : []));
  if (asked.length === 0)
    return { reply: problem('None of these deals is yours to see any more.'), ok: false };
  if (wanted.length > 0) {
    context.writes();
    const act = { key, verb: 'nudge', personId: actor.id, source, until };
    await enact(store, act, nudging(act, wanted, now));
  }
  const known = await nudgesOf(
    store,
    wanted.map(({ dealId }) => dealId),
    { key },
  );
  const last = new Map(known.map((it) => [it.dealId, it]));
  const lines = asked.map((it) => ({ ...it, ...fateOf(last.get(it.deal.id)) }));
  const owners = lines.flatMap(({ isAsked, owner }) => (isAsked && owner ? [owner.id] : []));
  const reached = owners.length > 0 ? await inChat(store, owners) : new Set<string>();
  return { reply: nudgeReport(lines, reached, actor, now), ok: owners.length > 0 };
}

/** Who is to be asked, or why nobody is. */
function ownerOf(
  { deal }: Loaded,
  people: readonly Person[],
  { actor, now }: Context,
): { owner?: Person; why?: string } {
  if (deal.kind === 'referral' || deal.id.startsWith('engi-'))
    return { why: 'it is nobody’s yet. “offer” or “accept” gives it to somebody' };
  if (owns(actor, deal)) return { why: 'it is yours. “next-step” writes a word on it' };
  if (deal.kind === 'opportunity' && (!isOpen(deal) || deal.reviewStatus === 'Rejected'))
    return { why: 'there is nothing left to say about it' };
  const owner = people.find((it) => isTheirs(it, deal.owner?.email));
  if (!owner) return { why: 'its owner is not on the roster here' };
  // A Partner Solutions Finder lead is for the alliance lead alone, whoever owns it.
  return can(owner, 'see', deal, now).yes ? { owner } : { why: 'its owner does not see it here' };
}

/** This very act asked, also when it is answered again; else who did, and when. */
const fateOf = (last?: Nudged & { isOfAct: boolean }): { isAsked: boolean; before?: Nudged } =>
  last && !last.isOfAct ? { isAsked: false, before: last } : { isAsked: last !== undefined };
