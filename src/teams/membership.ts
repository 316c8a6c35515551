/** We were added or removed; somebody came or went. It is written down before Teams is answered: else Teams tells it again. */
import type { RoomAt } from '../bot/intent.ts';
import type { Of } from './activity.ts';
import { keyOf, type Response } from './answer.ts';
import type { Door } from './door.ts';
import type { Inbox } from './inbox.ts';
import { untilSaid } from './lost.ts';
import { whole } from './ref.ts';
import { INTRODUCTION, WELCOME } from './strings.ts';
import { taken } from './wire.ts';

/** Also heard of as a new member: greeted once. @throws when the database does not answer. */
export async function onInstalled(
  door: Door,
  on: Of<'installed' | 'members'>,
  inbox: Inbox,
): Promise<Response> {
  await moveIn(door, on);
  return { ...taken(), after: () => greet(door, on, inbox) };
}

/** A team that has us again has us in all its channels, and Teams tells so in one of them: what stands there is looked at anew. */
async function moveIn({ references, desk }: Door, { at, team }: Of<'installed' | 'members'>): Promise<void> {
  const { tenant, serviceUrl } = at;
  if (team) await references.revive({ tenant, team, serviceUrl });
  await references.keep(at);
  const channels = team ? await references.ofTeam(tenant, team) : [];
  // Of all, not of those that were over: where this fails halfway, by the next time none is.
  for (const { conversation } of channels) await desk.joined('teams', { tenant, conversation });
}

/**
 * At most once, also where Teams tells it again: rather nothing than twice. Where many add us at the same time it waits for
 * its turn first, and what Teams most likely did not take is said again.
 */
async function greet(door: Door, { at }: Of<'installed' | 'members'>, inbox: Inbox): Promise<void> {
  const key = keyOf(at.tenant, at.conversation, 'welcome');
  const greeting = at.scope === 'personal' ? WELCOME : INTRODUCTION;
  let isOurs = false;
  await untilSaid(door, async () => {
    await door.messenger.turn?.(at);
    if (!isOurs && (await inbox.receive(key, { greeted: at.scope })) === 'known') return;
    isOurs = true;
    await inbox.handled?.(key);
    await door.connector.send(at, door.draw.message(greeting, { in: 'message' }));
  });
}

/** Nothing is sent there any more. @throws when the database does not answer. */
export async function onRemoved(door: Door, { at, conversation, team }: Of<'removed'>): Promise<Response> {
  await door.references.end({
    ...{ tenant: at.tenant, conversation: whole(conversation ?? at.conversation) },
    ...(team ? { team } : {}),
  });
  return taken();
}

/** Whoever comes reads along from then on: the cards there are looked at anew. @throws when the database does not answer. */
export async function onMembers(door: Door, on: Of<'members'>, inbox: Inbox): Promise<Response> {
  const { at, added, removed, bot } = on;
  const isBot = ({ id }: { id: string }) => id === bot;
  if (removed.some(isBot)) return onRemoved(door, { ...on, kind: 'removed' });
  for (const { user } of [...added, ...removed]) if (user) door.profiles.forget(at.tenant, user);
  const isRoom = at.scope !== 'personal';
  const here = { tenant: at.tenant, conversation: at.conversation };
  // Before anything else can fail: nobody is shown a card by a roster of before.
  if (isRoom) await door.messenger.forgetReaders(here);
  await (added.some(isBot) ? moveIn(door, on) : door.references.keep(at));
  const hasCome = added.some((it) => !isBot(it));
  if (isRoom) await lookAnew(door, on, here, hasCome);
  return added.some(isBot) ? { ...taken(), after: () => greet(door, on, inbox) } : taken();
}

/** Where they read along, or do not any more. */
async function lookAnew(door: Door, { team }: Of<'members'>, here: RoomAt, hasCome: boolean): Promise<void> {
  const { tenant } = here;
  const all = team ? await door.references.ofTeam(tenant, team) : [];
  const others = all.filter((it) => it.conversation !== here.conversation);
  const rooms = [here, ...others.map(({ conversation }) => ({ tenant, conversation }))];
  for (const room of rooms.slice(1)) await door.messenger.forgetReaders(room);
  if (hasCome) for (const room of rooms) await door.desk.joined('teams', room);
}
