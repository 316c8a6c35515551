/** Intent → Reply: who is it, what is asked, may it be answered now; then the command does its one thing. */
import type { Command, Context, Result, Settings } from '../commands/command.ts';
import type { Log } from '../log.ts';
import { UserError } from '../pipeline/errors.ts';
import type { Wanted } from '../pipeline/notice.ts';
import type { Person } from '../pipeline/person.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { actedBefore, TooLate } from '../store/changes.ts';
import { keepListing, keepPosting } from '../store/postings.ts';
import type { Store } from '../store/store.ts';
import { areTermsConfirmed } from '../store/terms.ts';
import { noAddress, withTermsReminder } from '../views/access.ts';
import { type Note, note, problem, type Reply } from '../views/view.ts';
import { placeOf } from './around.ts';
import { digestOf } from './copies.ts';
import { notYet } from './first-reading.ts';
import { glimpsesOf } from './glimpse.ts';
import { showHome } from './home.ts';
import type { Answer, Desk, Messenger, Platform, Sender } from './intent.ts';
import { optionsFor } from './options.ts';
import { resolve } from './resolve.ts';
import { foundAgain } from './rooms.ts';
import type { Settling } from './settling.ts';
import { identify, turnedAway } from './strangers.ts';
import { named, saidUnder } from './threads.ts';
import { hear } from './words.ts';

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
const CANNOT_TELL =
  'The database does not answer, so I cannot tell whether that was taken. Press the same button again in a minute: it never counts twice. “history” shows what was taken.';

export function createDesk(house: House): Desk {
  const { store, now } = house;
  return {
    handle: ({ verb, input, from, key, pressed, under }, until) =>
      answering(
        house,
        { from, key, until, verb: () => verb, wanted: () => ({ verb, input: textsOf(input) }) },
        async (actor) => {
          if (pressed) await foundAgain(house, from, pressed);
          const asked = await named(house, { verb, input, from, ...(under ? { under } : {}) }, actor);
          return 'reply' in asked ? asked : { ...asked, actor };
        },
      ),
    say: ({ text, from, key, under, room }, until) =>
      answering(
        house,
        { from, key, until, room, verb: () => verbOf(house, text), wanted: () => ({ text }) },
        async (actor) => heard(house, { text: await saidUnder(house, text, from, under), from }, actor),
      ),
    options: (asking) => optionsFor(house, asking),
    home(from, why, publish) {
      return showHome(house, this, from, why, publish);
    },
    glimpses: (linked) => glimpsesOf(house, linked),
    async posted({ reply }, from, ref) {
      const actor = await identify(store, from);
      if (!actor?.id || actor.barred || reply.kind !== 'card' || !reply.copyOf) return;
      const { id: dealId, version } = reply.copyOf;
      await keepPosting(store, {
        dealId,
        version,
        shown: digestOf(reply),
        personId: actor.id,
        platform: from.platform,
        timeZone: from.timeZone ?? null,
        ref,
      });
    },
    settled: (answer, withinMs, onProgress) => house.settling.settled(answer, withinMs, onProgress, now),
  };
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
  /** As a newcomer takes it up again once they are let in. */
  wanted(): Wanted;
}

const textsOf = (input: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(input).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );

type Asked = { verb: Verb; input: Record<string, unknown>; actor: Person } | { reply: Reply; ok: boolean };

/** The one place that catches: a person's mistake is answered, a lateness is told as it is, a bug is logged and apologised for. */
async function answering(
  house: House,
  coming: Coming,
  ask: (actor: Person) => Asked | Promise<Asked>,
): Promise<Answer> {
  const { from, key, until, room } = coming;
  let wrote = false;
  const writes = () => {
    wrote = true;
  };
  try {
    const actor = await identify(house.store, from);
    const away = actor ? await turnedAway(house, actor, coming, house.now()) : noAddress();
    if (!actor || away) return { reply: away ?? noAddress(), changeIds: [], ok: false };
    const asked = await ask(actor);
    if ('reply' in asked) return { reply: asked.reply, changeIds: [], ok: asked.ok };
    const result =
      (await notYet(house.store, asked.verb)) ??
      (await run(house, asked, { from, room, key, until, writes }));
    await remember(house.store, result.reply, actor, from);
    const { reply, changeIds = [], queued = false, ok = true } = result;
    return { reply: await reminding(house.store, reply, actor), changeIds, queued, ok };
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
    return (await actedBefore(store, key)) ? note(TAKEN_ALL_THE_SAME) : problem(OUR_FAULT);
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
  const parsed = command.input.safeParse(input);
  if (!parsed.success) throw new UserError(parsed.error.issues.map((issue) => issue.message).join(' '));
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
  const result = await command.run(parsed.data, context);
  return { ...result, reply: withUsage(result.reply, commands) };
}

function withUsage(reply: Reply, commands: readonly Command[]): Reply {
  const usage = reply.kind === 'form' && commands.find(({ verb }) => verb === reply.verb)?.usage;
  return usage ? { ...reply, usage } : reply;
}

function verbOf({ commands, now }: House, text: string): Verb | undefined {
  const understood = hear(text, { now: now(), timeZone: 'UTC', commands: [...commands] });
  return understood.kind === 'said' ? understood.said.verb : undefined;
}

/** Typed text → verb and exact deal; or what was not understood. Only suggestions are fuzzy: a guess never writes. */
async function heard(
  house: House,
  { text, from }: { text: string; from: Sender },
  actor: Person,
): Promise<Asked> {
  const { store, commands, now } = house;
  const understood = hear(text, { now: now(), timeZone: actor.timeZone, commands: [...commands] });
  if (understood.kind === 'unclear') return { reply: unclear(understood), ok: false };
  const { verb, deal: phrase, input: said, datesRead } = understood.said;
  const input = datesRead && !from.unattended ? { ...said, check: 'yes' } : said;
  if (phrase === undefined) {
    const needs = commands.find(
      (it) => it.verb === verb && it.takesDeal && !it.input.safeParse(input).success,
    );
    if (needs) throw new UserError(`Which deal? Say it like this: ${needs.usage}`);
    return { verb, input, actor };
  }
  const called = { phrase, verb, input, actor, conversation: from.conversation, now: now() };
  const found = await resolve(store, called);
  if (typeof found === 'string') return { verb, input: { ...input, id: found }, actor };
  await remember(store, found, actor, from);
  return { reply: found, ok: false };
}

function unclear({ suggestions, reason }: { suggestions: string[]; reason?: string }): Note {
  const meant = suggestions.length > 0 ? ['Did you mean:', ...suggestions.map((line) => `· ${line}`)] : [];
  return problem(reason ?? 'I did not understand that, so nothing was done.', [
    ...meant,
    '“help” lists what you can say.',
  ]);
}

/** "accept 2" means the second line of this list, for its reader, in this conversation. */
async function remember(store: Store, reply: Reply, actor: Person, from: Sender): Promise<void> {
  if (reply.kind !== 'list') return;
  const ids = reply.sections.flatMap((section) => section.items.flatMap((item) => item.id ?? []));
  if (ids.length > 0) await keepListing(store, actor.id, from.conversation, ids);
}
