/** The Teams door: one endpoint, the tenants that are served. It reads, asks the desk, draws and answers; it knows no rules. */
import { randomUUID } from 'node:crypto';
import type { Desk, Messenger } from '../bot/intent.ts';
import type { PaceClock } from '../bot/turns.ts';
import type { Log } from '../log.ts';
import { type Route, underWay } from '../web.ts';
import { type Incoming, type Of, readActivity } from './activity.ts';
import type { Response } from './answer.ts';
import { createAuth } from './auth.ts';
import { type ConnectorOptions, createConnector } from './connector.ts';
import { type Account, fetcherOf, tryToken } from './credentials.ts';
import { onFetch, onSubmit } from './dialog.ts';
import type { Budget, Door, References } from './door.ts';
import { createDraw } from './draw.ts';
import { messagesRoute } from './endpoint.ts';
import { onLink, onMessage, onSearch } from './extension.ts';
import type { Inbox } from './inbox.ts';
import type { KeysOptions } from './keys.ts';
import { createRest, type Rest } from './lost.ts';
import { onInstalled, onMembers, onRemoved } from './membership.ts';
import { createMessenger } from './messenger.ts';
import { createPace } from './pace.ts';
import { onPress, onSent } from './press.ts';
import { createProfiles } from './profiles.ts';
import { SORRY } from './strings.ts';
import { onTypeahead } from './typeahead.ts';
import { found, foundNothing, notImplemented, saidInstead, suggestions, taken, toast } from './wire.ts';
import { digestsOf, keyOfMessage, onWords } from './words.ts';

export interface TeamsOptions {
  /** Undefined: practice mode on this machine, where nobody proves who they are; then every tenant is served. */
  account?: Account;
  /** With an account: Entra tenant ids, lower case. */
  tenants?: readonly string[];
  references: References;
  desk: Desk;
  inbox: Inbox;
  log: Log;
  now(): Date;
  /** A card that breaks a limit of Teams throws, instead of going out as plain text. */
  development: boolean;
  /** Default: commits within 1.5 s, answers within 2.2 s. Teams gives up after 5. */
  budget?: Budget;
  /** For tests: where Microsoft's keys are, how the connector waits and gets its token, what the pacer counts by. */
  keys?: Omit<KeysOptions, 'now'>;
  calls?: Omit<ConnectorOptions, 'log' | 'onSlow'>;
  pace?: PaceClock;
}

export interface TeamsDoor {
  route: Route;
  messenger: Messenger;
  /** Answers an activity the inbox holds unanswered: a crash came between. Throws when it could not be answered. */
  replay(body: unknown): Promise<void>;
  /** Gives what is under way up to 5 s. */
  stop(): Promise<void>;
}

const STOP_MS = 5000;

export function createTeams(options: TeamsOptions): TeamsDoor {
  const { account, log, now, inbox, keys = {} } = options;
  const resting = createRest(options.pace);
  const door = createDoor(options, resting);
  const running = underWay();
  const onActivity = taking(door, inbox, (work) => {
    void running.add(work().catch((err: unknown) => log.error({ err }, 'teams: an answer failed')));
  });
  const auth = account
    ? createAuth({ ...keys, appId: account.appId, tenants: door.tenants, now })
    : ('anonymous' as const);
  return {
    route: messagesRoute({ auth, onActivity, log, now }),
    messenger: door.messenger,
    async replay(body) {
      const on = readActivity(body);
      if (on?.kind === 'words' && !(await inbox.doneSince?.(keyOfMessage(on)))) await onWords(door, on);
      if (on?.kind === 'sent') await onSent(door, on);
    },
    stop() {
      resting.stop();
      return running.finish(STOP_MS);
    },
  };
}

function createDoor(options: TeamsOptions, { rest }: Pick<Rest, 'rest'>): Door {
  const { account, references, desk, log, now, development, calls = {} } = options;
  const { budget = { commit: 1500, answer: 2200 } } = options;
  const tenants: ReadonlySet<string> = account ? new Set(options.tenants) : EVERY;
  const pace = createPace(options.pace);
  const fetchToken = calls.fetchToken ?? (account ? fetcherOf(account) : undefined);
  if (account && fetchToken) void tryToken(fetchToken, account, log);
  const connector = createConnector(account, {
    ...{ ...calls, ...(fetchToken ? { fetchToken } : {}), log },
    onSlow: (at, ms) => pace.pause(at, ms),
  });
  const profiles = createProfiles({
    ...{ connector, references, tenants, now },
    onGuest: guestsOf({ desk, references, log }),
    onRefused: (tenant, user) =>
      void desk.left({ platform: 'teams', tenant, user }).catch((err: unknown) => {
        // Said again with the next reading of their profile.
        log.warn({ err }, 'teams: the copies of an account that left were not drawn empty');
      }),
  });
  const draw = createDraw(development, log);
  const messenger = createMessenger({ connector, references, profiles, draw, pace, tenants, now });
  const appId = account?.appId ?? '';
  return {
    ...{ appId, tenants, desk, connector, references, messenger, profiles, draw, budget, log, now, rest },
  };
}

