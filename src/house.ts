/** Wires the rooms behind the doors: database, queue, desk, agent, clock. No logic. */
import { type AwsSide, startAwsSide } from './aws-side.ts';
import { tickClocks } from './bot/clocks.ts';
import { deliver, type Job } from './bot/deliver.ts';
import { planDigests } from './bot/digests.ts';
import { createDesk } from './bot/dispatch.ts';
import type { Desk, Messenger, Platform } from './bot/intent.ts';
import { gatherNews, gatherOffers } from './bot/news.ts';
import { createSettling } from './bot/settling.ts';
import type { Settings } from './commands/command.ts';
import * as vocabulary from './commands/index.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { createPractice, type Practice } from './practice/create.ts';
import { type Readiness, readiness } from './readiness.ts';
import { type Replays, replayAll } from './replays.ts';
import { fillRoster } from './roster.ts';
import { type Clock, startClock } from './schedule/clock.ts';
import { jobs } from './schedule/jobs.ts';
import { agentState, bind } from './store/agent.ts';
import { tendCovers } from './store/cover-tend.ts';
import { endLookingFor } from './store/looking-for.ts';
import { keepDoor } from './store/notices.ts';
import { practiceDocument } from './store/practice.ts';
import { purge } from './store/purge.ts';
import { type Queue, startQueue } from './store/queue.ts';
import { ringReminders } from './store/reminders.ts';
import { openStore, type Store } from './store/store.ts';
import { sweep } from './store/sweep.ts';

export interface House {
  store: Store;
  desk: Desk;
  aws: AwsSide;
  /** In practice mode. */
  practice?: Practice;
  /** A door's way out: from now on what is to be delivered there is. */
  addMessenger(messenger: Messenger): Promise<void>;
  /** A door's way to answer an event that a crash left unanswered, given what was received. */
  addReplay(platform: Platform, replay: (body: unknown) => Promise<void>): void;
  /** Database, queue, last successful AWS call. */
  readiness(): Promise<Readiness>;
  /** How far the first reading of the pipeline is; done when `finished`. */
  firstReading(): Promise<{ finished: boolean; done: number; total: number }>;
  stop(): Promise<void>;
}

export interface HouseOptions {
  config: Pick<
    Config,
    | 'databaseUrl'
    | 'dataDir'
    | 'partnerCentral'
    | 'allianceLeadEmail'
    | 'allianceLeadName'
    | 'partnerPath'
    | 'supportUrl'
  > &
    Partial<Pick<Config, 'clock'>>;
  log: Log;
  now?: () => Date;
  /** Hears of every request that practice mode gets (tests). */
  seen?: (operation: string, body: unknown) => void;
  /** Practice mode at AWS's real quota. */
  realQuota?: boolean;
  /** Already open (tests); the house closes it all the same. */
  store?: Store;
}

