/** An invitation, told to who has never come, in the first chat that has their address; and to whoever sent it, what was in vain. */
import { needsProof } from '../pipeline/identity.ts';
import { mayManage } from '../pipeline/roster.ts';
import { hasCut, isStrict } from '../store/links.ts';
import { callingOf, missedOf, noteOutcome } from '../store/looking-for.ts';
import { personById } from '../store/people.ts';
import { inVainNote, invitationNote } from '../views/invite.ts';
import { personName } from '../views/people.ts';
import { GoneForGood, type Ref } from './intent.ts';
import type { Drawer, Drawn } from './tell.ts';

/** One platform after the other: nobody is asked twice, however many have their address. */
export const drawInvitation: Drawer<'invited'> = async (
  { store, messenger: { platform } },
  { id: notice, notice: { batch } },
  { id: personId, role },
) => {
  const calling = await callingOf(store, personId, batch);
  if (calling?.platform !== platform) return undefined;
  const outcome = (isReached: boolean) =>
    noteOutcome(store, { personId, batch, platform, notice, isReached });
  // They have come by themselves, or are let in no more: nobody need hear of it.
  if (calling.uses || role === 'none') {
    await outcome(true);
    return undefined;
  }
  const by = await personById(store, calling.byId);
  const needsCode = (await isStrict(store)) && (needsProof({ role }) || (await hasCut(store, personId)));
  // In the name of somebody who may not invite any more nobody is asked.
  const name = by && mayManage(by) ? personName(by) : 'Your alliance lead';
  return { reply: invitationNote(name, needsCode), outcome };
};

/** Nothing where they have come meanwhile, or where the reader keeps the roster no more: names and addresses are in it. */
export const drawInVain: Drawer<'invited-in-vain'> = async ({ store }, { notice }, reader) => {
  if (!mayManage(reader)) return undefined;
  const missed = await missedOf(store, notice.batch);
  return missed.length === 0 ? undefined : { reply: inVainNote(missed) };
};

/** Sends it, and notes whether it arrived before it counts as said: after a kill in between it is said, and noted, again. */
export async function noting(
  { outcome }: Drawn,
  send: () => Promise<Ref | undefined>,
): Promise<Ref | undefined> {
  try {
    const ref = await send();
    await outcome?.(ref !== undefined);
    return ref;
  } catch (error) {
    if (error instanceof GoneForGood) await outcome?.(false);
    throw error;
  }
}
