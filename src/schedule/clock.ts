/** node-cron is the tick. A job that fails is logged and comes round again; one still running is not started twice. */
import cron from 'node-cron';
import type { Log } from '../log.ts';
import type { Job } from './jobs.ts';

export interface Clock {
  /** No further tick; what runs is waited for. */
  stop(): Promise<void>;
}

export function startClock(jobs: Job[], log: Log, now: () => Date): Clock {
  const running = new Map<string, Promise<void>>();
  const tick = (job: Job) => {
    if (running.has(job.name)) return;
    const run = job
      .run(now())
      .catch((error: unknown) =>
        log.error({ err: error, job: job.name }, 'a job failed; it comes round again'),
      )
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  };
  const tasks = jobs.map((job) =>
    cron.schedule(job.cron, () => tick(job), { timezone: 'Etc/UTC', suppressMissedWarning: true }),
  );
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.destroy()));
      await Promise.all(running.values());
    },
  };
}
