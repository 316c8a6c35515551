/** People's own digests: composed for a whole batch, as things are when they are sent; each sent once. */
import { isLate } from '../pipeline/schedule.ts';
import { digestsFor } from '../store/digest-lines.ts';
import { marksOf } from '../store/digest-marks.ts';
import { endSubscriptions } from '../store/digest-plans.ts';
import { type DigestReader, daysOf, digestReaders } from '../store/digest-readers.ts';
import {
  type ComposedLine,
  closeDigests,
  type DigestJob,
  giveBackDigest,
  noteSent,
  noteUnsure,
  type Ready,
  takeDigest,
} from '../store/digests.ts';
import { digestList, keptLines } from '../views/digest.ts';
import type { DigestExtras, DigestFound } from '../views/digest-found.ts';
import { withMissed } from '../views/schedule.ts';
import type { List } from '../views/view.ts';
import { digestOf, failuresOf, type Postman } from './copies.ts';
import { GoneForGood, MaybePosted, type Ref } from './intent.ts';
import { oneAtATime } from './one-at-a-time.ts';

/** Ready to be sent. */
export interface Drawn extends Ready {
  list: List;
}

/** @throws what may pass, when all the others are done. */
export async function sendOwn(postman: Postman, jobs: readonly DigestJob[]): Promise<void> {
  const { store, messenger } = postman;
  if (jobs.length === 0) return;
  const drawn = await composeOwn(postman, jobs);
  await closeDigests(
    store,
    jobs.filter(({ id }) => !drawn.has(id)).map(({ id }) => id),
    'empty',
  );
  const failures = await failuresOf(
    jobs.map(async (job) => {
      const first = drawn.get(job.id);
      // One in each workspace: what a kill leaves in doubt is then that one. Other private messages do not wait for them.
      if (first) await oneAtATime(messenger, `digests ${job.tenant}`, () => sendOne(postman, job, first));
    }),
  );
  if (failures.length > 0) throw failures[0];
}

/**
 * By the ids of digests; absent: there is nothing to say, or nobody may be told. Nine statements at most, however many; of
 * whom something changes before theirs is sent, these once more.
 */
async function composeOwn({ store, now }: Postman, jobs: readonly DigestJob[]): Promise<Map<string, Drawn>> {
  const at = now();
  const readers = await digestReaders(
    store,
    jobs.map(({ personId }) => personId),
    at,
    daysOf(jobs),
  );
  const marks = await marksOf(store, readers, at);
  const found = await digestsFor(store, readers, at);
  const byId = new Map(readers.map((reader) => [reader.person.id, reader]));
  return new Map(
    jobs.flatMap((job): [string, Drawn][] => {
      const reader = byId.get(job.personId);
      const lines = reader && found.get(job.personId);
      const list = lines && digestList(lines, { actor: reader.person, now: at });
      const mark = marks.get(job.personId);
      return list ? [[job.id, { ...drawnOf(job, reader, lines, list), ...(mark ? { mark } : {}) }]] : [];
    }),
  );
}

const drawnOf = (job: DigestJob, { person, off }: DigestReader, found: DigestFound, list: List): Drawn => ({
  ...{ list: withMissed(list, job), lines: composedLines(found) },
  ...{ role: person.role, off },
});

/** What stands on it, each line with the version of its deal. */
export function composedLines(found: DigestFound): ComposedLine[] {
  const shown = [
    ...found.desks.flatMap(({ sections }) => [...sections.values()].flatMap(({ lines }) => lines)),
    ...found.reports.flatMap(({ lines }) => lines),
  ];
  const versions = new Map(shown.map(({ deal, version }) => [deal.id, version]));
  const kept = keptLines(found).map((line) => ({ ...line, version: versions.get(line.dealId) ?? 0 }));
  return [...kept, ...linesBeside(found)];
}

/** What is named beside the work: a change of it is drawn too, as it may be the reader's to see no more. */
export const linesBeside = ({ moved, lost }: DigestExtras): ComposedLine[] =>
  [...moved.flatMap(({ first }) => first), ...lost.deals].map(({ deal, version }) => ({
    section: 'beside',
    dealId: deal.id,
    version,
  }));

async function sendOne(postman: Postman, job: DigestJob, first: Drawn): Promise<void> {
  const { store, messenger, now } = postman;
  const { id, tenant, recipient: user } = job;
  if (isLate(job.dueAt, now())) return closeDigests(store, [id], 'skipped');
  const taken = await takeDigest(store, id, first, now());
  if (taken !== 'taken' && taken !== 'changed') return;
  const send = async () => {
    const drawn = taken === 'changed' ? (await composeOwn(postman, [job])).get(id) : first;
    if (!drawn) return undefined;
    return { ref: await messenger.tell({ tenant, user }, drawn.list, 'once'), drawn };
  };
  await sendTaken(postman, job, send);
}

/**
 * Of a digest that was taken: notes where it stands, or what became of it. `send` answers undefined where nothing is left to
 * say. From here on a kill leaves it as it is: it may stand there, and is not sent again.
 * @throws what may pass, once it is due again.
 */
export async function sendTaken(
  postman: Postman,
  job: DigestJob,
  send: () => Promise<{ ref: Ref; drawn: Drawn } | undefined>,
): Promise<void> {
  const { store, now, log } = postman;
  const sent = await send().catch(async (error: unknown) => {
    if (error instanceof MaybePosted) await noteUnsure(store, job.id, now());
    else if (error instanceof GoneForGood) {
      await endSubscriptions(store, [job.subscriptionId], now());
      await giveBackDigest(store, job.id, 'left');
    } else {
      await giveBackDigest(store, job.id, 'due');
      throw error;
    }
    const how = error instanceof GoneForGood ? 'could not be' : 'may not have been';
    log.info({ platform: job.platform }, `a digest ${how} delivered`);
    return 'over' as const;
  });
  if (sent === 'over') return;
  if (!sent) return giveBackDigest(store, job.id, 'empty');
  const { ref, drawn } = sent;
  await noteSent(
    store,
    job,
    { ref, shown: digestOf(drawn.list), lines: drawn.lines, role: drawn.role },
    now(),
  );
}
