/** What happens by the clock: the list, each with its time in words too. */

export interface Job {
  name: string;
  /** node-cron, with seconds where there are six fields. UTC. */
  cron: string;
  words: string;
  run(now: Date): Promise<void>;
}

export interface Tasks {
  /** Reads what changed at AWS. */
  sync(): Promise<void>;
  /** Reads AWS's side of all open deals anew. */
  refresh(): Promise<void>;
  /** Answers what a crash left unanswered. */
  replay(now: Date): Promise<void>;
  /** Deletes what has served: received events, keys of acts, ended copies. */
  sweep(now: Date): Promise<void>;
  /** Takes a customer's people out of the records whose access has ended. */
  purge(now: Date): Promise<void>;
  /** Says which platforms have a door of this process open. */
  doors(): Promise<void>;
}

/** @param practice AWS's side is played here, so looking often costs nothing. */
export const jobs = ({ sync, refresh, replay, sweep, purge, doors }: Tasks, practice: boolean): Job[] => [
  practice
    ? { name: 'sync', cron: '*/10 * * * * *', words: 'every ten seconds', run: sync }
    : { name: 'sync', cron: '*/5 * * * *', words: 'every five minutes', run: sync },
  { name: 'doors', cron: '29 * * * *', words: 'every hour', run: doors },
  { name: 'purge', cron: '37 * * * *', words: 'every hour', run: purge },
  { name: 'replay', cron: '* * * * *', words: 'every minute', run: replay },
  { name: 'refresh', cron: '41 1 * * *', words: 'at 01:41 UTC every night', run: refresh },
  { name: 'sweep', cron: '17 3 * * *', words: 'at 03:17 UTC every night', run: sweep },
];
