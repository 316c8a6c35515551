/** Keeps the mirror: a first full reading with progress, then only what changed. */
import type { Log } from '../log.ts';
import { agentState, noteAgent } from '../store/agent.ts';
import { type Entry, saveMirror } from '../store/deals.ts';
import { leadIds, markGone, pendingIds, stampsOf, watchedIds } from '../store/reading.ts';
import type { Store } from '../store/store.ts';
import type { PartnerCentral } from './client.ts';
import { classify, operatorView } from './errors.ts';
import { fromEngagement, fromInvitation, fromOpportunity } from './mapping.ts';
import { summaryOf } from './read.ts';
import { readSolutions } from './solutions.ts';

export interface SyncParts {
  store: Store;
  aws: PartnerCentral['forSync'];
  epoch: bigint;
  log: Log;
  now: () => Date;
}

/** One reading at a time; asked for while one runs, another follows it. */
export interface Sync {
  run(): Promise<void>;
  /**
   * Reads the solutions, and AWS's side of the open, approved opportunities anew: AWS does not say that its own moves
   * raise LastModifiedDate. At most NIGHTLY of them, so that a night's reading stays well within the day's quota.
   */
  refresh(): Promise<void>;
  /** Begins nothing any more and gives up what is under way at its next call or save; resolves once it has ended. */
  stop(): Promise<void>;
}

const NIGHTLY = 10_000;

const BATCH = 25;

