/** Wires the rooms behind the doors: database, queue, desk, agent, clock. No logic. */
import { type AwsSide, startAwsSide } from './aws-side.ts';
import { type Delivery, deliver } from './bot/deliver.ts';
import { createDesk } from './bot/dispatch.ts';
import type { Desk, Messenger, Platform } from './bot/intent.ts';
import { createSettling } from './bot/settling.ts';
import { commands } from './commands/index.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { createPractice, type Practice } from './practice/create.ts';
import { practiceTeam } from './practice/team.ts';
import { type Clock, startClock } from './schedule/clock.ts';
import { jobs } from './schedule/jobs.ts';
import { agentState, bind } from './store/agent.ts';
import { enrol } from './store/people.ts';
import { putBack, unanswered } from './store/postings.ts';
import { practiceDocument } from './store/practice.ts';
import { type Queue, startQueue } from './store/queue.ts';
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
  readiness(): Promise<{ database: boolean; queue: boolean; aws: boolean }>;
  /** How far the first reading of the pipeline is; done when `finished`. */
  firstReading(): Promise<{ finished: boolean; done: number; total: number }>;
  stop(): Promise<void>;
}

export interface HouseOptions {
  config: Pick<
    Config,
    'databaseUrl' | 'dataDir' | 'partnerCentral' | 'allianceLeadEmail' | 'allianceLeadName'
  >;
  log: Log;
  now?: () => Date;
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
  { config, log, now, realQuota }: HouseOptions & { now: () => Date },
): Promise<House> {
  const practice = practiceOf(store, config, now, realQuota ?? false);
  await bind(store, config.partnerCentral.catalog);
  await enrol(store, roster(config));
  const queue = await startQueue(store, log);
  const replays: Replays = new Map();
  const settling = await createSettling(store);
  const aws = await startAwsSide({
    store,
    config,
    log,
    now,
    realQuota: realQuota ?? false,
    ...(practice ? { practice } : {}),
  });
  const clock = startClock(
    jobs(
      {
        sync: aws.sync,
        refresh: aws.refresh,
        replay: (at) => replayAll(store, replays, log, at),
        sweep: (at) => sweep(store, at),
      },
      practice !== undefined,
    ),
    log,
    now,
  );
  return {
    store,
    aws,
    desk: createDesk({ store, commands, settling, log, now }),
    ...(practice ? { practice } : {}),
    addMessenger: (messenger) =>
      queue.work<Delivery>(`deliver-${messenger.platform}`, (found) =>
        deliver({ store, messenger, log, now }, found),
      ),
    addReplay: (platform, replay) => void replays.set(platform, replay),
    readiness: () => readiness(store, queue, now()),
    firstReading: async () => {
      const { syncedAt, syncDone, syncTotal } = await agentState(store);
      return { finished: syncedAt !== null, done: syncDone, total: syncTotal };
    },
    stop: () => shut({ clock, aws, settling, queue, store }),
  };
}

type Replays = Map<Platform, (body: unknown) => Promise<void>>;

async function replayAll(store: Store, replays: Replays, log: Log, now: Date): Promise<void> {
  for (const [platform, replay] of replays)
    for (const { key, body } of await unanswered(store, platform, now))
      await replay(body).catch(async (err: unknown) => {
        log.warn({ err, platform }, 'an event of before could not be answered yet');
        await putBack(store, key);
      });
}

function practiceOf(
  store: Store,
  config: HouseOptions['config'],
  now: () => Date,
  realQuota: boolean,
): Practice | undefined {
  if (config.partnerCentral.catalog !== 'practice') return undefined;
  const { allianceLeadEmail: leadEmail } = config;
  return createPractice({
    state: practiceDocument(store),
    now,
    leadEmail,
    quota: realQuota ? 'real' : 'generous',
  });
}

/** Practice mode has a team; elsewhere the alliance lead is the first to come in. */
const roster = ({ partnerCentral, allianceLeadEmail: email, allianceLeadName }: HouseOptions['config']) =>
  partnerCentral.catalog === 'practice'
    ? practiceTeam(email)
    : [
        {
          email,
          ...(allianceLeadName ?? { firstName: 'Alliance', lastName: 'Lead' }),
          role: 'alliance lead' as const,
          timeZone: 'UTC',
        },
      ];

/** Longer ago than this, and AWS counts as not answering: it is asked every five minutes. */
const AWS_SILENT_MS = 20 * 60_000;

async function readiness(store: Store, queue: Queue, now: Date) {
  const [state, isUp] = await Promise.all([agentState(store).catch(() => undefined), queue.isUp()]);
  return {
    database: state !== undefined,
    queue: isUp,
    aws: now.getTime() - (state?.calledAt?.getTime() ?? 0) < AWS_SILENT_MS,
  };
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
