/** A pressed button: acknowledged once the house has answered, or when its time is over. */
import type { BlockAction } from '@slack/bolt';
import { commitUntil, inTime } from '../bot/in-time.ts';
import type { Reply } from '../views/view.ts';
import { note } from '../views/view.ts';
import { type Asked, ask, openView, post, refuse, showIn } from './answer.ts';
import { isLink } from './blocks.ts';
import type { Place, Press } from './button.ts';
import type { Door } from './door.ts';
import { afterPress, answerOver } from './home.ts';
import { fromPress, type Pressed } from './inbound.ts';
import { messageRef } from './ref.ts';
import { LOADING, OLD_BUTTON, TOO_LATE } from './text.ts';

export async function onPress(door: Door, body: BlockAction, ack: () => Promise<void>): Promise<void> {
  if (isLink(body.actions[0]?.action_id)) return ack();
  const arrived = door.now();
  const read = fromPress(body, door.workspace, arrived);
  await answerPress(door, read, arrived, ack);
  if (read.stays === 'home') await afterPress(door, read.who);
}

async function answerPress(
  door: Door,
  read: Pressed,
  arrived: Date,
  ack: () => Promise<void>,
): Promise<void> {
  const pressed = isAmongOthers(read) ? apart(read) : read;
  const { press, who } = pressed;
  if (!press) {
    await ack();
    return show(door, pressed, refuse(OLD_BUTTON), 'note');
  }
  const asking = ask(door, who, (from) =>
    door.desk.handle(
      { verb: press.v, input: press.i, from, key: press.key, ...cardOf(door, read) },
      commitUntil(door, arrived),
    ),
  );
  if (press.f) {
    await ack();
    return openForm(door, pressed, press, arrived, asking);
  }
  const asked = await inTime(door, arrived, asking);
  await ack();
  if (!asked) await show(door, pressed, refuse(TOO_LATE), press.o);
  return show(door, pressed, asked ?? (await asking), press.o);
}

/** Others read what was pressed, whatever its button says: it stands in a channel, and is not shown to one person alone. */
const isAmongOthers = ({ press, origin, who }: Pressed): boolean =>
  press?.o === 'room' || (origin?.ts !== undefined && !who.conversation.startsWith('D'));

/** The answer stands beside it, for the presser alone. */
function apart({ origin, press, ...rest }: Pressed): Pressed {
  const pressed = { ...rest, ...(press ? { press: { ...press, o: 'room' as const } } : {}) };
  if (!origin) return pressed;
  const { ts: _, ...way } = origin;
  return { ...pressed, origin: { ...way, inPlace: false } };
}

/** Which post that was, and where it stands: Slack says so, and signed it. */
function cardOf({ workspace }: Door, { press, who, origin }: Pressed) {
  if (press?.o !== 'room' || !press.r || !origin?.ts) return {};
  const ref = { ...messageRef(workspace.team, who.conversation, origin.ts), post: press.r };
  return {
    pressed: { post: press.r, at: { tenant: workspace.team, conversation: who.conversation }, ref },
  };
}

/** A view opens at once, since its trigger dies; the form, or what there is to say instead, follows into it. */
async function openForm(
  door: Door,
  pressed: Pressed,
  press: Press,
  arrived: Date,
  asking: Promise<Asked>,
): Promise<void> {
  const way = wayOf(pressed);
  const viewId = pressed.view?.id ?? (await openView(door, pressed.trigger, note(LOADING), way));
  if (!viewId) return show(door, pressed, await asking, press.o);
  const asked = await inTime(door, arrived, asking);
  if (!asked) await showIn(door, viewId, refuse(TOO_LATE), way);
  return showIn(door, viewId, asked ?? (await asking), way);
}

/** Where the button was: in its view, in place of its message, or below it. */
async function show(door: Door, pressed: Pressed, asked: Asked, place: Place): Promise<void> {
  const { reply } = asked.answer;
  if (pressed.view) return showIn(door, pressed.view.id, asked, wayOf(pressed));
  if (pressed.stays === 'home' || (pressed.stays && !pressed.origin)) return answerOver(door, pressed, asked);
  if (reply.kind === 'form' && (await openView(door, pressed.trigger, reply, wayOf(pressed)))) return;
  if (pressed.origin)
    await post(door, asked, { ...pressed.origin, inPlace: !pressed.stays && takesPlace(place, reply) });
}

const wayOf = ({ who, view, origin }: Pressed) =>
  view?.memory ?? { c: who.conversation, ...(origin ? { o: origin } : {}) };

/** A card follows itself, a list its next page; a problem never covers what it is about. */
function takesPlace(place: Place, reply: Reply): boolean {
  if (reply.kind === 'note') return place === 'note' && reply.tone !== 'problem' && !reply.apart;
  if (reply.kind === 'card') return place !== 'list' && place !== 'room' && place !== 'lasting';
  return place === reply.kind;
}
