/** From a question to its answer where it was asked, whatever happens on the way. */
import type { Answer, Ref, Sender } from '../bot/intent.ts';
import { problem, type Reply } from '../views/view.ts';
import type { Door } from './door.ts';
import { failure } from './log.ts';
import type { Memory, Origin } from './modal.ts';
import { messageRef, responseRef, viewRef, whereOf } from './ref.ts';
import { NOT_A_MEMBER, OTHER_WORKSPACE, SORRY, UNREACHABLE } from './text.ts';
import type { Who } from './who.ts';

/** `from` is absent when nobody of ours asked. */
export interface Asked {
  answer: Answer;
  from?: Sender;
}

/** Finds out who asks, then asks the house. Never throws: whatever fails is an answer in kind words. */
export async function ask(door: Door, who: Who, act: (from: Sender) => Promise<Answer>): Promise<Asked> {
  const from = await identify(door, who);
  if (typeof from === 'string') return refuse(from);
  try {
    return { answer: await act(from), from };
  } catch (error) {
    // The desk promises not to throw; the person still gets an answer when it does.
    door.log.error({ failure: failure(error) }, 'slack: the desk failed');
    return refuse(SORRY);
  }
}

/** The person, or why we do not serve them. */
export async function identify(door: Door, who: Who): Promise<Sender | string> {
  if (!who.ofWorkspace) return OTHER_WORKSPACE;
  try {
    const profile = await door.profiles.find(who.user);
    if (!profile.member) return profile.refused === 'not a member' ? NOT_A_MEMBER : OTHER_WORKSPACE;
    const { member: _, ...known } = profile;
    const { user, conversation } = who;
    return { platform: 'slack', tenant: door.workspace.team, user, conversation, ...known };
  } catch (error) {
    // Slack's API does not answer, or does not know the user.
    door.log.warn({ failure: failure(error) }, 'slack: no profile');
    return UNREACHABLE;
  }
}

/** An answer that came from the door itself. */
export const refuse = (text: string): Asked => ({
  answer: { reply: problem(text), changeIds: [], ok: false },
});

/** Shows an answer where it was asked for, and tells the house where its copy stands. A lost URL becomes a message. */
export async function post(door: Door, asked: Asked, origin: Origin): Promise<void> {
  const { answer, from } = asked;
  const message = door.draw.message(answer.reply, from && { where: whereOf(from.conversation) });
  try {
    await door.respond(origin.url, message, origin.inPlace);
  } catch (error) {
    door.log.warn({ failure: failure(error) }, 'slack: no way back to where it was asked');
    if (from) await report(door, asked, await door.messenger.tell(from, answer.reply));
    return;
  }
  const stays = origin.inPlace && origin.ts && from;
  const ref = stays ? messageRef(from.tenant, from.conversation, origin.ts ?? '') : undefined;
  await report(door, asked, ref ?? responseRef(readerOf(door, asked), origin, answer.reply, 1));
}

/** Tells the house that its card was posted there. */
export async function report(door: Door, { answer, from }: Asked, ref: Ref): Promise<void> {
  if (!from || answer.reply.kind !== 'card' || !answer.reply.copyOf) return;
  try {
    await door.desk.posted(answer, from, ref);
  } catch (error) {
    // The person has the card already; only its later redraws are lost.
    door.log.warn({ failure: failure(error) }, 'slack: a posted copy was not kept');
  }
}

type Way = Pick<Memory, 'c' | 'o'>;

/** Opens a view while its trigger lives (3 s, once); undefined when Slack did not. */
export async function openView(
  door: Door,
  trigger: string,
  reply: Reply,
  way: Way,
): Promise<string | undefined> {
  const view = door.draw.modal(reply, way);
  try {
    const opened = await door.web.views.open({ trigger_id: trigger, view });
    return opened.view?.id;
  } catch (error) {
    // Usually the trigger's time was over; the caller has another way.
    door.log.info({ failure: failure(error) }, 'slack: a view was not opened');
    return undefined;
  }
}

/** Shows an answer in an open view. */
export async function showIn(door: Door, viewId: string, asked: Asked, way: Way): Promise<void> {
  const view = door.draw.modal(asked.answer.reply, way);
  try {
    await door.web.views.update({ view_id: viewId, view });
  } catch (error) {
    // Closed by the person meanwhile: what was asked is done all the same.
    door.log.info({ failure: failure(error) }, 'slack: a view was not updated');
    return;
  }
  await report(door, asked, viewRef(readerOf(door, asked), viewId, asked.answer.reply));
}

const readerOf = ({ workspace }: Door, { from }: Asked) => ({
  ...{ team: workspace.team, user: from?.user ?? '', conversation: from?.conversation ?? '' },
});
