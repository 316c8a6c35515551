import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { dayIn, isDay, plainDay } from '../pipeline/calendar.ts';
import { awayThen, type Cover, daysErrors, overlaps } from '../pipeline/cover.ts';
import type { Day } from '../pipeline/deal.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import { mayManage } from '../pipeline/roster.ts';
import { enact } from '../store/changes.ts';
import { reachOf } from '../store/cover-reach.ts';
import { covering, coversAhead, type KnownCover, seenBy, type Tell } from '../store/covers.ts';
import { everybody } from '../store/people.ts';
import { sight } from '../store/sight.ts';
import { sqlState, UNIQUE_VIOLATION } from '../store/sql-error.ts';
import { coverInWords, unheard } from '../views/cover.ts';
import { coverForm, eitherInWords, insteadForm, type Standing } from '../views/cover-form.ts';
import { type CoverFound, coverSet } from '../views/cover-set.ts';
import { personName } from '../views/people.ts';
import { done, type Form, problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';
import { end, isTold, nameIn, namesOf, noticeOf, refuse } from './cover-end.ts';
import { dutiesOf, NOT_YOURS, whoCovers } from './cover-lines.ts';
import { meantAmong } from './deal.ts';

const Name = z.string().max(200, 'No name is that long here.').optional();
const SaidDay = z.string().max(100, 'No day is that long.').optional();
const Input = z.object({
  do: z.enum(['off', 'refuse', 'who']).optional(),
  /** Whose desk: a name, an e-mail or an id; absent: the asker's own. */
  whose: Name,
  /** Who covers. */
  person: Name,
  fromDate: SaidDay,
  untilDate: SaidDay,
  /** Typed so that `person` may cover the asker's desk, or be away themselves. */
  either: z.literal('yes').optional(),
  /** From a button: which cover is refused, ended, or gives its place to another. Nobody types it. */
  cover: z.uuid('That is no cover’s id.').optional(),
  sure: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** A colleague looks after a desk while its owner is away; what they see is still decided by their own role. */
export const cover = command({
  verb: 'cover',
  about: 'organise',
  opensForm: (input) => input.do === undefined && (input.person === undefined || input.either !== undefined),
  summary: 'Away? A colleague gets your offers and digest',
  usage: 'cover until <untilDate>: <person> [(from <fromDate>)] [(yes)]',
  more: [
    'They get your offers, the acceptance clock and, where they have a digest, yours with it; what they see is decided by their own role.',
    'Where there is a chat they must have used ace-desk in it: else nothing would reach them. Where their digest is off or paused, yours stays with you.',
    'The days are those of whoever is away, the last one within; 60 at most. (from Monday) begins later than today.',
    'Also “cover my desk until 5 Dec: Tom Keller”, “cover until Friday with Tom”, “cover by Tom from Monday until Friday”. “cover off” ends it.',
    'One colleague covers a desk: where there is one, (yes) puts the new one in their place.',
    'The alliance lead and team may set it for somebody else: “cover Priya’s desk until Friday: Tom”; “cover off Priya Raman” ends that.',
    '“who covers me”, “who covers Tom” say who does. Also “cover next week: Tom”, “I am on holiday until Friday”.',
  ],
  takesDeal: false,
  input: Input,
  async run(input, context) {
    const people = await everybody(context.store);
    if (input.do === 'refuse') return refuse(input.cover ?? '', people, context);
    const whose = input.whose ? meantAmong(input.whose, people, context.actor) : context.actor;
    if (typeof whose === 'string') return no(whose);
    const away = people.find(({ id }) => id === whose.id);
    if (!away) return no('There is no desk of theirs here.');
    if (away.id !== context.actor.id && !mayManage(context.actor))
      return isQuestion(input) ? { reply: await whoCovers(away, context) } : no(NOT_YOURS);
    if (input.do === 'who') return { reply: await whoCovers(away, context) };
    if (input.do === 'off') return end({ away, id: input.cover }, people, context);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const result = await decide(input, away, people, context);
      if (result) return result;
    }
    return no('Somebody else is changing this cover at this very moment. Nothing was changed; say it again.');
  },
});

const TRIES = 3;

/** Whose desk, and no more. */
const isQuestion = (input: Input): boolean =>
  input.do === 'who' ||
  [input.do, input.person, input.fromDate, input.untilDate].every((it) => it === undefined);

const no = (text: string): Result => ({ reply: problem(text), ok: false });

/** Undefined where somebody else set one meanwhile. */
async function decide(
  input: Input,
  away: Colleague,
  people: readonly Colleague[],
  context: Context,
): Promise<Result | undefined> {
  const { store, actor, now } = context;
  const today = dayIn(now, away.timeZone);
  const ahead = await coversAhead(store, now);
  const stands = ahead.find(({ personId }) => personId === away.id);
  const days = { from: input.fromDate ?? today, until: input.untilDate ?? '' };
  const asking = { input, away, people, today, ahead, ...(stands ? { stands } : {}) };
  if (!input.person) return { reply: ask(asking, context, input.untilDate ? daysErrors(days, today) : {}) };
  const named = meantAmong(input.person, people, actor);
  const wrong = {
    ...(typeof named === 'string' ? { person: named } : {}),
    ...(input.untilDate ? daysErrors(days, today) : { untilDate: 'Until which day?' }),
  };
  const isWhole = Object.keys(wrong).length === 0;
  const why = typeof named === 'object' && isWhole && (await doubt(context, named, days, asking));
  const errors = why ? { person: why } : wrong;
  if (typeof named === 'string' || Object.keys(errors).length > 0)
    return { reply: ask(asking, context, errors), ok: false };
  const wanted = { id: randomUUID(), personId: away.id, coverId: named.id, byId: actor.id, ...days };
  if (stands && stands.coverId === named.id && stands.from === days.from && stands.until === days.until)
    return { reply: done(`${standing(stands, asking, actor).words} So it stands.`) };
  // A yes that was pressed is one to the cover that stood then; typed, to whoever stands.
  const isSure = input.sure === 'yes' && (input.cover === undefined || input.cover === stands?.id);
  if (stands && stands.coverId !== named.id && !isSure)
    return { reply: insteadForm(wanted, personName(named), standing(stands, asking, actor), today) };
  return set(wanted, asking, context);
}

const standing = (stands: KnownCover, asking: Asking, actor: Person): Standing => ({
  ...{ id: stands.id, from: stands.from, until: stands.until },
  words: coverInWords(stands, namesOf(stands, asking, actor), actor),
});

interface Asking {
  input: Input;
  away: Colleague;
  people: readonly Colleague[];
  /** Of whoever is away. */
  today: Day;
  /** All covers that are not over. */
  ahead: readonly KnownCover[];
  stands?: KnownCover;
}

/** What keeps that colleague from it, or is to be asked first. */
const doubt = async (
  context: Context,
  named: Person,
  days: Pick<Cover, 'from' | 'until'>,
  asking: Asking,
): Promise<string | undefined> =>
  (await unfit(context, named, days, asking)) ??
  (asking.input.either && eitherInWords(personName(named), days, asking.today));

/** Why that colleague cannot cover this desk in these days. */
async function unfit(
  { store, actor }: Context,
  named: Person,
  days: Pick<Cover, 'from' | 'until'>,
  { away, ahead, today }: Asking,
): Promise<string | undefined> {
  if (named.id === away.id) return 'Nobody covers their own desk. Choose a colleague.';
  const gone = awayThen(named.id, days, ahead);
  if (gone)
    return `${personName(named)} is away then too, until ${plainDay(gone.until, today)}. Choose somebody else.`;
  return (await reachOf(store, named.id, days.from)).hears ? undefined : unheard(personName(named), actor);
}

/** Who is away in the days that are asked about is not offered. */
function ask(asking: Asking, { actor, now }: Context, errors: Record<string, string | undefined>): Form {
  const { input, away, people, today, ahead, stands } = asking;
  const [from, until] = [input.fromDate, input.untilDate].map((day) => (day && isDay(day) ? day : undefined));
  const days = { from: from ?? today, until: until ?? from ?? dayIn(now, away.timeZone) };
  const free = people.filter(({ id }) => id !== away.id && !awayThen(id, days, ahead));
  const said = input.person && meantAmong(input.person, free, actor);
  const named = free.find(({ id }) => typeof said === 'object' && id === said.id);
  const answers = {
    fromDate: days.from,
    ...(until ? { untilDate: until } : {}),
    ...(named ? { person: named.id } : {}),
  };
  return coverForm(away, free, answers, {
    ...(away.id === actor.id
      ? { duties: dutiesOf(ahead, people, { actor, now }) }
      : { whose: personName(away) }),
    ...(stands ? { stands: standing(stands, asking, actor) } : {}),
    errors: Object.fromEntries(Object.entries(errors).flatMap(([id, text]) => (text ? [[id, text]] : []))),
  });
}

async function set(wanted: Cover, asking: Asking, context: Context): Promise<Result | undefined> {
  const { store, actor, key, source, until, now } = context;
  const { away, people, today, ahead, stands } = asking;
  const gaps = ahead.filter((it) => it.coverId === away.id && overlaps(it, wanted));
  context.writes();
  try {
    const act = { key, verb: 'cover', personId: actor.id, source, until };
    const tells = tellsOf(wanted, actor, stands, gaps);
    await enact(
      store,
      act,
      covering(wanted, { now, today, tells, ...(stands ? { instead: stands.id } : {}) }),
    );
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return undefined;
    throw error;
  }
  const written = (await coversAhead(store, now)).find(({ personId }) => personId === away.id);
  const colleague = people.find(({ id }) => id === wanted.coverId);
  if (!written || !colleague || written.coverId !== wanted.coverId) return undefined;
  const found = await foundBeside(written, colleague, { away, people, gaps }, context);
  return { reply: coverSet(written, namesOf(written, asking, actor), actor, found) };
}

/** What stands beside it: what the cover sees, where the digest goes, and whom a message finds. */
async function foundBeside(
  { from }: Cover,
  colleague: Colleague,
  { away, people, gaps }: Pick<Asking, 'away' | 'people'> & { gaps: readonly KnownCover[] },
  { store, now }: Context,
): Promise<CoverFound> {
  const { digest } = await reachOf(store, colleague.id, from);
  const told = (it: KnownCover) => isTold(store, it.personId, now);
  return {
    seen: await seenBy(store, [away.email, ...away.otherEmails], sight(colleague)),
    gaps: await Promise.all(
      gaps.map(async (it) => ({ name: nameIn(people, it.personId), isTold: await told(it) })),
    ),
    isAwayTold: await isTold(store, away.id, now),
    ...(digest ? { digest } : {}),
  };
}

/** Nobody is told what they just did themselves. */
function tellsOf(
  wanted: Cover,
  actor: Person,
  stands: KnownCover | undefined,
  gaps: readonly KnownCover[],
): Tell[] {
  const { from, until } = wanted;
  const gone = stands && stands.coverId !== wanted.coverId ? stands : undefined;
  const tells: Tell[] = [
    { personId: wanted.coverId, notice: noticeOf('asked', wanted) },
    { personId: wanted.personId, notice: noticeOf('set', wanted) },
    ...(gone ? [{ personId: gone.coverId, notice: { ...noticeOf('ended', gone), byId: wanted.byId } }] : []),
    ...gaps.map((it) => ({ personId: it.personId, notice: { ...noticeOf('gap', it), from, until } })),
  ];
  return tells.filter(({ personId }) => personId !== actor.id);
}
