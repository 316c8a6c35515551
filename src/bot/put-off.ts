/** What need not be told at once waits for its reader's waking hours. */
import type { Notice } from '../pipeline/notice.ts';
import { nextWaking } from '../pipeline/waking.ts';
import { askedLater } from '../store/looking-for.ts';
import type { Told } from '../store/notices.ts';
import { putOff, sleeperOf } from '../store/quiet.ts';
import type { Postman } from './copies.ts';

/** A colleague's wish has time until the morning; a reminder is for the moment they chose, an offer may be lost. */
const PATIENT: readonly Notice['kind'][] = [
  'nudged',
  'covering',
  'handed-over',
  'invited',
  'invited-in-vain',
];

/** Whether it goes back to be told at the reader's next waking. Who sits at the console is awake. */
export async function isPutOff(
  { store, messenger: { platform }, now }: Postman,
  { id, personId, notice }: Told,
) {
  if (platform === 'console' || !PATIENT.includes(notice.kind)) return false;
  const sleeper = await sleeperOf(store, personId);
  const at = sleeper && (await nextWaking(now(), sleeper));
  if (!at || at <= now()) return false;
  const queue = `deliver-${platform}${notice.kind === 'invited' ? '-digests' : ''}`;
  if (notice.kind === 'invited') await askedLater(store, { personId, batch: notice.batch, at });
  await putOff(store, { queue, notice: id, at });
  return true;
}
