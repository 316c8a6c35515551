import { z } from 'zod';
import { type Change, isOpen, type Named } from '../pipeline/change.ts';
import type { Deal, Lead, Opportunity } from '../pipeline/deal.ts';
import { isTheirs, type Person } from '../pipeline/person.ts';
import { can, ineligible } from '../pipeline/policy.ts';
import type { Loaded } from '../store/deals.ts';
import { tellingTransfer } from '../store/notices.ts';
import { called, everybody } from '../store/people.ts';
import { transferForm } from '../views/ask.ts';
import { personName } from '../views/people.ts';
import { done, problem } from '../views/view.ts';
import { ago } from '../views/words.ts';
import { type Context, command, DealId, type Result } from './command.ts';
import { actOn, cardOf, type Decision, meant } from './deal.ts';

const Input = z.object({
  id: DealId,
  /** The new owner: a name, an e-mail, or a person's id. */
  person: z.string().max(200).optional(),
  /** From the form: the e-mail of the owner whom it showed. */
  was: z.string().max(320).optional(),
  /** The new owner, or without one the present owner, becomes the AWS Partner sales contact too. */
  contact: z.literal('yes', 'Say it as “(contact yes)”.').optional(),
});
type Input = z.infer<typeof Input>;

/**
 * Gives one deal to a colleague (sales guide, Transferring opportunity ownership, Transferring lead ownership). AWS goes on
 * calling the sales contact of before: that is asked of it apart. Who owns a lead is kept here, as the API knows no owner.
 */
export const transfer = command({
  verb: 'transfer',
  about: 'act',
  opensForm: ({ person, contact }) => person === undefined && contact === undefined,
  summary: 'Give a deal to a colleague; (contact yes) makes them the one AWS calls too',
  usage: 'transfer <deal> to <person> [(contact <contact>)]',
  more: [
    '(contact yes) makes the new owner the one AWS calls too; without a person, the owner of now: transfer 3 (contact yes)',
    'Such as: transfer 3 to Priya (contact yes)',
  ],
  takesDeal: true,
  input: Input,
  run: (input, context) => actOn('transfer', input.id, context, (found) => decide(found, input, context)),
});

async function decide(found: Loaded, input: Input, context: Context): Promise<Decision> {
  const { deal } = found;
  const { actor, now, store } = context;
  const faster = underWay(found, context);
  if (faster) return { result: faster };
  const verdict = can(actor, 'transfer', deal, now);
  if (!verdict.yes || deal.kind === 'referral') return refusal(deal, verdict.yes ? '' : verdict.why);
  if (input.was !== undefined && input.was !== (deal.owner?.email ?? '')) return handedOnMeanwhile(deal);
  if (input.contact && input.person === undefined) return makeContact(deal, context);
  const whom = input.person === undefined ? undefined : await meant(input.person, context);
  const why = typeof whom === 'object' && ineligible(whom, deal);
  if (why) return refusal(deal, why);
  if (typeof whom === 'object')
    return deal.kind === 'lead'
      ? handOver(deal, whom, context)
      : { wanted: wishes(deal, whom, input), said: `${fromTo(deal, whom)}, on its way to AWS.` };
  const people = (await everybody(store)).filter((it) => !ineligible(it, deal));
  if (people.length === 0)
    return refusal(deal, 'There is nobody else on the roster. “people” adds somebody.');
  const error = whom === undefined ? {} : { error: whom };
  return { result: { reply: transferForm(deal, actor, { people, ...error }), ok: whom === undefined } };
}

const refusal = (deal: Deal, why: string): Decision => ({
  result: { reply: problem(`${deal.company}: ${why}`), ok: false },
});

/** Whoever filled the form in saw another owner. */
function handedOnMeanwhile(deal: Opportunity | Lead): Decision {
  const owner = deal.owner?.name || 'nobody';
  const again = { verb: 'transfer', label: 'Transfer…', input: { id: deal.id }, opens: 'form' } as const;
  const words = problem(`${deal.company}: meanwhile the owner is ${owner}. Nothing was sent.`);
  return { result: { reply: { ...words, buttons: [again] }, ok: false } };
}

/** A change of owner is with AWS: whoever asked for it gets the card, anybody else is told who and when. */
function underWay(found: Loaded, context: Context): Result | undefined {
  const change = found.changes.find(({ wish, state }) => wish.kind === 'assign' && isOpen(state));
  if (change?.wish.kind !== 'assign') return undefined;
  if (change.person.id === context.actor.id) return { reply: cardOf(found, context), ok: false };
  const as = change.wish.as ?? 'owner';
  const what = `make ${personName(change.wish.to)} the ${as}`;
  const told = `${asker(change)} asked AWS to ${what} ${ago(change.requestedAt, context.now)}; AWS is working on it`;
  return { reply: problem(`${found.deal.company}: ${told}. Nothing more was sent.`), ok: false };
}

const asker = ({ person }: Change): string =>
  personName({ firstName: person.name, lastName: '', email: 'A colleague' });

function wishes(
  deal: Opportunity,
  whom: Person,
  { contact }: Input,
): Extract<Decision, { wanted: unknown }>['wanted'] {
  const to = named(whom);
  const owner = { wish: { kind: 'assign', to, ...wasOwner(deal) } } as const;
  return contact
    ? [owner, { wish: { kind: 'assign', to, as: 'sales contact', ...wasContact(deal) } }]
    : [owner];
}

/** The present owner becomes the one whom AWS calls. Partner Central wants first and last name: the roster has them. */
async function makeContact(deal: Opportunity | Lead, context: Context): Promise<Decision> {
  if (deal.kind === 'lead') return refusal(deal, 'A lead has no AWS sales contact; an opportunity has.');
  const email = deal.owner?.email ?? '';
  const [owner] = email ? await called(context.store, email) : [];
  if (!owner) return refusal(deal, 'Its owner is not on the roster here. Transfer it to a colleague first.');
  if (isTheirs(owner, deal.salesContact?.email))
    return {
      result: { reply: done(`${deal.company}: ${personName(owner)} is the AWS sales contact already.`) },
    };
  return {
    wanted: [{ wish: { kind: 'assign', to: named(owner), as: 'sales contact', ...wasContact(deal) } }],
  };
}

/** A lead changes hands here and now; the new owner and the one before are told, whoever pressed is not. */
function handOver(deal: Lead, whom: Person, { actor }: Context): Decision {
  const to = named(whom);
  return {
    wanted: [{ wish: { kind: 'own', to, ...wasOwner(deal) } }],
    also: [tellingTransfer({ by: actor, dealId: deal.id })],
    said: `${fromTo(deal, whom)}.`,
  };
}

const named = ({ email, firstName, lastName }: Person): Named => ({ email, firstName, lastName });

type Was = { was?: { email: string; name: string } };
const wasOwner = ({ owner }: Opportunity | Lead): Was =>
  owner ? { was: { email: owner.email ?? '', name: owner.name } } : {};
const wasContact = ({ salesContact }: Opportunity): Was =>
  salesContact ? { was: { email: salesContact.email ?? '', name: salesContact.name } } : {};

/** "Owner: Tom Keller → Priya Raman". */
const fromTo = ({ owner }: Opportunity | Lead, whom: Person): string =>
  `Owner: ${owner?.name || 'nobody'} → ${personName(whom)}`;
