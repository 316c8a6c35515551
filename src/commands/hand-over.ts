import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isLocal } from '../pipeline/change.ts';
import { handing, MOST_AT_ONCE, type Owned, preflight, type StayingState } from '../pipeline/hand-over.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { mayManage, whom } from '../pipeline/roster.ts';
import { changesById, changesOf, TooLate } from '../store/changes.ts';
import { coversNow } from '../store/covers.ts';
import type { Loaded } from '../store/deals.ts';
import {
  asTheySee,
  type DeskOf,
  deskOf,
  type Handing,
  handOver as handOverAll,
  type OffersToo,
} from '../store/hand-over.ts';
import { everybody, personById, roster } from '../store/people.ts';
import { leftOfTheDay } from '../store/quota.ts';
import {
  type DeskName,
  dayUsedUp,
  handedNote,
  handOverForm,
  handOverReceipt,
  handOverWhom,
  nothingToHand,
  staysInShort,
} from '../views/hand-over.ts';
import { nobodyCalled, severalCalled } from '../views/people.ts';
import { note, problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';
import { meantAmong } from './deal.ts';

/** Of each deal's id 36 bits: a form carries a hundred marks where it could not carry the ids. */
const MARK_LENGTH = 6;

const Name = z.string().max(200, 'No name is that long here.').optional();
const Input = z.object({
  /** Whose desk: a name, an e-mail or an id; absent: the asker's own. */
  whose: Name,
  /** To whom. */
  person: Name,
  /** What is offered to them and pending goes too. */
  offers: z.literal('yes').optional(),
  /** From the form: a mark for each deal that it showed. Only these go. */
  shown: z
    .string()
    .max(MARK_LENGTH * MOST_AT_ONCE, 'That is no form of ours.')
    .optional(),
  sure: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** All deals of a desk go to a colleague, each as `transfer` would do it; what goes and what not is shown first. */
export const handOver = command({
  verb: 'hand-over',
  about: 'organise',
  opensForm: ({ sure }) => sure === undefined,
  summary: 'Give all your deals to a colleague',
  usage: 'hand-over to <person> [(offers)] [(yes)]',
  more: [
    'It shows first what goes; (yes) does it at once.',
    '(offers), for those who may offer: what is offered to whose desk it is, and pending, goes too.',
    `At most ${MOST_AT_ONCE} deals at a time, each by the rules of “transfer”. Your colleague hears of it in one message.`,
    'The alliance lead and team may do it for somebody who left: “hand over Priya’s desk to Tom”.',
  ],
  takesDeal: false,
  input: Input,
  async run(input, context) {
    const { actor, store } = context;
    const from = input.whose ? await deskOwner(input.whose, context) : actor;
    if (typeof from === 'string') return no(from);
    if (from.id !== actor.id && !mayManage(actor)) return no(NOT_YOURS);
    if (input.offers && !seesEverything(actor)) return no(NOT_YOURS_TO_OFFER);
    const people = (await everybody(store)).filter(({ id }) => id !== from.id);
    const name = { from, mine: from.id === actor.id };
    const to = input.person === undefined ? undefined : toWhom(input.person, people, from, actor);
    if (to === undefined || typeof to === 'string') {
      const { offers } = await deskAs(actor, from, context);
      const error = to ? { error: to } : {};
      return { reply: handOverWhom(name, people, { offers, ...error }), ok: to === undefined };
    }
    if (to.id === from.id) return no('That is whose desk it is. Choose somebody else.');
    return decide(input, { name, to }, context);
  },
});

const NOT_YOURS =
  'Only the alliance lead and the alliance team hand over somebody else’s desk. Ask one of them.';

const NOT_YOURS_TO_OFFER =
  'Only the alliance lead, the alliance team and ACE managers offer what is pending to somebody else. Say it without “(offers)”, and ask one of them for those. Nothing was changed.';

/** Who may not offer passes no offer on. */
async function deskAs(actor: Person, from: Person, { store, now }: Context): Promise<DeskOf> {
  const desk = await deskOf(store, from, now);
  return seesEverything(actor) ? desk : { ...desk, offers: 0 };
}

const no = (text: string): Result => ({ reply: problem(text), ok: false });

/** Also of somebody who has no access any more, for those who keep the roster. */
async function deskOwner(said: string, { store, actor }: Context): Promise<Person | string> {
  if (/^(?:me|mine|myself)$/i.test(said.trim())) return actor;
  const found = whom(await roster(store), said, mayManage(actor));
  const [only, ...more] = found;
  if (!only) return nobodyCalled(said);
  return more.length === 0 ? only : severalCalled(said, found);
}

/** One of the others, and whose desk it is only where nobody else is meant: they may have no access any more. */
function toWhom(said: string, others: readonly Person[], from: Person, actor: Person): Person | string {
  const to = meantAmong(said, [...others, from], actor);
  return typeof to === 'string' ? meantAmong(said, others, actor) : to;
}

interface Asking {
  name: DeskName;
  to: Person;
}

const TRIES = 5;

async function decide(input: Input, asking: Asking, context: Context): Promise<Result> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const plan = await planned(input, asking, context);
    if ('reply' in plan) return plan;
    if (input.sure !== 'yes' || plan.lost !== undefined) return { reply: ask(plan, input) };
    const result = await carryOut(plan, input, context);
    if (result) return result;
  }
  throw new TooLate();
}

/** What would go, as the desk stands now; or the answer, where nothing can or this very act was done before. */
async function planned(input: Input, asking: Asking, context: Context): Promise<Plan | Result> {
  const { store, actor, key, now } = context;
  const desk = await deskAs(actor, asking.name.from, context);
  // After the desk was read: of this very act, done meanwhile, one of the two tells.
  const before = await changesOf(store, { key, personId: actor.id });
  if (before.length > 0) return again(before, context);
  const found = preflight(desk.found, { actor, to: asking.to, underWay: desk.underWay, now });
  const { offers } = desk;
  if (found.moving.length === 0 && (offers === 0 || (input.sure === 'yes' && !input.offers)))
    return { reply: nothingToHand(asking.name, { to: asking.to, ...found, offers }), ok: false };
  const room = Math.min(MOST_AT_ONCE, await leftOfTheDay(store, actor.id));
  const first = found.moving.slice(0, room);
  const shown = input.shown === undefined ? first : marked(found.moving, input.shown);
  const many = shownIn(input);
  const isLost = many !== undefined && shown.length === 0 && (many > 0 || !input.offers || offers === 0);
  const moving = isLost ? first : shown;
  if ((room === 0 && found.moving.length > 0) || moving.length > room)
    return { reply: dayUsedUp(found.moving.length), ok: false };
  const rest = moving.length === 0 ? 0 : restOf(found.moving, moving, desk);
  return { ...asking, desk, moving, staying: found.staying, rest, room, ...(isLost ? { lost: many } : {}) };
}

/** How many deals the form showed. */
const shownIn = ({ shown }: Input): number | undefined =>
  shown === undefined ? undefined : shown.length / MARK_LENGTH;

type Movable = Loaded & { deal: Owned };

interface Plan extends Asking {
  desk: DeskOf;
  moving: readonly Movable[];
  staying: readonly (Loaded & { why: string; state: StayingState })[];
  rest: number;
  room: number;
  /** The form showed so many deals, and nothing of what it showed can go any more. */
  lost?: number;
}

const restOf = (all: readonly Movable[], moving: readonly Movable[], { beyond }: DeskOf): number =>
  all.length - moving.length + beyond;

const isShort = ({ rest, room }: Plan): boolean => rest > 0 && room < MOST_AT_ONCE;

function ask(plan: Plan, { offers }: Input) {
  const { name, to, moving, staying, rest, desk, lost } = plan;
  return handOverForm(name, {
    ...{ to, moving, staying, rest, isShort: isShort(plan), offers: desk.offers },
    ...(lost === undefined ? {} : { lost }),
    shown: moving.map(({ deal }) => mark(deal.id)).join(''),
    ...(offers ? { offersToo: offers } : {}),
  });
}

/** Undefined where somebody changed all of it meanwhile: decide anew. */
async function carryOut(plan: Plan, input: Input, context: Context): Promise<Result | undefined> {
  const { store, actor, key, source, until } = context;
  const { name, to, moving, desk } = plan;
  const handings: Handing[] = moving.map(({ deal, version }) => ({
    ...{ dealId: deal.id, version, wish: handing(deal, to) },
  }));
  context.writes();
  const offers = input.offers && desk.offers > 0 ? await offersOf(name.from, to, context) : undefined;
  const act = { key, verb: 'hand-over', personId: actor.id, source, until };
  const ids = await handOverAll(store, act, handings, offers);
  if (ids.length === 0) return undefined;
  const changes = await changesById(store, ids);
  const deals = changes.filter(({ wish }) => wish.kind !== 'offer');
  const asked = deals.filter(({ wish }) => !isLocal(wish));
  const wereShown = shownIn(input) ?? moving.length;
  const stays = input.shown === undefined ? staysInShort(name, plan.staying) : [];
  const reply = handedNote(name, {
    ...{ stays, to, rest: plan.rest, isShort: isShort(plan), offers: changes.length - deals.length },
    ...{ atOnce: deals.length - asked.length, asked: asked.length, leftOut: wereShown - deals.length },
  });
  // Whoever waits is shown the outcome instead of this: not where this says what is left to do.
  const isAll = plan.rest === 0 && wereShown === deals.length;
  return {
    reply,
    changeIds: isAll && asked.length > 0 ? ids : [],
    ...(stays.length > 0 ? { besides: stays } : {}),
  };
}

/** Also to whoever covers the desk they go to. */
async function offersOf(from: Person, to: Person, { store, actor, now }: Context): Promise<OffersToo> {
  const coverId = (await coversNow(store, now)).get(to.id)?.coverId;
  const cover = coverId === undefined || coverId === from.id ? undefined : await personById(store, coverId);
  return { from, to, by: actor, now, ...(cover ? { cover } : {}) };
}

/** The same act again: what it asked for stands. */
async function again(ids: string[], { store, now }: Context): Promise<Result> {
  const changes = await changesById(store, ids);
  const asked = changes.filter(({ wish }) => !isLocal(wish));
  const reply = handOverReceipt(await asTheySee(store, changes, now), now) ?? note('It is done already.');
  return { reply, changeIds: asked.length > 0 ? ids : [] };
}

const mark = (id: string): string =>
  createHash('sha256').update(id).digest('base64url').slice(0, MARK_LENGTH);

function marked(found: readonly Movable[], shown: string): Movable[] {
  const marks = new Set(shown.match(/.{6}/g) ?? []);
  return found.filter(({ deal }) => marks.has(mark(deal.id)));
}
