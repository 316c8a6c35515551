import { z } from 'zod';
import type { Deal } from '../pipeline/deal.ts';
import { isPsf } from '../pipeline/lead.ts';
import { can } from '../pipeline/policy.ts';
import { enact } from '../store/changes.ts';
import type { Loaded } from '../store/deals.ts';
import { toPick } from '../store/pick.ts';
import { cardIn, isOpened, opening, placing, type RoomKey } from '../store/rooms.ts';
import { fromThere, postForm, whereIn, whichForm } from '../views/post.ts';
import { type Openness, opennessOf } from '../views/room.ts';
import { companyOf } from '../views/terms.ts';
import { done, note, problem } from '../views/view.ts';
import { type Context, command, DealId, type Place, type Result } from './command.ts';
import { visible } from './deal.ts';
import { mayAnswer, readsAlong } from './room.ts';
import { readersIn } from './room-digest.ts';

const Input = z.object({
  /** Absent: which deal is asked. */
  id: DealId.optional(),
  /** Owner, close date, next step and amounts stand there too, on all cards of the room: the alliance lead alone says so. */
  all: z.enum(['yes', 'no']).optional(),
  /** Where it was asked for, when it was answered elsewhere (a mention). Hidden: nobody types it. */
  room: z.string().min(1).max(200).optional(),
  /** What the form said that the room may show; another answer than that is asked anew. */
  told: z.enum(['closed', 'open', 'opened']).optional(),
  sure: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** Posts a live card of a deal for all who read along where it is said; one for each deal and room. */
export const post = command({
  verb: 'post',
  about: 'act',
  opensForm: ({ sure }) => sure === undefined,
  summary: 'Post a live card of a deal into this channel, for all who read along',
  usage: 'post <deal> [(all)] [(yes)]',
  more: [
    'It says first who reads along there, and what they will see: company and stage, never contacts.',
    '(all) shows owner, close date, next step and amounts on all cards of that channel; the alliance lead alone can open one.',
    '(yes) says that you are sure.',
    'Without a deal it asks which.',
    'Such as: post Acme (yes)',
  ],
  takesDeal: true,
  input: Input,
  async run(input, context) {
    if (input.id === undefined) return which(input, context);
    const found = await meant(input.id, context);
    const { deal } = found;
    if (deal.kind === 'lead' && isPsf(deal)) return refusal(PSF);
    const place = await context.room?.(input.room);
    if (!place || !readsAlong(place, input, context)) return refusal(WHERE);
    if (input.all && context.actor.role !== 'alliance lead') return refusal(NOT_THEIRS);
    return decide(deal, place, input, context);
  },
});

async function decide(deal: Deal, place: Place, input: Input, context: Context): Promise<Result> {
  const { platform, tenant } = context.source;
  const at = { platform, tenant, room: place.conversation };
  const card = await cardIn(context.store, at, deal.id);
  const stands = card !== undefined && !card.isLost;
  if (stands && !input.all) return { reply: await leadTo(deal, card, place) };
  const told = opennessOf(deal, place, await isOpened(context.store, at));
  // A yes to a form holds for what that form said, and for nothing else.
  const hasChanged = input.sure !== undefined && input.room !== undefined && input.told !== told;
  if (!input.sure && !mayAnswer(place, context)) return refusal(fromThere(place.name, deal));
  if (!input.sure || hasChanged) return ask(deal, at, place, { input, told, hasChanged }, context);
  await write(deal, at, input, context);
  return { reply: stands ? opened(input, place) : onItsWay(deal, place, told) };
}

/** One more than a list takes: it is asked while somebody types then. */
const MOST_LISTED = 101;

async function which(input: Input, context: Context): Promise<Result> {
  const place = await context.room?.(input.room);
  if (!place || !readsAlong(place, input, context)) return refusal(WHERE);
  if (!mayAnswer(place, context)) return refusal(fromThere(place.name));
  const deals = await toPick(context.store, context.actor, '', MOST_LISTED);
  return deals.length === 0 ? refusal(NONE) : { reply: whichForm(deals, place.conversation, place.name) };
}

const PSF =
  'A Partner Solutions Finder lead is for the alliance lead alone: it stands in no channel. Nothing was posted.';
const WHERE = 'Say it in the channel where it is to stand. Nothing was posted.';
const NONE = 'There is no deal that you could post: “list” shows what you see. Nothing was posted.';
const NOT_THEIRS =
  'Only the alliance lead opens a channel for more than company and stage. Nothing was posted; without “(all)” it can be.';

const refusal = (text: string): Result => ({ reply: problem(text), ok: false });

/** What became of an invitation is what goes on. */
async function meant(id: string, context: Context): Promise<Loaded> {
  const found = await visible(id, context);
  const { successor } = found;
  return successor && can(context.actor, 'see', successor, context.now).yes
    ? visible(successor.id, context)
    : found;
}

interface Asking {
  input: Input;
  told: Openness;
  hasChanged: boolean;
}

async function ask(
  deal: Deal,
  at: RoomKey,
  place: Place,
  { input: { all }, told, hasChanged }: Asking,
  { store, actor }: Context,
): Promise<Result> {
  const { strangers, unproven } = await readersIn(store, at, place);
  const how = all ? opennessOf(deal, place, all === 'yes') : told;
  const mayOpen = actor.role === 'alliance lead';
  const asking = { audience: place, how, told, hasChanged, strangers, unproven, mayOpen };
  return { reply: postForm(deal, place.conversation, asking) };
}

/** One statement: the act, the card that is wanted, the job that sends it; what the room may show. */
async function write(deal: Deal, at: RoomKey, { all }: Input, context: Context): Promise<void> {
  const { store, actor, key, source, until } = context;
  const card = { dealId: deal.id, personId: actor.id, userId: source.user };
  context.writes();
  await enact(store, { key, verb: 'post', personId: actor.id, source, until, dealId: deal.id }, [
    ...placing(at, card),
    ...(all ? opening(at, all === 'yes' ? actor.id : undefined) : []),
  ]);
}

const onItsWay = (deal: Deal, { name }: Place, told: Openness) =>
  done(
    `${companyOf(deal)}: its card comes to ${whereIn(name)} in a moment, and is kept true there.`,
    told === 'closed' ? ['Only its id and “Open privately” stand on it there.'] : undefined,
  );

const opened = ({ all }: Input, { name }: Place) =>
  done(
    all === 'yes'
      ? `The cards in ${whereIn(name)} show owner, close date, next step and amounts from now on.`
      : `The cards in ${whereIn(name)} show company and stage alone from now on.`,
  );

/** A second post leads to the first. */
async function leadTo(deal: Deal, card: { state: string; ref: Record<string, unknown> }, place: Place) {
  const company = companyOf(deal);
  const where = whereIn(place.name);
  if (card.state !== 'posted') return note(`${company}: its card is on its way to ${where}.`);
  const link = await place.link?.(card.ref);
  if (!link) return note(`${company}: its card stands in ${where} already, a little further up.`);
  return {
    ...note(`${company}: its card stands in ${where} already, and is kept true.`),
    links: [{ label: 'Go to the card', url: link }],
  };
}
