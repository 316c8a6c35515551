/** Words said to us: answered in the chat with whoever said them. The inbox holds them already. */
import { createHash } from 'node:crypto';
import { GoneForGood } from '../bot/intent.ts';
import { type Note, problem } from '../views/view.ts';
import type { Of } from './activity.ts';
import { type Asked, answered, ask, identify, keyOf, post } from './answer.ts';
import type { Address, Door } from './door.ts';
import type { Said } from './inbox.ts';
import { reaches, unlessLost } from './lost.ts';
import { personalWith } from './personal.ts';
import { inThread, placesUnder } from './ref.ts';
import { ADD_ME, ANSWERED_PRIVATELY, HEARD_AGAIN, NO_WAY, TAKEN_PRIVATELY } from './strings.ts';

type Words = Of<'words'>;

/** Teams sends the same words again under the same id. */
export const keyOfMessage = ({ at, id }: Pick<Words, 'at' | 'id'>): string =>
  keyOf(at.tenant, at.conversation, id);

/** What tells the same words by the same person in the same place, whatever their id: their text stays out of it. */
export const digestsOf = ({ at, id, user, teamsId, thread, text }: Words): Said => ({
  speaker: digest(at.tenant, at.conversation, user ?? teamsId),
  words: digest(thread && thread !== id ? thread : '', text),
});

const digest = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/** @throws when the answer could not be posted, in a way that may pass. @param received 'again': it is not done. */
export async function onWords(door: Door, on: Words, received: 'new' | 'again' = 'new'): Promise<void> {
  const answer = received === 'again' ? heardAgain : askWords;
  if (on.at.scope === 'personal') {
    await reached(door, on, on.at, answer);
    return;
  }
  const from = await identify(door, on);
  if (typeof from === 'string') return pointTo(door, on, problem(from));
  const own = await personal(door, on);
  if (!own) return pointTo(door, on, ADD_ME);
  const asked = await reached(door, on, own, answer);
  if (!asked) return pointTo(door, on, NO_WAY);
  return pointTo(door, on, asked.answer.changeIds.length > 0 ? TAKEN_PRIVATELY : ANSWERED_PRIVATELY);
}

/** Asked, and answered there; undefined where they have removed or blocked us. */
async function reached(
  door: Door,
  on: Words,
  to: Address,
  answer: typeof askWords,
): Promise<Asked | undefined> {
  const asked = await answer(door, on, to);
  const thread = on.at.scope === 'personal' ? on.thread : undefined;
  return (await reaches(door, to, () => post(door, on, asked, to, thread))) ? asked : undefined;
}

const askWords = (door: Door, on: Words, { conversation }: Address): Promise<Asked> =>
  ask(
    door,
    on,
    (from) =>
      door.desk.say({
        ...{ text: on.text, from, key: keyOfMessage(on) },
        ...(on.at.scope === 'personal' ? {} : { room: on.at.conversation }),
        ...(on.thread ? { under: placesUnder(on.at.tenant, on.at.conversation, on.thread) } : {}),
      }),
    conversation,
  );

const heardAgain = async (): Promise<Asked> => answered(HEARD_AGAIN);

/** Their chat with us; undefined where there is none and none can be opened. */
async function personal(door: Door, { at, user = '' }: Words): Promise<Address | undefined> {
  try {
    return await personalWith(door, { tenant: at.tenant, user });
  } catch (error) {
    if (error instanceof GoneForGood) return undefined;
    throw error;
  }
}

/** Under what they said, where others read along: never what was asked, or what came of it. Only a kindness: it may fail. */
async function pointTo(door: Door, on: Words, reply: Note): Promise<void> {
  const text = [reply.text, ...(reply.lines ?? [])].join('\n');
  const summary = reply.text;
  const at =
    on.at.scope === 'channel'
      ? { ...on.at, conversation: inThread(on.at.conversation, on.thread ?? on.id) }
      : on.at;
  await unlessLost(door, async () => {
    await door.connector.send(at, { type: 'message', text, textFormat: 'plain', summary });
  });
}
