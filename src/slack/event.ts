/** Words said to us in a channel or in private. The inbox holds them already: Slack was acknowledged before. */
import { note, type Reply } from '../views/view.ts';
import { type Asked, ask, report } from './answer.ts';
import { privately } from './conversation.ts';
import type { Door } from './door.ts';
import type { Heard } from './heard.ts';
import { failure } from './log.ts';
import { say } from './messenger.ts';
import { placesUnder } from './ref.ts';
import { ANSWERED_PRIVATELY, TAKEN_PRIVATELY } from './text.ts';

/**
 * Answers in the private conversation, also when it was said in a channel: others there may not be allowed to see the
 * deal. Throws when the answer could not be posted.
 */
export async function onWords(door: Door, heard: Heard): Promise<void> {
  if (!heard.isMention) {
    const asked = await askWords(door, heard, heard.channel);
    return answer(door, asked, heard.channel, heard.thread);
  }
  if (!heard.who.ofWorkspace) {
    const { answer: refused } = await askWords(door, heard, heard.channel);
    return whisper(door, heard, refused.reply);
  }
  const channel = await privately(door, heard.who.user);
  const asked = await askWords(door, heard, channel);
  await answer(door, asked, channel);
  const pointer = asked.answer.changeIds.length > 0 ? TAKEN_PRIVATELY : ANSWERED_PRIVATELY;
  await whisper(door, heard, note(pointer)).catch((error: unknown) => {
    // The answer is there; only the pointer to it is missing.
    door.log.info({ failure: failure(error) }, 'slack: no pointer to a private answer');
  });
}

const askWords = (door: Door, heard: Heard, conversation: string): Promise<Asked> =>
  ask(door, { ...heard.who, conversation }, (from) =>
    door.desk.say({
      text: heard.text,
      from,
      key: heard.key,
      ...(heard.isMention ? { room: heard.channel } : {}),
      ...(heard.thread ? { under: placesUnder(door.workspace.team, heard.channel, heard.thread) } : {}),
    }),
  );

async function answer(door: Door, asked: Asked, channel: string, thread?: string): Promise<void> {
  const ref = await say(door, channel, door.draw.message(asked.answer.reply), thread);
  // What is said below it later is about this deal.
  await report(door, asked, thread ? { ...ref, thread } : ref);
}

/** Seen by the one who asked only, under what they said. */
async function whisper(door: Door, heard: Heard, reply: Reply): Promise<void> {
  const message = door.draw.message(reply);
  const { channel, thread } = heard;
  const place = { channel, user: heard.who.user, ...(thread ? { thread_ts: thread } : {}) };
  await door.web.chat.postEphemeral({ ...place, ...message, link_names: false, parse: 'none' });
}