/** Wherever a member reads along who is a guest by now, others are: no roster of before counts, the cards are looked at anew. */
const guestsOf =
  ({ desk, references, log }: Pick<Door, 'desk' | 'references' | 'log'>) =>
  async (tenant: string, user: string, was: { member: boolean }): Promise<void> => {
    try {
      if (!was.member && !(await desk.knows({ platform: 'teams', tenant, user }))) return;
      await references.membersChanged({ tenant });
      await desk.joined('teams', { tenant });
    } catch (err) {
      log.warn({ err }, 'teams: the cards were not looked at anew for a new guest');
      throw err;
    }
  };

/** On this machine, in practice mode, whoever speaks is served. */
const EVERY: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

type Go = (work: () => Promise<void>) => void;

/** Throws only when words, or who came and went, are not written down: then Teams sends it again. */
function taking(door: Door, inbox: Inbox, go: Go): (activity: unknown, arrived: Date) => Promise<Response> {
  return async (activity, arrived) => {
    const on = readOrNot(door, activity);
    if (!on) return taken();
    if (on.kind === 'words' || on.kind === 'sent') return receive(door, on, activity, inbox, go);
    try {
      const { after, ...response } = await answer(door, on, arrived, inbox);
      if (after) go(() => afterwards().then(after));
      return response;
    } catch (err) {
      if (isOfPlaces(on)) throw err;
      door.log.error({ err, kind: on.kind }, 'teams: an activity was not answered');
      return sorry(on);
    }
  };
}

/** What cannot be read today cannot be read when it comes again: then it is taken, and nothing is done about it. */
function readOrNot({ log }: Pick<Door, 'log'>, activity: unknown): Incoming | undefined {
  try {
    return readActivity(activity);
  } catch (error) {
    // Its message may quote what somebody wrote.
    const failure = error instanceof Error ? error.name : typeof error;
    log.error({ failure }, 'teams: an activity was not read');
    return undefined;
  }
}

/** Once the answer is on its way. */
const afterwards = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Words are kept until they are answered. Who came and went is written down before the answer, and whoever waits for the
 * answer to something else tries again themselves.
 */
async function receive(
  door: Door,
  on: Of<'words' | 'sent'>,
  activity: unknown,
  inbox: Inbox,
  go: Go,
): Promise<Response> {
  const key = on.id ? keyOfMessage(on) : randomUUID();
  const received = await inbox.receive(key, activity, on.kind === 'words' ? digestsOf(on) : undefined);
  if (received === 'known') return taken();
  // That it is not done is the promise; saying so is a kindness, which a replay must not turn into the act.
  if (received === 'again') await inbox.handled?.(key);
  go(async () => {
    await afterwards();
    await (on.kind === 'words' ? onWords(door, on, received) : onSent(door, on));
    await inbox.handled?.(key);
  });
  return taken();
}

/** Nobody waits for the answer, and nobody would say it again: Teams does, while it is not taken. */
const isOfPlaces = ({ kind }: Asking): boolean =>
  kind === 'installed' || kind === 'removed' || kind === 'members';

type Asking = Exclude<Incoming, Of<'words' | 'sent'>>;

async function answer(door: Door, on: Asking, arrived: Date, inbox: Inbox): Promise<Response> {
  switch (on.kind) {
    case 'press':
      return onPress(door, on, arrived);
    case 'fetch':
      return onFetch(door, on, arrived);
    case 'submit':
      return onSubmit(door, on, arrived);
    case 'typeahead':
      return onTypeahead(door, on, arrived);
    case 'search':
      return onSearch(door, on, arrived);
    case 'link':
      return onLink(door, on, arrived);
    case 'message':
      return onMessage(door, on, arrived);
    case 'installed':
      return onInstalled(door, on, inbox);
    case 'removed':
      return onRemoved(door, on);
    case 'members':
      return onMembers(door, on, inbox);
    case 'other':
      return on.isInvoke ? notImplemented() : taken();
    default:
      return unknownKind(on);
  }
}

const unknownKind = (on: never): never => {
  throw new Error(`No way to answer ${JSON.stringify(Object.keys(on))}`);
};

/** A bug of ours, in a shape that Teams shows. */
function sorry({ kind }: Asking): Response {
  if (kind === 'press') return toast(SORRY);
  if (kind === 'fetch' || kind === 'submit' || kind === 'message') return saidInstead(SORRY);
  if (kind === 'typeahead') return suggestions([]);
  if (kind === 'search') return foundNothing(SORRY);
  return kind === 'link' ? found([]) : taken();
}
