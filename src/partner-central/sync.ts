/** Keeps the mirror: a first full reading with progress, then only what changed. */
import type { Log } from '../log.ts';
import { agentState, noteAgent } from '../store/agent.ts';
import {
  type Entry,
  leadIds,
  markGone,
  pendingIds,
  saveMirror,
  stampsOf,
  watchedIds,
} from '../store/deals.ts';
import type { Store } from '../store/store.ts';
import type { PartnerCentral } from './client.ts';
import { classify, operatorView } from './errors.ts';
import { fromEngagement, fromInvitation, fromOpportunity } from './mapping.ts';
import { summaryOf } from './perform.ts';

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
   * Reads AWS's side of the open, approved opportunities anew: AWS does not say that its own moves raise
   * LastModifiedDate. At most NIGHTLY of them, so that a night's reading stays well within the day's quota.
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
  let stopped = false;
  const goOn = () => {
    if (stopped) throw new Error('The reading was stopped');
  };
  const once = async () => {
    try {
      goOn();
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
type Reading = SyncParts & { goOn: () => void };

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
  const wanted = new Set(await pendingIds(store));
  for await (const page of aws.listInvitations(['PENDING']))
    for (const { Id } of page.items) if (Id) wanted.add(Id);
  await inBatches(parts, [...wanted], note, async (id) => fromInvitation((await aws.getInvitation(id)).json));
}

/** Those that changed, and those that were ours and are not listed any more. */
async function readLeads(parts: Reading, note: Note): Promise<void> {
  const { aws, store } = parts;
  const missing = new Set(await leadIds(store));
  const readThem = (ids: string[]) =>
    inBatches(parts, ids, note, async (id) => fromEngagement((await aws.getEngagement(id)).json));
  for await (const page of aws.listEngagements()) {
    const changed = await changedOf(
      parts,
      page.items.flatMap(({ Id, ModifiedAt }) => (Id ? [{ id: Id, stamp: ModifiedAt }] : [])),
    );
    for (const { Id } of page.items) missing.delete(Id);
    await readThem(changed);
  }
  await readThem([...missing]);
}

/** @returns the newest stamp AWS returned. Inclusive, so those of the same moment are seen again and left alone. */
async function readOpportunities(
  parts: Reading,
  since: string | undefined,
  note: Note,
): Promise<string | undefined> {
  const { aws } = parts;
  let newest = since;
  for await (const page of aws.listOpportunities(since)) {
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
  inBatches({ aws, ...parts }, ids, note, async (id) =>
    fromOpportunity((await aws.getOpportunity(id)).json, await summaryOf(aws, id)),
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

/** `readOne` answers undefined, or AWS denies it, where the record is not ours any more: it leaves the lists. */
async function inBatches(
  { store, epoch, now, goOn }: Reading,
  ids: string[],
  note: Note,
  readOne: (id: string) => Promise<Entry | undefined>,
): Promise<void> {
  await note(0, ids.length);
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH);
    const read = await Promise.all(batch.map((id) => orGone(() => readOne(id))));
    goOn();
    const entries = read.filter((it) => it !== undefined);
    const gone = batch.filter((_, nth) => read[nth] === undefined);
    await saveMirror(store, entries, epoch);
    await markGone(store, gone, epoch, now());
    await note(batch.length, 0);
  }
}

/** A record may go while we read the list it stood in. */
async function orGone(readIt: () => Promise<Entry | undefined>): Promise<Entry | undefined> {
  try {
    return await readIt();
  } catch (error) {
    if (['ResourceNotFoundException', 'AccessDeniedException'].includes((error as Error).name))
      return undefined;
    throw error;
  }
}
