/** Intent → Reply: who is it, what is asked, may it be answered now; then the command does its one thing. */
import { type Command, type Context, type Result, readInput, type Settings } from '../commands/command.ts';
import type { Log } from '../log.ts';
import { UserError } from '../pipeline/errors.ts';
import type { Wanted } from '../pipeline/notice.ts';
import type { Person } from '../pipeline/person.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { actedBefore, asksAws, TooLate } from '../store/changes.ts';
import { lookAtRoomDigests } from '../store/digest-looks.ts';
import { holdsSomebody } from '../store/links.ts';
import { keepPosting, shutCopies } from '../store/postings.ts';
import { lookAnew, lookAnewAll } from '../store/rooms.ts';
import type { Store } from '../store/store.ts';
import { areTermsConfirmed } from '../store/terms.ts';
import { noteUnanswered } from '../store/told.ts';
import { noAddress, withTermsReminder } from '../views/access.ts';
import { type Note, note, problem, type Reply } from '../views/view.ts';
import { forgetAround, placeOf } from './around.ts';
import { digestOf } from './copies.ts';
import { notYet } from './first-reading.ts';
import { glimpsesOf, keepGlimpse } from './glimpse.ts';
import { type Asked, heard, meantBy, remember } from './heard.ts';
import { showHome } from './home.ts';
import type { Answer, Desk, Intent, Messenger, Platform, Sender, Utterance } from './intent.ts';
import { optionsFor } from './options.ts';
import { foundAgain } from './rooms.ts';
import type { Settling } from './settling.ts';
import { type How, identify, turnedAway } from './strangers.ts';
import { named, saidUnder } from './threads.ts';
import { answerTo, howMeant } from './unlinked.ts';

export interface House {
  store: Store;
  commands: readonly Command[];
  settling: Settling;
  settings: Settings;
  log: Log;
  now: () => Date;
  /** The ways out that are open, also those opened later. */
  messengers?: ReadonlyMap<Platform, Messenger>;
}

/** A door that names no limit (the console) waits this long for a commit. */
const PATIENCE_MS = 30_000;
const NOT_TAKEN =
  'Not taken, nothing changed: the desk could not write it down in time. Press again, or say it again.';
const OUR_FAULT =
  'Something went wrong on our side; nothing was changed. Try again, and tell whoever runs ace-desk if it stays.';
const TAKEN_ALL_THE_SAME =
  'It was taken down and is on its way to AWS; only showing it went wrong. “history” shows what comes of it.';
const DONE_ALL_THE_SAME = 'It was done, and stays so; only showing it went wrong. Do not say it again.';
const CANNOT_TELL =
  'The database does not answer, so I cannot tell whether that was taken. Press the same button again in a minute: it never counts twice. “history” shows what was taken.';

export function createDesk(house: House): Desk {
  const { store, now } = house;
  return {
    handle: (intent, until) => handled(house, intent, until),
    say: (utterance, until) => said(house, utterance, until),
    options: (asking) => optionsFor(house, asking),
    home(from, why, publish) {
      return showHome(house, this, from, why, publish);
    },
    glimpses: (linked) => glimpsesOf(house, linked),
    glimpsed: (card, from, ref) => keepGlimpse(house, card, from, ref),
    knows: (account) => holdsSomebody(store, account),
    left: (account) => shutCopies(store, account),
    async joined(platform, at) {
      const { tenant, conversation: room } = at;
      const messenger = house.messengers?.get(platform);
      if (messenger) forgetAround(messenger, at);
      await lookAtRoomDigests(store, { platform, tenant, ...(room === undefined ? {} : { room }) });
      await (room === undefined
        ? lookAnewAll(store, { platform, tenant })
        : lookAnew(store, { platform, tenant, room }));
    },
    async posted({ reply, role }, from, ref) {
      const actor = await identify(store, from, 'looking');
      if (!actor?.id || actor.barred || reply.kind !== 'card' || !reply.copyOf) return;
      const { id: dealId, version } = reply.copyOf;
      await keepPosting(store, {
        dealId,
        version,
        shown: digestOf(reply),
        personId: actor.id,
        platform: from.platform,
        ...(role ? { role } : {}),
        timeZone: from.timeZone ?? null,
        ref,
      });
    },
    unanswered: ({ changeIds }) => noteUnanswered(store, changeIds),
    settled: (answer, withinMs, onProgress) => house.settling.settled(answer, withinMs, onProgress, now),
  };
}

function handled(
  house: House,
  { verb, input, from, key, pressed, under, looks }: Intent,
  until: Date | undefined,
): Promise<Answer> {
  const coming: Coming = {
    ...{ from, key, until, verb: () => verb, wanted: () => ({ verb, input: textsOf(input) }) },
    how: looks ? 'looking' : howMeant(house, { verb, input }),
  };
  return answering(house, coming, async (actor) => {
    if (pressed) await foundAgain(house, from, pressed);
    const asked = await named(house, { verb, input, from, ...(under ? { under } : {}) }, actor);
    return 'reply' in asked ? asked : { ...asked, actor };
  });
}

