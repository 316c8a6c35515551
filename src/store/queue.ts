/**
 * Work to be done soon and surely (deliveries to chat), by pg-boss. Jobs are put in by the SQL function `enqueue`, inside
 * the statement that gives reason for them. On PGlite it shares the one connection there is; on PostgreSQL it has a
 * small pool of its own: `fromPrisma` cannot LISTEN, and its polling must not take connections from people's commands.
 */
import { fromPglite, PgBoss } from 'pg-boss';
import type { Log } from '../log.ts';
import type { Store } from './store.ts';

type QueueName = `deliver-${'slack' | 'teams' | 'console'}` | `deliver-${'slack' | 'teams'}-digests`;

/** Tried for a day: a platform that is down for an evening loses nothing. */
const DELIVERIES = {
  notify: true,
  retryLimit: 400,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 240,
  // A handler may take this long …
  expireInSeconds: 300,
  // … but the jobs of a process that was killed come back 10 to 20 s later (10 is pg-boss's least).
  heartbeatSeconds: 10,
  deleteAfterSeconds: 3600,
  retentionSeconds: 24 * 3600,
};
/** A morning's digests go out one after the other, for minutes, and nothing else waits for them. */
const DIGESTS = { ...DELIVERIES, expireInSeconds: 1800 };
/** For each platform: a process takes only what its own doors can deliver. */
const QUEUES: Record<QueueName, object> = {
  'deliver-slack': DELIVERIES,
  'deliver-teams': DELIVERIES,
  'deliver-console': DELIVERIES,
  'deliver-slack-digests': DIGESTS,
  'deliver-teams-digests': DIGESTS,
};

interface WorkOptions {
  /** How many jobs one call of the handler gets at most; at least 2. Default 20. */
  batchSize?: number;
  /** Looks by itself this often, for retries and lost wake-ups; new jobs wake it at once. Default 2. */
  pollSeconds?: number;
}

export interface Queue {
  /**
   * Calls `handler` with waiting jobs, the oldest first, one call at a time in this process. When it throws, all jobs of
   * that call are tried again, later each time (1 s to 4 min, for about a day). Register workers before anything is put in.
   */
  work<T extends object>(
    name: QueueName,
    handler: (jobs: T[]) => Promise<void>,
    options?: WorkOptions,
  ): Promise<void>;
  /** Whether its database answers and it is running. */
  isUp(): Promise<boolean>;
  /** Waits for handlers at work, at most 10 s. */
  stop(): Promise<void>;
}

/** Makes pg-boss's tables and our queues where missing. Any number of processes may start at once. */
export async function startQueue(store: Store, log: Log): Promise<Queue> {
  const boss = newBoss(store);
  boss.on('error', (err) => log.error({ err }, 'The queue met an error.'));
  boss.on('warning', () => log.warn('The queue is slow or holds many jobs.'));
  await boss.start();
  for (const [name, options] of Object.entries(QUEUES)) {
    await boss.createQueue(name, options);
    // A queue made by an earlier release keeps its settings otherwise.
    await boss.updateQueue(name, options);
  }
  await recoverOrphans(store);
  let isRunning = true;
  return {
    work: async (name, handler, options = {}) => {
      await boss.work(name, toWorkOptions(options), guarded(name, handler, log));
    },
    isUp: async () => isRunning && (await answers(boss)),
    stop: async () => {
      isRunning = false;
      await boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
}

function newBoss(store: Store): PgBoss {
  const common = {
    useListenNotify: true,
    // Nothing of ours is scheduled by pg-boss.
    schedule: false,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    monitorVacuum: false,
  };
  return store.backing.kind === 'pglite'
    ? new PgBoss({ ...common, backend: 'pglite', db: fromPglite(store.backing.db) })
    : new PgBoss({
        ...common,
        connectionString: store.backing.url,
        application_name: 'ace-desk queue',
        max: 4,
        connectionTimeoutMillis: 2000,
      });
}

// A standard queue with batches: with 'singleton' and one job at a time a burst was left lying for 30 s.
const toWorkOptions = ({ batchSize = 20, pollSeconds = 2 }: WorkOptions) => ({
  batchSize,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: pollSeconds,
  notifyPollingIntervalSeconds: pollSeconds,
});

/** pg-boss tries again what throws, but says nothing of it. */
function guarded<T extends object>(name: QueueName, handler: (jobs: T[]) => Promise<void>, log: Log) {
  return async (jobs: { data: T }[]): Promise<void> => {
    try {
      await handler(jobs.map((job) => job.data));
    } catch (err) {
      log.warn({ err, queue: name, jobs: jobs.length }, 'Work failed and will be tried again.');
      // Its message may hold customer text, and pg-boss would keep it with the job.
      throw new Error('The worker failed; see the log.');
    }
  };
}

/** On PGlite we are alone, so what is at work at the start was left by a process that died: no need to wait for it. */
async function recoverOrphans(store: Store): Promise<void> {
  if (store.backing.kind !== 'pglite') return;
  await store.backing.db.query(
    "UPDATE pgboss.job SET state = 'retry', start_after = now() WHERE state = 'active'",
  );
}

async function answers(boss: PgBoss): Promise<boolean> {
  try {
    await boss.getDb().executeSql('SELECT 1');
    return true;
  } catch {
    // That it does not answer is the answer.
    return false;
  }
}
