/** What happens by the clock: the list. */

export interface Job {
  name: string;
  /** node-cron, with seconds where there are six fields. UTC. */
  cron: string;
  run(now: Date): Promise<void>;
}

export interface Tasks {
  /** Reads what changed at AWS. */
  sync(): Promise<void>;
  /** Reads AWS's side of all open deals anew. */
  refresh(): Promise<void>;
  /** Answers what a crash left unanswered. */
  replay(now: Date): Promise<void>;
  /** Deletes what has served (store/sweep.ts says what, after how long). */
  sweep(now: Date): Promise<void>;
  /** Takes a customer's people out of the records whose access has ended; ends invitations that nobody could deliver. */
  purge(now: Date): Promise<void>;
  /** Says which platforms have a door of this process open. */
  doors(): Promise<void>;
  /** Whose morning has come gets a digest. */
  digests(now: Date): Promise<void>;
  /** Covers begin and end; then the acceptance clock: what has arrived is routed, what is not answered goes a rung up, what is over is closed. */
  clocks(now: Date): Promise<void>;
  /** What happened to people's deals is gathered and told. */
  news(now: Date): Promise<void>;
  /** What somebody wanted to be reminded of. */
  reminders(now: Date): Promise<void>;
}

/** @param practice AWS's side is played here, so looking often costs nothing. */
export const jobs = (tasks: Tasks, practice: boolean): Job[] => [
  practice
    ? { name: 'sync', cron: '*/10 * * * * *', run: tasks.sync }
    : { name: 'sync', cron: '*/5 * * * *', run: tasks.sync },
  { name: 'doors', cron: '29 * * * *', run: tasks.doors },
  { name: 'purge', cron: '37 * * * *', run: tasks.purge },
  { name: 'replay', cron: '* * * * *', run: tasks.replay },
  { name: 'digests', cron: '5 * * * * *', run: tasks.digests },
  { name: 'clocks', cron: '20 * * * * *', run: tasks.clocks },
  { name: 'news', cron: '*/15 * * * * *', run: tasks.news },
  { name: 'reminders', cron: '50 * * * * *', run: tasks.reminders },
  { name: 'refresh', cron: '41 1 * * *', run: tasks.refresh },
  { name: 'sweep', cron: '17 3 * * *', run: tasks.sweep },
];