export function createSync(given: SyncParts & { aws: PartnerCentral }): Sync {
  // People's calls go first.
  const parts: SyncParts = { ...given, aws: given.aws.forSync };
  let running: Promise<void> | undefined;
  let again: Promise<void> | undefined;
  let refreshing: Promise<void> | undefined;
  /** Once by each process; nightly after that. */
  let hasSolutions = false;
  let stopped = false;
  const goOn = () => {
    if (stopped) throw new Error('The reading was stopped');
  };
  const once = async () => {
    try {
      goOn();
      if (!hasSolutions) hasSolutions = await readSolutions({ ...parts, goOn });
      await read({ ...parts, goOn });
    } catch (error) {
      if (stopped) return;
      const kind = classify(error);
      if (kind === 'bug') parts.log.error({ err: error }, 'reading Partner Central failed');
      else
        parts.log.warn(
          { aws: operatorView(error), kind },
          'Partner Central could not be read; trying again later',
        );
    }
  };
  const run = (): Promise<void> => {
    if (!running) {
      running = once().finally(() => {
        running = undefined;
      });
      return running;
    }
    again ??= running.then(() => {
      again = undefined;
      return run();
    });
    return again;
  };
  const readWatched = async () => {
    try {
      goOn();
      await readSolutions({ ...parts, goOn });
      await readAnew({ ...parts, goOn }, await watchedIds(parts.store, NIGHTLY));
    } catch (error) {
      if (stopped) return;
      parts.log.warn({ aws: operatorView(error) }, 'the nightly reading stopped; it comes round again');
    }
  };
  return {
    run,
    refresh() {
      refreshing ??= readWatched().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    async stop() {
      stopped = true;
      await Promise.all([running, again, refreshing]);
    },
  };
}

/** `goOn` throws once the reading is stopped. */
export type Reading = SyncParts & { goOn: () => void };

/** What changed since the newest stamp AWS gave us; everything when there is none yet. */
async function read(parts: Reading): Promise<void> {
  const { store, epoch, now } = parts;
  const { highWater, syncedAt } = await agentState(store);
  const progress = syncedAt ? undefined : { done: 0, total: 0 };
  const note = async (done: number, total: number) => {
    if (!progress) return;
    progress.done += done;
    progress.total += total;
    await noteAgent(store, epoch, { syncDone: progress.done, syncTotal: progress.total });
  };
  await readInvitations(parts, note);
  await readLeads(parts, note);
  const newest = await readOpportunities(parts, highWater ?? undefined, note);
  const done = {
    calledAt: now(),
    ...(newest ? { highWater: newest } : {}),
    ...(syncedAt ? {} : { syncedAt: now() }),
  };
  await noteAgent(store, epoch, done);
}

type Note = (done: number, total: number) => Promise<void>;

/** All that are pending with their payload, and those that were pending when we last looked. */
async function readInvitations(parts: Reading, note: Note): Promise<void> {
  const { aws, store } = parts;
  const listed: string[] = [];
  for await (const page of aws.listInvitations(['PENDING'])) listed.push(...idsOf(page));
  const missing = without(await pendingIds(store), listed);
  const readOne = async (id: string) => fromInvitation((await aws.getInvitation(id)).json);
  await inBatches(parts, [...new Set(listed)], note, readOne, 'listed');
  await inBatches(parts, missing, note, readOne, 'missing');
}

/** Those that changed, and those that were ours and are not listed any more. */
async function readLeads(parts: Reading, note: Note): Promise<void> {
  const { aws, store } = parts;
  const known = await leadIds(store);
  const listed: string[] = [];
  const readOne = async (id: string) => fromEngagement((await aws.getEngagement(id)).json);
  for await (const page of aws.listEngagements()) {
    listed.push(...idsOf(page));
    const stamped = page.items.flatMap(({ Id, ModifiedAt }) => (Id ? [{ id: Id, stamp: ModifiedAt }] : []));
    await inBatches(parts, await changedOf(parts, stamped), note, readOne, 'listed');
  }
  await inBatches(parts, without(known, listed), note, readOne, 'missing');
}

const idsOf = ({ items }: { items: { Id?: string }[] }): string[] => items.flatMap(({ Id }) => Id ?? []);
const without = (ids: string[], others: string[]): string[] => {
  const taken = new Set(others);
  return ids.filter((id) => !taken.has(id));
};

/** AWS's lists lag behind its writes: a record may show late, with a stamp older than one we have seen. */
const OVERLAP_MS = 3_600_000;

/** @returns the newest stamp AWS returned. */
async function readOpportunities(
  parts: Reading,
  since: string | undefined,
  note: Note,
): Promise<string | undefined> {
  const { aws } = parts;
  let newest = since;
  const from = since && new Date(Date.parse(since) - OVERLAP_MS).toISOString();
  for await (const page of aws.listOpportunities(from)) {
    const found = page.items.flatMap(({ Id, LastModifiedDate }) =>
      Id ? [{ id: Id, stamp: LastModifiedDate }] : [],
    );
    await readAnew(parts, await changedOf(parts, found), note);
    for (const { stamp } of found)
      if (stamp && (!newest || Date.parse(stamp) > Date.parse(newest))) newest = stamp;
  }
  return newest;
}

const readAnew = ({ aws, ...parts }: Reading, ids: string[], note: Note = async () => {}): Promise<void> =>
  inBatches(
    { aws, ...parts },
    ids,
    note,
    async (id) => fromOpportunity((await aws.getOpportunity(id)).json, await summaryOf(aws, id)),
    'listed',
  );

/** Those the mirror has not got, or has with another stamp. */
async function changedOf(
  { store }: Reading,
  found: { id: string; stamp: string | undefined }[],
): Promise<string[]> {
  const known = await stampsOf(
    store,
    found.map(({ id }) => id),
  );
  return found.filter(({ id, stamp }) => !stamp || known.get(id) !== stamp).map(({ id }) => id);
}

/**
 * `missing`: AWS no longer lists them, so one that it denies is not ours any more and leaves our lists. One that it lists
 * and then will not give, or gives in a form we cannot read, is left as it was, and holds up no other.
 */
async function inBatches(
  { store, epoch, now, goOn, log }: Reading,
  ids: string[],
  note: Note,
  readOne: (id: string) => Promise<Entry | undefined>,
  which: 'listed' | 'missing',
): Promise<void> {
  await note(0, ids.length);
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH);
    const read = await Promise.all(batch.map((id) => readOrLeave(() => readOne(id), which, log)));
    goOn();
    const gone = batch.filter((_, nth) => read[nth] === undefined);
    await saveMirror(
      store,
      read.filter((it) => it !== undefined && it !== 'left'),
      epoch,
    );
    await markGone(store, gone, epoch, now());
    await note(batch.length, 0);
  }
}

/** Undefined: gone. @throws what concerns every record: AWS does not answer, or asks us to go slower. */
async function readOrLeave(
  readIt: () => Promise<Entry | undefined>,
  which: 'listed' | 'missing',
  log: Log,
): Promise<Entry | 'left' | undefined> {
  try {
    return await readIt();
  } catch (error) {
    const kind = classify(error);
    if (kind === 'throttled' || kind === 'unavailable') throw error;
    if (kind === 'not-found' || (kind === 'denied' && which === 'missing')) return undefined;
    log.warn({ aws: operatorView(error), kind }, 'a record could not be read and is left as it was');
    return 'left';
  }
}
