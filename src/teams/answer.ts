/** From a question to its answer in Teams, whatever happens on the way. */
import { type Answer, GoneForGood, type Ref, type Sender } from '../bot/intent.ts';
import { clean } from '../pipeline/text.ts';
import { problem, type Reply } from '../views/view.ts';
import type { Common } from './activity.ts';
import type { AdaptiveCard } from './card.ts';
import type { Address, CardPlace, Door } from './door.ts';
import { keepForm, type Over, underKey } from './forms.ts';
import { untilSaid } from './lost.ts';
import { messageRef } from './ref.ts';
import { ADD_ME, NOT_A_MEMBER, OTHER_TENANT, SORRY, UNREACHABLE } from './strings.ts';

/** `from` is absent when nobody of ours asked. */
export interface Asked {
  answer: Answer;
  from?: Sender;
}

/** What Teams is answered; `after` goes on once it was. */
export interface Response {
  status: number;
  body?: object;
  after?(): Promise<void>;
}

/** Finds out who asks, then asks the house. Never throws: whatever fails is an answer in kind words. */
export async function ask(
  door: Door,
  on: Common,
  act: (from: Sender) => Promise<Answer>,
  conversation?: string,
): Promise<Asked> {
  const from = await identify(door, on, conversation);
  if (typeof from === 'string') return refuse(from);
  try {
    return { answer: await act(from), from };
  } catch (err) {
    // The desk promises not to throw; the person still gets an answer when it does.
    door.log.error({ err }, 'teams: the desk failed');
    return refuse(SORRY);
  }
}

/** The person, or why we do not serve them. `conversation`: whose numbers they speak of, where that is not the place itself. */
export async function identify(
  door: Door,
  on: Common,
  conversation = on.at.conversation,
): Promise<Sender | string> {
  const { at, user, timeZone } = on;
  if (!door.tenants.has(at.tenant)) return OTHER_TENANT;
  if (!user) return NOT_A_MEMBER;
  await keepPlace(door, on);
  try {
    const profile = on.isRefresh
      ? door.profiles.known(at.tenant, user)
      : await door.profiles.find(at.tenant, user, on.isElsewhere ? undefined : at);
    if (!profile) return UNREACHABLE;
    if (!profile.member) return profile.refused === 'other tenant' ? OTHER_TENANT : NOT_A_MEMBER;
    const { member: _, ...known } = profile;
    const zone = timeZone ? { timeZone } : {};
    return { platform: 'teams', tenant: at.tenant, user, conversation, ...known, ...zone };
  } catch (err) {
    const isGone = err instanceof GoneForGood;
    door.log[isGone ? 'info' : 'warn']({ err }, 'teams: no profile');
    return isGone ? HOW_TO_ADD : UNREACHABLE;
  }
}

/** There is no place in which they could be looked up, and none to answer in. */
const HOW_TO_ADD = [ADD_ME.text, ...(ADD_ME.lines ?? [])].join(' ');

/** The way back to where it came from, as Teams tells it now. An invoke does not show that we are there. */
export async function keepPlace(door: Door, { at, isElsewhere, isInvoke }: Common): Promise<void> {
  if (isElsewhere) return;
  try {
    await (isInvoke ? door.references.refresh(at) : door.references.keep(at));
  } catch (err) {
    // The next activity tells it again.
    door.log.warn({ err }, 'teams: a conversation was not written down');
  }
}

/** Names one act: the same key twice is one act. Without what no database keeps, such as NUL. */
export const keyOf = (...parts: string[]): string => ['teams', ...parts.map(clean)].join(':');

/** An answer that came from the door itself. */
export const refuse = (text: string): Asked => answered(problem(text));

export const answered = (reply: Reply): Asked => ({ answer: { reply, changeIds: [], ok: false } });

/** The card of a reply; a form is remembered, so that it can come back. `key`: of the form that it repeats. */
export function drawn(
  door: Door,
  on: Common,
  reply: Reply,
  place: CardPlace,
  over?: Over,
  key?: string,
): AdaptiveCard {
  const fresh = door.draw.card(reply, place);
  const card = key ? underKey(fresh, key) : fresh;
  if (reply.kind === 'form') keepForm(door, on.teamsId, card, reply, over);
  return card;
}

/** A message of its own in that person's chat with us; its copy is reported. Throws what the connector throws. */
export async function post(
  door: Door,
  on: Common,
  asked: Asked,
  to: Address,
  thread?: string,
): Promise<void> {
  const { reply } = asked.answer;
  const message = door.draw.message(reply, { in: 'message' });
  const [card] = message.attachments ?? [];
  if (card && reply.kind === 'form') keepForm(door, on.teamsId, card.content, reply);
  const id = await door.connector.send(to, message);
  // What is said below it later is about this deal.
  await report(door, asked, messageRef(to, id, thread ? { thread } : {}));
}

/**
 * The same where nobody waits for it any more: what may pass is tried again for a while, whatever else fails is logged. What
 * was asked of AWS is told once it is settled, where this never arrived.
 */
export async function postLater(door: Door, on: Common, asked: Asked): Promise<void> {
  const { from } = asked;
  // Nobody of ours is told nothing in a chat of theirs, unless they wrote there.
  if (!from && on.at.scope !== 'personal') return;
  await followed(door, asked, async () => {
    if (on.at.scope === 'personal') return post(door, on, asked, on.at);
    if (from) await report(door, asked, await door.messenger.tell(from, asked.answer.reply));
  });
}

/** Says it until it is said. Never throws. */
export async function followed(door: Door, asked: Asked, say: () => Promise<unknown>): Promise<void> {
  const { answer } = asked;
  const came = await untilSaid(door, say);
  if (came !== 'lost' || answer.changeIds.length === 0) return;
  await door.desk.unanswered(answer).catch((err: unknown) => {
    door.log.warn({ err }, 'teams: who was not answered may not be told how it ends');
  });
}

/** Tells the house that its card was posted there. */
export async function report(door: Door, { answer, from }: Asked, ref: Ref): Promise<void> {
  if (!from || answer.reply.kind !== 'card' || !answer.reply.copyOf) return;
  try {
    await door.desk.posted(answer, from, ref);
  } catch (err) {
    // The person has the card already; only its later redraws are lost.
    door.log.warn({ err }, 'teams: a posted copy was not kept');
  }
}
