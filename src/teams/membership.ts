/** We were added or removed; somebody came or went. */
import type { RoomAt } from '../bot/intent.ts';
import type { Of } from './activity.ts';
import { keepPlace, keyOf, unlessLost } from './answer.ts';
import type { Door } from './door.ts';
import type { Inbox } from './inbox.ts';
import { whole } from './ref.ts';
import { INTRODUCTION, WELCOME } from './strings.ts';

/** Also heard of as a new member: greeted once. */
export async function onInstalled(door: Door, on: Of<'installed' | 'members'>, inbox: Inbox): Promise<void> {
  await keepPlace(door, on);
  const key = keyOf(on.at.tenant, on.at.conversation, 'welcome');
  // At most once, also where Teams tells it again: rather nothing than twice.
  if ((await inbox.receive(key, { greeted: on.at.scope })) === 'known') return;
  await inbox.handled?.(key);
  const greeting = on.at.scope === 'personal' ? WELCOME : INTRODUCTION;
  await unlessLost(door, async () => {
    await door.connector.send(on.at, door.draw.message(greeting, { in: 'message' }));
  });
}

/** Nothing is sent there any more. @throws when the database does not answer. */
export async function onRemoved(door: Door, { at, conversation, team }: Of<'removed'>): Promise<void> {
  await door.references.end({
    ...{ tenant: at.tenant, conversation: whole(conversation ?? at.conversation) },
    ...(team ? { team } : {}),
  });
}

/** Whoever comes reads along from then on: the cards there are looked at anew. @throws when the database does not answer. */
export async function onMembers(door: Door, on: Of<'members'>, inbox: Inbox): Promise<void> {
  const { at, added, removed, bot } = on;
  const isBot = ({ id }: { id: string }) => id === bot;
  if (removed.some(isBot)) return onRemoved(door, { ...on, kind: 'removed' });
  for (const { user } of [...added, ...removed]) if (user) door.profiles.forget(at.tenant, user);
  if (added.some(isBot)) await onInstalled(door, on, inbox);
  else await keepPlace(door, on);
  if (at.scope === 'personal') return;
  const rooms = await roomsOf(door, on);
  for (const room of rooms) door.messenger.forgetReaders(room);
  if (!added.some((it) => !isBot(it))) return;
  for (const room of rooms) await door.desk.joined('teams', room);
}

/** Where they read along, or do not any more. */
async function roomsOf(door: Door, { at: { tenant, conversation }, team }: Of<'members'>): Promise<RoomAt[]> {
  const all = team ? await door.references.ofTeam(tenant, team) : [];
  const rooms = new Set([conversation, ...all.map((it) => it.conversation)]);
  return [...rooms].map((it) => ({ tenant, conversation: it }));
}