async function said(house: House, utterance: Utterance, until: Date | undefined): Promise<Answer> {
  const { text, from, key, under, room } = utterance;
  const answer = await answerTo(house.store, utterance);
  if (answer) return handled(house, { verb: 'invite', input: { do: answer }, from, key }, until);
  const meant = meantBy(house, text);
  const coming: Coming = {
    ...{ from, key, until, room, verb: () => meant?.verb, wanted: () => ({ text }) },
    how: howMeant(house, meant),
  };
  return answering(house, coming, async (actor) => {
    const asked = await heard(house, { text: await saidUnder(house, text, from, under), from }, actor);
    // Understood by the card under which it was said.
    if (!meant && 'verb' in asked) await identify(house.store, from);
    return asked;
  });
}

/** One act as it came in. */
interface Coming {
  from: Sender;
  /** Where it was said, when that is not where it is answered. */
  room?: string | undefined;
  key: string;
  until: Date | undefined;
  /** Undefined when what was typed was not understood. */
  verb(): Verb | undefined;
  how: How;
  /** As a newcomer takes it up again once they are let in. */
  wanted(): Wanted;
}

const textsOf = (input: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(input).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );

/** The one place that catches: a person's mistake is answered, a lateness is told as it is, a bug is logged and apologised for. */
async function answering(
  house: House,
  coming: Coming,
  ask: (actor: Person) => Asked | Promise<Asked>,
): Promise<Answer> {
  const { from, key, until, room, how } = coming;
  let wrote = false;
  const writes = () => {
    wrote = true;
  };
  try {
    const actor = await identify(house.store, from, how);
    const away = actor ? await turnedAway(house, actor, coming, house.now()) : noAddress(from.platform);
    if (!actor || away) return { reply: away ?? noAddress(from.platform), changeIds: [], ok: false };
    const asked = await ask(actor);
    if ('reply' in asked) return { reply: asked.reply, changeIds: [], ok: asked.ok };
    const result =
      (await notYet(house.store, asked.verb)) ??
      (await run(house, asked, { from, room, key, until, writes }));
    await remember(house.store, result.reply, actor, from);
    const { changeIds = [], queued = false, besides, ok = true } = result;
    const reply = await reminding(house.store, result.reply, actor);
    const more = { ...(besides ? { besides } : {}), ...(wrote && ok ? { wrote: true as const } : {}) };
    return { reply, changeIds, queued, ...more, ok, role: actor.role };
  } catch (error) {
    if (error instanceof UserError) return { reply: problem(error.message), changeIds: [], ok: false };
    if (error instanceof TooLate) return { reply: problem(NOT_TAKEN), changeIds: [], ok: false };
    house.log.error({ err: error, verb: coming.verb(), platform: from.platform }, 'an act failed');
    const reply = wrote ? await fateOf(house.store, key) : problem(OUR_FAULT);
    return { reply, changeIds: [], ok: false };
  }
}

/** Until the terms are confirmed the alliance lead is the only one in, and reads so. */
const reminding = async (store: Store, reply: Reply, actor: Person): Promise<Reply> =>
  actor.role !== 'alliance lead' || (await areTermsConfirmed(store)) ? reply : withTermsReminder(reply);

interface Circumstances extends Pick<Coming, 'from' | 'room'> {
  key: string;
  until: Date | undefined;
  writes(): void;
}

/** "Nothing was changed" is said only when that is so: a connection may break after the commit. */
async function fateOf(store: Store, key: string): Promise<Note> {
  try {
    if (!(await actedBefore(store, key))) return problem(OUR_FAULT);
    return note((await asksAws(store, key)) ? TAKEN_ALL_THE_SAME : DONE_ALL_THE_SAME);
  } catch {
    // The database that failed a moment ago fails again.
    return problem(CANNOT_TELL);
  }
}

async function run(
  house: House,
  { verb, input, actor }: Extract<Asked, { actor: Person }>,
  { from, room, key, until, writes }: Circumstances,
): Promise<Result> {
  const { store, commands, settings, now } = house;
  const command = commands.find((it) => it.verb === verb);
  if (!command) throw new UserError(`There is no “${verb}” here. “help” lists what there is.`);
  const read = readInput(command, input);
  const { platform, tenant, user, operator, conversation, timeZone } = from;
  const context: Context = {
    store,
    actor,
    key,
    writes,
    commands,
    settings,
    now: now(),
    until: until ?? new Date(now().getTime() + PATIENCE_MS),
    source: {
      platform,
      tenant,
      user,
      conversation,
      ...(operator ? { operator } : {}),
      ...(timeZone ? { timeZone } : {}),
    },
    ...placeOf(house, { tenant, conversation: room ?? conversation }, platform),
  };
  const result = await command.run(read, context);
  return { ...result, reply: withUsage(result.reply, commands) };
}

function withUsage(reply: Reply, commands: readonly Command[]): Reply {
  const usage = reply.kind === 'form' && commands.find(({ verb }) => verb === reply.verb)?.usage;
  return usage ? { ...reply, usage } : reply;
}