/** Opens everything, in the order in which one needs the other. Nothing stays open when it throws. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, log, now = () => new Date() } = options;
  const store =
    options.store ?? (await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log }));
  try {
    return await furnish(store, { ...options, now });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function furnish(
  store: Store,
  { config, log, now, realQuota, seen }: HouseOptions & { now: () => Date },
): Promise<House> {
  const practice = practiceOf(store, {
    config,
    now,
    ...(realQuota ? { realQuota } : {}),
    ...(seen ? { seen } : {}),
  });
  await bind(store, config.partnerCentral.catalog);
  await fillRoster(store, config, now());
  const queue = await startQueue(store, log);
  const replays: Replays = new Map();
  const doors = new Set<Platform>();
  const messengers = new Map<Platform, Messenger>();
  const commands = Object.values(vocabulary);
  const settling = await createSettling(store);
  const aws = await startAwsSide({
    store,
    config,
    log,
    now,
    realQuota: realQuota ?? false,
    ...(practice ? { practice } : {}),
  });
  // Before a door is open nobody can be told: what was told by then would be lost.
  const speaking = (work: (at: Date) => Promise<void>) => async (at: Date) => {
    if (config.clock !== false && doors.size > 0) await work(at);
  };
  // An offer is told because a person made it: also where nothing comes by itself. Another process with a clock goes first.
  const offers = async (at: Date) => {
    if (doors.size > 0) await gatherOffers(store, at, PATIENCE_MS);
  };
  const clock = startClock(
    jobs(
      {
        sync: aws.sync,
        refresh: aws.refresh,
        replay: (at) => replayAll(store, replays, log, at),
        sweep: (at) => sweep(store, at),
        purge: async (at) => {
          await purge(store, at);
          // Somebody is waiting for this word, as for that of an offer.
          if (doors.size > 0) await endLookingFor(store, at);
        },
        doors: () => keepDoors(store, doors),
        digests: speaking((at) => planDigests(store, at)),
        clocks: speaking(async (at) => {
          await tendCovers(store, at);
          await tickClocks(store, at);
        }),
        news: config.clock === false ? offers : speaking((at) => gatherNews(store, at)),
        reminders: speaking((at) => ringReminders(store, at)),
      },
      practice !== undefined,
    ),
    log,
    now,
  );
  return {
    store,
    aws,
    desk: createDesk({ store, commands, settling, settings: settingsOf(config), log, now, messengers }),
    ...(practice ? { practice } : {}),
    addMessenger: async (messenger) => {
      const { platform } = messenger;
      const postman = { store, messenger, commands, log, now };
      await queue.work<Job>(`deliver-${platform}`, (found) => deliver(postman, found));
      if (platform !== 'console')
        await queue.work<Job>(`deliver-${platform}-digests`, (found) => deliver(postman, found), DIGESTS);
      doors.add(platform);
      messengers.set(platform, messenger);
      await keepDoor(store, platform);
    },
    addReplay: (platform, replay) => void replays.set(platform, replay),
    readiness: () => readiness(store, queue, now()),
    firstReading: async () => {
      const { syncedAt, syncDone, syncTotal } = await agentState(store);
      return { finished: syncedAt !== null, done: syncDone, total: syncTotal };
    },
    stop: () => shut({ clock, aws, settling, queue, store }),
  };
}

/** A process without a clock leaves what it could tell to one that has a clock for so long. */
const PATIENCE_MS = 60_000;

/** Of a morning's digests so many are composed at once: few queries, flat memory. */
const DIGESTS = { batchSize: 250 };

/** Private messages go to the platforms that have a door open: each says again and again that it has. */
async function keepDoors(store: Store, doors: ReadonlySet<Platform>): Promise<void> {
  for (const platform of doors) await keepDoor(store, platform);
}

const settingsOf = ({ partnerPath, supportUrl }: HouseOptions['config']): Settings => ({
  ...(partnerPath ? { partnerPath } : {}),
  ...(supportUrl ? { supportUrl } : {}),
});

function practiceOf(
  store: Store,
  { config, now, realQuota, seen }: Pick<HouseOptions, 'config' | 'realQuota' | 'seen'> & { now: () => Date },
): Practice | undefined {
  if (config.partnerCentral.catalog !== 'practice') return undefined;
  return createPractice({
    state: practiceDocument(store),
    now,
    leadEmail: config.allianceLeadEmail,
    // What the form asks at a launch and what AWS then demands have to agree.
    partnerPath: config.partnerPath ?? 'software',
    quota: realQuota ? 'real' : 'generous',
    ...(seen ? { seen } : {}),
  });
}

interface Open {
  clock: Clock;
  aws: AwsSide;
  settling: { stop(): Promise<void> };
  queue: Queue;
  store: Store;
}

/** The other way round: nothing new begins, what is under way ends, then the ground goes. */
async function shut({ clock, aws, settling, queue, store }: Open): Promise<void> {
  // A reading under way ends only when the side that talks to AWS is told to.
  await Promise.all([clock.stop(), aws.stop()]);
  await queue.stop();
  await settling.stop();
  await store.close();
}
