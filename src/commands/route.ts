import type { Person } from '../pipeline/person.ts';
import { mayManage } from '../pipeline/roster.ts';
import {
  FITS_FIELDS,
  MAX_ROUTES,
  type Route,
  readFits,
  takesAll,
  takesAllBefore,
} from '../pipeline/routing.ts';
import { oneLine } from '../pipeline/text.ts';
import { type Also, actedBefore, enact } from '../store/changes.ts';
import { everybody } from '../store/people.ts';
import type { RoomKey } from '../store/rooms.ts';
import { endingRoute, type KnownRoute, raisingRoute, routesOf, savingRoute } from '../store/routes.ts';
import { sqlState, UNIQUE_VIOLATION } from '../store/sql-error.ts';
import {
  answersOfRoute,
  beforeInWords,
  earlierButton,
  fitsInWords,
  goesTo,
  type RouteAnswers,
  routeForm,
  routesList,
  takesAllForm,
} from '../views/route.ts';
import { quoted } from '../views/terms.ts';
import { done, problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';
import { mayAnswer } from './room.ts';
import {
  errandOf,
  Input,
  isSame,
  nameError,
  type RouteInput,
  readPeople,
  slipError,
  taken,
} from './route-input.ts';

const SUMMARY =
  'Where new referrals and leads go by themselves: whom they are offered to, where they are posted';

/** Rules that send new referrals and leads on; applied by the acceptance clock (bot/clocks.ts). */
export const route = command({
  verb: 'route',
  about: 'organise',
  summary: SUMMARY,
  summaryFor: (actor) => (mayManage(actor) ? SUMMARY : undefined),
  usage:
    'route [<what>] [(country <countries>)] [(industry <industries>)] [(solution <solutions>)] [(campaign <campaign>)] [(value <atLeast>)] [(to <people>)] [(here)] [(yes)]',
  more: [
    'route: the rules, in their order; the first that fits counts. route Nordics: that rule.',
    'route add Nordics (country SE, NO) (to Tom): offers what comes from there to Tom. Several values are separated by commas.',
    '(industry Retail), (solution data lake), (campaign webinar), (value 10000 USD) ask for more; all that is given must fit.',
    '(here) posts a live card into the channel where you say it.',
    'route edit Nordics (country DE): changes that part, and leaves the rest.',
    'A rule without a condition takes every referral and lead: that is asked once; (yes) says that you are sure.',
    'route remove Nordics: ends it. route up Nordics: tries it earlier.',
  ],
  takesDeal: false,
  opensForm: ({ do: act }) => act === 'add' || act === 'edit',
  input: Input,
  async run(given, context) {
    if (!mayManage(context.actor)) return refused(NOT_YOURS);
    const routes = await routesOf(context.store);
    const input = { ...given, ...errandOf(given.what ?? '', routes) };
    const people = await everybody(context.store);
    if (!input.do && !input.name && !input.route) return { reply: routesList(routes, people) };
    const desk = { routes, people, context };
    // A second press of the same: it is done, and its name is taken by itself.
    if (await actedBefore(context.store, context.key)) return { reply: routesList(routes, people) };
    if (input.do === 'save' || (input.do === 'add' && saysMore(input))) return save(input, desk);
    if (input.do === 'add') return ask({ name: input.name }, undefined, desk, slipError(input.name, people));
    const it = routes.find(({ id, name }) => (input.route ? id === input.route : isSame(name, input.name)));
    if (!it && input.route)
      return refused('That rule is gone: somebody has removed it. Nothing was changed.');
    if (!it && !input.name)
      return refused(`Which rule? Say its name: “route ${input.do} Nordics”. “route” shows them all.`);
    if (!it)
      return refused(`There is no rule called ${quoted(input.name ?? '', 60)}. “route” shows them all.`);
    if ((input.do === 'remove' || input.do === 'up') && saysMore(input)) return refused(NAME_ALONE);
    if (input.do === 'remove' || input.do === 'up') return move(input.do, it, desk);
    return saysMore(input) ? save(changed(it, input, people), desk) : ask(answersOfRoute(it), it, desk);
  },
});

const NOT_YOURS =
  'Only the alliance lead and the alliance team say where new referrals and leads go. Ask one of them; nothing was changed.';

/** "remove Nordics (countries SE)" may be another rule, which is called so. */
const NAME_ALONE =
  'Say the rule’s name alone, without what stands in parentheses, or press its button: “route” shows them all. Nothing was changed.';

interface Desk {
  routes: readonly KnownRoute[];
  people: readonly Person[];
  context: Context;
}

const refused = (text: string): Result => ({ reply: problem(text), ok: false });

/** A line that says what the rule is about is the rule; a name alone opens the form. */
const saysMore = (input: RouteInput): boolean =>
  input.name !== undefined &&
  (FITS_FIELDS.some((field) => input[field]) || input.people !== undefined || input.here !== undefined);

/** The rule as it is, but for what is said anew. Whoever is no ACE user any more is left out. */
const changed = (it: KnownRoute, said: RouteInput, people: readonly Person[]): RouteInput => ({
  ...{
    ...answersOfRoute(it),
    people: ofUsers(people)
      .filter(({ id }) => it.offerTo.includes(id))
      .map(({ id }) => id)
      .join(),
  },
  ...said,
  ...{ name: it.name, route: it.id, place: said.here ? 'here' : it.room ? 'kept' : 'nowhere' },
});

const ofUsers = (people: readonly Person[]): Person[] => people.filter(({ role }) => role === 'ACE user');

async function ask(
  answers: RouteAnswers,
  it: KnownRoute | undefined,
  { routes, people, context }: Desk,
  errors: Record<string, string> = {},
  room?: string,
): Promise<Result> {
  // A form without a channel is better than none.
  const place = await context.room?.(room).catch(() => undefined);
  const route = it && { id: it.id, nth: routes.indexOf(it), isPosted: it.room !== undefined };
  const here = place && { conversation: place.conversation, name: place.name };
  const reply = routeForm(answers, { route, people: ofUsers(people), here, errors });
  return { reply, ok: Object.keys(errors).length === 0 };
}

async function save(input: RouteInput, desk: Desk): Promise<Result> {
  const { routes, people, context } = desk;
  const it = routes.find(({ id }) => id === input.route);
  if (input.route && !it) return refused('That rule is gone: somebody has removed it. Nothing was saved.');
  if (!it && routes.length >= MAX_ROUTES)
    return refused(`There are ${MAX_ROUTES} rules, which is all there may be.`);
  const name = oneLine(input.name ?? '');
  const read = readFits(input);
  const who = readPeople(input.people ?? '', people, context.actor);
  const room = await placeOf(input, it, context);
  const errors: Record<string, string> = {
    ...nameError(name, it, desk),
    ...('errors' in read ? read.errors : {}),
    ...(who.error ? { people: who.error } : {}),
    ...(typeof room === 'string' ? { place: room } : {}),
  };
  if (!who.error && who.ids.length === 0 && room === undefined) errors.people = NO_GOAL;
  if (Object.keys(errors).length > 0 || 'errors' in read || typeof room === 'string')
    return ask({ ...input, people: who.ids.join() }, it, desk, errors, input.room);
  if (!input.sure && takesAll(read.fits) && !(it && takesAll(it.fits)))
    return { reply: takesAllForm({ ...input, name, people: who.ids.join() }, room, people) };
  const wanted = {
    name,
    fits: read.fits,
    offerTo: who.ids,
    ...(room ? { room } : {}),
    byId: context.actor.id,
  };
  return write(wanted, it, input, desk);
}

const NO_GOAL = 'Choose whom it is offered to, or post it in a channel: else the rule would send it nowhere.';

async function write(
  wanted: Omit<Route, 'id'>,
  it: KnownRoute | undefined,
  input: RouteInput,
  desk: Desk,
): Promise<Result> {
  try {
    await act(savingRoute({ ...wanted, ...(it ? { id: it.id } : {}) }, desk.context.now), desk.context);
  } catch (error) {
    // Somebody was faster with that name.
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    return ask(
      { ...input, people: wanted.offerTo.join() },
      it,
      desk,
      { name: taken(wanted.name) },
      input.room,
    );
  }
  const { name, fits } = wanted;
  const said = `${quoted(name, 60)}: ${fitsInWords(fits)} → ${goesTo(wanted, desk.people)}.`;
  const routes = await routesOf(desk.context.store);
  const saved = routes.find((other) => isSame(other.name, name));
  const before = saved && takesAllBefore(routes, saved);
  if (!saved || !before)
    return { reply: done(`Saved. ${said}`, ['It counts for what arrives from now on.']) };
  const reply = done(`Saved. ${said}`, [beforeInWords(before, saved)]);
  return { reply: { ...reply, buttons: [earlierButton(saved.id)] } };
}

/** Undefined: posted nowhere. A text: why not there. Nobody posts to others' rooms. */
async function placeOf(
  { place, here, room }: RouteInput,
  it: KnownRoute | undefined,
  context: Context,
): Promise<RoomKey | string | undefined> {
  if (place === 'kept') return it?.room;
  if (place !== 'here' && here === undefined) return undefined;
  const found = await context.room?.(room);
  if (!found || !mayAnswer(found, context))
    return 'Say it in the channel where the card is to stand, as one who reads along there.';
  const { source } = context;
  return { platform: source.platform, tenant: source.tenant, room: found.conversation };
}

async function move(what: 'remove' | 'up', it: KnownRoute, { people, context }: Desk): Promise<Result> {
  const { store, now } = context;
  await act(what === 'remove' ? endingRoute(it.id, now) : raisingRoute(it.id), context);
  if (what === 'up') return { reply: routesList(await routesOf(store), people) };
  const was = `It was: ${fitsInWords(it.fits)} → ${goesTo(it, people)}.`;
  return { reply: done(`${quoted(it.name, 60)} is removed: nothing more goes by it.`, [was]) };
}

async function act(also: Also, { store, actor, key, source, until, writes }: Context): Promise<void> {
  writes();
  await enact(store, { key, verb: 'route', personId: actor.id, source, until }, [also]);
}
