/** A person's home in chat: composed as they may see it at that moment, and drawn anew when something in it changes. */
import { createHash } from 'node:crypto';
import type { Settings } from '../commands/command.ts';
import type { Actor } from '../pipeline/identity.ts';
import { claimHomes, endHome, giveBack, homeAt, keepHome, lookAgainSoon, openHome } from '../store/homes.ts';
import { isInvited } from '../store/invitations.ts';
import { allianceLeads } from '../store/people.ts';
import type { Store } from '../store/store.ts';
import { areTermsConfirmed } from '../store/terms.ts';
import { type Home, homeOf } from '../views/home.ts';
import type { Postman } from './copies.ts';
import { type Desk, GoneForGood, type PublishHome, type Sender } from './intent.ts';
import { identify } from './strangers.ts';

/** Homes may be drawn by several processes at once: who was outrun looks again, so often. */
const TRIES = 3;

/**
 * Shows somebody their home. One that changed is shown only where it was opened before, and where it looks different now.
 * @throws what `publish` throws, and when the desk or the database fails: what stands there is better than an apology.
 */
export async function showHome(
  house: { store: Store; settings?: Settings },
  desk: Pick<Desk, 'handle'>,
  from: Sender,
  why: 'opened' | 'changed',
  publish: PublishHome,
): Promise<boolean> {
  const { store } = house;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const stands = why === 'opened' ? await openHome(store, from) : await homeAt(store, from);
    if (!stands) return false;
    const { home, personId } = await compose(house, desk, from);
    const shown = digestOfHome(home);
    if (why === 'changed' && shown === stands.shown) return false;
    // The last try takes the place of whatever stands there.
    const hash = await publish(home, attempt < TRIES ? (stands.hash ?? undefined) : undefined);
    if (hash === 'outrun') continue;
    await keepHome(store, from, { personId, shown, hash: hash ?? null });
    return true;
  }
  return false;
}

async function compose(
  { store, settings }: { store: Store; settings?: Settings },
  desk: Pick<Desk, 'handle'>,
  from: Sender,
) {
  const key = `home:${from.platform}:${from.tenant}:${from.user}`;
  // Whoever was asked comes by their yes, or by what they say and press themselves; opening it is neither.
  const looks = await isInvited(store, from);
  const { reply, ok } = await desk.handle({
    ...{ verb: 'desk' as const, input: {}, from, key },
    ...(looks ? { looks } : {}),
  });
  const actor = await identify(store, from, looks ? 'looking' : 'linked');
  if (!ok && reply.kind === 'note' && reply.tone === 'problem' && actor && (await isLetIn(store, actor)))
    throw new Error('The desk could not be read.');
  const url = settings?.supportUrl;
  const support = url ? { url, leads: [] } : { leads: await allianceLeads(store) };
  return { home: homeOf(reply, actor, support), personId: actor?.id ?? '' };
}

const isLetIn = async (store: Store, { role, barred }: Actor): Promise<boolean> =>
  role !== 'none' && !barred && (role === 'alliance lead' || (await areTermsConfirmed(store)));

const digestOfHome = (home: Home): string =>
  createHash('sha256')
    .update(JSON.stringify(home, (key, value: unknown) => (key === 'version' ? undefined : value)))
    .digest('base64');

/**
 * Jobs of the queue, by the ids of homes: each is drawn at most every 30 s, a change in between comes at their end. One that
 * looked the same is looked at again after 3 s.
 * @throws when one could not be drawn in a way that may pass; the others are done all the same.
 */
export async function republish({ store, messenger }: Postman, homeIds: readonly string[]): Promise<void> {
  const { platform, redrawHome } = messenger;
  if (homeIds.length === 0 || !redrawHome) return;
  const failures: unknown[] = [];
  for (const to of await claimHomes(store, platform, homeIds)) {
    try {
      if (!(await redrawHome(to))) await lookAgainSoon(store, { platform, ...to });
    } catch (error) {
      // Others' homes do not wait for this one.
      if (error instanceof GoneForGood) await endHome(store, { platform, ...to });
      else {
        await giveBack(store, { platform, ...to });
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
}
