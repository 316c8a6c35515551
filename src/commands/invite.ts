import { z } from 'zod';
import { needsProof } from '../pipeline/identity.ts';
import { againAt, standingOf } from '../pipeline/invitation.ts';
import { mayManage } from '../pipeline/roster.ts';
import { enact } from '../store/changes.ts';
import {
  decline,
  type Guest,
  guests,
  invite as inviteAll,
  invitedBy,
  isAsked,
  isChatOpen,
} from '../store/invitations.ts';
import { isStrict, linksOf } from '../store/links.ts';
import { ownSchedule, scheduling } from '../store/subscriptions.ts';
import { areTermsConfirmed } from '../store/terms.ts';
import {
  declinedNote,
  everybodyForm,
  invitedNote,
  inviteForm,
  noChatOpen,
  noInvitation,
  notOnRoster,
  type Sorted,
  termsFirst,
  usesAlready,
  welcomeNote,
} from '../views/invite.ts';
import { nobodyCalled } from '../views/people.ts';
import { scheduleNote, YOURS } from '../views/schedule.ts';
import { problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';
import { meantAmong, namesIn } from './deal.ts';
import { tableOf, wishOf } from './schedule.ts';

const SUMMARY = 'Invite colleagues on the roster who have never used ace-desk in chat';
/** As many as a morning tells without a platform minding. */
const MOST = 200;
const TOO_MANY = `At most ${MOST} people at once. Nobody was invited.`;

const Input = z.object({
  /** Names, e-mails or ids, separated by commas or "and"; or "everybody". */
  people: z
    .string()
    .max(100 * MOST, TOO_MANY)
    .optional(),
  /** accept, decline: the answer of whoever was invited. */
  do: z.enum(['everybody', 'accept', 'decline']).optional(),
  /** How many the form said it would invite. */
  shown: z.coerce.number().int().min(0).max(10_000).optional(),
  sure: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** Asks colleagues to come, for those who keep the roster; and takes their answer, which is anybody's own. */
export const invite = command({
  verb: 'invite',
  about: 'organise',
  summary: SUMMARY,
  summaryFor: (actor) => (mayManage(actor) ? SUMMARY : undefined),
  usage: 'invite <people> [(yes)]',
  more: [
    'invite Priya, Tom: each gets one private message in Slack or Teams, and nothing more unless they say yes.',
    'invite everybody: all on the roster who have never used it; it counts them first, and (yes) says that you are sure.',
    'Nobody is invited twice within 30 days, or within 90 after a no.',
  ],
  takesDeal: false,
  opensForm: ({ people, do: act, sure }) =>
    act === 'everybody' ? sure === undefined : act === undefined && people === undefined,
  leavesUnlinked: ({ do: act }) => act === 'decline',
  input: Input,
  async run(input, context) {
    if (input.do === 'accept') return welcome(context);
    if (input.do === 'decline') return refuse(context);
    const { actor, store } = context;
    if (!mayManage(actor)) return no(NOT_YOURS);
    if (!(await areTermsConfirmed(store))) return { reply: termsFirst(), ok: false };
    if (!(await isChatOpen(store))) return { reply: noChatOpen(), ok: false };
    return asked(input, context);
  },
});

const NOT_YOURS = 'Only the alliance lead and the alliance team invite colleagues. Ask one of them.';
const NOT_YOURSELF = 'You are in already: say “desk” in Slack or Teams.';

const no = (text: string): Result => ({ reply: problem(text), ok: false });

async function asked(input: Input, context: Context): Promise<Result> {
  const { store, actor, key, now } = context;
  const all = await guests(store);
  const before = await invitedBy(store, key);
  // The same act again: it was done.
  if (before.length > 0) return { reply: await noteOf(ofIds(all, before), { ...NOBODY, late: [] }, context) };
  const people = input.people?.trim();
  if (input.do === 'everybody' || (people !== undefined && EVERYBODY.test(people)))
    return everybody(input, all, context);
  const others = all.filter(({ id }) => id !== actor.id);
  const at = { now, timeZone: actor.timeZone };
  if (!people) return { reply: inviteForm(sortedBy(others, now), at) };
  const named = namedIn(people, all, context);
  if (typeof named === 'string') return { reply: inviteForm(sortedBy(others, now), at, named), ok: false };
  return carryOut(sortedBy(named, now), context);
}

const EVERYBODY = /^(?:everybody|everyone|all)[.!]*$/i;
const NOBODY = { uses: [], invited: [], declined: [] };

async function everybody({ sure, shown }: Input, all: readonly Guest[], context: Context): Promise<Result> {
  const { actor, now } = context;
  const sorted = sortedBy(
    all.filter(({ id }) => id !== actor.id),
    now,
  );
  const hasGrown = shown !== undefined && sorted.free.length > shown;
  if (!sure || hasGrown || sorted.free.length === 0)
    return { reply: everybodyForm(sorted, { most: MOST, hasGrown, now, timeZone: actor.timeZone }) };
  return carryOut({ free: sorted.free.slice(0, MOST), ...NOBODY }, context);
}

/** Everybody whom the words name, once each; or what is wrong with the first that names nobody. */
function namedIn(said: string, all: readonly Guest[], { actor }: Context): Guest[] | string {
  const parts = namesIn(said.replace(/\s+to\s+(?:ace[- ]?desk|slack|teams)[.!]*$/i, ''));
  const found = new Map<string, Guest>();
  for (const part of parts) {
    const person = meantAmong(part, all, actor);
    if (typeof person === 'string') return person === nobodyCalled(part) ? notOnRoster(part) : person;
    if (person.id === actor.id) return NOT_YOURSELF;
    const guest = all.find(({ id }) => id === person.id);
    if (guest) found.set(guest.id, guest);
  }
  return found.size > MOST ? TOO_MANY : [...found.values()];
}

type SortedGuests = Omit<Sorted, 'free'> & { free: readonly Guest[] };

function sortedBy(people: readonly Guest[], now: Date): SortedGuests {
  const of = (standing: string) => people.filter((it) => standingOf(it, now) === standing);
  const dated = (some: readonly Guest[]) =>
    some.flatMap((person) => (person.invited ? [{ person, again: againAt(person.invited) }] : []));
  return {
    free: of('free'),
    uses: of('uses'),
    invited: dated(of('invited')),
    declined: dated(of('declined')),
  };
}

async function carryOut({ free, ...left }: SortedGuests, context: Context): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  if (free.length > 0) {
    context.writes();
    await inviteAll(store, { key, verb: 'invite', personId: actor.id, source, until }, free, now);
  }
  const ids = await invitedBy(store, key);
  const invited = ofIds(free, ids);
  const late = free.filter(({ id }) => !ids.includes(id));
  return { reply: await noteOf(invited, { ...left, late }, context), ok: invited.length > 0 };
}

type Others = Omit<SortedGuests, 'free'> & { late: readonly Guest[] };

/** Who is asked for a code is said beforehand: their yes alone does not do. */
async function noteOf(invited: readonly Guest[], others: Others, { store, actor, now }: Context) {
  const codes = (await isStrict(store)) ? invited.filter(needsProof) : [];
  return invitedNote(invited, { ...others, codes }, { now, timeZone: actor.timeZone });
}

const ofIds = (people: readonly Guest[], ids: readonly string[]): Guest[] =>
  people.filter(({ id }) => ids.includes(id));

/**
 * By pressing it they have come, by the rules of any first use, and the planner sees to the rest; but a digest that they had
 * switched off comes again by their word alone.
 */
async function welcome(context: Context): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  const found = await ownSchedule(store, actor.id);
  const wish = wishOf(found, { isOff: false }, now);
  if (found.subscription?.isOff) {
    context.writes();
    const act = { key, verb: 'invite', personId: actor.id, source, until };
    await enact(store, act, [scheduling(actor.id, wish, now)]);
  }
  return { reply: welcomeNote(scheduleNote(YOURS, tableOf(wish, found), { now, nextAt: wish.nextAt })) };
}

/** To who was invited and has shown by a code that it is them: when their digest comes; else nothing. */
export async function digestWord({ store, actor, now }: Context): Promise<readonly string[]> {
  if (!(await isAsked(store, actor.id))) return [];
  const found = await ownSchedule(store, actor.id);
  const wish = wishOf(found, {}, now);
  const { text, lines = [] } = scheduleNote(YOURS, tableOf(wish, found), { now, nextAt: wish.nextAt });
  return [text, ...lines];
}

/** Their account is not linked by it: who says no has not come. */
async function refuse(context: Context): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  if ((await linksOf(store, actor.id)).length > 0) return { reply: usesAlready() };
  context.writes();
  const act = { key, verb: 'invite', personId: actor.id, source, until };
  return { reply: (await decline(store, act, now)) ? declinedNote() : noInvitation() };
}
